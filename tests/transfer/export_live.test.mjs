// What happens to an export of a live service: connections that fail in every way, interruptions, elements larger than a page,
// writers that go on, answers that refuse. Either everything arrives, or the program says that it did not.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../../fixtures/servers/graphcool/main.mjs';
import { binary, skip, test, truth } from '../lib.mjs';
import { exported, runExport, workspace } from '../lib/exporting.mjs';
import { SERVICE, TOKEN } from '../lib/graphcool_server.mjs';
import { differences, dumpStage, readTruth } from '../lib/staged.mjs';

const pages = truth('ndf/pages');
const everything = pages && readTruth(join(pages, 'expected.json.gz'));

/** A server in this process: {api, front, control(body)}; closed behind the work. */
async function serving(project, options, work) {
  const front = await start({ project, service: SERVICE, token: TOKEN, port: 0, ...options });
  const control = (body) => fetch(`${front.url}/__control`, { method: 'POST', body: JSON.stringify(body) });
  try {
    return await work({ api: `${front.url}/simple/v1/${SERVICE}`, url: front.url, front, control });
  } finally {
    await front.close();
  }
}
const paged = (work) =>
  pages ? serving(pages, { data: join(pages, 'expected.json.gz'), pageLimit: 100000 }, work) : skip('no truth here');

/** A project of these types, with its data. */
function project(types, content) {
  const folder = mkdtempSync(join(tmpdir(), 'gcm-live-'));
  mkdirSync(join(folder, 'project'));
  writeFileSync(join(folder, 'project/graphcool.yml'), 'types: ./types.graphql\n');
  writeFileSync(join(folder, 'project/types.graphql'), types);
  const data = join(folder, 'data.json');
  writeFileSync(data, JSON.stringify(content));
  return { path: join(folder, 'project'), data, remove: () => rmSync(folder, { recursive: true }) };
}

const time = '2018-01-01T00:00:00.000Z';
const text = (row) => ({ createdAt: time, updatedAt: time, ...row });

await test('nodes, lists and single values larger than a page arrive through the Simple API', async () => {
  const types = `type Big @model { id: ID! @isUnique createdAt: DateTime! updatedAt: DateTime! a: String b: String tags: [String!] numbers: [Int!] }
type Small @model { id: ID! @isUnique createdAt: DateTime! updatedAt: DateTime! words: [String!] }`;
  const field = (name, type, list) => [name, { name, type, list, relation: null }];
  const big = (n, more = {}) => text({ id: `big${n}`, a: `${n}`, b: null, tags: ['x'], numbers: [n], ...more });
  const content = {
    models: {
      Big: {
        fields: Object.fromEntries([field('a', 'String', false), field('b', 'String', false), field('tags', 'String', true), field('numbers', 'Int', true)]),
        rows: [
          big(0, { a: 'x'.repeat(900), b: 'y'.repeat(900) }),
          big(1),
          big(2, { tags: ['z'.repeat(3000), 'end'] }),
          big(3, { tags: null, numbers: Array.from({ length: 2000 }, (_, n) => n) }),
          big(4),
          big(5, { tags: Array.from({ length: 300 }, (_, n) => `t${n}`), numbers: Array.from({ length: 300 }, (_, n) => -n) }),
          big(6, { a: 'x'.repeat(5000), tags: ['w'.repeat(5000)] }),
        ],
      },
      Small: { fields: Object.fromEntries([field('words', 'String', true)]), rows: [text({ id: 's0', words: ['ö'.repeat(1500)] }), text({ id: 's1', words: ['a', 'b'] })] },
    },
    relations: {},
  };
  const place = project(types, content);
  try {
    return await serving(place.path, { data: place.data, pageLimit: 1000 }, async ({ api }) => {
      const { code, result, staged } = await exported(place.path, ['--endpoint', api]);
      assert.deepEqual(differences(staged, content), []);
      assert.equal(code, 0, JSON.stringify(result.findings));
      return 'pages of 1,000 characters';
    });
  } finally {
    place.remove();
  }
});

/** Runs until it says 0, as somebody would who reads the exit codes; how often it took. */
async function persist(project, source, place, allowed, limit = 12) {
  for (let run = 1; ; run++) {
    const { code, stderr, result } = await runExport(project, source, { workspace: place.folder });
    if (code === 0) return { run, result };
    assert(allowed.includes(code), `exit code ${code}: ${stderr}`);
    assert(run < limit, `never ended: ${stderr}`);
  }
}

const FAULTS = ['refuse', 'reset', 'drip', 'truncate', 'wrong-length', 'no-end', 'gzip-bomb', '429', '502', '504', 'html', 'errors', 'empty', 'redirect',
  'duplicate-rows', 'reset-after', 'truncate-before'];
await test('every fault of a connection, at a page of each kind: everything arrives, at once or on the next run', () =>
  paged(async ({ api, control, url }) => {
    let runs = 0;
    for (const kind of FAULTS) {
      const place = workspace();
      try {
        const faults = [6, 20, 45].map((at) => ({ at, kind, path: '/export', ms: kind === 'refuse' ? 300 : 5, bytes: 300 << 20, retryAfter: 1, to: `${url}/elsewhere` }));
        await control({ log: [], faults });
        runs += (await persist(pages, ['--endpoint', api], place, [4])).run;
        assert.deepEqual(differences(dumpStage(place.folder), everything), [], kind);
      } finally {
        place.remove();
      }
    }
    return `${FAULTS.length} faults, 3 times each, in ${runs} runs`;
  }));

await test('killed at any moment, or stopped by Ctrl-C, it goes on where it was', () =>
  paged(async ({ api, control }) => {
    let stops = 0;
    let interrupted = 0;
    for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM']) {
      const place = workspace();
      try {
        await control({ log: [], faults: [] });
        for (let run = 0; run < 8; run++) {
          const args = ['export', pages, '--endpoint', api, '--workspace', place.folder, '--quiet'];
          const child = spawn(binary, args, { stdio: 'ignore', env: { ...process.env, GRAPHCOOL_TOKEN: TOKEN } });
          const ended = new Promise((done) => child.on('close', (code, by) => done(by ?? code)));
          setTimeout(() => child.kill(signal), 30 + run * 25);
          const end = await ended;
          stops += end !== 0;
          interrupted += end === 130;
          assert([0, 130, signal].includes(end), `ended with ${end}`);
        }
        const { code } = await runExport(pages, ['--endpoint', api], { workspace: place.folder });
        assert.equal(code, 0);
        assert.deepEqual(differences(dumpStage(place.folder), everything), [], signal);
      } finally {
        place.remove();
      }
    }
    return `stopped ${stops} times, ${interrupted} of them with exit code 130`;
  }));

await test('a wrong token, a wrong service and no service at all say so, and never the token', async () =>
  paged(async ({ api }) => {
    const place = workspace();
    const planted = 'planted-token-8fb2c1';
    try {
      const wrong = await runExport(pages, ['--endpoint', api], { workspace: place.folder, env: { GRAPHCOOL_TOKEN: planted } });
      assert.equal(wrong.code, 4);
      assert.match(wrong.stderr, /Insufficient permissions[\s\S]*root token/);
      const unknown = await runExport(pages, ['--endpoint', `${api}x`], { workspace: join(place.folder, 'b') });
      assert.equal(unknown.code, 2);
      assert.match(unknown.stderr, /Project not found/);
      const bytes = readdirSync(place.folder).filter((name) => name.startsWith('stage')).map((name) => readFileSync(join(place.folder, name)));
      for (const part of [wrong.stderr, wrong.stdout, ...bytes]) assert(!part.includes(planted));
    } finally {
      place.remove();
    }
  }));

await test('any of the service\'s URLs is understood', async () =>
  paged(async ({ api }) => {
    for (const url of [`${api}/`, `${api}/export`, api.replace('/simple/', '/relay/'), `${api.replace('/simple/', '/relay/')}/import`]) {
      const { code } = await exported(pages, ['--endpoint', url]);
      assert.equal(code, 0, url);
    }
    const [, host, id] = /^(.*)\/simple\/v1\/(.*)$/.exec(api);
    assert.equal((await exported(pages, ['--service-id', id, '--host', host])).code, 0);
  }));

await test('a source that is written to meanwhile is never called complete', async () =>
  paged(async ({ api, control }) => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${TOKEN}` };
    const send = (query) => fetch(api, { method: 'POST', headers, body: JSON.stringify({ query }) });
    const place = workspace();
    try {
      await control({ log: [], faults: [{ at: 3, kind: 'stall', path: '/export', ms: 1500 }] });
      const running = runExport(pages, ['--endpoint', api], { workspace: place.folder });
      await new Promise((done) => setTimeout(done, 700));
      await send('mutation { createBeta(n: 1) { id } }');
      const { code, result } = await running;
      assert.equal(code, 3);
      assert.notEqual(result.completeness, 'complete');
      assert(result.findings.some(({ rule, type }) => rule === 'GCM-EXP-031' && type === 'Beta'));
    } finally {
      place.remove();
    }
  }));

await test('types that PROJECT lacks are staged, and named', async () => {
  if (!pages) skip('no truth here');
  const types = readFileSync(join(pages, 'types.graphql'), 'utf8').replace(/type Beta[\s\S]*?\n}/, '').replace(/.*\[Beta!\]!.*\n/, '');
  const place = project(types, {});
  try {
    return await paged(async ({ api }) => {
      const { code, result, staged } = await exported(place.path, ['--endpoint', api]);
      assert.equal(code, 3);
      assert(result.findings.some(({ rule, type }) => rule === 'GCM-EXP-009' && type === 'Beta'));
      assert.deepEqual(differences(staged, everything), []);
      return `${result.nodes} nodes`;
    });
  } finally {
    place.remove();
  }
});
