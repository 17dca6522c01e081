// The Graphcool stand-in against what was recorded of the real server: conversations, and the real CLI.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { run, shared, skip, test, truth } from '../lib.mjs';
import { SERVICE, TOKEN, ask, clusterToken, graphcoolCli, graphcoolServer } from '../lib/graphcool_server.mjs';

const AdmZip = createRequire(import.meta.url)('adm-zip');

/** All steps of a talk, held with a fresh server. */
async function replay(name) {
  const server = await graphcoolServer(truth('projects/social'));
  const who = ['--token', `root=${TOKEN}`, '--token', 'garbage=nonsense'];
  const args = [truth('replay.py'), '--loose', '--url', server.api, ...who, truth(`graphcool/talks/social-${name}.json`)];
  const { stdout, stderr } = run(args, { program: 'python3', timeout: 300000 });
  await server.stop();
  const [, passed, failed] = /(\d+) passed, (\d+) failed\n$/.exec(stdout) ?? [];
  assert.equal(failed, '0', stdout + stderr);
  return `${passed} of ${passed} steps`;
}
for (const name of ['transfer', 'pages', 'values', 'reading', 'relations'])
  await test(`the talk social-${name}`, () => (truth('graphcool/talks') ? replay(name) : skip('no truth here')));

/** The contents of a zip: {file: values} with numbers as JSON.parse reads them, as the CLI wrote them. */
function filesOf(zip) {
  const files = {};
  for (const entry of new AdmZip(zip).getEntries())
    if (!entry.isDirectory) files[entry.entryName] = JSON.parse(entry.getData().toString()).values;
  return files;
}
const sorted = value =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(
        Object.keys(value)
          .sort()
          .map(key => [key, sorted(value[key])]),
      )
    : Array.isArray(value)
    ? value.map(sorted)
    : value;
const print = value => JSON.stringify(sorted(value));

/** The real CLI's export of the stand-in holding `name`'s content, beside the zip that it made of the real server. */
async function compareZips(name) {
  const folder = truth(`ndf/${name}`);
  if (!folder) skip('no truth here');
  const server = await graphcoolServer(folder, ['--secret', 'cluster', '--data', join(folder, 'expected.json.gz')]);
  const read = project => filesOf(readFileSync(join(project, 'out.zip')));
  const cli = await graphcoolCli(server.url, clusterToken('cluster'), ['export', '--export-path', 'out.zip'], read);
  await server.stop();
  assert.equal(cli.code, 0, cli.output);
  const real = filesOf(readFileSync(truth(`ndf/${name}.zip`)));
  assert.deepEqual(Object.keys(cli.kept).sort(), Object.keys(real).sort());
  let same = 0;
  const different = [];
  for (const file of Object.keys(real)) {
    const count = Math.max(real[file].length, cli.kept[file].length);
    for (let i = 0; i < count; i++) {
      const [wanted, got] = [print(real[file][i]), print(cli.kept[file][i])];
      if (wanted === got) same++;
      else different.push(`${file} ${i}\n  real ${wanted?.slice(0, 300)}\n  here ${got?.slice(0, 300)}`);
    }
  }
  assert.equal(different.length, 0, `${same} the same, these differ:\n${different.slice(0, 10).join('\n')}`);
  return same;
}
let elements = 0;
for (const name of ['empty', 'social', 'kinds', 'commas', 'links', 'raw', 'pages', 'pages-stop', 'pages-whole', 'badrow'])
  await test(`the real CLI's export of ${name} has the same elements, in the same files, with the same defects`, async () => {
    const same = await compareZips(name);
    elements += same;
    return `${same} elements, ${elements} so far`;
  });

/** What the CLI printed in a recording. */
function recorded(name) {
  if (!shared) skip('no recordings here');
  const text = readFileSync(join(shared, `recordings/graphcool-0.11.5-${name}.txt`), 'utf8');
  const [, output] = /# CLI output:\n((?:# .*\n)*?)#   exit 0/.exec(text);
  return output.replace(/^#   ?/gm, '');
}
/** Lines that say the same anywhere: no ports, times, sizes, service ids, and nothing that Node itself says. */
const essence = output =>
  output
    .split('\n')
    .filter(line => !/^\(|graphcoolrc|^ *▸ *$|^Its content/.test(line))
    .map(line =>
      line
        .replace(/127\.0\.0\.1:\d+/g, 'HOST')
        .replace(/\d+ ?ms|\d+ total bytes|cjproj0+/g, '…')
        .trim(),
    )
    .filter(line => line && !/^…$/.test(line));

await test('the real CLI prints for export and info what it prints for the real server', async () => {
  const server = await graphcoolServer(truth('projects/social'), ['--secret', 'cluster']);
  const token = clusterToken('cluster');
  const exported = await graphcoolCli(server.url, token, ['export', '--export-path', 'out.zip']);
  const info = await graphcoolCli(server.url, token, ['info']);
  await server.stop();
  assert.deepEqual(essence(exported.output), essence(recorded('export')));
  assert.deepEqual(essence(info.output), essence(recorded('info')));
  return `${essence(exported.output).length} + ${essence(info.output).length} lines`;
});
await test('tokens: the root token and the cluster secret may export, others and strangers may not', async () => {
  const server = await graphcoolServer(truth('projects/social'), ['--secret', 'cluster']);
  const body = { fileType: 'nodes', cursor: { table: 0, row: 0, field: 0, array: 0 } };
  const codes = [];
  for (const token of [TOKEN, clusterToken('cluster'), clusterToken('other'), 'x.y.z', null])
    codes.push((await ask(server, '/export', body, token)).body.code ?? 'ok');
  await server.stop();
  assert.deepEqual(codes, ['ok', 'ok', 3008, 3008, 3008]);
});
