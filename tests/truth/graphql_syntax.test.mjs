// Which texts are syntax errors: as the parsers of the two servers answered, for every types file and datamodel of the
// truth.
import assert from 'node:assert';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root, run, skip, test, truth } from '../lib.mjs';

const parse = join(root, 'build/release/tools/parse');
const separator = '\x1e';

/** cases: [{name, text, refused}] */
function compare(cases, dialect) {
  const { stdout, code, stderr } = run(['--many', '--dialect', dialect], {
    program: parse,
    input: cases.map(({ text }) => text).join(separator),
  });
  assert.strictEqual(code, 0, stderr);
  const answers = stdout.split(separator);
  assert.strictEqual(answers.length, cases.length);
  const differences = cases
    .map(({ name, refused }, i) => [name, refused, answers[i]])
    .filter(([, refused, answer]) => refused !== (answer !== ''))
    .map(([name, refused, answer]) => `${name}: real: ${refused ? 'refused' : 'read'}, ours: ${answer || 'read'}`);
  assert.strictEqual(differences.length, 0, differences.join('\n'));
  return `${cases.length} of ${cases.length} texts, ${cases.filter(({ refused }) => refused).length} of them refused`;
}
const file = (path) => truth(path) ?? skip('there is no truth here');
const says = (value, text) => JSON.stringify(value ?? null).includes(text);

const ofTypes = 'syntax error in the Schema Definition';
await test('Graphcool: types files of one rule each', () =>
  compare(
    readJson(file('graphcool/services.json')).types.map((one) => ({
      name: one.case,
      text: one.types,
      refused: says(one.errors, ofTypes),
    })),
    'graphcool',
  ));

await test('Graphcool: random types files, mutated', () =>
  compare(
    readJson(file('graphcool/random/invalid.json.gz')).map((one) => ({
      name: `seed ${one.seed}`,
      text: one.files['types.graphql'],
      refused: says(one.errors, ofTypes),
    })),
    'graphcool',
  ));

await test('Graphcool: random types files', () => {
  const folder = file('graphcool/random');
  return compare(
    readdirSync(folder)
      .filter((name) => /^\d+\.json\.gz$/.test(name))
      .map((name) => ({ name, ...readJson(join(folder, name)) }))
      .map(({ name, files, errors }) => ({ name, text: files['types.graphql'], refused: says(errors, ofTypes) })),
    'graphcool',
  );
});

const ofDatamodel = 'Syntax error while parsing';
for (const database of ['mysql', 'postgres']) {
  await test(`Prisma: datamodels of one rule each, ${database}`, () =>
    compare(
      readJson(file(`prisma/datamodels-${database}.json`)).map((one) => ({
        name: one.case,
        text: one.datamodel,
        refused: says(one.request, ofDatamodel),
      })),
      'prisma',
    ));

  await test(`Prisma: random datamodels, ${database}`, () => {
    const { valid, mutated } = readJson(file('prisma/random.json.gz'));
    return compare(
      [...valid, ...mutated].map((one) => ({
        name: `seed ${one.seed}${one.mutations ? ', mutated' : ''}`,
        text: one.datamodel,
        refused: says(one[database].request, ofDatamodel),
      })),
      'prisma',
    );
  });
}

await test('Prisma: datamodels with an API, and these APIs', () =>
  compare(
    readJson(file('prisma/api.json.gz')).flatMap((one) => [
      { name: `datamodel ${one.seed}`, text: one.datamodel, refused: false },
      { name: `API ${one.seed}`, text: one.api, refused: false },
    ]),
    'prisma',
  ));
