// Subscriptions: the root fields of Subscription, fed from the database's own events (specification §6.7). An event is
// {request, read() → the payload}.
import { collectFields, dictionary, Selection } from './reading/selection.js';
import { whereOf } from './reading/filter.js';

export const subscribeTo = (type) => (context, args, request, nodes) => {
  const payload = new PayloadSelection(request, type, nodes);
  const { where, updated } = conditionOf(type, args.filter);
  const changes = context.subscribe({ model: type.to, where, select: payload.select() });
  const eventOf = (change) => {
    const names = payload.updatedNames(change);
    // An update that touched relations only was no event.
    const isEvent = change.mutation !== 'UPDATED' || names.length > 0;
    return isEvent && passes(updated, names) ? { ...change, updatedFields: names } : null;
  };
  return new Events(changes, payload, request, eventOf);
};

/**
 * The changes that are events, as eventOf(change) has them (null: it is none), each read by the selection `payload`.
 * Written by hand, since the end of a generator that waits would wait for another event.
 */
export class Events {
  constructor(changes, payload, request, eventOf = (change) => change) {
    Object.assign(this, { changes, payload, request, eventOf });
  }

  async next() {
    for (;;) {
      const { value: change, done } = await this.changes.next();
      if (done) return { value: undefined, done };
      const event = this.eventOf(change);
      if (event) return { value: this.#event(event), done: false };
    }
  }

  #event(change) {
    const { payload, request } = this;
    return {
      request,
      read() {
        for (const selection of request.reads) selection.nodes.length = 0;
        request.flawed = false;
        return payload.read(change);
      },
    };
  }

  async return() {
    await this.changes.return();
    return { value: undefined, done: true };
  }

  throw() {
    return this.return();
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}

/**
 * A filter {mutation_in, updatedFields_contains…, node, AND, OR}: `where` for the database; `updated`, the conditions
 * on updatedFields, is ours to check. Graphcool took both out of the tree: of several mutation_in the last one held,
 * and of several objects with conditions on updatedFields one had to pass.
 */
function conditionOf(type, filter) {
  const found = { updated: [] };
  const tree = treeOf(type, filter ?? {}, found);
  const where = { ...tree, ...('mutations' in found && { mutation_in: found.mutations }) };
  return { where: Object.keys(where).length ? where : undefined, updated: found.updated };
}

function treeOf(type, filter, found) {
  const tree = {};
  const conditions = [];
  for (const [key, value] of Object.entries(filter)) {
    if (key === 'mutation_in') found.mutations = value;
    else if (key.startsWith('updatedFields'))
      conditions.push({ every: key.endsWith('_every'), names: [value ?? []].flat() });
    else if (key === 'node') tree.node = value === null ? null : (whereOf(type, value) ?? {});
    else if (value?.length) tree[key] = value.map((one) => treeOf(type, one, found));
  }
  if (conditions.length) found.updated.push(conditions);
  return tree;
}

const passes = (updated, names) =>
  !updated.length || updated.some((conditions) => conditions.every((one) => holds(one, names)));

function holds({ every, names: wanted }, names) {
  const isThere = (name) => names?.includes(name);
  return wanted.length > 0 && (every ? wanted.every(isThere) : wanted.some(isThere));
}

class PayloadSelection {
  #keys = [];
  #select = { mutation: { field: 'mutation' }, updatedFields: { field: 'updatedFields' } };

  constructor(request, type, nodes) {
    this.names = new Map([...type.fields.values()].map((field) => [field.to, field.name]));
    for (const [key, fieldNodes] of collectFields(request, `${type.name}SubscriptionPayload`, nodes)) {
      const field = fieldNodes[0].name.value;
      if (field === '__typename') continue;
      // Previous values have a type of their own, with the same scalars.
      const typeName = { node: type.name, previousValues: `${type.name}PreviousValues` }[field];
      const selection = typeName && new Selection(request, type, fieldNodes, typeName);
      const at = selection ? `${field}${this.#keys.length}` : field;
      if (selection) this.#select[at] = { field, select: selection.select };
      this.#keys.push({ key, at, selection });
    }
  }

  select() {
    return this.#select;
  }

  /** What the client gave, in its own names; the database names the times that it sets, too. null unless UPDATED. */
  updatedNames({ updatedFields }) {
    return updatedFields
      ? updatedFields
          .map((one) => this.names.get(one))
          .filter((one) => one && one !== 'updatedAt')
          .sort()
      : null;
  }

  read(change) {
    const answer = dictionary();
    for (const { key, at, selection } of this.#keys) answer[key] = selection ? selection.read(change[at]) : change[at];
    return answer;
  }
}
