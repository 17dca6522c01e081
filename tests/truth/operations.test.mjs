// Every operation of the corpus against the API that the real server generated for its project: valid or not, as the
// truth says.
import assert from 'node:assert';
import { join } from 'node:path';
import { read, readJson, root, run, shared, skip, test } from '../lib.mjs';

const parse = join(root, 'build/release/tools/parse');
const separator = '\x1e';

await test('operations have the verdict of the real API', () => {
  if (!shared) skip('there is no corpus here');
  const folder = join(shared, 'truth/graphcool/corpus');
  const verdicts = readJson(join(folder, 'operations.json'));
  const differences = [];
  let count = 0;
  for (const [project, files] of Object.entries(verdicts))
    // Those for the relay API ({relay: true}) are invalid against the other one, and valid against theirs.
    for (const api of ['simple', 'relay']) {
      const names = Object.keys(files).filter((name) => (files[name].relay ? 'relay' : 'simple') === api);
      if (!names.length) continue;
      const texts = names.map((name) => read(join(shared, 'corpus', project, name)));
      const { stdout, code, stderr } = run(['--many', '--validate', join(folder, project, `${api}.graphql`)], {
        program: parse,
        input: texts.join(separator),
      });
      assert.strictEqual(code, 0, stderr);
      const answers = stdout.split(separator);
      assert.strictEqual(answers.length, names.length);
      names.forEach((name, i) => {
        const expected = files[name] === true || files[name].relay === true;
        count++;
        if ((answers[i] === '') !== expected)
          differences.push(`${project}/${name}: real: ${JSON.stringify(files[name])}, ours: ${answers[i] || 'valid'}`);
      });
    }
  assert.strictEqual(differences.length, 0, differences.join('\n'));
  return `${count} of ${count} operations`;
});
