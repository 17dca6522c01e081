// Random operations that a Simple API takes: everything follows from the seed and from what the API answered so far.
//
//   const operations = new Operations(schema, seed, {skip, exclusive})      schema: a GraphQLSchema of the API
//       skip(model, field)        never to be named
//       skipMutation(name)        likewise
//       exclusive(model, field)   of a 1-1 relation that is required on a side: only new nodes are put there, so that nobody is robbed
//       unique(model, field)      whose values must differ, also where the API does not tell it (lists)
//       lone(model, field)        whose far end has room for one: a mutation puts a node there once
//   operations.nesting = 2          how many creates inside one another. With 1, one node in one field, not of the outer one's type. With
//                                 more, in all fields, and several beside one another: they get their ids, and so their order, in ways
//                                 of each server's own, so that lists are read in the order of a value that differs from node to node
//   operations.create(model) · .read() · .change() · .everything()  → {query, variables, kind, tree} or null where there is nothing to do
//   operations.learn(operation, data)      the nodes in an answer: later operations name them
//
// Ids stand as ⟨id:N⟩. Texts are lower-case ASCII and every scalar is given, so that what is asked does not depend on a collation or
// on where NULLs are sorted. Left out are the questions that no translation answers alike (truth/translation.md, "Cannot be
// equal"): cursors in a descending order, times that the server sets.
import { getNamedType, isEnumType, isInputObjectType, isListType, isNonNullType, isObjectType } from 'graphql';
import { random } from '../fuzz/mutate.mjs';

const serverTimes = new Set(['createdAt', 'updatedAt']);
const labels = new Set(['String', 'Float', 'DateTime']);
const words = ['ant', 'bee', 'cat', 'dog', 'elk', 'fox', 'gnu', 'hen'];
const isList = (type) => isListType(isNonNullType(type) ? type.ofType : type);
const isRequired = (type) => isNonNullType(type);
const nowhere = 'cj000000000000000000nope';
const membersOf = (all) => all.map(([name, text]) => `${name}: ${text}`).join(', ');
const listOf = (ids) => `[${ids.map((id) => `"${id}"`).join(', ')}]`;
const objectOf = (all) => `{${membersOf(all)}}`;
const argumentsOf = (all) => (all.length ? `(${membersOf(all)})` : '');

export class Operations {
  nesting = 1;
  nodes = new Map();
  made = 0;

  constructor(schema, seed, { skip = () => false, skipMutation = () => false, exclusive = () => false, unique = () => false, lone = () => false } = {}) {
    Object.assign(this, { schema, skip, exclusive, unique, lone, next: random(seed) });
    this.queries = schema.getQueryType().getFields();
    this.mutations = Object.fromEntries(Object.entries(schema.getMutationType()?.getFields() ?? {}).filter(([name]) => !skipMutation(name)));
    this.models = Object.entries(this.queries)
      .filter(([name, field]) => /^all/.test(name) && isList(field.type))
      .map(([name, field]) => this.#model(name, field))
      .filter(({ type }) => type.getFields().id && !skip(type.name));
    this.byName = new Map(this.models.map((model) => [model.type.name, model]));
  }

  #model(all, field) {
    const type = getNamedType(field.type);
    const one = this.queries[type.name];
    const uniques = new Set(one?.args.map(({ name }) => name));
    // Of a nested create that fails, the old server kept a half: no values that soon repeat.
    const repeats = one?.args.some(({ type: value }) => getNamedType(value).name === 'Boolean');
    return { type, all, label: this.#label(type, field), repeats, meta: this.queries[`_${all}Meta`] && `_${all}Meta`, one: one && type.name, uniques };
  }

  /** A value that differs from node to node, and that lists can be ordered by. */
  #label(type, { args }) {
    const orders = new Set(getNamedType(args.find(({ name }) => name === 'orderBy')?.type)?.getValues().map(({ name }) => name));
    const given = new Set(this.mutations[`create${type.name}`]?.args.map(({ name }) => name));
    const usable = ({ name, type: value }) => labels.has(getNamedType(value).name) && orders.has(`${name}_ASC`) && given.has(name);
    return Object.values(type.getFields()).find((one) => usable(one) && !isList(one.type) && !serverTimes.has(one.name) && !this.skip(type.name, one.name))?.name;
  }

  get isDeep() {
    return this.nesting > 1;
  }
  below = (n) => Math.floor(this.next() * n);
  chance = (share) => this.next() < share;
  pick = (list) => list[this.below(list.length)];
  some = (list, share) => list.filter(() => this.chance(share));

  // ---- what exists

  learn({ tree }, data) {
    this.#learn(tree, data);
  }
  #learn(tree, data) {
    for (const { key, model, children } of tree)
      for (const node of [data?.[key]].flat()) {
        if (!node) continue;
        if (model && node.id) this.known(model).add(node.id);
        if (children) this.#learn(children, node);
      }
  }
  known(model) {
    if (!this.nodes.has(model)) this.nodes.set(model, new Set());
    return this.nodes.get(model);
  }
  existing = (model) => this.pick([...this.known(model)]);
  /** Nearly always of a node that exists. */
  id = (model) => (this.known(model).size && !this.chance(0.03) ? this.existing(model) : nowhere);

  // ---- values, as literals

  scalar(type, unique) {
    if (isEnumType(type)) return this.pick(type.getValues()).name;
    if (unique && type.name !== 'Boolean') return this.#unique(type.name, ++this.made);
    switch (type.name) {
      case 'Int':
        return String(this.below(9) - 2);
      case 'Float':
        return (this.below(16) / 2).toFixed(1);
      case 'Boolean':
        return String(this.chance(0.5));
      case 'DateTime':
        return `"2018-0${1 + this.below(9)}-1${this.below(9)}T10:20:30.000Z"`;
      case 'Json':
        return this.pick(['"{\\"a\\": 1}"', '"[1, 2]"', '"{\\"b\\": {\\"c\\": \\"d\\"}}"']);
      default:
        return `"${this.pick(words)}"`;
    }
  }
  #unique(name, n) {
    if (name === 'Int') return String(n);
    if (name === 'Float') return `${n}.5`;
    if (name === 'DateTime') return `"${new Date(1500000000000 + n * 1000).toISOString()}"`;
    return name === 'Json' ? `"{\\"u\\": ${n}}"` : `"${this.pick(words)}${n}"`;
  }
  value(type, unique = false) {
    const named = getNamedType(type);
    if (!isList(type)) return this.scalar(named, unique);
    return `[${Array.from({ length: 1 + this.below(3) }, () => this.scalar(named, unique)).join(', ')}]`;
  }

  // ---- writing

  /** [[name, literal]] of a node's arguments; `update`: the id of the node that is there. */
  #data(model, args, { update = null, depth = 0 } = {}) {
    if (depth === 0) Object.assign(this, { nestings: 0, taken: new Set([update]) });
    const { type, uniques, label } = this.byName.get(model);
    const fields = type.getFields();
    const given = [];
    const relations = new Map();
    for (const arg of args) {
      if (arg.name === 'id' || serverTimes.has(arg.name)) continue;
      if (fields[arg.name] && !isObjectType(getNamedType(fields[arg.name].type))) {
        if (this.skip(model, arg.name)) continue;
        if (isRequired(arg.type) || !update || this.chance(0.4)) given.push([arg.name, this.value(arg.type, arg.name === label || uniques.has(arg.name) || this.unique(model, arg.name))]);
        continue;
      }
      const field = fields[arg.name] ? arg.name : arg.name.replace(/Ids?$/, '');
      if (!fields[field] || this.skip(model, field) || !this.byName.has(getNamedType(fields[field].type).name)) continue;
      if (!relations.has(field)) relations.set(field, {});
      relations.get(field)[isInputObjectType(getNamedType(arg.type)) ? 'nested' : 'ids'] = arg;
    }
    for (const [field, ways] of relations) {
      const { type: out } = fields[field];
      const must = !isList(out) && isRequired(out) && !update;
      if (!must && !this.chance(update ? 0.3 : 0.5)) continue;
      const target = getNamedType(out).name;
      const exclusive = this.exclusive(model, field);
      if (exclusive && update) continue;
      const { label: order, repeats } = this.byName.get(target);
      const nestable = this.isDeep ? order : target !== model && this.nestings === depth;
      const nested = ways.nested && nestable && !repeats && depth < this.nesting && (exclusive || !this.known(target).size || this.chance(0.3));
      if (nested) this.nestings = depth + 1;
      if (nested) given.push([field, this.#nested(target, ways.nested, isList(out), depth)]);
      else if (ways.ids && !exclusive && this.#free(target).length) given.push([ways.ids.name, this.#take(target, isList(out), this.lone(model, field))]);
    }
    return given;
  }
  #nested(target, arg, list, depth) {
    const fields = Object.values(getNamedType(arg.type).getFields());
    const one = () => objectOf(this.#data(target, fields, { depth: depth + 1 }));
    return list ? `[${Array.from({ length: this.isDeep ? 1 + this.below(2) : 1 }, one).join(', ')}]` : one();
  }
  /** Nodes that this mutation puts nowhere yet: what becomes of one that is put into two places is each server's own. */
  #free = (target) => [...this.known(target)].filter((id) => !this.taken.has(id));
  #take(target, list, lone) {
    const free = this.#free(target);
    const ids = list ? this.some(free, 0.3).slice(0, 3) : [this.pick(free)];
    if (list || lone) for (const id of ids) this.taken.add(id);
    return list ? listOf(ids) : `"${ids[0]}"`;
  }
  /** For a filter. */
  #ids(target, list) {
    if (!list) return `"${this.existing(target)}"`;
    return listOf([...new Set(Array.from({ length: 1 + this.below(3) }, () => this.existing(target)))]);
  }

  create(model) {
    const field = this.mutations[`create${model}`];
    return field ? this.#mutation('create', field, this.#data(model, field.args), this.#selection(model, 2)) : null;
  }
  change() {
    const field = this.pick(Object.values(this.mutations));
    if (!field) return null;
    const [, verb, name] = /^(create|updateOrCreate|update|delete|addTo|removeFrom|set|unset)(.+)$/.exec(field.name) ?? [];
    if (!verb) return null;
    if (this.byName.has(name) && ['create', 'updateOrCreate', 'update', 'delete'].includes(verb)) {
      if (verb === 'create') return this.create(name);
      if (verb === 'updateOrCreate') return this.#updateOrCreate(name, field);
      if (verb === 'delete' && this.known(name).size < 4) return null;
      const given = [['id', `"${this.id(name)}"`]];
      if (verb === 'update') given.push(...this.#data(name, field.args, { update: JSON.parse(given[0][1]) }));
      const made = this.#mutation(verb, field, given, verb === 'delete' ? this.#scalars(name) : this.#selection(name, 2));
      if (verb === 'delete') this.known(name).delete(JSON.parse(given[0][1]));
      return made;
    }
    return ['addTo', 'removeFrom', 'set', 'unset'].includes(verb) ? this.#edge(verb, field) : null;
  }
  /** Of a node that is there as often as not. */
  #updateOrCreate(model, field) {
    const id = this.known(model).size && this.chance(0.5) ? this.existing(model) : nowhere;
    const data = { update: [['id', `"${id}"`]], create: [] };
    for (const { name, type } of field.args)
      data[name].push(...this.#data(model, Object.values(getNamedType(type).getFields()), { update: name === 'update' ? id : null }));
    const given = Object.entries(data).map(([name, one]) => [name, objectOf(one)]);
    return this.#mutation('updateOrCreate', field, given, this.#selection(model, 2));
  }
  #edge(verb, field) {
    const payload = Object.values(getNamedType(field.type).getFields());
    const models = new Map(payload.map((one) => [one.name, getNamedType(one.type).name]));
    if ([...models.values()].some((model) => !this.byName.has(model) || !this.known(model).size)) return null;
    const given = field.args.map(({ name }) => [name, `"${this.existing(models.get(name.replace(/Id$/, '')))}"`]);
    const tree = payload.map(({ name }) => ({ key: name, text: name, model: models.get(name), children: this.#selection(models.get(name), 1) }));
    return this.#mutation(verb, field, given, tree);
  }
  #mutation(kind, field, given, children) {
    const model = getNamedType(field.type).name;
    const tree = [{ key: field.name, text: field.name + argumentsOf(given), model: this.byName.has(model) && kind !== 'delete' ? model : null, children }];
    return { kind, field: field.name, query: `mutation ${print(tree)}`, variables: {}, tree };
  }

  // ---- selections

  #scalars(model, share = 0.7) {
    return Object.values(this.byName.get(model).type.getFields())
      .filter((field) => !isObjectType(getNamedType(field.type)) && !this.skip(model, field.name) && field.args.length === 0)
      .filter(({ name }) => name === 'id' || this.chance(share))
      .map(({ name }) => ({ key: name, text: name }));
  }
  #selection(model, depth) {
    const tree = this.#scalars(model);
    if (depth === 0) return tree;
    for (const field of Object.values(this.byName.get(model).type.getFields())) {
      const target = getNamedType(field.type);
      if (!isObjectType(target) || this.skip(model, field.name.replace(/^_(.*)Meta$/, '$1')) || !this.chance(0.5)) continue;
      const list = isList(field.type);
      if (!this.byName.has(target.name) && target.name !== '_QueryMeta') continue;
      // A nested page is asked for under a name of its own: the same list may be asked for twice.
      const args = list || target.name === '_QueryMeta' ? this.#page(this.#modelOfFilter(field) ?? target.name, field.args, list) : [];
      const key = this.chance(0.2) ? `x${this.below(1000)}_${field.name}` : field.name;
      const text = `${key === field.name ? '' : `${key}: `}${field.name}${argumentsOf(args)}`;
      if (tree.some((one) => one.key === key)) continue;
      tree.push(
        target.name === '_QueryMeta'
          ? { key, text, children: [{ key: 'count', text: 'count' }] }
          : { key, text, model: target.name, children: this.#selection(target.name, depth - 1) },
      );
    }
    return tree;
  }
  #modelOfFilter(field) {
    const filter = field.args.find(({ name }) => name === 'filter');
    const name = filter && getNamedType(filter.type).name.replace(/Filter$/, '');
    return this.byName.has(name) ? name : null;
  }

  // ---- reading

  read() {
    this.fragments = [];
    this.given = [];
    const tree = [];
    for (let n = 1 + this.below(2); n > 0; n--) {
      const root = this.#root(`r${n}`);
      if (root) tree.push(root);
    }
    if (!tree.length) return null;
    const body = print(tree.map((root) => this.#dress(root)));
    const named = this.given.length ? `query Q(${this.given.map(({ name, type }) => `$${name}: ${type}`).join(', ')}) ` : '';
    const query = [`${named}${body}`, ...this.fragments].join(' ');
    return { kind: 'read', roots: tree.length, query, variables: Object.fromEntries(this.given.map(({ name, value }) => [name, value])), tree };
  }
  #root(key) {
    const { type, all, meta, one } = this.pick(this.models);
    const model = type.name;
    if (meta && this.chance(0.2)) {
      const args = this.#page(model, this.queries[meta].args, false);
      return { key, text: `${key}: ${meta}${argumentsOf(args)}`, children: [{ key: 'count', text: 'count' }] };
    }
    if (one && this.chance(0.3)) return { key, text: `${key}: ${one}(id: "${this.id(model)}")`, model, children: this.#selection(model, 3) };
    return { key, text: `${key}: ${all}${argumentsOf(this.#page(model, this.queries[all].args, true))}`, model, children: this.#selection(model, 2) };
  }

  /** All nodes, and who is at the other end of each edge. */
  everything() {
    const list = ({ all, label }, name = all) => `${name}${label ? `(orderBy: ${label}_ASC)` : ''}`;
    const edges = ({ type }) =>
      Object.values(type.getFields())
        .map(({ name, type: out }) => ({ name, out, target: this.byName.get(getNamedType(out).name) }))
        .filter(({ name, target }) => target && !this.skip(type.name, name))
        .map(({ name, out, target }) => ({ text: isList(out) ? list(target, name) : name, children: [{ text: 'id' }] }));
    const tree = this.models.map((model) => ({ text: list(model), children: [...this.#scalars(model.type.name, 1), ...edges(model)] }));
    return { kind: 'read', roots: tree.length, query: print(tree), variables: {}, tree: [] };
  }

  #page(model, args, paged) {
    const known = new Map(args.map((arg) => [arg.name, arg]));
    const given = [];
    if (known.has('filter') && this.chance(0.5)) {
      const filter = this.#filter(getNamedType(known.get('filter').type), model, 2);
      if (filter) given.push(['filter', filter]);
    }
    if (!paged) return given;
    const label = this.isDeep && this.byName.get(model).label;
    if (label) given.push(['orderBy', this.pick([`${label}_ASC`, `${label}_DESC`])]);
    const descending = label ? given.at(-1)[1].endsWith('_DESC') : known.has('orderBy') && this.chance(0.5) ? this.#order(model, getNamedType(known.get('orderBy').type), given) : false;
    if (this.chance(0.2)) given.push(['skip', String(this.below(3))]);
    if (this.chance(0.4)) given.push([this.pick(['first', 'last']), String(this.below(4))]);
    if (!descending && this.chance(0.15)) given.push([this.pick(['after', 'before']), `"${this.id(model)}"`]);
    return given;
  }
  #order(model, type, given) {
    const values = type.getValues().map(({ name }) => name);
    const usable = values.filter((name) => {
      const field = name.replace(/_(ASC|DESC)$/, '');
      return !serverTimes.has(field) && !this.skip(model, field) && this.#typeOf(model, field) !== 'Json' && !this.#oddEnum(model, field);
    });
    if (!usable.length) return false;
    const order = this.pick(usable);
    given.push(['orderBy', order]);
    return order.endsWith('_DESC');
  }
  /** Names of values that a collation may order in its own way. */
  #oddEnum(model, field) {
    const type = getNamedType(this.byName.get(model).type.getFields()[field]?.type ?? this.schema.getType('ID'));
    return isEnumType(type) && !type.getValues().every(({ name }) => /^[A-Z]+$/.test(name));
  }
  #typeOf = (model, field) => getNamedType(this.byName.get(model).type.getFields()[field]?.type)?.name;

  /** A filter's literal, or null where nothing of the type can be asked. */
  #filter(type, model, depth) {
    if (!this.byName.has(model)) return null;
    const fields = Object.values(type.getFields());
    const parts = [];
    for (let n = 1 + this.below(2); n > 0; n--) {
      const field = this.pick(fields);
      if (parts.some(([name]) => name === field.name)) continue;
      if (field.name === 'AND' || field.name === 'OR') {
        const inner = depth > 0 ? [0, 1].map(() => this.#filter(type, model, depth - 1)).filter(Boolean) : [];
        if (inner.length) parts.push([field.name, `[${inner.join(', ')}]`]);
        continue;
      }
      const literal = this.#condition(field, model, depth);
      if (literal) parts.push([field.name, literal]);
    }
    return parts.length ? objectOf(parts) : null;
  }
  #condition(field, model, depth) {
    const own = this.byName.get(model).type.getFields();
    const base = field.name.replace(/_(not_)?(in|contains|starts_with|ends_with|lt|lte|gt|gte|not|every|some|none)$/, '');
    const name = own[field.name] ? field.name : base;
    if (!own[name] || serverTimes.has(name) || this.skip(model, name) || this.#typeOf(model, name) === 'Json') return null;
    if (isInputObjectType(getNamedType(field.type)))
      return depth > 0 ? this.#filter(getNamedType(field.type), this.#typeOf(model, name), depth - 1) : null;
    // An id made by the server says nothing that can be compared but whether it is the same.
    if (name === 'id') return /^id(_not|_in|_not_in)?$/.test(field.name) && this.known(model).size ? this.#ids(model, isList(field.type)) : null;
    return this.value(field.type);
  }

  /** The same selection said otherwise: in fragments, under directives with variables. */
  #dress(root) {
    const { children, model } = root;
    if (!children || !model || this.chance(0.5)) return root;
    const at = this.below(children.length);
    const [before, moved] = [children.slice(0, at), children.slice(at)];
    if (this.chance(0.4)) {
      const name = `F${this.fragments.length}`;
      this.fragments.push(`fragment ${name} on ${model} ${print(moved)}`);
      return { ...root, children: [...before, { text: `...${name}` }] };
    }
    const flag = this.chance(0.5);
    const variable = { name: `v${this.given.length}`, type: 'Boolean!', value: flag };
    this.given.push(variable);
    const directive = this.pick([`@include(if: $${variable.name})`, `@skip(if: $${variable.name})`]);
    const inline = { text: `... on ${model} ${directive}`, children: moved };
    return { ...root, children: [{ text: 'id' }, ...before, inline] };
  }
}

const print = (tree) => `{ ${tree.map(({ text, children }) => (children ? `${text} ${print(children)}` : text)).join(' ')} }`;
