// Operations of the Simple API, converted to the native one, are valid there: those of the corpus that the real server took,
// and one of each kind for every root field of every API we know. The judge is graphql-js with the schema that the program
// prints, not our own validator.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as graphql from 'graphql';
import { mapParallel, read, readJson, root, runAsync, shared, skip, test } from '../lib.mjs';

const temporary = mkdtempSync(join(tmpdir(), 'gcm-converted-'));

/** Text of an API, or null if the project has none that could be served. */
async function schemaOf(project, of) {
  const { code, stdout } = await runAsync(['schema', '--of', of, project, '--quiet']);
  if (code !== 0) return null;
  try {
    return graphql.buildSchema(stdout);
  } catch {
    return null;
  }
}

/** What becomes of files: for each a list of conversions and of what could not be read. */
async function convert(project, texts) {
  const folder = mkdtempSync(join(temporary, 'client-'));
  texts.forEach((text, i) => writeFileSync(join(folder, `${i}.graphql`), text));
  const { code, signal, stdout, stderr } = await runAsync(['operations', 'convert', project, folder, '--format', 'json']);
  rmSync(folder, { recursive: true });
  assert.ok(code === 0 || (code === 3 && stdout), `${project}: ended with ${signal ?? code}: ${stderr}`);
  const { conversions, unread } = JSON.parse(stdout);
  const of = (list, i) => list.filter(({ file }) => basename(file) === `${i}.graphql`);
  return texts.map((_, i) => ({ conversions: of(conversions, i), unread: of(unread, i) }));
}

/** Why one text is not converted, or null. */
function fault({ conversions, unread }, native) {
  if (unread.length || !conversions.length) return `not read: ${JSON.stringify(unread)}`;
  const reasons = conversions.flatMap((one) => (one.state === 'refused' ? one.reasons.map(({ message }) => message) : []));
  if (conversions.some(({ state }) => state === 'refused'))
    return reasons.length ? `refused: ${reasons.join('; ')}` : 'refused without a reason';
  const text = conversions.map((one) => one.new).join('\n');
  const errors = graphql.validate(native, graphql.parse(text));
  return errors.length ? `graphql-js: ${errors.map(({ message }) => message).join('; ')}\n${text}` : null;
}

/** The keys of an answer, with the lists in it: what the code around an operation reads. */
function shape(schema, text) {
  const document = graphql.parse(text);
  const fragments = new Map(document.definitions.flatMap((one) => (one.kind === 'FragmentDefinition' ? [[one.name.value, one]] : [])));
  const into = (selections, type, keys) => {
    for (const one of selections.selections) {
      if (one.kind !== 'Field') {
        const inner = one.kind === 'FragmentSpread' ? fragments.get(one.name.value) : one;
        const on = inner.typeCondition ? schema.getType(inner.typeCondition.name.value) : type;
        into(inner.selectionSet, on, keys);
        continue;
      }
      const field = one.name.value === '__typename' ? null : type.getFields()[one.name.value];
      const key = `${(one.alias ?? one.name).value}${field && graphql.isListType(graphql.getNullableType(field.type)) ? '[]' : ''}`;
      keys[key] ??= {};
      if (one.selectionSet) into(one.selectionSet, graphql.getNamedType(field.type), keys[key]);
    }
    return keys;
  };
  const operation = document.definitions.find(({ kind }) => kind === 'OperationDefinition');
  const root = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() };
  // An API without mutations takes any: that there are none is found when one is run.
  return root[operation.operation] ? into(operation.selectionSet, root[operation.operation], {}) : null;
}

// Notes that say that something is found elsewhere.
const moved = /are directly in|is a list with that one node|` is at `|the count is at|whose number \(`\.length`\)|is the first$|writes the other one$/;

/** Does the answer keep its keys, where no note says otherwise? */
function movedSilently(conversions, simple, native) {
  if (conversions.some(({ notes }) => notes.some(({ message }) => moved.test(message)))) return null;
  const text = (member) => conversions.map((one) => one[member]).join('\n');
  const [before, after] = [shape(simple, text('old')), shape(native, text('new'))];
  return !before || isDeepStrictEqual(before, after) ? null : `keys differ: ${JSON.stringify(before)} and ${JSON.stringify(after)}`;
}

// What Graphcool took and never answered but with an error cannot become something that works.
const hopeless = /without a value for a unique field|was always refused by Graphcool/;

await test('operations of real clients that were valid are converted, and valid for the native API', async () => {
  if (!shared) skip('there is no corpus here');
  const verdicts = readJson(join(shared, 'truth/graphcool/corpus/operations.json'));
  const faults = [];
  let [count, same] = [0, 0];
  await mapParallel(Object.entries(verdicts), async ([name, files]) => {
    const valid = Object.keys(files).filter((file) => files[file] === true);
    if (!valid.length) return;
    const project = join(shared, 'corpus', name, 'project');
    const [simple, native] = [await schemaOf(project, 'simple'), await schemaOf(project, 'native')];
    assert.ok(simple && native, `${name}: no API`);
    const results = await convert(project, valid.map((file) => read(join(shared, 'corpus', name, file))));
    results.forEach((result, i) => {
      count++;
      const reason = fault(result, native) ?? movedSilently(result.conversions, simple, native);
      same += !reason && !result.conversions.some(({ notes }) => notes.some(({ message }) => moved.test(message)));
      if (reason) faults.push(`${name}/${valid[i]}: ${reason}`);
    });
  });
  for (const reason of faults) console.log(`# ${reason}`);
  const open = faults.filter((reason) => !hopeless.test(reason));
  assert.equal(open.length, 0, open.join('\n'));
  return `${count - faults.length} of ${count}, ${same} with all keys where they were; the rest always was an error`;
});

await test('operations that the real server refused are found invalid, and those for the Relay API are named', async () => {
  if (!shared) skip('there is no corpus here');
  const verdicts = readJson(join(shared, 'truth/graphcool/corpus/operations.json'));
  const wrong = [];
  let [count, relay] = [0, 0];
  const cases = Object.entries(verdicts).flatMap(([name, files]) => Object.keys(files).map((file) => [name, file, files[file]]));
  await mapParallel(cases.filter(([, , verdict]) => verdict !== true), async ([name, file, verdict]) => {
    const folder = mkdtempSync(join(temporary, 'client-'));
    writeFileSync(join(folder, 'a.graphql'), read(join(shared, 'corpus', name, file)));
    const args = ['operations', 'check', join(shared, 'corpus', name, 'project'), folder, '--format', 'json'];
    const { operations, unread } = JSON.parse((await runAsync(args)).stdout);
    count++;
    const states = operations.map(({ state }) => state);
    if (!unread.length && states.every((state) => state === 'valid')) wrong.push(`${name}/${file}: valid`);
    if (verdict.relay && !states.includes('relay')) wrong.push(`${name}/${file}: ${states}, not relay`);
    relay += Boolean(verdict.relay);
  });
  assert.equal(wrong.length, 0, wrong.join('\n'));
  return `${count} of ${count}, ${relay} of them for the Relay API`;
});

function selection(type, depth) {
  const named = graphql.getNamedType(type);
  if (!graphql.isCompositeType(named)) return '';
  if (graphql.isInterfaceType(named)) return '{ __typename id }';
  const parts = Object.values(named.getFields()).flatMap((field) => {
    if (field.args.some(({ type: wanted }) => graphql.isNonNullType(wanted))) return [];
    const inner = graphql.getNamedType(field.type);
    if (!graphql.isCompositeType(inner)) return [field.name];
    return depth ? [`${field.name} ${selection(field.type, depth - 1)}`] : [];
  });
  return `{ ${parts.length ? parts.join(' ') : '__typename'} }`;
}

const scalars = { Int: '1', Float: '1.5', Boolean: 'true', DateTime: '"2020-01-01T00:00:00.000Z"', Json: '"{}"' };
function literal(type, depth) {
  if (graphql.isNonNullType(type)) return literal(type.ofType, depth);
  if (graphql.isListType(type)) return `[${literal(type.ofType, depth)}]`;
  if (graphql.isEnumType(type)) return type.getValues()[0].name;
  if (!graphql.isInputObjectType(type)) return scalars[type.name] ?? '"x"';
  const fields = Object.values(type.getFields()).filter((field) => depth > 0 || graphql.isNonNullType(field.type));
  return `{${fields.map((field) => `${field.name}: ${literal(field.type, depth - 1)}`).join(', ')}}`;
}

/** For each root field: every argument a variable; every argument a literal; only what is required. */
function operationsOf(schema) {
  const roots = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() };
  const list = (open, items) => (items.length ? `(${items.join(', ')})` : open);
  return Object.entries(roots).flatMap(([kind, type]) =>
    // A model of that name takes the place of the root: such an API never answered.
    Object.values(type?.getInterfaces().length ? {} : (type?.getFields() ?? {})).flatMap((field) => {
      const fields = selection(field.type, 1);
      const declared = list('', field.args.map((arg) => `$${arg.name}: ${arg.type}`));
      const given = (args, value) => list('', args.map((arg) => `${arg.name}: ${value(arg)}`));
      const required = field.args.filter(({ type: wanted }) => graphql.isNonNullType(wanted));
      const name = `${kind}_${field.name}`;
      return [
        `${kind} Variables_${name}${declared} { ${field.name}${given(field.args, (arg) => `$${arg.name}`)} ${fields} }`,
        `${kind} Literals_${name} { ${field.name}${given(field.args, (arg) => literal(arg.type, 1))} ${fields} }`,
        `${kind} Required_${name} { ${field.name}${given(required, (arg) => literal(arg.type, 0))} ${fields} }`,
      ];
    }),
  );
}

function projects() {
  const own = join(root, 'fixtures/projects');
  const found = readdirSync(own).map((name) => join(own, name, 'project'));
  if (shared)
    for (const name of readdirSync(join(shared, 'corpus'))) found.push(join(shared, 'corpus', name, 'project'));
  return found.filter((path) => existsSync(path));
}

// What no text can say in Prisma, or never worked; anything else is a fault of ours.
const reasons = [
  hopeless,
  /it asks by several unique fields/,
  /it replaces the nodes of a relation in a node that may not be there yet/,
  /a node that is created through \S+ has no \S+ in Prisma/,
  /null takes the required/,
  /is not in the Prisma service/,
  /has no id to find the node by/,
  /Cannot query field "(update|upsert|create)\w+" on type "Mutation"/, // nothing of the model can be written
  /Field "\w+Create\w*Input\.\w+" of required type "DateTime!" was not provided/, // a misspelt type that the server dropped
  /Field "session" argument "where"/, // a function with the name of Prisma's own field
];

await test('every root field of every Simple API is converted, with variables, with literals, and with the least', async () => {
  let count = 0;
  let converted = 0;
  const faults = [];
  await mapParallel(projects(), async (project) => {
    const [simple, native] = [await schemaOf(project, 'simple'), await schemaOf(project, 'native')];
    if (!simple || !native) return;
    const texts = operationsOf(simple);
    const [{ conversions, unread }] = await convert(project, [texts.join('\n')]);
    assert.deepEqual([unread, conversions.length], [[], texts.length], project);
    for (const one of conversions) {
      count++;
      const reason = fault({ conversions: [one], unread }, native) ?? movedSilently([one], simple, native);
      if (!reason) converted++;
      else if (!reasons.some((known) => known.test(reason))) faults.push(`${project}\n${one.old}\n${reason}`.slice(0, 2000));
    }
  });
  assert.equal(faults.length, 0, faults.slice(0, 10).join('\n\n'));
  return `${converted} of ${count}; the rest is refused with a known reason`;
});

rmSync(temporary, { recursive: true });
