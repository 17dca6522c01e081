// The application's sockets hear what those of the old server heard, in both of its subprotocols, but for what differences.json lists
// with its reason.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { skip, test, truth } from '../lib.mjs';
import { startApp } from '../lib/app.mjs';
import { replay } from '../lib/conversation.mjs';
import { Differences } from './differences.mjs';

// The recordings wait for keep-alives of ten seconds; here a second is this much.
const pace = 0.02;
const quiet = 25;
const patience = 1500;
const folder = truth('graphcool/subscriptions');
const differences = new Differences();
const sum = { passed: 0, steps: 0 };

for (const file of folder ? readdirSync(folder).filter((name) => name.startsWith('social-')) : [])
  await test(`sockets hear what those of the old server heard: ${file.replace('.json', '')}`, async () => {
    const talk = `subscriptions/${file.replace('.json', '')}`;
    const app = await startApp(truth('projects/social'), { keepAliveEvery: 10000 * pace, env: { KEEP_ALIVE_MS: String(10000 * pace) } });
    differences.hold(talk);
    try {
      const known = (step, found) => differences.add(talk, step, found);
      const { passed, steps, failed } = await replay(join(folder, file), { url: app.url, socket: app.socket, token: app.token, pace, quiet, patience, known });
      sum.passed += passed;
      sum.steps += steps;
      assert.equal(failed.length, 0, [`${passed} of ${steps} are equal; these differ unexplained:`, ...failed].join('\n'));
      return `${passed} of ${steps} steps`;
    } finally {
      await app.close();
    }
  });

await test('what differs on sockets is what the list says', () => {
  if (!folder) skip('no truth here');
  const stale = [...differences.stale()];
  assert.equal(stale.length, 0, stale.join('\n'));
  return `${sum.passed} of ${sum.steps} steps equal`;
});
