// Slicing a page (checking all of it, and finding every element) beside cJSON_Parse of the same page, and beside nothing
// but a search for quotes with memchr.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from '../lib.mjs';
import { random } from '../fuzz/mutate.mjs';

const PARSE = 10;
const SCAN = 0.5;
const ROUNDS = 7;
const program = join(root, 'build/release/tools/ndf');

const next = random(7);
const below = (n) => Math.floor(next() * n);
const letters = (n) => Array.from({ length: n }, () => '0123456789abcdefghijklmnopqrstuvwxyz'[below(36)]).join('');
const words = (n) => Array.from({ length: n }, () => letters(2 + below(8))).join(' ');
const page = (kind, size, element) => {
  const values = [];
  for (let bytes = 0; bytes < size; bytes += values.at(-1).length + 1) values.push(JSON.stringify(element()));
  return `{"valueType":"${kind}","values":[${values.join(',')}]}`;
};
const time = '2017-12-13T19:07:10.000Z';
const post = () => ({
  _typeName: 'Post', id: `cj${letters(23)}`, title: words(5), text: words(50), slug: `post-${below(1e6)}`, views: below(1e5), rating: below(50) / 10,
  published: next() < 0.5, publishedAt: time, createdAt: time, updatedAt: time,
});
const pages = {
  'nodes, 10 MB': page('nodes', 10e6, post),
  'nodes, 1 MB': page('nodes', 1e6, post),
  // Shown only: nearly nothing but punctuation.
  'tiny nodes, 1 MB': page('nodes', 1e6, () => ({ updatedAt: time, _typeName: 'Category', id: `cj${letters(23)}`, name: words(2), createdAt: time })),
  'relations, 1 MB': page('relations', 1e6, () => [
    { _typeName: 'Post', id: `cj${letters(23)}`, fieldName: 'author' },
    { _typeName: 'User', id: `cj${letters(23)}`, fieldName: 'posts' },
  ]),
};

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const folder = mkdtempSync(join(tmpdir(), 'graphcool-slice-'));
const figures = [];
for (const [name, text] of Object.entries(pages)) {
  const file = join(folder, 'page.json');
  writeFileSync(file, text);
  const times = { slice: [], parse: [], scan: [] };
  // In turns, so that what else the machine does is in all of them. Each in a process of its own: cJSON leaves a heap behind.
  for (let round = 0; round < ROUNDS; round++)
    for (const what of Object.keys(times)) {
      const { stdout, code } = run(['time', what, file, '5'], { program });
      if (code !== 0) throw new Error(`${what} ended with ${code}`);
      times[what].push(...stdout.trim().split('\n').slice(1).map((line) => Number.parseFloat(line)));
    }
  const [slice, parse, scan] = ['slice', 'parse', 'scan'].map((what) => median(times[what]));
  if (name.startsWith('nodes') && (parse / slice < PARSE || scan / slice < SCAN)) process.exitCode = 1;
  figures.push(`${name}: ${(text.length / slice).toFixed(1)} GB/s, ${(parse / slice).toFixed(1)} × cJSON_Parse, ${(scan / slice).toFixed(2)} × memchr`);
}
rmSync(folder, { recursive: true });
console.log(`slice: ${figures.join('; ')} (nodes: at least ${PARSE} and ${SCAN})`);
