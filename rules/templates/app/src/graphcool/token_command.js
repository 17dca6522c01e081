// npm run token -- --model User --id ID [--days 30]     prints a token for a node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError, readTokenConfig } from './config.js';
import { createTokens } from './tokens.js';

const usage = 'Usage: npm run token -- --model MODEL --id ID [--days 30]';

try {
  const { values } = parseArgs({
    options: { model: { type: 'string' }, id: { type: 'string' }, days: { type: 'string', default: '30' } },
  });
  const days = Number(values.days);
  if (!values.model || !values.id || !(days > 0)) throw new ConfigError(usage);
  const model = JSON.parse(readFileSync(new URL('../model.json', import.meta.url), 'utf8'));
  const tokens = createTokens(readTokenConfig(process.env, model), model);
  console.log(tokens.makeNodeToken({ id: values.id, model: values.model, expiresIn: Math.round(days * 86_400) }));
} catch (error) {
  if (error.code?.startsWith?.('ERR_PARSE_ARGS')) console.error(`${error.message}\n${usage}`);
  else console.error(error.message);
  process.exitCode = 1;
}
