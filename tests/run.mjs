// Runs every test program and adds up what they say: unit tests (build/release/tests/*) and tests/**/*.test.mjs, or only
// those whose path contains one of the arguments. A test program prints TAP lines: "ok - NAME # figure",
// "not ok - NAME", "ok - NAME # SKIP reason". One that dies, or says nothing, is a failure of its own.
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PATIENCE = 900000; // ms for one test program: what hangs is a failure, too
const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);

function* files(folder) {
  for (const name of readdirSync(folder).sort()) {
    if (name === 'node_modules' || name === 'bench') continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

function programs() {
  const unit = join(root, 'build/release/tests');
  const all = [];
  for (const path of files(unit)) if (statSync(path).mode & 0o111) all.push([path, []]);
  for (const path of files(join(root, 'tests'))) if (path.endsWith('.test.mjs')) all.push(['node', [path]]);
  return all
    .map(([command, args]) => ({ command, args, name: relative(root, args[0] ?? command) }))
    .filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
}

function run({ command, args }) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, CMOCKA_MESSAGE_OUTPUT: 'TAP', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    const started = Date.now();
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ output, code, signal, seconds: Math.round((Date.now() - started) / 1000) });
    });
  });
}

let passed = 0;
let failed = 0;
let skipped = 0;
for (const program of programs()) {
  const { output, code, signal, seconds } = await run(program);
  const lines = output.split('\n');
  const oks = lines.filter((line) => /^ok\b/.test(line));
  const skips = oks.filter((line) => /# SKIP/i.test(line));
  const bad = lines.filter((line) => /^not ok\b/.test(line)).length;
  const died = (code !== 0 && bad === 0) || oks.length + bad === 0;
  passed += oks.length - skips.length;
  skipped += skips.length;
  failed += bad + (died ? 1 : 0);
  console.log(`${bad || died ? 'FAIL' : 'ok  '} ${program.name}: ${oks.length - skips.length} passed${seconds > 9 ? ` in ${seconds} s` : ''}`);
  if (bad || died) {
    console.log(output.replace(/^/gm, '     '));
    if (died) console.log(`     ended with ${signal ?? `exit code ${code}`} and ${oks.length} results`);
  } else {
    for (const line of oks) if (line.includes(' # ')) console.log(`     ${line}`);
  }
}
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed ? 1 : 0;
