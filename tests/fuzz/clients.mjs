// Damaged sources of clients, through `operations convert` built with AddressSanitizer: nothing may crash, leak or hang, and
// what is converted is valid GraphQL. `clients.mjs [SECONDS [SEED]]`.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parse } from 'graphql';
import { asanBinary, root, run } from '../lib.mjs';
import { files } from '../lib/tree.mjs';
import { mutant, random } from './mutate.mjs';

const base = join(root, 'fixtures/clients/cookbook/client');
const project = join(root, 'fixtures/projects/everything/project');

/** Each file is a seed of its own, so that the damage is not spread thin. */
function sources() {
  return [...files(base)].map((path) => [{ path: relative(base, path), text: readFileSync(path, 'utf8') }]);
}

/** What went wrong: a list of texts, and how many folders and operations there were. */
export function fuzz(seconds, seed) {
  const next = random(seed);
  const seeds = sources();
  const end = Date.now() + seconds * 1000;
  const result = { wrong: [], folders: 0, operations: 0 };
  while (Date.now() < end && !result.wrong.length) {
    const folder = mkdtempSync(join(tmpdir(), 'gcm-fuzz-clients-'));
    for (let i = 0; i < 12; i++)
      for (const { path, text } of mutant(seeds, next)) {
        const name = join(folder, String(i), join('/', path));
        mkdirSync(dirname(name), { recursive: true });
        writeFileSync(name, text);
      }
    result.folders++;
    const { code, signal, stdout, stderr } = run(['operations', 'convert', project, folder, '--format', 'json'], { program: asanBinary, timeout: 20000 });
    try {
      if (code !== 0 && code !== 3) throw new Error(`ended with ${signal ?? code}: ${stderr.slice(0, 3000)}`);
      for (const { state, new: text } of JSON.parse(stdout).conversions) {
        result.operations++;
        if (state !== 'refused') parse(text);
      }
      rmSync(folder, { recursive: true });
    } catch (error) {
      result.wrong.push(`seed ${seed}, kept in ${folder}: ${error.message}`);
    }
  }
  return result;
}

if (process.argv[1]?.endsWith('clients.mjs')) {
  const [seconds = 60, seed = 1] = process.argv.slice(2).map(Number);
  const { wrong, folders, operations } = fuzz(seconds, seed);
  console.log(wrong.join('\n') || `seed ${seed}: ${folders} folders, ${operations} operations and fragments`);
  process.exitCode = wrong.length ? 1 : 0;
}
