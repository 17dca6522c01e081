// Who a token makes of its bearer: specification 5.1. Anything that is wrong makes nobody, never an error.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, test } from '../lib.mjs';
import { model, needPackages, packages, ROOT_TOKEN, runtime, SECRET, template } from '../lib/served.mjs';

await needPackages('tokens');
const jwt = packages('jsonwebtoken');
const { createTokens } = await runtime('tokens.js');

const OLD_SECRET = 'muchsecretwow';
const config = { appSecret: SECRET, serviceId: 'new', oldSecret: OLD_SECRET, oldServiceId: 'cjold', rootTokens: { ADMIN: ROOT_TOKEN, OTHER: 'another-root-token' } };
const tokens = createTokens(config, model);
const now = Math.floor(Date.now() / 1000);
const node = { exp: now + 60, iat: now, projectId: 'new', userId: 'id-1', modelName: 'User' };
const root = { exp: now + 60, iat: now, projectId: 'new', clientId: 'c', permanentAuthTokenId: 'p' };
const sign = (claims, secret = SECRET, options) => jwt.sign(claims, secret, options);
const who = (header) => {
  const { kind, id, model: of, name } = tokens.caller(header);
  return [kind, id ?? of ?? name].filter(Boolean).join(' ');
};
const bearer = (token) => who(`Bearer ${token}`);
const without = (claims, ...names) => Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)));
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const unsigned = (header, claims) => `${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

const cases = [
  ['nothing', undefined, 'nobody'],
  ['an empty header', '', 'nobody'],
  ['a root token', `Bearer ${ROOT_TOKEN}`, 'root ADMIN'],
  ['another root token', 'Bearer another-root-token', 'root OTHER'],
  ['the scheme in any case', `bEARER ${ROOT_TOKEN}`, 'root ADMIN'],
  ['a bare root token', ROOT_TOKEN, 'nobody'],
  ['no blank after the scheme', `Bearer${ROOT_TOKEN}`, 'nobody'],
  ['another scheme', `Basic ${ROOT_TOKEN}`, 'nobody'],
  ['a root token that is cut', `Bearer ${ROOT_TOKEN.slice(0, -1)}`, 'nobody'],
  ['a root token and more', `Bearer ${ROOT_TOKEN}x`, 'nobody'],
  ['a scheme and no token', 'Bearer ', 'nobody'],
  ['a node token', `Bearer ${sign(node)}`, 'node id-1'],
  ['a node token with authData', `Bearer ${sign({ ...node, authData: { x: 1 } })}`, 'node id-1'],
  ['a node token that has expired', `Bearer ${sign({ ...node, exp: now - 1 })}`, 'nobody'],
  ['a node token that never expires', `Bearer ${sign(without(node, 'exp'))}`, 'nobody'],
  ['a node token that is not valid yet', `Bearer ${sign({ ...node, nbf: now + 60 })}`, 'nobody'],
  ['a node token of another service', `Bearer ${sign({ ...node, projectId: 'other' })}`, 'nobody'],
  ['a node token of the old service with the new secret', `Bearer ${sign({ ...node, projectId: 'cjold' })}`, 'nobody'],
  ['a node token of no service', `Bearer ${sign(without(node, 'projectId'))}`, 'nobody'],
  ['a node token of an unknown model', `Bearer ${sign({ ...node, modelName: 'Nope' })}`, 'nobody'],
  ['a model that is a word of the language', `Bearer ${sign({ ...node, modelName: 'constructor' })}`, 'nobody'],
  ['an id that is no text', `Bearer ${sign({ ...node, userId: { $ne: null } })}`, 'nobody'],
  ['an empty id', `Bearer ${sign({ ...node, userId: '' })}`, 'nobody'],
  ['a node token with another secret', `Bearer ${sign(node, 'a-secret-of-somebody-else')}`, 'nobody'],
  ['a node token by HS512', `Bearer ${sign(node, SECRET, { algorithm: 'HS512' })}`, 'nobody'],
  ['a node token by RS256', `Bearer ${sign(node, privateKey, { algorithm: 'RS256' })}`, 'nobody'],
  ['a node token without signature', `Bearer ${unsigned({ alg: 'none', typ: 'JWT' }, node)}`, 'nobody'],
  ['an HS256 token without signature', `Bearer ${unsigned({ alg: 'HS256', typ: 'JWT' }, node)}`, 'nobody'],
  ['a node token of the old server', `Bearer ${sign({ ...node, projectId: 'cjold' }, OLD_SECRET)}`, 'node id-1'],
  ['the old secret with the new service', `Bearer ${sign(node, OLD_SECRET)}`, 'nobody'],
  ['a temporary root token', `Bearer ${sign(root)}`, 'root'],
  ['a root token by the secret that never expires', `Bearer ${sign(without(root, 'exp'))}`, 'nobody'],
  ['a temporary root token of the old server', `Bearer ${sign({ ...root, projectId: 'cjold' }, OLD_SECRET)}`, 'nobody'],
  ['root and node in one', `Bearer ${sign({ ...root, ...node })}`, 'nobody'],
];
for (const [name, header, expected] of cases) await test(`${name}: ${expected}`, () => assert.equal(who(header), expected));

await test('without the id of the old service no token of the old server is taken', () => {
  const { caller } = createTokens({ ...config, oldServiceId: undefined }, model);
  for (const projectId of ['cjold', undefined, 'undefined'])
    assert.equal(caller(`Bearer ${sign({ ...without(node, 'projectId'), ...(projectId && { projectId }) }, OLD_SECRET)}`).kind, 'nobody');
});
await test('a token of nobody is not passed on', () => {
  assert.equal(tokens.caller('Bearer nonsense').token, null);
  assert.equal(tokens.caller(`Bearer ${ROOT_TOKEN}`).token, ROOT_TOKEN);
});

await test('a node token has the claims of the old server, in its order, for 30 days', () => {
  const token = tokens.makeNodeToken({ id: 'x', model: 'User' });
  const claims = jwt.decode(token);
  assert.deepEqual(Object.keys(claims), ['exp', 'iat', 'projectId', 'userId', 'modelName']);
  assert.equal(claims.exp - claims.iat, 2592000);
  assert.equal(bearer(token), 'node x');
  assert.equal(bearer(tokens.makeRootToken()), 'root');
  assert.throws(() => tokens.makeNodeToken({ id: 'x', model: 'Nope' }), /no model Nope/);
});

await test('the database is asked once whether the node exists, by the names of the datamodel', async () => {
  const asked = [];
  const db = { run: async (questions) => (asked.push(...questions), [{ value: null }]) };
  const caller = tokens.caller(`Bearer ${sign({ ...node, modelName: 'Post' })}`, db);
  assert.equal(asked.length, 0);
  assert.deepEqual(await Promise.all([caller.exists(), caller.exists()]), [false, false]);
  assert.deepEqual(asked, [{ op: 'one', model: 'Article', by: { key: 'id-1' }, select: { id: { field: 'key' } } }]);
});
await test('a node exists if it has a row; nobody does not; root does', async () => {
  const db = { run: async () => [{ value: { id: 'id-1' } }] };
  const exists = (header) => tokens.caller(header, db).exists();
  assert.deepEqual(await Promise.all([exists(`Bearer ${sign(node)}`), exists(''), exists(`Bearer ${ROOT_TOKEN}`)]), [true, false, true]);
});
await test('a database that cannot say so is an error, not a no and not a yes', async () => {
  const caller = tokens.caller(`Bearer ${sign(node)}`, { run: async () => [{ error: new Error('unreachable') }] });
  await assert.rejects(caller.exists(), /unreachable/);
});

await test('the command makes a token that is accepted, and says what is missing', () => {
  const home = mkdtempSync(join(tmpdir(), 'gcm-token-'));
  try {
    mkdirSync(join(home, 'src'));
    cpSync(join(template, 'src/graphcool'), join(home, 'src/graphcool'), { recursive: true });
    symlinkSync(join(template, 'node_modules'), join(home, 'node_modules'));
    cpSync(join(template, 'package.json'), join(home, 'package.json'));
    writeFileSync(join(home, 'src/model.json'), JSON.stringify({ ...model, service: 'new' }));
    const command = (args, env = { APP_SECRET: SECRET }) => run(['src/graphcool/token_command.js', ...args], { program: 'node', cwd: home, env });
    const made = command(['--model', 'User', '--id', 'abc', '--days', '1']);
    assert.equal(made.stderr, '');
    assert.equal(bearer(made.stdout.trim()), 'node abc');
    assert.ok(jwt.decode(made.stdout.trim()).exp - now <= 86400 + 5);
    for (const [args, env, message] of [
      [['--model', 'User'], undefined, /Usage/],
      [['--model', 'Nope', '--id', 'a'], undefined, /no model Nope/],
      [['--model', 'User', '--id', 'a', '--days', 'x'], undefined, /Usage/],
      [['--nope'], undefined, /Usage/],
      [['--model', 'User', '--id', 'a'], { APP_SECRET: '' }, /APP_SECRET is missing/],
    ]) {
      const refused = command(args, env);
      assert.deepEqual([refused.code, refused.stdout], [1, '']);
      assert.match(refused.stderr, message);
    }
  } finally {
    rmSync(home, { recursive: true });
  }
});
