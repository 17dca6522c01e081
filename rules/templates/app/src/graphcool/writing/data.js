// The arguments of a mutation as data for the database (specification §6.5).
//
//   createData(type, args, later, parent)   → data        parent: the relation field that nests this create, or nothing
//   updateData(type, args)                  → {data, …}   what needs a look at the database first or afterwards stands beside it
//
// `later` collects edges that the database takes in a write of their own only: those of a nested node back to the kind
// of node that nests it. [{type, id, data}]
//
// data: scalars as values, scalar lists as {set: […]}, relations as {connect, create, set, disconnect}; to-one
// relations hold one value, to-many ones a list. Throws GraphcoolError for what Graphcool refused before it wrote.
import { makeCuid } from '../cuid.js';
import { errors, InternalError } from '../errors.js';
import { LongNumber, printJson } from '../json.js';
import { JsonValue } from '../scalars.js';

const longestYear = /^\d{4}-/;
/** Characters that a column of Graphcool took; Json and lists count as their JSON text. */
const longest = 262144;

function checkLength(field, text) {
  if (text.length > longest) throw errors.tooLong(field.name);
}

/** The value of a scalar argument, as stored. */
function stored(field, value) {
  if (value === null) return null;
  if (typeof value === 'string') checkLength(field, value);
  if (field.type === 'Json') return storedJson(field, value);
  if (field.type === 'DateTime' && !longestYear.test(value)) throw new InternalError('a year that no column can hold');
  return field.toTarget(value);
}

function storedJson(field, value) {
  const json = value instanceof JsonValue ? value.value : value;
  if (json === null || typeof json !== 'object' || json instanceof LongNumber)
    throw errors.invalidJson(field.name, printJson(json));
  checkLength(field, printJson(json));
  return json;
}

function list(field, values) {
  const set = values.map((value) => stored(field, value));
  checkLength(field, printJson(set));
  return { set };
}

const connect = (field, id) => ({ [field.target.id.to]: id });
const unique = (ids) => [...new Set(ids)];

function checkCarried({ owner, field }) {
  if (field.refused) throw errors.refused(`${owner.name}.${field.name}`, field.refused);
}

/** Does a mutation make more than one node? */
export const isNested = (type, args) =>
  Object.entries(args).some(([name, value]) => value && type.argument(name)?.kind === 'nested');

/** Arguments by relation field: Map field → {id, ids, nested}, each as given; scalars: [[field, value]]. */
function sorted(type, args) {
  const scalars = [];
  const relations = new Map();
  for (const [name, value] of Object.entries(args)) {
    const argument = type.argument(name);
    if (value === undefined || !argument) continue;
    checkCarried({ owner: type, field: argument.field });
    if (argument.kind === 'scalar') scalars.push([argument.field, value]);
    else {
      if (!relations.has(argument.field)) relations.set(argument.field, {});
      relations.get(argument.field)[argument.kind === 'nested' ? 'nested' : 'ids'] = value;
    }
  }
  return { scalars, relations };
}

export function createData(type, args, later, parent = null, id = undefined) {
  const { scalars, relations } = sorted(type, args);
  const data = id === undefined ? {} : { [type.id.to]: id };
  const back = parent?.back;
  for (const [field, value] of scalars) {
    if (field.name === 'id') continue;
    if (value === null && field.required) throw errors.invalidValue(value, field.name, type.name);
    // A list without values is what the database has for no list.
    if (field.list) value !== null && (data[field.to] = list(field, value));
    else data[field.to] = stored(field, value);
  }
  for (const field of type.relationFields) {
    const given = relations.get(field) ?? {};
    const inner = [];
    const input = field.list ? manyToCreate(field, given, inner) : oneToCreate(field, given, inner);
    if (input && field === back) {
      later.push({ type, id, data: { [field.to]: input } });
    } else if (input) data[field.to] = input;
    else if (field.required && !field.list && field !== back) throw errors.requiredRelation(field.name, type.name);
    later.push(...inner);
  }
  return data;
}

function oneToCreate(field, { ids: id, nested }, later) {
  const input = {};
  if (id !== undefined && id !== null) input.connect = connect(field, id);
  if (nested) [input.create] = creates(field, [nested], later);
  return Object.keys(input).length ? input : null;
}

function manyToCreate(field, { ids, nested }, later) {
  const input = {};
  if (ids?.length) input.connect = unique(ids).map((id) => connect(field, id));
  if (nested?.length) input.create = creates(field, nested, later);
  return Object.keys(input).length ? input : null;
}

/** Nodes that are made inside of others have ids of ours, so that they come in the order in which they were given. */
const creates = (field, nested, later) => nested.map((one) => createData(field.target, one, later, field, makeCuid()));

/**
 * data; `later`: as above; `removes`: the to-one fields that it empties, which fails where one is empty already;
 * `replaces`: [{field, keep: ids, create}] to-many fields whose nodes must not be left alone, so that somebody has to
 * look first.
 */
export function updateData(type, args) {
  const { scalars, relations } = sorted(type, args);
  const data = {};
  const later = [];
  const removes = [];
  const replaces = [];
  for (const [field, value] of scalars) {
    if (field.name === 'id') continue;
    if (isReadOnly(field)) throw errors.readOnly(field);
    if (value === null && field.required) throw errors.requiredNull();
    if (field.list) data[field.to] = value === null ? { set: [] } : list(field, value);
    else data[field.to] = stored(field, value);
  }
  for (const [field, given] of relations) {
    if (!field.list) {
      data[field.to] = oneToUpdate(type, field, given, args.id, later);
      if (data[field.to].disconnect && !field.reverse) removes.push(field);
    } else if (field.back && !field.back.list && field.back.required) {
      replaces.push({
        field,
        keep: unique(given.ids ?? []),
        create: creates(field, given.nested ?? [], later),
      });
    } else data[field.to] = manyToUpdate(field, given, later);
  }
  return { data, later, removes, replaces };
}

/** What the file service wrote about a file stays as it is. */
export const isReadOnly = ({ owner, name }) =>
  owner.name === 'File' && ['contentType', 'secret', 'size', 'url'].includes(name);

function oneToUpdate(type, field, given, id, later) {
  const input = oneToCreate(field, given, later);
  if (input) return input;
  // Graphcool took the edge away and left a node that could not be read any more; the database has no word for that.
  if (field.required) throw errors.requiredRelation(field.name, type.name);
  // A partner of oneself takes the place of every other one, in both directions, and goes: that never fails.
  return field.reverse ? { connect: connect(field, id), disconnect: true } : { disconnect: true };
}

/**
 * Replaces the whole set. Setting is the last thing that the database does: it names the nodes that have just been
 * made.
 */
function manyToUpdate(field, { ids, nested }, later) {
  if (!nested?.length) return { set: unique(ids ?? []).map((id) => connect(field, id)) };
  const create = creates(field, nested, later);
  const input = { create, set: create.map((one) => connect(field, one[field.target.id.to])) };
  if (ids?.length) input.connect = unique(ids).map((id) => connect(field, id));
  return input;
}
