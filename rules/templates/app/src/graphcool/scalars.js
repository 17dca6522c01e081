// The scalars of Graphcool that GraphQL does not have, and where its own are stricter (specification §6.6).
import { GraphQLError, Kind } from 'graphql';
import { readDateTime } from './date_time.js';
import { parseJson, significant } from './json.js';

/** A Json argument. It is no bare value, since JSON's null is not GraphQL's. */
export class JsonValue {
  constructor(value) {
    this.value = value;
  }
}

const refuse = (message) => {
  throw new GraphQLError(message);
};

/** YYYY-MM-DDTHH:mm:ss.SSSZ, years beyond four digits without JavaScript's sign and zeros. */
const printDateTime = (ms) =>
  new Date(ms).toISOString().replace(/^([+-])0*(?=\d{4,}-)/, (_, sign) => (sign === '-' ? '-' : ''));

function toDateTime(text) {
  const ms = typeof text === 'string' ? readDateTime(text) : null;
  return ms === null ? refuse('Date value expected') : printDateTime(ms);
}

/** Text in a variable counts as JSON where it is JSON. */
function fromVariable(value) {
  if (typeof value !== 'string') return new JsonValue(value);
  try {
    return new JsonValue(parseJson(value));
  } catch {
    return new JsonValue(value);
  }
}

function fromLiteral(node) {
  if (node.kind !== Kind.STRING) return refuse('Not valid JSON');
  try {
    return new JsonValue(parseJson(node.value));
  } catch {
    return refuse('Not valid JSON');
  }
}

const asIs = (value) => value;

/** Gives the scalars of a schema their rules. */
export function defineScalars(schema) {
  const define = (name, rules) => {
    const type = schema.getType(name);
    if (type) Object.assign(type, rules);
  };
  define('DateTime', {
    serialize: asIs,
    parseValue: toDateTime,
    parseLiteral: (node) => (node.kind === Kind.STRING ? toDateTime(node.value) : refuse('Date value expected')),
  });
  define('Json', { serialize: asIs, parseValue: fromVariable, parseLiteral: fromLiteral });
}

/** Validation rule: a Float literal has no more digits than a double. */
export function FloatLiterals(context) {
  const check = (node) => {
    const type = context.getInputType();
    if (String(type).replace(/[[\]!]/g, '') !== 'Float') return;
    if (significant(node.value) !== significant(String(Number(node.value))))
      context.reportError(new GraphQLError('Float or Int value is too big to fit in double', { nodes: node }));
  };
  return { IntValue: check, FloatValue: check };
}
