// Archives that are not as the official CLI writes them, or as it writes them when something went wrong: what is staged of them,
// and what is said.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '../lib.mjs';
import { runExport } from '../lib/exporting.mjs';
import { dumpStage } from '../lib/staged.mjs';
import { zip } from '../lib/zip_writer.mjs';

const TYPES = `type Item @model { id: ID! @isUnique n: Int tags: [String!] words: [String!] colors: [Color!] j: Json
  other: Other @relation(name: "R") }
type Other @model { id: ID! @isUnique items: [Item!]! @relation(name: "R") }
enum Color { RED BLUE }`;

const item = (id, more = {}) => ({ _typeName: 'Item', id, ...more });
const page = (kind, values) => JSON.stringify({ valueType: kind, values });
const three = ({ nodes = [item('a'), item('b'), item('c'), { _typeName: 'Other', id: 'o' }], lists = [], relations = [] } = {}) => ({
  'nodes/000001.json': page('nodes', nodes),
  'lists/000001.json': page('lists', lists),
  'relations/000001.json': page('relations', relations),
});

const folder = mkdtempSync(join(tmpdir(), 'gcm-archive-'));
mkdirSync(join(folder, 'project'));
writeFileSync(join(folder, 'project/graphcool.yml'), 'types: ./types.graphql\n');
writeFileSync(join(folder, 'project/types.graphql'), TYPES);
let count = 0;

/** Exports files as a zip: what runExport gives, the rules that were met, and the stage. */
async function ingest(files, write = writeZip) {
  const name = `case${++count}`;
  const workspace = join(folder, `${name}.workspace`);
  const ended = await runExport(join(folder, 'project'), ['--from', write(name, files)], { workspace });
  const rules = (ended.result?.findings ?? []).map(({ rule }) => rule).filter((rule) => rule !== 'GCM-EXP-008');
  return { ...ended, rules: [...new Set(rules)].sort(), staged: ended.result && dumpStage(workspace), workspace };
}
function writeZip(name, files) {
  const path = join(folder, `${name}.zip`);
  writeFileSync(path, zip(Object.entries(files).map(([entry, text]) => ({ name: entry, text }))));
  return path;
}
function writeFolder(name, files) {
  for (const [entry, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, entry, '..'), { recursive: true });
    writeFileSync(join(folder, name, entry), text);
  }
  return join(folder, name);
}

await test('a zip and a folder of the same files are staged alike', async () => {
  const files = three({ lists: [item('a', { tags: ['x'] })], relations: [[{ _typeName: 'Other', id: 'o', fieldName: 'items' }, { _typeName: 'Item', id: 'a', fieldName: 'other' }]] });
  const [one, two] = [await ingest(files), await ingest(files, writeFolder)];
  assert.equal(one.code, 0, one.stderr);
  assert.deepEqual(one.rules, []);
  assert.deepEqual(two.staged, one.staged);
  return `${one.result.nodes} nodes, ${one.result.lists} list, ${one.result.relations} relation row`;
});

await test('a gap in the numbers, a missing folder and an empty one are named', async () => {
  const gap = three();
  gap['nodes/000003.json'] = page('nodes', [item('z')]);
  assert.deepEqual((await ingest(gap)).rules, ['GCM-EXP-003']);
  const { 'lists/000001.json': lists, ...noLists } = three();
  assert(lists);
  const { code, rules } = await ingest(noLists);
  assert.equal(code, 3);
  assert.deepEqual(rules, ['GCM-EXP-001']);
  assert.deepEqual((await ingest({ ...noLists, 'lists/': '' })).rules, ['GCM-EXP-002']);
});

await test('lists and relations of nodes that are not there, and types that the project lacks, are named', async () => {
  const lost = three({ lists: [item('nobody', { tags: ['x'] })], relations: [[{ _typeName: 'Other', id: 'o', fieldName: 'items' }, { _typeName: 'Item', id: 'gone', fieldName: 'other' }]] });
  const { result } = await ingest(lost);
  assert.deepEqual(result.findings.filter(({ rule }) => rule === 'GCM-EXP-007').map(({ id }) => id), ['nobody', 'gone']);
  const { rules, staged } = await ingest(three({ nodes: [{ _typeName: 'Elsewhere', id: 'e', x: 1 }] }));
  assert.deepEqual(rules, ['GCM-EXP-009']);
  assert.equal(staged.nodes.Elsewhere.size, 1);
});

await test('a list that a second page goes on with is one list; lists that it repeats are not doubled', async () => {
  const cut = three({ lists: [item('a', { tags: ['1'] }), item('b', { tags: ['2', '3'] })] });
  cut['lists/000002.json'] = page('lists', [item('b', { tags: ['4'] }), item('c', { tags: ['5'] })]);
  const one = await ingest(cut);
  assert.deepEqual(one.rules, ['GCM-EXP-005', 'GCM-EXP-006']);
  assert.deepEqual(one.staged.lists.get('Item b tags'), ['2', '3', '4']);
  const again = three({ lists: [item('a', { tags: ['1'] }), item('b', { tags: ['2', '3'] })] });
  again['lists/000002.json'] = page('lists', [item('a', { tags: ['x'] }), item('b', { tags: ['3'] }), item('c', { tags: ['5'] })]);
  const two = await ingest(again);
  assert.equal(two.result.completeness, 'incomplete');
  assert.deepEqual(Object.fromEntries(two.staged.lists), { 'Item a tags': ['1'], 'Item b tags': ['2', '3'], 'Item c tags': ['5'] });
});

await test('escapes and quotes that the server added are taken back, and what may mean two things is named', async () => {
  const exportedAs = (text) => JSON.stringify([text]).slice(2, -2);
  const texts = ['say "hi"', 'back\\slash', 'new\nline', 'é😀', '', '\u0000', 'plain'];
  const { staged, rules, code } = await ingest(
    three({
      lists: [
        item('a', { tags: texts.map(exportedAs) }),
        item('a', { colors: ['"RED"', 'BLUE'] }),
        item('b', { tags: ['x', '', '', 'y'] }), // ["x", "", "", "y"], or ["x", ",", "y"]
        item('c', { tags: ['a\\', ''] }), // ["a\","] cut at its comma
        item('c', { words: ['odd\\'] }),
      ],
    }),
  );
  assert.equal(code, 3);
  assert.deepEqual(staged.lists.get('Item a tags'), texts);
  assert.deepEqual(staged.lists.get('Item a colors'), ['RED', 'BLUE']);
  assert.deepEqual(staged.lists.get('Item b tags'), ['x', '', '', 'y']);
  assert.deepEqual(staged.lists.get('Item c tags'), ['a",']);
  assert.deepEqual(staged.lists.get('Item c words'), ['odd\\']);
  assert.deepEqual(rules, ['GCM-EXP-012', 'GCM-EXP-014']);
});

await test('a page of very old clients is read; one of another kind, or that is no JSON, is refused with its place', async () => {
  const old = three();
  old['nodes/000001.json'] = '{"valueType":"nodes","values":{"jsonElements":[{"_typeName":"Item","id":"a"}],"size":1}}';
  assert.equal((await ingest(old)).result.nodes, 1);
  const kind = await ingest({ ...three(), 'nodes/000001.json': page('lists', []) });
  assert.equal(kind.code, 2);
  assert.match(kind.stderr, /nodes\/000001\.json says of itself that it holds lists/);
  const broken = await ingest({ ...three(), 'nodes/000001.json': '{"valueType":"nodes","values":[{"_typeName":"Item","id":"a"},{]}' });
  assert.equal(broken.code, 2);
  assert.match(broken.stderr, /nodes\/000001\.json, line 1, column \d+: this is no JSON/);
});

await test("the console's own export is refused by name", async () => {
  const { code, stderr } = await ingest({ 'User.json': '[]', 'Post.json': '[]' });
  assert.equal(code, 2);
  assert.match(stderr, /console's "export data"/);
});

await test('another archive does not go into the same stage; the same one changes nothing', async () => {
  const { workspace } = await ingest(three());
  const same = await runExport(join(folder, 'project'), ['--from', join(folder, `case${count}.zip`)], { workspace });
  assert.equal(same.code, 0);
  assert.equal(same.result.nodes, 4);
  const before = readFileSync(join(workspace, 'stage.db'));
  const other = await runExport(join(folder, 'project'), ['--from', writeZip('other', three({ nodes: [item('q')] }))], { workspace });
  assert.equal(other.code, 7);
  assert.match(other.stderr, /other\.zip/);
  assert.deepEqual(readFileSync(join(workspace, 'stage.db')), before);
});

rmSync(folder, { recursive: true });
