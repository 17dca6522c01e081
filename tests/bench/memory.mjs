// Memory grows with the input, not faster: of the parser, against graphql-js's tree of the same text; of whole commands,
// for a project with twice as many models.
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse, version } from 'graphql';
import { binary, root } from '../lib.mjs';
import { least, measure, withProjects } from '../lib/measure.mjs';
import { plainSchema } from '../lib/random_schema.mjs';

const TWICE = 2.2; // at most, for double the size: memory
const SLOWER = 2.6; // processor time, where more data also fits less into the caches; work that is squared shows as 4
const PARSER = 1; // at most, of what graphql-js takes
const MODELS = 2000;

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc');
const mb = (bytes) => (bytes / 1e6).toFixed(0);
let missed = false;
function figure(text, value, limit) {
  console.log(`${text}, limit ${limit}`);
  if (!(value <= limit)) missed = true;
}

/** The heap that graphql-js's tree takes, without the text. */
function theirs(text) {
  collect();
  const before = process.memoryUsage().heapUsed;
  const tree = parse(text);
  collect();
  const taken = process.memoryUsage().heapUsed - before;
  if (!tree.definitions.length) throw new Error('no tree');
  return taken;
}

const small = plainSchema(12500);
const input = small + plainSchema(12500, 2);
const parser = join(root, 'build/release/tools/parse');
const [half, whole] = [small, input].map((text) => least(3, () => measure(parser, ['--repeat', '1'], { input: text })));
const reference = theirs(input);
figure(
  `parser: ${mb(whole.peak)} MB for ${mb(input.length)} MB of text (${(whole.peak / input.length).toFixed(1)} times the text), ` +
    `graphql-js ${version} ${mb(reference)} MB: ${(whole.peak / reference).toFixed(2)} of it`,
  whole.peak / reference,
  PARSER,
);
figure(
  `parser: ${mb(half.peak)} MB for ${mb(small.length)} MB of text: factor ${(whole.peak / half.peak).toFixed(2)} for double the size`,
  whole.peak / half.peak,
  TWICE,
);

withProjects((project) => {
  const [one, two] = [project(MODELS / 2), project(MODELS)];
  const commands = [['report'], ['schema', '--of', 'simple'], ['schema', '--of', 'prisma']];
  for (const [command, ...options] of commands) {
    const [a, b] = [one, two].map(({ folder }) =>
      least(3, () => measure(binary, [command, folder, ...options], { good: [0, 3] })),
    );
    const name = [command, ...options].join(' ');
    figure(
      `${name} of ${MODELS} models: ${mb(b.peak)} MB (${(b.peak / two.bytes).toFixed(0)} times the ${mb(two.bytes * 10) / 10} MB of types), ` +
        `${MODELS / 2} models ${mb(a.peak)} MB: factor ${(b.peak / a.peak).toFixed(2)}`,
      b.peak / a.peak,
      TWICE,
    );
    figure(
      `${name} of ${MODELS} models: ${b.time.toFixed(0)} ms of processor time, ${MODELS / 2} models ${a.time.toFixed(0)} ms: ` +
        `factor ${(b.time / a.time).toFixed(2)}`,
      b.time / a.time,
      SLOWER,
    );
  }
});
if (missed) process.exitCode = 1;
