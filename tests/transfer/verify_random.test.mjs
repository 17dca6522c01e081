// verify against targets that were spoilt at random: each difference is named by its id and field, and nothing else is.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { startPrisma } from '../../fixtures/servers/prisma/server.mjs';
import { Store } from '../../fixtures/servers/prisma/store.mjs';
import { test, truth } from '../lib.mjs';
import { secret, staged } from './importing.mjs';

const seeds = Number(process.env.VERIFY_SEEDS ?? 12);

/** A seeded source of numbers and choices. */
class Random {
  constructor(seed) {
    this.state = seed * 2654435761 % 2147483647 || 1;
  }
  below(limit) {
    this.state = (this.state * 48271) % 2147483647;
    return this.state % limit;
  }
  of(list) {
    return list[this.below(list.length)];
  }
}

function copyOf(store) {
  const copy = new Store(store.datamodel, { database: store.database, schema: store.schema });
  for (const { name, id, lists } of store.datamodel.types.values())
    for (const row of store.rows(name)) {
      copy.insert(name, row);
      for (const field of lists) copy.setList(name, row[id.name], field.name, [...store.list(name, row[id.name], field.name)]);
    }
  for (const { name } of store.datamodel.relations.values()) for (const [a, b] of store.pairs(name)) copy.link(name, a, b);
  return copy;
}

// ---- spoiling ----

/** Another value of the field, or undefined if there is none. The smallest change that there is, half of the time. */
function otherValue(random, field, value, datamodel) {
  const small = random.below(2) === 0;
  if (field.kind === 'enum') return datamodel.enums.get(field.type).filter((one) => one !== value).at(0);
  switch (field.type) {
    case 'Boolean':
      return !value;
    case 'Int':
      return small && value !== null && value < 2 ** 31 - 1 ? value + 1 : random.below(1 << 30);
    case 'Float':
      return small && value ? value * (1 + 3 * Number.EPSILON) : random.below(1 << 30) / 8;
    case 'DateTime':
      return small && value !== null ? value + 1 : Date.UTC(2001, random.below(12), 1 + random.below(28)) + random.below(1000);
    case 'Json':
      return JSON.stringify({ spoilt: [random.below(1 << 30), null, 'é'], n: 1 }).replace('1}', '12345678901234567890}');
    case 'ID':
      return `x${random.below(1 << 30)}`;
    default:
      return small && value ? `${value}${random.of([' ', '.', '\u00e9', '😀'])}` : `spoilt ${random.below(1 << 30)}`;
  }
}

/** The same Json in other words. */
const reordered = (value) =>
  Array.isArray(value) ? value.map(reordered)
  : value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).reverse().map(([key, one]) => [key, reordered(one)]))
  : value;

class Spoiler {
  /** Nodes that something is known of already are left alone. */
  constructor(store, random, known) {
    const touched = new Set(known.map((text) => text.replace(/^((?:missing|extra) pair|\S+) (\S+ \S+).*$/, '$2')));
    Object.assign(this, { store, random, datamodel: store.datamodel, touched, expected: [] });
    this.types = [...store.datamodel.types.values()].filter(({ name }) => store.count(name));
  }

  expect(kind, type, id, field) {
    this.expected.push([kind, type, id, field ?? null].join(' '));
  }

  /** A node that nothing was done to yet. */
  pick(usable = () => true) {
    const types = this.types.filter((type) => usable(type) && this.store.count(type.name));
    for (let tries = 0; types.length && tries < 20; tries++) {
      const type = this.random.of(types);
      const row = this.random.of(this.store.sortedRows(type.name));
      const key = `${type.name} ${row[type.id.name]}`;
      if (this.touched.has(key)) continue;
      this.touched.add(key);
      return { type, row, id: row[type.id.name] };
    }
    return null;
  }

  value() {
    const found = this.pick((type) => type.scalars.length > 1);
    if (!found) return;
    const { type, row, id } = found;
    const field = this.random.of(type.scalars.slice(1));
    const empty = !field.required && row[field.name] !== null && this.random.below(4) === 0;
    const value = empty ? null : otherValue(this.random, field, row[field.name], this.datamodel);
    if (value === undefined) return;
    this.store.update(type.name, id, { [field.name]: value });
    const now = this.store.node(type.name, id)[field.name];
    if (now !== row[field.name]) this.expect('value', type.name, id, field.name);
  }

  sameJson() {
    const found = this.pick((type) => type.scalars.some((field) => field.type === 'Json'));
    if (!found) return;
    const { type, row, id } = found;
    for (const field of type.scalars)
      if (field.type === 'Json' && row[field.name] && !/\d{15}|[eE.]/.test(row[field.name]))
        this.store.update(type.name, id, { [field.name]: JSON.stringify(reordered(JSON.parse(row[field.name])), null, 1) });
  }

  list() {
    const found = this.pick((type) => type.lists.length > 0);
    if (!found) return;
    const { type, id } = found;
    const field = this.random.of(type.lists);
    const old = this.store.list(type.name, id, field.name);
    const now = this.spoiltList(field, [...old]);
    this.store.setList(type.name, id, field.name, now);
    const stored = this.store.list(type.name, id, field.name);
    if (stored.length !== old.length || stored.some((value, at) => value !== old[at])) this.expect('list', type.name, id, field.name);
  }

  spoiltList(field, list) {
    const at = list.length ? this.random.below(list.length) : 0;
    const way = list.length ? this.random.below(5) : 4;
    if (way === 0) list.splice(at, 1);
    else if (way === 1) list.splice(at, 0, list[at]);
    else if (way === 2) list.reverse();
    else if (way === 3) list[at] = otherValue(this.random, field, list[at], this.datamodel) ?? list[at];
    else list.push(otherValue(this.random, field, null, this.datamodel));
    return list;
  }

  lostNode() {
    const found = this.pick();
    if (!found) return;
    this.store.remove(found.type.name, found.id);
    this.expect('missing', found.type.name, found.id);
  }

  extraNode() {
    const found = this.pick();
    if (!found) return;
    const { type, row } = found;
    const copy = { ...row, [type.id.name]: `extra${this.random.below(1 << 30)}` };
    for (const field of type.scalars.slice(1)) if (field.unique) copy[field.name] = otherValue(this.random, field, null, this.datamodel);
    try {
      this.store.insert(type.name, copy);
    } catch {
      return;
    }
    this.touched.add(`${type.name} ${copy[type.id.name]}`);
    this.expect('extra', type.name, copy[type.id.name]);
  }

  /** Pairs are compared with those of before at the end: see pairDifferences. */
  lostPair() {
    const relations = [...this.datamodel.relations.values()].filter(({ name }) => !this.store.pairs(name).next().done);
    if (!relations.length) return;
    const { name } = this.random.of(relations);
    const [a, b] = this.random.of([...this.store.pairs(name)]);
    this.store.unlink(name, a, b);
  }

  extraPair() {
    const relation = this.random.of([...this.datamodel.relations.values()]);
    if (!relation || !this.store.count(relation.A.type) || !this.store.count(relation.B.type)) return;
    const id = (type) => this.random.of(this.store.ids(type));
    this.store.link(relation.name, id(relation.A.type), id(relation.B.type), { ignoreRepeated: true });
  }

  once() {
    this[this.random.of(['value', 'value', 'value', 'sameJson', 'list', 'list', 'lostNode', 'extraNode', 'lostPair', 'extraPair', 'extraPair'])]();
  }
}

// ---- what verify should say of the pairs ----

/** A relation is read from one of its fields. Which, shows when each has lost or got a pair: Map(relation → {side, type, field, hides}). */
async function ownersOf(whole, verify) {
  const store = copyOf(whole);
  const relations = [...whole.datamodel.relations.values()];
  for (const { name, A, B } of relations) {
    const [pair] = store.pairs(name);
    if (pair) store.unlink(name, ...pair);
    else if (store.count(A.type) && store.count(B.type)) store.link(name, store.ids(A.type)[0], store.ids(B.type)[0]);
  }
  const fields = (await verify(store)).told.map((text) => /^(?:missing|extra) pair (\S+) \S+ (\S+)/.exec(text)).filter(Boolean);
  const owners = new Map();
  for (const relation of relations)
    for (const side of ['A', 'B']) {
      const { type, field, list } = relation[side];
      const hides = !list && !(relation.link === 'INLINE' && relation.inlineOwner === side);
      if (field && fields.some((found) => found[1] === type && found[2] === field)) owners.set(relation.name, { side, type, field, hides });
    }
  return owners;
}

function partnersOf(store, relation, { side }) {
  const partners = new Map();
  for (const [a, b] of store.pairs(relation.name)) {
    const [id, other] = side === 'A' ? [a, b] : [b, a];
    if (!partners.has(id)) partners.set(id, new Set());
    partners.get(id).add(other);
  }
  return partners;
}

/** What differs between two stores, of the nodes that are in the second. A row behind the one that a to-one field answers has no id. */
function* pairDifferences(before, after, owners) {
  for (const relation of before.datamodel.relations.values()) {
    const owner = owners.get(relation.name);
    if (!owner) continue;
    const [old, now] = [before, after].map((store) => partnersOf(store, relation, owner));
    for (const id of after.ids(owner.type)) {
      const [was, is] = [old.get(id) ?? new Set(), now.get(id) ?? new Set()];
      const place = `${owner.type} ${id} ${owner.field}`;
      for (const other of was) if (!is.has(other)) yield `missing pair ${place} ${other}`;
      const [answered] = after.neighbours(relation.name, owner.side, id);
      let hidden = false;
      for (const other of is) {
        if (was.has(other)) continue;
        if (owner.hides && other !== answered) hidden = true;
        else yield `extra pair ${place} ${other}`;
      }
      if (hidden) yield `extra pair ${place} (hidden)`;
    }
  }
}

function told({ kind, type, id, field, source, target }) {
  if (kind === 'missing pair') return `${kind} ${type} ${id} ${field} ${source}`;
  if (kind === 'extra pair') return `${kind} ${type} ${id} ${field} ${target.startsWith('(') ? '(hidden)' : target}`;
  return [kind, type, id, field].join(' ');
}

// ---- the runs ----

async function verified(run, endpoint) {
  const { code, stdout, stderr } = await run.verify(endpoint, ['--format', 'json', '--limit', '0']);
  assert([0, 5, 6].includes(code), `verify ended with ${code}: ${stderr}`);
  const answer = JSON.parse(stdout);
  assert.deepEqual(answer.unchecked, [], stdout.slice(0, 2000));
  return { code, told: answer.differences.map(told) };
}

const minus = (list, other) => {
  const rest = [...other];
  return list.filter((one) => {
    const at = rest.indexOf(one);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
};

for (const name of ['social', 'links', 'kinds'])
  for (const database of ['mysql', 'postgres'])
    await test(`verify names exactly what is spoilt in a target: ${name} on ${database}`, async () => {
      truth(`ndf/${name}`);
      const stage = await staged(name, database);
      const server = await startPrisma({ database, services: [{ name: 'blog', stage: 'dev', secrets: [secret], sdl: readFileSync(stage.datamodel, 'utf8') }] });
      const endpoint = `${server.url}/blog/dev`;
      const service = server.services.get('blog@dev');
      try {
        const run = stage.fresh();
        const imported = await run.import(endpoint, ['--chunk-size', '200000', '--force']);
        assert([0, 6].includes(imported.code), imported.stderr);
        const whole = service.store;
        const base = await verified(run, endpoint);
        const verify = (store) => {
          service.store = store;
          server.changed(service);
          return verified(run, endpoint);
        };
        const owners = await ownersOf(whole, verify);
        const wrong = [];
        let differences = 0;
        for (let seed = 1; seed <= seeds; seed++) {
          const store = copyOf(whole);
          const random = new Random(seed);
          const spoiler = new Spoiler(store, random, base.told);
          for (let n = 1 + random.below(seed % 3 === 0 ? 40 : 4); n > 0; n--) spoiler.once();
          const expected = [...base.told, ...spoiler.expected, ...pairDifferences(whole, store, owners)];
          const found = await verify(store);
          const [missed, more] = [minus(expected, found.told), minus(found.told, expected)];
          const code = expected.length > base.told.length ? 5 : base.code;
          if (missed.length || more.length || found.code !== code)
            wrong.push(`seed ${seed}: exit code ${found.code} for ${code}`, ...missed.map((one) => `  missed: ${one}`), ...more.map((one) => `  too much: ${one}`));
          differences += expected.length - base.told.length;
        }
        if (wrong.length) throw new Error(wrong.join('\n'));
        return `${seeds} targets, ${differences} differences, ${base.told.length} there before`;
      } finally {
        await server.close();
        stage.drop();
      }
    });
