// What the Graphcool stand-in holds: contents go in and come out whole, small pages are the same data, made-up nodes.
import assert from 'node:assert/strict';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip, test, truth } from '../lib.mjs';
import { ask, graphcoolServer } from '../lib/graphcool_server.mjs';

const START = { table: 0, row: 0, field: 0, array: 0 };
/** All elements of a kind, following the server's own cursor. */
async function follow(server, fileType) {
  const elements = [];
  let pages = 0;
  for (let cursor = START; cursor.table >= 0; pages++) {
    const { status, body } = await ask(server, '/export', { fileType, cursor });
    assert.equal(status, 200, JSON.stringify(body));
    assert.notDeepEqual(body.cursor, cursor);
    elements.push(...body.out.jsonElements);
    cursor = body.cursor;
  }
  return { elements, pages };
}
const folder = truth('ndf/kinds');
const data = name => ['--data', join(truth(`ndf/${name}`), 'expected.json.gz')];

await test('a dump loaded again gives the same dump, numbers in their own text', async () => {
  if (!folder) skip('no truth here');
  const first = await graphcoolServer(folder, data('kinds'));
  const dump = await first.dump();
  await first.stop();
  const home = mkdtempSync(join(tmpdir(), 'gcm-dump-'));
  writeFileSync(join(home, 'dump.json'), dump);
  const second = await graphcoolServer(folder, ['--data', join(home, 'dump.json')]);
  const again = await second.dump();
  await second.control({ reset: true });
  const empty = JSON.parse(await second.dump());
  await second.stop();
  rmSync(home, { recursive: true });
  assert.equal(again, dump);
  assert.ok(dump.includes('123456789012345678901234567890') && dump.includes('0.1234567890123456789012345678901234567890'));
  assert.ok(Object.values(empty.models).every(({ rows }) => rows.length === 0));
  return `${dump.length} characters`;
});
await test('small pages and windows: nodes and relations arrive whole and once', async () => {
  if (!folder) skip('no truth here');
  const whole = await graphcoolServer(truth('ndf/social'), data('social'));
  const small = await graphcoolServer(truth('ndf/social'), [...data('social'), '--page-limit', '2000', '--row-window', '7']);
  const pages = [];
  for (const kind of ['nodes', 'relations']) {
    const [wanted, got] = [await follow(whole, kind), await follow(small, kind)];
    assert.deepEqual(got.elements, wanted.elements);
    assert.equal(wanted.pages, 1);
    pages.push(got.pages);
  }
  await Promise.all([whole.stop(), small.stop()]);
  return `${pages.join(' and ')} pages`;
});
await test('an element larger than a page: no element, the cursor unchanged, for ever', async () => {
  if (!folder) skip('no truth here');
  const server = await graphcoolServer(truth('ndf/social'), [...data('social'), '--page-limit', '50']);
  const { body } = await ask(server, '/export', { fileType: 'nodes', cursor: START });
  await server.stop();
  assert.deepEqual([body.out.jsonElements, body.cursor, body.isFull], [[], START, true]);
});
await test('made-up nodes: exported page by page, counted, read by id, held nowhere', async () => {
  const server = await graphcoolServer(truth('projects/social'), ['--synthetic', 'User=100000,2000']);
  const { body } = await ask(server, '/export', { fileType: 'nodes', cursor: { ...START, table: 6, row: 99990 } });
  const query = '{ _allUsersMeta { count } allUsers(first: 2, after: "cs00000000000000000000007") { id email } }';
  const read = await ask(server, '', { query });
  await server.stop();
  assert.equal(body.out.jsonElements.length, 10);
  assert.ok(body.out.size > 10 * 2000 && body.out.size < 10 * 2400);
  assert.equal(read.body.data._allUsersMeta.count, 100000);
  assert.deepEqual(read.body.data.allUsers.map(({ id }) => id), ['cs00000000000000000000008', 'cs00000000000000000000009']);
});
await test('a bad stored value spoils every page that reaches it, and the one that ends before it', async () => {
  if (!folder) skip('no truth here');
  const server = await graphcoolServer(truth('ndf/badrow'), data('badrow'));
  const at = async row => (await ask(server, '/export', { fileType: 'nodes', cursor: { ...START, row } })).body.code ?? 'ok';
  const list = async (skip, first) =>
    (await ask(server, '', { query: `{ allItems(first: ${first}, skip: ${skip}) { id } }` })).body.errors?.[0].code ?? 'ok';
  const codes = [await at(0), await at(1200), await at(1201), await list(1199, 1), await list(1198, 1), await list(1201, 1)];
  await server.stop();
  assert.deepEqual(codes, [3037, 3037, 'ok', 3037, 'ok', 'ok']);
});
