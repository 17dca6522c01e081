// Runs `export` for tests: a workspace of its own, the result as JSON, the stage as an independent program reads it.
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAsync } from '../lib.mjs';
import { TOKEN } from './graphcool_server.mjs';
import { dumpStage } from './staged.mjs';

export function workspace() {
  const folder = mkdtempSync(join(tmpdir(), 'gcm-export-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** {code, stdout, stderr, result: what --format json says} */
export async function runExport(project, source, { workspace: place, env = {}, ...options }) {
  const args = ['export', project, ...source, '--workspace', place, '--quiet', '--format', 'json'];
  const ended = await runAsync(args, { env: { GRAPHCOOL_TOKEN: TOKEN, ...env }, timeout: 300000, ...options });
  let result = null;
  try {
    result = JSON.parse(ended.stdout);
  } catch {
    // an error says nothing on stdout
  }
  return { ...ended, result };
}

/** Exports into a new workspace: what runExport gives, and the stage. */
export async function exported(project, source, options = {}) {
  const place = workspace();
  try {
    const ended = await runExport(project, source, { ...options, workspace: place.folder });
    if (!ended.result) throw new Error(`export ended with ${ended.signal ?? ended.code}: ${ended.stderr}`);
    return { ...ended, staged: dumpStage(place.folder) };
  } finally {
    place.remove();
  }
}
