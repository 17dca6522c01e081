// Errors as Graphcool told them. Clients branch on `code`; an error without one is a bug or a broken connection.
export class GraphcoolError extends Error {
  /** Set where nothing of the request is answered. */
  wholeRequest = false;

  /** functionError: what a function answered. */
  constructor(code, message, { functionError } = {}) {
    super(message);
    this.name = 'GraphcoolError';
    this.code = code;
    this.functionError = functionError;
  }
}

/** What the server did not expect: told without details. */
export class InternalError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'InternalError';
  }
}

/** A required node that is not there: the rest of the path to it, and where the client asked for it. */
export class MissingNode extends Error {
  constructor(rest, nodes) {
    super('Cannot return null for non-nullable type');
    Object.assign(this, { rest, nodes });
  }
}

/** A root field that must not be null and is: why, with a place for each. */
export class FieldErrors extends Error {
  constructor(errors) {
    super('errors inside of a field');
    this.errors = errors;
  }
}

export const errors = {
  noArgument: (names) =>
    new GraphcoolError(3000, `None of the following arguments provided: List(${names.join(', ')})`),
  noNode: (type, id) => new GraphcoolError(3002, `'${type}' has no item with id '${id}'`),
  tooLong: (field) => new GraphcoolError(3007, `Value for field ${field} is too long.`),
  unreadable: () => new GraphcoolError(3008, 'Insufficient Permissions'),
  unwritable: () => new GraphcoolError(3008, 'Insufficient permissions for this mutation'),
  noConnect: () => new GraphcoolError(3008, 'No CONNECT permissions'),
  noDisconnect: () => new GraphcoolError(3008, 'No DISCONNECT permissions'),
  notUnique: (type, details) =>
    new GraphcoolError(3010, `A unique constraint would be violated on ${type}. Details: ${details}`),
  noReference: (id) =>
    new GraphcoolError(
      3011,
      `You are referencing a node that does not exist. Please check your mutation to make sure you are only creating edges between existing nodes. Id if available: ${id}`,
    ),
  notFound: (id) => new GraphcoolError(3013, `Node with id ${id} not found`),
  firstAndLast: () =>
    new GraphcoolError(
      3014,
      'Including a value for both first and last is not supported. See the spec for a discussion of why https://facebook.github.io/relay/graphql/connections.htm#sec-Pagination-algorithm',
    ),
  tooMany: (count) =>
    new GraphcoolError(2041, `You requested ${count} nodes. We will only return up to 1000 nodes per query.`),
  negative: (argument) =>
    new GraphcoolError(
      { first: 3026, last: 3027, skip: 3028 }[argument],
      `The '${argument}' argument must be non negative`,
    ),
  readOnly: ({ owner, name, type, required, list, unique }) =>
    new GraphcoolError(
      3019,
      `The field Field(${owner.name}_${name},${name},${type},None,${required},${list},${unique},false,false,None,None,None,None,List()) is read only.`,
    ),
  requiredNull: () =>
    new GraphcoolError(
      3020,
      'You are trying to set a required field to null. If you are using GraphQL arguments, make sure that you specify a value for all arguments. Fieldname if known: ',
    ),
  requiredRelation: (field, type) =>
    new GraphcoolError(
      3032,
      `The field '${field}' on type '${type}' is required. Performing this mutation would violate the constraint`,
    ),
  manyByNull: (field) =>
    new GraphcoolError(3033, `The field '${field}' is a toMany relation. This cannot be filtered by null.`),
  invalidValue: (value, field, type) =>
    new GraphcoolError(3036, `The input value ${value} was not valid for field ${field} of type ${type}.`),
  invalidJson: (field, text) =>
    new GraphcoolError(3037, `The value in the field '${field}' is not a valid Json: '${text}'`),
  functionMissing: (name, kind) =>
    new GraphcoolError(5000, `The function '${name}' (${kind}) is not part of this server yet; nothing was done.`, {
      functionError: `The function '${name}' is not part of this server yet.`,
    }),
  refused: (what, decision) =>
    new GraphcoolError(3000, `'${what}' was not carried over by the migration (${decision}): see MIGRATION.md`),
};
