// The Simple API: a GraphQL schema whose root fields are answered by the database. graphql-js walks over what they answer: objects
// whose keys are the client's response keys, with errors in the places where there is no value.
//
//   const api = createApi({ schema: text, model: model.json, permissions: rules, db })
//   api.schema                                GraphQLSchema; Subscription's fields are async iterators
//   api.context({ caller, requestId })        the context value of one request
//   finish(result, context)                   what graphql-js answered, with all errors: {data, errors}
import { buildSchema, isInterfaceType, isNonNullType, isObjectType } from 'graphql';
import { DatabaseError } from './db/errors.js';
import { subscribeTo } from './changes.js';
import { FieldErrors, InternalError } from './errors.js';
import { resolverFunction } from './functions.js';
import { Model } from './model.js';
import { Permissions } from './permissions.js';
import { readAll, readMeta, readNode, readOne, readUser } from './reading/queries.js';
import { settle } from './reading/nulls.js';
import { madeBy } from './reading/selection.js';
import { defineScalars } from './scalars.js';
import { linkNodes, unlinkNodes } from './writing/edges.js';
import { createNode, deleteNode, updateNode, updateOrCreateNode } from './writing/nodes.js';

export function createApi({ schema: text, model: json, permissions: rules, db }) {
  const schema = buildSchema(text);
  const model = new Model(json);
  const permissions = new Permissions(rules, model);
  defineScalars(schema);
  resolveObjects(schema);
  resolveRoots(schema, model);
  return { schema, model, context: ({ caller, requestId }) => new Context({ model, permissions, db, caller, requestId }) };
}

/** What one request needs: who asks, and the way to the database. */
class Context {
  constructor({ permissions, db, caller, requestId }) {
    Object.assign(this, { permissions, db, caller, requestId });
    /** Response key of a root field → errors inside of what it answered. */
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

/** Below the roots, a value stands under its response key. */
function resolveObjects(schema) {
  const byKey = (source, _args, _context, info) => source[info.path.key];
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInterfaceType(type)) type.resolveType = (value) => value[madeBy].type.name;
    if (!isObjectType(type) || roots.has(type)) continue;
    for (const field of Object.values(type.getFields())) field.resolve = byKey;
  }
}

function resolveRoots(schema, model) {
  const query = schema.getQueryType()?.getFields() ?? {};
  const mutation = schema.getMutationType()?.getFields() ?? {};
  const subscription = schema.getSubscriptionType()?.getFields() ?? {};
  const set = (fields, name, work) => {
    if (fields[name]) fields[name].resolve = resolver(schema, work);
  };
  for (const type of model.types.values()) {
    const { name } = type;
    set(query, type.all, readAll(type));
    set(query, type.meta, readMeta(type));
    if (query[name]) set(query, name, readOne(type, query[name].args.map((argument) => argument.name)));
    if (name === 'User') set(query, 'user', readUser(type));
    set(mutation, `create${name}`, createNode(model, type));
    set(mutation, `update${name}`, updateNode(model, type));
    set(mutation, `updateOrCreate${name}`, updateOrCreateNode(model, type));
    set(mutation, `delete${name}`, deleteNode(model, type));
    if (subscription[name]) subscribable(schema, subscription[name], subscribeTo(type));
  }
  set(query, 'node', readNode(model));
  for (const relation of model.relations.values()) {
    if (mutation[relation.link]) set(mutation, relation.link, linkNodes(model, relation, mutation[relation.link]));
    if (mutation[relation.unlink]) set(mutation, relation.unlink, unlinkNodes(model, relation, mutation[relation.unlink]));
  }
  for (const one of model.functions) if (one.type === 'resolver') set(one.operation === 'query' ? query : mutation, one.field, resolverFunction(one.name));
  closeUnanswered({ query, mutation });
}

/** A root field that nobody answers would be null without a word. */
function closeUnanswered(roots) {
  for (const fields of Object.values(roots))
    for (const field of Object.values(fields))
      field.resolve ??= () => {
        throw new InternalError(`nothing answers ${field.name}`);
      };
}

const requestOf = (schema, info) => ({ schema, fragments: info.fragments, variables: info.variableValues, reads: [], extras: [] });

const resolver = (schema, work) => async (_source, args, context, info) => {
  const request = requestOf(schema, info);
  try {
    const answer = await work(context, args, request, info.fieldNodes);
    await context.permissions.checkReads(context.caller, request.reads);
    return request.flawed ? settled(context, answer, info) : answer;
  } catch (error) {
    throw error instanceof DatabaseError ? new InternalError(error.message, { cause: error }) : error;
  }
};

/** The answer with its errors taken out. */
function settled(context, answer, info) {
  const { value, errors } = settle(answer, info.returnType, info.fieldNodes, [info.path.key]);
  if (value === null && isNonNullType(info.returnType)) throw new FieldErrors(errors);
  if (errors.length) context.fieldErrors.set(info.path.key, errors);
  return value;
}

/** What graphql-js made of a request, with the errors that were taken out of the answers, in the order of the root fields. */
export function finish({ data = null, errors = [] }, { fieldErrors }) {
  const all = errors.flatMap((error) => (error.originalError instanceof FieldErrors ? error.originalError.errors : [error]));
  for (const inner of fieldErrors.values()) all.push(...inner);
  if (!all.length) return { data };
  const roots = [...new Set([...Object.keys(data ?? {}), ...all.map(({ path }) => path?.[0])])];
  all.sort((a, b) => roots.indexOf(a.path?.[0]) - roots.indexOf(b.path?.[0]));
  return { data: all.some(({ originalError }) => originalError?.wholeRequest) ? null : data, errors: all };
}

/** Asked by HTTP, a subscription answers null, as it did. */
function subscribable(schema, field, work) {
  field.subscribe = (_source, args, context, info) => work(context, args, requestOf(schema, info), info.fieldNodes);
  field.resolve = async (event, _args, context, info) => {
    if (!event) return null;
    context.fieldErrors.clear();
    if (event.request.extras.length) await context.askAll([], event.request);
    const answer = event.read();
    await context.permissions.checkReads(context.caller, event.request.reads);
    return event.request.flawed ? settled(context, answer, info) : answer;
  };
}
