// The Simple API of every project whose API the real server showed: 163 public projects, 339 random services. And of those
// that it accepted and could not serve: why, in the words of its log.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compareSchemas } from '../lib/sdl.mjs';
import { mapParallel, read, readJson, root, run, runAsync, shared, skip, test, truth } from '../lib.mjs';

const temporary = mkdtempSync(join(tmpdir(), 'gcm-simple-'));

function write(name, files) {
  for (const [path, text] of Object.entries(files)) {
    const file = join(temporary, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return join(temporary, name);
}

/** Fails with the differences, or gives "N of N". Cases: {name, folder, api}. */
async function compareAll(cases) {
  const differing = (
    await mapParallel(cases, async ({ name, folder, api }) => {
      const { code, stdout, stderr } = await runAsync(['schema', folder]);
      const differences = code === 0 ? compareSchemas(stdout, api) : `exit code ${code}\n${stderr}`;
      return differences && `${name}:\n${differences.split('\n').slice(0, 10).join('\n').replace(/^/gm, '  ')}`;
    })
  ).filter(Boolean);
  const figure = `${cases.length - differing.length} of ${cases.length}`;
  if (differing.length) throw new Error(`${figure}\n${differing.join('\n')}`);
  return figure;
}

/** The random services that the server accepted: {name, folder, verdict, api, cause}. */
function randomServices() {
  const folder = truth('graphcool/random');
  if (!folder) skip('truth/graphcool/random is not on this machine');
  const of = (name, { files, verdict, simple, cause }) => ({
    name,
    folder: write(name, files),
    verdict,
    api: simple,
    cause,
  });
  const valid = readdirSync(folder)
    .filter((file) => /^\d+\.json\.gz$/.test(file))
    .map((file) => of(file.slice(0, 3), readJson(join(folder, file))));
  const mutated = readJson(join(folder, 'invalid.json.gz'));
  return [...valid, ...mutated.map((service) => of(`mutated ${service.seed}`, service))].filter(
    ({ verdict }) => verdict !== 'refused',
  );
}

/** Types files of one rule each that were accepted: {name, folder, usable}. */
function singleRules() {
  const file = truth('graphcool/services.json');
  if (!file) skip('truth/graphcool/services.json is not on this machine');
  return readJson(file)
    .types.filter(({ accepted }) => accepted)
    .map(({ case: name, types, usable }, i) => ({
      name,
      folder: write(`rule-${i}`, { 'graphcool.yml': 'types: ./types.graphql\n', 'types.graphql': types }),
      usable,
    }));
}

/** Folder → the cause that our program gives, or ''. */
function causes(folders) {
  const tool = join(root, 'build/release/tools/dead');
  const { code, stdout, stderr } = run(folders, { program: tool });
  if (code !== 0) throw new Error(`${tool}: ${stderr}`);
  return new Map(stdout.slice(0, -1).split('\n').map((line) => line.split('\t').map((text) => text.replaceAll('\\n', '\n'))));
}

function compareCauses(cases) {
  const ours = causes(cases.map(({ folder }) => folder));
  const wrong = cases
    .map(({ name, folder, cause }) => [name, ours.get(folder), cause ?? ''])
    .filter(([, our, their]) => (typeof their === 'boolean' ? Boolean(our) !== their : our.trim() !== their.trim()));
  const figure = `${cases.length - wrong.length} of ${cases.length}`;
  if (wrong.length) throw new Error(`${figure}\n${wrong.map(([name, our, their]) => `${name}: ${our}\n  not ${their}`).join('\n')}`);
  return figure;
}

await test('a public project gets the API that the server generated for it', () => {
  if (!shared || !truth('graphcool/corpus')) skip('the corpus is not on this machine');
  const cases = readdirSync(join(shared, 'truth/graphcool/corpus'))
    .map((name) => ({
      name,
      folder: join(shared, 'corpus', name, 'project'),
      file: truth(`graphcool/corpus/${name}/simple.graphql`),
    }))
    .filter(({ file }) => file);
  return compareAll(cases.map((each) => ({ ...each, api: read(each.file) })));
});

await test('a random service gets the API that the server generated for it', () =>
  compareAll(randomServices().filter(({ api }) => api)));

await test('a service that was accepted and is dead says why, as the log of the server did', () => {
  const services = randomServices();
  const dead = services.filter(({ verdict }) => verdict === 'accepted, unusable').length;
  return `${compareCauses(services)}, ${dead} of them dead`;
});

await test('a types file that was accepted and is dead is told from one that works', () =>
  compareCauses(singleRules().map((each) => ({ ...each, cause: each.usable === false }))));

rmSync(temporary, { recursive: true });
