// Subscriptions: the root fields of Subscription, fed from the database's own events (specification §6.7). An event is
// {request, read() → the payload}.
import { collectFields, Selection } from './reading/selection.js';
import { whereOf } from './reading/filter.js';

export const subscribeTo = (type) => (context, args, request, nodes) => {
  const payload = new PayloadSelection(request, type, nodes);
  const changes = context.subscribe({
    model: type.to,
    where: conditionOf(type, args.filter),
    select: payload.select(),
  });
  return new Events(changes, payload, request, isEvent);
};

/**
 * The changes that are events, each read by the selection `payload`. Written by hand, since the end of a generator that waits would wait
 * for another event.
 */
export class Events {
  constructor(changes, payload, request, isEvent = () => true) {
    Object.assign(this, { changes, payload, request, isEvent });
  }

  async next() {
    for (;;) {
      const { value: change, done } = await this.changes.next();
      if (done) return { value: undefined, done };
      if (this.isEvent(change)) return { value: this.#event(change), done: false };
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

/** An update that touched relations only was none. */
const isEvent = ({ mutation, updatedFields }) => mutation !== 'UPDATED' || updatedFields?.length > 0;

/** {mutation_in, updatedFields_contains…, node, AND, OR} */
function conditionOf(type, filter) {
  if (!filter) return undefined;
  const where = {};
  for (const [key, value] of Object.entries(filter)) {
    if (key === 'AND' || key === 'OR') where[key] = [value].flat().map((one) => conditionOf(type, one) ?? {});
    else if (key === 'node') where.node = value === null ? null : (whereOf(type, value) ?? {});
    else if (key.startsWith('updatedFields')) where[key] = Array.isArray(value) ? value.map((name) => targetName(type, name)) : targetName(type, value);
    else where[key] = value;
  }
  return where;
}

const targetName = (type, name) => type.fields.get(name)?.to ?? name;

class PayloadSelection {
  #keys = [];

  constructor(request, type, nodes) {
    this.names = new Map([...type.fields.values()].map((field) => [field.to, field.name]));
    const found = collectFields(request, `${type.name}SubscriptionPayload`, nodes);
    for (const [key, fieldNodes] of found) {
      const name = fieldNodes[0].name.value;
      if (name === '__typename') continue;
      const selection = name === 'node' ? new Selection(request, type, fieldNodes) : name === 'previousValues' ? previousOf(request, type, fieldNodes) : null;
      if (name === 'node') this.node = merged(this.node, selection);
      if (name === 'previousValues') this.previous = merged(this.previous, selection);
      this.#keys.push({ key, name, selection });
    }
  }

  select() {
    const select = { mutation: { field: 'mutation' }, updatedFields: { field: 'updatedFields' } };
    if (this.node) select.node = { field: 'node', select: this.node.select };
    if (this.previous) select.previousValues = { field: 'previousValues', select: this.previous.select };
    return select;
  }

  /** What the client gave, in its own names; the database names the times that it sets, too. */
  #names(fields) {
    return fields.map((one) => this.names.get(one)).filter((one) => one && one !== 'updatedAt').sort();
  }

  read({ mutation, node, updatedFields, previousValues }) {
    const answer = {};
    for (const { key, name, selection } of this.#keys) {
      if (name === 'mutation') answer[key] = mutation;
      else if (name === 'node') answer[key] = selection.read(node);
      else if (name === 'previousValues') answer[key] = selection.read(previousValues);
      else answer[key] = updatedFields ? this.#names(updatedFields) : null;
    }
    return answer;
  }
}

/** The type of previous values has another name and the same scalars. */
const previousOf = (request, type, fieldNodes) => new Selection(request, type, fieldNodes, `${type.name}PreviousValues`);

/** Two aliases of `node` are one question: their selections are asked together. */
function merged(before, now) {
  if (!before) return now;
  Object.assign(now.select, before.select);
  return now;
}
