import { defaultLimits } from './serving/limits.js';
import { isLevel } from './log.js';

/** The environment is not as it should be. `message` is for the person who starts the server; it holds no secret. */
export class ConfigError extends Error {
  name = 'ConfigError';
}

const MINIMUM_SECRET = 16; // characters

/** Reads the configuration from the environment. All that is wrong with it is said at once. */
export function readConfig(env) {
  const problems = [];
  const read = reader(env);

  function number(name, fallback, { least = 1, most = Number.MAX_SAFE_INTEGER } = {}) {
    const text = read(name)?.trim();
    if (text === undefined) return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    problems.push(`${name} must be a whole number from ${least} to ${most}; it is "${text}".`);
    return fallback;
  }

  const endpoint = read('PRISMA_ENDPOINT')?.trim();
  if (endpoint === undefined) {
    problems.push(
      'PRISMA_ENDPOINT is missing: the address of the Prisma service, such as http://localhost:4466/NAME/STAGE.',
    );
  } else if (!isHttpUrl(endpoint)) {
    problems.push('PRISMA_ENDPOINT is no http:// or https:// address, such as http://localhost:4466/NAME/STAGE.');
  }
  const { appSecret, serviceId } = readSigning(read, problems);
  const oldSecret = read('OLD_SECRET');
  const oldServiceId = read('OLD_SERVICE_ID');
  if (oldSecret !== undefined && oldServiceId === undefined) {
    problems.push(
      'OLD_SECRET is given without OLD_SERVICE_ID: the id of the service on the old server, which its tokens name. ' +
        'Without it no old token is accepted.',
    );
  }
  const rootTokens = {};
  for (const name of Object.keys(env)) {
    if (!name.startsWith('ROOT_TOKEN_') || read(name) === undefined) continue;
    rootTokens[name.slice('ROOT_TOKEN_'.length)] = read(name);
    if (read(name).length < MINIMUM_SECRET) {
      problems.push(`${name} has fewer than ${MINIMUM_SECRET} characters: who guesses it may do everything.`);
    }
  }
  const logLevel = read('LOG_LEVEL') ?? 'info';
  if (!isLevel(logLevel)) problems.push('LOG_LEVEL must be silent, error, warn, info or debug.');

  const limits = {};
  for (const [name, fallback] of Object.entries(defaultLimits)) limits[name] = number(variableOf(name), fallback);

  const config = {
    port: number('PORT', 4000, { least: 0, most: 65535 }),
    host: read('HOST'),
    development: env.NODE_ENV === 'development',
    prisma: {
      endpoint,
      secret: read('PRISMA_SECRET'),
      timeout: number('PRISMA_TIMEOUT_SECONDS', 45, { most: 86_400 }) * 1000,
    },
    appSecret,
    serviceId,
    oldSecret,
    oldServiceId,
    rootTokens,
    logLevel,
    limits,
    keepAliveEvery: number('KEEP_ALIVE_MS', 10_000, { least: 10, most: 3_600_000 }), // as on Graphcool
    startSeconds: number('START_SECONDS', 60, { least: 0, most: 86_400 }),
    shutdownSeconds: number('SHUTDOWN_SECONDS', 20, { least: 0, most: 86_400 }),
  };
  refuse(problems);
  return config;
}

/** What signs and names tokens: all that is needed to make one. */
export function readTokenConfig(env, { service }) {
  const problems = [];
  const { appSecret, serviceId = service } = readSigning(reader(env), problems);
  refuse(problems);
  return { appSecret, serviceId };
}

function readSigning(read, problems) {
  const appSecret = read('APP_SECRET');
  if (appSecret === undefined) {
    problems.push('APP_SECRET is missing: it signs the tokens of this application. `openssl rand -hex 32` makes one.');
  } else if (appSecret.length < MINIMUM_SECRET) {
    problems.push(
      `APP_SECRET has ${appSecret.length} characters: who guesses it is everybody. It needs ${MINIMUM_SECRET}; ` +
        '`openssl rand -hex 32` makes one.',
    );
  }
  return { appSecret, serviceId: read('SERVICE_ID') };
}

/** An empty variable is as good as none. */
const reader = (env) => (name) => (env[name]?.trim() ? env[name] : undefined);

function refuse(problems) {
  if (!problems.length) return;
  throw new ConfigError(
    `Something is wrong with the environment:\n${problems.map((problem) => `- ${problem}`).join('\n')}\n` +
      '.env.example has all the variables.',
  );
}

/** Everything in a configuration that must never be written anywhere. */
export function secretsOf({ prisma, appSecret, oldSecret, rootTokens }) {
  return [prisma?.secret, appSecret, oldSecret, ...Object.values(rootTokens ?? {})].filter(Boolean);
}

/** bodyBytes is set by LIMIT_BODY_BYTES. */
const variableOf = (name) => `LIMIT_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`;

function isHttpUrl(text) {
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}
