// The HTTP side of a generated application: the protocol of Graphcool's server, as it was recorded and where it was not.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { readJson, skip, test, truth } from '../lib.mjs';
import { needPackages, packages, ROOT_TOKEN, startServed, template } from '../lib/served.mjs';

await needPackages('the HTTP protocol');
const app = await startServed();

// The words of Graphcool's libraries, which nobody branches on. Everything else is compared letter by letter.
const otherWords = {
  '{': (text) => text.replace(/query\. .*/s, 'query. …'),
  batch: (text) => text.replace(/"Cannot query.*?"\}/s, '"Cannot query…"}'),
  'not JSON': (text) => text.replace(/malformed:.*/s, 'malformed:…'),
  'plain text type': (text) => text.replace(/malformed:.*/s, 'malformed:…'),
};

/** With the keys of objects in order, which is arbitrary on the old server. */
function ordered(value) {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, ordered(value[key])]));
}

await test('each step about the protocol is answered as it was recorded', async () => {
  const file = truth('graphcool/talks/social-reading.json');
  if (!file) skip('no truth here');
  const { steps } = readJson(file);
  const about = steps.slice(steps.findIndex(({ name }) => name === '{'));
  for (const step of about) {
    const raw = step.body['⟨raw⟩'];
    const { status, json, body } = await app.post(raw ?? step.body, { headers: step.headers });
    const words = otherWords[step.name] ?? ((text) => text);
    const shown = (answer) => words(JSON.stringify(ordered(answer)).replace(/"requestId":"[^"]*"/g, '"requestId":"…"'));
    assert.equal(status, step.status, step.name);
    assert.equal(shown(json ?? { '⟨text⟩': body }), shown(step.answer), step.name);
  }
  return `${about.length} steps, ${Object.keys(otherWords).length} of them in other words`;
});
const ask = async (query, more) => (await app.post({ query, ...more })).json;
const errorsOf = async (query, more) => (await ask(query, more)).errors;

await test('an error with a code has message, code, requestId, path, locations', async () => {
  const { headers, json } = await app.post({ query: '{ coded }' });
  const requestId = headers.get('request-id');
  assert.ok(requestId);
  assert.deepEqual(json, {
    data: { coded: null },
    errors: [{ message: 'Insufficient Permissions', code: 3008, requestId, path: ['coded'], locations: [{ line: 1, column: 3 }] }],
  });
});
await test("a function's error has functionError, and may be returned instead of thrown", async () => {
  const [error] = await errorsOf('{ functional }');
  assert.deepEqual([error.code, error.functionError], [5001, 'no']);
});
await test('an unforeseen error has no code, and says nothing of itself', async () => {
  const [error] = await errorsOf('{ broken }');
  assert.deepEqual(Object.keys(error).sort(), ['locations', 'message', 'path', 'requestId']);
  assert.ok(error.message.startsWith('Whoops. Looks like an internal server error.') && error.message.endsWith(error.requestId));
});
await test('a null that must not be one is told as Graphcool told it', async () => {
  assert.deepEqual(await errorsOf('query Q {\n  holed { filled }\n}'), [
    {
      message: 'Cannot return null for non-nullable type (line 2, column 11):\n  holed { filled }\n          ^',
      path: ['holed', 'filled'],
      locations: [{ line: 2, column: 11 }],
    },
  ]);
});
await test('errors before execution have message and locations only, and data is null', async () => {
  for (const [query, variables] of [['{ nope }'], ['query ($n: Int!) { allPosts(first: $n) { title } }', {}], ['query ($n: Int) { allPosts(first: $n) { title } }', { n: 'x' }]]) {
    const { data, errors } = await ask(query, { variables });
    assert.equal(data, null);
    for (const error of errors) assert.deepEqual(Object.keys(error).sort(), ['locations', 'message']);
  }
});
await test('mutation fields run in order; one that fails is null, the others stay', async () => {
  const { data, errors } = await ask('mutation { a: note(text: "a") b: fail c: note(text: "c") }');
  assert.deepEqual(data, { a: 'a', b: null, c: 'a,failed,c' });
  assert.equal(errors[0].code, 3010);
});
await test('variables that are an array, a number or blank are none', async () => {
  for (const variables of [[1], 5, '  ', 'null'])
    assert.deepEqual(await ask('query ($n: Int) { allPosts(first: $n) { title } }', { variables }), { data: { allPosts: [{ title: 'Alpha' }] } });
});
await test('numbers keep their digits on the way in and out', async () => {
  const through = async (json) => (await app.post(`{"query":"query ($n: Json) { number(of: $n) }","variables":{"n":${json}}}`)).body;
  const long = 'x'.repeat(5_000_000);
  for (const json of [
    '{"a":12345678901234567890}',
    '[0.1234567890123456789,1234567890.1234567890123,-12345678901234567890,1e400]',
    '{"12345678901234567890":"12345678901234567890","a\\\\":"\\"12345678901234567890,","b":12345678901234567890}',
    `["${long}",12345678901234567890]`,
    `["${'\\n'.repeat(2_000_000)}",12345678901234567890]`,
  ])
    assert.ok((await through(json)) === `{"data":{"number":${json}}}`, json.slice(0, 100));
  const zeros = `[1${'0'.repeat(500_000)}1]`;
  const started = performance.now();
  assert.ok((await through(zeros)) === `{"data":{"number":${zeros}}}`);
  await ask(`{ float(of: ${zeros.slice(1, -1)}) }`);
  assert.ok(performance.now() - started < 10_000, 'as long as the number is, not as its square');
});
await test('names of objects in variables and answers are names like any other', async () => {
  const odd = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toJSON":1}';
  const query = 'query ($n: Json, $__proto__: Json) { __proto__: number(of: $n) constructor: number(of: $__proto__) }';
  const { body } = await app.post(`{"query":"${query}","variables":{"n":${odd},"__proto__":${odd}},"__proto__":{"query":"{ broken }"}}`);
  assert.equal(body, `{"data":{"__proto__":${odd},"constructor":null}}`);
  assert.equal({}.polluted, undefined);
});
await test('a batch item that is no object is an internal error; a scalar cannot be parsed', async () => {
  const item = await app.post('[{"query":"{ user { id } }"}, 5]');
  assert.deepEqual([item.status, Object.keys(item.json)], [500, ['requestId', 'error']]);
  const scalar = await app.post('5');
  assert.equal(scalar.status, 200);
  assert.match(scalar.json.error, /^input could not be parsed: /);
});
await test('the operations of a batch have one request id and each its own answer', async () => {
  const { json, headers } = await app.post([{ query: '{ requestId }' }, { query: '{', variables: '' }, { query: '{ requestId }', variables: '{' }]);
  assert.equal(json[0].data.requestId, headers.get('request-id'));
  assert.match(json[1].error, /^Syntax error/);
  assert.equal(json[2].code, 3024);
});
await test('the operations of a batch with a mutation run one after the other, the others at once', async () => {
  const writes = await startServed();
  const { json } = await writes.post([{ query: '{ notes }' }, { query: 'mutation { note(text: "a") }' }, { query: '{ notes }' }, { query: '{' }, { query: '{ notes }', variables: '{' }, { query: 'mutation { note(text: "b") fail }' }, { query: '{ notes }' }]);
  assert.deepEqual(json.map(({ data, error }) => (error ? 'refused' : (data.notes ?? data.note))), ['', 'a', 'a', 'refused', 'refused', 'a,b', 'a,b,failed']);
  const reads = await writes.post([{ query: '{ slow }' }, { query: '{ letGo }' }]); // the first ends when the second begins
  assert.deepEqual(reads.json, [{ data: { slow: 1 } }, { data: { letGo: 1 } }]);
  await writes.close();
});

await test('PUT and other addresses are refused in plain text', async () => {
  assert.equal((await app.post('{}', { method: 'PUT' })).status, 405);
  assert.equal((await fetch(app.at('/relay/v1/x'), { method: 'POST' })).status, 404);
});
await test('every address below /simple/v1/ID, and /, is the API', async () => {
  for (const path of ['', '/', '/anything/else'])
    assert.deepEqual((await app.post({ query: '{ user { id } }' }, { path })).json, { data: { user: null } });
  const root = await fetch(app.at('/'), { method: 'POST', headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: '{"query":"{ user { id } }"}' });
  assert.deepEqual(await root.json(), { data: { user: null } });
});
await test('any origin may ask, with credentials and any header', async () => {
  const headers = { Origin: 'https://app.example', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization,x-other' };
  const preflight = await fetch(app.url, { method: 'OPTIONS', headers });
  const seen = (name) => preflight.headers.get(`access-control-${name}`);
  assert.deepEqual([preflight.status, seen('allow-origin'), seen('allow-headers')], [204, 'https://app.example', 'authorization,x-other']);
  const { headers: answered } = await app.post({ query: '{ user { id } }' }, { headers: { Origin: 'https://app.example' } });
  assert.equal(answered.get('access-control-allow-origin'), 'https://app.example');
  assert.equal(answered.get('access-control-expose-headers'), 'Request-Id');
});
await test('introspection works, by POST and as schema.json', async () => {
  const { getIntrospectionQuery, buildClientSchema } = packages('graphql');
  for (const { data } of [await ask(getIntrospectionQuery()), await (await fetch(`${app.url}/schema.json`)).json()])
    assert.ok(buildClientSchema(data).getType('PostSubscriptionPayload'));
});
await test('GraphiQL is there in development only', async () => {
  const html = { headers: { Accept: 'text/html' } };
  assert.match((await (await fetch(app.url, html)).headers).get('content-type'), /^text\/plain/);
  const other = await startServed({ development: true });
  const page = await fetch(other.at('/'), html);
  assert.match(await page.text(), /<!doctype html>.*GraphiQL/is);
  assert.match(page.headers.get('content-security-policy'), /default-src 'none'; connect-src 'self';/);
  assert.match((await fetch(other.at('/'))).headers.get('content-type'), /^text\/plain/);
  await other.close();
  assert.ok(readJson(join(template, 'package-lock.json')).packages['node_modules/@graphql-yoga/render-graphiql'].dev, 'it is installed for development only');
});
await test('a token is a root token or nobody', async () => {
  const who = async (value) => (await app.post({ query: '{ whoami }' }, { headers: value && { Authorization: value } })).json.data.whoami;
  assert.match(await who(`Bearer ${ROOT_TOKEN}`), /^root/);
  assert.match(await who('Bearer nonsense'), /^nobody/);
});
await test('/health says that it lives, /ready that the database answers', async () => {
  assert.equal((await fetch(app.at('/health'))).status, 200);
  assert.equal((await fetch(app.at('/ready'))).status, 200);
  const other = await startServed({ db: { check: async () => { throw new Error('the database does not answer'); } } });
  assert.equal((await fetch(other.at('/health'))).status, 200);
  const ready = await fetch(other.at('/ready'));
  assert.deepEqual([ready.status, (await ready.text()).trim()], [503, 'the database does not answer']);
  await other.close();
});
await test('a context that cannot be made is an internal error, not a crash', async () => {
  const other = await startServed({ context: () => { throw new TypeError('planted-in-a-message'); } });
  const { json, body } = await other.post({ query: '{ user { id } }' });
  await other.close();
  assert.match(json.errors[0].message, /^Whoops/);
  assert.ok(!body.includes('planted') && !other.logged().includes('planted'));
});
await test('what is not JSON in plain UTF-8 is refused, or read as far as it can be', async () => {
  const body = JSON.stringify({ query: '{ user { id } }' });
  for (const [status, headers] of [[415, { 'Content-Type': 'text/html' }], [415, { 'Content-Type': '' }], [415, { 'Content-Type': 'multipart/form-data; boundary=x' }], [415, { 'Content-Type': 'application/x-www-form-urlencoded' }], [415, { 'Content-Encoding': 'gzip' }], [200, { 'Content-Encoding': 'identity' }], [200, { 'Content-Type': 'APPLICATION/JSON;charset=utf-8' }]])
    assert.equal((await app.post(body, { headers })).status, status, JSON.stringify(headers));
  const bytes = Buffer.concat([Buffer.from('{"query":"{ number(of: \\"[\\\\\\"'), Buffer.from([0xff, 0xc3]), Buffer.from('\\\\\\"]\\") }"}')]);
  const odd = await fetch(app.url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: bytes });
  assert.equal(odd.status, 200);
});
await test('a client that goes away in the middle of its body does no harm', async () => {
  const { port, hostname } = new URL(app.url);
  await new Promise((done) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query"', () => socket.destroy());
    });
    socket.on('close', done);
  });
  assert.deepEqual(await ask('{ user { id } }'), { data: { user: null } });
});
await test('what runs is ended, what comes later is not taken, and the database is closed last', async () => {
  let closed = false;
  const other = await startServed({ db: { close: async () => void (closed = true) } });
  const running = other.post({ query: '{ slow }' });
  await other.asked;
  const ending = other.close();
  await assert.rejects(other.post({ query: '{ user { id } }' }));
  assert.equal(closed, false);
  other.release();
  assert.deepEqual((await running).json, { data: { slow: 1 } });
  await ending;
  assert.equal(closed, true);
  await assert.rejects(fetch(other.url));
});
await test('what does not end in time is cut off', async () => {
  const other = await startServed({ shutdownSeconds: 0 });
  const running = other.post({ query: '{ slow }' }).then(() => 'answered', () => 'cut off');
  await other.asked;
  await other.close();
  assert.equal(await running, 'cut off');
});
await app.close();
