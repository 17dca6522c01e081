// Is the service there, is its secret ours, and is the deployed datamodel the one that this application was made for?
import { DatabaseError } from '../errors.js';

const deploy = 'Deploy it: npx prisma1 deploy -p prisma/prisma.yml -e .env';
const most = 5;

/** Throws an error that says what to do. */
export async function checkService(http, model) {
  const types = [...model.types.values()].filter((type) => !type.refused);
  const fields = types.map((type, n) => `t${n}: __type(name: "${type.to}") { fields { name } }`);
  const [answer] = await http.post([{ query: `{ ${fields.join(' ') || '__typename'} }` }]);
  if (answer.errors?.length || !answer.data) throw refused(http, answer.errors?.[0] ?? {});
  const missing = types.flatMap((type, n) => missingIn(type, answer.data[`t${n}`]));
  if (missing.length)
    throw new DatabaseError(
      'otherDatamodel',
      `The Prisma service at ${http.url.host} has another datamodel: it lacks ${missing.slice(0, most).join(', ')}` +
        `${missing.length > most ? ` and ${missing.length - most} more` : ''}. ${deploy}`,
    );
}

function missingIn(type, deployed) {
  if (!deployed) return [type.to];
  const names = new Set(deployed.fields.map(({ name }) => name));
  return [...type.fields.values()]
    .filter((field) => !field.refused)
    .flatMap((field) => [field.to, field.reverse ?? field.to])
    .filter((name) => !names.has(name))
    .map((name) => `${type.to}.${name}`);
}

function refused({ url }, { code, message }) {
  if (code === 3015)
    return new DatabaseError('otherSecret', `PRISMA_SECRET is not the secret of the Prisma service at ${url.host}.`);
  if (code === 3016)
    return new DatabaseError(
      'noService',
      `There is no service ${url.pathname} on the Prisma server at ${url.host}. ${deploy}`,
    );
  return new DatabaseError(
    'internal',
    `The Prisma service at ${url.host} answers an error: ${message ?? 'without a word'}`,
  );
}
