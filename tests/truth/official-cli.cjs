// The official CLI's own reading of graphcool.yml: its class ProjectDefinitionClass, as `graphcool deploy` calls it,
// in one process for many projects (a run of the whole CLI takes seconds each).
//
//     node --no-experimental-fetch official-cli.cjs < [{folder, args}] > [{definition, files} | {refused: [line]}]
const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const cli = createRequire(join(__dirname, '../node_modules/graphcool-cli-engine/package.json'));
const { ProjectDefinitionClass } = cli('./dist/ProjectDefinition/ProjectDefinition.js');

class Refused extends Error {}
const plain = (text) => String(text?.message ?? text).replace(/\u001b\[[0-9;]*m/g, '');

async function read({ folder, args }) {
  const lines = [];
  const out = {
    log: (text) => lines.push(...plain(text).split('\n')),
    warn: () => {},
    error: (text) => {
      lines.push(...plain(text).split('\n'));
      throw new Refused();
    },
    exit: () => {
      throw new Refused();
    },
    getErrorPrefix: () => '',
  };
  process.exit = out.exit;
  process.chdir(folder);
  const project = new ProjectDefinitionClass(out, {
    definitionPath: join(folder, 'graphcool.yml'),
    definitionDir: folder,
  });
  try {
    await project.load(args);
  } catch (error) {
    if (!(error instanceof Refused)) lines.push(plain(error).split('\n')[0]);
    return { refused: lines.map((line) => line.trim()).filter(Boolean) };
  }
  const [root] = project.definition.modules;
  return { definition: root.definition, files: root.files };
}

(async () => {
  const answers = [];
  for (const question of JSON.parse(readFileSync(0, 'utf8'))) answers.push(await read(question));
  process.stdout.write(JSON.stringify(answers));
})();
