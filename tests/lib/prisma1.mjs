// Runs the official `prisma1 import` of an archive.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runAsync } from '../lib.mjs';
import { cliBinary, cliEnvironment } from '../truth/prisma_npm.mjs';

/** In a folder below `folder`, so that its .import/ and state.json are its own: {code, stdout, stderr}. */
export async function prisma1Import(folder, archive, { endpoint, datamodel }) {
  const place = join(folder, 'prisma1');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'prisma.yml'), `endpoint: ${endpoint}\ndatamodel: ${relative(place, datamodel)}\n`);
  return runAsync([cliBinary, 'import', '-d', archive], { program: 'node', cwd: place, env: cliEnvironment(place), timeout: 600000 });
}
