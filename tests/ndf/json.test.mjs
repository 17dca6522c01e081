// Random texts, whole and damaged, through our reader of JSON and that of Node (beside_node.mjs).
import assert from 'node:assert';
import { RandomJson } from '../lib/random_json.mjs';
import { test } from '../lib.mjs';
import { compare, ours } from './beside_node.mjs';

const seed = Math.floor(Date.now() / 86400000);

await test('valid texts are read with the values that Node finds in them', () => {
  const json = new RandomJson(seed);
  const texts = Array.from({ length: 4000 }, () => json.text());
  assert.strictEqual(compare(texts), texts.length);
  return `seed ${seed}: ${texts.length} of ${texts.length}, ${(Buffer.concat(texts).length / 1e6).toFixed(1)} MB`;
});

await test('damaged texts are refused exactly where Node refuses them', () => {
  const json = new RandomJson(seed + 1);
  const texts = Array.from({ length: 12000 }, () => json.damaged(json.text().subarray(0, 400)).subarray(0, 500));
  const whole = Array.from({ length: 8000 }, () => json.damaged(json.text()));
  const taken = compare([...texts, ...whole]);
  return `seed ${seed}: ${texts.length + whole.length} texts, ${taken} of them valid all the same`;
});

await test('texts without blanks between values are read with the same values, damaged or not', () => {
  // The checker that looks at 64 bytes at a time knows only these: the answers say whether it agrees with the plain one.
  const json = new RandomJson(seed + 3);
  json.blanks = () => '';
  const texts = Array.from({ length: 4000 }, () => Buffer.from(`[${json.value()},${json.value()}]`));
  assert.strictEqual(compare(texts), texts.length);
  const damaged = texts.flatMap((text) => [json.damaged(text), json.damaged(text), json.damaged(text)]);
  const taken = compare(damaged);
  return `seed ${seed}: ${texts.length} whole, ${damaged.length} damaged, ${taken} of them valid all the same`;
});

await test('every prefix of a valid array or object is refused', () => {
  const json = new RandomJson(seed + 2);
  let prefixes = 0;
  for (let i = 0; i < 60; i++) {
    const text = Buffer.from(`[${json.value()}]`);
    const all = Array.from({ length: Math.min(text.length, 2000) }, (_, size) => text.subarray(0, size));
    for (const [size, answer] of ours(all).entries()) assert.match(answer, /^\d+ /, `${text.subarray(0, size)}: ${answer}`);
    prefixes += all.length;
  }
  return `${prefixes} prefixes`;
});

await test('a byte that is wrong is named at its place, wherever it stands', () => {
  // Behind every number of plain characters, since the reader jumps over them by the dozen.
  const texts = [];
  const expected = [];
  for (let before = 0; before < 200; before++)
    for (const wrong of ['\n', '\0', '\x1f', '\x80', '\xff', '\\x']) {
      texts.push(Buffer.from(`["${'a'.repeat(before)}${wrong}${'b'.repeat(40)}"]`, 'latin1'));
      expected.push(before + 2 + (wrong === '\\x'));
    }
  ours(texts).forEach((answer, i) => assert.strictEqual(Number.parseInt(answer, 10), expected[i], answer));
  return `${texts.length} texts`;
});
