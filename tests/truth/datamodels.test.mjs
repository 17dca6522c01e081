// The validator of Prisma datamodels against what the real server said, on MySQL and PostgreSQL:
// the same verdict for every datamodel, and where the server named errors, the same ones in the same order.
import assert from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root, run, skip, test, truth } from '../lib.mjs';

const tool = join(root, 'build/release/tools/check');
const databases = ['mysql', 'postgres'];

/** What our validator says of each datamodel: a list of errors. */
function check(datamodels, database) {
  const input = datamodels.map((datamodel) => JSON.stringify({ datamodel, database }) + '\n').join('');
  const result = run([], { program: tool, input });
  assert.equal(result.code, 0, result.stderr);
  return result.stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
}

/** Does the server take it, deploy it, and can the service then be used? */
const isUsable = (answer) =>
  answer.accepted && answer.usable !== false && (!answer.status || answer.status === 'SUCCESS') &&
  !(answer.warnings ?? []).length;

/** An error as text to compare; of an exception only that there was one. */
const key = ({ type, field, description }) =>
  JSON.stringify([type, field, description.replace(/^(An unknown error happened:) (?!java.lang.RuntimeException: Could not).*$/s, '$1 …')]);
const keys = (errors) => [...new Set(errors.map(key))];

/** Compares all answers of one file. `cases`: [{name, datamodel, answer}]. */
function compare(cases, database, exceptions = {}) {
  const found = check(cases.map((one) => one.datamodel), database);
  const verdicts = [];
  const texts = [];
  let named = 0;
  cases.forEach(({ name, answer }, at) => {
    const ours = found[at];
    if (!exceptions[name] && (ours.length === 0) !== isUsable(answer))
      verdicts.push(`${name}: the server ${isUsable(answer) ? 'takes' : 'refuses'} it (${why(answer)}), we say ${JSON.stringify(ours)}`);
    for (const [list, rule] of [['errors', /^[AB]/], ['warnings', /^W/]]) {
      if (!answer[list]?.length) continue;
      named++;
      const [theirs, mine] = [keys(answer[list]), keys(ours.filter((error) => rule.test(error.rule)))];
      if (JSON.stringify(theirs) !== JSON.stringify(mine)) texts.push(`${name}: server ${theirs.join(' ')}\n    ours ${mine.join(' ')}`);
    }
  });
  const excepted = Object.keys(exceptions).length;
  const figure =
    `verdicts ${cases.length - excepted - verdicts.length} of ${cases.length}` +
    (excepted ? ` (not counted: ${Object.entries(exceptions).map(([name, reason]) => `"${name}", ${reason}`).join('; ')})` : '') +
    `, errors ${named - texts.length} of ${named}`;
  assert.deepEqual([...verdicts, ...texts], [], `${figure}\n${[...verdicts, ...texts].join('\n')}`);
  return figure;
}

const why = (answer) =>
  [answer.request?.[0]?.message, answer.errors?.[0]?.description, answer.warnings?.[0]?.description, answer.migrationErrors?.[0],
    answer.api?.[0], ...Object.values(answer.nodes ?? {})].filter(Boolean).join(' | ').slice(0, 300);

// Of these files only an introspection was asked, which these services answer. That nothing can be created or read in them
// is in random.json.gz.
const introspectedOnly = {
  mysql: { 'two ids': 'its nodes cannot be created: random, mutated 21, 70, 130, 270' },
  postgres: {
    'two ids': 'its nodes cannot be created: random, mutated 21, 70, 130, 270',
    'field of 64': 'its nodes cannot be read: random, valid 309, 284',
    'field of 65': 'its nodes cannot be read: random, valid 1, 50',
  },
};

for (const database of databases) {
  await test(`every single-rule datamodel gets the server's verdict and errors on ${database}`, () => {
    const path = truth(`prisma/datamodels-${database}.json`);
    if (!path || !existsSync(tool)) skip('no truth here');
    const cases = readJson(path).map((one) => ({ name: one.case, datamodel: one.datamodel, answer: one }));
    return compare(cases, database, introspectedOnly[database]);
  });
}

for (const kind of ['valid', 'mutated'])
  for (const database of databases)
    await test(`every random datamodel (${kind}) gets the server's verdict and errors on ${database}`, () => {
      const path = truth('prisma/random.json.gz');
      if (!path || !existsSync(tool)) skip('no truth here');
      const cases = readJson(path)[kind].map((one) => ({ name: `${one.seed}`, datamodel: one.datamodel, answer: one[database] }));
      return compare(cases, database);
    });

await test('every name of a generated API is judged as the server does when a model takes it', () => {
  const path = truth('prisma/api.json.gz');
  if (!path || !existsSync(tool)) skip('no truth here');
  const wrong = [];
  let count = 0;
  for (const { seed, datamodel, api } of readJson(path)) {
    const own = new Set([...datamodel.matchAll(/^\s*(?:type|enum)\s+(\w+)/gm)].map((match) => match[1]));
    const names = [...api.matchAll(/^(type|input|enum) (\w+)/gm)].filter(
      ([, , name]) => !own.has(name) && !/^(Query|Mutation|Subscription|PageInfo|BatchPayload)$/.test(name));
    const found = check(names.map(([, , name]) => `${datamodel}\ntype ${name} { id: ID! @id }\n`), 'mysql');
    names.forEach(([, kind, name], at) => {
      count++;
      // An object of that name only takes the place of the generated one (truth/graphcool/random/README.md).
      if (found[at].some((error) => error.rule === 'U8' && error.type === name) !== (kind !== 'type')) wrong.push(`${seed}: ${kind} ${name}`);
    });
  }
  assert.deepEqual(wrong, []);
  return `${count} of ${count} names`;
});
