// Our reading of graphcool.yml against the official CLI's own (graphcool 0.11.5): the definition with its variables
// replaced, and every file that it names. Where the CLI refuses, its messages against ours.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapParallel, read, readJson, root, runAsync, shared, skip, test } from '../lib.mjs';

const tool = join(root, 'build/release/tools/definition');
const official = join(root, 'tests/node_modules/graphcool-cli-engine');

/** Projects of ours which the official CLI reads and we refuse: deeper than our limit. */
const beyondLimits = ['yaml-too-deep'];
/** Projects of ours over which the official CLI runs out of memory: there is nothing to compare with. */
const endless = ['variables', 'yaml-alias-bomb', 'yaml-alias-of-itself'];

function projects() {
  const found = [];
  for (const base of [shared && join(shared, 'corpus'), join(root, 'fixtures/projects'), join(root, 'tests/golden/malformed')])
    if (base && existsSync(base))
      for (const name of readdirSync(base).sort()) {
        const folder = join(base, name, 'project');
        if (![...endless, ...beyondLimits].includes(name) && existsSync(join(folder, 'graphcool.yml'))) found.push({ name, folder });
      }
  return found;
}

/** Two environments: every variable that a project names has a value, and an option `target`; or nothing has. */
function variablesOf(text) {
  return Object.fromEntries([...text.matchAll(/env:\s*([A-Za-z_]\w*)/g)].map(([, name]) => [name, `value of ${name}`]));
}

/** Numbers and timestamps as JavaScript has them: the tool prints them as text with a tag. */
function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]));
  const [, tag, text] = /^!!(number|timestamp) ([^]*)$/.exec(value) ?? [];
  if (tag === 'timestamp') return new Date(text).toISOString();
  return tag === 'number' ? Number(text.replaceAll('_', '').replace(/^0(?=\d+$)/, '0o')) : value;
}

/** A variable without a value is undefined to the CLI where it is the whole text; we keep the reference. */
function withoutReferences(ours, theirs) {
  if (Array.isArray(ours)) return ours.map((item, i) => withoutReferences(item, theirs?.[i]));
  if (!ours || typeof ours !== 'object')
    return theirs === null && /^\$\{[^{}]*\}$/.test(ours) ? null : ours;
  const kept = Object.entries(ours).filter(
    ([key, item]) => !(typeof item === 'string' && /^\$\{[^{}]*\}$/.test(item) && theirs?.[key] === undefined),
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutReferences(item, theirs?.[key])]));
}

function officialReadings(folders, args, env) {
  const result = spawnSync('node', ['--no-experimental-fetch', join(root, 'tests/truth/official-cli.cjs')], {
    input: JSON.stringify(folders.map((folder) => ({ folder, args }))),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    timeout: 120000,
    env: { ...process.env, ...env },
  });
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout);
}

async function ourReading(folder, flags, env) {
  const { code, stdout, stderr } = await runAsync([folder, '--fill', ...flags], { program: tool, env });
  assert.equal(code, 0, `${folder}: ${stderr}`);
  const reading = JSON.parse(stdout);
  if (reading.definition) delete reading.definition.custom;
  return { ...reading, definition: revive(reading.definition) };
}

function difference(ours, theirs, lenient) {
  try {
    const mine = lenient ? withoutReferences(ours.definition, theirs.definition) : ours.definition;
    assert.deepStrictEqual(mine, theirs.definition);
    const { undefined: nothing, ...files } = theirs.files; // an empty list of types
    assert.deepStrictEqual(ours.files, files);
  } catch (error) {
    return error.message;
  }
}

async function compare(args, flags, envOf, lenient) {
  const all = projects();
  const env = Object.assign({}, ...all.map(({ folder }) => envOf(read(join(folder, 'graphcool.yml')))));
  const theirs = officialReadings(all.map(({ folder }) => folder), args, env);
  const ours = await mapParallel(all, ({ folder }) => ourReading(folder, flags, env));
  const accepted = all.flatMap((project, i) => (theirs[i].refused ? [] : [{ ...project, ours: ours[i], theirs: theirs[i] }]));
  const refused = all.flatMap((project, i) => (theirs[i].refused ? [{ ...project, ours: ours[i], theirs: theirs[i] }] : []));
  return { accepted, refused, lenient };
}

function checkAccepted({ accepted, lenient }) {
  const wrong = accepted.flatMap(({ name, ours, theirs }) => {
    const what = difference(ours, theirs, lenient) ?? (ours.cli_errors.length ? ours.cli_errors.join('\n') : undefined);
    return what ? [`${name}: ${what}`] : [];
  });
  assert.equal(wrong.length, 0, wrong.join('\n'));
  return `${accepted.length - wrong.length} of ${accepted.length}`;
}

/** The words of a YAML parser are its own, and so are those of a crash: there, that it was refused is enough. */
const ownWords = /^(Cannot read|EISDIR|expected a single document)|at line \d+, column \d+/;
const heading = /^(Errors while validating|The following errors occured)/;

function checkRefused({ refused }) {
  const wrong = refused.flatMap(({ name, ours, theirs }) => {
    const lines = theirs.refused.filter((line) => !heading.test(line)).map((line) => line.replace(/:$/, ''));
    if (lines.at(-1) === '- operation: "*"') lines.pop(); // its example; ours is the hint
    if (ours.format !== 0) return []; // the other graphcool.yml: this CLI never was for it
    if (ownWords.test(lines[0])) return ours.cli_errors.length ? [] : [`${name}: only the CLI refuses: ${lines}`];
    const mine = ours.cli_errors;
    return lines.join('\n') === mine.join('\n')
      ? []
      : [`${name}:\n  CLI:  ${lines.join('\n        ')}\n  ours: ${mine.join('\n        ')}`];
  });
  assert.equal(wrong.length, 0, wrong.join('\n'));
  return `${refused.length - wrong.length} of ${refused.length}`;
}

const filled = existsSync(official) && (await compare({ target: 'dev' }, ['--flag', 'target=dev'], variablesOf, false));
await test('definitions are read as the official CLI reads them', () =>
  filled ? checkAccepted(filled) : skip('tests/node_modules is not installed'));
await test('definitions are refused as the official CLI refuses them', () =>
  filled ? checkRefused(filled) : skip('tests/node_modules is not installed'));
await test('definitions are read as the official CLI reads them without any environment', async () => {
  if (!filled) skip('tests/node_modules is not installed');
  return checkAccepted(await compare({}, [], () => ({}), true));
});

await test('the official CLI itself loads what its reader loads', async () => {
  if (!filled) skip('tests/node_modules is not installed');
  const base = mkdtempSync(join(tmpdir(), 'definitions-'));
  try {
    const folder = join(base, 'project');
    cpSync(join(root, 'fixtures/projects/everything/project'), folder, { recursive: true });
    mkdirSync(join(base, 'home'));
    const cluster = { host: 'http://127.0.0.1:1', faasHost: 'http://127.0.0.1:1', clusterSecret: 'none' };
    const rc = { 'graphcool-framework': { clusters: { default: 'local', local: cluster } } };
    writeFileSync(join(base, 'home/.graphcoolrc'), JSON.stringify(rc));
    writeFileSync(join(folder, '.graphcoolrc'), 'targets: { dev: local/cjnone0000000000000000000, default: dev }\n');
    const cli = join(root, 'tests/node_modules/.bin/graphcool-framework');
    const env = { HOME: join(base, 'home'), NODE_OPTIONS: '--no-experimental-fetch', GRAPHCOOL_DUMP_LOADED_DEFINITION: '1' };
    await runAsync(['deploy', '--dry-run', '--target', 'dev'], { program: cli, cwd: folder, env });
    const [loaded] = readJson(join(folder, 'loaded-definition.json')).modules;
    const [reading] = officialReadings([folder], { target: 'dev' }, {});
    assert.deepStrictEqual(reading, { definition: loaded.definition, files: loaded.files });
  } finally {
    rmSync(base, { recursive: true });
  }
});
