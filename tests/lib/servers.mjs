// Starts a stand-in as a process of its own: startPrisma({…}) and startServer(script, args) give
// {url, pid, log(), dump(), control(body), stop()}. What is still running at the end of the test program is stopped then.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { root } from '../lib.mjs';

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.once(signal, () => process.exit(code));

export async function startServer(script, args = [], { env = {} } = {}) {
  const child = spawn('node', [join(root, script), ...args], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  running.add(child);
  const url = await firstUrl(child, script);
  // A test that fails before stop() must not keep its program waiting: the program ends, and its end stops the server.
  child.unref();
  child.stdout.unref();
  const ask = async (path, options) => (await fetch(url + path, options)).text();
  return {
    url,
    pid: child.pid,
    dump: () => ask('/__control/dump'),
    log: async () => JSON.parse(await ask('/__control/log')),
    control: (body) => ask('/__control', { method: 'POST', body: JSON.stringify(body) }),
    stop: () =>
      new Promise((done) => {
        running.delete(child);
        child.ref();
        child.once('exit', done);
        child.kill();
      }),
  };
}

function firstUrl(child, script) {
  return new Promise((done, failed) => {
    child.once('exit', (code) => failed(new Error(`${script} ended with ${code}`)));
    createInterface(child.stdout).on('line', (line) => {
      const found = /listening on (http:\S+)/.exec(line);
      if (found) done(found[1]);
    });
  });
}

/** {database, datamodel: path, service, stage, secret, managementSecret, pageLimit, discard} */
export function startPrisma({ managementSecret, pageLimit, discard, ...options } = {}) {
  const named = { ...options, 'management-secret': managementSecret, 'page-limit': pageLimit };
  const args = Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
  return startServer('fixtures/servers/prisma/main.mjs', [...args, ...(discard ? ['--discard'] : [])]);
}
