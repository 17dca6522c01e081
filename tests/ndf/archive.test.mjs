// Zips of strangers: what would hurt is refused by name, what is only unusual is read.
import assert from 'node:assert';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson, root, run, skip, test, truth } from '../lib.mjs';
import { zip } from '../lib/zip_writer.mjs';

const asan = join(root, 'build/asan/tools/ndf');
const program = existsSync(asan) ? asan : join(root, 'build/release/tools/ndf');
const list = (path) => run(['list', path], { program });

const page = (kind, count = 0) => JSON.stringify({ valueType: kind, values: Array.from({ length: count }, (_, i) => ({ _typeName: 'A', id: `a${i}` })) });
const nodes = { name: 'nodes/000001.json', text: page('nodes', 3) };
const lists = { name: 'lists/000001.json', text: page('lists') };
const plain = [nodes, lists, { name: 'relations/000001.json', text: page('relations') }];
const listing = `nodes/000001.json 3 ${nodes.text.length}\nlists/000001.json 0 33\nrelations/000001.json 0 37\nfolder nodes\nfolder lists\nfolder relations\n`;

const folder = mkdtempSync(join(tmpdir(), 'graphcool-archive-'));
function write(bytes) {
  const path = join(folder, 'data.zip');
  writeFileSync(path, bytes);
  return path;
}

const bomb = { name: 'nodes/000001.json', text: ' '.repeat(5e6) };
const stored = { name: 'nodes/000001.json', text: nodes.text, method: 0 };

/** What is wrong, the bytes, and what the program says of it. */
const hostile = [
  ['a name with ..', zip([...plain, { name: '../nodes/000002.json', text: '{}' }]), '"../nodes/000002.json" is a name that leads out of the zip'],
  ['a .. inside', zip([{ name: 'nodes/../../x', text: '' }, ...plain]), '"nodes/../../x" is a name that leads out of the zip'],
  ['a .. at the end', zip([{ name: 'nodes/..', text: '' }, ...plain]), '"nodes/.." is a name that leads out of the zip'],
  ['an absolute name', zip([...plain, { name: '/etc/passwd', text: '' }]), '"/etc/passwd" is an absolute name'],
  ['a drive', zip([...plain, { name: 'C:/nodes/000001.json', text: '' }]), '"C:/nodes/000001.json" is a name with a drive'],
  ['a backslash', zip([...plain, { name: 'nodes\\000002.json', text: '{}' }]), '"nodes\\000002.json" is a name with a backslash'],
  ['a NUL in a name', zip([...plain, { name: 'nodes/2.json\0.txt', text: '{}' }]), '"nodes/2.json .txt" is a name with a NUL'],
  ['an empty name', zip([...plain, { name: '', text: '' }]), '"" is an empty name'],
  ['a link', zip([...plain, { name: 'nodes/000002.json', text: '/etc/passwd', mode: 0o120777 }]), '"nodes/000002.json" is a link or another thing that is no file'],
  ['a device', zip([...plain, { name: 'x', text: '', mode: 0o020666 }]), '"x" is a link or another thing that is no file'],
  ['a name twice', zip([...plain, nodes]), '"nodes/000001.json" is there twice'],
  ['a number twice', zip([...plain, { name: 'nodes/1.json', text: '{}' }]), '"nodes/000001.json" and "nodes/1.json" have the same number'],
  ['encryption', zip([...plain, { name: 'nodes/000002.json', text: '{}', flags: 1 }]), '"nodes/000002.json" is encrypted'],
  ['another method', zip([...plain, { name: 'nodes/000002.json', text: '{}', method: 12 }]), '"nodes/000002.json" is packed with a method other than deflate'],
  ['two entries over one text', zip([...plain, { ...nodes, name: 'nodes/000002.json', at: 0, only: true }]), '"nodes/000001.json" and "nodes/000002.json" overlap'],
  ['an entry inside of another', zip([{ name: 'nodes/000001.json', method: 0, text: zip([lists]) }, { ...lists, at: 47, only: true }]), '"nodes/000001.json" and "lists/000001.json" overlap'],
  ['an entry over the directory', zip([{ ...stored, packed: nodes.text.length + 40, size: nodes.text.length + 40 }]), '"nodes/000001.json" overlaps the directory of the zip'],
  ['an entry behind the end', zip([{ ...stored, packed: 1e6, size: 1e6 }]), 'is a damaged zip: "nodes/000001.json" is not where its directory says'],
  ['a header elsewhere', zip([...plain, { name: 'nodes/000002.json', text: '{}', at: 7 }]), 'is a damaged zip: "nodes/000002.json" is not where its directory says'],
  ['a ratio above 1,000', zip([bomb]), '"nodes/000001.json" would be more than 1,000 times as large unpacked'],
  ['a size above the cap', zip([{ ...stored, size: 600 * 2 ** 20, packed: nodes.text.length }]), '"nodes/000001.json" would be more than 1,000 times as large unpacked'],
  ['more entries than there are', zip(plain, { count: 4 }), 'is a damaged zip: its directory is wrong'],
  ['fewer entries than there are', zip(plain, { count: 2 }), 'is a damaged zip: its directory is wrong'],
  ['a wrong checksum', zip([{ ...nodes, crc: 5 }]), '"nodes/000001.json" cannot be unpacked: CRC error'],
  ['a text longer than promised', zip([{ ...nodes, size: nodes.text.length - 5 }]), '"nodes/000001.json" has another size than the zip says'],
  ['a text shorter than promised', zip([{ ...nodes, size: nodes.text.length + 5 }]), '"nodes/000001.json" has another size than the zip says'],
  ['broken deflate', zip([{ ...nodes, data: Buffer.from([7, 255, 255, 255, 255]) }]), '"nodes/000001.json" cannot be unpacked: Zlib error: data error'],
  ['bytes behind the end', zip(plain, { trailer: 'x' }), 'is no zip, or one that was cut off: there is no directory at its end'],
  ['another zip as its comment', zip(plain, { comment: zip([lists]) }), 'is a damaged zip: its directory is wrong'],
  ['no zip', Buffer.from('PK\x03\x04 hello'), 'is no zip, or one that was cut off: there is no directory at its end'],
  ['no NDF', zip([{ name: 'README', text: 'hi' }]), 'holds none of the folders nodes, lists and relations'],
  ['two exports', zip([{ name: 'a/nodes/1.json', text: '{}' }, { name: 'b/lists/1.json', text: '{}' }]), 'holds two exports: "a/" and "b/"'],
  ['a number that cannot be counted', zip([{ name: 'nodes/99999999999999999999999.json', text: '{}' }]), 'the number of "nodes/99999999999999999999999.json" is too large'],
  ['control characters in a name', zip([{ name: 'nodes/\x1b[31m\\', text: '{}' }]), '"nodes/ [31m\\" is a name with a backslash'],
];

await test('zips that could hurt are refused by name', () => {
  for (const [what, bytes, message] of hostile) {
    const { code, stderr } = list(write(bytes));
    assert.strictEqual(stderr, `${join(folder, 'data.zip')}: ${message}\n`, what);
    assert.strictEqual(code, 3, what); // GCM_BAD_INPUT
  }
  return `${hostile.length} of ${hostile.length}`;
});

const around = (entries) => entries.map((entry) => ({ ...entry, name: `my export/${entry.name}` }));
const harmless = [
  ['as the official tools write it', zip([{ name: 'lists/', method: 0 }, { name: 'nodes/', method: 0 }, { name: 'relations/', method: 0 }, ...plain.map((entry) => ({ ...entry, descriptor: true }))]), ''],
  ['stored', zip(plain.map((entry) => ({ ...entry, method: 0 }))), ''],
  ['with a comment', zip(plain, { comment: 'made by hand' }), ''],
  ['zip64', zip(plain.map((entry) => ({ ...entry, zip64: true })), { zip64: true }), ''],
  ['a folder around', zip([{ name: 'my export/', method: 0 }, ...around(plain)]), ''],
  ['a folder around, from a Mac', zip([...around(plain), { name: '__MACOSX/my export/nodes/._000001.json', text: 'x' }]), 'ignored __MACOSX/my export/nodes/._000001.json\n'],
  ['other files', zip([...plain, { name: 'nodes/users.json', text: '[]' }, { name: 'state.json', text: '{}' }, { name: 'data/nodes/2.json', text: '' }]), 'ignored nodes/users.json\nignored state.json\nignored data/nodes/2.json\n'],
];

await test('zips that are only unusual are read', () => {
  for (const [what, bytes, more] of harmless) {
    const { stdout, stderr } = list(write(bytes));
    assert.strictEqual(stderr, '', what);
    assert.strictEqual(stdout, listing + more, what);
  }
  return `${harmless.length} of ${harmless.length}`;
});

await test('files come in the order of their numbers, padded or not', () => {
  const names = ['nodes/10.json', 'nodes/9.json', 'nodes/0011.json', 'nodes/0.json'];
  const { stdout } = list(write(zip(names.map((name) => ({ name, text: page('nodes') })))));
  assert.deepStrictEqual(stdout.match(/nodes\/\d+\.json/g), ['nodes/0.json', 'nodes/9.json', 'nodes/10.json', 'nodes/0011.json']);
});

await test('a zip that was cut off is refused at every length', () => {
  const whole = zip(plain, { comment: 'abc' });
  for (let size = 0; size < whole.length; size++) assert.strictEqual(list(write(whole.subarray(0, size))).code, 3, `${size} bytes`);
  return `${whole.length} lengths`;
});

await test('a zip with a million entries more than are read is refused at once', () => {
  const { code, stderr } = list(write(zip(plain, { count: 1000001, zip64: true })));
  assert.match(stderr, /holds 1000001 files; at most 1000000 are read/);
  assert.strictEqual(code, 3);
});

await test('a damaged byte never crashes the reader', () => {
  const whole = zip([...plain.slice(0, 2).map((entry) => ({ ...entry, zip64: true })), plain[2]], { zip64: true });
  let read = 0;
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes[at] ^= [1, 0x80, 0xff][at % 3];
    const { code, stderr } = list(write(bytes));
    assert.ok([0, 3].includes(code), `byte ${at}: ${code} ${stderr}`);
    read += code === 0;
  }
  return `${whole.length} bytes, ${read} of them without meaning to us`;
});

await test('the real exports hold the elements that they should', () => {
  const base = truth('ndf');
  if (!base) skip('the real exports are not here');
  const zips = readdirSync(base).filter((name) => name.endsWith('.zip'));
  let elements = 0;
  for (const name of zips) {
    const { files, entries } = readJson(join(base, name.slice(0, -4), 'defects.json'));
    const { code, stdout, stderr } = list(join(base, name));
    assert.strictEqual(stderr, '', name);
    assert.strictEqual(code, 0, name);
    const found = Object.fromEntries([...stdout.matchAll(/^(\w+\/\d+\.json) (\d+) \d+$/gm)].map(([, file, count]) => [file, Number(count)]));
    assert.deepStrictEqual(found, files, name);
    for (const kind of ['nodes', 'lists', 'relations']) assert.strictEqual(stdout.includes(`folder ${kind}\n`), entries.some((entry) => entry.startsWith(`${kind}/`)), name);
    elements += Object.values(files).reduce((sum, count) => sum + count, 0);
  }
  assert.strictEqual(zips.length, 10);
  return `${zips.length} zips, ${elements} elements`;
});

rmSync(folder, { recursive: true });
