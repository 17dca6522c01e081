// Every project of the corpus that the Framework took is converted, for MySQL and for PostgreSQL; what was written must
// please our own validator and Prisma's own tools (npm).
//
// The command `generate` of the real CLI runs for every project inside one process: starting the CLI takes seconds each
// time. That the binary does the same is shown on every eighth project; GCM_EVERY_CLI=1 takes them all.
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapParallel, read, readJson, run, runAsync, root, shared, skip, test } from '../lib.mjs';
import { describeSchema } from '../lib/sdl.mjs';
import { cliBinary, cliEnvironment, generated, generateSection } from './prisma_npm.mjs';

const databases = ['mysql', 'postgres'];
const verdicts = shared && join(shared, 'truth/graphcool/corpus/verdicts.json');
const home = mkdtempSync(join(tmpdir(), 'convert-judges-'));
const environment = cliEnvironment(home);

const accepted = verdicts
  ? readJson(verdicts)
      .filter(({ verdict }) => verdict === 'accepted')
      .map(({ project }) => project)
  : [];
/** A few projects have functions and no types, as the API that the server made for them says: nothing to convert. */
const hasModels = (project) => {
  const api = join(shared, `truth/graphcool/corpus/${project}/simple.graphql`);
  return !existsSync(api) || /^input \w+Filter \{/m.test(read(api));
};
const service = ({ project, database }) => join(home, database, project, 'prisma');
const datamodel = (one) => join(service(one), 'datamodel.prisma');
const all = accepted.flatMap((project) => databases.map((database) => ({ project, database })));
/** What the judges look at, once everything is converted. */
const written = () => all.filter((one) => hasModels(one.project) || existsSync(datamodel(one)));

/** "N of M", or an error that names every case with its reason. `reasons` holds null where all is well. */
function figure(items, reasons) {
  const wrong = items
    .map(({ project, database }, at) => reasons[at] && `${database} ${project}: ${reasons[at]}`)
    .filter(Boolean);
  const count = `${items.length - wrong.length} of ${items.length}`;
  if (wrong.length) throw new Error([count, ...wrong].join('\n'));
  return count;
}
const needCorpus = () => accepted.length || skip('the corpus is not on this machine');

/** Null, or why the exit code does not fit what was written. */
async function convert({ project, database }) {
  const out = join(home, database, project);
  mkdirSync(join(home, database), { recursive: true });
  const source = join(shared, 'corpus', project, 'project');
  const { code, signal, stderr } = await runAsync(['convert', source, '--out', out, '--database', database]);
  if (code !== 0 && code !== 3) return `ended with ${signal ?? code}: ${stderr.trim()}`;
  const { decisions } = readJson(join(out, 'graphcool-migrate.json'));
  const refused = decisions.filter(({ outcome }) => outcome === 'refused');
  if (code === 3 && !refused.length) return 'ended with 3, but nothing is refused';
  if (existsSync(join(out, 'prisma/datamodel.prisma'))) return null;
  const said = code === 3 && refused.some(({ construct }) => construct === 'datamodel');
  return said && !hasModels(project) ? null : 'no datamodel was written';
}

await test('every accepted project is converted, with 0 or, where a decision refuses something, 3', async () => {
  needCorpus();
  const count = figure(all, await mapParallel(all, convert));
  const empty = accepted.filter((project) => !written().some((one) => one.project === project));
  return `${count}; without any type, and refused for that: ${empty.length} (${empty.join(' ')})`;
});

await test('our validator has nothing against any datamodel that was written', async () => {
  needCorpus();
  const check = async (one) => {
    const { code, stdout, stderr } = await runAsync(['check-datamodel', datamodel(one), '--database', one.database]);
    return code === 0 ? null : `ended with ${code}: ${(stdout + stderr).trim()}`;
  };
  return figure(written(), await mapParallel(written(), check));
});

/** The verdicts of the npm tools, asked once. */
let answers;
function npmVerdicts() {
  needCorpus();
  if (answers) return answers;
  const folders = written().map(service);
  for (const folder of folders.filter(existsSync))
    if (!/^generate:/m.test(read(join(folder, 'prisma.yml')))) appendFileSync(join(folder, 'prisma.yml'), generateSection);
  const { code, signal, stdout, stderr } = run([join(root, 'tests/truth/prisma_npm.mjs')], {
    program: process.execPath,
    input: JSON.stringify(folders),
    env: { ...environment, NODE_ENV: 'test' },
    timeout: 600000,
  });
  if (code !== 0) throw new Error(`the npm tools ended with ${signal ?? code}: ${stderr}`);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  if (lines.length !== folders.length) throw new Error(`the npm tools judged ${lines.length} of ${folders.length}`);
  answers = lines.map((line) => JSON.parse(line));
  return answers;
}

for (const [tool, name] of [
  ['datamodel', 'prisma-datamodel reads every type'],
  ['schema', 'prisma-generate-schema makes a valid API of it'],
  ['cli', '`prisma1 generate` of the real CLI writes its schema'],
])
  await test(name, () => figure(written(), npmVerdicts().map((answer) => answer[tool])));

await test('the binary of the real CLI generates the same schema', async () => {
  npmVerdicts();
  // Every eighth project, its databases in turn.
  const chosen = (at) => (at >> 1) % 8 === 0 && at % 2 === (at >> 4) % 2;
  const sample = written().filter((_, at) => process.env.GCM_EVERY_CLI || chosen(at));
  const check = async (one) => {
    const folder = service(one);
    if (!existsSync(folder)) return 'there is none';
    const before = existsSync(generated(folder)) && read(generated(folder));
    rmSync(generated(folder), { force: true });
    const { code, stdout, stderr } = await runAsync([cliBinary, 'generate'], {
      program: process.execPath,
      cwd: folder,
      env: environment,
      timeout: 120000,
    });
    if (code !== 0 || !existsSync(generated(folder))) return `ended with ${code}: ${(stdout + stderr).trim()}`;
    return read(generated(folder)) === before ? null : 'another schema than in one process';
  };
  return figure(sample, await mapParallel(sample, check));
});

// The CLI's generator is not quite the server (a self relation with one field, plurals of some nouns, no `implements
// Node`): what it makes is compared only by the names of its types, and only to be read.
const namesOf = (sdl) => [...describeSchema(sdl).keys()];
const missingIn = (some, others) => others.filter((name) => !some.includes(name));
await test('our API of it has the types that the CLI generates', async () => {
  npmVerdicts();
  const compared = written().filter((one) => existsSync(generated(service(one))));
  const found = await mapParallel(compared, async (one) => {
    const { code, stdout, stderr } = await runAsync(['schema', '--of', 'prisma', datamodel(one)]);
    if (code !== 0) throw new Error(`schema ended with ${code}: ${stderr}`);
    const [theirs, ours] = [read(generated(service(one))), stdout].map(namesOf);
    const names = [...missingIn(ours, theirs), ...missingIn(theirs, ours)];
    return names.length ? `${one.database} ${one.project} (${names.length}, as ${names[0]})` : null;
  });
  const others = found.filter(Boolean);
  const count = `${found.length - others.length} of ${found.length}`;
  return `${count}; for information, not the same: ${others.join(', ') || 'none'}`;
});

rmSync(home, { recursive: true, force: true });
