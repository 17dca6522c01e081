// The application that convert writes agrees with itself: model.json, schema.graphql, the datamodel and the permissions.
// Projects of our own, of the judge, and of the corpus where it is there.
import assert from 'node:assert';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'graphql';
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

async function figure(projects, { options = [], faultsOf: judge = faultsOf } = {}) {
  const judged = await mapParallel(projects, (project) => judge(project, ...options));
  const wrong = judged.flatMap(({ faults }, at) => faults.map((fault) => `${projects[at]}: ${fault}`));
  assert.equal(wrong.length, 0, `${wrong.length} faults:\n${wrong.slice(0, 40).join('\n')}`);
  const facts = judged.reduce((sum, each) => sum + each.facts, 0);
  return `${facts} facts of ${judged.filter(({ written }) => written).length} applications`;
}

const cases = readdirSync(join(root, 'fixtures/projects')).map((name) => join(root, 'fixtures/projects', name, 'project'));
const judges = ['social', 'guarded', 'hooked'].map((name) => join(root, 'fixtures/truth/projects', name));

for (const database of ['mysql', 'postgres'])
  await test(`our own projects and the judge's agree with themselves, ${database}`, () =>
    figure([...cases, ...judges], { options: ['--database', database] }));

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

/** Writes a project of a few files and converts it. */
function convertFiles(files, ...options) {
  const folder = mkdtempSync(join(home, 'project-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return convert(folder, ...options);
}
const post = 'type Post @model { id: ID! @isUnique\n title: String }\n';

await test('`operation: "*"` opens everything; a rules file may close it again', async () => {
  const files = { 'graphcool.yml': 'types: ./t.graphql\npermissions:\n- operation: "*"\n- operation: Post.read\n', 't.graphql': post };
  assert.equal((await permissionsOf(await convertFiles(files))).open, true);
  const mine = join(home, 'mine.yml');
  const when = '{ construct: permission, kind: everything }';
  writeFileSync(mine, `rules:\n- { id: GCM-OWN-001, title: Closed, when: ${when}, do: refuse, outcome: refused, effort: 5, message: closed, why: We say so }\n`);
  assert.equal((await permissionsOf(await convertFiles(files, '--rules', mine))).open, false);
});

await test('what grants nothing is not written: unknown names, actions and fields, one name for two things, modules', async () => {
  const operations = ['Nope.read', 'Post.write', 'Post', 'Pair.read', 'Pair.connect'];
  const yml = `types: ./t.graphql\nmodules: { more: ./more.yml }\npermissions:\n${operations.map((name) => `- operation: ${name}\n`).join('')}- { operation: Post.update, fields: [nope] }\n`;
  const pair = 'type Pair @model { id: ID! @isUnique\n other: Pair @relation(name: "Pair") }\n';
  const more = 'types: ./more.graphql\npermissions:\n- operation: Post.delete\n';
  const files = { 'graphcool.yml': yml, 't.graphql': post + pair, 'more.yml': more, 'more.graphql': 'type More @model { id: ID! @isUnique }' };
  const { types, relations } = await permissionsOf(await convertFiles(files));
  assert.deepEqual(types, {
    Pair: { read: [], create: [], update: [], delete: [] },
    Post: { read: [], create: [], update: [{ fields: [] }], delete: [] },
  });
  assert.deepEqual(relations, { Pair: { connect: [], disconnect: [] } });
});

await test('names that JavaScript or a file system would read otherwise stay names', async () => {
  const odd = ['../../../escape', "quo'te\\\\", 'line\u2028end', 'Post', 'eval', 'É', 'L'.repeat(300), 'L'.repeat(301)];
  const fields = odd.map((name, at) => `f${at}: Post @relation(name: "${name}")`).join('\n');
  const types = `type Post @model { id: ID! @isUnique\n ${fields} }\ntype post @model { id: ID! @isUnique }\ntype class @model { id: ID! @isUnique }`;
  const permissions = odd.map((name) => `- operation: ${JSON.stringify(`${name}.connect`)}\n  query: ${JSON.stringify(`./${name}*/.graphql`)}\n`);
  const folder = await convertFiles({ 'graphcool.yml': `types: ./t.graphql\npermissions:\n${permissions.join('')}`, 't.graphql': types });
  const { relations } = readJson(join(folder, 'src/model.json'));
  const written = await permissionsOf(folder);
  assert.deepEqual(Object.keys(written.relations).sort(), Object.keys(relations).sort());
  assert.deepEqual(Object.keys(written.types).sort(), ['Post', 'class', 'post']);
  assert.ok(Object.keys(relations).includes('../../../escape'), Object.keys(relations).join());
  for (const name of readdirSync(join(folder, 'src/permissions'), { recursive: true })) assert.match(name, /^(types|relations|index\.js|(types|relations)\/[A-Z]\w*\.js)$/);
  return `${Object.keys(relations).length} relations, ${Object.keys(written.types).length} types`;
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

/** The root fields of an API: ['Query.posts', …], without those of types that the old server had refused: nobody may ask for them. */
function rootFields(sdl, datamodel, models) {
  const known = new Set(Object.values(models).map(({ to }) => to));
  const refused = parse(datamodel).definitions.map(({ name }) => name.value).filter((name) => !known.has(name));
  const isRefused = ({ type }) => refused.includes(namedType(type).replace(/(Connection|SubscriptionPayload)$/, ''));
  return parse(sdl)
    .definitions.filter(({ name }) => ['Query', 'Mutation', 'Subscription'].includes(name.value))
    .flatMap(({ name, fields }) => fields.filter((field) => !isRefused(field)).map((field) => `${name.value}.${field.name.value}`));
}
const namedType = (type) => type.name?.value ?? namedType(type.type);

/** With --api native: the schema is what the command `schema` prints, and src/resolvers answers each root field of it once. */
async function nativeFaultsOf(project, ...options) {
  const folder = await convert(project, '--api', 'native', ...options);
  if (!folder || !existsSync(join(folder, 'src/model.json'))) return { faults: [], facts: 0, written: false };
  const faults = [];
  const sdl = read(join(folder, 'schema.graphql'));
  const printed = await runAsync(['schema', project, '--of', 'native', '--quiet', ...options]);
  if (printed.stdout !== sdl) faults.push('schema.graphql is not what `schema --of native` prints');
  const resolvers = readdirSync(join(folder, 'src/resolvers'), { recursive: true }).filter((name) => name.endsWith('.js'));
  // They are read, not run: the packages need not be there.
  const texts = resolvers.map((name) => read(join(folder, 'src/resolvers', name)).replace(/^ *\/\/.*$/gm, ''));
  const answered = texts.flatMap((text) => [...text.matchAll(/(Query|Mutation|Subscription): \{([^}]*)\}/g)].flatMap(([, type, fields]) => [...fields.matchAll(/(\w+): /g)].map(([, field]) => `${type}.${field}`)));
  const wanted = rootFields(sdl, read(join(folder, 'prisma/datamodel.prisma')), readJson(join(folder, 'src/model.json')).models);
  for (const field of wanted) if (answered.filter((one) => one === field).length !== 1) faults.push(`${field} is not answered once`);
  for (const field of answered) if (!wanted.includes(field)) faults.push(`${field} is answered, and not in the schema`);
  for (const line of texts.flatMap((text) => text.split('\n'))) if (line.length > 120) faults.push(`a line of ${line.length}: ${line}`);
  return { faults, facts: wanted.length, written: true };
}

await test('with --api native, every root field of our own projects is answered', () => figure([...cases, ...judges], { faultsOf: nativeFaultsOf }));

await test('with --api native, every root field of the corpus is answered', () => {
  const corpus = shared && join(shared, 'corpus');
  if (!corpus || !existsSync(corpus)) skip('the corpus is not on this machine');
  return figure(readdirSync(corpus).map((name) => join(corpus, name, 'project')).filter(existsSync), { faultsOf: nativeFaultsOf });
});

await test('every setting that the application reads is in .env.example, and docker-compose.yml hands it on', async () => {
  const runtime = join(root, 'rules/templates/app/src/graphcool');
  if (!existsSync(join(runtime, 'config.js'))) skip('the runtime is not in this tree');
  const { defaultLimits } = await import(join(runtime, 'serving/limits.js'));
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
