// Who may do what: 950 recorded decisions for eleven kinds of caller. What hangs on a permission query is denied by the application; it
// is counted apart, and nothing may be more open than it was.
import assert from 'node:assert/strict';
import { buildSchema } from 'graphql';
import { sign } from '../../fixtures/servers/prisma/auth.mjs';
import { readJson, skip, test, truth } from '../lib.mjs';
import { SERVICE, nodeToken, startApp } from '../lib/app.mjs';
import { Values, asker, compareStep } from '../lib/talk.mjs';
import { Differences } from './differences.mjs';
import { holdHanging, permissionQueries } from './permission_queries.mjs';

const talk = 'guarded-guarded';
const worker = 'the-token-of-the-worker-who-may-all';
// These make nobody of their bearer.
const nobody = new Set(['nobody', 'garbage', 'forged', 'expired', 'ghost']);

await test('the application decides as the old server did, for every kind of caller', async () => {
  if (!truth('graphcool/talks')) skip('no truth here');
  const { steps, logins } = readJson(truth(`graphcool/talks/${talk}.json`));
  const app = await startApp(truth('projects/guarded'), { convert: ['--without-functions'], env: { ROOT_TOKEN_WORKER: worker } });
  const values = new Values();
  const id = (who) => values.bound.get(logins[who]?.[1]) ?? logins[who]?.[1];
  const claims = { projectId: SERVICE, userId: 'cj00000000000000000000000', modelName: 'User' };
  const tokens = {
    root: () => app.token('root'),
    worker: () => worker,
    garbage: () => 'garbage',
    forged: () => sign({ ...claims, userId: id('ann'), exp: 4000000000 }, 'another secret'),
    expired: () => nodeToken('User', id('ann'), -10),
  };
  const ask = asker(app.url, (who) => tokens[who]?.() ?? (logins[who] ? nodeToken(logins[who][0], id(who)) : undefined));
  const hangs = permissionQueries({ ...app, schema: buildSchema(app.sdl) });
  const differences = new Differences();
  differences.hold(talk);
  const faults = [];
  const sum = { equal: 0, explained: 0, hanging: 0 };
  for (const [n, step] of steps.entries()) {
    const hanging = step.as !== 'root' && step.as !== 'worker' && hangs(step, !nobody.has(step.as));
    const found = hanging ? await holdHanging(values, step, ask) : [...compareStep(values, step, await ask(step, values.body(step)))];
    const unknown = differences.add(talk, n + 1, found);
    if (!unknown.length) sum[hanging ? 'hanging' : found.length ? 'explained' : 'equal']++;
    else faults.push(`step ${n + 1} as ${step.as}${hanging ? ' (hangs on a permission query)' : ''}: ${step.body.query}\n${unknown.slice(0, 3).join('\n')}`);
  }
  ask.close();
  await app.close();
  faults.push(...differences.stale());
  assert.equal(faults.length, 0, `${faults.length} of ${steps.length} differ unexplained\n${faults.join('\n')}`);
  return `${sum.equal} of ${steps.length} equal, ${sum.explained} differ as listed, ${sum.hanging} hang on a permission query`;
});
