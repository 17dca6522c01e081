// import against the Prisma stand-in: recorded exports on both databases, every fault, what is refused, what is left out.
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { binary, test } from '../lib.mjs';
import { imports, repeated, secret, staged, startServer } from './importing.mjs';

const databases = ['mysql', 'postgres'];
const stages = {};
const servers = {};
for (const database of databases) {
  stages[database] = await staged('social', database);
  servers[database] = await startServer(stages[database].datamodel, database);
}
const quick = ['--settle', '0.05'];
/** Small requests, so that there are many of them. */
const small = [...quick, '--chunk-size', '6000'];

/** Runs in an empty target, with these faults. */
async function start(database, faults = []) {
  await servers[database].control({ reset: true });
  await servers[database].control({ faults, log: [] });
  return stages[database].fresh();
}
const wanted = {};

/* ---- faults ---- */

const faults = [
  { kind: 'refuse', ms: 200 }, { kind: 'reset' }, { kind: 'reset-after' }, { kind: 'stall', ms: 1500 }, { kind: 'stall' },
  { kind: 'drip', pieces: 5, ms: 20 }, { kind: 'truncate' }, { kind: 'wrong-length' }, { kind: 'no-end' },
  { kind: 'gzip-bomb', bytes: 200_000_000 }, { kind: '429', retryAfter: 1 }, { kind: '502' }, { kind: '502-after' },
  { kind: '504' }, { kind: '504-after' }, { kind: 'html' }, { kind: 'html-after' }, { kind: 'errors' },
  { kind: 'errors-after' }, { kind: 'empty' }, { kind: 'empty-after' },
];
/** Questions of an import before it sends anything: is there a node of each type? */
const questions = 8;
const slow = new Set(['refuse', 'stall', 'gzip-bomb', '429']);

/** Imports with the faults; then again until it is done. Never a third outcome. */
async function survive(database, list) {
  const run = await start(database, list);
  const server = servers[database];
  const codes = [];
  while (codes.length < 12) {
    const result = await run.import(server.endpoint, [...small, '--timeout', '1'], {}, 120000);
    codes.push(result.code);
    if (result.code !== 4) break;
    assert(result.stderr.length > 0);
  }
  const log = await server.log();
  const what = JSON.stringify(list.map(fault => `${fault.kind}@${fault.at}`));
  assert.equal(codes.at(-1), 0, `${what}: ${codes}\n${JSON.stringify(run.reasons().slice(0, 3))}`);
  assert.equal(await server.dump(), wanted[database], `${what}: the target differs`);
  assert.equal(repeated(log), 0, `${what}: sent again: ${JSON.stringify(imports(log).filter(one => one.repeated).slice(0, 3))}`);
  run.drop();
  return { fired: log.requests.filter(request => request.fault).length, resumed: codes.length - 1 };
}

async function surviveAll(database, lists) {
  const sum = { fired: 0, resumed: 0 };
  for (const list of lists) {
    const one = await survive(database, list);
    sum.fired += one.fired;
    sum.resumed += one.resumed;
  }
  return `${lists.length} runs, ${sum.fired} faults, ${sum.resumed} times resumed`;
}

function randomFaults(seed) {
  const random = below => (seed = (seed * 48271) % 2147483647) % below;
  const quickOnes = faults.filter(fault => !slow.has(fault.kind));
  return Array.from({ length: 100 }, (_, i) => ({ ...quickOnes[random(quickOnes.length)], at: 5 + 3 * i }));
}

await Promise.all(databases.map(async database => {
  await test(`a recorded export arrives whole and once (${database})`, async () => {
    const run = await start(database);
    const result = await run.import(servers[database].endpoint, small);
    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stdout, /imported: 687 nodes, 575 lists and 949 relation rows/);
    wanted[database] = await servers[database].dump();
    const log = await servers[database].log();
    assert.equal(repeated(log), 0);
    assert(log.requests.every(request => request.authorization));
    const verified = await run.verify(servers[database].endpoint);
    assert.equal(verified.code, 0, verified.stdout);
    const status = await run.status();
    assert.equal(status.records.relations.confirmed.records, 949);
    assert.equal(status.next, 'nothing is left to be done');
    run.drop();
    return `${imports(log).length} requests, 2,211 records`;
  });

  await test(`each fault, alone: the target is equal and nothing was sent twice (${database})`, () => surviveAll(database,
    faults.map((fault, i) => [{ ...fault, at: 1 + 3 * ((i * 5) % 21), path: '/import' }])));

  await test(`questions fail as well as requests (${database})`, () => surviveAll(database,
    faults.filter(fault => !slow.has(fault.kind)).map((fault, i) => [
      { kind: 'reset-after', at: 3 + 7 * (i % 8), path: '/import' },
      { ...fault, at: questions + 1, times: 1 + (i % 2), path: '/dev' },
    ])));

  await test(`a target that does not answer questions ends an import, which then goes on (${database})`, () => surviveAll(database,
    [1, 25, 50].map(at => [
      { kind: 'reset-after', at, path: '/import' },
      { kind: 'errors', at: questions + 1, times: 6, path: '/dev' },
    ])));

  await test(`a random sequence of 100 faults (${database})`, () => surviveAll(database,
    Array.from({ length: Number(process.env.RUNS ?? 1) }, (_, i) => randomFaults(Number(process.env.SEED ?? 1) + i))));
}));

/* ---- what the target refuses ---- */

for (const database of databases)
  await test(`bad records are isolated, with the server's reason; the rest arrives (${database})`, async () => {
    const bad = await staged('kinds', database);
    const server = await startServer(bad.datamodel, database);
    const run = bad.fresh();
    const refused = await run.import(server.endpoint, quick);
    assert.equal(refused.code, 3, 'check stops the import');
    assert.equal(imports(await server.log()).length, 0, 'and nothing is sent');
    const result = await run.import(server.endpoint, [...quick, '--force']);
    assert.equal(result.code, 6, result.stderr);
    const reasons = run.reasons();
    const expected = database === 'mysql' ? 3 : 7;
    assert.equal(reasons.length, expected, JSON.stringify(reasons, null, 1));
    assert(reasons.every(reason => reason.reason.length > 10));
    const nodes = JSON.parse(readFileSync(join(run.workspace, 'rejects/nodes/000001.json'), 'utf8'));
    assert.equal(nodes.valueType, 'nodes');
    assert.equal(nodes.values.length, reasons.filter(reason => reason.kind === 'nodes' && reason.inFile).length);
    const dump = JSON.parse(await server.dump());
    const ids = new Set(dump.models.Thing.rows.map(row => row.id));
    for (const reason of reasons.filter(one => one.kind === 'nodes')) assert(!ids.has(reason.id));
    assert.equal(ids.size + reasons.filter(one => one.kind === 'nodes').length, 133);
    assert.equal(repeated(await server.log()), 0);
    const again = await run.import(server.endpoint, [...quick, '--force', '--quiet', '--format', 'json']);
    assert.equal(again.code, 6, 'rejects are not sent again');
    const { nodes: there, requests, ...rest } = JSON.parse(again.stdout);
    const rows = Object.values(dump.models).reduce((sum, model) => sum + model.rows.length, 0);
    assert.deepEqual([there, requests], [rows, 0]);
    assert.deepEqual([rest.version, rest.finished, rest.rejects], [1, true, expected]);
    assert.equal(readFileSync(rest.reasons, 'utf8').trim().split('\n').length, expected);
    await server.stop();
    bad.drop();
    return `${reasons.length} rejected, ${ids.size} of 133 things stored`;
  });

for (const database of databases)
  await test(`a node that is there already is refused, its lists and relations are not sent (${database})`, async () => {
    const run = await start(database);
    const server = servers[database];
    const dump = JSON.parse(wanted[database]);
    const user = dump.models.User.rows.find(row => dump.relations.PostAuthor?.rows.some(pair => pair.includes(row.id))) ?? dump.models.User.rows[0];
    const { id, email } = user;
    const token = (await run.import(server.endpoint, ['--max-rejects', '0', ...quick], { PRISMA_SECRET: 'wrong' }));
    assert.equal(token.code, 4);
    assert.match(token.stderr, /token is invalid/);
    assert.match(token.stderr, /PRISMA_SECRET/);
    const jwt = await signed();
    const put = await fetch(`${server.endpoint}/import`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${jwt}` },
      body: JSON.stringify({ valueType: 'nodes', values: [{ _typeName: 'User', id, email: `other-${email}` }] }) });
    assert.deepEqual(await put.json(), []);
    const filled = await run.import(server.endpoint, quick);
    assert.equal(filled.code, 7);
    assert.match(filled.stderr, /is not empty/);
    const result = await run.import(server.endpoint, ['--into-filled', ...quick]);
    assert.equal(result.code, 6, result.stderr);
    const reasons = run.reasons();
    assert.equal(reasons.filter(one => one.kind === 'nodes').length, 1, JSON.stringify(reasons, null, 1));
    assert.equal(reasons.find(one => one.kind === 'nodes').id, id);
    for (const one of reasons.filter(reason => reason.kind !== 'nodes')) assert.equal(one.reason, 'its node is not in the target');
    const stopped = await (await start(database), stages[database].fresh()).import(server.endpoint, quick);
    assert.equal(stopped.code, 0);
    run.drop();
    return `${reasons.length} rejects`;
  });

/** A token of the service, as the CLI makes it. */
async function signed() {
  const { createHmac } = await import('node:crypto');
  const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ data: { service: 'blog@dev', roles: ['admin'] }, exp: Math.floor(Date.now() / 1000) + 3600 })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

await test('a service that is not there is named, and the stage belongs to one target', async () => {
  const run = await start('mysql');
  const { url, endpoint } = servers.mysql;
  const missing = await run.import(`${url}/nope/dev`, quick);
  assert.equal(missing.code, 4);
  assert.match(missing.stderr, /deploy/);
  run.drop();
  const other = stages.mysql.fresh();
  assert.equal((await other.import(endpoint, quick)).code, 0);
  const elsewhere = await other.import(servers.postgres.endpoint, quick);
  assert.equal(elsewhere.code, 7);
  assert.match(elsewhere.stderr, /belongs to another target/);
  other.drop();
});

/* ---- Ctrl-C ---- */

await test('Ctrl-C keeps what was done, and the next import goes on', async () => {
  let interrupted = 0;
  for (const at of [2, 20, 60]) {
    const run = await start('mysql', [{ kind: 'drip', at, path: '/import', pieces: 4, ms: 150 }]);
    const child = spawn(binary, ['import', stages.mysql.source, '--out', 'app', '--database', 'mysql', '--workspace', run.workspace,
      '--endpoint', servers.mysql.endpoint, '--progress', 'none', ...small], { cwd: stages.mysql.folder, env: { ...process.env, PRISMA_SECRET: secret } });
    while (imports(await servers.mysql.log()).length < at) await new Promise(done => setTimeout(done, 5));
    child.kill('SIGINT');
    const code = await new Promise(done => child.on('close', done));
    interrupted += code === 130;
    assert([0, 130].includes(code));
    const again = await run.import(servers.mysql.endpoint, small);
    assert.equal(again.code, 0, again.stderr);
    assert.equal(await servers.mysql.dump(), wanted.mysql);
    assert.equal(repeated(await servers.mysql.log()), 0);
    run.drop();
  }
  assert(interrupted > 0);
  return `${interrupted} of 3 ended with 130`;
});

/* ---- files ---- */

await test('files instead of a service hold the same records, and name what prisma1 refuses', async () => {
  const kinds = await staged('kinds', 'mysql');
  const run = kinds.fresh();
  const target = join(run.workspace, 'files');
  const result = await run.toFiles(['--to-dir', target, '--force']);
  assert.equal(result.code, 6, result.stderr);
  assert.match(result.stderr, /prisma1 import refuses/);
  const left = readFileSync(`${target}.left-out.jsonl`, 'utf8').trim().split('\n').map(line => JSON.parse(line));
  assert(left.some(one => one.reason.includes('Json')));
  let elements = 0;
  for (const kind of ['nodes', 'lists', 'relations'])
    for (const name of readdirSync(join(target, kind)))
      elements += JSON.parse(readFileSync(join(target, kind, name), 'utf8')).values.length;
  const zip = join(run.workspace, 'files.zip');
  assert.equal((await run.toFiles(['--to-zip', zip, '--force'])).code, 6);
  assert.equal((await run.toFiles(['--to-zip', zip, '--force'])).code, 8, 'nothing is overwritten');
  kinds.drop();
  return `${elements} elements, ${left.length} left out`;
});

await test('no planted secret or token in what import writes', async () => {
  const run = await start('mysql', [{ kind: '502', at: 3, path: '/import' }, { kind: 'reset-after', at: 9, path: '/import' }]);
  const result = await run.import(servers.mysql.endpoint, small);
  for (const text of [result.stdout, result.stderr]) assert(!text.includes(secret) && !text.includes('eyJ'));
  for (const name of readdirSync(run.workspace)) {
    if (name === 'rejects') continue;
    const bytes = readFileSync(join(run.workspace, name));
    assert(!bytes.includes(secret) && !bytes.includes('eyJhbGciOiJIUzI1NiI'), name);
  }
  run.drop();
});

for (const database of databases) {
  await servers[database].stop();
  stages[database].drop();
}
