// What is printed from a tree parses to the same tree, comments and all; and graphql-js agrees about what it says.
import assert from 'node:assert';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse as parseJs, print as printJs } from 'graphql';
import { read, root, run, shared, skip, test } from '../lib.mjs';
import { randomDocument, randomSchema } from '../lib/random_schema.mjs';

const tool = join(root, 'build/release/tools/parse');
const asanTool = join(root, 'build/asan/tools/parse');
const separator = '\x1e';

function many(args, texts) {
  const { stdout, code, stderr } = run([...args, '--many'], { program: tool, input: texts.join(separator) });
  assert.strictEqual(code, 0, stderr);
  const answers = stdout.split(separator);
  assert.strictEqual(answers.length, texts.length);
  return answers;
}

/** Fails with the first differences. */
function nothing(differences) {
  assert.strictEqual(differences.length, 0, `${differences.length} differ\n${differences.slice(0, 3).join('\n')}`);
}
const none = (cases, answers) => nothing(answers.map((answer, i) => answer && `${cases[i].name}: ${answer}`).filter(Boolean));

function* graphqlFiles(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* graphqlFiles(path);
    else if (/\.(graphql|graphcool|gql)$/.test(name)) yield path;
  }
}
function corpus() {
  if (!shared) skip('there is no corpus here');
  return [...graphqlFiles(join(shared, 'corpus')), ...graphqlFiles(join(shared, 'truth/graphcool/corpus'))].map((path) => ({
    name: relative(shared, path),
    text: read(path),
  }));
}
const seeds = Array.from({ length: 300 }, (_, i) => i + 1);
const random = () => seeds.flatMap((seed) => [
  { name: `schema ${seed}`, text: randomSchema(seed) },
  { name: `document ${seed}`, text: randomDocument(seed) },
]);

/** The tree of graphql-js without its places; null if it does not take the text. */
function treeJs(text) {
  try {
    return JSON.stringify(parseJs(text, { noLocation: true }));
  } catch {
    return null;
  }
}

await test('random schemas and operations are read without an error', () => {
  const texts = random();
  none(texts, many([], texts.map(({ text }) => text)));
  return `${texts.length} of ${texts.length} texts`;
});

for (const [what, cases] of [['the corpus', corpus], ['random schemas and operations', random]]) {
  await test(`round trip of ${what}: the same tree`, () => {
    const texts = cases();
    none(texts, many(['--round-trip'], texts.map(({ text }) => text)));
    return `${texts.length} of ${texts.length} texts`;
  });

  await test(`graphql-js reads what we print of ${what} as it reads the original`, () => {
    const texts = cases().filter(({ text }) => treeJs(text));
    const printed = many(['--print'], texts.map(({ text }) => text));
    nothing(
      texts
        .map(({ name, text }, i) => (treeJs(printed[i]) === treeJs(text) ? '' : `${name}:\n${printed[i]}`))
        .filter(Boolean),
    );
    return `${texts.length} of ${texts.length} texts that graphql-js takes`;
  });

  await test(`text printed by graphql-js from ${what} is printed the same`, () => {
    const texts = cases()
      .filter(({ text }) => treeJs(text))
      .map(({ name, text }) => ({ name, text: `${printJs(parseJs(text))}\n` }));
    const printed = many(['--print'], texts.map(({ text }) => text));
    nothing(texts.map(({ name, text }, i) => (printed[i] === text ? '' : `${name}:\n${text}\n---\n${printed[i]}`)).filter(Boolean));
    return `${texts.length} of ${texts.length} texts`;
  });
}

await test('every prefix of a text is read without a crash', () => {
  if (!existsSync(asanTool)) skip('there is no build with sanitizers');
  const own = [...seeds.slice(0, 12)].flatMap((seed) => [randomSchema(seed), randomDocument(seed)]);
  const files = shared ? corpus().filter(({ name }) => name.endsWith('types.graphql')).slice(0, 25) : [];
  let prefixes = 0;
  for (const text of [...own, ...files.map((file) => file.text)].map((text) => text.slice(0, 4000))) {
    const { stdout, stderr, code } = run(['--prefixes'], { program: asanTool, input: text });
    assert.strictEqual(code, 0, `${stderr.slice(0, 2000)}\n${text}`);
    prefixes += Number(stdout.split(' of ')[1]);
  }
  return `${prefixes} prefixes of ${own.length + files.length} texts`;
});
