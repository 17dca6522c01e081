// The world of the crash tests: a source and a target (the two stand-ins), a converted project, and the program's build in which
// every mark can be the last (core/mark.h).
//
//   const world = await makeWorld({database, strict, slow})
//       strict: the target refuses some records that check can't foresee
//       slow: it still works on a request when the next run asks what became of it
//   world.steps                  ['export', 'check', 'import', 'verify'], in order
//   world.run(step, {killAt}) → {code, signal, stdout, stderr}     in the current workspace
//   world.watch(step) → {marks: [name], requests: {source: n, target: n}}: runs it, and says what it passed
//   world.killOnce({step, at, server, kind}) → 1 if it was killed there, else 0
//   world.save(name), world.restore(name): the workspace as it is, as it was
//   world.rejected() → [text]: what the target refused, by kind, type, id and field
//   world.emptyTarget(), world.target, world.source                         tests/lib/servers.mjs
//   world.close()
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read, root, run, truth } from '../lib.mjs';
import { startPrisma, startServer } from '../lib/servers.mjs';

const marksBinary = join(root, 'build/marks/graphcool-migrate');
const [secret, token] = ['crash-secret', 'crash-token'];

/** Builds the variant with marks, where there is a compiler; on CI `make check` has built it. */
export function buildMarks() {
  const made = spawnSync('make', ['-s', '-j2', 'VARIANT=marks', 'CFLAGS=-DGCM_MARKS', 'all'], { cwd: root, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stdout + made.stderr);
}

/** What each step is asked, and with what it ends. */
const commands = (world, { strict, slow }) => ({
  export: { args: ['--endpoint', `${world.source.url}/simple/v1/crash`, '--token-file', join(world.folder, 'token')], good: 0 },
  check: { args: [], good: 0 },
  // One request at a time makes which of two equal values is refused the same in every run.
  import: {
    args: ['--chunk-size', '4000', '--settle', slow ? '1' : '0.05', ...(strict ? ['--in-flight', '1'] : [])],
    good: strict ? 6 : 0,
  },
  verify: { args: [], good: strict ? 6 : 0 },
});

export async function makeWorld({ database = 'mysql', strict = false, slow = false, data = 'social', pageLimit = 15000 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'gcm-crash-'));
  // A copy: the build may go on while a long run uses it.
  copyFileSync(marksBinary, join(folder, 'graphcool-migrate'));
  const world = {
    folder,
    database,
    slow,
    program: join(folder, 'graphcool-migrate'),
    workspace: join(folder, 'workspace'),
    app: join(folder, 'app'),
    project: truth(`ndf/${data}`),
  };
  const converted = run(['convert', world.project, '--out', world.app, '--database', database], { program: world.program });
  if (![0, 3].includes(converted.code)) throw new Error(converted.stderr);
  const datamodel = join(folder, 'target.prisma');
  const written = read(join(world.app, 'prisma/datamodel.prisma'));
  writeFileSync(datamodel, strict ? written.replace('title: String!', 'title: String! @unique') : written);
  world.target = await startPrisma({ database, datamodel, service: 'crash', stage: 'dev', secret });
  world.source = await startServer('fixtures/servers/graphcool/main.mjs', [
    '--project',
    world.project,
    '--service',
    'crash',
    '--token',
    token,
    '--data',
    join(world.project, 'expected.json.gz'),
    '--page-limit',
    String(pageLimit),
  ]);
  writeFileSync(join(world.app, '.env'), `PRISMA_ENDPOINT=${world.target.url}/crash/dev\nPRISMA_SECRET=${secret}\n`);
  writeFileSync(join(folder, 'token'), token);
  const steps = commands(world, { strict, slow });
  return Object.assign(world, {
    steps: Object.keys(steps),
    good: (step, code) => steps[step].good === code,
    run: (step, options) => runStep(world, step, steps[step].args, options),
    watch: (step) => watch(world, step),
    killOnce: (one) => killOnce(world, one),
    save: (name) => copy(world.workspace, join(folder, `saved-${name}`)),
    restore: (name) => copy(join(folder, `saved-${name}`), world.workspace),
    rejected: () => rejected(join(world.workspace, 'rejects/reasons.jsonl')),
    delay: (importDelay) => world.target.control({ importDelay }),
    empty: () => rmSync(world.workspace, { recursive: true, force: true }),
    emptyTarget: () => world.target.control({ reset: true, log: [], faults: [] }),
    async close() {
      await Promise.all([world.target.stop(), world.source.stop()]);
      rmSync(folder, { recursive: true });
    },
  });
}

function copy(from, to) {
  rmSync(to, { recursive: true, force: true });
  if (existsSync(from)) cpSync(from, to, { recursive: true });
}

function rejected(file) {
  if (!existsSync(file)) return [];
  const name = ({ kind, type, id, field, other }) => [kind, type, id, field, other].filter(Boolean).join(' ');
  return read(file)
    .trimEnd()
    .split('\n')
    .map((line) => name(JSON.parse(line)))
    .sort();
}

const transfers = { source: '/export', target: '/import' };

async function watch(world, step) {
  const file = join(world.folder, 'marks');
  rmSync(file, { force: true });
  for (const server of ['source', 'target']) await world[server].control({ log: [] });
  const { code, stdout, stderr } = await world.run(step, { env: { GCM_MARKS_TO: file } });
  if (!world.good(step, code)) throw new Error(`${step} ends with ${code}\n${stderr}${stdout}`);
  const requests = {};
  for (const [server, path] of Object.entries(transfers))
    requests[server] = (await world[server].log()).requests.filter((request) => request.path.endsWith(path)).length;
  return { marks: existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [], requests };
}

/** At a mark of its own, or when a server gets its at-th request of a transfer, before or after that one's work. */
async function killOnce(world, { step, at, server, kind }) {
  if (!server) return (await world.run(step, { killAt: at })).signal === 'SIGKILL' ? 1 : 0;
  const pidFile = join(world.folder, 'pid');
  await world[server].control({ faults: [{ path: transfers[server], at, kind, pidFile }] });
  const { signal } = await world.run(step, { onSpawn: (pid) => writeFileSync(pidFile, String(pid)) });
  await world[server].control({ faults: [] });
  return signal === 'SIGKILL' ? 1 : 0;
}

/** Runs a step to its end, or to its mark. */
function runStep(world, step, args, { killAt, onSpawn, env } = {}) {
  const all = [
    step,
    world.project,
    '--out',
    world.app,
    '--workspace',
    world.workspace,
    '--database',
    world.database,
    '--service',
    'crash',
    '--progress',
    'none',
    ...args,
  ];
  return new Promise((done) => {
    const child = spawn(world.program, all, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...env, ...(killAt && { GCM_KILL_AT: String(killAt) }) },
    });
    onSpawn?.(child.pid);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('close', (code, signal) => done({ code, signal, stdout, stderr }));
  });
}
