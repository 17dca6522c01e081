// Does the application answer? It is started on a free port, before the Prisma service that PRISMA_ENDPOINT names.
// Nothing is written.
import assert from 'node:assert';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { readConfig } from '../src/graphcool/config.js';
import { startServer } from '../src/graphcool/server.js';
import permissions from '../src/permissions/index.js';
import resolvers from '../src/resolvers/index.js';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const model = JSON.parse(read('../src/model.json'));
const rootToken = randomBytes(24).toString('hex');
const models = Object.entries(model.models)
  .filter(([, { refused }]) => !refused)
  .map(([name, { prisma }]) => [name, prisma.many]);
let server;

before(async () => {
  const secret = process.env.APP_SECRET || randomBytes(24).toString('hex');
  const environment = {
    LOG_LEVEL: 'warn',
    ...process.env,
    PORT: '0',
    APP_SECRET: secret,
    ROOT_TOKEN_SMOKE_TEST: rootToken,
  };
  const config = readConfig(environment, model);
  server = await startServer({ ...config, schema: read('../schema.graphql'), model, permissions, resolvers });
});
after(() => server?.close());

/** Asks the API; answers {data, errors}. */
async function ask(query, token) {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

test('the application is well, and the Prisma service is its own', async () => {
  for (const path of ['/health', '/ready']) {
    const response = await fetch(new URL(path, server.url));
    assert.equal(response.status, 200, `${path}: ${await response.text()}`);
  }
});

test('the schema can be asked for', async () => {
  const { data, errors } = await ask('{ __schema { queryType { fields { name } } } }');
  assert.equal(errors, undefined);
  const names = new Set(data.__schema.queryType.fields.map(({ name }) => name));
  for (const [, many] of models) assert.ok(names.has(many), `${many} is missing`);
});

test('a root token reads every list', async () => {
  for (const [name, many] of models) {
    const { data, errors } = await ask(`{ ${many}(first: 1) { id } }`, rootToken);
    assert.equal(errors, undefined, `${name}: ${JSON.stringify(errors)}`);
    assert.ok(Array.isArray(data[many]), name);
  }
});

test('nobody reads what no rule opens to everybody', async () => {
  const opens = ({ authenticated, query, fields }) => !authenticated && !query && (!fields || fields.includes('id'));
  for (const [name, many] of models) {
    if (permissions.open || permissions.types[name].read.some(opens)) continue;
    const { data } = await ask(`{ ${many}(first: 1) { id } }`);
    assert.ok(!data?.[many]?.some((node) => node?.id), `${name} leaks`);
  }
});
