// The stand-in for a Prisma service, against what the real server answered: requests (replay.py) and sockets (conversation.mjs).
import { runAsync, skip, test, truth } from '../lib.mjs';
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPrisma } from '../../fixtures/servers/prisma/server.mjs';
import { replay } from '../lib/conversation.mjs';

const pace = 0.02;
const secret = 'a secret of social';

function judge(path) {
  const found = truth(path);
  if (!found) skip(`${path} is not on this machine`);
  return found;
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
function token({ key = secret, payload = {}, alg = 'HS256' } = {}) {
  const text = `${encode({ alg, typ: 'JWT' })}.${encode({ data: { service: 'social@dev', roles: ['admin'] }, ...payload })}`;
  return `${text}.${alg === 'none' ? '' : createHmac('sha256', key).update(text).digest('base64url')}`;
}
const tokens = {
  nobody: '',
  garbage: 'garbage',
  root: token(),
  'other secret': token({ key: 'another' }),
  'other service': token({ payload: { data: { service: 'other@dev', roles: ['admin'] } } }),
  expired: token({ payload: { exp: 1500000000 } }),
  'alg none': token({ alg: 'none' }),
};

async function withService(database, secrets, work) {
  const sdl = readFileSync(judge('projects/social/datamodel.prisma'), 'utf8');
  const server = await startPrisma({ database, keepAliveEvery: 10000 * pace, services: [{ name: 'social', stage: 'dev', secrets, sdl }] });
  try {
    return await work(`${server.url}/social/dev`, server);
  } finally {
    await server.close();
  }
}

for (const database of ['mysql', 'postgres']) {
  let [passed, failed] = [0, 0];
  for (const talk of ['values', 'reading', 'relations'])
    await test(`the API answers as the real server on ${database}: ${talk}`, () =>
      withService(database, [], async (url) => {
        const script = [judge('replay.py'), '--loose', '--most', '1000', '--url', url, judge(`prisma/talks/${database}/social-${talk}.json`)];
        const { stdout, stderr, code } = await runAsync(script, { program: 'python3' });
        const found = /^(\d+) passed, (\d+) failed$/m.exec(stdout);
        if (!found) throw new Error(stderr || stdout);
        passed += Number(found[1]);
        failed += Number(found[2]);
        if (code !== 0) throw new Error(stdout);
        return `${found[1]} of ${Number(found[1]) + Number(found[2])} steps`;
      }));
  await test(`the API answers every step as the real server on ${database}`, () => {
    if (!truth(`prisma/talks/${database}`)) skip('the talks are not on this machine');
    if (failed || !passed) throw new Error(`${failed} steps differ`);
    return `${passed} of ${passed} steps`;
  });
}

for (const database of ['mysql', 'postgres']) {
  const folder = truth(`prisma/subscriptions/${database}`);
  for (const file of folder ? readdirSync(folder) : [])
    await test(`sockets hear what those of the real server on ${database} heard: ${file.replace('.json', '')}`, () =>
      withService(database, file.includes('secret') ? [secret] : [], async (url) => {
        const options = { url, socket: url.replace('http', 'ws'), token: (who) => tokens[who] ?? '', pace };
        const { passed, failed } = await replay(join(folder, file), options);
        if (failed.length) throw new Error([`${passed} of ${passed + failed.length} steps`, ...failed].join('\n'));
        return `${passed} of ${passed} steps`;
      }));
}
