// The one place where every read of a field, every write and every edge is decided (specification §3). Nothing else
// grants anything.
//
//   const permissions = new Permissions(rules, model)     rules: src/permissions/index.js
//   await permissions.checkReads(caller, selections)      puts an error into the place of each field that the caller may not read
//   await permissions.checkCreate(caller, type, args)     throw what Graphcool answered
//   await permissions.checkUpdate(caller, type, args)
//   await permissions.checkDelete(caller, type)
//   await permissions.checkNode(caller, type, operation, scalars)     create, update or delete of one node, without what it nests
//   await permissions.checkConnect(caller, relation)
//   await permissions.checkDisconnect(caller, relation)
//
// A rule is {authenticated?, fields?: [names], query?: text}. Rules of one operation are OR-ed; no rule denies. A rule
// with a query grants nothing in this version.
import { errors } from './errors.js';

export class Permissions {
  constructor(rules, model) {
    this.rules = rules;
    this.model = model;
  }

  /** The rules that grant without a query to this caller; null: everything is granted. */
  async #granting(caller, rules) {
    if (this.rules.open || caller.kind === 'root') return null;
    const plain = (rules ?? []).filter((rule) => !rule.query);
    if (!plain.some((rule) => rule.authenticated)) return plain;
    return caller.kind === 'node' && (await caller.exists()) ? plain : plain.filter((rule) => !rule.authenticated);
  }

  #of(type, operation) {
    return this.rules.types?.[type.name]?.[operation];
  }

  async checkReads(caller, selections) {
    if (this.rules.open || caller.kind === 'root') return;
    for (const selection of selections) {
      if (!selection.nodes.length) continue;
      const denied = await this.#deniedKeys(caller, selection);
      if (denied.length) selection.request.flawed = true;
      for (const node of selection.nodes) for (const key of denied) node[key] = errors.unreadable();
    }
  }

  async #deniedKeys(caller, { type, keys, exempt }) {
    const rules = this.#of(type, 'read');
    const asked = [...keys.keys()].filter((key) => !exempt?.has(key));
    if (!asked.length) return [];
    // A query that the old server could not run denied the whole node, whatever else was granted.
    if ((rules ?? []).some((rule) => rule.invalid && !rule.fields && (!rule.authenticated || caller.kind === 'node')))
      return asked;
    const granting = await this.#granting(caller, rules);
    return asked.filter((key) => !covers(granting, keys.get(key).name));
  }

  async checkCreate(caller, type, args) {
    await this.#checkWrite(caller, type, 'create', args);
  }

  async checkUpdate(caller, type, args) {
    await this.#checkWrite(caller, type, 'update', args);
  }

  /** The arguments of a mutation: nested nodes are created by their own type's rules. */
  async #checkWrite(caller, type, operation, args) {
    const given = Object.entries(args)
      .map(([name, value]) => ({ name, value, argument: type.argument(name) }))
      .filter(({ name, value, argument }) => argument && value !== undefined && name !== 'id');
    const scalars = given.filter(({ argument }) => argument.kind === 'scalar').map(({ name }) => name);
    await this.checkNode(caller, type, operation, scalars);
    for (const { value, argument } of given)
      if (argument.kind === 'nested')
        for (const one of [value ?? []].flat()) await this.#checkWrite(caller, argument.field.target, 'create', one);
  }

  /** create, update or delete: some rule for the operation, and one for each scalar that is given. */
  async checkNode(caller, type, operation, scalars = []) {
    const granting = await this.#granting(caller, this.#of(type, operation));
    if (!granting) return;
    if (!granting.length || scalars.some((name) => !covers(granting, name))) throw errors.unwritable();
  }

  /** Which fields a rule names does not matter for deleting. */
  async checkDelete(caller, type) {
    await this.checkNode(caller, type, 'delete');
  }

  async checkConnect(caller, relation) {
    const granting = await this.#granting(caller, this.rules.relations?.[relation.name]?.connect);
    if (granting && !granting.length) throw errors.noConnect();
  }

  async checkDisconnect(caller, relation) {
    const granting = await this.#granting(caller, this.rules.relations?.[relation.name]?.disconnect);
    if (granting && !granting.length) throw errors.noDisconnect();
  }

  /** Every edge that the arguments of a create or an update make, nested ones too. */
  async checkEdges(caller, type, args) {
    if (this.rules.open || caller.kind === 'root') return;
    for (const [name, value] of Object.entries(args)) {
      const argument = type.argument(name);
      if (!argument || argument.kind === 'scalar' || value === undefined || value === null) continue;
      const made = [value].flat();
      if (made.length) await this.checkConnect(caller, argument.field.relation);
      if (argument.kind === 'nested') for (const one of made) await this.checkEdges(caller, argument.field.target, one);
    }
  }
}

const covers = (granting, name) => !granting || granting.some((rule) => !rule.fields || rule.fields.includes(name));
