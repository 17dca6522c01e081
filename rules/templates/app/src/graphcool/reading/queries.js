// The root fields of Query: each is one question to the database.
import { collectFields, dictionary, Selection } from './selection.js';
import { whereOf } from './filter.js';
import { pagingOf } from './paging.js';
import { errors } from '../errors.js';

/** all…: a list. */
export const readAll = (type) => async (context, args, request, nodes) => {
  const paging = pagingOf(type, args);
  const selection = new Selection(request, type, nodes);
  const rows = await context.ask(
    { op: 'many', model: type.to, where: whereOf(type, args.filter), ...paging, select: selection.select },
    request,
  );
  return rows.map((row) => selection.read(row));
};

/** _all…Meta: counts all, whatever the paging. */
export const readMeta = (type) => async (context, args, request, nodes) => {
  const count = await context.ask({ op: 'count', model: type.to, where: whereOf(type, args.filter) }, request);
  const answer = dictionary();
  for (const [key, [node]] of collectFields(request, '_QueryMeta', nodes))
    if (node.name.value === 'count') answer[key] = count;
  return answer;
};

/** A node by one of its unique fields: the first one given in alphabetical order, the others do not count. */
export const readOne = (type, names) => async (context, args, request, nodes) => {
  const sorted = [...names].sort();
  const name = sorted.find((one) => args[one] !== undefined && args[one] !== null);
  if (!name) throw errors.noArgument(sorted);
  return byUnique(context, request, nodes, type, name, args[name]);
};

async function byUnique(context, request, nodes, type, name, value) {
  const field = type.fields.get(name);
  const selection = new Selection(request, type, nodes);
  const row = await context.ask(
    { op: 'one', model: type.to, by: { [field.to]: field.toTarget(value) }, select: selection.select },
    request,
  );
  return selection.read(row);
}

/** user: the signed-in one. */
export const readUser = (type) => async (context, _, request, nodes) => {
  const { caller } = context;
  if (caller.kind !== 'node' || caller.model !== type.name) return null;
  return byUnique(context, request, nodes, type, 'id', caller.id);
};

/** node(id:): of any type. What is selected depends on the type, so each is asked for. */
export const readNode = (model) => async (context, args, request, nodes) => {
  const selections = new Map();
  const select = {};
  for (const type of model.types.values()) {
    if (type.refused) continue;
    const selection = new Selection(request, type, nodes);
    selections.set(type.to, selection);
    select[type.to] = selection.select;
  }
  const found = await context.ask({ op: 'node', id: args.id, select }, request);
  return found && selections.get(found.model).read(found.row);
};
