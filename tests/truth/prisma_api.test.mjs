// The API of a Prisma service, as the real server (1.34) generated it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapParallel, readJson, runAsync, skip, test, truth } from '../lib.mjs';
import { compareSchemas, describeSchema } from '../lib/sdl.mjs';

const folder = mkdtempSync(join(tmpdir(), 'prisma-api-'));

function judge(path) {
  const file = truth(path);
  if (!file) skip(`${path} is not on this machine`);
  return readJson(file);
}

let files = 0;
async function apiOf(datamodel) {
  const path = join(folder, `${files++}.prisma`);
  writeFileSync(path, datamodel);
  const { code, signal, stdout, stderr } = await runAsync(['schema', '--of', 'prisma', path]);
  if (code !== 0) throw new Error(`schema ended with ${signal ?? code}: ${stderr}`);
  return stdout;
}

/** The names of the query fields. */
const queriesOf = (api) =>
  [...describeSchema(api).get('Query')].filter((line) => /^\w+:/.test(line)).map((line) => line.split(':')[0]);

/** Runs a check for each item; a check gives the lines that differ. */
async function all(items, name, check) {
  const wrong = [];
  await mapParallel(items, async (item) => {
    const lines = await check(item).catch((error) => [error.message]);
    if (lines.length) wrong.push(`${name(item)}: ${lines.slice(0, 10).join('; ')}`);
  });
  const figure = `${items.length - wrong.length} of ${items.length}`;
  if (wrong.length) throw new Error([figure, ...wrong].join('\n'));
  return figure;
}

const sameNames = (theirs, ours) =>
  theirs
    .filter((name) => !ours.includes(name))
    .map((name) => `${name} is missing`)
    .concat(ours.filter((name) => !theirs.includes(name)).map((name) => `${name} is too much`));

await test('every datamodel gets the API that the server generated for it', () =>
  all(
    judge('prisma/api.json.gz'),
    ({ seed }) => `datamodel ${seed}`,
    async ({ datamodel, api }) => compareSchemas(await apiOf(datamodel), api).split('\n').filter(Boolean),
  ));

for (const database of ['mysql', 'postgres'])
  await test(`every datamodel that ${database} took and that can be used gets the server's query fields`, () =>
    all(
      judge(`prisma/datamodels-${database}.json`).filter(({ accepted, usable }) => accepted && usable),
      (one) => one.case,
      async ({ datamodel, query }) => sameNames(query, queriesOf(await apiOf(datamodel))),
    ));

await test('every noun gets the list and the single field that the server gave it', () =>
  all(
    // A noun that the server refused as a type has a sentence in place of its names.
    Object.entries(judge('prisma/names.json')).filter(([, theirs]) => !String(theirs).includes(' ')),
    ([noun]) => noun,
    async ([noun, [list, single]]) =>
      sameNames(
        [list, single, `${list}Connection`, 'node'],
        queriesOf(await apiOf(`type ${noun} {\n  id: ID! @id\n  name: String\n}\n`)),
      ),
  ));

rmSync(folder, { recursive: true });
