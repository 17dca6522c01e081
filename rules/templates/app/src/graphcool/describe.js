import { getOperationAST } from 'graphql';
import { rootFields } from './engine.js';

/** What the log says of an operation: its name and the fields it asks for, never an argument. */
export function describe({ document, operationName }) {
  const operation = getOperationAST(document, operationName);
  if (!operation) return {};
  const names = rootFields(document, operation).map(({ name }) => name);
  return { operation: operation.name?.value, fields: [...new Set(names)].slice(0, 20) };
}

/** The codes of an answer's errors; 0 stands for an error without code. undefined if there are none. */
export function codes({ error, code, errors }) {
  if (error !== undefined) return [code ?? 0];
  return errors?.length ? [...new Set(errors.map((each) => each.code ?? 0))] : undefined;
}
