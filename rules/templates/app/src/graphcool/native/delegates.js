// Root fields that pass what they are asked on to the database, one question each. The resolvers of src/resolvers are
// made of them:
//
//   Query: { post: one('Post'), posts: many('Post'), postsConnection: connection('Post'), node: node(), user: caller('User') }
//   Mutation: { createPost: create('Post'), updatePost: update('Post'), upsertPost: upsert('Post'), deletePost: remove('Post') }
//   Subscription: { post: changes('Post') }
//
// All but the last are resolvers as graphql-js knows them, (source, args, context, info), and may be called by others:
// with a context that holds another `caller`, or with other arguments. What they are asked is checked all the same.
import { getNamedType } from 'graphql';
import { Events } from '../changes.js';
import { DatabaseError } from '../db/errors.js';
import { GraphcoolError, InternalError } from '../errors.js';
import { resolver, subscriber } from '../execution.js';
import { isOpen, paging } from '../reading/paging.js';
import { checkEffects, effectsOf } from './effects.js';
import { Selection } from './selection.js';

/** missing('signup'): a function of the old project that is not written here yet. */
export { resolverFunction as missing } from '../functions.js';

/**
 * work({ context, args, request, type, selection }) → the answer. The field's own type is a model's, or leads to one.
 */
const delegate = (name, work) =>
  resolver((context, args, request, nodes, info) => told(work(asked(name, context, args, request, nodes, info))));

function asked(name, context, args, request, nodes, info) {
  const type = context.model.byTarget.get(name);
  const selection = new Selection(request, getNamedType(info.returnType), nodes, type);
  if (selection.type !== type)
    throw new InternalError(
      `${info.parentType}.${info.fieldName} answers ${selection.typeName}, and is asked of ${name}`,
    );
  return { context, args, request, type, selection };
}

/**
 * What the database refuses with a code is the client's to know; the values of nodes that it met on its way are not.
 */
async function told(answer) {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code === undefined) throw error;
    const message =
      error.kind === 'notConnected' ? `The relation ${error.relation} does not connect these nodes.` : error.message;
    throw new GraphcoolError(error.code, message);
  }
}

export const many = (name) =>
  delegate(name, async ({ context, args, request, type, selection }) => {
    const rows = await context.ask(
      { op: 'many', model: type.to, where: args.where, ...paging(args), select: selection.select },
      request,
    );
    return rows.map((row) => selection.read(row));
  });

const oneBy = async ({ context, request, type, selection }, by) =>
  selection.read(await context.ask({ op: 'one', model: type.to, by, select: selection.select }, request));

export const one = (name) => delegate(name, (asked) => oneBy(asked, asked.args.where));

/** The one that `where` names; without it, the node that asks. */
export const caller = (name) =>
  delegate(name, async (asked) => {
    if (asked.args.where) return oneBy(asked, asked.args.where);
    const { caller } = asked.context;
    return caller.kind === 'node' && caller.model === asked.type.name
      ? oneBy(asked, { [asked.type.id.to]: caller.id })
      : null;
  });

/** A page. Where the client leaves its size open, its rows are limited, and its `aggregate` counts all. */
export const connection = (name) =>
  delegate(name, async ({ context, args, request, type, selection }) => {
    const page = { op: 'connection', model: type.to, where: args.where, ...paging(args) };
    const parts = isOpen(args) ? split(page, selection.select) : [{ ...page, select: selection.select }];
    const answers = await context.askAll(parts, request);
    for (const { error } of answers) if (error) throw error;
    return selection.read(Object.assign({}, ...answers.map(({ value }) => value)));
  });

function split(page, select) {
  const fields = Object.entries(select);
  const [counts, rest] = [true, false].map((wanted) =>
    fields.filter(([, { field }]) => (field === 'aggregate') === wanted),
  );
  return [
    { ...page, select: Object.fromEntries(rest) },
    { ...page, first: undefined, select: Object.fromEntries(counts) },
  ].filter((part) => Object.keys(part.select).length);
}

/** Any node: what is selected depends on its type, so each is asked for. */
export const node = () =>
  resolver((context, { id }, request, nodes, info) => {
    const types = info.schema.getPossibleTypes(getNamedType(info.returnType));
    const selections = new Map(types.map((type) => [type.name, new Selection(request, type, nodes)]));
    const select = Object.fromEntries([...selections].map(([model, selection]) => [model, selection.select]));
    const ask = async () => {
      const found = await context.ask({ op: 'node', id, select }, request);
      return found && selections.get(found.model).read(found.row);
    };
    return told(ask());
  });

/** The answer of a write shows without a permission what the client has just given. */
async function write({ context, request, type, selection }, { effects, given, ...question }) {
  await checkEffects(context, effects);
  const names = new Set(given);
  selection.exempt = new Set([...selection.keys].filter(([, field]) => names.has(field.to)).map(([key]) => key));
  return selection.read(await context.ask({ ...question, model: type.to, select: selection.select }, request));
}

export const create = (name) =>
  delegate(name, (asked) => {
    const { type, args } = asked;
    // createUser had a code path of its own.
    const given = type.name === 'User' ? [] : [type.id.to, ...Object.keys(args.data ?? {})];
    return write(asked, { op: 'create', data: args.data, effects: effectsOf(type, 'create', args.data), given });
  });

export const update = (name) =>
  delegate(name, (asked) => {
    const { where, data } = asked.args;
    const given = [...Object.keys(where), ...Object.keys(data)];
    return write(asked, { op: 'update', by: where, data, effects: effectsOf(asked.type, 'update', data), given });
  });

export const upsert = (name) =>
  delegate(name, (asked) => {
    const { where, update, create } = asked.args;
    const effects = [...effectsOf(asked.type, 'update', update), ...effectsOf(asked.type, 'create', create)];
    return write(asked, { op: 'upsert', by: where, update, create, effects, given: Object.keys(where) });
  });

export const remove = (name) =>
  delegate(name, (asked) => {
    const { where } = asked.args;
    return write(asked, {
      op: 'delete',
      by: where,
      effects: [{ operation: 'delete', type: asked.type, scalars: [] }],
      given: Object.keys(where),
    });
  });

export const changes = (name) =>
  subscriber((context, args, request, nodes, info) => {
    const { type, selection } = asked(name, context, args, request, nodes, info);
    return new Events(
      context.subscribe({ model: type.to, where: args.where ?? undefined, select: selection.select }),
      selection,
      request,
    );
  });
