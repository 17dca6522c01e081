// A project converted with `--api native`, asked without HTTP, over the Prisma stand-in.
//
//   const app = await startNative(project, {database, args})
//     ask(query, {variables, caller}) → {data, errors: [{message, code, path}]}     caller: root unless given, nobody, nodeOf(model, id)
//     subscribe(query, {variables, caller}) → async iterator of such answers
//     with(permissions, {schema, more: [resolvers]}) → ask, subscribe over other rules        asked: what went to the database, one list of questions for each request
//     prisma, service    the stand-in (its own API: service.execute(text), its store); requests() of it
//     folder, model, permissions, sdl, graphql, runtime(name) → a module of it, close()
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startPrisma } from '../../fixtures/servers/prisma/server.mjs';
import { read, readJson, root, run } from '../lib.mjs';

const template = join(root, 'rules/templates/app');
const secret = 'the-secret-of-prisma';
export const canStart = () => existsSync(join(template, 'node_modules'));

export const rootCaller = { kind: 'root' };
export const nobody = { kind: 'nobody', exists: async () => false };
export const nodeOf = (model, id, exists = true) => ({ kind: 'node', model, id, exists: async () => exists });

/** Writes the application; null where the project has no datamodel. The runtime is the same in all: one copy serves them. */
function convert(project, database, args) {
  const home = mkdtempSync(join(tmpdir(), 'gcm-native-'));
  const folder = join(home, 'app');
  const { code, stderr } = run(['convert', project, '--out', folder, '--api', 'native', '--database', database, '--quiet', ...args]);
  assert.ok(code === 0 || code === 3, stderr);
  const remove = () => rmSync(home, { recursive: true, force: true });
  if (!existsSync(join(folder, 'src/model.json'))) return void remove();
  rmSync(join(folder, 'src/graphcool'), { recursive: true });
  symlinkSync(join(template, 'src/graphcool'), join(folder, 'src/graphcool'));
  return { folder, remove };
}

export async function startNative(project, { database = 'mysql', args = [] } = {}) {
  const converted = convert(project, database, args);
  if (!converted) return null;
  const { folder } = converted;
  const runtime = (name) => import(pathToFileURL(join(template, 'src/graphcool', name)).href);
  const [{ createApi, finish }, { openPrisma1 }, resolvers, permissions] = await Promise.all([
    runtime('native/api.js'),
    runtime('db/prisma1.js'),
    import(pathToFileURL(join(folder, 'src/resolvers/index.js')).href),
    import(pathToFileURL(join(folder, 'src/permissions/index.js')).href),
  ]);
  const model = readJson(join(folder, 'src/model.json'));
  const sdl = read(join(folder, 'schema.graphql'));
  const services = [{ name: 'default', stage: 'default', secrets: [secret], sdl: read(join(folder, 'prisma/datamodel.prisma')) }];
  const prisma = await startPrisma({ database, services });
  const db = openPrisma1({ endpoint: prisma.url, secret, model });
  const graphql = createRequire(join(template, 'package.json'))('graphql');
  const asked = [];
  const listening = { ...db, run: (questions) => (asked.push(questions), db.run(questions)) };

  const over = (rules, { schema = sdl, more = [] } = {}) => {
    const api = createApi({ schema, model, permissions: rules, db: listening, resolvers: [...resolvers.default, ...more] });
    const prepare = (query, { variables, caller = rootCaller }) => {
      const document = graphql.parse(query);
      const invalid = graphql.validate(api.schema, document);
      assert.equal(invalid.length, 0, `${invalid.join('\n')}\n${query}`);
      const contextValue = api.context({ caller, requestId: 'r' });
      return { schema: api.schema, document, variableValues: variables, contextValue };
    };
    const told = (result, context) => {
      const { data, errors } = finish(result, context);
      const list = errors?.map((error) => ({ message: error.message, code: error.originalError?.code, path: error.path }));
      return list ? { data: plain(data), errors: list } : { data: plain(data) };
    };
    return {
      schema: api.schema,
      async ask(query, options = {}) {
        const args = prepare(query, options);
        return told(await graphql.execute(args), args.contextValue);
      },
      async *subscribe(query, options = {}) {
        const args = prepare(query, options);
        const events = await graphql.subscribe(args);
        if (events.errors) throw events.errors[0];
        for await (const event of events) yield told(event, args.contextValue);
      },
    };
  };
  const service = prisma.services.get('default@default');
  return {
    ...over(permissions.default),
    with: over,
    asked,
    prisma,
    service: prisma.apiOf(service),
    folder,
    model,
    permissions: permissions.default,
    sdl,
    graphql,
    runtime,
    async close() {
      await db.close();
      await prisma.close();
      converted.remove();
    },
  };
}

const plain = (value) => JSON.parse(JSON.stringify(value));
