import { createHash, timingSafeEqual } from 'node:crypto';
import jwt from 'jsonwebtoken';

const THIRTY_DAYS = 2_592_000;
const FIVE_MINUTES = 300;

const hash = (text) => createHash('sha256').update(text).digest();
const isText = (value) => typeof value === 'string' && value !== '';

/**
 * Who is asking. As on Graphcool, a token that is wrong in any way makes nobody of its bearer, never an error.
 *
 * config: { appSecret, serviceId, oldSecret, oldServiceId, rootTokens: { NAME: token } }
 */
export function createTokens(config, model) {
  const rootTokens = Object.entries(config.rootTokens ?? {}).map(([name, token]) => ({ name, hash: hash(token) }));
  // Who signed decides which service the token must name. Root tokens are never taken from the old server's secret.
  const signers = [{ secret: config.appSecret, serviceId: config.serviceId, mayBeRoot: true }];
  if (config.oldSecret && config.oldServiceId) {
    signers.push({ secret: config.oldSecret, serviceId: config.oldServiceId, mayBeRoot: false });
  }

  /** The name of the root token that this is. All are compared, each in constant time. */
  function rootTokenName(token) {
    const given = hash(token);
    let name = null;
    for (const known of rootTokens) if (timingSafeEqual(known.hash, given)) name = known.name;
    return name;
  }

  function verified(token, { secret, serviceId }) {
    try {
      const claims = jwt.verify(token, secret, { algorithms: ['HS256'] });
      return Number.isInteger(claims.exp) && claims.projectId === serviceId ? claims : null;
    } catch {
      return null;
    }
  }

  function identify(token) {
    const name = rootTokenName(token);
    if (name !== null) return { kind: 'root', name };
    for (const signer of signers) {
      const claims = verified(token, signer);
      if (!claims) continue;
      if (isText(claims.permanentAuthTokenId)) {
        return signer.mayBeRoot && claims.userId === undefined ? { kind: 'root', name: null } : null;
      }
      if (isText(claims.userId) && isText(claims.modelName) && Object.hasOwn(model.models, claims.modelName)) {
        return { kind: 'node', id: claims.userId, model: claims.modelName };
      }
    }
    return null;
  }

  return {
    /** The caller who sent this Authorization header. `db` is asked, at most once, whether a caller's node exists. */
    caller(header, db) {
      const token = /^bearer ([^\s]+)$/i.exec(header ?? '')?.[1] ?? null;
      const found = token === null ? null : identify(token);
      const caller = { kind: 'nobody', id: null, model: null, name: null, ...found, token: found ? token : null };
      let answer;
      caller.exists = () => (answer ??= exists(caller, model, db));
      return caller;
    },

    /** A token for a node, as generateNodeToken of the old server made it. `expiresIn` is in seconds. */
    makeNodeToken({ id, model: modelName, expiresIn = THIRTY_DAYS }) {
      if (!Object.hasOwn(model.models, modelName)) {
        throw new Error(`There is no model ${modelName}. Models: ${Object.keys(model.models).join(', ')}.`);
      }
      return sign({ projectId: config.serviceId, userId: id, modelName }, expiresIn);
    },

    /** A root token for a function that runs on behalf of this server. */
    makeRootToken({ expiresIn = FIVE_MINUTES } = {}) {
      return sign(
        { clientId: config.serviceId, projectId: config.serviceId, permanentAuthTokenId: 'temporary' },
        expiresIn,
      );
    },
  };

  function sign(claims, expiresIn) {
    const now = Math.floor(Date.now() / 1000);
    return jwt.sign({ exp: now + expiresIn, iat: now, ...claims }, config.appSecret, { algorithm: 'HS256' });
  }
}

async function exists(caller, model, db) {
  if (caller.kind !== 'node') return caller.kind === 'root';
  const { to = caller.model, fields = {}, refused } = model.models[caller.model];
  if (refused) return false;
  const id = fields.id?.to ?? 'id';
  const [{ value, error }] = await db.run([
    { op: 'one', model: to, by: { [id]: caller.id }, select: { id: { field: id } } },
  ]);
  if (error) throw error;
  return value !== null && value !== undefined;
}
