// What convert does with the folder that it writes to: it never loses what a person wrote, and it is whole at every moment.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { read, root, run, runAsync, skip, test } from '../lib.mjs';

const project = join(root, 'fixtures/projects/blog/project');
const other = join(root, 'fixtures/projects/renamed/project');

function* files(folder) {
  for (const name of readdirSync(folder).sort()) {
    if (name === 'node_modules') continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}
const tree = (folder) => Object.fromEntries([...files(folder)].map((path) => [relative(folder, path), read(path)]));
const convert = (from, out, ...args) => run(['convert', from, '--out', out, ...args]);

/** What is written for the project: its own files, and those that every application has with this API. */
const templates = join(root, 'rules/templates/app');
const nativeTemplates = join(root, 'rules/templates/native');
const isNative = (path) => path.startsWith('src/graphcool/native/');
const below = (folder) => [...files(folder)].map((path) => relative(folder, path));
const own = ['.env.example', 'MIGRATION.md', 'docker-compose.yml', 'graphcool-migrate.json', 'prisma/datamodel.prisma', 'prisma/prisma.yml', 'schema.graphql', 'src/model.json'];
const rules = ['index', 'relations/PostsByUser', 'types/Post', 'types/User'].map((name) => `src/permissions/${name}.js`);
const names = [...own, ...rules, ...below(templates).filter((path) => !isNative(path))];
const resolvers = ['index', 'functions', 'types/Post', 'types/User'].map((name) => `src/resolvers/${name}.js`);
const nativeNames = [...new Set([...own, ...rules, ...resolvers, ...below(templates), ...below(nativeTemplates)])];
const inOrder = (paths) => [...paths].sort();

/** Runs body with a folder of its own. */
async function inFolder(body) {
  const folder = mkdtempSync(join(tmpdir(), 'gcm-'));
  try {
    return await body(folder);
  } finally {
    execFileSync('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true });
  }
}

await test('the files of the application are written, and nothing else', () =>
  inFolder((folder) => {
    const { code, stdout } = convert(project, join(folder, 'deep/app/'));
    assert.equal(code, 0, stdout);
    assert.deepEqual(inOrder(Object.keys(tree(folder))), inOrder(names.map((name) => `deep/app/${name}`)));
    for (const [path, text] of Object.entries(tree(folder)))
      assert.ok(path.includes('src/graphcool/') || !text.includes('{{'), `${path} has an unfilled blank`);
    return `${names.length} files`;
  }));

await test('with --api native its runtime and its resolvers are there, too', () =>
  inFolder((folder) => {
    const { code, stdout } = convert(project, folder, '--api', 'native');
    assert.equal(code, 0, stdout);
    assert.deepEqual(inOrder(Object.keys(tree(folder))), inOrder(nativeNames));
    for (const [path, text] of Object.entries(tree(folder)))
      assert.ok(path.includes('src/graphcool/') || !text.includes('{{'), `${path} has an unfilled blank`);
    const native = tree(nativeTemplates);
    for (const path of Object.keys(native)) assert.equal(tree(folder)[path], native[path], path);
    return `${nativeNames.length} files`;
  }));

await test('a dry run writes nothing and says what it would', () =>
  inFolder((folder) => {
    const { code, stdout } = convert(project, join(folder, 'app'), '--dry-run');
    assert.equal(code, 0);
    assert.match(stdout, /written +prisma\/datamodel\.prisma/);
    assert.deepEqual(readdirSync(folder), []);
  }));

await test('a second run changes nothing', () =>
  inFolder((folder) => {
    convert(project, folder);
    const before = tree(folder);
    const { code, stdout } = convert(project, folder);
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /written|left |replaced/);
    assert.deepEqual(tree(folder), before);
  }));

await test('an edited file is kept, and the others follow the project', () =>
  inFolder((folder) => {
    convert(project, folder);
    writeFileSync(join(folder, 'docker-compose.yml'), 'mine\n');
    for (let time = 0; time < 2; time++) {
      const { stdout } = convert(other, folder);
      assert.match(stdout, /left +docker-compose\.yml/);
      assert.equal(read(join(folder, 'docker-compose.yml')), 'mine\n');
      assert.match(read(join(folder, 'prisma/datamodel.prisma')), /QueryType/);
    }
  }));

await test('files that were there before the first run are kept', () =>
  inFolder((folder) => {
    writeFileSync(join(folder, '.env.example'), 'MINE=\n');
    writeFileSync(join(folder, 'package.json'), '{}\n');
    assert.match(convert(project, folder).stdout, /left +\.env\.example/);
    assert.equal(read(join(folder, '.env.example')), 'MINE=\n');
    assert.equal(read(join(folder, 'package.json')), '{}\n');
  }));

await test('--force overwrites and keeps every edited version', () =>
  inFolder((folder) => {
    convert(project, folder);
    const ours = tree(folder);
    for (const mine of ['first\n', 'second\n', 'third\n']) {
      writeFileSync(join(folder, 'MIGRATION.md'), mine);
      assert.match(convert(project, folder, '--force').stdout, /replaced +MIGRATION\.md +\(yours is now MIGRATION\.md\.bak/);
    }
    assert.deepEqual(tree(folder), { ...ours, 'MIGRATION.md.bak': 'first\n', 'MIGRATION.md.bak.2': 'second\n', 'MIGRATION.md.bak.3': 'third\n' });
  }));

await test("somebody else's graphcool-migrate.json stops the conversion", () =>
  inFolder((folder) => {
    for (const text of ['{"mine": true}', '[', '']) {
      writeFileSync(join(folder, 'graphcool-migrate.json'), text);
      const { code, stderr } = convert(project, folder);
      assert.equal(code, 2, stderr);
      assert.deepEqual(tree(folder), { 'graphcool-migrate.json': text });
    }
  }));

await test('what cannot be written ends with 8 and changes nothing', () =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'file'), 'a file\n');
    mkdirSync(join(folder, 'app'));
    writeFileSync(join(folder, 'app/prisma'), 'a file where a folder should be\n');
    mkdirSync(join(folder, 'taken/MIGRATION.md'), { recursive: true });
    const before = tree(folder);
    for (const out of ['file', 'file/app', 'app', 'taken']) {
      const { code, stderr } = convert(project, join(folder, out));
      assert.equal(code, 8, `${out}: ${stderr}`);
      assert.deepEqual(tree(folder), before, out);
      assert.deepEqual(readdirSync(folder).sort(), ['app', 'file', 'taken'], out);
    }
  }));

await test('a folder without write permission ends with 8', () =>
  inFolder((folder) => {
    convert(project, join(folder, 'app'));
    const before = tree(folder);
    chmodSync(join(folder, 'app/prisma'), 0o555);
    chmodSync(folder, 0o755);
    // root may write everywhere: try as somebody else
    const as = process.getuid() === 0 ? ['setpriv', '--reuid=65534', '--clear-groups'] : [];
    if (as.length) execFileSync('chown', ['-R', '65534', folder]);
    const [program, ...args] = [...as, join(root, 'build/graphcool-migrate'), 'convert', other, '--out', join(folder, 'app')];
    const result = run(args, { program });
    if (result.code === null || /setpriv|Permission denied$/.test(result.stderr) && result.code > 100) skip('no second user here');
    assert.equal(result.code, 8, result.stderr);
    assert.deepEqual(tree(folder), before);
  }));

await test('killed at any step, it leaves whole files, and the next run finishes', () =>
  inFolder(async (folder) => {
    const library = join(folder, 'die_at.so');
    execFileSync('cc', ['-shared', '-fPIC', '-D_GNU_SOURCE', '-o', library, join(root, 'tests/emit/die_at.c'), '-ldl']);
    const [old, wanted] = ['old', 'new'].map((name, i) => {
      convert([project, other][i], join(folder, name));
      return tree(join(folder, name));
    });
    const all = Object.keys({ ...old, ...wanted });
    let kills = 0;
    for (const start of ['nothing', 'old', 'edited'])
      for (let step = 1; ; step++) {
        const app = join(folder, 'app');
        const force = start === 'edited' ? ['--force'] : [];
        if (start !== 'nothing') cpSync(join(folder, 'old'), app, { recursive: true });
        if (start === 'edited') writeFileSync(join(app, 'MIGRATION.md'), 'mine\n');
        const args = ['convert', other, '--out', app, ...force];
        const { signal } = await runAsync(args, { env: { LD_PRELOAD: library, GCM_DIE_AT: String(step) } });
        const before = start === 'edited' ? { ...old, 'MIGRATION.md': 'mine\n' } : old;
        if (signal) {
          kills++;
          const found = existsSync(app) ? tree(app) : {};
          if (start === 'nothing' && existsSync(app)) assert.deepEqual(found, wanted, `step ${step}`);
          for (const name of start === 'nothing' ? [] : all)
            if (name !== 'graphcool-migrate.json')
              assert.ok([before[name], wanted[name]].includes(found[name]), `${start}, step ${step}: ${name} is half written`);
            else JSON.parse(found[name]);
          assert.doesNotMatch(convert(other, app, ...force).stdout, /left /, `${start}, step ${step}: our own file counts as edited`);
        }
        const end = tree(app);
        const stale = start === 'nothing' ? {} : old; // no longer part of the output: stays
        for (const name of all)
          if (name !== 'graphcool-migrate.json')
            assert.equal(end[name], wanted[name] ?? stale[name], `${start}, step ${step}: ${name} after the next run`);
        if (start === 'edited') assert.equal(end['MIGRATION.md.bak'], 'mine\n', `step ${step}: the edited file is lost`);
        assert.ok(!Object.keys(end).some((name) => name.includes('.tmp')), `${start}, step ${step}: something temporary is left`);
        rmSync(app, { recursive: true });
        if (!signal) break;
      }
    assert.ok(kills > 40, `only ${kills} kills`);
    return `${kills} kills`;
  }));

await test('two runs at once into one folder give one whole result', () =>
  inFolder(async (folder) => {
    const app = join(folder, 'app');
    for (let round = 0; round < 10; round++) {
      const results = await Promise.all([1, 2, 3].map(() => runAsync(['convert', project, '--out', app])));
      for (const { code, stderr } of results) assert.equal(code, 0, stderr);
      assert.deepEqual(inOrder(Object.keys(tree(folder))), inOrder(names.map((name) => `app/${name}`)));
      rmSync(app, { recursive: true });
    }
  }));

await test('no output shows a planted secret', () =>
  inFolder((folder) => {
    const secrets = join(root, 'fixtures/projects/secrets/project');
    const env = { GCM_TEST_SECRET: 'planted-secret-of-the-environment' };
    let bytes = 0;
    const clean = (what, text) => {
      bytes += text.length;
      const line = text.split('\n').find((l) => l.includes('planted'));
      assert.equal(line, undefined, `${what}: ${line}`);
    };
    for (const args of [['report'], ['report', '--verbose'], ['report', '--format', 'json'], ['convert', '--out', folder]]) {
      const { stdout, stderr } = run([args[0], secrets, ...args.slice(1)], { env });
      clean(args.join(' '), stdout + stderr);
    }
    for (const [path, text] of Object.entries(tree(folder))) clean(path, text);
    // the same file, broken in every place: a message about YAML shows its line
    const text = read(join(secrets, 'graphcool.yml'));
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    const lines = text.split('\n');
    for (let at = 0; at < lines.length; at++)
      for (const wrong of ['\t: {', '  "', ' : :', '}']) {
        writeFileSync(join(broken, 'graphcool.yml'), lines.map((line, i) => (i === at ? line + wrong : line)).join('\n'));
        const { stdout, stderr } = run(['report', broken, '--verbose'], { env });
        clean(`line ${at + 1} with ${wrong}`, stdout + stderr);
      }
    return `${bytes} bytes`;
  }));

await test('the YAML that is written is YAML, for every database', () =>
  inFolder((folder) => {
    const yaml = createRequire(import.meta.url)('js-yaml');
    for (const database of ['mysql', 'postgres', 'mongo']) {
      const app = join(folder, database);
      convert(project, app, '--database', database);
      const compose = yaml.load(read(join(app, 'docker-compose.yml')));
      assert.deepEqual(Object.keys(compose.services), ['prisma', 'application', 'db']);
      assert.equal(compose.services.prisma.image, 'prismagraphql/prisma:1.34');
      const config = yaml.load(compose.services.prisma.environment.PRISMA_CONFIG);
      assert.equal(config.databases.default.connector, database);
      for (const name of JSON.stringify(compose).match(/\$\{(\w+)/g)) assert.match(read(join(app, '.env.example')), new RegExp(`^${name.slice(2)}=`, 'm'));
      assert.equal(yaml.load(read(join(app, 'prisma/prisma.yml'))).datamodel, 'datamodel.prisma');
    }
    convert(project, join(folder, 'old'), '--target', 'prisma-1.30');
    assert.match(read(join(folder, 'old/docker-compose.yml')), /prismagraphql\/prisma:1\.30/);
  }));
