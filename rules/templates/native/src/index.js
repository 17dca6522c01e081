// Starts the application: serves schema.graphql with the settings of the environment until it is told to end.
import { readFileSync } from 'node:fs';
import { run } from './graphcool/server.js';
import permissions from './permissions/index.js';
import resolvers from './resolvers/index.js';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

await run({ schema: read('../schema.graphql'), model: JSON.parse(read('model.json')), permissions, resolvers });
