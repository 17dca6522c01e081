// Random projects with random data, moved from one stand-in to the other by the real commands: export, check, import, verify.
// What the two servers then hold is compared by a program of its own (tests/lib/same_content.mjs), which knows nothing of ours.
//
//     node tests/transfer/random.mjs COUNT [FIRST-SEED]
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start as startGraphcool } from '../../fixtures/servers/graphcool/main.mjs';
import { startPrisma } from '../../fixtures/servers/prisma/server.mjs';
import { runAsync } from '../lib.mjs';
import { randomProject } from '../lib/random_project.mjs';
import { differences } from '../lib/same_content.mjs';

const token = 'a-root-token';
const secret = 'a-secret-of-the-service';

/** TYPE.FIELD of every field that holds one node, and of those of an enum. */
function specialFields(types) {
  const fields = { toOne: new Set(), enums: new Set() };
  for (const [, type, body] of types.matchAll(/type (\w+) @model \{([^}]*)\}/g)) {
    for (const [, name] of body.matchAll(/^ {2}(\w+): \w+!? @relation/gm)) fields.toOne.add(`${type}.${name}`);
    for (const [, name] of body.matchAll(/^ {2}(\w+): \[?Color\d/gm)) fields.enums.add(`${type}.${name}`);
  }
  return fields;
}

/** Moves the project of a seed: {wrong: [texts], elements, requests}. The folder stays where something is wrong. */
export async function move(seed) {
  const project = randomProject(seed);
  const folder = mkdtempSync(join(tmpdir(), `gcm-random-${seed}-`));
  const files = { 'graphcool.yml': project.yml, 'types.graphql': project.types, 'data.json': project.data };
  mkdirSync(join(folder, 'project'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'project', name), text);
  const common = ['project', '--out', 'app', '--database', project.database];
  const wrong = [];
  const command = async (word, args, good = [0]) => {
    const { code, stdout, stderr } = await runAsync([word, ...common, ...args], {
      cwd: folder, env: { GRAPHCOOL_TOKEN: token, PRISMA_SECRET: secret }, timeout: 120000,
    });
    if (!good.includes(code)) wrong.push(`${word} ended with ${code}: ${(stderr + stdout).slice(0, 1500)}`);
    return good.includes(code);
  };
  let source;
  let target;
  let requests = 0;
  try {
    if (!(await command('convert', [], [0, 3]))) return { wrong, folder, ...project };
    source = await startGraphcool({
      project: join(folder, 'project'), service: 'random', token, data: join(folder, 'project/data.json'), pageLimit: project.pageLimit, rowWindow: project.rowWindow, port: 0,
    });
    target = await startPrisma({
      database: project.database, services: [{ name: 'random', stage: 'dev', secrets: [secret], sdl: readFileSync(join(folder, 'app/prisma/datamodel.prisma'), 'utf8') }],
    });
    const endpoint = `${target.url}/random/dev`;
    const quiet = ['--progress', 'none'];
    const moved =
      (await command('export', ['--endpoint', `${source.url}/simple/v1/random`, ...quiet])) &&
      (await command('check', quiet)) &&
      (await command('import', ['--endpoint', endpoint, '--chunk-size', '4000', ...quiet])) &&
      (await command('verify', ['--endpoint', endpoint, ...quiet]));
    const dump = async (server) => (await fetch(`${server.url}/__control/dump`)).text();
    if (moved) wrong.push(...differences(await dump(source), await dump(target), specialFields(project.types)));
    for (const server of [source, target]) requests += (await (await fetch(`${server.url}/__control/log`)).json()).requests.length;
  } catch (error) {
    wrong.push(error.stack);
  } finally {
    await source?.close();
    await target?.close();
  }
  if (!wrong.length) rmSync(folder, { recursive: true });
  return { wrong, folder, requests, elements: project.elements };
}

/** Moves so many; {wrong: [texts], equal, elements, requests}. */
export async function moveMany(count, first, tell = () => {}) {
  const total = { wrong: [], equal: 0, elements: 0, requests: 0 };
  for (let seed = first; seed < first + count; seed++) {
    const { wrong, folder, elements = 0, requests = 0 } = await move(seed);
    total.elements += elements;
    total.requests += requests;
    if (wrong.length) total.wrong.push(`seed ${seed} (${folder}):\n  ${wrong.slice(0, 8).join('\n  ')}`);
    else total.equal++;
    tell(seed, wrong, total);
  }
  return total;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = 500, first = 1] = process.argv.slice(2).map(Number);
  const total = await moveMany(count, first, (seed, wrong, { equal }) => {
    if (wrong.length) console.log(`seed ${seed}:\n  ${wrong.slice(0, 8).join('\n  ')}`);
    else if (equal % 25 === 0) console.log(`${equal} equal`);
  });
  console.log(`${total.equal} of ${count} projects equal, from seed ${first}; ${total.elements} nodes and relation rows, ${total.requests} requests`);
  process.exitCode = total.wrong.length ? 1 : 0;
}
