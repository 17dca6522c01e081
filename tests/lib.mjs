// What every test program here shares: a runner that speaks TAP, the binaries, and where the judge is.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const binary = join(root, 'build/graphcool-migrate');
export const asanBinary = join(root, 'build/asan/graphcool-migrate');

/** ../shared, where it exists: what real servers answered, and real projects. null on other machines. */
export const shared = existsSync(join(root, '../shared/truth')) ? join(root, '../shared') : null;
/** A part of the judge: from ../shared/truth, or the copy of our own part in fixtures/truth. null if neither has it. */
export function truth(path) {
  for (const base of [shared && join(shared, 'truth'), join(root, 'fixtures/truth')])
    if (base && existsSync(join(base, path))) return join(base, path);
  return null;
}
export const read = (path) => readFileSync(path, 'utf8');
export const readJson = (path) =>
  JSON.parse(path.endsWith('.gz') ? gunzipSync(readFileSync(path)).toString() : read(path));

class Skip extends Error {}
/** Ends the running test as skipped, with the reason. */
export function skip(reason) {
  throw new Skip(reason);
}

/** Runs a test. What it returns is the figure printed behind its name; what it throws is its failure. */
export async function test(name, body) {
  try {
    const figure = await body();
    console.log(`ok - ${name}${figure === undefined ? '' : ` # ${figure}`}`);
  } catch (error) {
    if (error instanceof Skip) {
      console.log(`ok - ${name} # SKIP ${error.message}`);
      return;
    }
    console.log(`not ok - ${name}`);
    console.log(String(error.code === 'ERR_ASSERTION' ? error.message : error.stack ?? error).replace(/^/gm, '# '));
    process.exitCode = 1;
  }
}

/** Runs the program: {code, signal, stdout, stderr}. */
export function run(args, { program = binary, input = '', timeout = 60000, ...options } = {}) {
  const result = spawnSync(program, args, {
    input,
    timeout,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, NO_COLOR: '1', ASAN_OPTIONS: 'detect_leaks=1', ...options.env },
    cwd: options.cwd ?? root,
  });
  return { code: result.status, signal: result.signal, stdout: result.stdout, stderr: result.stderr };
}

/** As run, but many can go at once. */
export function runAsync(args, { program = binary, timeout = 60000, cwd = root, env = {} } = {}) {
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ASAN_OPTIONS: 'detect_leaks=1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ code, signal, stdout, stderr });
    });
  });
}

/** Maps with at most `width` running at once, keeping the order. */
export async function mapParallel(items, work, width = 2) {
  const results = new Array(items.length);
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      while (next < items.length) {
        const at = next++;
        results[at] = await work(items[at], at);
      }
    }),
  );
  return results;
}
