// Questions as GraphQL documents of a Prisma 1 service. Values of users never become part of the text: they travel as variables.
//
//   documentsOf(questions, model) → [{kind, query, variables, keys: [the root field of each question]}]
//
// Reads that follow each other share a document, and so do writes; a document whose write creates is alone, since Prisma ends it at the
// first of those that fails.

const isWrite = ({ op }) => op === 'create' || op === 'update' || op === 'upsert' || op === 'delete';
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

  addText(field) {
    this.#fields.push(field);
  }

  done() {
    const header = this.#declared.length ? `(${this.#declared.join(', ')})` : '';
    return { kind: this.kind, query: `${this.kind}${header} { ${this.#fields.join(' ')} }`, variables: this.variables, keys: this.keys };
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

  create({ model, data, select }) {
    return `create${model}(data: ${this.variable(`${model}CreateInput!`, data)})${this.#selection(model, select)}`;
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

  /** {KEY: {field, …}} of a model → " { … }" */
  selection(model, select) {
    return this.#selection(model, select);
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
      const alias = key === one.field ? key : `${key}: ${one.field}`;
      if (!one.select) return alias;
      const target = this.#target(model, one.field);
      return `${alias}${this.#list(target, one)}${this.#selection(target, one.select)}`;
    });
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
    for (const [name, value] of Object.entries({ skip, first, last })) if (value !== undefined) given.push(`${name}: ${value}`);
    for (const [name, value] of Object.entries({ after, before }))
      if (value !== undefined) given.push(`${name}: ${this.variable('String', value)}`);
    return given.length ? `(${given.join(', ')})` : '';
  }
}
