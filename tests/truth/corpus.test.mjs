// Every real project goes through report, convert and schema, in a build with address and undefined-behaviour sanitizers:
// no crash, no leak, no hang, and an exit code that fits what the server said of it.
import assert from 'node:assert';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asanBinary, mapParallel, readJson, runAsync, shared, skip, test, truth } from '../lib.mjs';

const LIMIT = 5000; // ms for one command, sanitizers included

function projects() {
  if (!shared) skip('needs the collection of real projects');
  const verdicts = new Map(readJson(truth('graphcool/corpus/verdicts.json')).map((entry) => [entry.project, entry.verdict]));
  return readdirSync(join(shared, 'corpus'))
    .filter((name) => existsSync(join(shared, 'corpus', name, 'project')))
    .map((name) => ({ name, folder: join(shared, 'corpus', name, 'project'), verdict: verdicts.get(name) }));
}

/** What is wrong with the end of a run; '' if nothing. */
function complaint({ code, signal, stderr }, allowed) {
  if (signal) return `ended by ${signal}`;
  if (/Sanitizer|runtime error/.test(stderr)) return stderr.slice(0, 2000);
  if (!allowed.includes(code)) return `exit code ${code}: ${stderr.slice(0, 300)}`;
  return '';
}

// A project that was accepted is converted (0), or lacks something by decision (3); others may be refused as input (2).
const allowedFor = (verdict, codes) => (verdict === 'accepted' ? codes : [...codes, 2]);

const commands = {
  report: { codes: [0], args: (folder) => ['report', folder] },
  'report --format json': { codes: [0], args: (folder) => ['report', folder, '--format', 'json'] },
  'convert for mysql': { codes: [0, 3], args: (folder, out) => ['convert', folder, '--out', out] },
  'convert for postgres, 1.30': {
    codes: [0, 3],
    args: (folder, out) => ['convert', folder, '--out', out, '--database', 'postgres', '--target', 'prisma-1.30'],
  },
  schema: { codes: [0], args: (folder) => ['schema', folder] },
  'schema --of prisma': { codes: [0, 3], args: (folder) => ['schema', '--of', 'prisma', folder] },
};

for (const [title, { codes, args }] of Object.entries(commands)) {
  await test(`corpus: ${title}, with sanitizers`, async () => {
    const all = projects();
    const ends = {};
    const wrong = [];
    await mapParallel(all, async ({ name, folder, verdict }) => {
      const out = mkdtempSync(join(tmpdir(), 'gcm-corpus-'));
      const result = await runAsync(args(folder, join(out, 'app')), { program: asanBinary, timeout: LIMIT });
      rmSync(out, { recursive: true });
      const what = complaint(result, allowedFor(verdict, codes));
      if (what) wrong.push(`${name} (${verdict}): ${what}`);
      ends[result.code] = (ends[result.code] ?? 0) + 1;
    });
    assert.equal(wrong.length, 0, `${wrong.length} of ${all.length}:\n${wrong.join('\n')}`);
    return `${all.length} of ${all.length}; exit codes ${JSON.stringify(ends)}`;
  });
}
