// What one client may ask of an application at once.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { join } from 'node:path';
import { read, readJson, shared, skip, test } from '../lib.mjs';
import { needPackages, packages, runtime, startServed } from '../lib/served.mjs';

await needPackages('limits');
const { parse, validate, buildSchema, getIntrospectionQuery } = packages('graphql');
const { defaultLimits, overLimits } = await runtime('serving/limits.js');
const endless = Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, Infinity]));
const over = (text, limits) => overLimits(parse(text), { ...endless, ...limits })[0]?.message;

await test('every operation of the corpus, and introspection, is far below the limits', () => {
  const texts = [getIntrospectionQuery()];
  for (const [project, files] of Object.entries(shared ? readJson(join(shared, 'truth/graphcool/corpus/operations.json')) : {}))
    for (const file of Object.keys(files)) texts.push(read(join(shared, 'corpus', project, file)));
  const tenth = Object.fromEntries(Object.entries(defaultLimits).map(([name, limit]) => [name, name === 'depth' ? limit / 2 : limit / 10]));
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
await app.close();
