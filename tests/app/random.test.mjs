// Random services, random operations: the application over MySQL's and over PostgreSQL's rules answers as the stand-in for the old
// server does, and asks Prisma once for each root field.
//
//   node tests/app/random.test.mjs [SERVICES [OPERATIONS [FIRST]]]      a sample that changes from day to day; GCM_SEED changes what is asked
import assert from 'node:assert/strict';
import { buildSchema } from 'graphql';
import { start as startGraphcool } from '../../fixtures/servers/graphcool/main.mjs';
import { skip, test, truth } from '../lib.mjs';
import { startApp } from '../lib/app.mjs';
import { randomService } from '../lib/random_service.mjs';
import { Operations } from '../lib/random_operation.mjs';
import { Names, Values, asker, compareStep } from '../lib/talk.mjs';

const last = 250;
const count = Number(process.argv[2] ?? 12);
const length = Number(process.argv[3] ?? 20);
const seed = Number(process.env.GCM_SEED ?? 20787);
const first = Number(process.argv[4] ?? (Math.floor(Date.now() / 86400000) * count) % last);
const databases = ['mysql', 'postgres'];
const sum = { operations: 0, failures: 0, more: new Map() };

// Prisma must be asked first whether it is this edge that is there, what children a replacement would leave behind, what a deleted
// node's lists hold (truth/translation.md).
const mayAskMore = new Set(['unset', 'update', 'updateOrCreate', 'delete']);

/** Several required relations that a mutation would leave empty: which of them is named first is an accident of both servers. */
const sameRefusal = ({ at, want, got }) =>
  at.endsWith('.message') && [want, got].every((text) => /^The field '\w+' on type '\w+' is required\./.test(text));

/** The same service three times: the old server's stand-in, and the application over both databases. */
class World {
  constructor(number) {
    Object.assign(this, { number, names: new Names(), faults: [], ended: false });
  }

  async start() {
    this.project = randomService(this.number);
    if (!this.project) return false;
    const old = await startGraphcool({ project: this.project.folder, port: 0, token: 'root', service: 'old' });
    this.stops = [old.close, this.project.remove];
    this.old = { ask: asker(`${old.url}/simple/v1/old`, () => 'root'), values: new Values() };
    this.apps = [];
    for (const database of databases) {
      const app = await startApp(this.project.folder, { database, convert: ['--without-functions'] });
      this.stops.push(app.close);
      this.apps.push({ app, ask: asker(app.url, app.token), values: new Values() });
    }
    const { model, sdl } = this.apps[0].app;
    // A datamodel has no unique lists: the old server refused a default that was there already, …
    const repeats = ({ fields }) => Object.values(fields).some((field) => field.unique && field.list && field.default);
    if (Object.values(model.models).some(repeats)) return false;
    const unlike = (type, field) => {
      const of = model.models[type];
      const one = field ? of?.fields[field] : of;
      // What is named as a root type is answered by the old server's stand-in in its own way.
      if (['Query', 'Mutation', 'Subscription'].includes(type)) return true;
      // A same-field to-one self relation has two directions in a datamodel, one on the old server. A password is answered as a hash,
      // which is another one each time (and the stand-in for the old server makes none).
      if (!one || one.refused !== undefined || one.reverse !== undefined || one.type === 'Password') return true;
      // … and soon any list of the two values that there are.
      return one.unique && one.list && one.type === 'Boolean';
    };
    const exclusive = (type, field) => {
      const one = model.models[type].fields[field];
      const back = one.back && model.models[one.type].fields[one.back];
      return !one.list && back && !back.list && (one.required || back.required);
    };
    const lone = (type, field) => {
      const one = model.models[type].fields[field];
      return one.back && !model.models[one.type].fields[one.back].list;
    };
    const robbing = Object.values(model.relations).filter(({ a, b }) => [a, b].some((side) => side && exclusive(side.model, side.field)));
    // What the file service has written cannot be changed; the stand-in for the old server does not know that.
    const skipMutation = (name) => ['updateFile', 'updateOrCreateFile'].includes(name) || robbing.some(({ link, unlink }) => name === link || name === unlink);
    const unique = (type, field) => Boolean(model.models[type].fields[field]?.unique);
    this.operations = new Operations(buildSchema(sdl), this.number * 1000 + seed, { skip: unlike, exclusive, lone, skipMutation, unique });
    return true;
  }

  async hold(operation) {
    if (!operation || this.ended) return;
    const step = { as: 'root', path: '', body: { query: operation.query, variables: operation.variables } };
    const { status, answer } = await this.old.ask(step, this.old.values.body(step));
    const named = { ...step, status, answer: this.names.name(answer) };
    [...this.old.values.same(named.answer, answer, '')];
    this.operations.learn(operation, named.answer.data);
    sum.operations++;
    if (answer.errors) sum.failures++;
    for (const { app, ask, values } of this.apps) {
      const before = app.requests();
      const found = [...compareStep(values, named, await ask(step, values.body(step)))].filter((one) => !sameRefusal(one));
      this.#count(operation, app.requests() - before);
      if (!found.length) continue;
      this.faults.push(`service ${this.number} on ${app.database}: ${JSON.stringify(values.bind(step.body))}\n${found.slice(0, 3).join('\n')}`);
      // What was written differently is read differently from here on.
      if (operation.kind !== 'read') this.ended = true;
    }
  }
  #count({ kind, roots = 1, query }, requests) {
    if (requests <= roots) return;
    if (!mayAskMore.has(kind)) this.faults.push(`service ${this.number}: ${requests} requests to Prisma for ${roots} root fields: ${query}`);
    sum.more.set(kind, (sum.more.get(kind) ?? 0) + 1);
  }

  async run() {
    for (let round = 0; round < 4; round++)
      for (const { type } of this.operations.models) await this.hold(this.operations.create(type.name));
    for (let n = 0; n < length; n++) {
      // First what needs no more than ids in the order of creation, then what is read in another order.
      this.operations.nesting = n < length / 2 ? 1 : 2;
      await this.hold(this.operations.read());
      await this.hold(this.operations.change());
    }
    await this.hold(this.operations.everything());
  }
  async stop() {
    for (const one of [this.old, ...(this.apps ?? [])]) one?.ask.close();
    for (const stop of this.stops ?? []) await stop();
  }
}

const numbers = Array.from({ length: Math.min(count, last) }, (_, n) => ((first + n) % last) + 1);
for (const number of truth('graphcool/random') ? numbers : [])
  await test(`random service ${number} answers as the old server did`, async () => {
    const world = new World(number);
    try {
      if (!(await world.start())) skip('the old server did not take it, it has no datamodel, or the old server takes one node of a type');
      await world.run();
      assert.equal(world.faults.length, 0, `${world.faults.length} differ\n${world.faults.slice(0, 8).join('\n')}`);
    } finally {
      await world.stop();
    }
  });

await test('random operations', () => {
  if (!sum.operations) skip('no truth here');
  const more = [...sum.more].map(([kind, times]) => `${kind} ${times}`).join(', ');
  return `${sum.operations} operations on ${numbers.length} services, ${sum.failures} of them refused; more than one request: ${more || 'none'}`;
});
