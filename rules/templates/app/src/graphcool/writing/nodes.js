// create…, update…, updateOrCreate…, delete…: each is one write, with a look at the database first or afterwards only where the
// database could not tell by itself what Graphcool would have done.
import { errors } from '../errors.js';
import { DatabaseError } from '../db/errors.js';
import { Selection } from '../reading/selection.js';
import { createData, updateData } from './data.js';
import { failureOf } from './failures.js';
import { checkHooks } from '../functions.js';

/** Response keys that show what the client has just given need no permission to be read. */
const exemptions = (args) => new Set(['id', ...Object.keys(args)]);

export const createNode = (model, type) => async (context, args, request, nodes) => {
  checkHooks(model, type, 'create', args);
  await context.permissions.checkCreate(context.caller, type, args);
  const data = createData(type, args);
  await context.permissions.checkEdges(context.caller, type, args);
  const selection = new Selection(request, type, nodes);
  // createUser had a code path of its own.
  if (type.name !== 'User') selection.exempt = exemptions(args);
  try {
    return selection.read(await context.ask({ op: 'create', model: type.to, data, select: selection.select }, request));
  } catch (error) {
    throw told(error, () => failureOf(model, type, error, { args, action: 'create' }));
  }
};

export const updateNode = (model, type) => async (context, args, request, nodes) => {
  checkHooks(model, type, 'update', args);
  await context.permissions.checkUpdate(context.caller, type, args);
  const update = updateData(type, args);
  await context.permissions.checkEdges(context.caller, type, args);
  await settleReplaces(context, type, args.id, update);
  const selection = new Selection(request, type, nodes);
  selection.exempt = exemptions(args);
  const question = { op: 'update', model: type.to, by: { [type.id.to]: args.id }, data: update.data, select: selection.select };
  return selection.read(await change(context, model, type, args, question, update, request));
};

export const updateOrCreateNode = (model, type) => async (context, { update: updateArgs, create: createArgs = {} }, request, nodes) => {
  checkHooks(model, type, 'update', updateArgs);
  checkHooks(model, type, 'create', createArgs);
  await context.permissions.checkCreate(context.caller, type, createArgs);
  await checkChosenEdges(context, type, updateArgs, createArgs);
  const update = updateData(type, updateArgs);
  const { create, missing } = creatable(type, createArgs);
  const known = await settleReplaces(context, type, updateArgs.id, update, { mayMiss: true });
  const selection = new Selection(request, type, nodes);
  selection.exempt = new Set(['id']);
  const by = { [type.id.to]: updateArgs.id };
  const { data } = update;
  const shared = { model: type.to, by, select: selection.select };
  // A node that could not be created is still updated, where it exists.
  const question = missing ? { op: 'update', ...shared, data } : { op: 'upsert', ...shared, update: known ? data : {}, create };
  try {
    return selection.read(await change(context, model, type, updateArgs, question, update, request));
  } catch (error) {
    throw missing && error.code === 3002 ? missing : error;
  }
};

export const deleteNode = (model, type) => async (context, args, request, nodes) => {
  checkHooks(model, type, 'delete', args);
  await context.permissions.checkDelete(context.caller, type);
  const selection = new Selection(request, type, nodes);
  selection.exempt = new Set(['id']);
  try {
    const row = await context.ask({ op: 'delete', model: type.to, by: { [type.id.to]: args.id }, select: selection.select }, request);
    return selection.read(row);
  } catch (error) {
    if (error.kind === 'requiredRelation') throw await neededBy(context, type, args.id);
    throw told(error, () => failureOf(model, type, error, { root: args.id }));
  }
};

/** Of several relations that forbid a deletion, Graphcool named the first one in alphabetical order; the database names another. */
async function neededBy(context, type, id) {
  const fields = type.relationFields.filter(({ back }) => back && !back.list && back.required);
  const select = {};
  for (const field of fields) {
    const target = field.target.id.to;
    select[field.to] = { field: field.to, ...(field.list && { first: 1 }), select: { [target]: { field: target } } };
  }
  const row = await context.ask({ op: 'one', model: type.to, by: { [type.id.to]: id }, select });
  const [first] = fields.filter((field) => [row?.[field.to] ?? []].flat().length).sort((a, b) => (a.name < b.name ? -1 : 1));
  return first ? errors.requiredRelation(first.back.name, first.target.name) : errors.noNode(type.name, id);
}

const told = (error, tell) => (error instanceof DatabaseError ? tell() : error);

function creatable(type, args) {
  try {
    return { create: createData(type, args) };
  } catch (error) {
    if (error.code !== 3032) throw error;
    return { missing: error };
  }
}

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
 * To-many fields whose nodes need this one: Graphcool refused to leave one of them alone, the database would not even notice. Tells
 * whether the node is there.
 */
async function settleReplaces(context, type, id, update, { mayMiss = false } = {}) {
  if (!update.replaces.length) return true;
  const select = { [type.id.to]: { field: type.id.to } };
  for (const { field, keep } of update.replaces) {
    const target = field.target.id.to;
    const where = keep.length ? { [`${target}_not_in`]: keep } : undefined;
    select[field.to] = { field: field.to, ...(where && { where }), first: 1, select: { [target]: { field: target } } };
  }
  const row = await context.ask({ op: 'one', model: type.to, by: { [type.id.to]: id }, select });
  if (!row && mayMiss) return false;
  if (!row) throw errors.noNode(type.name, id);
  for (const { field, keep, create } of update.replaces) {
    if (row[field.to].length) throw errors.requiredRelation(field.back.name, field.target.name);
    const input = {};
    if (keep.length) input.connect = keep.map((one) => ({ [field.target.id.to]: one }));
    if (create.length) input.create = create;
    if (Object.keys(input).length) update.data[field.to] = input;
  }
  return true;
}

/**
 * Writes. An edge that was to be removed and is not there, and a required one that is there already, are success: the write is said
 * again without it.
 */
async function change(context, model, type, args, question, update, request) {
  const { data, removes } = update;
  for (;;) {
    try {
      return await context.ask(question, request);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const done =
        error.kind === 'notConnected'
          ? removes.filter((field) => field.to in data && (field.relation.to ?? field.relation.name) === error.relation)
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
  const connected = (field) => !field.list && field.back && !field.back.list && data[field.to]?.connect;
  const fields = type.relationFields.filter(connected);
  if (!fields.length) return [];
  const select = {};
  const id = (field) => field.target.id.to;
  for (const field of fields) select[field.to] = { field: field.to, select: { [id(field)]: { field: id(field) } } };
  const row = await context.ask({ op: 'one', model: type.to, by: { [type.id.to]: args.id }, select });
  return fields.filter((field) => row?.[field.to]?.[id(field)] === data[field.to].connect[id(field)]);
}
