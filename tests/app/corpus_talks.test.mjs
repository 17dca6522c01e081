// The automatic conversations with real projects: each is converted, and the application answers as the old server did, but for what
// differences.json lists with its reason. What hangs on a permission query is denied by the application; it is counted apart, and
// nothing may be more open than it was.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { readJson, shared, skip, test } from '../lib.mjs';
import { startApp } from '../lib/app.mjs';
import { Values, asker, compareStep } from '../lib/talk.mjs';
import { Differences } from './differences.mjs';
import { holdHanging, permissionQueries } from './permission_queries.mjs';

const talks = shared && join(shared, 'truth/graphcool/corpus');
const wanted = process.argv[2] ?? '';
const names = talks
  ? readdirSync(talks)
      .filter((name) => existsSync(join(talks, name, 'talk.json')) && name.includes(wanted))
      .sort()
  : [];
const differences = new Differences();
const sum = { steps: 0, equal: 0, explained: 0, hanging: 0, broken: 0 };

/**
 * Renaming or deleting a File ended in an internal error on the old server that was asked: it had no store for files. What the
 * application answers is no matter, but the talk goes on with what the old server had done by then, which later answers show.
 */
const brokenThere = ({ body, answer }) =>
  /^mutation \{ (update|delete)File\(/.test(body.query) && (answer.errors ?? []).some(({ message }) => message.startsWith('Whoops.'));
function tookEffect({ body: { query } }, later) {
  const [, verb, id, value] = /^mutation \{ (update|delete)File\(id: "([^"]+)"(?:, \w+: ("[^"]*"))?/.exec(query);
  const answers = later.map(({ answer }) => JSON.stringify(answer));
  return verb === 'delete' ? !answers.some((text) => text.includes(`"${id}"`)) : answers.some((text) => text.includes(value));
}

async function hold(name) {
  const { steps, logins } = readJson(join(talks, name, 'talk.json'));
  if (!steps.length) skip('it has no model');
  const app = await startApp(join(shared, 'corpus', name, 'project'), { convert: ['--without-functions'] });
  const values = new Values();
  const ask = asker(app.url, (who) => app.token(logins[who]?.[0] ?? who, values.bound.get(logins[who]?.[1])));
  const hangs = permissionQueries({ ...app, schema: buildSchema(app.sdl) });
  const faults = [];
  differences.hold(name);
  try {
    for (const [n, step] of steps.entries()) {
      sum.steps++;
      if (brokenThere(step)) {
        sum.broken++;
        if (tookEffect(step, steps.slice(n + 1))) await ask(step, values.body(step));
        continue;
      }
      const hanging = step.as !== 'root' && hangs(step, step.as !== 'nobody');
      const found = hanging ? await holdHanging(values, step, ask) : [...compareStep(values, step, await ask(step, values.body(step)))];
      const unknown = differences.add(name, n + 1, found);
      if (unknown.length) faults.push(`step ${n + 1} as ${step.as}${hanging ? ' (hangs on a permission query)' : ''}: ${step.name}\n${unknown.slice(0, 3).join('\n')}`);
      else sum[hanging ? 'hanging' : found.length ? 'explained' : 'equal']++;
    }
  } finally {
    ask.close();
    await app.close();
  }
  return { faults, steps: steps.length };
}

for (const name of names)
  await test(`the application answers as the old server: ${name}`, async () => {
    const { faults, steps } = await hold(name);
    assert.equal(faults.length, 0, `${faults.length} of ${steps} differ unexplained\n${faults.slice(0, 12).join('\n')}`);
  });

await test('what differs is what the list says', () => {
  if (!names.length) skip('no corpus here');
  const stale = [...differences.stale()];
  assert.equal(stale.length, 0, stale.slice(0, 50).join('\n'));
  return `${names.length} projects, ${sum.steps} steps: ${sum.equal} equal, ${sum.explained} differ as listed, ${sum.hanging} hang on a permission query, ${sum.broken} broke the old server`;
});
