// A sample of random projects, another one every day; `make random-long` moves five hundred.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, skip, test } from '../lib.mjs';

const count = 25;

await test('random projects arrive exactly as they were, however many pages they span', async () => {
  if (!existsSync(join(root, 'fixtures/servers/node_modules'))) skip('the servers are not installed');
  const { moveMany } = await import('./random.mjs');
  const first = 1 + (Math.floor(Date.now() / 86400000) % 20) * count;
  const { wrong, equal, elements, requests } = await moveMany(count, first);
  if (wrong.length) throw Object.assign(new Error(wrong.join('\n')), { code: 'ERR_ASSERTION' });
  return `${equal} of ${count} from seed ${first}: ${elements} nodes and relation rows in ${requests} requests`;
});

await test('the comparison sees every kind of difference', async () => {
  const { differences } = await import('../lib/same_content.mjs');
  const { default: assert } = await import('node:assert');
  const content = (rows, pairs) => JSON.stringify({ models: { A: { rows } }, relations: { R: { A: { type: 'A', field: 'b' }, B: { type: 'A', field: 'c' }, rows: pairs } } });
  const one = [{ id: '1', s: 'x', l: ['a', 'b'], n: 1.5, j: { a: [1], b: null }, e: 'red' }, { id: '2' }];
  const base = content(one, [['1', '2']]);
  const fields = { toOne: new Set(['A.b', 'A.c']), enums: new Set(['A.e']) };
  const seen = (rows, pairs = [['1', '2']], text = content(rows, pairs)) => differences(base, text, fields);
  const two = { ...one[0], e: 'Red' };
  assert.deepStrictEqual(seen([two, one[1]]), []);
  assert.deepStrictEqual(seen([], [], content([two, one[1]], [['1', '2']]).replace('1.5', '15.00E-1').replace('"a":[1],"b":null', '"b":null,"a":[1.0]')), []);
  const others = [
    [[two]], [[two, one[1], { id: '3' }]], [[{ ...two, s: 'y' }, one[1]]], [[{ ...two, l: ['b', 'a'] }, one[1]]], [[{ ...two, l: ['a', 'b', 'b'] }, one[1]]],
    [[{ ...two, n: 1.51 }, one[1]]], [[{ ...two, j: { a: [1] } }, one[1]]], [[{ ...two, e: 'Blue' }, one[1]]], [[two, { id: '2', s: '' }]],
    [[two, one[1]], []], [[two, one[1]], [['2', '1']]], [[two, one[1]], [['1', '2'], ['2', '2']]],
  ];
  for (const [rows, pairs] of others) assert.notDeepStrictEqual(seen(rows, pairs), [], JSON.stringify([rows, pairs]));
  return `${others.length} of ${others.length}`;
});
