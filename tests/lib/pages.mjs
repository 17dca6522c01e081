// Pages of made-up records, as an export endpoint gives them: what benches move.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const id = (n) => `cj${String(n).padStart(23, '0')}`;

/** A typical node: texts with escapes and other scripts, numbers, dates, Json. */
export function post(n, bytes = 500) {
  return {
    _typeName: 'Post',
    id: id(n),
    createdAt: '2017-12-13T19:07:10.000Z',
    updatedAt: '2018-01-02T03:04:05.000Z',
    title: `Title "${n}" of the señor`,
    views: n,
    rating: n / 8,
    published: n % 2 === 0,
    meta: { a: [1, 2.5, { b: true }], n },
    body: `${'Lorem ipsum dolor sit amet, consectetur.\n'.repeat(bytes)}`.slice(0, Math.max(0, bytes - 250)),
  };
}

/** Writes nodes into files of about a megabyte, as the CLI's zip holds them; returns their paths. */
export function writePages(folder, megabytes, bytes = 500) {
  const paths = [];
  for (let page = 0, n = 0; page < megabytes; page++) {
    const values = [];
    for (let size = 0; size < 1e6; n++) {
      const text = JSON.stringify(post(n, bytes));
      values.push(text);
      size += text.length;
    }
    const path = join(folder, `${String(page + 1).padStart(6, '0')}.json`);
    writeFileSync(path, `{"valueType":"nodes","values":[${values.join(',')}]}`);
    paths.push(path);
  }
  return paths;
}
