// The names that 479 nouns got, as each of the two servers made them, or its sentence where it refused the noun as a type.
import { join } from 'node:path';
import { root, truth, readJson, run, skip, test } from '../lib.mjs';

/** What one of our drivers makes of lines: a line each. */
function answers(tool, lines) {
  const { code, stdout } = run([], { program: join(root, 'build/release/tools', tool), input: lines.join('\n') + '\n' });
  if (code !== 0) throw new Error(`${tool} ended with ${code}`);
  return stdout.trimEnd().split('\n');
}

const plurals = (nouns) =>
  new Map(answers('plural', nouns).map((line) => [line.split(' ')[0], line.split(' ').slice(1)]));

/** What our validator says of a datamodel in which the noun is a type. */
const refusals = (noun) =>
  JSON.parse(answers('check', [JSON.stringify({ datamodel: `type ${noun} { id: ID! @id }`, database: 'mysql' })])[0])
    .map(({ description }) => description);

const uncapitalize = (text) => text[0].toLowerCase() + text.slice(1);

function compare(path, named) {
  const file = truth(path);
  if (!file) skip(`${path} is not on this machine`);
  const all = Object.entries(readJson(file));
  const ours = plurals(all.map(([noun]) => noun));
  const isRefused = (theirs) => String(theirs).includes(' ');
  const wrong = all
    .map(([noun, theirs]) => [noun, isRefused(theirs) ? refusals(noun) : named(noun, ...ours.get(noun)), theirs])
    .filter(([, our, theirs]) => String(our) !== String(theirs));
  const figure = `${all.length - wrong.length} of ${all.length}`;
  if (wrong.length)
    throw new Error(`${figure}\n${wrong.map(([noun, our, theirs]) => `${noun}: ${our}, not ${theirs}`).join('\n')}`);
  return figure;
}

await test('lists are named as the Framework named them', () =>
  compare('graphcool/names.json', (noun, framework) => `all${framework}`));
await test('lists and single nodes are named as Prisma names them', () =>
  compare('prisma/names.json', (noun, framework, prisma) => [uncapitalize(prisma), uncapitalize(noun)]));
