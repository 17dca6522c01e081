// The command check-datamodel: what it prints and how it ends.
import assert from 'node:assert';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read, root, run, test } from '../lib.mjs';

const good = 'type User {\n  id: ID! @id\n  name: String\n}\n';
const check = (input, ...args) => run(['check-datamodel', '-', ...args], { input });

await test('a datamodel that deploys ends with 0, one that does not with 2', () => {
  assert.equal(check(good).code, 0);
  assert.equal(check('type User { id: ID! }').code, 2);
  assert.equal(check('').code, 2);
  assert.equal(check('type User {').code, 2);
});

await test('an error names its place, the words of the server and the rule', () => {
  const { stdout } = check('type User {\n  id: ID! @id\n  x: Nope\n}\n');
  assert.equal(
    stdout,
    "(standard input):3:3: User.x: The field `x` has the type `Nope` but there's no type or enum declaration with that name. [A2]\n" +
      '      x: Nope\n      ^\n',
  );
});

await test('a file is read; one that is not there ends with 2 and a message', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  try {
    writeFileSync(join(folder, 'datamodel.prisma'), good);
    const found = run(['check-datamodel', 'datamodel.prisma'], { cwd: folder });
    assert.deepEqual([found.code, found.stdout], [0, 'datamodel.prisma: deploys and can be used\n']);
    const missing = run(['check-datamodel', 'nothing.prisma'], { cwd: folder });
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /nothing\.prisma/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

await test('the database decides', () => {
  const uuid = 'type User { id: UUID! @id }';
  assert.equal(check(uuid, '--database', 'mysql').code, 2);
  assert.equal(check(uuid, '--database', 'postgres').code, 0);
  assert.equal(check('type A { id: ID! @id e: E } type E @embedded { x: Int }', '--database', 'mongo').code, 0);
});

await test('the target decides', () => {
  const old = 'type User { id: ID! @unique createdAt: DateTime! }';
  assert.equal(check(old, '--target', 'prisma-1.30').code, 0);
  assert.equal(check(old, '--target', 'prisma-1.34').code, 2);
});

await test('JSON says whether the server itself would have taken it', () => {
  const dead = JSON.parse(check('type User { id: ID! @id OR: Int }', '--format', 'json').stdout);
  assert.equal(dead.usable, false);
  assert.deepEqual([dead.errors[0].rule, dead.errors[0].field, dead.errors[0].accepted], ['U7', 'OR', true]);
  const refused = JSON.parse(check('type User { id: ID }', '--format', 'json').stdout);
  assert.deepEqual([refused.errors[0].rule, refused.errors[0].accepted], ['A3', false]);
  assert.deepEqual(JSON.parse(check(good, '--format', 'json').stdout).errors, []);
});

await test('wrong use ends with 1', () => {
  assert.equal(run(['check-datamodel']).code, 1);
  assert.equal(check(good, '--database', 'oracle').code, 1);
});

await test('every rule that the validator can report is listed, and broken by an example', () => {
  const folder = join(root, 'migrator/prisma');
  const sources = readdirSync(folder).filter((name) => name.endsWith('.c'));
  const [list, ...rest] = read(join(folder, 'validate.c')).split('NULL};');
  const ids = (text) => new Set([...text.matchAll(/"([ABIPWUL]\d+)"/g)].map((match) => match[1]));
  const reported = ids(sources.filter((name) => name !== 'validate.c').map((name) => read(join(folder, name))).join('') + rest.join(''));
  const listed = ids(list);
  const broken = ids(read(join(root, 'tests/unit/datamodel_rules_test.c')));
  assert.deepEqual([...reported].sort(), [...listed].sort());
  assert.deepEqual([...listed].filter((id) => !broken.has(id)), []);
  return `${listed.size} rules`;
});
