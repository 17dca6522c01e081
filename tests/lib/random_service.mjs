// The random services of truth/graphcool/random, as projects on disk.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readJson, truth } from '../lib.mjs';

/** {folder, remove()} of a service that the old server took; null if it did not. */
export function randomService(number) {
  const { files, verdict } = readJson(truth(`graphcool/random/${String(number).padStart(3, '0')}.json.gz`));
  if (verdict !== 'accepted') return null;
  const folder = mkdtempSync(join(tmpdir(), 'gcm-random-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
