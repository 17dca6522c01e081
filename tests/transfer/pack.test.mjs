// The NDF files that `import --to-zip` and `--to-dir` write are taken by the real `prisma1 import` without losing one: files and
// elements are counted where they arrive, and the target is read back.
import assert from 'node:assert';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAsync, skip, test } from '../lib.mjs';
import { cliBinary, cliEnvironment } from '../truth/prisma_npm.mjs';
import { imports, secret, staged, startServer } from './importing.mjs';

const kinds = ['nodes', 'lists', 'relations'];
if (!existsSync(cliBinary)) {
  await test('NDF that we write is taken whole by prisma1 import', () => skip('the npm packages are not here'));
  process.exit();
}

const stage = await staged('pages', 'mysql');
const expected = { nodes: 0, lists: 0, relations: 0 };

/** What a folder of NDF holds: files and elements of each kind, read by Node. */
function held(folder) {
  const files = {};
  for (const kind of kinds) {
    const names = readdirSync(join(folder, kind)).sort();
    names.forEach((name, i) => assert.equal(name, `${String(i + 1).padStart(6, '0')}.json`));
    files[kind] = names.length;
    expected[kind] = 0;
    for (const name of names) {
      const page = JSON.parse(readFileSync(join(folder, kind, name), 'utf8'));
      assert.equal(page.valueType, kind);
      expected[kind] += page.values.length;
    }
  }
  return files;
}

/** Puts files into an empty service with the real CLI; the figure. */
async function take(run, name, files) {
  const server = await startServer(stage.datamodel, 'mysql');
  try {
    writeFileSync(join(run.workspace, 'prisma.yml'), `endpoint: ${server.endpoint}\ndatamodel: datamodel.prisma\nsecret: ${secret}\n`);
    writeFileSync(join(run.workspace, 'datamodel.prisma'), readFileSync(stage.datamodel));
    const { code, stdout, stderr } = await runAsync([cliBinary, 'import', '-d', name], {
      program: 'node', cwd: run.workspace, env: { ...cliEnvironment(run.workspace), PRISMA_SECRET: secret }, timeout: 300000,
    });
    assert.equal(code, 0, stdout + stderr);
    assert.doesNotMatch(stdout + stderr, /Uncaught|already imported/);
    const arrived = imports(await server.log());
    const all = kinds.reduce((sum, kind) => sum + files[kind], 0);
    assert.equal(arrived.length, all, 'files that arrived');
    assert.ok(arrived.every(({ status, repeated }) => status === 200 && !repeated));
    let from = 0;
    for (const kind of kinds) {
      const elements = arrived.slice(from, (from += files[kind])).reduce((sum, request) => sum + request.elements, 0);
      assert.equal(elements, expected[kind], `${kind} that arrived`);
    }
    const verified = await run.verify(server.endpoint);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    return `${all} files of ${all}, ${kinds.map((kind) => `${expected[kind]} ${kind}`).join(', ')}; target equal`;
  } finally {
    await server.stop();
  }
}

await test('a folder of more than 1,000 files is taken whole by prisma1 import', async () => {
  const run = stage.fresh();
  const { code, stderr } = await run.toFiles(['--to-dir', join(run.workspace, 'files'), '--chunk-size', '3000']);
  assert.equal(code, 0, stderr);
  const files = held(join(run.workspace, 'files'));
  assert.ok(kinds.reduce((sum, kind) => sum + files[kind], 0) > 1000, JSON.stringify(files));
  return take(run, 'files', files);
});

await test('a zip of more than 1,000 files is taken whole by prisma1 import', async () => {
  const run = stage.fresh();
  const size = ['--chunk-size', '2500'];
  assert.equal((await run.toFiles(['--to-dir', join(run.workspace, 'files'), ...size])).code, 0);
  assert.equal((await run.toFiles(['--to-zip', join(run.workspace, 'files.zip'), ...size])).code, 0);
  const files = held(join(run.workspace, 'files'));
  assert.ok(kinds.reduce((sum, kind) => sum + files[kind], 0) > 1000, JSON.stringify(files));
  return take(run, 'files.zip', files);
});

await test('files of the usual size are taken whole by prisma1 import', async () => {
  const run = stage.fresh();
  assert.equal((await run.toFiles(['--to-dir', join(run.workspace, 'files')])).code, 0);
  assert.equal((await run.toFiles(['--to-zip', join(run.workspace, 'files.zip')])).code, 0);
  return take(run, 'files.zip', held(join(run.workspace, 'files')));
});

stage.drop();
