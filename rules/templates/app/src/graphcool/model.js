// What the API calls things and what the datamodel calls them: model.json, ready to be asked.
//
//   type      {name, to, all, meta, refused, fields: Map, argument(name) → {field, kind}, fieldTo(name of the datamodel) → field}
//   field     {name, to, owner, type (name), list, required, unique, default, readonly, refused} and
//     relation fields: {relation: Relation, target: type, back: field or null, reverse: its hidden second direction, or undefined}
//   relation  {name, to, a, b, link, unlink}; a and b: {model, field (of that side), type, argument, payload}
const scalars = new Set(['ID', 'String', 'Int', 'Float', 'Boolean', 'DateTime', 'Json', 'Password']);
const systemTimes = new Set(['createdAt', 'updatedAt']);

export class Model {
  constructor(json) {
    this.service = json.service;
    this.database = json.database;
    this.functions = Object.entries(json.functions ?? {}).map(([name, one]) => ({ name, ...one }));
    this.types = new Map(
      Object.entries(json.models).map(([name, one]) => [name, new Type(name, one, json.enums ?? {})]),
    );
    this.byTarget = new Map([...this.types.values()].map((type) => [type.to, type]));
    this.relations = new Map(
      Object.entries(json.relations ?? {}).map(([name, one]) => [name, { name, to: name, ...one }]),
    );
    for (const type of this.types.values()) this.#link(type);
    for (const relation of this.relations.values())
      for (const side of [relation.a, relation.b]) if (side) side.type = this.types.get(side.model);
  }

  #link(type) {
    for (const field of type.fields.values()) {
      if (!field.isRelation) continue;
      field.target = this.types.get(field.type);
      field.relation = this.relations.get(field.relation);
      field.back = field.back ? field.target.fields.get(field.back) : null;
    }
    type.linked();
  }

  /** The hooks of a model's action: a mutation that has one cannot be answered without running it. */
  hooks(type, action) {
    return this.functions.filter(
      (one) => one.type.startsWith('operation') && one.model === type.name && one.action === action,
    );
  }
}

class Type {
  #arguments = new Map();
  #byTarget = new Map();

  constructor(name, json, enums) {
    Object.assign(this, {
      name,
      to: json.to ?? name,
      all: json.all,
      meta: json.meta,
      prisma: json.prisma,
      refused: json.refused,
    });
    this.fields = new Map(Object.entries(json.fields).map(([key, one]) => [key, new Field(this, key, one, enums)]));
    this.id = this.fields.get('id');
  }

  linked() {
    for (const field of this.fields.values()) {
      if (!field.refused) this.#byTarget.set(field.to, field);
      if (field.reverse) this.#byTarget.set(field.reverse, field);
      this.#arguments.set(field.name, { field, kind: field.isRelation ? 'nested' : 'scalar' });
      if (field.isRelation && field.list) this.#arguments.set(`${field.name}Ids`, { field, kind: 'ids' });
      else if (field.isRelation) this.#arguments.set(`${field.name}Id`, { field, kind: 'id' });
    }
    this.relationFields = [...this.fields.values()].filter((field) => field.isRelation);
    /** A type that has nothing to set has no update in the database either. */
    this.isUpdatable = [...this.fields.values()].some(
      (field) => field !== this.id && !field.isSystemTime && !field.readonly && !field.refused,
    );
  }

  /** What an argument of a mutation sets. */
  argument(name) {
    return this.#arguments.get(name);
  }

  /**
   * The field that the datamodel calls so; a hidden second direction is its field's. Undefined for what the old API did
   * not show.
   */
  fieldTo(name) {
    return this.#byTarget.get(name);
  }
}

class Field {
  constructor(owner, name, json, enums) {
    Object.assign(this, { owner, name, list: false, required: false, unique: false }, json);
    this.to = json.to ?? name;
    this.isRelation = json.relation !== undefined;
    this.isEnum = !this.isRelation && !scalars.has(json.type);
    this.isSystemTime = json.type === 'DateTime' && systemTimes.has(name);
    const renamed = this.isEnum ? enums[json.type] : undefined;
    this.toTarget = renamed ? (value) => renamed[value] ?? value : same;
    const back = renamed ? Object.fromEntries(Object.entries(renamed).map(([from, to]) => [to, from])) : undefined;
    this.fromTarget = back ? (value) => back[value] ?? value : same;
  }
}

const same = (value) => value;
