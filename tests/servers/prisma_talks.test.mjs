// The Prisma stand-in holds the recorded conversation about import, export and tokens as the real server did, on both databases.
import assert from 'node:assert';
import { existsSync } from 'node:fs';
import { sign } from '../../fixtures/servers/prisma/auth.mjs';
import { root, run, skip, test, truth } from '../lib.mjs';
import { startPrisma } from '../lib/servers.mjs';

const now = Math.floor(Date.now() / 1000);
const payload = (service, exp = now + 3600) => ({ data: { service, roles: ['admin'] }, iat: now, exp });
const unsigned = (text) => `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${text.split('.')[1]}.`;
const root_ = sign(payload('social@dev'), 'secret');
const tokens = {
  root: root_,
  'other secret': sign(payload('social@dev'), 'another'),
  'other service': sign(payload('other@dev'), 'secret'),
  expired: sign(payload('social@dev', now - 3600), 'secret'),
  'alg none': unsigned(root_),
  garbage: 'garbage',
};

for (const database of ['mysql', 'postgres'])
  await test(`import, export and tokens answer as recorded on ${database}`, async () => {
    const talk = truth(`prisma/talks/${database}/social-transfer.json`);
    const datamodel = truth('projects/social/datamodel.prisma');
    if (!talk || !datamodel) skip('no truth here');
    if (!existsSync(`${root}/fixtures/servers/prisma/api/api.mjs`)) skip('the API is needed to see what is stored');
    const server = await startPrisma({ database, datamodel, service: 'social', stage: 'dev', secret: 'secret' });
    try {
      const result = run(
        [
          truth('replay.py'),
          '--url',
          `${server.url}/social/dev`,
          '--loose',
          '--most',
          '1000',
          ...Object.entries(tokens).flatMap(([who, token]) => ['--token', `${who}=${token}`]),
          talk,
        ],
        { program: 'python3' },
      );
      const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(result.stdout) ?? assert.fail(result.stdout + result.stderr);
      assert.equal(Number(failed), 0, result.stdout);
      return `${passed} of ${passed} steps`;
    } finally {
      await server.stop();
    }
  });
