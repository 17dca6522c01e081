// The application that convert writes agrees with itself: model.json, schema.graphql, the datamodel and the permissions.
// Projects of our own, of the judge, and of the corpus where it is there.
import assert from 'node:assert';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeApplication, permissionsOf } from '../lib/application.mjs';
import { mapParallel, read, readJson, root, run, runAsync, shared, skip, test } from '../lib.mjs';

const home = mkdtempSync(join(tmpdir(), 'gcm-app-'));

/** Converts a project; answers the folder, or null where the corpus has a folder without a project. */
async function convert(project, ...options) {
  const out = mkdtempSync(join(home, 'app-'));
  const { code, signal, stderr } = await runAsync(['convert', project, '--out', out, ...options]);
  if (code === 2 && stderr.includes('holds no graphcool.yml')) return null;
  assert.ok(code === 0 || code === 3, `convert ${project} ended with ${signal ?? code}: ${stderr}`);
  return out;
}

/** The same schema as the command `schema` prints, a model.json without faults, and one rule file for each model and relation. */
async function faultsOf(project, ...options) {
  const folder = await convert(project, ...options);
  const judged = folder && judgeApplication(folder);
  if (!judged) return { faults: [], facts: 0, written: false };
  const printed = await runAsync(['schema', project, '--quiet', ...options.slice(0, 2)]);
  if (printed.stdout !== read(join(folder, 'schema.graphql'))) judged.faults.push('schema.graphql is not what `schema` prints');
  const { models, relations } = readJson(join(folder, 'src/model.json'));
  const permissions = await permissionsOf(folder);
  assert.deepEqual(Object.keys(permissions.types).sort(), Object.keys(models).sort());
  assert.deepEqual(Object.keys(permissions.relations).sort(), Object.keys(relations).sort());
  return { ...judged, written: true };
}

async function figure(projects, ...options) {
  const judged = await mapParallel(projects, (project) => faultsOf(project, ...options));
  const wrong = judged.flatMap(({ faults }, at) => faults.map((fault) => `${projects[at]}: ${fault}`));
  assert.equal(wrong.length, 0, `${wrong.length} faults:\n${wrong.slice(0, 40).join('\n')}`);
  const facts = judged.reduce((sum, each) => sum + each.facts, 0);
  return `${facts} facts of ${judged.filter(({ written }) => written).length} applications`;
}

const cases = readdirSync(join(root, 'fixtures/projects')).map((name) => join(root, 'fixtures/projects', name, 'project'));
const judges = ['social', 'guarded', 'hooked'].map((name) => join(root, 'fixtures/truth/projects', name));

for (const database of ['mysql', 'postgres'])
  await test(`our own projects and the judge's agree with themselves, ${database}`, () =>
    figure([...cases, ...judges], '--database', database));

await test('every project of the corpus agrees with itself', () => {
  const corpus = shared && join(shared, 'corpus');
  if (!corpus || !existsSync(corpus)) skip('the corpus is not on this machine');
  return figure(readdirSync(corpus).map((name) => join(corpus, name, 'project')).filter(existsSync));
});

await test('names that change are found in the datamodel', async () => {
  const folder = await convert(join(root, 'fixtures/projects/everything/project'));
  const { models } = readJson(join(folder, 'src/model.json'));
  assert.equal(models.Query.to, 'QueryType');
  assert.equal(models.Query.prisma.many, 'queryTypes');
  assert.equal(models.User.fields.partner.reverse, 'partnerOf');
});

await test('the rules of a project are in src/permissions; what has a query denies, and says so', async () => {
  const folder = await convert(join(root, 'fixtures/projects/everything/project'));
  const { open, types, relations } = await permissionsOf(folder);
  assert.equal(open, false);
  assert.deepEqual(types.Recipe.create, [{ authenticated: true }]);
  assert.deepEqual(types.Recipe.delete, [{ authenticated: true, query: 'permissions/Recipe.graphql:ownsRecipeOrModerates' }]);
  assert.deepEqual(types.Review.create, [{ authenticated: true, query: 'permissions/broken.graphql', invalid: true }]);
  assert.deepEqual(types.User.read[0], { fields: ['id', 'name'] });
  assert.deepEqual(types.File, { read: [], create: [], update: [], delete: [] });
  assert.deepEqual(relations.Tagging, { connect: [{ authenticated: true }], disconnect: [{ authenticated: true }] });
});

await test('--without-functions leaves out hooks and subscriptions, and keeps resolvers', async () => {
  const project = join(root, 'fixtures/truth/projects/hooked');
  const types = async (...options) => {
    const { functions } = readJson(join(await convert(project, ...options), 'src/model.json'));
    return [...new Set(Object.values(functions).map(({ type }) => type))].sort();
  };
  assert.deepEqual(await types(), ['operationAfter', 'operationBefore', 'resolver', 'subscription']);
  assert.deepEqual(await types('--without-functions'), ['resolver']);
});

await test('an API that is not there is refused', () => {
  const { code, stderr } = run(['convert', cases[0], '--out', join(home, 'none'), '--api', 'native']);
  assert.equal(code, 1);
  assert.match(stderr, /native/);
  assert.ok(!existsSync(join(home, 'none')));
});

await test('every setting that the application reads is in .env.example, and docker-compose.yml hands it on', async () => {
  const runtime = join(root, 'rules/templates/app/src/graphcool');
  if (!existsSync(join(runtime, 'config.js'))) skip('the runtime is not in this tree');
  const { defaultLimits } = await import(join(runtime, 'limits.js'));
  const limits = Object.keys(defaultLimits).map((name) => `LIMIT_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`);
  const settings = [...read(join(runtime, 'config.js')).matchAll(/(?:read|number)\('([A-Z_]+)'/g)].map(([, name]) => name);
  const folder = await convert(join(root, 'fixtures/projects/everything/project'));
  const names = [...new Set([...limits, ...settings, 'ROOT_TOKEN_WORKER'])];
  for (const name of names) {
    assert.match(read(join(folder, '.env.example')), new RegExp(`^(# )?${name}=`, 'm'), `${name} is not in .env.example`);
    if (name !== 'HOST') assert.match(read(join(folder, 'docker-compose.yml')), new RegExp(`^      ${name}:`, 'm'), `${name} in compose`);
  }
  return `${names.length} settings`;
});

rmSync(home, { recursive: true, force: true });
