// A converted project, running over the Prisma stand-in, all in this process.
//
//   const app = await startApp(project, {database, convert: [more arguments], keepAliveEvery})
//     url, socket      of the Simple API
//     token(who, id?)  'root', 'nobody', or a model's name and the id of one of its nodes
//     folder           what was written; deleted by close()
//     model, permissions, sdl      src/model.json, src/permissions/, schema.graphql
//     prisma           the stand-in (fixtures/servers/prisma/server.mjs)
//     requests()       how many requests Prisma has answered
//     close()
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sign } from '../../fixtures/servers/prisma/auth.mjs';
import { startPrisma } from '../../fixtures/servers/prisma/server.mjs';
import { read, readJson, root, run } from '../lib.mjs';

export const template = join(root, 'rules/templates/app');
export const canStart = () => existsSync(join(template, 'node_modules'));

export const SECRETS = { app: 'the-secret-of-the-app-that-signs-its-tokens', root: 'the-root-token-of-the-app', prisma: 'the-secret-of-prisma' };
export const SERVICE = 'converted';

/** Converts a project into a folder of its own: {folder, datamodel, code, remove()}. */
export function convert(project, { database = 'mysql', args = [] } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'gcm-app-'));
  const folder = join(home, 'app');
  const { code, stderr } = run(['convert', project, '--out', folder, '--database', database, '--quiet', ...args]);
  const remove = () => rmSync(home, { recursive: true, force: true });
  if (code !== 0 && code !== 3) {
    remove();
    assert.fail(`convert ${project} ended with ${code}:\n${stderr}`);
  }
  const datamodel = join(folder, 'prisma/datamodel.prisma');
  return { folder, datamodel: existsSync(datamodel) ? read(datamodel) : null, code, stderr, remove };
}

/** What a service of the application needs to know. */
export const environment = (prisma, more = {}) => ({
  PORT: '0',
  PRISMA_ENDPOINT: prisma.url,
  PRISMA_SECRET: SECRETS.prisma,
  APP_SECRET: SECRETS.app,
  SERVICE_ID: SERVICE,
  ROOT_TOKEN_TEST: SECRETS.root,
  LOG_LEVEL: 'error',
  ...more,
});

export const startDatabase = (datamodel, { database = 'mysql', keepAliveEvery } = {}) =>
  startPrisma({ database, keepAliveEvery, services: [{ name: 'default', stage: 'default', secrets: [SECRETS.prisma], sdl: datamodel }] });

export function nodeToken(model, id, seconds = 3600) {
  const now = Math.floor(Date.now() / 1000);
  return sign({ exp: now + seconds, iat: now, projectId: SERVICE, userId: id, modelName: model }, SECRETS.app);
}

export async function startApp(project, { database = 'mysql', convert: args = [], keepAliveEvery, env = {} } = {}) {
  const converted = convert(project, { database, args });
  const { folder } = converted;
  symlinkSync(join(template, 'node_modules'), join(folder, 'node_modules'));
  const prisma = await startDatabase(converted.datamodel, { database, keepAliveEvery });
  const at = (path) => pathToFileURL(join(folder, path)).href;
  // The runtime is the same in every application: one copy of it serves them all.
  const shared = (name) => pathToFileURL(join(template, 'src/graphcool', name)).href;
  const [{ startServer }, { readConfig }, { default: permissions }] = await Promise.all([
    import(shared('server.js')),
    import(shared('config.js')),
    import(at('src/permissions/index.js')),
  ]);
  const model = readJson(join(folder, 'src/model.json'));
  const sdl = read(join(folder, 'schema.graphql'));
  const server = await startServer({ ...readConfig(environment(prisma, env)), schema: sdl, model, permissions });
  const url = `http://127.0.0.1:${server.port}/simple/v1/${SERVICE}`;
  return {
    url,
    socket: `ws://127.0.0.1:${server.port}/subscriptions/v1/${SERVICE}`,
    folder,
    database,
    code: converted.code,
    model,
    permissions,
    sdl,
    prisma,
    requests: () => prisma.front.log().length,
    token: (who, id) => (id ? nodeToken(who, id) : { root: SECRETS.root, nobody: undefined }[who]),
    close: async () => {
      await server.close();
      await prisma.close();
      converted.remove();
    },
  };
}

/** `npm start` or `node src/index.js` of a converted folder as a process of its own: {url, output(), stop()}. */
export async function spawnApp(folder, env, { program = 'node', args = ['src/index.js'] } = {}) {
  const port = await freePort();
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...env, PORT: String(port) }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const ended = new Promise((done) => child.once('close', done));
  const stop = async () => {
    // npm does not pass signals on to what it started: the whole group ends.
    if (child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await ended;
  };
  const listening = new Promise((done) => {
    const look = () => /listening|http:\/\//.test(output) && done(true);
    child.stdout.on('data', look);
    child.stderr.on('data', look);
  });
  if (!(await Promise.race([listening, ended.then(() => false)]))) throw new Error(`${program} ${args.join(' ')} ended:\n${output}`);
  return { url: `http://127.0.0.1:${port}/simple/v1/${SERVICE}`, port, pid: child.pid, output: () => output, stop };
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
