// addTo…, removeFrom…, set…, unset…: one edge between two nodes, and both nodes in the answer.
//
// Each is one request of several writes: first the edge, then an empty update of each node that the client wants to
// see, which changes nothing and answers the node as it is afterwards.
import { DatabaseError } from '../db/errors.js';
import { errors } from '../errors.js';
import { collectFields, dictionary, Selection } from '../reading/selection.js';
import { failureOf } from './failures.js';

/** addTo… and set… */
export const linkNodes = (model, relation, mutation) => async (context, args, request, nodes) => {
  await context.permissions.checkConnect(context.caller, relation);
  const ids = idsOf(relation, args);
  const first = mutation.args.map((argument) => argument.name).find((name) => name in args);
  return write(context, relation, ids, request, mutation, nodes, linkWrites(relation, ids), async (error) => {
    if (error.kind === 'unknown') return unknownEnd(context, relation, ids, first);
    if (error.kind === 'requiredRelation' && (await isLinked(context, relation, ids))) return null;
    return failureOf(model, relation.a.type, error);
  });
};

/** removeFrom… and unset… */
export const unlinkNodes = (model, relation, mutation) => async (context, args, request, nodes) => {
  await context.permissions.checkDisconnect(context.caller, relation);
  const ids = idsOf(relation, args);
  const writes = await unlinkWrites(context, relation, ids);
  return write(context, relation, ids, request, mutation, nodes, writes, async (error) => {
    if (error.kind === 'notConnected') return null;
    if (error.kind === 'unknown') return errors.notFound(error.value);
    return failureOf(model, relation.a.type, error);
  });
};

const fieldOf = (side) => side.type.fields.get(side.field);
const idsOf = ({ a, b }, args) => ({ a: args[a.argument], b: args[b.argument] });
const at = (side, id) => ({ [side.type.id.to]: id });
const idOnly = (side) => ({ [side.type.id.to]: { field: side.type.id.to } });
const update = (side, id, data, select = idOnly(side)) => ({
  op: 'update',
  model: side.type.to,
  by: at(side, id),
  data,
  select,
});

/** Is it a relation of a type with itself, seen from one field? */
const isOneField = ({ a, b }) => a.type === b.type && a.field === b.field;

/** Where one end is a list, the edge is said there, by verb: connect or disconnect. null where neither is. */
function listWrites(relation, ids, verb) {
  const { a, b } = relation;
  const [fa, fb] = [fieldOf(a), fieldOf(b)];
  const ofA = update(a, ids.a, { [fa.to]: { [verb]: [at(b, ids.b)] } });
  const ofB = update(b, ids.b, { [fb.to]: { [verb]: [at(a, ids.a)] } });
  // Friends are friends of each other.
  if (fa.list) return isOneField(relation) ? [ofA, ofB] : [ofA];
  return fb.list ? [ofB] : null;
}

function linkWrites(relation, ids) {
  const writes = listWrites(relation, ids, 'connect');
  if (writes) return writes;
  const { a, b } = relation;
  const field = fieldOf(a);
  const link = update(a, ids.a, { [field.to]: { connect: at(b, ids.b) } });
  // Of partners there is one row, and both ends give up what they had.
  return isOneField(relation)
    ? [update(a, ids.a, emptied(field, a, ids.a)), update(a, ids.b, emptied(field, b, ids.b)), link]
    : [link];
}

/** A partner of oneself takes the place of every other one, in both directions, and goes. */
const emptied = (field, side, id) => ({ [field.to]: { connect: at(side, id), disconnect: true } });

async function unlinkWrites(context, relation, ids) {
  const writes = listWrites(relation, ids, 'disconnect');
  if (writes) return writes;
  // A to-one field cannot be told which node it is to leave: that it is this one has to be seen first.
  const { a } = relation;
  const isThere = await isLinked(context, relation, ids);
  return [update(a, ids.a, isThere ? { [fieldOf(a).to]: { disconnect: true } } : {})];
}

async function isLinked(context, { a, b }, ids) {
  const field = fieldOf(a);
  const select = { [field.to]: { field: field.to, ...(field.list && { where: at(b, ids.b) }), select: idOnly(b) } };
  const row = await context.ask({ op: 'one', model: a.type.to, by: at(a, ids.a), select });
  return [row?.[field.to] ?? []].flat().some((one) => one[b.type.id.to] === ids.b);
}

/**
 * Which node was not there: the first argument's is named, the second's is not, since Graphcool met it while it wrote.
 */
async function unknownEnd(context, { a, b }, ids, firstArgument) {
  const [first, id] = firstArgument === a.argument ? [a, ids.a] : [b, ids.b];
  return errors.noReference((await context.exists(first.type, id)) ? '' : id);
}

/** forgive(error) → the error to answer, or null where Graphcool saw none. */
async function write(context, relation, ids, request, mutation, nodes, writes, forgive) {
  const answer = dictionary();
  const shown = [];
  const sides = [
    [relation.a, ids.a],
    [relation.b, ids.b],
  ];
  for (const [key, fieldNodes] of collectFields(request, mutation.type.name, nodes)) {
    const name = fieldNodes[0].name.value;
    const [side, id] = sides.find(([one]) => one.payload === name) ?? [];
    if (side) shown.push({ key, side, id, selection: new Selection(request, side.type, fieldNodes) });
  }
  const answers = await context.askAll(
    [...writes, ...shown.map(({ side, id, selection }) => update(side, id, {}, selection.select))],
    request,
  );
  for (const { error } of answers) {
    if (!error) continue;
    const told = error instanceof DatabaseError ? await forgive(error) : error;
    if (told) throw told;
  }
  shown.forEach(({ key, selection }, n) => (answer[key] = selection.read(answers[writes.length + n].value)));
  return answer;
}
