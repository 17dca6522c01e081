// The world of the fault tests: both stand-ins, a converted project, and the program's build whose waits are short.
//
//   const world = await makeWorld({commas})
//   world.run(step)             export, import or verify: {code, stdout, stderr}
//   world.fresh(step)           an empty target (for verify a whole one), and the workspace of a clean run before that step
//   world.source, world.target  tests/lib/servers.mjs
//   world.whole                 the target's content after a clean run: what every run must come to
//   world.missing()             what of that the target lacks or has otherwise: [text]
//   world.feed(body)            the source's own import
//   world.stranger              a server that redirects lead to: {url, requests: [{authorization}]}
import { spawn, spawnSync } from 'node:child_process';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, truth } from '../lib.mjs';
import { startPrisma, startServer } from '../lib/servers.mjs';
import { content } from './data.mjs';

const binary = join(root, 'build/marks/graphcool-migrate');
const [SECRET, TOKEN] = ['fault-secret', 'fault-token'];
const WAITS = {
  import: ['--chunk-size', '1500', '--timeout', '60', '--settle', '0.05'],
  verify: ['--limit', '0', '--format', 'json'],
};

/** `whole`: of another world, for one whose target refuses records (`nul`); `lost` is then what it lacks after a clean run. */
export async function makeWorld({ commas = false, nul = false, database = 'mysql', whole } = {}) {
  const made = spawnSync('make', ['-s', '-j2', 'VARIANT=marks', 'CFLAGS=-DGCM_MARKS', 'all'], { cwd: root, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stdout + made.stderr);
  const folder = mkdtempSync(join(tmpdir(), 'gcm-fault-'));
  const project = truth('projects/social');
  const [app, data, workspace] = [join(folder, 'app'), join(folder, 'data.json'), join(folder, 'workspace')];
  const given = content({ commas, nul });
  writeFileSync(data, JSON.stringify(given));
  writeFileSync(join(folder, 'token'), TOKEN);
  const common = ['--out', app, '--database', database, '--service', 'fault'];
  const converted = spawnSync(binary, ['convert', project, ...common], { encoding: 'utf8' });
  if (![0, 3].includes(converted.status)) throw new Error(converted.stderr);
  const target = await startPrisma({
    database,
    datamodel: join(app, 'prisma/datamodel.prisma'),
    service: 'fault',
    stage: 'dev',
    secret: SECRET,
  });
  const source = await startServer('fixtures/servers/graphcool/main.mjs', [
    ...['--project', project, '--service', 'fault', '--token', TOKEN, '--data', data],
    ...['--page-limit', '2500', '--row-window', '16'],
  ]);
  const stranger = await startStranger();
  for (const server of [source, target]) for (const name of ['control', 'log', 'dump']) server[name] = patient(server[name]);
  const endpoints = {
    export: ['--endpoint', `${source.url}/simple/v1/fault`, '--token-file', join(folder, 'token'), '--format', 'json'],
    import: ['--endpoint', `${target.url}/fault/dev`],
    verify: ['--endpoint', `${target.url}/fault/dev`],
  };
  const world = { folder, workspace, source, target, stranger, given };

  world.run = (step, more = []) => {
    const own = [...more, ...endpoints[step], ...(WAITS[step] ?? []), ...(nul && step === 'import' ? ['--force'] : [])];
    return runProgram([step, project, ...common, '--workspace', workspace, '--progress', 'none', ...own]);
  };
  let filled = false; // does the target hold the whole, and the workspace a finished import?
  world.fresh = async step => {
    await Promise.all([target.control({ log: [], faults: [] }), source.control({ log: [], faults: [] })]);
    if (step === 'verify' && filled) return;
    await target.control({ reset: true });
    rmSync(workspace, { recursive: true, force: true });
    if (step !== 'export') cpSync(join(folder, 'before-import'), workspace, { recursive: true });
    filled = step === 'verify';
    if (filled) await expectClean(world, 'import');
  };
  world.feed = async body => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${TOKEN}` };
    const answer = await fetch(`${source.url}/simple/v1/fault/import`, { method: 'POST', headers, body: JSON.stringify(body) });
    return answer.json();
  };
  world.missing = async () => differences(world.whole, normal(JSON.parse(await target.dump())));
  world.close = async () => {
    await Promise.all([source.stop(), target.stop(), stranger.close()]);
    rmSync(folder, { recursive: true, force: true });
  };
  await (whole ? refusedRun(world, whole) : cleanRun(world));
  return world;
}

/** Asks again where a fault has closed the port for a moment. */
const patient = ask => async (...args) => {
  for (let tries = 1; ; tries++)
    try {
      return await ask(...args);
    } catch (error) {
      if (tries === 40) throw error;
      await new Promise(done => setTimeout(done, 50));
    }
};

async function expectClean(world, step, expected = 0) {
  const { code, stdout, stderr } = await world.run(step);
  if (code !== expected) throw new Error(`a clean ${step} ended with ${code}\n${stdout}${stderr}`);
}

/** Export, import, verify without a fault; what is then in the target is compared with what the source was given. */
async function cleanRun(world) {
  await expectClean(world, 'export');
  cpSync(world.workspace, join(world.folder, 'before-import'), { recursive: true });
  world.exportRequests = (await world.source.log()).requests.length;
  await expectClean(world, 'import');
  world.importRequests = (await world.target.log()).requests.length;
  world.whole = normal(JSON.parse(await world.target.dump()));
  await world.target.control({ log: [] });
  await expectClean(world, 'verify');
  world.verifyRequests = (await world.target.log()).requests.length;
  assert.deepEqual(unordered(world.whole), unordered(normal(world.given)), 'a clean run: source and target differ');
}

/** The same where the target refuses some: those, and what hangs on them, are what is lost. */
async function refusedRun(world, whole) {
  world.whole = whole;
  await expectClean(world, 'export', 0);
  cpSync(world.workspace, join(world.folder, 'before-import'), { recursive: true });
  await expectClean(world, 'import', 6);
  world.importRequests = (await world.target.log()).requests.length;
  world.lost = (await world.missing()).sort();
}

/** Records by type and id without nulls and empty lists, relation rows as sorted texts (a row twice is there twice). */
function normal({ models, relations }) {
  const records = {};
  for (const [type, { rows }] of Object.entries(models))
    for (const row of rows) {
      const values = Object.entries(row).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0));
      (records[`${type} ${row.id}`] ??= []).push(canonical(Object.fromEntries(values)));
    }
  const pairs = {};
  for (const [name, { rows }] of Object.entries(relations)) pairs[name] = rows.map(([a, b]) => `${a} ${b}`).sort();
  return { records, pairs };
}
const sort = value =>
  Array.isArray(value)
    ? value.map(sort)
    : value && typeof value === 'object'
    ? Object.fromEntries(
        Object.keys(value)
          .sort()
          .map(key => [key, sort(value[key])]),
      )
    : value;
const canonical = value => JSON.stringify(sort(value));

/** Pairs without their direction, and once each: how a one-field self relation is stored differs between the servers. */
const unordered = ({ records, pairs }) => ({
  records,
  pairs: Object.fromEntries(
    Object.entries(pairs).map(([name, rows]) => [
      name,
      [
        ...new Set(
          rows.map(row =>
            row
              .split(' ')
              .sort()
              .join(' '),
          ),
        ),
      ].sort(),
    ]),
  ),
});

/** What the second lacks, has otherwise, or has too much. */
function differences(whole, other) {
  const found = [];
  for (const key of new Set([...Object.keys(whole.records), ...Object.keys(other.records)]))
    if (String(whole.records[key]) !== String(other.records[key])) found.push(key);
  for (const name of Object.keys(whole.pairs)) {
    const left = [...other.pairs[name]];
    for (const row of whole.pairs[name]) {
      const at = left.indexOf(row);
      if (at < 0) found.push(`${name} ${row}`);
      else left.splice(at, 1);
    }
    found.push(...left.map(row => `${name} ${row} (too much)`));
  }
  return found;
}

function runProgram(args) {
  return new Promise(done => {
    const child = spawn(binary, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', GCM_PATIENCE: '1', PRISMA_SECRET: SECRET },
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 120000);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', chunk => (stdout += chunk));
    child.stderr.on('data', chunk => (stderr += chunk));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ code: code ?? signal, stdout, stderr });
    });
  });
}

function startStranger() {
  const requests = [];
  const server = createServer((req, res) => {
    requests.push({ authorization: req.headers.authorization });
    res.end('{}');
  });
  return new Promise(done => {
    server.listen(0, '127.0.0.1', () =>
      done({
        url: `http://127.0.0.1:${server.address().port}/`,
        requests,
        close: () => new Promise(closed => server.close(closed)),
      }),
    );
  });
}
