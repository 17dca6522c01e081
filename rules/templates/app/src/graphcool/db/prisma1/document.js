// Questions as GraphQL documents of a Prisma 1 service. Values of users never become part of the text: they travel as
// variables.
//
//   documentsOf(questions, model) → [{kind, query, variables, keys: [the root field of each question]}]
//
// Reads that follow each other share a document, and so do writes; a document whose write creates is alone, since
// Prisma ends it at the first of those that fails.

const isWrite = ({ op }) => op === 'create' || op === 'update' || op === 'upsert' || op === 'delete';
const named = (key, { field }) => (key === field ? key : `${key}: ${field}`);
const endsItsDocument = ({ op }) => op === 'create' || op === 'upsert';

export function documentsOf(questions, model) {
  const documents = [];
  let open = null;
  questions.forEach((question, n) => {
    const kind = isWrite(question) ? 'mutation' : 'query';
    if (!open || open.kind !== kind || endsItsDocument(question)) documents.push((open = new Document(kind, model)));
    open.add(question, `q${n}`);
    if (endsItsDocument(question)) open = null;
  });
  return documents.map((document) => document.done());
}

export class Document {
  #fields = [];
  #declared = [];
  variables = {};
  keys = [];

  constructor(kind, model) {
    this.kind = kind;
    this.model = model;
  }

  add(question, key) {
    this.keys.push(key);
    this.#fields.push(`${key}: ${this[question.op](question)}`);
  }

  done() {
    const header = this.#declared.length ? `(${this.#declared.join(', ')})` : '';
    return {
      kind: this.kind,
      query: `${this.kind}${header} { ${this.#fields.join(' ')} }`,
      variables: this.variables,
      keys: this.keys,
    };
  }

  many({ model, select, ...rest }) {
    return `${this.#names(model).many}${this.#list(model, rest)}${this.#selection(model, select)}`;
  }

  one({ model, by, select }) {
    return `${this.#names(model).one}(where: ${this.#by(model, by)})${this.#selection(model, select)}`;
  }

  node({ id, select }) {
    const types = Object.entries(select).map(([model, one]) => ` ... on ${model}${this.#selection(model, one)}`);
    return `node(id: ${this.variable('ID!', id)}) { __typename${types.join('')} }`;
  }

  count({ model, where }) {
    return `${this.#names(model).connection}${this.#list(model, { where })} { aggregate { count } }`;
  }

  connection({ model, select, ...rest }) {
    return `${this.#names(model).connection}${this.#list(model, rest)}${this.#page(model, select)}`;
  }

  create({ model, data, select }) {
    // A type of which nothing can be set takes no argument.
    const input = data === undefined ? '' : `(data: ${this.variable(`${model}CreateInput!`, data)})`;
    return `create${model}${input}${this.#selection(model, select)}`;
  }

  update({ model, by, data, select }) {
    const input = this.variable(`${model}UpdateInput!`, data);
    return `update${model}(where: ${this.#by(model, by)}, data: ${input})${this.#selection(model, select)}`;
  }

  upsert({ model, by, update, create, select }) {
    const inputs = `update: ${this.variable(`${model}UpdateInput!`, update)}, create: ${this.variable(`${model}CreateInput!`, create)}`;
    return `upsert${model}(where: ${this.#by(model, by)}, ${inputs})${this.#selection(model, select)}`;
  }

  delete({ model, by, select }) {
    return `delete${model}(where: ${this.#by(model, by)})${this.#selection(model, select)}`;
  }

  /** What happened to a node: its values, and nodes as they are and were. */
  change({ model, where, select }) {
    const condition = where ? `(where: ${this.variable(`${model}SubscriptionWhereInput`, where)})` : '';
    return `${this.#names(model).one}${condition}${this.#around(select, (one) => this.#selection(model, one.select))}`;
  }

  variable(type, value) {
    const name = `v${this.#declared.length}`;
    this.#declared.push(`$${name}: ${type}`);
    this.variables[name] = value;
    return `$${name}`;
  }

  #names(model) {
    return this.model.byTarget.get(model).prisma;
  }

  #by(model, by) {
    return this.variable(`${model}WhereUniqueInput!`, by);
  }

  #selection(model, select) {
    const fields = Object.entries(select).map(([key, one]) => {
      if (!one.select) return named(key, one);
      const target = this.#target(model, one.field);
      return `${named(key, one)}${this.#list(target, one)}${this.#selection(target, one.select)}`;
    });
    return ` { ${fields.join(' ')} }`;
  }

  /** The edges of a page lead to nodes; the rest of it are values. */
  #page(model, select) {
    return this.#around(select, (one) =>
      one.field === 'node' ? this.#selection(model, one.select) : this.#page(model, one.select),
    );
  }

  #around(select, inner) {
    const fields = Object.entries(select).map(([key, one]) => named(key, one) + (one.select ? inner(one) : ''));
    return ` { ${fields.join(' ')} }`;
  }

  #target(model, name) {
    const type = this.model.byTarget.get(model);
    for (const field of type.relationFields) if (field.to === name || field.reverse === name) return field.target.to;
    throw new Error(`${model} has no relation field ${name}`);
  }

  #list(model, { where, orderBy, skip, after, before, first, last }) {
    const given = [];
    if (where) given.push(`where: ${this.variable(`${model}WhereInput`, where)}`);
    if (orderBy) given.push(`orderBy: ${orderBy.field}_${orderBy.direction}`);
    for (const [name, value] of Object.entries({ skip, first, last }))
      if (value !== undefined) given.push(`${name}: ${value}`);
    for (const [name, value] of Object.entries({ after, before }))
      if (value !== undefined) given.push(`${name}: ${this.variable('String', value)}`);
    return given.length ? `(${given.join(', ')})` : '';
  }
}
