// The plural of 479 nouns, as each of the two servers made it.
import { join } from 'node:path';
import { root, truth, readJson, run, skip, test } from '../lib.mjs';

const tool = join(root, 'build/release/tools/plural');

function plurals(nouns) {
  const { code, stdout } = run([], { program: tool, input: nouns.join('\n') + '\n' });
  if (code !== 0) throw new Error(`${tool} ended with ${code}`);
  return new Map(stdout.trimEnd().split('\n').map((line) => [line.split(' ')[0], line.split(' ').slice(1)]));
}

const uncapitalize = (text) => text[0].toLowerCase() + text.slice(1);

function compare(path, named) {
  const file = truth(path);
  if (!file) skip(`${path} is not on this machine`);
  const all = Object.entries(readJson(file));
  // A noun that the server refused as a type has a sentence in place of its names.
  const refused = all.filter(([, theirs]) => String(theirs).includes(' ')).map(([noun]) => noun);
  const names = Object.fromEntries(all.filter(([noun]) => !refused.includes(noun)));
  const ours = plurals(Object.keys(names));
  const wrong = Object.entries(names)
    .map(([noun, theirs]) => [noun, named(noun, ...ours.get(noun)), theirs])
    .filter(([, our, theirs]) => String(our) !== String(theirs));
  const figure = [`${all.length - refused.length - wrong.length} of ${all.length - refused.length}`]
    .concat(refused.length ? [`refused as a type: ${refused.join(' ')}`] : [])
    .join('; ');
  if (wrong.length)
    throw new Error(`${figure}\n${wrong.map(([noun, our, theirs]) => `${noun}: ${our}, not ${theirs}`).join('\n')}`);
  return figure;
}

await test('lists are named as the Framework named them', () =>
  compare('graphcool/names.json', (noun, framework) => `all${framework}`));
await test('lists and single nodes are named as Prisma names them', () =>
  compare('prisma/names.json', (noun, framework, prisma) => [uncapitalize(prisma), uncapitalize(noun)]));
