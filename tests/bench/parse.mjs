// Parse time grows with the text, not faster: twice the size takes at most 2.2 times as long, from 10 MB on.
import { join } from 'node:path';
import { root, run } from '../lib.mjs';
import { plainSchema } from '../lib/random_schema.mjs';

const LIMIT = 2.2;
const ROUNDS = 7;
const program = join(root, 'build/release/tools/parse');

const one = plainSchema(25000);
const texts = [one, one + plainSchema(25000, 2)];
const best = [Infinity, Infinity];
// Processor time, in turns, and the best of each: other programs on the machine must not count for one size only.
for (let round = 0; round < ROUNDS; round++)
  texts.forEach((input, i) => {
    const { stdout, code } = run(['--repeat', '1', '--cpu'], { program, input });
    if (code !== 0) throw new Error(`parse ended with ${code}`);
    best[i] = Math.min(best[i], Number(stdout) / 1e6);
  });

const [small, large] = texts.map((text) => (text.length / 1e6).toFixed(1));
const scale = texts[1].length / texts[0].length;
const factor = (best[1] / best[0]) * (2 / scale);
console.log(
  `parse: ${small} MB in ${best[0].toFixed(0)} ms of processor time, ${large} MB in ${best[1].toFixed(0)} ms: ` +
    `factor ${factor.toFixed(2)} for double the size, limit ${LIMIT}`,
);
if (factor > LIMIT) process.exitCode = 1;
