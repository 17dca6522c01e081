// The automatic conversations with real projects: each is converted, and the application answers as the old server did, but for what
// differences.json lists with its reason. What hangs on a permission query is denied by the application; it is counted apart, and
// nothing may be more open than it was.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse } from 'graphql';
import { readJson, shared, skip, test } from '../lib.mjs';
import { startApp } from '../lib/app.mjs';
import { Values, asker, compareStep, difference, isObject } from '../lib/talk.mjs';
import { Differences } from './differences.mjs';
import { permissionQueries } from './permission_queries.mjs';

const talks = shared && join(shared, 'truth/graphcool/corpus');
const wanted = process.argv[2] ?? '';
const names = talks
  ? readdirSync(talks)
      .filter((name) => existsSync(join(talks, name, 'talk.json')) && name.includes(wanted))
      .sort()
  : [];
const differences = new Differences();
const sum = { steps: 0, equal: 0, explained: 0, hanging: 0, broken: 0 };

/** Where `got` shows what was not shown. */
function* moreOpen(want, got, at) {
  if (got === null || got === undefined) return;
  if (isObject(got) && isObject(want)) for (const key of Object.keys(got)) yield* moreOpen(want[key], got[key], `${at}.${key}`);
  else if (Array.isArray(got) && Array.isArray(want) && got.length <= want.length)
    for (const [n, one] of got.entries()) yield* moreOpen(want[n], one, `${at}[${n}]`);
  else if (isObject(got) || Array.isArray(got) || want === null || want === undefined) yield difference(at, want, got);
}

/** A step that hangs on a permission query: nothing more than was allowed; what was allowed and is denied says so. */
async function holdHanging(values, step, ask) {
  const { answer } = await ask(step, values.body(step));
  const faults = [...moreOpen(step.answer.data, answer.data, 'answer.data')];
  const known = new Map(values.bound);
  if (!faults.length && [...compareStep(values, step, { status: step.status, answer })].length) {
    values.bound = known;
    if (!answer.errors?.some(({ code }) => code === 3008)) faults.push(difference('answer.errors', 'a denial', answer.errors));
    // What was allowed had its effect, and made ids that later steps name.
    const root = { ...step, as: 'root' };
    if (Object.values(step.answer.data ?? {}).some((value) => value !== null)) [...values.same(step.answer.data, (await ask(root, values.body(root))).answer.data, '')];
  }
  return faults;
}

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

/** An operation that is none is refused before anybody decides. */
function parsedQuery({ body }) {
  try {
    return parse(body.query);
  } catch {
    return null;
  }
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
      const query = step.as === 'root' ? null : parsedQuery(step);
      const hanging = query !== null && hangs(query, step.as !== 'nobody');
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
