// A schema of 5,000 types: parsed and printed at least ten times faster than graphql-js 16 does it, to the same text.
import assert from 'node:assert';
import { join } from 'node:path';
import { parse, print, version } from 'graphql';
import { root, run } from '../lib.mjs';
import { plainSchema } from '../lib/random_schema.mjs';

const LIMIT = 10;
const ROUNDS = 9;
const program = join(root, 'build/release/tools/parse');
const input = plainSchema(5000);

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
function ours() {
  const { stdout, code } = run(['--repeat', '1', '--print'], { program, input });
  if (code !== 0) throw new Error(`parse ended with ${code}`);
  return Number(stdout) / 1e6;
}
function theirs() {
  const start = process.hrtime.bigint();
  const text = print(parse(input));
  const time = Number(process.hrtime.bigint() - start) / 1e6;
  return { text, time };
}

assert.ok(version.startsWith('16.'), version);
const text = `${theirs().text}\n`; // also warms it up
assert.strictEqual(run(['--print'], { program, input }).stdout, text, 'the texts differ');
const times = { ours: [], theirs: [] };
for (let round = 0; round < ROUNDS; round++) {
  times.theirs.push(theirs().time);
  times.ours.push(ours());
}
const [us, them] = [median(times.ours), median(times.theirs)];
console.log(
  `5,000 types (${(input.length / 1e6).toFixed(1)} MB), parsed and printed to the same text: ${us.toFixed(0)} ms, ` +
    `graphql-js ${version} ${them.toFixed(0)} ms: ${(them / us).toFixed(1)} times faster, wanted ${LIMIT}`,
);
if (them / us < LIMIT) process.exitCode = 1;
