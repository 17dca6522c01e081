// Projects made to break a reader: every one ends soon, with a message and without a crash. Under AddressSanitizer where
// that build is there.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run, test } from '../lib.mjs';

const tools = ['release', 'asan'].map((variant) => join(root, 'build', variant, 'tools/definition')).filter(existsSync);
const types = 'type Post @model {\n  id: ID! @isUnique\n}\n';
const head = 'types: ./types.graphql\n';
const bomb = (letters, width) =>
  `custom:\n  a: &a [${Array(width).fill('x')}]\n` +
  letters.map((letter, i) => `  ${letter}: &${letter} [${Array(width).fill(`*${String.fromCharCode(97 + i)}`)}]\n`).join('');
const doubling = (count) =>
  Array.from({ length: count }, (_, i) => `  v${i}: "\${self:custom.v${i + 1}}\${self:custom.v${i + 1}}"\n`).join('');

/** name, graphcool.yml, what must be said, and what else is made in the folder. */
const cases = [
  ['200 KB of [', head + 'custom: ' + '['.repeat(200_000), /nested too deep/],
  ['200 KB of {', head + 'custom: ' + '{'.repeat(200_000), /nested too deep/],
  ['200 KB of "- "', head + 'custom:\n  ' + '- '.repeat(100_000), /nested too deep/],
  ['200 KB of "? "', head + 'custom:\n  ' + '? '.repeat(100_000), /nested too deep/],
  ['aliases of 387 million values', head + bomb([...'bcdefghi'], 12), /too many values/],
  ['a map of 60,000 keys', head + 'custom:\n' + Array.from({ length: 60_000 }, (_, i) => `  k${i}: 1\n`).join(''), /too many values/],
  ['a list of 99,000 items', head + 'custom: [' + '1,'.repeat(99_000) + ']', null],
  ['a line of 1 MB', head + '# ' + 'x'.repeat(1_000_000), null],
  ['a key of 1 MB', 'x'.repeat(1_000_000) + ': 1\n' + head, /expected|colon|key/],
  ['a text of 1 MB that is never closed', head + 'custom: "' + 'x'.repeat(1_000_000), /never closed/],
  ['more than 1 MB', head + '#'.repeat(1 << 20), /bytes; at most/],
  ['NUL bytes', head + 'custom: a\0b\n', /control character/],
  ['only NUL bytes', '\0'.repeat(1000), /control character/],
  ['bytes that are no UTF-8', Buffer.concat([Buffer.from(head + '# '), Buffer.from([0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf8])]), /not UTF-8/],
  ['UTF-16', Buffer.from('\ufeff' + head, 'utf16le'), /not UTF-8|control character/],
  ['a byte order mark and nothing else', '\ufeff', /empty/],
  ['texts that double 40 times', head + 'custom:\n' + doubling(40) + '  v40: x\n', null],
  ['a chain of 500 variables', head + 'custom:\n' + Array.from({ length: 500 }, (_, i) => `  v${i}: \${self:custom.v${i + 1}}\n`).join('') + '  v500: x\n', /too far/],
  ['a definition within itself', head + 'custom: ${self:}\n', /itself/],
  ['100,000 braces', head + 'custom: "' + '${'.repeat(100_000) + '"\n', null],
  ['100,000 variables', head + 'custom: "' + '${a}'.repeat(100_000) + '"\n', /is no variable/],
  ['100,000 slashes in a path', 'types: ' + './'.repeat(100_000) + 'types.graphql\n', null],
  ['10,000 steps up in a path', 'types: ' + '../'.repeat(10_000) + 'none.graphql\n', /does not exist|cannot be opened/],
  ['200 KB of { in the types', head, /deep|nest|expected/, (folder) => writeFileSync(join(folder, 'types.graphql'), 'type A @x(y: ' + '{a:'.repeat(70_000))],
  ['200 KB of [ in the types', head, /deep|nest|expected/, (folder) => writeFileSync(join(folder, 'types.graphql'), 'type A { a: ' + '['.repeat(200_000))],
  ['a folder for a types file', head, /not a regular file/, (folder) => { rmSync(join(folder, 'types.graphql')); mkdirSync(join(folder, 'types.graphql')); }],
  ['links in a circle', 'types: ./a.graphql\n', /cannot be opened|does not exist/, (folder) => { symlinkSync('b.graphql', join(folder, 'a.graphql')); symlinkSync('a.graphql', join(folder, 'b.graphql')); }],
  ['a pipe that nobody writes to', 'types: ./pipe.graphql\n', /not a regular file/, (folder) => spawnSync('mkfifo', [join(folder, 'pipe.graphql')])],
  ['a device', 'types: /dev/zero\n', /not a regular file/],
  ['5,000 permissions for one query', head + 'permissions:\n' + '  - operation: Post.read\n    query: ./q.graphql\n'.repeat(5000), null, (folder) => writeFileSync(join(folder, 'q.graphql'), 'query { SomePostExists }\n')],
  ['graphcool.yml is a folder', null, /not a regular file/, (folder) => mkdirSync(join(folder, 'graphcool.yml'))],
  ['graphcool.yml is a link to itself', null, /symbolic links/, (folder) => symlinkSync('graphcool.yml', join(folder, 'graphcool.yml'))],
  ['graphcool.yml is a pipe', null, /not a regular file/, (folder) => spawnSync('mkfifo', [join(folder, 'graphcool.yml')])],
];

function check(tool, [name, definition, said, prepare]) {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  try {
    writeFileSync(join(folder, 'types.graphql'), types);
    if (definition !== null) writeFileSync(join(folder, 'graphcool.yml'), definition);
    prepare?.(folder);
    const { code, signal, stdout, stderr } = run(['--problems', folder], { program: tool, timeout: 20_000 });
    if (signal || ![0, 2].includes(code)) return `${name}: ${signal ?? `exit ${code}`} ${stderr.slice(0, 2000)}`;
    if (said ? !said.test(stdout) : /nested|too many/.test(stdout)) return `${name}: said ${stdout.slice(0, 300)}`;
    if (stdout.length > 100_000) return `${name}: said ${stdout.length} characters`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await test('hostile projects are read to an end, with a message', () => {
  assert.ok(tools.length, 'make unit');
  const wrong = tools.flatMap((tool) => cases.map((one) => check(tool, one))).filter(Boolean);
  assert.equal(wrong.length, 0, wrong.join('\n'));
  return `${cases.length} of ${cases.length}, ${tools.length} builds`;
});
