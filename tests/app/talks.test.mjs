// The application answers the recorded conversations about values, reading and relations as the old server did, but for what
// differences.json lists with its reason.
import assert from 'node:assert/strict';
import { readJson, skip, test, truth } from '../lib.mjs';
import { startApp } from '../lib/app.mjs';
import { Values, asker, compareStep } from '../lib/talk.mjs';
import { Differences } from './differences.mjs';

const differences = new Differences();
let equal = 0;
let all = 0;
for (const name of ['social-values', 'social-reading', 'social-relations'])
  await test(`the application answers as the old server: ${name}`, async () => {
    if (!truth('graphcool/talks')) skip('no truth here');
    const { steps } = readJson(truth(`graphcool/talks/${name}.json`));
    const app = await startApp(truth('projects/social'));
    const ask = asker(app.url, app.token);
    const values = new Values();
    const faults = [];
    let same = 0;
    differences.hold(name);
    for (const [n, step] of steps.entries()) {
      const found = [...compareStep(values, step, await ask(step, values.body(step)))];
      if (!found.length) same++;
      const unknown = differences.add(name, n + 1, found);
      const makingUp = differences.makingUp(name, n + 1);
      if (makingUp) assert.equal((await ask({ as: 'root', path: '' }, values.body({ body: { query: makingUp } }))).answer.errors, undefined);
      if (unknown.length) faults.push(`step ${n + 1}: ${step.name}\n${unknown.slice(0, 5).join('\n')}`);
    }
    ask.close();
    await app.close();
    equal += same;
    all += steps.length;
    assert.equal(faults.length, 0, `${same} of ${steps.length} are equal; ${faults.length} differ unexplained\n${faults.join('\n')}`);
    return `${same} of ${steps.length}`;
  });

await test('what differs is what the list says', () => {
  if (!all) skip('no truth here');
  const stale = [...differences.stale()];
  assert.equal(stale.length, 0, stale.join('\n'));
  return `${equal} of ${all} equal`;
});
