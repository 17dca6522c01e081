// create…, update…, updateOrCreate…, delete…: each is one write, with a look at the database first or afterwards only
// where the database could not tell by itself what Graphcool would have done.
import { makeCuid } from '../cuid.js';
import { errors } from '../errors.js';
import { DatabaseError } from '../db/errors.js';
import { Selection } from '../reading/selection.js';
import { createData, isNested, updateData } from './data.js';
import { failureOf } from './failures.js';
import { withHashes } from './passwords.js';
import { checkHooks } from '../functions.js';

/** Response keys that show what the client has just given need no permission to be read. */
const exemptions = (args) => new Set(['id', ...Object.keys(args)]);

export const createNode = (model, type) => async (context, args, request, nodes) => {
  checkHooks(model, type, 'create', args);
  await context.permissions.checkCreate(context.caller, type, args);
  const creation = creationOf(type, await withHashes(type, args));
  await context.permissions.checkEdges(context.caller, type, args);
  const selection = new Selection(request, type, nodes);
  // createUser had a code path of its own.
  if (type.name !== 'User') selection.exempt = exemptions(args);
  return createNew({ context, model, type, request, selection }, args, creation);
};

export const updateNode = (model, type) => async (context, args, request, nodes) => {
  checkHooks(model, type, 'update', args);
  await context.permissions.checkUpdate(context.caller, type, args);
  const update = await updateDataOf(context, type, await withHashes(type, args));
  await context.permissions.checkEdges(context.caller, type, args);
  const selection = new Selection(request, type, nodes);
  selection.exempt = exemptions(args);
  return updateKnown({ context, model, type, request, selection }, args, update);
};

export const updateOrCreateNode =
  (model, type) =>
  async (context, { update: updateArgs, create: createArgs = {} }, request, nodes) => {
    checkHooks(model, type, 'update', updateArgs);
    checkHooks(model, type, 'create', createArgs);
    await context.permissions.checkCreate(context.caller, type, createArgs);
    await checkChosenEdges(context, type, updateArgs, createArgs);
    const selection = new Selection(request, type, nodes);
    selection.exempt = new Set(['id']);
    const work = { context, model, type, request, selection };
    const [creates, updates] = [await withHashes(type, createArgs), await withHashes(type, updateArgs)];
    const creation = failing(() => creationOf(type, creates));
    const update = failing(() => updateData(type, updates));
    // Where both can be said in one write, the database decides which one it is.
    const isOne =
      !creation.error && !update.error && !creation.later.length && !update.later.length && !update.replaces.length;
    if (isOne && type.isUpdatable) return upsert(work, { ...createArgs, ...updateArgs }, creation, update);
    const exists = await context.exists(type, updateArgs.id);
    const { error } = exists ? update : creation;
    if (error) throw error;
    return exists ? updateKnown(work, updateArgs, update) : createNew(work, createArgs, creation);
  };

function failing(make) {
  try {
    return make();
  } catch (error) {
    return { error };
  }
}

function creationOf(type, args) {
  const later = [];
  // Those inside have ids of ours: the outer one is older.
  const id = isNested(type, args) ? makeCuid() : undefined;
  return { data: createData(type, args, later, null, id), later };
}

async function createNew({ context, model, type, request, selection }, args, { data, later }) {
  const question = { op: 'create', model: type.to, data, select: selection.select };
  try {
    return selection.read(await writeThen(context, type, question, later, data[type.id.to], request));
  } catch (error) {
    throw told(error, () => failureOf(model, type, error, { args, action: 'create' }));
  }
}

async function updateKnown({ context, model, type, request, selection }, args, update) {
  await settleReplaces(context, type, args.id, update);
  const shared = { model: type.to, by: { [type.id.to]: args.id }, select: selection.select };
  if (type.isUpdatable)
    return selection.read(
      await change(context, model, type, args, { op: 'update', ...shared, data: update.data }, update, request),
    );
  const row = await context.ask({ op: 'one', ...shared }, request);
  if (!row) throw errors.noNode(type.name, args.id);
  return selection.read(row);
}

async function upsert({ context, model, type, request, selection }, args, creation, update) {
  const by = { [type.id.to]: args.id };
  const question = {
    op: 'upsert',
    model: type.to,
    by,
    update: update.data,
    create: creation.data,
    select: selection.select,
  };
  return selection.read(await change(context, model, type, args, question, update, request));
}

export const deleteNode = (model, type) => async (context, args, request, nodes) => {
  checkHooks(model, type, 'delete', args);
  await context.permissions.checkDelete(context.caller, type);
  const selection = new Selection(request, type, nodes);
  selection.exempt = new Set(['id']);
  const shared = { model: type.to, by: { [type.id.to]: args.id } };
  const question = { op: 'delete', ...shared, select: selection.select };
  // The database has forgotten the scalar lists when it answers: an empty update before tells them.
  const lists = Object.entries(selection.select).filter(([, one]) => !one.select && type.fieldTo(one.field).list);
  const questions = lists.length
    ? [{ op: 'update', ...shared, data: {}, select: Object.fromEntries(lists) }, question]
    : [question];
  try {
    const answers = await context.askAll(questions, request);
    const { value, error } = answers.at(-1);
    if (error) throw error;
    return selection.read(lists.length ? { ...value, ...answers[0].value } : value);
  } catch (error) {
    if (error.kind === 'requiredRelation') throw await neededBy(context, type, args.id);
    throw told(error, () => failureOf(model, type, error, { root: args.id }));
  }
};

/** A write; where edges come later, they follow in the same request, and then the node as it is after them. */
async function writeThen(context, type, question, later, id, request) {
  if (!later.length) return context.ask(question, request);
  const idOf = (one) => ({ [one.id.to]: { field: one.id.to } });
  const answers = await context.askAll(
    [
      { ...question, select: idOf(type) },
      ...later.map((one) => ({
        op: 'update',
        model: one.type.to,
        by: { [one.type.id.to]: one.id },
        data: one.data,
        select: idOf(one.type),
      })),
      { op: 'update', model: type.to, by: { [type.id.to]: id }, data: {}, select: question.select },
    ],
    request,
  );
  const failed = answers.find(({ error }) => error);
  if (failed) throw failed.error;
  return answers.at(-1).value;
}

/** That the node is not there comes before anything that is wrong with its new values. */
async function updateDataOf(context, type, args) {
  try {
    return updateData(type, args);
  } catch (error) {
    throw (await context.exists(type, args.id)) ? error : errors.noNode(type.name, args.id);
  }
}

/**
 * Of several relations that forbid a deletion, Graphcool named the first one in alphabetical order; the database names
 * another.
 */
async function neededBy(context, type, id) {
  const fields = type.relationFields.filter(({ back }) => back && !back.list && back.required);
  const select = {};
  for (const field of fields) {
    const target = field.target.id.to;
    select[field.to] = { field: field.to, ...(field.list && { first: 1 }), select: { [target]: { field: target } } };
  }
  const row = await context.ask({ op: 'one', model: type.to, by: { [type.id.to]: id }, select });
  const [first] = fields
    .filter((field) => [row?.[field.to] ?? []].flat().length)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return first ? errors.requiredRelation(first.back.name, first.target.name) : errors.noNode(type.name, id);
}

const told = (error, tell) => (error instanceof DatabaseError ? tell() : error);

/** The edges of the one that is going to happen are checked; only if that matters, somebody looks which one it is. */
async function checkChosenEdges(context, type, updateArgs, createArgs) {
  const denials = [];
  for (const args of [updateArgs, createArgs])
    denials.push(
      await context.permissions.checkEdges(context.caller, type, args).then(
        () => null,
        (error) => error,
      ),
    );
  const [update, create] = denials;
  if (!update && !create) return;
  if (update && create) throw update;
  const exists = await context.exists(type, updateArgs.id);
  if (exists ? update : create) throw update ?? create;
}

/**
 * To-many fields whose nodes need this one: Graphcool refused to leave one of them alone, the database would not even
 * notice.
 */
async function settleReplaces(context, type, id, update) {
  if (!update.replaces.length) return;
  const select = { [type.id.to]: { field: type.id.to } };
  for (const { field, keep } of update.replaces) {
    const target = field.target.id.to;
    const where = keep.length ? { [`${target}_not_in`]: keep } : undefined;
    select[field.to] = { field: field.to, ...(where && { where }), first: 1, select: { [target]: { field: target } } };
  }
  const row = await context.ask({ op: 'one', model: type.to, by: { [type.id.to]: id }, select });
  if (!row) throw errors.noNode(type.name, id);
  for (const { field, keep, create } of update.replaces) {
    if (row[field.to].length) throw errors.requiredRelation(field.back.name, field.target.name);
    const input = {};
    if (keep.length) input.connect = keep.map((one) => ({ [field.target.id.to]: one }));
    if (create.length) input.create = create;
    if (Object.keys(input).length) update.data[field.to] = input;
  }
}

/**
 * Writes. An edge that was to be removed and is not there, and a required one that is there already, are success: the
 * write is said again without it.
 */
async function change(context, model, type, args, question, update, request) {
  const { data, removes } = update;
  for (;;) {
    try {
      return await writeThen(context, type, question, update.later, args.id, request);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const done =
        error.kind === 'notConnected'
          ? removes.filter((field) => field.to in data && field.relation.to === error.relation)
          : error.kind === 'requiredRelation'
            ? await sameEdges(context, type, args, data)
            : [];
      if (!done.length) throw failureOf(model, type, error, { root: args.id, args, action: 'update' });
      for (const field of done) delete data[field.to];
    }
  }
}

/** The to-one fields among the arguments that name the very node that is there. */
async function sameEdges(context, type, args, data) {
  const isOnlyConnected = ({ to }) => data[to]?.connect && !data[to].create;
  const connected = (field) => !field.list && field.back && !field.back.list && isOnlyConnected(field);
  const fields = type.relationFields.filter(connected);
  if (!fields.length) return [];
  const select = {};
  const id = (field) => field.target.id.to;
  for (const field of fields) select[field.to] = { field: field.to, select: { [id(field)]: { field: id(field) } } };
  const row = await context.ask({ op: 'one', model: type.to, by: { [type.id.to]: args.id }, select });
  return fields.filter((field) => row?.[field.to]?.[id(field)] === data[field.to].connect[id(field)]);
}
