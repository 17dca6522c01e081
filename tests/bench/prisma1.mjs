// Our way from a zip into a service (export --from, import, which checks first) against the official `prisma1 import` of the same zip to the
// same stand-in, in turns.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { blog, convertedProject, median, step, writeZip } from '../lib/moving.mjs';
import { prisma1Import } from '../lib/prisma1.mjs';
import { startPrisma } from '../lib/servers.mjs';

const LIMIT = 5; // times faster, at least
const POSTS = 4000;
const ROUNDS = 5;

const place = convertedProject();
const target = await startPrisma({ datamodel: place.datamodel, service: 'bench', stage: 'dev' });
const endpoint = `${target.url}/bench/dev`;

async function ours(zip) {
  const common = ['--workspace', join(place.folder, 'stage')];
  rmSync(common[1], { recursive: true, force: true });
  await target.control({ reset: true });
  const start = performance.now();
  await step(['export', place.project, '--from', zip, ...common]);
  await step(['import', place.project, '--endpoint', endpoint, ...common]);
  return performance.now() - start;
}

async function theirs(zip) {
  await target.control({ reset: true });
  const start = performance.now();
  const { code, stdout, stderr } = await prisma1Import(place.folder, zip, { endpoint, datamodel: place.datamodel });
  const taken = performance.now() - start;
  if (code !== 0) throw new Error(`prisma1 ended with ${code}: ${stdout}${stderr}`);
  return taken;
}

try {
  const zip = writeZip(place.folder, blog(POSTS));
  const runs = { ours: [], theirs: [] };
  for (let round = 0; round < ROUNDS; round++) {
    runs.ours.push(await ours(zip));
    runs.theirs.push(await theirs(zip));
  }
  const ratio = median(runs.theirs) / median(runs.ours);
  console.log(
    `a zip of ${POSTS} posts with a list and an author each: ${median(runs.ours).toFixed(0)} ms, prisma1 import ` +
      `${median(runs.theirs).toFixed(0)} ms: ${ratio.toFixed(1)} times faster, limit ${LIMIT}`,
  );
  if (!(ratio >= LIMIT)) process.exitCode = 1;
} finally {
  await target.stop();
  place.remove();
}
