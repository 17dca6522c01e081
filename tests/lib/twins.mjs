// The same operations to a Prisma service itself and to an application over another one with the same content, in other words each time:
// fragments, aliases, directives, literals for variables. What differs is kept.
//
//   const twins = new Twins(app, database, seed)        app: startNative(…) of native.mjs
//   const problems = await new Exercise(twins.api).run()     as tests/servers/exerciser.mjs
//   twins.asked, .refused, .faults
import { createApi } from '../../fixtures/servers/prisma/api/api.mjs';
import { readDatamodel } from '../../fixtures/servers/prisma/datamodel.mjs';
import { Store } from '../../fixtures/servers/prisma/store.mjs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { read } from '../lib.mjs';
import { random } from '../fuzz/mutate.mjs';
import { Exerciser } from '../servers/exerciser.mjs';

/** What the application does not offer goes to both services directly. */
const isBatch = /\b(updateMany|deleteMany)|ScalarWhereInput/;
const alias = 'twin_';
const readOnly = 3019;

/** Every node that is made is given an id: the services would each make up another one. */
export class Exercise extends Exerciser {
  make(model, also, change = (data) => data, selection) {
    const key = model.id.name;
    return super.make(model, also, (data) => ({ ...change(data), ...(data[key] && { [key]: data[key] }) }), selection);
  }
}

export class Twins {
  asked = 0;
  refused = 0;
  faults = [];

  constructor(app, database, seed) {
    Object.assign(this, { app, next: random(seed), graphql: app.graphql });
    const datamodelText = read(join(app.folder, 'prisma/datamodel.prisma'));
    const datamodel = readDatamodel(datamodelText);
    const onBreak = () => {};
    this.prisma = createApi({ datamodelText, datamodel, store: new Store(datamodel, { database }), onBreak });
    app.service.onBreak = onBreak;
    this.connections = new Map(Object.values(app.model.models).map(({ prisma }) => [prisma?.many, prisma?.connection]));
    const { store } = this.prisma;
    const both = new Proxy(store, {
      get: (_, key) => {
        if (key === 'clear') return () => [store, app.service.store].forEach((one) => one.clear());
        return typeof store[key] === 'function' ? store[key].bind(store) : store[key];
      },
    });
    this.api = { schema: this.prisma.schema, datamodel, store: both, execute: (body) => this.#execute(body) };
  }

  /** The clock stands still while both work on an operation. */
  async #execute(body) {
    const { now } = Date;
    const time = (this.time = Math.max(now(), (this.time ?? 0) + 1));
    Date.now = () => time;
    try {
      return await this.#executeNow(body);
    } finally {
      Date.now = now;
    }
  }

  async #executeNow(body) {
    const { query, variables } = JSON.parse(body);
    if (isBatch.test(query) || isBatch.test(JSON.stringify(variables))) {
      await this.app.service.execute(body);
      return this.prisma.execute(body);
    }
    const dressed = this.#dress(query, variables);
    const { status, body: text } = await this.prisma.execute(JSON.stringify(dressed));
    const theirs = JSON.parse(text);
    const before = this.app.asked.length;
    const ours = await this.app.ask(dressed.query, { variables: dressed.variables });
    // What the file service wrote stays as it is: here, but not in the service itself.
    if (ours.errors?.[0].code === readOnly) await this.app.service.execute(JSON.stringify(dressed));
    else this.#compare(dressed, theirs, ours, this.app.asked.length - before);
    return { status, body: JSON.stringify(theirs, (key, value) => (key.startsWith(alias) || key === '__typename' ? undefined : value)) };
  }

  #compare(dressed, theirs, ours, requests) {
    this.asked++;
    if (theirs.errors) this.refused++;
    const [want, got] = [shape(theirs), shape(ours)];
    const text = () => [dressed, { Prisma: want }, { here: got }].map((one) => JSON.stringify(one).slice(0, 1000)).join('\n  ');
    if (!isDeepStrictEqual(want, got)) this.faults.push(text());
    // What is not valid is not asked.
    else if (requests !== (theirs.errors?.some(({ path }) => !path) ? 0 : dressed.roots)) this.faults.push(`${requests} requests: ${text()}`);
  }

  // ---- the same thing in other words

  #chance = (share) => this.next() < share;

  #dress(query, variables = {}) {
    const { parse, print, visit, visitWithTypeInfo, TypeInfo, Kind } = this.graphql;
    const info = new TypeInfo(this.app.schema);
    const fragments = [];
    const switches = {};
    const directive = () => {
      const name = `${alias}${Object.keys(switches).length}`;
      switches[name] = this.#chance(0.5);
      return parse(`{ a @${switches[name] ? 'include' : 'skip'}(if: $${name}) }`).definitions[0].selectionSet.selections[0].directives;
    };
    const dress = {
      Field: {
        leave: (node) => (node.selectionSet || !this.#chance(0.1) ? undefined : { ...node, directives: directive() }),
      },
      SelectionSet: {
        leave: (node, _key, parent) => {
          const type = info.getParentType();
          // What is asked at the root is asked once.
          if (!type || parent.kind === Kind.OPERATION_DEFINITION) return undefined;
          const selections = [...node.selections];
          if (this.#chance(0.2)) selections.push(field(Kind, '__typename'));
          for (const one of node.selections)
            if (one.kind === Kind.FIELD && !one.alias && this.#chance(0.1)) selections.push({ ...one, alias: name(Kind, alias + one.name.value) });
          if (!this.#chance(0.3)) return { ...node, selections };
          const at = Math.floor(this.next() * selections.length);
          return { ...node, selections: [...selections.slice(0, at), this.#fragment(type.name, selections.slice(at), fragments)] };
        },
      },
    };
    let document = visit(parse(query), visitWithTypeInfo(info, dress));
    const [operation] = document.definitions;
    operation.selectionSet.selections.push(...this.#page(operation.selectionSet.selections[0]));
    const declared = Object.keys(switches).flatMap((one) => parse(`query ($${one}: Boolean!) { a }`).definitions[0].variableDefinitions);
    const given = { ...operation, variableDefinitions: [...(operation.variableDefinitions ?? []), ...declared] };
    document = { ...document, definitions: [given, ...fragments] };
    return { query: print(document), variables: { ...variables, ...switches }, roots: operation.selectionSet.selections.length };
  }

  /** The same list as pages of a connection. */
  #page(root) {
    const connection = this.connections.get(root.name.value);
    if (!connection || this.#chance(0.6)) return [];
    const { parse, Kind } = this.graphql;
    const parts = ['pageInfo { hasNextPage hasPreviousPage startCursor endCursor }', 'edges { cursor node { id } }', 'aggregate { count }'];
    const [page] = parse(`{ ${alias}page: ${connection} { __typename ${parts.filter(() => this.#chance(0.7)).join(' ')} } }`).definitions[0].selectionSet.selections;
    // On leaving: a model's own field `node` is not filled again.
    const leave = (node) => (node.name.value === 'node' ? { ...node, selectionSet: root.selectionSet } : undefined);
    const filled = this.graphql.visit(page, { Field: { leave } });
    return [{ ...filled, name: name(Kind, connection), arguments: root.arguments }];
  }

  #fragment(type, selections, fragments) {
    const { parse, Kind } = this.graphql;
    const selectionSet = { kind: Kind.SELECTION_SET, selections };
    const inline = parse(`{ ... on ${type} { a } }`).definitions[0].selectionSet.selections[0];
    if (this.#chance(0.5)) return { ...inline, selectionSet };
    const called = `${alias}${fragments.length}`;
    const [fragment] = parse(`fragment ${called} on ${type} { a }`).definitions;
    fragments.push({ ...fragment, selectionSet });
    return { kind: Kind.FRAGMENT_SPREAD, name: name(Kind, called), directives: [] };
  }
}

const name = (Kind, value) => ({ kind: Kind.NAME, value });
const field = (Kind, value) => ({ kind: Kind.FIELD, name: name(Kind, value), arguments: [], directives: [] });

/** Words for a break are each one's own; those about an edge that is not there hold ids that are not everybody's to know. */
function shape({ data, errors = [] }) {
  const told = errors.map(({ code, message, path }) => ({ code, at: path?.[0], message: code && code !== 3041 ? message : undefined }));
  return { data, errors: told };
}
