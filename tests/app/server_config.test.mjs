// The environment of an application, its start, and what it must not say: planted secrets are searched for in all it writes.
import assert from 'node:assert/strict';
import { read, test } from '../lib.mjs';
import { join } from 'node:path';
import { root } from '../lib.mjs';
import { needPackages, ROOT_TOKEN, runtime, startServed } from '../lib/served.mjs';

await needPackages('configuration');
const { readConfig, secretsOf } = await runtime('config.js');
const { defaultLimits } = await runtime('serving/limits.js');
const { awaitDatabase } = await runtime('startup.js');
const { createLog } = await runtime('log.js');

const good = { PRISMA_ENDPOINT: 'http://localhost:4466/a/b', PRISMA_SECRET: 'planted-prisma', APP_SECRET: 'planted-app-secret-0123456789' };

await test('what is not set has its default', () => {
  const config = readConfig(good);
  assert.deepEqual([config.port, config.prisma.timeout, config.logLevel, config.development], [4000, 45000, 'info', false]);
  assert.deepEqual(config.limits, defaultLimits);
  assert.deepEqual(readConfig({ ...good, PORT: '', LOG_LEVEL: ' ' }), config);
});
await test('limits and root tokens are read', () => {
  const config = readConfig({ ...good, LIMIT_BODY_BYTES: '5', LIMIT_DEPTH: '7', ROOT_TOKEN_A: ROOT_TOKEN, ROOT_TOKEN_B: '', NODE_ENV: 'development' });
  assert.deepEqual([config.limits.bodyBytes, config.limits.depth, config.development], [5, 7, true]);
  assert.deepEqual(config.rootTokens, { A: ROOT_TOKEN });
});
await test('a secret is taken as it is, blanks at its ends too', () => assert.equal(readConfig({ ...good, APP_SECRET: ' 0123456789abcdef ' }).appSecret, ' 0123456789abcdef '));
await test('all that is wrong is said at once, by name and without a secret', () => {
  const bad = {
    PORT: '70000', PRISMA_ENDPOINT: 'planted-endpoint', APP_SECRET: 'planted', OLD_SECRET: 'planted-old', LIMIT_DEPTH: '-1',
    ROOT_TOKEN_X: 'planted-root', LOG_LEVEL: 'loud', SHUTDOWN_SECONDS: '1.5',
  };
  assert.throws(() => readConfig(bad), ({ name, message }) => {
    assert.equal(name, 'ConfigError');
    for (const variable of ['PORT', 'PRISMA_ENDPOINT', 'APP_SECRET', 'OLD_SERVICE_ID', 'LIMIT_DEPTH', 'ROOT_TOKEN_X', 'LOG_LEVEL', 'SHUTDOWN_SECONDS'])
      assert.match(message, new RegExp(`^- ${variable}|without ${variable}`, 'm'));
    assert.ok(!message.includes('planted'), message);
    return true;
  });
  assert.throws(() => readConfig({}), /PRISMA_ENDPOINT is missing[^]*APP_SECRET is missing/);
});
await test('each variable that is read is in .env.example', () => {
  const example = read(join(root, 'rules/templates/env.example'));
  const source = read(join(root, 'rules/templates/app/src/graphcool/config.js'));
  const names = new Set([...source.matchAll(/(?:read|number)\('([A-Z_]+)'/g)].map(([, name]) => name));
  for (const name of Object.keys(defaultLimits)) names.add(`LIMIT_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`);
  const missing = [...names].filter((name) => !example.includes(name));
  assert.deepEqual(missing, []);
  return `${names.size} variables`;
});

const failing = (...kinds) => ({
  tries: 0,
  async check() {
    const kind = kinds[Math.min(this.tries++, kinds.length - 1)];
    if (kind) throw Object.assign(new Error(`what ${kind} says`), { kind });
  },
});
const quiet = createLog({ level: 'silent' });
const noPause = async () => {};
await test('a database that is starting is waited for', async () => {
  const db = failing('unreachable', 'unreachable', null);
  await awaitDatabase(db, { startSeconds: 60 }, quiet, noPause);
  assert.equal(db.tries, 3);
});
await test('one that does not come ends the start, with what to do', () =>
  assert.rejects(awaitDatabase(failing('unreachable'), { startSeconds: 0 }, quiet, noPause), { name: 'StartError', message: /what unreachable says\nStart it/ }));
await test('a wrong secret, service or datamodel ends the start at once', async () => {
  for (const kind of ['otherSecret', 'noService', 'otherDatamodel']) {
    const db = failing(kind, null);
    await assert.rejects(awaitDatabase(db, { startSeconds: 60 }, quiet, noPause), { name: 'StartError', message: `what ${kind} says` });
    assert.equal(db.tries, 1);
  }
});
await test('a bug is not taken for a database that starts', () =>
  assert.rejects(awaitDatabase({ check: async () => undefined.x }, { startSeconds: 60 }, quiet, noPause), TypeError));

await test('a request is one line: what was asked for, by what kind of caller, how long, with which codes', async () => {
  const app = await startServed();
  await app.post({ query: 'query Named { user { id } coded broken }' }, { headers: { Authorization: `Bearer ${ROOT_TOKEN}` } });
  await app.post('{');
  await app.post([{ query: '{ user { id } }' }, { query: '{' }]);
  await app.close();
  const requests = app.lines().filter(({ kind }) => kind === 'request');
  const [{ time, requestId, ms, ...first }, malformed, ...batch] = requests;
  assert.deepEqual(first, { level: 'info', kind: 'request', operation: 'Named', fields: ['user', 'coded', 'broken'], caller: 'root', codes: [3008, 0] });
  assert.ok(Date.parse(time) && requestId && ms >= 0);
  assert.deepEqual([malformed.status, malformed.caller], [400, 'nobody']);
  assert.equal(batch.length, 2);
  assert.equal(batch[0].requestId, batch[1].requestId);
});
await test('no secret, variable, token, or text of a query is ever logged', async () => {
  for (const logLevel of ['info', 'error', 'warn']) {
    const app = await startServed({ logLevel });
    const planted = 'planted-value';
    const bodies = [
      { query: `{ user { id } # ${planted}\n }` },
      { query: 'query ($n: Int) { allPosts(first: $n) { title } }', variables: { n: planted } },
      { query: 'query ($n: Int) { allPosts(first: $n) { title } }', variables: planted },
      { query: `mutation { note(text: "${planted}") fail broken: fail }` },
      { query: '{ broken }' },
      { query: `{ ${planted} }` },
      { query: `query { user { id } }`, operationName: planted },
      { query: `{ number(of: "${planted}") }` },
      `{"${planted}`,
    ];
    for (const body of bodies) await app.post(body, { headers: { Authorization: `Bearer ${planted}` } });
    await app.post(bodies.filter((body) => body.query), { path: `/${planted}`, headers: { Authorization: `Bearer ${ROOT_TOKEN}` } });
    await app.close();
    assert.ok(logLevel !== 'info' || app.lines().length > 15);
    for (const secret of ['planted', ROOT_TOKEN]) assert.ok(!app.logged().includes(secret), app.logged());
  }
});
await test('a known secret is blotted out wherever it turns up', () => {
  let text = '';
  const secrets = secretsOf(readConfig({ ...good, OLD_SECRET: 'planted-old', OLD_SERVICE_ID: 'x', ROOT_TOKEN_X: 'planted-root-token-0123' }));
  assert.equal(secrets.length, 4);
  const log = createLog({ level: 'debug', secrets, write: (line) => (text += line) });
  log.warn(`with ${secrets.join()}`, { deep: { list: secrets } });
  log.unexpected(new Error(secrets.join(' ')), {});
  assert.ok(!text.includes('planted'), text);
  assert.equal(text.split('***').length - 1, 12);
});
await test('the level decides what is written', () => {
  const written = (level) => {
    let text = '';
    const log = createLog({ level, write: (line) => (text += line) });
    log.request({});
    log.warn('w');
    log.unexpected(new Error('e'));
    log.always('a');
    return text.split('\n').length - 1;
  };
  assert.deepEqual(['silent', 'error', 'warn', 'info'].map(written), [1, 2, 3, 4]);
});
