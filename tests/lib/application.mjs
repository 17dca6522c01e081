// Does src/model.json of a converted application agree with its schema.graphql and prisma/datamodel.prisma, and do its
// permissions name what is there?
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse, print } from 'graphql';
import { read, readJson } from '../lib.mjs';

const byName = (nodes) => new Map((nodes ?? []).map((node) => [node.name.value, node]));
const named = (type) => (type.kind === 'NamedType' ? type.name.value : named(type.type));
const isList = (type) => type.kind === 'ListType' || (type.kind === 'NonNullType' && isList(type.type));

/** {name → definition} of an SDL text. */
const definitions = (sdl) => byName(parse(sdl, { noLocation: true }).definitions);

class Judge {
  constructor(folder) {
    this.faults = [];
    this.model = readJson(join(folder, 'src/model.json'));
    this.schema = definitions(read(join(folder, 'schema.graphql')));
    this.datamodel = definitions(read(join(folder, 'prisma/datamodel.prisma')));
    this.decisions = new Set(readJson(join(folder, 'graphcool-migrate.json')).decisions.map(({ id }) => id));
    this.facts = 0;
    this.roots = ['Query', 'Mutation', 'Subscription'];
  }

  expect(holds, fault) {
    this.facts++;
    if (!holds) this.faults.push(fault);
  }

  root(kind, field) {
    return byName(this.schema.get(kind)?.fields).get(field);
  }

  /** A field of a model: its type and shape are the schema's, what it is called is in the datamodel. */
  field(at, name, field, shown, target) {
    if (!shown) return this.expect(false, `${at}: not in the schema`);
    this.expect(named(shown.type) === field.type, `${at}: the schema says ${print(shown.type)}, not ${field.type}`);
    this.expect(isList(shown.type) === Boolean(field.list), `${at}: list?`);
    if (!field.relation || !field.list)
      this.expect((shown.type.kind === 'NonNullType') === Boolean(field.required), `${at}: required?`);
    if (field.relation) {
      const back = this.model.models[field.type]?.fields[field.back];
      this.expect(back?.relation === field.relation, `${at}: the way back is no field of ${field.relation}`);
      this.expect(this.model.relations[field.relation], `${at}: the relation ${field.relation} is missing`);
    }
    if (field.refused) return this.expect(this.decisions.has(field.refused), `${at}: no decision ${field.refused}`);
    if (!target) return;
    const written = byName(target.fields).get(field.to ?? name);
    this.expect(written, `${at}: the datamodel has no ${field.to ?? name}`);
    if (!written) return;
    this.expect(isList(written.type) === Boolean(field.list), `${at}: list in the datamodel?`);
    if (field.relation) {
      const to = this.model.models[field.type]?.to;
      this.expect(named(written.type) === to, `${at}: the datamodel says ${print(written.type)}, not ${to}`);
    }
    if (field.reverse) this.expect(byName(target.fields).has(field.reverse), `${at}: the datamodel has no ${field.reverse}`);
  }

  /** A model: its fields are those of the schema's type, all of them. */
  one(name, model) {
    const type = this.schema.get(name);
    if (model.hidden) return this.expect(this.roots.includes(name), `${name}: hidden, and no root of the schema`);
    if (!type?.fields) return this.expect(false, `${name}: no type of the schema`);
    for (const field of type.fields.map((each) => each.name.value))
      if (!/^_.*Meta$/.test(field)) this.expect(Object.hasOwn(model.fields, field), `${name}.${field}: not in model.json`);
    const lists = [[model.all, name], [model.meta, '_QueryMeta']];
    for (const [root, of] of lists)
      this.expect(named(this.root('Query', root)?.type ?? { kind: 'NamedType', name: { value: '' } }) === of, `${name}: Query.${root}`);
    this.expect(model.refused === undefined || this.decisions.has(model.refused), `${name}: no decision ${model.refused}`);
    const target = this.datamodel.get(model.to);
    this.expect(model.refused || target?.fields, `${name}: the datamodel has no ${model.to}`);
    const shown = byName(type.fields);
    for (const [field, facts] of Object.entries(model.fields)) this.field(`${name}.${field}`, field, facts, shown.get(field), target);
  }

  relation(name, { to = name, a, b, link, unlink }) {
    for (const mutation of this.hasMutations() ? [link, unlink].filter(Boolean) : []) {
      const field = this.root('Mutation', mutation);
      const wanted = [a.argument, b.argument].sort().join();
      this.expect(field && field.arguments.map((each) => each.name.value).sort().join() === wanted, `${name}: ${mutation}(${wanted})`);
      const payload = byName(this.schema.get(field && named(field.type))?.fields);
      for (const side of [a, b]) {
        const type = payload.get(side.payload)?.type;
        this.expect(type && named(type) === side.model, `${name}: ${mutation} does not answer ${side.payload}: ${side.model}`);
      }
    }
    for (const side of [a, b]) {
      const field = this.model.models[side.model]?.fields[side.field];
      this.expect(field?.relation === name, `${name}: ${side.model}.${side.field}`);
      const target = byName(this.datamodel.get(this.model.models[side.model]?.to)?.fields).get(field?.to ?? side.field);
      const named = target && /@relation\(name: "(\w+)"/.exec(print(target))?.[1];
      this.expect(field?.refused || named === to, `${name}: the datamodel calls it ${named}, not ${to}`);
    }
  }

  /** A model named Mutation takes the place of the root; such an API had no mutations. */
  hasMutations() {
    return !this.model.models.Mutation || this.model.models.Mutation.hidden;
  }

  /** Every mutation of the schema that joins or parts nodes belongs to a relation. */
  mutations() {
    const known = new Set(Object.values(this.model.relations).flatMap(({ link, unlink }) => [link, unlink]));
    const resolvers = new Set(Object.values(this.model.functions).map(({ field }) => field));
    for (const field of (this.hasMutations() && this.schema.get('Mutation')?.fields) || []) {
      const name = field.name.value;
      const ofModel = /^(create|updateOrCreate|update|delete)(.+)$/.exec(name);
      if (!(ofModel && this.model.models[ofModel[2]]) && !resolvers.has(name))
        this.expect(known.has(name), `Mutation.${name} is nobody's`);
    }
  }

  functions() {
    for (const [name, { type, operation, field, model, action }] of Object.entries(this.model.functions))
      if (type === 'resolver') this.expect(this.root(operation === 'query' ? 'Query' : 'Mutation', field), `${name}: ${operation} ${field}`);
      else if (type !== 'subscription')
        this.expect(this.model.models[model] && ['create', 'update', 'delete'].includes(action), `${name}: ${model}.${action}`);
  }

  enums() {
    for (const [name, values] of Object.entries(this.model.enums)) {
      const to = [...this.datamodel.values()].filter(({ kind }) => kind === 'EnumTypeDefinition');
      for (const [from, value] of Object.entries(values)) {
        this.expect(byName(this.schema.get(name)?.values).has(from), `${name}.${from}: not in the schema`);
        this.expect(value === null || to.some((each) => byName(each.values).has(value)), `${name}.${from}: no ${value} in the datamodel`);
      }
    }
  }

  all() {
    for (const [name, model] of Object.entries(this.model.models)) this.one(name, model);
    for (const [name, relation] of Object.entries(this.model.relations)) this.relation(name, relation);
    this.mutations();
    this.functions();
    this.enums();
    for (const field of this.schema.get('Query')?.fields ?? [])
      if (/^_?all/.test(field.name.value) && /^(_QueryMeta)$/.test(named(field.type)))
        this.expect(Object.values(this.model.models).some(({ meta }) => meta === field.name.value), `Query.${field.name.value} is nobody's`);
  }
}

/** What is wrong with the application in a folder, a line each, and how much was looked at; null where there is none. */
export function judgeApplication(folder) {
  if (!existsSync(join(folder, 'src/model.json'))) return null;
  const judge = new Judge(folder);
  judge.all();
  return { faults: judge.faults, facts: judge.facts };
}

/** The permissions of a folder, as its modules export them. */
export const permissionsOf = async (folder) => (await import(join(folder, 'src/permissions/index.js'))).default;
