// Staging pages (slicing, checking, one transaction for each page, indexes at the end) against bare prepared inserts of the
// same rows, sliced beforehand, without an index; both WAL and synchronous FULL, on the same disk, taking turns.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../lib.mjs';
import { writePages } from '../lib/pages.mjs';

const LIMIT = 0.5; // at least, of the speed of bare inserts
const RUNS = 7;

const folder = mkdtempSync(join(tmpdir(), 'gcm-staging-'));
try {
  const pages = writePages(folder, 40);
  const runs = [];
  for (let run = 0; run < RUNS; run++) {
    const place = join(folder, 'stage');
    mkdirSync(place);
    const { status, stdout, stderr } = spawnSync(join(root, 'build/release/tools/staging'), [place, ...pages], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    runs.push(stdout.trim().split(' ').map(Number));
    rmSync(place, { recursive: true });
  }
  const median = (at) => runs.map((run) => run[at]).sort((a, b) => a - b)[RUNS >> 1];
  const [ours, bare] = [median(0), median(1)];
  const [, , rows, bytes] = runs[0];
  console.log(
    `${rows} rows (${(bytes / 1e6).toFixed(0)} MB) in ${(ours / 1e3).toFixed(0)} ms, bare inserts ${(bare / 1e3).toFixed(0)} ms: ` +
      `${(bare / ours).toFixed(2)} of their speed, limit ${LIMIT}`,
  );
  if (!(bare / ours >= LIMIT)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
