// What a client selected, as a selection of the database; and the rows that come back, as the client named things.
//
//   new Selection(request, type, fieldNodes).select    {KEY: {field, where, …, select}} for the database
//   selection.read(row) → the object that GraphQL answers from: its keys are the client's response keys
//
// request is {schema, fragments, variables, reads: [], extras: []}. Each selection leaves itself in `reads`, where
// permissions look: type, keys (Map response key → scalar field), nodes (the objects made), exempt (keys that need no
// permission). `extras` are further questions that go along in the same request. `flawed`: there is an error or a null
// in the answer that must be told (nulls.js).
import { GraphQLIncludeDirective, GraphQLSkipDirective, getArgumentValues, getDirectiveValues, Kind } from 'graphql';
import { missingAt } from '../db/errors.js';
import { errors, InternalError, MissingNode } from '../errors.js';
import { whereOf } from './filter.js';
import { pagingOf } from './paging.js';

/** On a node that is answered: the Selection that made it. */
export const madeBy = Symbol('the selection of a node');

// Keys are the client's: none of them may mean something to JavaScript. (What Object.create(null) makes would do as well,
// but is slow and takes twice the memory.)
function Dictionary() {}
Dictionary.prototype = Object.create(null);
export const dictionary = () => new Dictionary();

/** The fields that are selected on an object of this type: response key → the field nodes of that key. */
export function collectFields({ fragments, variables }, typeName, fieldNodes) {
  const found = new Map();
  const walk = (selectionSet) => {
    for (const node of selectionSet.selections) {
      if (!isIncluded(node, variables)) continue;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        if (found.has(key)) found.get(key).push(node);
        else found.set(key, [node]);
      } else {
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments[node.name.value] : node;
        const condition = fragment.typeCondition?.name.value;
        if (!condition || condition === typeName || condition === 'Node') walk(fragment.selectionSet);
      }
    }
  };
  for (const node of fieldNodes) if (node.selectionSet) walk(node.selectionSet);
  return found;
}

function isIncluded(node, variables) {
  if (!node.directives?.length) return true;
  return (
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false
  );
}

export class Selection {
  select = {};
  nodes = [];
  #readers = [];
  #relations = new Map();

  /** typeName: what the API calls the type here, where that is not its own name. */
  constructor(request, type, fieldNodes, typeName = type.name) {
    this.request = request;
    this.type = type;
    this.typeName = typeName;
    this.schemaFields = request.schema.getType(type.name).getFields();
    this.keys = new Map();
    /** Response key → {type, nodes}: what the schema says of it, and where the client asked. */
    this.places = new Map();
    for (const [key, nodes] of collectFields(request, typeName, fieldNodes)) this.#add(key, nodes);
    // The database refuses an empty selection: __typename alone is ours to answer.
    if (!Object.keys(this.select).length) this.#take({ field: type.id.to });
    if (this.keys.size) request.reads.push(this);
  }

  read(row) {
    if (row === null || row === undefined) return null;
    if (row[missingAt]) return this.#flawed(this.#missing(row[missingAt]));
    const node = dictionary();
    node[madeBy] = this;
    for (const read of this.#readers) read(row, node);
    if (this.keys.size) this.nodes.push(node);
    return node;
  }

  /** Somewhere in the answer is an error. */
  #flawed(error) {
    this.request.flawed = true;
    return error;
  }

  /** An error that tells which required node was not there, below this one. */
  #missing([first, ...rest], path = []) {
    const { key, nodes, inner } = this.#relations.get(first) ?? {};
    if (!key) return new InternalError('a required value is missing');
    const below = rest.filter((one) => typeof one === 'string');
    const here = [...path, key, ...rest.slice(0, rest.indexOf(below[0]))];
    return below.length
      ? inner.#missing(rest.slice(rest.indexOf(below[0])), here)
      : new MissingNode([...path, key], nodes);
  }

  #add(key, nodes) {
    const name = nodes[0].name.value;
    if (name === '__typename') return;
    this.places.set(key, { type: this.schemaFields[name].type, nodes });
    const meta = /^_(.+)Meta$/.exec(name);
    const field = this.type.fields.get(meta ? meta[1] : name);
    if (field.refused) throw errors.refused(`${this.type.name}.${field.name}`, field.refused);
    if (!field.isRelation) return this.#addScalar(key, field);
    const args = getArgumentValues(this.schemaFields[name], nodes[0], this.request.variables);
    if (meta) return this.#addCount(key, nodes, field, args);
    return field.list ? this.#addMany(key, nodes, field, args) : this.#addOne(key, nodes, field, args);
  }

  #addScalar(key, field) {
    const at = this.#take({ field: field.to });
    this.keys.set(key, field);
    const value = answerOf(field);
    this.#readers.push((row, node) => (node[key] = value(row[at])));
  }

  #addMany(key, nodes, field, args) {
    const inner = new Selection(this.request, field.target, nodes);
    const at = this.#take({
      field: field.to,
      where: whereOf(field.target, args.filter),
      ...nested(() => pagingOf(field.target, args)),
      select: inner.select,
    });
    this.#relations.set(at, { key, nodes, inner });
    this.#readers.push((row, node) => (node[key] = row[at] ? row[at].map((one) => inner.read(one)) : null));
  }

  #addCount(key, nodes, field, args) {
    // A relation has no aggregate: its ids are counted.
    const at = this.#take({
      field: field.to,
      where: whereOf(field.target, args.filter),
      select: { [field.target.id.to]: { field: field.target.id.to } },
    });
    const counts = [...collectFields(this.request, '_QueryMeta', nodes)].filter(
      ([, [node]]) => node.name.value === 'count',
    );
    this.#readers.push((row, node) => {
      node[key] = dictionary();
      for (const [countKey] of counts) node[key][countKey] = row[at].length;
    });
  }

  #addOne(key, nodes, field, args) {
    const inner = new Selection(this.request, field.target, nodes);
    const where = whereOf(field.target, args.filter);
    const passes = where ? this.#filtered(field, where, inner) : () => true;
    const at = this.#take({ field: field.to, select: inner.select });
    this.#relations.set(at, { key, nodes, inner });
    // A relation of a type with itself, seen from one field: whoever stands at its other end shows it, too.
    const reverse = field.reverse && this.#take({ field: field.reverse, select: inner.select });
    this.#readers.push((row, node) => {
      const other = row[at] ?? (reverse ? row[reverse] : null);
      node[key] = other && passes(other) ? inner.read(other) : null;
      if (!node[key] && field.required) this.request.flawed = true;
    });
  }

  /** A to-one field takes no filter: which of its targets pass is asked beside it, in the same request. */
  #filtered(field, where, inner) {
    const id = field.target.id.to;
    const idKey = inner.#take({ field: id });
    const related = field.back ? { [field.back.list ? `${field.back.to}_some` : field.back.to]: {} } : undefined;
    const extra = {
      op: 'many',
      model: field.target.to,
      where: related ? { AND: [where, related] } : where,
      select: { [id]: { field: id } },
    };
    this.request.extras.push(extra);
    let known, ids;
    return (other) => {
      // A subscription asks anew for every event.
      if (extra.answer !== known) ids = new Set((known = extra.answer).map((row) => row[id]));
      return ids.has(other[idKey]);
    };
  }

  /** Puts a field into the selection and tells its key. Scalars are asked once, relations once for each use. */
  #take(one) {
    let key = one.field;
    for (let n = 2; key in this.select && one.select; n++) key = `${one.field}__${n}`;
    for (const [name, value] of Object.entries(one)) if (value === undefined) delete one[name];
    this.select[key] = one;
    return key;
  }
}

/** Arguments of a nested list that are wrong leave nothing of the request, as they did. */
function nested(check) {
  try {
    return check();
  } catch (error) {
    error.wholeRequest = true;
    throw error;
  }
}

const cut = (time) => (typeof time === 'string' ? `${time.slice(0, -5)}.000Z` : time);

/**
 * Stored value → answered value: enum members by their old names, the times that Graphcool kept itself in whole
 * seconds.
 */
function answerOf(field) {
  if (field.isSystemTime) return cut;
  if (!field.isEnum) return (value) => value;
  const name = (value) => (value === null || value === undefined ? value : field.fromTarget(value));
  return field.list ? (values) => values?.map(name) ?? values : name;
}
