// Every operation of the corpus against the API that we build for its project: valid or not, as against the real one.
import assert from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read, readJson, root, run, shared, skip, test } from '../lib.mjs';

const parse = join(root, 'build/release/tools/parse');
const separator = '\x1e';
const temporary = mkdtempSync(join(tmpdir(), 'gcm-operations-'));

/** What is wrong with each operation, against our Simple API of the project; '' where nothing is. */
function validate(project, names) {
  const schema = join(temporary, `${project}.graphql`);
  const made = run(['schema', join(shared, 'corpus', project, 'project'), '--output', schema]);
  assert.strictEqual(made.code, 0, made.stderr);
  const texts = names.map((name) => read(join(shared, 'corpus', project, name)));
  const { stdout, code, stderr } = run(['--many', '--validate', schema], { program: parse, input: texts.join(separator) });
  assert.strictEqual(code, 0, stderr);
  const answers = stdout.split(separator);
  assert.strictEqual(answers.length, names.length);
  return answers;
}

await test('operations have the same verdict against our Simple API', () => {
  if (!shared) skip('there is no corpus here');
  const verdicts = readJson(join(shared, 'truth/graphcool/corpus/operations.json'));
  const differences = [];
  let count = 0;
  for (const [project, files] of Object.entries(verdicts)) {
    const names = Object.keys(files);
    validate(project, names).forEach((ours, i) => {
      const theirs = files[names[i]]; // {relay: true}: valid for the Relay API, not for this one
      count++;
      if ((ours === '') !== (theirs === true))
        differences.push(`${project}/${names[i]}: real: ${JSON.stringify(theirs)}, ours: ${ours || 'valid'}`);
    });
  }
  assert.strictEqual(differences.length, 0, differences.join('\n'));
  return `${count} of ${count} operations`;
});

rmSync(temporary, { recursive: true });
