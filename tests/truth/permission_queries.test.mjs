// Permission queries that the Framework's server could never execute, found beforehand: everything that its validation
// said while it decided, over the recorded decisions.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readJson, root, skip, test, truth } from '../lib.mjs';

const tool = join(root, 'build/release/tools/permission_queries');

function findings(files) {
  const folder = mkdtempSync(join(tmpdir(), 'permissions-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return spawnSync(tool, [folder], { encoding: 'utf8' }).stdout.split('\n').filter((line) => line.includes(' denies '));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The names in the first violation of each failed validation. */
function violations(steps) {
  const messages = JSON.stringify(steps).matchAll(/Query does not pass validation\. Violations:(?:\\+n)+(.*?)\(line/g);
  return new Set([...messages].map(([, text]) => text));
}
const namesIn = (text) => [...text.matchAll(/'\$?(\w+)'/g)].map(([, name]) => name);

await test('what made a permission query invalid is found before it is deployed', () => {
  const folder = truth('graphcool/decisions');
  if (!folder) skip('no truth here');
  let found = 0;
  const missing = [];
  let given = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json.gz'))) {
    const { files, steps } = readJson(join(folder, name));
    const ours = findings(files);
    for (const violation of violations(steps)) {
      const names = namesIn(violation);
      if (names.some((one) => ours.some((line) => line.includes(one)))) found++;
      // A bare query gets a variable for each argument that the request gives: without it, this one request fails.
      else if (/^Variable '\$(new|input)_\w+' is not defined\. $/.test(violation)) given++;
      else missing.push(`${name}: ${violation}`);
    }
  }
  if (missing.length || found === 0) throw new Error(`${found} found, missing:\n${missing.join('\n')}`);
  return `${found} of ${found} lasting ones; ${given} more lay in what one request did not give`;
});
