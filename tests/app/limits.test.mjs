// What one client may ask of an application at once.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { read, readJson, shared, skip, test } from '../lib.mjs';
import { needPackages, packages, runtime, startServed } from '../lib/served.mjs';

await needPackages('limits');
const { parse, validate, buildSchema, getIntrospectionQuery } = packages('graphql');
const { defaultLimits, overLimits } = await runtime('serving/limits.js');
const { createTextCache } = await runtime('serving/cache.js');
const endless = Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, Infinity]));
const over = (text, limits) => overLimits(parse(text), { ...endless, ...limits })[0]?.message;

await test('every operation of the corpus, and introspection, is far below the limits', () => {
  const texts = [getIntrospectionQuery()];
  for (const [project, files] of Object.entries(shared ? readJson(join(shared, 'truth/graphcool/corpus/operations.json')) : {}))
    for (const file of Object.keys(files)) texts.push(read(join(shared, 'corpus', project, file)));
  const tenth = Object.fromEntries(Object.entries(defaultLimits).map(([name, limit]) => [name, name === 'depth' || name === 'introspection' ? limit / 2 : limit / 10]));
  let count = 0;
  for (const text of texts) {
    let document;
    try {
      document = parse(text, { maxTokens: tenth.tokens });
    } catch {
      continue;
    }
    count++;
    assert.deepEqual(overLimits(document, tenth), [], text);
  }
  if (!shared) skip('no corpus here: introspection only');
  return `${count} operations`;
});

for (const [name, text, limits, message] of [
  ['depth counts fields', '{ a { b { c } } }', { depth: 2 }, /3 levels of fields; at most 2/],
  ['depth is not made by fragments', '{ ...F } fragment F on Q { ... on Q { a } }', { depth: 1 }, undefined],
  ['depth goes through fragments', '{ a { ...F } } fragment F on Q { b { c } }', { depth: 2 }, /3 levels/],
  ['fields are counted wherever a fragment is used', '{ a { ...F } b { ...F } } fragment F on Q { c d e }', { fields: 12 }, /13 fields/],
  ['pairs of fields of one name', '{ a a a { b } a { b } }', { repeats: 6 }, /7 pairs/],
  ['pairs are found through fragments', '{ ...F ...F ... { a } } fragment F on Q { a }', { repeats: 2 }, /3 pairs/],
  ['other names are no pairs', '{ a b: a c: a }', { repeats: 0 }, undefined],
  ['introspection counts what is inside', '{ a { b } __schema { a b } x: __type { ...F } } fragment F on T { c { d e } }', { introspection: 5 }, /6 fields of introspection; at most 5/],
  ['a fragment inside itself', '{ ...F } fragment F on Q { a { ...F } }', { depth: 30 }, /endless levels/],
])
  await test(name, () => (message ? assert.match(over(text, limits), message) : assert.equal(over(text, limits), undefined)));

await test('what is hostile is refused at once, and what is allowed is validated in time', () => {
  const schema = buildSchema('type Query { a: Query, b(x: Int): Int, c: Int }');
  const many = (count, text) => Array.from({ length: count }, (_, n) => text(n)).join(' ');
  const hostile = {
    'fragments that double': `{ ...F0 } ${many(25, (n) => `fragment F${n} on Query { a { ...F${n + 1} } x: a { ...F${n + 1} } }`)} fragment F25 on Query { c }`,
    'a chain of fragments': `{ ...F0 } ${many(20000, (n) => `fragment F${n} on Query { ...F${n + 1} }`)}`,
    'a field a thousand times': `{ ${'b(x: 1) '.repeat(5000)} }`,
    'the same below': `{ ${`a { ${'b(x: 1) '.repeat(100)} } `.repeat(30)} }`,
  };
  for (const [name, text] of Object.entries(hostile)) {
    const document = parse(text);
    const started = performance.now();
    assert.equal(overLimits(document, defaultLimits).length, 1, name);
    assert.ok(performance.now() - started < 2000, name);
  }
  const widest = parse(`{ ${many(9990, (n) => `a${n}: b(x: ${n})`)} }`);
  assert.deepEqual([overLimits(widest, defaultLimits), validate(schema, widest)], [[], []]);
});

const limits = { bodyBytes: 1000, batch: 3, tokens: 50, depth: 3, fields: 10 };
const app = await startServed({ limits });

await test('over HTTP each limit is told in the shape of its kind', async () => {
  const deep = await app.post({ query: '{ allPosts { author { author { title } } } }' });
  assert.deepEqual([deep.status, deep.json], [200, { data: null, errors: [{ message: 'This query has 4 levels of fields; at most 3 are allowed.' }] }]);
  const wide = await app.post({ query: '{ a:user{id} b:user{id} c:user{id} d:user{id} e:user{id} f:user{id} }' });
  assert.match(wide.json.errors[0].message, /12 fields; at most 10/);
  const long = await app.post({ query: `{ user { ${'id '.repeat(60)} } }` });
  assert.match(long.json.error, /^Syntax error.*50 tokens/);
  const batch = await app.post(Array.from({ length: 4 }, () => ({ query: '{ user { id } }' })));
  assert.deepEqual([batch.status, Object.keys(batch.json)], [413, ['requestId', 'error']]);
  assert.deepEqual((await app.post({ query: '{ user { id } }' })).json, { data: { user: null } });
});
await test('a query that is nested beyond the stack is a syntax error', async () => {
  const other = await startServed();
  const { json } = await other.post({ query: '{a'.repeat(60000) + '}'.repeat(60000) });
  assert.match(json.error, /^Syntax error/);
  await other.close();
});

/** Sends a body in chunks, without telling its length unless it is given: {status, json, headers}. */
function send(chunks, headers = {}) {
  return new Promise((done, fail) => {
    const sent = request(app.url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers } }, (response) => {
      let text = '';
      response.on('data', (part) => (text += part));
      response.on('end', () => done({ status: response.statusCode, json: JSON.parse(text), headers: response.headers }));
    });
    sent.on('error', fail);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}
await test('a body that is too large is a 413 of the shape of errors, told or not how long it is', async () => {
  const large = JSON.stringify({ query: '{ user { id } }', pad: 'x'.repeat(1000) });
  for (const answer of [await send([large], { 'Content-Length': large.length }), await send([large.slice(0, 500), large.slice(500)])]) {
    assert.equal(answer.status, 413);
    assert.deepEqual(answer.json, { requestId: answer.headers['request-id'], error: 'The request is larger than 1000 bytes.' });
  }
  const exact = JSON.stringify({ query: '{ user { id } }', pad: '' });
  const fitting = exact.replace('"pad":""', `"pad":"${'x'.repeat(1000 - exact.length)}"`);
  assert.equal((await send([fitting])).status, 200);
});

await test('a cache of texts is bounded by their length, and keeps what was asked for last', () => {
  const cache = createTextCache();
  const text = (n) => String(n).padEnd(20_000);
  for (let n = 0; n < 100; n++) {
    cache.set(text(n), { n });
    cache.get(text(0));
  }
  const kept = Array.from({ length: 100 }, (_, n) => cache.get(text(n))).filter(Boolean);
  assert.deepEqual([kept.length, kept[0].n, kept.at(-1).n], [20, 0, 99]);
  cache.set('x'.repeat(20_001), {});
  assert.equal(cache.get('x'.repeat(20_001)), undefined);
  cache.set(text(99), { n: 'other' });
  assert.deepEqual([cache.get(text(99)).n, cache.get(text(0)).n], ['other', 0]);
});

const open = await startServed();
await test('what makes an error for each of its words is answered in time, wherever they stand', async () => {
  const errorsIn = (count, text) => Array.from({ length: count }, (_, n) => text(n)).join(' ');
  for (const [name, query] of Object.entries({
    'an argument ten thousand times': `{ allPosts(${'first: 1 '.repeat(60_000)}) { title } }`,
    'a hundred errors below a million lines': `${'\n'.repeat(3_000_000)}{ ${errorsIn(100, (n) => `nope${n}`)} }`,
    'nulls in one long line': `${' '.repeat(1_000_000)}{ ${errorsIn(2000, (n) => `a${n}: holed { filled }`)} }`,
  })) {
    const started = performance.now();
    const { json } = await open.post({ query });
    assert.ok(json.errors.length > 0 && performance.now() - started < 6000, `${name}: ${performance.now() - started} ms`);
  }
});
await test('introspection of types of types of types is refused', async () => {
  const { json } = await open.post({ query: '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }' });
  assert.match(json.errors[0].message, /introspection depth/);
});
await test('JSON that is nested without end is an error of its request', async () => {
  const nested = (depth) => '['.repeat(depth) + ']'.repeat(depth);
  for (const list of [nested(100_000), `[12345678901234567890,${nested(100_000)}]`])
    for (const body of [list, `{"query":"query ($n: Json) { number(of: $n) }","variables":{"n":${list}}}`, `{"query":"query ($n: Int) { allPosts(first: $n) { title } }","variables":{"n":${list}}}`]) {
      const { status, json } = await open.post(body);
      assert.ok(status >= 400 || json.errors, body.slice(0, 80));
    }
  assert.deepEqual((await open.post({ query: '{ user { id } }' })).json, { data: { user: null } });
});
await test('a name as long as a book is not written into the log', async () => {
  await open.post({ query: `query ${'x'.repeat(100_000)} { user { id } }` });
  assert.ok(open.logged().split('\n').every((line) => line.length < 3000));
});
await open.close();

/** What the server answers to these bytes before it hangs up. */
function raw(server, text) {
  const { port, hostname } = new URL(server.url);
  return new Promise((done) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (part) => (answer += part)).on('error', () => {}).on('close', () => done(answer));
  });
}
await test('headers and bodies that do not come to an end are hung up on', async () => {
  const other = await startServed({ limits: { requestMs: 200 } });
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  for (const text of [head, `${head}Content-Length: 100\r\n\r\n{"query"`, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"que`]) assert.match(await raw(other, text), /^HTTP\/1.1 408/, text);
  const [{ level, kind } = {}] = other.lines().filter((line) => line.level === 'error');
  assert.deepEqual([level, kind], [undefined, undefined], 'nothing of it is an error of ours');
  await other.close();
});
await test('all large bodies that are on their way together are no larger than allowed', async () => {
  const other = await startServed({ limits: { bodiesBytes: 100_000 } });
  const { port, hostname } = new URL(other.url);
  const slow = connect(Number(port), hostname);
  slow.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n${' '.repeat(100_000)}`);
  const small = '{"query":"{ user { id } }"}';
  const body = ' '.repeat(90_000) + small;
  const wanted = async (status) => {
    let answer;
    do answer = await other.post(body);
    while (answer.status !== status); // the bytes of the other one come and go in their own time
    return answer;
  };
  const { json } = await wanted(503);
  assert.equal(json.error, 'There are more than 100000 bytes of requests on their way.');
  assert.equal((await other.post(small)).status, 200);
  slow.destroy();
  assert.deepEqual((await wanted(200)).json, { data: { user: null } });
  await other.close();
});
await test('headers without end, and what is no HTTP, are refused', async () => {
  const get = 'GET /health HTTP/1.1\r\nHost: x\r\n';
  assert.match(await raw(app, `${get}X: ${'x'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1.1 431/);
  assert.match(await raw(app, `${get}${'X: y\r\n'.repeat(20_000)}\r\n`), /^HTTP\/1.1 431/);
  for (const text of ['nonsense\r\n\r\n', `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n`])
    assert.match(await raw(app, text), /^HTTP\/1.1 400/, text);
});
await app.close();
