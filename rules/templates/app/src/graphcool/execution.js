// How root fields are answered, whichever API they belong to: graphql-js walks over what they answer: objects whose
// keys are the client's response keys, with errors in the places where there is no value.
//
//   field.resolve = resolver(work)                 work(context, args, request, fieldNodes, info) → the answer
//   Object.assign(field, subscriber(work))         work(context, args, request, fieldNodes, info) → async iterator of {request, read()}
//   new Context({ model, permissions, db, caller, requestId })     the context value of one request
//   finish(result, context)                        what graphql-js answered, with all errors: {data, errors}
import { isInterfaceType, isNonNullType, isObjectType, responsePathAsArray } from 'graphql';
import { DatabaseError } from './db/errors.js';
import { FieldErrors, InternalError } from './errors.js';
import { settle } from './reading/nulls.js';
import { madeBy } from './reading/selection.js';

/** What one request needs: who asks, and the way to the database. */
export class Context {
  constructor({ model, permissions, db, caller, requestId }) {
    Object.assign(this, { model, permissions, db, caller, requestId });
    /** Where a field is in the answer → errors inside of what it answered. */
    this.fieldErrors = new Map();
  }

  /** One question, and those that its selection brings along, in one request to the database. */
  async ask(question, request) {
    const [{ value, error }] = await this.askAll([question], request);
    if (error) throw error;
    return value;
  }

  async askAll(questions, request) {
    const extras = request?.extras ?? [];
    const answers = await this.db.run([...questions, ...extras]);
    extras.forEach((extra, n) => {
      const { value, error } = answers[questions.length + n];
      if (error) throw error;
      extra.answer = value;
    });
    return answers.slice(0, questions.length);
  }

  async exists(type, id) {
    const select = { [type.id.to]: { field: type.id.to } };
    return (await this.ask({ op: 'one', model: type.to, by: { [type.id.to]: id }, select })) !== null;
  }

  subscribe(question) {
    return this.db.subscribe(question);
  }
}

const rootsOf = (schema) =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(Boolean);

/** Below the roots, resolve(source, args, context, info) says where a value stands: usually under its response key. */
export function resolveObjects(schema, resolve) {
  const roots = new Set(rootsOf(schema));
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInterfaceType(type)) type.resolveType = (value) => value[madeBy].typeName;
    if (!isObjectType(type) || roots.has(type)) continue;
    for (const field of Object.values(type.getFields())) field.resolve = resolve;
  }
}

export const byKey = (source, _args, _context, info) => source[info.path.key];

/** A root field that nobody answers would be null without a word. */
export function closeUnanswered(schema) {
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(type?.getFields() ?? {}))
      field.resolve ??= () => {
        throw new InternalError(`nothing answers ${field.name}`);
      };
}

const requestOf = ({ model }, { schema, fragments, variableValues }) => ({
  schema,
  model,
  fragments,
  variables: variableValues,
  reads: [],
  extras: [],
});

export const resolver = (work) => async (_source, args, context, info) => {
  const request = requestOf(context, info);
  try {
    const answer = await work(context, args, request, info.fieldNodes, info);
    await context.permissions.checkReads(context.caller, request.reads);
    return request.flawed ? settled(context, answer, info) : answer;
  } catch (error) {
    throw error instanceof DatabaseError ? new InternalError(error.message, { cause: error }) : error;
  }
};

/** Asked by HTTP, a subscription answers null, as it did. */
export const subscriber = (work) => ({
  subscribe: (_source, args, context, info) => work(context, args, requestOf(context, info), info.fieldNodes, info),
  resolve: async (event, _args, context, info) => {
    if (!event) return null;
    context.fieldErrors.clear();
    if (event.request.extras.length) await context.askAll([], event.request);
    const answer = event.read();
    await context.permissions.checkReads(context.caller, event.request.reads);
    return event.request.flawed ? settled(context, answer, info) : answer;
  },
});

/** The answer with its errors taken out. */
function settled(context, answer, info) {
  const path = responsePathAsArray(info.path);
  const { value, errors } = settle(answer, info.returnType, info.fieldNodes, path);
  if (value === null && isNonNullType(info.returnType)) throw new FieldErrors(errors);
  if (errors.length) context.fieldErrors.set(path.join('.'), errors);
  return value;
}

/**
 * What graphql-js made of a request, with the errors that were taken out of the answers, in the order of the root
 * fields.
 */
export function finish({ data = null, errors = [] }, { fieldErrors }) {
  const all = errors.flatMap((error) =>
    error.originalError instanceof FieldErrors ? error.originalError.errors : [error],
  );
  for (const inner of fieldErrors.values()) all.push(...inner);
  if (!all.length) return { data };
  const roots = [...new Set([...Object.keys(data ?? {}), ...all.map(({ path }) => path?.[0])])];
  all.sort((a, b) => roots.indexOf(a.path?.[0]) - roots.indexOf(b.path?.[0]));
  return { data: all.some(({ originalError }) => originalError?.wholeRequest) ? null : data, errors: all };
}
