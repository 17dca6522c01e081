// Runs every bench of this folder; each prints its figure and says with its exit code whether it is good enough.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
let missed = 0;
for (const name of readdirSync(folder).sort()) {
  if (!name.endsWith('.mjs') || name === 'run.mjs') continue;
  const { status, stdout, stderr } = spawnSync('node', [join(folder, name)], { encoding: 'utf8' });
  if (status !== 0) missed++;
  process.stdout.write(`${status === 0 ? 'ok  ' : 'MISS'} ${name}: ${stdout}${stderr}`);
}
console.log(missed ? `${missed} missed` : 'every figure is good');
process.exitCode = missed ? 1 : 0;
