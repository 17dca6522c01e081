// Each folder fixtures/projects/CASE holds project/ (the input), args (more arguments, one on a line; optional) and
// expected/: report.txt, report.json, convert.txt, the exit codes, and app/ as convert writes it, without the files that are
// the same in every application: those must be what rules/templates/app has. Adding a case is adding a folder. UPDATE=1
// writes expected/ anew.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { read, root, run, test } from '../lib.mjs';
import { tree } from '../lib/tree.mjs';

const base = join(root, 'fixtures/projects');
const update = process.env.UPDATE === '1';

const templates = tree(join(root, 'rules/templates/app'));
const instead = tree(join(root, 'rules/templates/native'));
const isFixed = ([path, text]) => path.startsWith('src/graphcool/') || !/\{\{\w+\}\}/.test(text);
/** The files that are the same in every application with an API: path → text. */
const fixed = {
  simple: [...templates].filter(([path]) => !path.startsWith('src/graphcool/native/')).filter(isFixed),
  native: [...new Map([...templates, ...instead])].filter(isFixed),
};

/** Takes out of the result what is the same in every application, once it is seen to be. */
function dropFixed(result, api) {
  for (const [path, text] of fixed[api]) {
    assert.equal(result.get(`app/${path}`), text, `${path} is not as in rules/templates`);
    result.delete(`app/${path}`);
    const name = path.replaceAll('.', '\\.');
    const line = new RegExp(`^ +written +(${name}|src/graphcool/  .*)\n`, 'm');
    const entry = new RegExp(`,\n +\\{\n +"path": "${name}",\n +"checksum": "[^"]+"\n +\\}`);
    result.set('convert.txt', result.get('convert.txt').replace(line, ''));
    result.set('app/graphcool-migrate.json', result.get('app/graphcool-migrate.json').replace(entry, ''));
  }
}

/** What the program makes of a case: path below expected/ → text. */
function actual(name) {
  const folder = join(base, name);
  const args = existsSync(join(folder, 'args')) ? read(join(folder, 'args')).split('\n').filter(Boolean) : [];
  const out = mkdtempSync(join(tmpdir(), 'gcm-'));
  try {
    const at = { cwd: folder };
    const text = run(['report', 'project', ...args], at);
    const json = run(['report', 'project', '--format', 'json', ...args], at);
    const convert = run(['convert', 'project', '--out', join(out, 'app'), ...args], at);
    const result = new Map([...tree(join(out, 'app'))].map(([path, content]) => [`app/${path}`, content]));
    result.set('report.txt', text.stdout + text.stderr);
    result.set('report.json', json.stdout + json.stderr);
    result.set('convert.txt', (convert.stdout + convert.stderr).replaceAll(out, ''));
    result.set('exit', `report ${text.code}\nreport --format json ${json.code}\nconvert ${convert.code}\n`);
    if (result.has('app/package.json')) dropFixed(result, args.includes('native') ? 'native' : 'simple');
    return result;
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** The lines that differ, with one line around them. */
function difference(expected, got) {
  const [a, b] = [expected.split('\n'), got.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const part = (lines, sign) =>
    lines
      .slice(start, lines.length - end)
      .slice(0, 30)
      .map((line) => `    ${sign} ${line}`);
  return [`    line ${start + 1}:`, ...part(a, '-'), ...part(b, '+')].join('\n');
}

function compare(expected, got) {
  const faults = [];
  for (const path of [...new Set([...expected.keys(), ...got.keys()])].sort())
    if (!got.has(path)) faults.push(`  ${path} is not written`);
    else if (!expected.has(path)) faults.push(`  ${path} is written, but not expected`);
    else if (expected.get(path) !== got.get(path)) faults.push(`  ${path}\n${difference(expected.get(path), got.get(path))}`);
  assert.equal(faults.length, 0, `differs (UPDATE=1 accepts it):\n${faults.join('\n')}`);
}

for (const name of readdirSync(base).sort())
  await test(`${name}: report and output are as expected`, () => {
    const folder = join(base, name, 'expected');
    const got = actual(name);
    if (update) {
      rmSync(folder, { recursive: true, force: true });
      for (const [path, text] of got) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    }
    compare(tree(folder), got);
    return `${got.size} files`;
  });
