/** An error that the client is told: message and code as Graphcool gave them. */
export class GraphcoolError extends Error {
  constructor(message, code, { functionError } = {}) {
    super(message);
    this.name = 'GraphcoolError';
    this.code = code;
    this.functionError = functionError;
  }
}
