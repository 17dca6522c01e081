import { readConfig, secretsOf } from './config.js';
import { openPrisma1 } from './db/prisma1.js';
import { createLog } from './log.js';
import { serve } from './serving/serve.js';
import { awaitDatabase, StartError } from './startup.js';
import { createTokens } from './tokens.js';

/**
 * Starts the application: { url, port, close }. Of readConfig() is the rest of what it takes: schema is the text of
 * schema.graphql, model the content of model.json, permissions what src/permissions exports; with resolvers, which
 * src/resolvers exports, it is the native API, otherwise the Simple one.
 */
export async function startServer({ schema, model, permissions, resolvers, ...config }) {
  const log = createLog({ level: config.logLevel, secrets: secretsOf(config) });
  const db = openPrisma1({ ...config.prisma, model, log });
  try {
    await awaitDatabase(db, config, log);
    const { createApi, finish } = await import(resolvers ? './native/api.js' : './api.js');
    const api = { ...createApi({ schema, model, permissions, db, resolvers }), finish };
    const tokens = createTokens({ ...config, serviceId: config.serviceId ?? model.service }, model);
    return await serve(config, { api, db, log, tokens });
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** The whole life of the process: reads the environment, starts, says so, and ends in order when told to. */
export async function run({ schema, model, permissions, resolvers }) {
  try {
    const config = readConfig(process.env);
    const log = createLog({ level: config.logLevel, secrets: secretsOf(config) });
    const server = await startServer({ ...config, schema, model, permissions, resolvers });
    log.always(`listening on port ${server.port}`);
    for (const signal of ['SIGTERM', 'SIGINT']) {
      process.once(signal, () => {
        log.always(`${signal}: ending what runs`);
        server.close();
      });
    }
  } catch (error) {
    process.exitCode = 1;
    console.error(explain(error));
  }
}

function explain(error) {
  if (error instanceof StartError || error.name === 'ConfigError') return error.message;
  if (error.code === 'EADDRINUSE') return `Port ${error.port} is taken: end the other program, or set PORT.`;
  if (error.code === 'EACCES') return `This user may not open port ${error.port}: set PORT to one above 1023.`;
  return error.stack;
}
