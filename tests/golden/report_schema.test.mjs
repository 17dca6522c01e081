// The JSON report obeys docs/report.schema.json, for every project there is, and says the same twice.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapParallel, read, root, run, runAsync, shared, skip, test } from '../lib.mjs';

const Ajv = createRequire(import.meta.url)('ajv/dist/2020').default;
const validate = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(read(join(root, 'docs/report.schema.json'))),
);

/** What is wrong with the report of a project, or null. */
async function fault(project) {
  const { code, signal, stdout, stderr } = await runAsync(['report', project, '--format', 'json'], { timeout: 5000 });
  if (code === 2) return stderr.trim() ? null : 'exit code 2 without a word';
  if (code !== 0) return `ended with ${signal ?? code}: ${stderr.slice(0, 300)}`;
  let report;
  try {
    report = JSON.parse(stdout);
  } catch (error) {
    return `no JSON: ${error.message}`;
  }
  if (!validate(report)) return validate.errors.map((e) => `${e.instancePath} ${e.message}`).join('; ');
  const { summary, decisions } = report;
  for (const outcome of ['automatic', 'adapted', 'review', 'refused']) {
    const those = decisions.filter((d) => d.outcome === outcome);
    if (summary[outcome].decisions !== those.length) return `${outcome}: ${summary[outcome].decisions} counted, ${those.length} listed`;
    const effort = those.reduce((sum, d) => sum + d.effort, 0);
    if (summary[outcome].effort !== effort) return `${outcome}: an effort of ${summary[outcome].effort} counted, ${effort} listed`;
  }
  if (new Set(decisions.map((d) => d.id)).size !== decisions.length) return 'two decisions have one id';
  if (report.framework.usable && !report.framework.accepted) return 'usable, but not accepted';
  return null;
}

async function check(projects) {
  const faults = await mapParallel(projects, fault);
  const bad = projects.map((p, i) => faults[i] && `${p}: ${faults[i]}`).filter(Boolean);
  assert.equal(bad.length, 0, `${bad.length} of ${projects.length} reports are wrong:\n${bad.join('\n')}`);
  return `${projects.length} of ${projects.length}`;
}

const folders = (base) =>
  readdirSync(base)
    .map((name) => join(base, name, 'project'))
    .filter(existsSync);

await test('the report of every fixture obeys the schema', () => check(folders(join(root, 'fixtures/projects'))));

await test('the report of every corpus project obeys the schema', () =>
  shared ? check(folders(join(shared, 'corpus'))) : skip('no corpus on this machine'));

await test('a report says the same twice', () => {
  const project = join(root, 'fixtures/projects/everything/project');
  for (const format of ['text', 'json'])
    assert.equal(run(['report', project, '--format', format]).stdout, run(['report', project, '--format', format]).stdout);
});

await test('bytes that are no UTF-8 leave the report valid JSON', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gcm-'));
  try {
    writeFileSync(join(folder, 'graphcool.yml'), 'types: ./types.graphql\n');
    const text = 'type Post @model {\n  id: ID! @isUnique\n  # \xff\xc3\n  title: String @defaultvalue(value: "\xe9\xff")\n}\n';
    writeFileSync(join(folder, 'types.graphql'), Buffer.from(text, 'latin1'));
    assert.equal(await fault(folder), null);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
