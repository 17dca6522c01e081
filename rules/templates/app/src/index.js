// Starts the application: reads the environment, serves schema.graphql, ends when it is told to.
import { readFileSync } from 'node:fs';
import { readConfig } from './graphcool/config.js';
import { startServer } from './graphcool/server.js';
import permissions from './permissions/index.js';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const model = JSON.parse(read('model.json'));

try {
  const config = readConfig(process.env, model);
  const server = await startServer({ ...config, schema: read('../schema.graphql'), model, permissions });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
