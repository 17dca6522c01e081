// The npm tools of Prisma 1 as judges of datamodels, loaded once for many: reads a JSON list of service folders (each
// with prisma.yml and datamodel.prisma) from stdin, and prints for each a line of JSON:
// {folder, datamodel, schema, cli}, a string where that judge objects, null where it is content:
//   datamodel   npm prisma-datamodel reads every type of the file
//   schema      npm prisma-generate-schema makes an API of it that is valid GraphQL
//   cli         the generate command of the real CLI (npm prisma1) writes the schema that prisma.yml asks for
// Run it with NODE_PATH and NODE_ENV of `cliEnvironment`.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../lib.mjs';

const modules = join(root, 'tests/node_modules');

/** What the CLI needs to run here, offline: one of its packages isn't where the other looks for it. */
export const cliEnvironment = (home) => ({
  NODE_PATH: join(modules, 'prisma-cli-core/node_modules'),
  HOME: home,
  NO_UPDATE_NOTIFIER: '1',
  PRISMA_ENDPOINT: 'http://127.0.0.1:4466/service/dev',
  PRISMA_SECRET: 'secret',
  PRISMA_MANAGEMENT_API_SECRET: 'secret',
});

export const cliBinary = join(modules, 'prisma1/dist/index.js');
export const generated = (folder) => join(folder, 'generated/prisma.graphql');
/** What prisma.yml must say for the CLI to generate that. */
export const generateSection = '\ngenerate:\n  - generator: graphql-schema\n    output: ./generated/prisma.graphql\n';

function judges() {
  const require = createRequire(join(modules, 'prisma-cli-core/package.json'));
  const { DefaultParser, DatabaseType } = require('prisma-datamodel');
  const { default: generateSchema } = require('prisma-generate-schema');
  const { parse, buildSchema } = require('graphql');
  const { Config } = require('prisma-cli-engine');
  const { default: Generate } = require('./dist/commands/generate/generate.js');
  // It throws for MySQL; to it the relational databases are one.
  const database = DatabaseType.postgres;
  return {
    datamodel(folder) {
      const text = readFileSync(join(folder, 'datamodel.prisma'), 'utf8');
      const read = DefaultParser.create(database).parseFromSchemaString(text).types.map(({ name }) => name);
      const missing = parse(text).definitions.filter(({ name }) => !read.includes(name.value));
      if (missing.length) throw new Error(`it does not see ${missing.map(({ name }) => name.value).join(', ')}`);
    },
    schema(folder) {
      buildSchema(generateSchema(readFileSync(join(folder, 'datamodel.prisma'), 'utf8'), database));
    },
    async cli(folder) {
      rmSync(generated(folder), { force: true });
      // As Command.run of the CLI does it, but an error comes here instead of ending the process.
      const command = new Generate({ config: new Config({ cwd: folder, root: join(modules, 'prisma1'), mock: true }) });
      command.config.argv = ['prisma1', 'generate'];
      command.out.log = () => {};
      await command.init({ argv: command.config.argv });
      await command.run();
      if (!existsSync(generated(folder))) throw new Error('it wrote nothing');
    },
  };
}

async function main() {
  const folders = JSON.parse(readFileSync(0, 'utf8'));
  const all = judges();
  process.on('unhandledRejection', (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
  for (const folder of folders) {
    const verdict = { folder };
    for (const [name, judge] of Object.entries(all)) {
      try {
        await judge(folder);
        verdict[name] = null;
      } catch (error) {
        verdict[name] = error.message || String(error);
      }
    }
    process.stdout.write(`${JSON.stringify(verdict)}\n`);
  }
  process.exit(0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
