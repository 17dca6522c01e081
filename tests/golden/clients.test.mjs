// Each folder fixtures/clients/CASE holds client/ (sources of a client), project (the project whose API it asks: a folder,
// or a line with the name of one of fixtures/projects), rules.yml (optional) and expected/: check.txt, check-native.txt,
// check.json, convert.txt, convert.json, exit, and rewritten/ as `convert --write` leaves the sources. Adding a case is adding
// a folder. UPDATE=1 writes expected/ anew.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { read, root, run, test } from '../lib.mjs';
import { tree } from '../lib/tree.mjs';

const Ajv = createRequire(import.meta.url)('ajv/dist/2020').default;

const base = join(root, 'fixtures/clients');
const temporary = mkdtempSync(join(tmpdir(), 'gcm-clients-'));

function projectOf(name) {
  const own = join(base, name, 'project');
  return statSync(own).isDirectory() ? own : join(root, 'fixtures/projects', read(own).trim(), 'project');
}
const rulesOf = (name) => (existsSync(join(base, name, 'rules.yml')) ? ['--rules', join(base, name, 'rules.yml')] : []);

/** The program on a copy of the sources, so that paths are the same everywhere. */
function operations(name, verb, ...more) {
  const cwd = join(temporary, name);
  rmSync(cwd, { recursive: true, force: true });
  cpSync(join(base, name, 'client'), join(cwd, 'client'), { recursive: true });
  return { cwd, ...run(['operations', verb, projectOf(name), 'client', ...rulesOf(name), ...more], { cwd }) };
}

function actual(name) {
  const calls = {
    'check.txt': ['check'],
    'check-native.txt': ['check', '--api', 'native'],
    'check.json': ['check', '--format', 'json'],
    'convert.txt': ['convert'],
    'convert.json': ['convert', '--format', 'json'],
  };
  const result = new Map();
  let codes = '';
  for (const [file, args] of Object.entries(calls)) {
    const { code, stdout, stderr } = operations(name, ...args);
    result.set(file, stdout + stderr);
    codes += `${args.join(' ')} ${code}\n`;
  }
  result.set('exit', codes);
  const { cwd } = operations(name, 'convert', '--write');
  for (const [path, text] of tree(join(cwd, 'client'))) if (!path.endsWith('.bak')) result.set(`rewritten/${path}`, text);
  return result;
}

for (const name of readdirSync(base).sort()) {
  await test(`${name}: what the client asks is judged and rewritten as expected`, () => {
    const folder = join(base, name, 'expected');
    const got = actual(name);
    if (process.env.UPDATE === '1') {
      rmSync(folder, { recursive: true, force: true });
      for (const [path, text] of got) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    }
    const expected = tree(folder);
    for (const path of new Set([...expected.keys(), ...got.keys()]))
      assert.equal(got.get(path), expected.get(path), `${path} differs (UPDATE=1 accepts it)`);
    return `${got.size} files`;
  });

  await test(`${name}: outside of the operations every byte stays, and the old text is in NAME.bak`, () => {
    const { conversions } = JSON.parse(operations(name, 'convert', '--format', 'json').stdout);
    const { cwd } = operations(name, 'convert', '--write');
    const old = tree(join(base, name, 'client'));
    let changed = 0;
    for (const [path, text] of tree(join(cwd, 'client'))) {
      if (path.endsWith('.bak')) continue;
      const made = conversions.filter(({ file, state }) => file === `client/${path}` && state === 'converted');
      let expected = old.get(path);
      let at = 0;
      for (const conversion of made) {
        at = expected.indexOf(conversion.old, at);
        assert.ok(at >= 0, `${path}: the old text of ${conversion.name} is not in the file`);
        expected = expected.slice(0, at) + conversion.new + expected.slice(at + conversion.old.length);
        at += conversion.new.length;
      }
      assert.equal(text, expected, path);
      assert.equal(existsSync(join(cwd, 'client', `${path}.bak`)), made.length > 0, `${path}.bak`);
      if (made.length) assert.equal(read(join(cwd, 'client', `${path}.bak`)), old.get(path));
      changed += made.length > 0;
    }
    const args = ['operations', 'convert', projectOf(name), 'client', ...rulesOf(name)];
    const again = run([...args, '--write'], { cwd });
    const known = JSON.parse(run([...args, '--format', 'json'], { cwd }).stdout);
    assert.ok(!again.stderr.includes('rewritten'), 'a second run rewrites again');
    assert.equal(known.conversions.filter(({ state }) => state === 'converted').length, 0);
    return `${changed} of ${old.size} files rewritten`;
  });

  await test(`${name}: graphql-js takes what was converted`, () => {
    const schema = buildSchema(run(['schema', '--of', 'native', projectOf(name), ...rulesOf(name)]).stdout);
    const { conversions } = JSON.parse(operations(name, 'convert', '--format', 'json').stdout);
    const converted = conversions.filter(({ kind, state }) => kind !== 'fragment' && state !== 'refused');
    for (const { newDocument } of converted) assert.deepEqual(validate(schema, parse(newDocument)).map(String), [], newDocument);
    return `${converted.length} operations`;
  });
}

await test('the report with --clients counts the same, names what is not valid, and obeys its schema', () => {
  const valid = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(read(join(root, 'docs/report.schema.json'))),
  );
  let named = 0;
  for (const name of readdirSync(base)) {
    const { cwd, stdout } = operations(name, 'check', '--format', 'json');
    const args = ['report', projectOf(name), '--clients', 'client', ...rulesOf(name)];
    const report = JSON.parse(run([...args, '--format', 'json'], { cwd }).stdout);
    assert.ok(valid(report), JSON.stringify(valid.errors));
    const check = JSON.parse(stdout);
    const broken = check.operations.filter(({ state }) => state !== 'valid');
    const { summary, unread } = check;
    assert.deepEqual(report.clients, { folder: 'client', summary, operations: broken, unread });
    const text = run(args, { cwd }).stdout;
    for (const { file, line, column } of [...broken, ...unread]) {
      named++;
      assert.ok(text.includes(`${file}:${line}:${column}: `), `${file}:${line}:${column} is not in the report`);
    }
  }
  return `${named} named`;
});

await test('a backup that is there already stops the rewriting before anything is written', () => {
  const cwd = join(temporary, 'taken');
  mkdirSync(join(cwd, 'client'), { recursive: true });
  writeFileSync(join(cwd, 'client/a.graphql'), '{ allTags { id } }\n');
  writeFileSync(join(cwd, 'client/b.graphql'), '{ allTags { id } }\n');
  writeFileSync(join(cwd, 'client/b.graphql.bak'), 'mine\n');
  const { code, stderr } = run(['operations', 'convert', join(root, 'fixtures/projects/everything/project'), 'client', '--write'], { cwd });
  assert.equal(code, 8);
  assert.match(stderr, /b\.graphql: its old text would go to client\/b\.graphql\.bak, which is there already/);
  assert.equal(read(join(cwd, 'client/a.graphql')), '{ allTags { id } }\n');
  assert.equal(read(join(cwd, 'client/b.graphql.bak')), 'mine\n');
});

rmSync(temporary, { recursive: true });
