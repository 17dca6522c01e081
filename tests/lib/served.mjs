// The server part of a generated application over an API of this file's own: no database, no project.
//
//   const app = await startServed({ limits, tokens, model, … })
//     url, socket          of the API
//     post(body, options)  → { status, headers, body, json }; a body that is no text is sent as JSON
//     push(event)          to everyone who listens to Subscription.Post
//     listening(), ended() how many event iterators are open, and how many were told to end
//     lines                what was logged, parsed; text of all: logged()
//     hold(), release()    { slow } is answered after release(); asked() resolves when it was asked for
//     close()
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root, skip, test } from '../lib.mjs';

export const template = join(root, 'rules/templates/app');
export const runtime = (name) => import(join(template, 'src/graphcool', name));
const require = createRequire(join(template, 'package.json'));
export const packages = (name) => require(name);

/** Ends the test program with a skipped test where the application's packages are not installed. */
export async function needPackages(name) {
  if (existsSync(join(template, 'node_modules'))) return;
  await test(name, () => skip('the packages of rules/templates/app are not installed'));
  process.exit();
}

export const SECRET = 'the-secret-that-signs-of-the-test';
export const ROOT_TOKEN = 'the-root-token-of-the-test';

const sdl = `
  type Query { user: User  Post(id: ID): Post  allPosts(first: Int): [Post!]!  _allUsersMeta: Meta!  node: User
    whoami: String  requestId: String  coded: Int  functional: Int  broken: Int  holed: Holed  slow: Int  letGo: Int  notes: String  number(of: Json): Json  float(of: Float): Float }
  type Mutation { note(text: String!): String  fail: String }
  type Subscription { Post(title: String): PostSubscriptionPayload  User: UserSubscriptionPayload }
  type PostSubscriptionPayload { mutation: String!  node: Post  title: String  whoami: String  denied: String  held: String  json(of: Json): Json }
  type UserSubscriptionPayload { mutation: String! }
  type User { id: ID! }  type Post { id: ID  title: String  author: Post }  type Meta { count: Int! }  type Holed { filled: String! }
  scalar Json`;

export const model = { service: 'the-service', models: { User: { to: 'User', fields: { id: { type: 'ID' } } }, Post: { to: 'Article', fields: { id: { type: 'ID', to: 'key' } } } } };

export async function startServed({ limits, development = false, keepAliveEvery = 10000, shutdownSeconds = 5, logLevel = 'info', secrets = [], tokens, db = {}, context = (given) => given } = {}) {
  const [{ serve }, { createLog }, { createTokens }, { defaultLimits }, { GraphcoolError }] = await Promise.all(
    ['serving/serve.js', 'log.js', 'tokens.js', 'serving/limits.js', 'errors.js'].map(runtime),
  );
  const { buildSchema } = packages('graphql');
  const schema = buildSchema(sdl);
  const notes = [];
  const listeners = new Set();
  let ended = 0;
  let letGo, askedFor;
  const held = new Promise((done) => (letGo = done));
  const asked = new Promise((done) => (askedFor = done));

  /** Events that were pushed, each when it is asked for. */
  function events() {
    const waiting = [];
    let reader = null;
    let over = false;
    const stream = {
      push(event) {
        waiting.push(event);
        reader?.();
      },
      fail(error) {
        waiting.push(error);
        reader?.();
      },
      async next() {
        while (!waiting.length && !over) await new Promise((done) => (reader = done));
        if (over) return { value: undefined, done: true };
        const event = waiting.shift();
        if (event instanceof Error) throw event;
        return { value: event, done: false };
      },
      async return() {
        if (!over) ended++;
        over = true;
        listeners.delete(stream);
        reader?.();
        return { value: undefined, done: true };
      },
      waiting,
      [Symbol.asyncIterator]: () => stream,
    };
    listeners.add(stream);
    return stream;
  }

  const resolvers = {
    Query: {
      allPosts: () => [{ title: 'Alpha', author: { title: 'Beta' } }],
      _allUsersMeta: () => ({ count: 3 }),
      whoami: async (_, __, { caller }) => `${caller.kind} ${caller.id} ${caller.model} ${caller.name} ${caller.kind === 'node' && (await caller.exists())}`,
      requestId: (_, __, { requestId }) => requestId,
      coded: () => {
        throw new GraphcoolError(3008, 'Insufficient Permissions');
      },
      functional: () => new GraphcoolError(5001, 'function execution error: no', { functionError: 'no' }),
      broken: () => {
        throw new TypeError('planted-in-a-message');
      },
      holed: () => ({ filled: null }),
      slow: async () => {
        askedFor();
        await held;
        return 1;
      },
      letGo: () => (letGo(), 1),
      notes: () => notes.join(),
      number: (_, { of }) => of,
    },
    Mutation: {
      note: async (_, { text }) => (await new Promise((next) => setImmediate(next)), notes.push(text), notes.join()),
      fail: () => {
        notes.push('failed');
        throw new GraphcoolError(3010, 'A unique constraint would be violated');
      },
    },
    Subscription: { Post: (event) => event, User: (event) => event },
    PostSubscriptionPayload: {
      whoami: (_, __, { caller }) => caller.kind,
      denied: () => {
        throw new GraphcoolError(3008, 'Insufficient Permissions');
      },
      title: async ({ title }) => title,
      held: (_, __, { wait }) => wait(),
      json: ({ json }, { of }) => of ?? json,
    },
  };
  for (const [type, fields] of Object.entries(resolvers))
    for (const [name, work] of Object.entries(fields)) schema.getType(type).getFields()[name].resolve = work;
  for (const field of Object.values(schema.getSubscriptionType().getFields())) field.subscribe = events;

  let logged = '';
  const log = createLog({ level: logLevel, secrets, write: (line) => (logged += line) });
  const api = { schema, context, finish: (result) => result };
  const database = { check: async () => {}, close: async () => {}, run: async () => [{ value: { id: '1' } }], ...db };
  const server = await serve(
    { port: 0, host: '127.0.0.1', limits: { ...defaultLimits, ...limits }, development, keepAliveEvery, shutdownSeconds },
    { api, db: database, log, tokens: createTokens({ appSecret: SECRET, serviceId: 'the-service', rootTokens: { TEST: ROOT_TOKEN }, ...tokens }, model) },
  );
  const url = `http://127.0.0.1:${server.port}/simple/v1/the-service`;
  return {
    url,
    at: (path) => `http://127.0.0.1:${server.port}${path}`,
    socket: `ws://127.0.0.1:${server.port}/subscriptions/v1/the-service`,
    async post(body, { headers = {}, path = '', method = 'POST' } = {}) {
      const response = await fetch(url + path, {
        method,
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text, json: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined };
    },
    push: (event) => listeners.forEach((stream) => stream.push(event)),
    fail: (error) => listeners.forEach((stream) => stream.fail(error)),
    listening: () => listeners.size,
    unread: () => [...listeners].map((stream) => stream.waiting.length),
    ended: () => ended,
    notes,
    asked,
    release: letGo,
    logged: () => logged,
    lines: () => logged.split('\n').filter(Boolean).map((line) => JSON.parse(line)),
    close: server.close,
  };
}
