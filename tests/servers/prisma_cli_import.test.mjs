// The real `prisma1 import` of the recorded exports into the stand-in gives what it gave with the real server: the exit code,
// the output, and how many nodes and fields then differ from the truth. So the stand-in is a fair target for our own import.
import assert from 'node:assert';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseJson } from '../../fixtures/servers/prisma/json_text.mjs';
import { importData } from '../../fixtures/servers/prisma/import.mjs';
import { Service } from '../../fixtures/servers/prisma/service.mjs';
import { mapParallel, read, readJson, run, runAsync, skip, test, truth } from '../lib.mjs';
import { startPrisma } from '../lib/servers.mjs';
import { cliBinary, cliEnvironment } from '../truth/prisma_npm.mjs';
import { differences } from './ndf_truth.mjs';

const names = ['empty', 'social', 'kinds', 'commas', 'links', 'raw', 'pages', 'pages-stop', 'pages-whole', 'badrow'];
const work = mkdtempSync(join(tmpdir(), 'prisma-cli-'));

/** The lines of the CLI that say something, without times. */
const said = (output) =>
  output
    .split('\n')
    .map((line) => line.trimEnd().replace(/ \d+ms$/, ''))
    .filter((line) => /^(Unzipping|Validating|Uploading|Uncaught)/.test(line));

async function importZip(name, database) {
  const folder = join(work, `${name}-${database}`);
  mkdirSync(folder);
  copyFileSync(truth(`ndf/${name}/datamodel.prisma`), join(folder, 'datamodel.prisma'));
  copyFileSync(truth(`ndf/${name}.zip`), join(folder, 'export.zip'));
  const server = await startPrisma({ database, datamodel: join(folder, 'datamodel.prisma'), service: name, stage: 'dev' });
  try {
    const url = `${server.url}/${name}/dev`;
    writeFileSync(join(folder, 'prisma.yml'), `endpoint: ${url}\ndatamodel: datamodel.prisma\n`);
    const { code, stdout } = await runAsync([cliBinary, 'import', '-d', 'export.zip'], {
      program: 'node',
      cwd: folder,
      env: cliEnvironment(folder),
    });
    const expected = parseJson(gunzipSync(readFileSync(truth(`ndf/${name}/expected.json.gz`))).toString());
    return { exit: code, output: said(stdout), ...(await differences(url, expected)) };
  } finally {
    await server.stop();
  }
}

const brief = (readErrors) => (readErrors ?? []).map(([type, field, count, ...rest]) => [type, field, count, rest.at(-1)]);

for (const database of ['mysql', 'postgres'])
  await test(`prisma1 import of each recorded zip ends on ${database} as it did with the real server`, async () => {
    if (!truth('ndf/social.zip') || !existsSync(cliBinary)) skip('no truth or no npm packages here');
    const wrong = [];
    let figures = 0;
    const all = await mapParallel(names, (name) => importZip(name, database));
    for (const [at, here] of all.entries()) {
      const name = names[at];
      const real = readJson(truth(`ndf/${name}/prisma1-cli.json`))[database];
      const wanted = {
        exit: real.exit,
        output: said(real.output.join('\n')),
        different: real.different,
        readErrors: brief(real.readErrors),
      };
      figures += Object.values(real.different).length + 1;
      try {
        assert.deepEqual(
          { ...here, output: here.output.map(stripped), readErrors: brief(here.readErrors) },
          { ...wanted, output: wanted.output.map(stripped) },
        );
      } catch (error) {
        wrong.push(`${name}: ${error.message}`);
      }
    }
    assert.deepEqual(wrong, [], wrong.join('\n'));
    return `${names.length} of ${names.length} zips, ${figures} figures`;
  });

/** How many elements of each kind the server refuses of a zip that the CLI doesn't send. */
function refused(name, database) {
  const service = new Service({ name, stage: 'dev', secrets: [], database });
  service.replace(read(truth(`ndf/${name}/datamodel.prisma`)));
  const entry = (kind) =>
    run(
      [
        '-c',
        'import sys, zipfile; sys.stdout.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())',
        truth(`ndf/${name}.zip`),
        `${kind}/000001.json`,
      ],
      { program: 'python3' },
    );
  const said = JSON.parse(importData(Buffer.from(entry('nodes').stdout), service).body);
  const counts = {};
  for (const message of said) {
    const type = /inserting (\w+)/.exec(message)[1];
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}

await test('the zips that prisma1 refuses to send meet the refusals that were counted on the real servers', () => {
  if (!truth('ndf/kinds.zip')) skip('no truth here');
  assert.deepEqual(refused('kinds', 'mysql'), { Thing: 1 }, 'a year 0 that the source gives as year 1');
  assert.deepEqual(refused('kinds', 'postgres'), { Thing: 133 }, 'NUL and long unique text: all of the type');
  assert.deepEqual(refused('raw', 'mysql'), {});
  assert.deepEqual(refused('raw', 'postgres'), { Item: 40 }, '300,000 characters in a unique column');
  return '4 of 4';
});

rmSync(work, { recursive: true });
/** An exception names an object whose keys come in no fixed order. */
function stripped(line) {
  return line.startsWith('Uncaught exception') ? line.replace(/\{.*\}/, '{…}') : line;
}
