// What the generated application costs over asking its Prisma service directly, with the same question; how fast it is with many
// clients; and that it does not grow. Application and service are processes of their own, asked in turns, so that whatever else the
// machine does is in both figures.
import { symlinkSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { execute, parse } from '../../rules/templates/app/node_modules/graphql/index.js';
import { createApi, finish } from '../../rules/templates/app/src/graphcool/api.js';
import { answersOf } from '../../rules/templates/app/src/graphcool/db/prisma1/answers.js';
import { documentsOf } from '../../rules/templates/app/src/graphcool/db/prisma1/document.js';
import { Model } from '../../rules/templates/app/src/graphcool/model.js';
import { truth } from '../lib.mjs';
import { SECRETS, convert, environment, spawnApp, startApp, template } from '../lib/app.mjs';
import { median } from '../lib/moving.mjs';
import { startPrisma } from '../lib/servers.mjs';

const OVERHEAD = 1; // ms at three levels, the median
const TRANSLATION = 0.1; // ms, the median
const GROWTH = 0.05; // of the heap from 20,000 requests to 100,000
const CLIENTS = 64;
const ROUNDS = 400;

const operations = {
  '1 level': '{ allUsers(first: 20, orderBy: email_ASC) { id email name age } }',
  '3 levels': '{ allUsers(first: 10) { id email posts(first: 5) { id title comments(first: 3) { id text } } } }',
  '6 levels':
    '{ allUsers(first: 5) { id posts(first: 3) { id comments(first: 3) { id author { id groups(first: 2) { id members(first: 2) { id email } } } } } } }',
};
const seed = Array.from({ length: 20 }, (_, n) => {
  const post = (k) => `{title: "post", scores: [1], comments: [{text: "a", author: {email: "a${n}.${k}@x.org"}}, {text: "b"}]}`;
  return `mutation { createUser(email: "u${n}@x.org", name: "user", age: ${n}, posts: [${post(1)}, ${post(2)}, ${post(3)}], groups: [{name: "g${n}"}]) { id } }`;
});

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
/** Asks, on a connection that stays: the answer's text. */
function post(url, body, headers) {
  return new Promise((done, failed) => {
    const asked = request(url, { method: 'POST', agent, headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers } });
    asked.on('error', failed);
    asked.on('response', (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => done(Buffer.concat(parts).toString()));
    });
    asked.end(body);
  });
}
const root = { Authorization: `Bearer ${SECRETS.root}` };
const ask = (url, query) => post(url, JSON.stringify({ query }), root);
async function fill(url) {
  for (const query of seed) {
    const answer = await ask(url, query);
    if (answer.includes('"errors"')) throw new Error(answer);
  }
}
/** The whole work of `count` requests, so many at a time. */
async function many(count, one) {
  let next = 0;
  const client = async () => {
    while (next < count) await one(next++);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}
const project = truth('projects/social');
const lines = [];
const missed = (holds) => {
  if (!holds) process.exitCode = 1;
};

// ---- what is asked of Prisma, and how long the application takes to say it

const app = await startApp(project);
const { sdl: schema, model, permissions } = app;
await fill(app.url);
let heard;
app.prisma.front.server.on('request', (incoming) => {
  const parts = [];
  incoming.on('data', (part) => parts.push(part));
  incoming.on('end', () => (heard = { body: Buffer.concat(parts).toString(), headers: { Authorization: incoming.headers.authorization } }));
});
const questions = {};
for (const [name, query] of Object.entries(operations)) {
  const answer = await ask(app.url, query);
  if (answer.includes('"errors"')) throw new Error(answer);
  questions[name] = { query, asked: heard, answer: JSON.parse(await post(app.prisma.url, heard.body, heard.headers)) };
}

function translate(query, canned) {
  const inner = new Model(model);
  let translated;
  const db = {
    run: async (asked) => {
      const documents = documentsOf(asked, inner);
      translated = performance.now();
      return answersOf(asked, documents, [structuredClone(canned)].flat());
    },
  };
  const api = createApi({ schema, model, permissions, db });
  const document = parse(query);
  return async () => {
    const contextValue = api.context({ caller: { kind: 'root' }, requestId: '' });
    const start = performance.now();
    finish(await execute({ schema: api.schema, document, contextValue }), contextValue);
    return translated - start;
  };
}
for (const [name, { query, answer }] of Object.entries(questions)) {
  const once = translate(query, answer);
  const times = [];
  for (let n = 0; n < 3000; n++) times.push(await once());
  const figure = median(times.slice(500));
  if (name === '3 levels') missed(figure < TRANSLATION);
  lines.push(`translation of ${name}: ${figure.toFixed(3)} ms${name === '3 levels' ? `, limit ${TRANSLATION}` : ''}`);
}

// ---- does it grow?

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc');
const heaps = [];
const userId = JSON.parse(await ask(app.url, '{ allUsers(first: 1) { id } }')).data.allUsers[0].id;
for (let block = 0; block < 5; block++) {
  await many(20000, (n) =>
    ask(app.url, n % 3 ? `{ r${block * 20000 + n}: User(id: "${userId}") { id email posts(first: 2) { id } } }` : `mutation { updateUser(id: "${userId}", age: ${n % 100}) { id age } }`),
  );
  await post(`${app.prisma.url}/__control`, '{"log": []}');
  collect();
  heaps.push(process.memoryUsage().heapUsed);
}
missed(heaps[4] < heaps[0] * (1 + GROWTH));
lines.push(`heap after 20,000 requests ${(heaps[0] / 1e6).toFixed(1)} MB, after 100,000 ${(heaps[4] / 1e6).toFixed(1)} MB, limit ${GROWTH * 100} % more`);
await app.close();

// ---- over the wire

const converted = convert(project);
symlinkSync(join(template, 'node_modules'), join(converted.folder, 'node_modules'));
const prisma = await startPrisma({ datamodel: join(converted.folder, 'prisma/datamodel.prisma'), secret: SECRETS.prisma });
const served = await spawnApp(converted.folder, environment(prisma));
try {
  await fill(served.url);
  for (const [name, { query, asked }] of Object.entries(questions)) {
    const times = { app: [], direct: [] };
    const timed = async (list, work) => {
      const start = performance.now();
      await work();
      list.push(performance.now() - start);
    };
    for (let n = 0; n < ROUNDS; n++) {
      await timed(times.app, () => ask(served.url, query));
      await timed(times.direct, () => post(prisma.url, asked.body, asked.headers));
    }
    const [ours, direct] = [median(times.app.slice(50)), median(times.direct.slice(50))];
    if (name === '3 levels') missed(ours - direct < OVERHEAD);
    lines.push(`${name}: ${ours.toFixed(2)} ms, Prisma directly ${direct.toFixed(2)} ms: ${(ours - direct).toFixed(2)} ms more${name === '3 levels' ? `, limit ${OVERHEAD}` : ''}`);
  }
  const { query, asked } = questions['1 level'];
  const rate = async (work) => {
    await many(500, work);
    const start = performance.now();
    await many(5000, work);
    return Math.round(5000 / ((performance.now() - start) / 1000));
  };
  const [direct, ours] = [await rate(() => post(prisma.url, asked.body, asked.headers)), await rate(() => ask(served.url, query))];
  lines.push(`${CLIENTS} clients: ${ours} requests a second, Prisma directly ${direct}`);
} finally {
  await served.stop();
  await prisma.stop();
  converted.remove();
  agent.destroy();
}
console.log(`the generated application\n${lines.map((line) => `     ${line}`).join('\n')}`);
