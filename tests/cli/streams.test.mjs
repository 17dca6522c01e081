// What people do to a program on the command line: closed and full outputs, links, names that Prisma refuses.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, read, root, run, test } from '../lib.mjs';

const project = join(root, 'fixtures/projects/blog/project');
const folder = mkdtempSync(join(tmpdir(), 'gcm-streams-'));
const shell = (command) => spawnSync('sh', ['-c', command, binary, binary, project, folder], { encoding: 'utf8' });

await test('an output that is closed or full ends with 8', () => {
  for (const command of ['"$1" report "$2" >&-', '"$1" --help >/dev/full', '"$1" --version >&-', '"$1" report "$2" -o /dev/full'])
    assert.equal(shell(command).status, 8, command);
  assert.equal(shell('"$1" report "$2" 2>&- | head -n 1').status, 0);
});

await test('--output writes through links and into pipes, and keeps the mode of a file', () => {
  const [real, link] = ['real', 'link'].map((name) => join(folder, name));
  writeFileSync(real, 'old');
  chmodSync(real, 0o600);
  symlinkSync(real, link);
  assert.equal(run(['report', project, '-o', link]).code, 0);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(statSync(real).mode & 0o777, 0o600);
  assert.match(read(real), /THE FRAMEWORK'S VERDICT/);
  assert.match(shell('mkfifo "$3/pipe" && { "$1" report "$2" -o "$3/pipe" & cat "$3/pipe"; }').stdout, /THE FRAMEWORK'S VERDICT/);
});

await test('names that Prisma refuses, and empty arguments, are refused at once', () => {
  const out = join(folder, 'app');
  for (const args of [['--service', 'a b'], ['--service', '1a'], ['--stage', '..'], ['--stage', 'import'], ['--service', 'a'.repeat(31)], ['--rules', '']])
    assert.equal(run(['convert', project, '--out', out, ...args]).code, 1, args.join(' '));
  assert.equal(run(['report', '']).code, 1);
  assert.ok(!existsSync(out));
});

await test('a path that is too long makes no folder', () => {
  const before = readdirSync(folder);
  const { code, stderr } = run(['convert', project, '--out', join(folder, 'deep/'.repeat(900))]);
  assert.equal(code, 8);
  assert.match(stderr, /File name too long/);
  assert.deepEqual(readdirSync(folder), before);
});

rmSync(folder, { recursive: true });
