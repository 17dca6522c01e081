// Does with any Prisma service what can be done with it, led by nothing but its schema: creates, relates, reads, filters, orders,
// pages, changes and deletes nodes of every type, and checks that the answers fit together.
//
//   const exerciser = new Exerciser(api, {deep})      api: fixtures/servers/prisma/api; its data is cleared again and again
//   await exerciser.run() → Map(type → problem | null)   'circle: …': no first node can be made; other problems say what went wrong
//       deep   without it: only what truth/prisma/random.json.gz tells: can a node be created, related and read
import assert from 'node:assert/strict';
import { graphql } from '../../fixtures/servers/prisma/api/packages.mjs';

class Circle extends Error {}
/** An answer with errors; code is that of the first. */
class Answered extends Error {
  constructor(errors, query) {
    super(`${errors[0].message}\n${query}`);
    this.code = errors[0].code;
  }
}

const { getNamedType, isEnumType, isInputObjectType, isLeafType, isListType, isNonNullType } = graphql;
/** {set} of a list of scalars; every other input object within an input is a relation's. */
const isScalarList = (named) => Boolean(named.getFields().set) && isLeafType(getNamedType(named.getFields().set.type));
const isList = (type) => isListType(graphql.getNullableType(type));
/** A relation to what nobody can make is no fault of this type. */
function notInCircle(error) {
  if (error instanceof Circle) return null;
  throw error;
}
/** Ids that no node has. */
const nobody = { ID: 'nobody', Int: 987654, UUID: '00000000-0000-4000-8000-0000000fffff' };
const circle = 'circle: required relations need each other';

export class Exerciser {
  #count = 0;

  constructor(api, { deep = true } = {}) {
    Object.assign(this, { api, deep, schema: api.schema });
    this.queries = Object.values(api.schema.getQueryType().getFields());
    this.mutations = api.schema.getMutationType()?.getFields() ?? {};
  }

  async run() {
    const problems = new Map();
    for (const model of this.api.datamodel.types.values()) {
      this.api.store.clear();
      this.model = model;
      problems.set(model.name, await this.#exercise(model));
    }
    return problems;
  }

  async #exercise(model) {
    for (const step of this.deep ? ['create', 'relate', 'read', 'filter', 'order', 'page', 'change', 'nest', 'remove'] : ['create', 'relate', 'read']) {
      try {
        await this[step](model);
      } catch (error) {
        if (error instanceof Circle) return circle;
        return `${this.at ? `${step} ${this.at}` : step}: ${error.message}`;
      } finally {
        this.at = null;
      }
    }
    return null;
  }

  async ask(query, variables = {}) {
    const { status, body } = await this.api.execute(JSON.stringify({ query, variables }));
    const { data, errors } = JSON.parse(body);
    if (errors) throw new Answered(errors, `${query} ${JSON.stringify(variables)}`);
    assert.equal(status, 200);
    return data;
  }

  /** True when the answer was an error with one of the codes. */
  async refusedWith(codes, work) {
    try {
      await work();
      return false;
    } catch (error) {
      if (error instanceof Answered && codes.includes(error.code)) return true;
      throw error;
    }
  }

  // What the schema says of a type

  scalars(model) {
    return this.#fields(model.name).filter(({ type }) => isLeafType(getNamedType(type)));
  }

  #fields(name) {
    return Object.values(this.schema.getType(name)?.getFields?.() ?? {});
  }

  /** The fields of a node as text: scalars, and the ids at the other ends. */
  selection(model) {
    return this.#fields(model.name)
      .map(({ name, type }) => (isLeafType(getNamedType(type)) ? name : `${name} { ${this.idOf(getNamedType(type).name)} }`))
      .join(' ');
  }

  idOf(type) {
    return this.api.datamodel.types.get(type).id.name;
  }

  root(model, suffix, test) {
    return this.queries.find((field) => field.args.some(({ name, type }) => name === 'where' && getNamedType(type).name === `${model.name}${suffix}`) && test(field)).name;
  }

  // Values

  value(type, n) {
    const named = getNamedType(type);
    if (isEnumType(named)) return named.getValues()[n % named.getValues().length].name;
    const text = String(n).padStart(4, '0');
    return {
      Int: n,
      Float: n + 0.25,
      Boolean: n % 2 === 0,
      ID: `id${text}`,
      DateTime: new Date(Date.UTC(2000, 0, 1) + n * 86400000 + n).toISOString(),
      Json: { n, list: [n, null, `é ${n}`] },
      UUID: `00000000-0000-4000-8000-${text.padStart(12, '0')}`,
      String: `text ${text}`,
    }[named.name];
  }

  /** A complete input; relations only where they are required (or `also` names them). */
  input(name, also = null, path = []) {
    if (path.includes(name)) throw new Circle(circle);
    const input = {};
    for (const field of this.#fields(name)) {
      const named = getNamedType(field.type);
      const n = ++this.#count;
      if (!isInputObjectType(named)) input[field.name] = this.value(field.type, n);
      else if (isScalarList(named)) input[field.name] = { set: [n, n + 1, n].map((one) => this.value(named.getFields().set.type, one)) };
      else if (named.getFields().create && isNonNullType(field.type)) input[field.name] = this.creating(named, [...path, name]);
      else if (field.name === also) input[field.name] = this.creating(named);
    }
    return input;
  }

  /** {create} of a relation's input; two for a list. */
  creating(relationInput, path = []) {
    const { type } = relationInput.getFields().create;
    const inner = getNamedType(type).name;
    return { create: isList(type) ? [this.input(inner, null, path), this.input(inner, null, path)] : this.input(inner, null, path) };
  }

  async make(model, also = null, change = (data) => data, selection = this.selection(model)) {
    const mutation = this.mutations[`create${model.name}`];
    if (mutation.args.length === 0) return (await this.ask(`mutation { node: create${model.name} { ${selection} } }`)).node;
    const type = `${model.name}CreateInput`;
    const data = change(this.input(type, also));
    try {
      const { node } = await this.ask(`mutation ($data: ${type}!) { node: create${model.name}(data: $data) { ${selection} } }`, { data });
      for (const { name } of this.scalars(model)) if (name in data) assert.deepEqual(node[name], data[name]?.set ?? data[name], `${model.name}.${name}`);
      return node;
    } catch (error) {
      // A unique field of few values is soon used up.
      if (error.code === 3010 && this.#narrow(error.message)) return null;
      throw error;
    }
  }

  #narrow(message) {
    const [, type, field] = /violated on (\w+)\. Details: Field name = (\w+)/.exec(message) ?? [];
    const found = this.api.datamodel.types.get(type)?.fields.get(field);
    return found && (found.type === 'Boolean' || found.kind === 'enum' || found.defaultValue || found.createdAt || found.updatedAt);
  }

  async list(model, parameters = '', selection = this.selection(model)) {
    const name = this.root(model, 'WhereInput', ({ type }) => isList(type));
    return (await this.ask(`{ nodes: ${name}${parameters && `(${parameters})`} { ${selection} } }`)).nodes;
  }

  /** Ids of what a filter (of values, as variables) finds. */
  async found(model, where) {
    const name = this.root(model, 'WhereInput', ({ type }) => isList(type));
    const { nodes } = await this.ask(`query ($where: ${model.name}WhereInput) { nodes: ${name}(where: $where) { id: ${model.id.name} } }`, { where });
    return nodes.map(({ id }) => id);
  }

  // The steps

  async create(model) {
    const scalars = this.scalars(model).map(({ name }) => name).join(' ');
    const node = await this.make(model, null, undefined, scalars);
    assert.ok(node, 'nothing was made');
  }

  async relate(model) {
    for (const field of this.#relationInputs(`${model.name}CreateInput`)) {
      this.at = field.name;
      const node = await this.make(model, field.name).catch(notInCircle);
      if (!node || this.#lopsided(model.fields.get(field.name))) continue;
      const ids = [node[field.name]].flat().map((other) => other[this.idOf(model.fields.get(field.name).target)]);
      assert.equal(ids.length, isList(getNamedType(field.type).getFields().create.type) ? 2 : 1, `${model.name}.${field.name}`);
      await this.#seenFromThere(model, model.fields.get(field.name), node[model.id.name], ids);
    }
    this.at = null;
  }

  #relationInputs(name) {
    return this.#fields(name).filter(({ type }) => isInputObjectType(getNamedType(type)) && !isScalarList(getNamedType(type)) && getNamedType(type).getFields().create);
  }

  async #seenFromThere(model, field, id, others) {
    if (!field.back || this.#lopsided(field)) return;
    const target = this.api.datamodel.types.get(field.target);
    for (const other of await this.list(target, '', `${target.id.name} ${field.back} { ${model.id.name} }`)) {
      if (!others.includes(other[target.id.name])) continue;
      const back = [other[field.back]].flat().map((one) => one?.[model.id.name]);
      assert.ok(back.includes(id), `${field.target}.${field.back} does not know of ${model.name}.${field.name}`);
    }
  }

  #lopsided(field) {
    return this.api.datamodel.relations.get(field.relation.name).lopsided;
  }

  async read(model) {
    const [node] = await this.list(model);
    const single = this.root(model, 'WhereUniqueInput', () => true);
    const type = this.schema.getType(`${model.name}WhereUniqueInput`);
    for (const { name } of Object.values(type.getFields())) {
      // A list there is a trap of the server's own: it breaks.
      if (node[name] === null || Array.isArray(node[name])) continue;
      const { found } = await this.ask(`query ($where: ${type.name}!) { found: ${single}(where: $where) { ${this.selection(model)} } }`, { where: { [name]: node[name] } });
      assert.deepEqual(found, node, `by ${name}`);
    }
  }

  /** Some more nodes, some of them with nothing but what is required. */
  async filter(model) {
    for (let n = 0; n < 4; n++) {
      const required = (type) => (data) => Object.fromEntries(Object.entries(data).filter(([key]) => isNonNullType(this.schema.getType(type).getFields()[key].type)));
      await this.make(model, null, n % 2 ? required(`${model.name}CreateInput`) : undefined);
    }
    const all = await this.list(model);
    const keys = this.schema.getType(`${model.name}WhereInput`).getFields();
    for (const field of model.fields.values()) {
      if (!keys[field.name] && !keys[`${field.name}_some`]) continue;
      this.at = field.name;
      if (field.kind === 'relation') await this.#filterRelation(model, field, all);
      else await this.#filterScalar(model, field, all, keys);
    }
    this.at = null;
    const ids = all.map((node) => node[model.id.name]);
    assert.deepEqual(await this.found(model, { AND: [] }), ids);
    assert.deepEqual(await this.found(model, { OR: [] }), []);
    assert.deepEqual(await this.found(model, { NOT: [{ OR: [] }] }), ids);
  }

  async #filterScalar(model, { name }, all, keys) {
    const empty = (await this.found(model, { [name]: null })).length;
    assert.equal(empty, all.filter((node) => node[name] === null).length);
    assert.equal((await this.found(model, { [`${name}_not`]: null })).length, all.length - empty);
    const some = all.find((node) => node[name] !== null);
    if (!some) return;
    const count = async (suffix, value = some[name]) => (await this.found(model, { [name + suffix]: value })).length;
    const equal = await this.found(model, { [name]: some[name] });
    assert.ok(equal.includes(some[model.id.name]), `${name}: its own value`);
    assert.equal(equal.length + (await count('_not')) + empty, all.length, '_not');
    assert.deepEqual(await this.found(model, { NOT: [{ [name]: some[name] }] }), await this.found(model, { [`${name}_not`]: some[name] }), 'NOT');
    for (const [one, other, value] of [['_in', '_not_in', [some[name]]], ['_lt', '_gte'], ['_lte', '_gt'], ['_contains', '_not_contains'], ['_starts_with', '_not_starts_with'], ['_ends_with', '_not_ends_with']])
      if (keys[name + one]) assert.equal((await count(one, value)) + (await count(other, value)) + empty, all.length, `${one} and ${other}`);
    assert.equal(await count('_in', []).catch(() => 0), 0, '_in: []');
  }

  async #filterRelation(model, field, all) {
    const ids = (list) => list.map((node) => node[model.id.name]);
    const filled = all.filter((node) => (field.list ? node[field.name].length : node[field.name]));
    if (!field.list) {
      assert.deepEqual(await this.found(model, { [field.name]: {} }), ids(filled));
      assert.equal((await this.found(model, { [field.name]: null })).length, all.length - filled.length);
      return;
    }
    assert.deepEqual(await this.found(model, { [`${field.name}_some`]: {} }), ids(filled));
    assert.deepEqual(await this.found(model, { [`${field.name}_every`]: {} }), ids(all));
    const none = await this.found(model, { [`${field.name}_none`]: {} });
    // A foreign key at the other end that is empty hides everybody.
    const mayHide = field.relation.link === 'INLINE' && field.relation.inlineOwner !== field.relation.side;
    assert.ok(none.length === all.length - filled.length || (mayHide && none.length === 0), '_none');
  }

  async order(model) {
    const all = await this.list(model);
    const ids = (nodes) => nodes.map((node) => node[model.id.name]);
    for (const { name } of this.schema.getType(`${model.name}OrderByInput`)?.getValues?.() ?? []) {
      this.at = name;
      const nodes = await this.list(model, `orderBy: ${name}`);
      assert.deepEqual(ids(nodes).sort(), ids(all).sort());
      assert.deepEqual(await this.list(model, `orderBy: ${name}, first: 2, skip: 1`), nodes.slice(1, 3));
      assert.deepEqual(await this.list(model, `orderBy: ${name}, last: 2`), nodes.slice(-2));
      const field = name.replace(/_(ASC|DESC)$/, '');
      const numbers = nodes.map((node) => node[field]).filter((value) => typeof value === 'number');
      const sorted = [...numbers].sort((a, b) => (name.endsWith('_ASC') ? a - b : b - a));
      assert.deepEqual(numbers, sorted);
    }
  }

  async page(model) {
    const all = await this.list(model);
    const pages = async (size, cursor, list) => {
      const nodes = [];
      for (;;) {
        const page = await this.list(model, `${size}${nodes.length ? `, ${cursor}: ${JSON.stringify(String(list(nodes)[model.id.name]))}` : ''}`);
        if (page.length === 0) return nodes;
        size.startsWith('first') ? nodes.push(...page) : nodes.unshift(...page);
      }
    };
    assert.deepEqual(await pages('first: 2', 'after', (nodes) => nodes.at(-1)), all);
    assert.deepEqual(await pages('last: 2', 'before', (nodes) => nodes[0]), all);
    assert.deepEqual(await this.list(model, 'after: "nobody"'), []);
    const connection = this.root(model, 'WhereInput', (field) => !isList(field.type));
    const { whole } = await this.ask(`{ whole: ${connection} { aggregate { count } pageInfo { hasNextPage startCursor } edges { cursor node { id: ${model.id.name} } } } }`);
    assert.equal(whole.aggregate.count, this.api.store.count(model.name));
    assert.deepEqual(whole.edges.map(({ cursor }) => cursor), whole.edges.map((edge) => String(edge.node.id)));
  }

  async change(model) {
    const { name, id } = model;
    const [node] = await this.list(model);
    const where = { [id.name]: node[id.name] };
    if (!this.mutations[`update${name}`]) return;
    const type = `${name}UpdateInput`;
    const data = Object.fromEntries(Object.entries(this.#scalarsOf(type)).filter(([key]) => !this.#few(model, key)));
    const updated = await this.ask(`mutation ($where: ${name}WhereUniqueInput!, $data: ${type}!) { node: update${name}(where: $where, data: $data) { ${this.selection(model)} } }`, { where, data });
    for (const [key, value] of Object.entries(data)) assert.deepEqual(updated.node[key], value?.set ?? value, `updated ${key}`);
    const upsert = (where) => this.ask(`mutation ($where: ${name}WhereUniqueInput!, $create: ${name}CreateInput!, $update: ${type}!) { node: upsert${name}(where: $where, create: $create, update: $update) { ${id.name} } }`, { where, create: this.input(`${name}CreateInput`), update: {} });
    const before = this.api.store.count(name);
    assert.equal((await upsert(where)).node[id.name], node[id.name]);
    assert.equal(this.api.store.count(name), before);
    if (!(await this.refusedWith([3010], () => upsert({ [id.name]: this.value(this.schema.getType(`${name}WhereUniqueInput`).getFields()[id.name].type, 9999) }))))
      assert.equal(this.api.store.count(name), before + 1);
    const many = Object.keys(this.mutations).find((one) => one.startsWith('updateMany') && getNamedType(this.mutations[one].args.find((arg) => arg.name === 'where')?.type ?? graphql.GraphQLInt).name === `${name}WhereInput`);
    if (!many) return;
    const changes = Object.fromEntries(Object.entries(this.#scalarsOf(`${name}UpdateManyMutationInput`)).filter(([key]) => !model.fields.get(key).unique));
    const { result } = await this.ask(`mutation ($data: ${name}UpdateManyMutationInput!) { result: ${many}(data: $data) { count } }`, { data: changes }).catch((error) => {
      if (error.code === 3010 && this.#narrow(error.message)) return {};
      throw error;
    });
    if (!result) return;
    assert.equal(result.count, this.api.store.count(name));
    for (const one of await this.list(model)) for (const [key, value] of Object.entries(changes)) assert.deepEqual(one[key], value?.set ?? value, `all ${key}`);
  }

  #scalarsOf(type) {
    const relations = this.#relationInputs(type).map(({ name }) => name);
    return Object.fromEntries(Object.entries(this.input(type)).filter(([key]) => !relations.includes(key)));
  }

  #few(model, key) {
    const field = model.fields.get(key);
    return field.unique && (field.type === 'Boolean' || field.kind === 'enum');
  }

  /** Every nested write that the schema offers, through an update. */
  async nest(model) {
    if (!this.mutations[`update${model.name}`]) return;
    for (const input of this.#relationInputs(`${model.name}UpdateInput`)) {
      const field = model.fields.get(input.name);
      const target = this.api.datamodel.types.get(field.target);
      this.at = input.name;
      await (field.list ? this.#nestMany(model, field, target, getNamedType(input.type)) : this.#nestOne(model, field, target, getNamedType(input.type)));
    }
    this.at = null;
  }

  async #write(model, node, field, operations) {
    const { name, id } = model;
    const answer = await this.ask(`mutation ($where: ${name}WhereUniqueInput!, $data: ${name}UpdateInput!) { node: update${name}(where: $where, data: $data) { ${this.selection(model)} } }`, { where: { [id.name]: node[id.name] }, data: { [field.name]: operations } });
    return [answer.node[field.name]].flat().filter(Boolean).map((other) => other[this.idOf(field.target)]);
  }

  async #nestMany(model, field, target, input) {
    const [node] = await this.list(model);
    const few = [3010, 3042];
    const at = (id) => ({ [target.id.name]: id });
    const write = (operations) => this.#write(model, node, field, operations);
    let ids = [];
    if (await this.refusedWith(few, async () => (ids = await write(this.creating(input))))) return;
    if (this.#lopsided(field)) return;
    assert.ok(ids.length >= 2, 'create');
    const two = ids.slice(0, 2);
    assert.deepEqual(await write({ connect: two.map(at) }), ids, 'connect what is connected');
    assert.deepEqual(await write({ set: [at(two[0])] }), [two[0]], 'set');
    assert.deepEqual([...(await write({ connect: [at(two[1])] }))].sort(), [...two].sort(), 'connect');
    if (!(await this.refusedWith([3042], async () => assert.deepEqual(await write({ disconnect: [at(two[0])] }), [two[1]], 'disconnect'))))
      assert.ok(await this.refusedWith([3041], () => write({ disconnect: [at(two[0])] })), 'disconnect twice');
    const fields = input.getFields();
    if (fields.update) {
      const data = this.#scalarsOf(getNamedType(getNamedType(fields.update.type).getFields().data.type).name);
      await this.refusedWith([3010], () => write({ update: [{ where: at(two[1]), data }] }));
    }
    if (fields.updateMany) await write({ updateMany: [{ where: {}, data: {} }] });
    assert.ok(await this.refusedWith([3039], () => write({ connect: [at(nobody[target.id.type])] })), 'connect nobody');
    if (!(await this.refusedWith([3042], async () => assert.deepEqual((await write({ delete: [at(two[1])] })).includes(two[1]), false, 'delete'))))
      assert.equal(this.api.store.node(target.name, two[1]), undefined, 'deleted');
    await this.refusedWith([3042], async () => assert.deepEqual(await write({ deleteMany: [{}] }), [], 'deleteMany'));
  }

  async #nestOne(model, field, target, input) {
    const nodes = await this.list(model);
    const write = (operations) => this.#write(model, nodes[0], field, operations);
    const at = (id) => ({ [target.id.name]: id });
    let ids = [];
    const refused = await this.refusedWith([3010, 3042], async () => (ids = await write(this.creating(input))));
    if (refused || this.#lopsided(field)) return;
    assert.equal(ids.length, 1, 'create');
    if (!(await this.refusedWith([3042], async () => assert.deepEqual(await write({ connect: at(ids[0]) }), ids, 'connect again')))) assert.equal(ids.length, 1);
    const fields = input.getFields();
    if (fields.update) {
      const data = this.#scalarsOf(getNamedType(fields.update.type).name);
      await this.refusedWith([3010], () => write({ update: data }));
    }
    if (!fields.disconnect) return;
    if (await this.refusedWith([3042], async () => assert.deepEqual(await write({ disconnect: true }), [], 'disconnect'))) return;
    assert.ok(await this.refusedWith([3041], () => write({ disconnect: true })), 'disconnect twice');
    assert.deepEqual(await write({ connect: at(ids[0]) }), ids, 'connect');
    if (!(await this.refusedWith([3042], async () => assert.deepEqual(await write({ delete: true }), [], 'delete'))))
      assert.equal(this.api.store.node(target.name, ids[0]), undefined, 'deleted');
  }

  async remove(model) {
    const { name, id } = model;
    for (const node of (await this.list(model)).slice(0, 2)) {
      const where = { [id.name]: node[id.name] };
      const scalars = this.scalars(model).filter((field) => !isList(field.type)).map((field) => field.name).join(' ');
      let deleted;
      const refused = await this.refusedWith([3042], async () => {
        deleted = (await this.ask(`mutation ($where: ${name}WhereUniqueInput!) { node: delete${name}(where: $where) { ${scalars} } }`, { where })).node;
      });
      if (refused) assert.ok(this.api.store.node(name, node[id.name]), 'refused, and gone');
      else {
        for (const [key, value] of Object.entries(deleted)) assert.deepEqual(value, node[key], `deleted ${key}`);
        assert.equal(this.api.store.node(name, node[id.name]), undefined);
        assert.ok(await this.refusedWith([3039], () => this.ask(`mutation ($where: ${name}WhereUniqueInput!) { delete${name}(where: $where) { ${id.name} } }`, { where })));
      }
    }
    const many = Object.keys(this.mutations).find((one) => one.startsWith('deleteMany') && getNamedType(this.mutations[one].args[0].type).name === `${name}WhereInput`);
    const before = this.api.store.count(name);
    let result;
    if (await this.refusedWith([3042], async () => ({ result } = await this.ask(`mutation { result: ${many} { count } }`)))) return;
    assert.equal(result.count, before);
    assert.equal(this.api.store.count(name), 0);
    this.#checkEnds();
  }

  /** No pair has an end that isn't there. */
  #checkEnds() {
    const { store, datamodel } = this.api;
    for (const relation of datamodel.relations.values())
      for (const [a, b] of store.pairs(relation.name)) {
        assert.ok(store.node(relation.A.type, a), `${relation.name}: no ${a}`);
        assert.ok(store.node(relation.B.type, b), `${relation.name}: no ${b}`);
      }
  }
}
