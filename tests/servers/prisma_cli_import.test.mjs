// The real `prisma1 import` of the recorded exports into the stand-in gives what it gave with the real server: the exit code,
// the output, and how many nodes and fields then differ from the truth. So the stand-in is a fair target for our own import.
import assert from 'node:assert';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseJson } from '../../fixtures/servers/prisma/json_text.mjs';
import { runAsync, skip, test, truth, readJson } from '../lib.mjs';
import { startPrisma } from '../lib/servers.mjs';
import { cliBinary, cliEnvironment } from '../truth/prisma_npm.mjs';
import { differences } from './ndf_truth.mjs';

const names = ['empty', 'social', 'kinds', 'commas', 'links', 'raw', 'pages', 'pages-stop', 'pages-whole', 'badrow'];
const work = mkdtempSync(join(tmpdir(), 'prisma-cli-'));

/** The lines of the CLI that say something, without times. */
const said = (output) =>
  output.split('\n').map((line) => line.trimEnd().replace(/ \d+ms$/, '')).filter((line) => /^(Unzipping|Validating|Uploading|Uncaught)/.test(line));

async function importZip(name, database) {
  const folder = join(work, `${name}-${database}`);
  mkdirSync(folder);
  copyFileSync(truth(`ndf/${name}/datamodel.prisma`), join(folder, 'datamodel.prisma'));
  copyFileSync(truth(`ndf/${name}.zip`), join(folder, 'export.zip'));
  const server = await startPrisma({ database, datamodel: join(folder, 'datamodel.prisma'), service: name, stage: 'dev' });
  try {
    const url = `${server.url}/${name}/dev`;
    writeFileSync(join(folder, 'prisma.yml'), `endpoint: ${url}\ndatamodel: datamodel.prisma\n`);
    const { code, stdout } = await runAsync([cliBinary, 'import', '-d', 'export.zip'], { program: 'node', cwd: folder, env: cliEnvironment(folder) });
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
    for (const name of names) {
      const real = readJson(truth(`ndf/${name}/prisma1-cli.json`))[database];
      const here = await importZip(name, database);
      const wanted = { exit: real.exit, output: said(real.output.join('\n')), different: real.different, readErrors: brief(real.readErrors) };
      figures += Object.values(real.different).length + 1;
      try {
        assert.deepEqual({ ...here, output: here.output.map(stripped), readErrors: brief(here.readErrors) }, { ...wanted, output: wanted.output.map(stripped) });
      } catch (error) {
        wrong.push(`${name}: ${error.message}`);
      }
    }
    assert.deepEqual(wrong, [], wrong.join('\n'));
    return `${names.length} of ${names.length} zips, ${figures} figures`;
  });

rmSync(work, { recursive: true });
/** An exception names an object whose keys come in no fixed order. */
function stripped(line) {
  return line.startsWith('Uncaught exception') ? line.replace(/\{.*\}/, '{…}') : line;
}
