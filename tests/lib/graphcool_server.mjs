// Starts the Graphcool stand-in and asks it; runs the real Graphcool CLI against it.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../lib.mjs';
import { startServer } from './servers.mjs';

const modules = join(root, 'tests/node_modules');
export const SERVICE = 'cjproj00000000000000000';
export const TOKEN = 'the-root-token';

/** The stand-in for a project: what startServer gives, and {api}. */
export async function graphcoolServer(project, args = []) {
  const own = ['--project', project, '--service', SERVICE, '--token', TOKEN];
  const server = await startServer('fixtures/servers/graphcool/main.mjs', [...own, ...args]);
  return { ...server, api: `${server.url}/simple/v1/${SERVICE}` };
}

/** Asks a Graphcool server: {status, body}. */
export async function ask(server, path, body, token = TOKEN) {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetch(server.api + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  try {
    return { status: answer.status, body: JSON.parse(text) };
  } catch {
    return { status: answer.status, body: text };
  }
}

const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A token as a local cluster's secret is. */
export function clusterToken(secret) {
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ clientId: 'cjclient', iat: 1795343237 })}`;
  return `${text}.${createHmac('sha256', secret)
    .update(text)
    .digest('base64url')}`;
}

/** Runs the real CLI in a folder of its own that knows the cluster: {code, output}. `keep(folder)` looks at what it left. */
export async function graphcoolCli(url, token, args, keep = () => {}) {
  const home = mkdtempSync(join(tmpdir(), 'gcm-cli-'));
  const folder = join(home, 'project');
  mkdirSync(folder);
  writeFileSync(join(folder, 'graphcool.yml'), 'types: ./types.graphql\n');
  writeFileSync(join(folder, 'types.graphql'), 'type User @model { id: ID! @isUnique }\n');
  writeFileSync(join(folder, '.graphcoolrc'), `targets:\n  dev: local/${SERVICE}\n  default: dev\n`);
  writeFileSync(
    join(home, '.graphcoolrc'),
    `graphcool-framework:\n  clusters:\n    local:\n      host: '${url}'\n      faasHost: '${url}'\n      clusterSecret: ${token}\n    default: local\n`,
  );
  const child = spawn('node', [join(modules, 'graphcool/dist/index.js'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: home, NODE_OPTIONS: '--no-experimental-fetch', NO_UPDATE_NOTIFIER: '1', CI: '1' },
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 60000);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => (output += data));
  const code = await new Promise(done => child.on('close', done));
  clearTimeout(timer);
  try {
    return { code, output: output.replace(/\u001b\[[0-9;?]*[a-zA-Z]/g, ''), kept: await keep(folder) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
