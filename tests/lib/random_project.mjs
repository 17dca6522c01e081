// Random Graphcool projects with random data: scalars and lists of every type, relations of every shape, and values that have
// made tools lose data. Everything follows from the seed. The data are clean: what a source can hold that the target refuses
// (tests/transfer/check_*.test.mjs) isn't in them.
import { random } from '../fuzz/mutate.mjs';

const scalars = ['String', 'Int', 'Float', 'Boolean', 'DateTime', 'Json', 'Enum'];
const shapes = ['one-one', 'one-many', 'many-many', 'self one-one', 'self one-many', 'self many-many', 'self friends', 'self partner'];

const smallestPage = 2000;

class Source {
  constructor(seed, database) {
    this.next = random(seed);
    this.database = database;
    this.unique = 0;
  }
  below(n) {
    return Math.floor(this.next() * n);
  }
  chance(share) {
    return this.next() < share;
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  times(n, make) {
    return Array.from({ length: n }, (_, i) => make(i));
  }
  shuffled(list) {
    const all = [...list];
    for (let i = all.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [all[i], all[j]] = [all[j], all[i]];
    }
    return all;
  }

  // ---- values, as JSON text

  character() {
    const chance = this.next();
    if (chance < 0.65) return this.pick('abcdefghijklmnopqrstuvwxyz ABCXYZ0123456789');
    if (chance < 0.8) return this.pick([',', ',', '"', '\\', "'", '`', '[', ']', '{', '}', ':', '/', '$', '%', '-@-', '\\n', '\\"', '","', '&amp;']);
    if (chance < 0.9) return this.pick(['é', 'ß', 'İ', '名', '\u2028', '\ufffe', '😀', '👨‍👩‍👧', '\u{10ffff}', '\u202e', '\ufeff']);
    if (chance < 0.97) return this.pick(['\n', '\t', '\r', '\b', '\u0001', '\u001f', '\u007f']);
    // PostgreSQL stores no NUL in text.
    return this.database === 'mysql' ? '\0' : '\u0002';
  }
  text(longest = this.pick([0, 3, 12, 40, 200])) {
    return this.times(this.below(longest + 1), () => this.character()).join('');
  }
  digits(n) {
    return String(1 + this.below(9)) + this.times(n - 1, () => this.below(10)).join('');
  }
  number() {
    return this.pick([
      () => String(this.below(1000) - 500),
      () => '9007199254740993',
      () => `-${this.digits(19)}`,
      () => this.digits(30),
      () => `0.${this.digits(20)}`,
      () => `${this.digits(2)}.50`,
      () => '1e400',
      () => `${this.digits(1)}.5E-7`,
    ])();
  }
  json(depth = 0) {
    const chance = this.next();
    if (depth < 4 && chance < 0.3) return `[${this.times(this.below(5), () => this.json(depth + 1)).join(',')}]`;
    if (depth === 0 || (depth < 4 && chance < 0.6)) {
      const members = new Map(this.times(this.below(6), () => [this.text(8), this.json(depth + 1)]));
      return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
    }
    if (chance < 0.75) return JSON.stringify(this.chance(0.1) ? `nul \0 ${this.text(5)}` : this.text());
    if (chance < 0.92) return this.number();
    return this.pick(['true', 'false', 'null']);
  }
  time() {
    // MySQL's and Java's calendars differ before 1583.
    const year = this.chance(0.1) ? this.pick([1583, 1700, 9999]) : 1970 + this.below(80);
    const ms = Date.UTC(year, this.below(12), 1 + this.below(28), this.below(24), this.below(60), this.below(60), this.chance(0.5) ? 0 : this.below(1000));
    return new Date(ms).toISOString();
  }
  value(field) {
    switch (field.type) {
      case 'Int': return String(this.chance(0.2) ? this.pick([-(2 ** 31), 2 ** 31 - 1, 0]) : this.below(2e6) - 1e6);
      // 15 digits: PostgreSQL keeps no more. Not below what the columns round to.
      case 'Float': return String(Number(`${this.pick(['', '-'])}${this.below(10)}.${this.digits(1 + this.below(13))}e${this.below(field.list ? 20 : 26) - (field.list ? 5 : 8)}`));
      case 'Boolean': return this.pick(['true', 'false']);
      case 'DateTime': return JSON.stringify(this.time());
      case 'Json': return this.json();
      case 'Password': return JSON.stringify(`$2a$10$${this.times(53, () => this.pick('abcXYZ019./')).join('')}`);
      case 'GraphQLID': return JSON.stringify(this.id());
      case 'String': return JSON.stringify(this.text());
      default: return JSON.stringify(this.pick(field.members));
    }
  }
  id() {
    const number = (++this.unique).toString(36).padStart(6, '0');
    if (this.chance(0.05)) return `${this.pick(['a/b', 'ü', 'has blank', '0', 'x', '_'])} ${number}`;
    return `cj${this.times(17, () => this.pick('abcdefghijklmnopqrstuvwxyz0123456789')).join('')}${number}`;
  }
  uniqueValue(field) {
    const number = ++this.unique;
    if (field.type === 'Int') return String(number);
    if (field.type === 'DateTime') return JSON.stringify(new Date(1e12 + number * 1000).toISOString());
    return JSON.stringify(`u${number}x ${this.chance(0.3) ? this.text(20) : ''}`);
  }
}

function makeTypes(source) {
  const enums = source.times(1 + source.below(2), (i) => ({ name: `Color${i}`, members: ['RED', 'Green', 'blue_1', 'X', 'lightBlue'].slice(0, 2 + source.below(4)) }));
  const types = source.times(1 + source.below(4), (i) => ({
    name: source.pick(['Post', 'Author', 'City', 'OrderLine', 'Unused', 'Item']) + i,
    hidden: source.chance(0.3),
    fields: [],
    rows: [],
  }));
  for (const type of types) {
    const count = source.below(7);
    for (let i = 0; i < count; i++) {
      const kind = source.pick([...scalars, 'String', 'String', 'Password', 'GraphQLID']);
      const list = !['Password', 'GraphQLID'].includes(kind) && source.chance(0.4);
      const one = source.pick(enums);
      const unique = !list && ['String', 'Int', 'DateTime'].includes(kind) && source.chance(0.2);
      const required = source.chance(0.4);
      const members = kind === 'Enum' ? one.members : undefined;
      type.fields.push({ name: `${source.pick(['a', 'name', 'someText', 'x_', 'zed'])}${i}`, type: kind === 'Enum' ? one.name : kind, members, list, unique, required });
    }
  }
  return { enums, types };
}

/** Relations: fields on one or two types, `rows` filled when the nodes are there. */
function makeRelations(source, types) {
  return source.times(source.below(5), (i) => {
    const shape = source.pick(shapes);
    const self = shape.startsWith('self');
    const a = source.pick(types);
    const others = types.filter((type) => type !== a);
    const relation = { name: `Rel${i}`, shape: self || others.length ? shape : `self ${shape}`, a, rows: [] };
    const selfShape = relation.shape.startsWith('self');
    relation.b = selfShape ? a : source.pick(others);
    const [, one, other] = /(?:self )?(one|many|friends|partner)(?:-(one|many))?/.exec(relation.shape);
    relation.single = other === undefined;
    const name = (suffix) => `${source.pick(['link', 'zone', 'b', 'owner'])}${i}${suffix}`;
    relation.aField = name('to');
    relation.aMany = relation.single ? one === 'friends' : other === 'many';
    if (!relation.single) relation.bField = name('from');
    relation.bMany = relation.single ? relation.aMany : one === 'many';
    // One that must be there, at a to-one field of another type.
    relation.bRequired = !selfShape && !relation.bMany && source.chance(0.25);
    return relation;
  });
}

function fillRows(source, type, most) {
  const count = source.chance(0.1) ? 0 : source.below(most + 1);
  for (let i = 0; i < count; i++) {
    const row = { id: source.id(), values: new Map() };
    for (const field of type.fields) {
      if (field.list) {
        const length = source.chance(0.3) ? 0 : source.chance(0.03) ? 200 : source.below(6);
        if (length || field.required) row.values.set(field.name, `[${source.times(length, () => source.value(field)).join(',')}]`);
      } else if (field.required || source.chance(0.7)) {
        row.values.set(field.name, field.unique ? source.uniqueValue(field) : source.value(field));
      }
    }
    // Now and then larger than a page of the export.
    const string = type.fields.find((field) => field.type === 'String' && !field.list && !field.unique);
    if (string && !type.hidden && source.chance(0.02)) row.values.set(string.name, JSON.stringify(source.text(0) + 'long, "text" 😀 '.repeat(400 + source.below(400))));
    row.values.set('createdAt', JSON.stringify(new Date(1.5e12 + source.below(1e9) * 1000).toISOString()));
    row.values.set('updatedAt', JSON.stringify(new Date(1.6e12 + source.below(1e9) * 1000).toISOString()));
    type.rows.push(row);
  }
  // A node larger than a page comes through the API alone, which doesn't show what is hidden (export says so, and ends with 3).
  if (type.rows.some(({ values }) => [...values].join().length > smallestPage / 2)) type.hidden = false;
}

/** Pairs in which no to-one end has two. */
function fillRelation(source, relation) {
  const { a, b, aMany, bMany } = relation;
  const used = { a: new Set(), b: new Set() };
  const pairs = new Set();
  const add = (one, other) => {
    const key = JSON.stringify([one.id, other.id]);
    if (pairs.has(key) || (!aMany && used.a.has(one.id)) || (!bMany && used.b.has(other.id))) return;
    if (relation.shape === 'self partner' && (used.a.has(other.id) || used.a.has(one.id))) return;
    pairs.add(key);
    relation.rows.push([one.id, other.id]);
    used.a.add(one.id);
    used.b.add(other.id);
    if (relation.shape === 'self partner') used.a.add(other.id);
  };
  const some = (rows) => rows.filter(() => source.chance(0.7));
  if (relation.bRequired) {
    // Each of b has one of a; where there are too few, those without go.
    const left = source.shuffled(a.rows);
    b.rows.forEach((row, i) => (aMany ? left.length && add(source.pick(left), row) : left[i] && add(left[i], row)));
    return;
  }
  if (!a.rows.length || !b.rows.length) return;
  const tries = (aMany && bMany ? 2 : 1) * Math.max(a.rows.length, b.rows.length);
  for (const one of some(source.times(tries, () => null))) add(one ?? source.pick(a.rows), source.pick(b.rows));
}

function sdl({ enums, types }, relations) {
  const field = (name, type, more = '') => `  ${name}: ${type}${more}\n`;
  let text = '';
  for (const type of types) {
    text += `type ${type.name} @model {\n${field('id', 'ID!', ' @isUnique')}`;
    if (!type.hidden) text += field('createdAt', 'DateTime!') + field('updatedAt', 'DateTime!');
    for (const one of type.fields) text += field(one.name, (one.list ? `[${one.type}!]` : one.type) + (one.required ? '!' : ''), one.unique ? ' @isUnique' : '');
    for (const relation of relations) {
      const end = (name, other, many, required) => field(name, many ? `[${other.name}!]!` : `${other.name}${required ? '!' : ''}`, ` @relation(name: "${relation.name}")`);
      if (relation.a === type) text += end(relation.aField, relation.b, relation.aMany, false);
      if (relation.b === type && relation.bField) text += end(relation.bField, relation.a, relation.bMany, relation.bRequired);
    }
    text += '}\n';
  }
  return text + enums.map(({ name, members }) => `enum ${name} {\n  ${members.join('\n  ')}\n}\n`).join('');
}

/** What a stand-in takes with --data: its own dump. */
function dump({ types }, relations) {
  const models = types.map((type) => {
    const rows = type.rows.map(({ id, values }) => `{"id":${JSON.stringify(id)}${[...values].map(([name, value]) => `,${JSON.stringify(name)}:${value}`).join('')}}`);
    return `${JSON.stringify(type.name)}:{"rows":[${rows.join(',\n')}]}`;
  });
  // Side A is that of the field which comes first in the document.
  const turned = ({ a, b, rows }) => (types.indexOf(a) > types.indexOf(b) ? rows.map(([one, other]) => [other, one]) : rows);
  const links = relations.map((relation) => `${JSON.stringify(relation.name)}:{"rows":${JSON.stringify(turned(relation))}}`);
  return `{"models":{${models.join(',')}},"relations":{${links.join(',')}}}\n`;
}

/** {types, yml, data, database, pageLimit, rowWindow, counts} of a seed. */
export function randomProject(seed) {
  const source = new Source(seed, seed % 2 ? 'mysql' : 'postgres');
  const made = makeTypes(source);
  const relations = makeRelations(source, made.types);
  const most = source.pick([3, 15, 40, 120]);
  for (const type of made.types) fillRows(source, type, most);
  for (const relation of relations) fillRelation(source, relation);
  // A node whose required relation has no row is no clean data: where one is missing, it need not be there.
  for (const relation of relations)
    if (relation.bRequired && relation.rows.length < relation.b.rows.length) relation.bRequired = false;
  const elements = made.types.reduce((sum, type) => sum + type.rows.length, 0) + relations.reduce((sum, { rows }) => sum + rows.length, 0);
  return {
    types: sdl(made, relations),
    yml: 'types: ./types.graphql\npermissions:\n  - operation: "*"\n',
    data: dump(made, relations),
    database: source.database,
    pageLimit: source.pick([smallestPage, 3000, 5000]),
    rowWindow: source.pick([7, 20, 50]),
    elements,
  };
}
