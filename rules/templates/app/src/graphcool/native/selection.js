// What a client selected on an object of the API, which has the names of the datamodel: as a selection of the database
// whose keys are the client's own, so that rows come back as they are answered. Permissions and limits are kept as in
// ../reading/selection.js.
//
//   new Selection(request, objectType, fieldNodes, owner).select       owner: the model whose nodes are in or behind the object
//   selection.read(row) → the object that GraphQL answers from
import { getArgumentValues, getNamedType, isLeafType } from 'graphql';
import { missingAt } from '../db/errors.js';
import { InternalError, MissingNode } from '../errors.js';
import { paging } from '../reading/paging.js';
import { collectFields, dictionary, madeBy } from '../reading/selection.js';

/** Around the nodes of a model: cursors, which are ids of nodes, and what is told without a permission. */
const around = (model) => ({
  PageInfo: { cursors: ['startCursor', 'endCursor'], free: ['hasNextPage', 'hasPreviousPage'] },
  [`${model}Edge`]: { cursors: ['cursor'] },
  [`Aggregate${model}`]: { free: ['count'] },
  [`${model}SubscriptionPayload`]: { free: ['mutation', 'updatedFields'] },
});

export class Selection {
  select = dictionary();
  nodes = [];
  /** Response key → the field of the model that it shows. */
  keys = new Map();
  /** Response key → {type, nodes}: what the schema says of it, and where the client asked. */
  places = new Map();
  #inner = new Map();

  constructor(request, objectType, fieldNodes, owner) {
    this.request = request;
    this.objectType = objectType;
    this.typeName = objectType.name;
    this.type = request.model.byTarget.get(objectType.name) ?? owner;
    for (const [key, nodes] of collectFields(request, objectType.name, fieldNodes)) this.#add(key, nodes);
    if (!Object.keys(this.select).length) this.select.__typename = { field: '__typename' };
    if (this.keys.size) request.reads.push(this);
  }

  read(row) {
    if (row === null || row === undefined) return null;
    if (row[missingAt]) return this.#missing(row[missingAt]);
    const node = dictionary();
    node[madeBy] = this;
    for (const key of this.places.keys()) node[key] = this.#valueOf(key, row[key]);
    if (this.keys.size) this.nodes.push(node);
    return node;
  }

  #valueOf(key, value) {
    const inner = this.#inner.get(key);
    if (!inner) return value;
    return Array.isArray(value) ? value.map((one) => inner.read(one)) : inner.read(value);
  }

  /** An error that tells which required node was not there, below this one. */
  #missing(path) {
    this.request.flawed = true;
    let [at, nodes] = [this, []];
    for (const key of path.filter((one) => typeof one === 'string')) {
      nodes = at?.places.get(key)?.nodes ?? nodes;
      at = at?.#inner.get(key);
    }
    return new MissingNode(path, nodes);
  }

  #add(key, nodes) {
    const name = nodes[0].name.value;
    if (name === '__typename') return;
    const field = this.objectType.getFields()[name];
    const type = getNamedType(field.type);
    this.places.set(key, { type: field.type, nodes });
    this.select[key] = { field: name };
    if (isLeafType(type)) return this.#guard(key, name);
    const inner = new Selection(this.request, type, nodes, this.type);
    this.#inner.set(key, inner);
    Object.assign(this.select[key], this.#arguments(field, nodes[0]), { select: inner.select });
  }

  #arguments(field, node) {
    if (!field.args.length) return {};
    const args = getArgumentValues(field, node, this.request.variables);
    return { where: args.where, ...paging(args) };
  }

  /** What nobody has thought of is not answered. */
  #guard(key, name) {
    const model = this.type?.to;
    const { cursors = [], free = [] } = around(model)[this.typeName] ?? {};
    if (this.typeName === model || this.typeName === `${model}PreviousValues`)
      this.keys.set(key, this.type.fieldTo(name) ?? { name });
    else if (cursors.includes(name)) this.keys.set(key, this.type.id);
    else if (!free.includes(name)) throw new InternalError(`nobody knows who may read ${this.typeName}.${name}`);
  }
}
