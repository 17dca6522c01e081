// What people read when something in their files is wrong: one folder for each case, project/ and expected.txt.
// UPDATE=1 writes expected.txt anew; then read it, every line.
import assert from 'node:assert';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { read, root, run, test } from '../lib.mjs';

const base = join(root, 'tests/golden/malformed');

function printed(name, variant) {
  const program = join(root, 'build', variant, 'tools/definition');
  const { code, signal, stdout, stderr } = run(['--problems', 'project'], { program, cwd: join(base, name) });
  assert.equal(signal, null, stderr);
  assert.equal(stderr, '');
  return `${stdout}exit ${code}\n`;
}

const names = readdirSync(base).filter((name) => statSync(join(base, name)).isDirectory()).sort();

await test('malformed projects are explained as the golden files say', () => {
  const wrong = [];
  for (const name of names) {
    const file = join(base, name, 'expected.txt');
    const text = printed(name, 'release');
    if (process.env.UPDATE) writeFileSync(file, text);
    if (!existsSync(file) || read(file) !== text) wrong.push(`${name}:\n${text}`);
  }
  assert.equal(wrong.length, 0, `${wrong.join('\n')}\nUPDATE=1 writes the golden files`);
  return `${names.length} of ${names.length}`;
});

await test('no secret of a malformed project is ever printed', () => {
  const shown = names.filter((name) => printed(name, 'release').includes('not-to-be-shown'));
  assert.deepEqual(shown, []);
});

await test('every malformed project has a message with a place, or none because nothing is wrong', () => {
  const without = names.filter((name) => {
    const text = read(join(base, name, 'expected.txt'));
    return !/^[\w./-]+(:\d+:\d+)?: /m.test(text) && !/^exit 2$/m.test(text);
  });
  assert.deepEqual(without, []);
});
