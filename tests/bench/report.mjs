// The whole `report` of the largest real project (by its types), as a process: below 50 ms.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binary, root, shared } from '../lib.mjs';

const LIMIT = 50; // ms

function typeBytes(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile() && /\.graphqls?$/.test(entry.name)) {
      const text = readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8');
      if (/@model\b/.test(text)) bytes += text.length;
    }
  return bytes;
}

const folders = shared
  ? readdirSync(join(shared, 'corpus')).map((name) => join(shared, 'corpus', name, 'project'))
  : readdirSync(join(root, 'fixtures/projects')).map((name) => join(root, 'fixtures/projects', name, 'project'));
const largest = folders
  .filter((folder) => existsSync(folder))
  .map((folder) => ({ folder, bytes: typeBytes(folder) }))
  .sort((a, b) => b.bytes - a.bytes)[0];

const ROUNDS = 31;
function median(program, args) {
  const times = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = process.hrtime.bigint();
    const { status } = spawnSync(program, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`${program} ended with ${status}`);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1];
}

const ours = median(binary, ['report', largest.folder]);
const nothing = median('true', []);
const node = median('node', ['--eval', '0']);
console.log(
  `report of the largest project (${largest.bytes} bytes of types): median ${ours.toFixed(1)} ms, limit ${LIMIT} ms; ` +
    `${(ours / nothing).toFixed(1)} times a start of \`true\` (${nothing.toFixed(1)} ms), ` +
    `${(ours / node).toFixed(2)} of a start of node (${node.toFixed(1)} ms)`,
);
if (ours > LIMIT) process.exitCode = 1;
