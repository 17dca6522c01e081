// What the tests of import share: a stand-in server, a stage filled from a recorded zip, and both together.
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, root, runAsync, skip, truth } from '../lib.mjs';

/** The program: GCM_PROGRAM names another build. */
const program = process.env.GCM_PROGRAM ?? binary;
export const secret = 'planted-secret-0123456789';

/** A Prisma stand-in in a process of its own: {url, endpoint, control(body), log(), dump(), stop()}. */
export async function startServer(datamodel, database, options = []) {
  if (!existsSync(join(root, 'fixtures/servers/node_modules'))) skip('the servers are not installed');
  const child = spawn(process.execPath, [join(root, 'fixtures/servers/prisma/main.mjs'), '--database', database,
    '--datamodel', datamodel, '--service', 'blog', '--stage', 'dev', '--secret', secret, ...options],
  { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, GCM_BINARY: binary } });
  const url = await new Promise((done, fail) => {
    let text = '';
    child.stdout.on('data', chunk => {
      text += chunk;
      const found = /listening on (\S+)/.exec(text);
      if (found) done(found[1]);
    });
    child.on('exit', code => fail(new Error(`the server ended with ${code}`)));
  });
  const control = body => fetch(`${url}/__control`, { method: 'POST', body: JSON.stringify(body) });
  return {
    url,
    endpoint: `${url}/blog/dev`,
    control,
    log: async () => (await fetch(`${url}/__control/log`)).json(),
    dump: async () => (await fetch(`${url}/__control/dump`)).text(),
    stop: () => new Promise(done => {
      child.removeAllListeners('exit');
      child.on('exit', done);
      child.kill();
    }),
  };
}

/** A folder with the converted project and a stage that was filled and checked. */
export async function staged(name, database, { project, archive } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'gcm-import-'));
  const source = project ?? truth(`ndf/${name}`) ?? skip('the recorded exports are not here');
  const common = [source, '--out', 'app', '--database', database];
  const convert = await runAsync(['convert', source, '--out', 'app', '--database', database], { cwd: folder });
  assert([0, 3].includes(convert.code), convert.stderr);
  const exported = await runAsync(['export', ...common, '--from', archive ?? `${source}.zip`], { cwd: folder });
  assert([0, 3].includes(exported.code), exported.stderr);
  const checked = await runAsync(['check', ...common], { cwd: folder });
  assert([0, 3].includes(checked.code), checked.stderr);
  return {
    folder,
    database,
    source,
    datamodel: join(folder, 'app/prisma/datamodel.prisma'),
    /** A copy of the stage, with commands over it. */
    fresh() {
      const workspace = mkdtempSync(join(folder, 'w-'));
      cpSync(join(folder, '.graphcool-migrate'), workspace, { recursive: true });
      const command = (word, endpoint, args = [], env = {}, timeout) =>
        runAsync([word, ...common, '--workspace', workspace, '--endpoint', endpoint, '--progress', 'none', ...args],
          { cwd: folder, program, env: { PRISMA_SECRET: secret, ...env }, timeout });
      return {
        workspace,
        import: (endpoint, args, env, timeout) => command('import', endpoint, args, env, timeout),
        verify: (endpoint, args) => command('verify', endpoint, args),
        toFiles: args => runAsync(['import', ...common, '--workspace', workspace, ...args], { cwd: folder, program }),
        status: async () => JSON.parse((await runAsync(['status', '--workspace', workspace, '--format', 'json'])).stdout),
        reasons() {
          const path = join(workspace, 'rejects/reasons.jsonl');
          return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line)) : [];
        },
        drop: () => rmSync(workspace, { recursive: true, force: true }),
      };
    },
    drop: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** How many records were sent that the target had already, by all requests of /import. */
export const repeated = log => log.requests.reduce((sum, request) => sum + (request.repeated ?? 0), 0);
export const imports = log => log.requests.filter(request => request.path.endsWith('/import'));
