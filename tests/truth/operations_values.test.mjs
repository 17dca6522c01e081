// Converted operations give the values that the old ones gave: what the real Graphcool server answered in its talks (creates,
// updates, relations, filters, orders, pages) is asked again, converted, of the stand-in for a Prisma service, which starts empty
// and lives through the same mutations. What the conversion refuses is passed over; what it says is elsewhere is looked for there.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readJson, run, skip, test, truth } from '../lib.mjs';
import { startPrisma } from '../lib/servers.mjs';

const temporary = mkdtempSync(join(tmpdir(), 'gcm-values-'));
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** The steps that are one operation, with what becomes of each. */
function convertTalk(project, steps) {
  const folder = mkdtempSync(join(temporary, 'client-'));
  steps.forEach(({ body }, i) => writeFileSync(join(folder, `${i}.graphql`), body.query));
  const { stdout, stderr } = run(['operations', 'convert', project, folder, '--format', 'json'], { timeout: 120000 });
  assert.ok(stdout, stderr);
  const byStep = steps.map(() => []);
  for (const one of JSON.parse(stdout).conversions) byStep[Number(basename(one.file, '.graphql'))].push(one);
  rmSync(folder, { recursive: true });
  return byStep;
}

/** Variables as the conversion says to pass them. */
function passed(variables = {}, changes) {
  const result = { ...variables };
  for (const { name, to, pass } of changes) {
    if (/^objects in place of the ids/.test(pass) && result[name]) result[name] = result[name].map((id) => ({ id }));
    if (to === null) delete result[name];
  }
  return result;
}

/** An answer in the shape that it had, as far as the notes say what is where now. */
function restored(data, notes) {
  const all = notes.map(({ message }) => message);
  const find = (pattern) => all.flatMap((message) => (pattern.exec(message) ? [pattern.exec(message).slice(1)] : []));
  if (!isObject(data)) return data;
  const result = { ...data };
  for (const [key, inner] of find(/^`(\w+)\.(\w+)` is a list with that one node now$/))
    if (result[key]?.[inner]) result[key] = { ...result[key], [inner]: result[key][inner][0] };
  for (const [key, inner] of find(/^the fields of `(\w+)\.(\w+)` are directly in/))
    if (result[key]) result[key] = { ...result[key], [inner]: { ...result[key] } };
  for (const [key, inner, now] of find(/^`(\w+)\.(\w+)` is at `(\w+)` now$/)) if (now in data) result[key] = { ...result[key], [inner]: data[now] };
  return result;
}

// What a note of the conversion says will differ, and how that shows.
const told = [
  [/error 3041 of Prisma; Graphcool let it pass/, ({ got }) => got.errors?.every(({ code }) => code === 3041)],
  [/Graphcool refused that \(3032\), Prisma does not/, ({ answer, got }) => answer.errors?.[0].code === 3032 && !got.errors],
  [/Graphcool refused to give more than 1000 nodes/, ({ answer, got }) => answer.errors?.[0].code === 2041 && !got.errors],
  [/Graphcool took the text of a Json, too/, ({ got }) => /Not valid JSON/.test(got.errors?.[0].message)],
  [/are \[\] in the answer to a deletion/, ({ differences }) => differences.every((text) => / and \[\]$/.test(text))],
  [/is one direction of the relation now/, ({ differences }) => differences.every((text) => /partner/.test(text))],
];

// Where Graphcool kept a part of what failed, the same is brought about, so that the talk can go on.
const kept = {
  'nested create with a unique violation: nothing stays':
    'mutation { createUser(data: { email: "ivy@x.org", posts: { create: [{ title: "n5" }, { title: "n6", slug: "x" }] } }) { id } }',
  'three mutations, the second fails': 'mutation { createPost(data: { title: "c" }) { id } }',
};

// What worked in Graphcool and cannot be said to Prisma; all else that is refused was an error in Graphcool, too.
const unsayable = /takes the required \S+ away|cannot be filtered|in its pattern a backslash/;

// What has no counterpart in the service itself: the caller and the schema. Nodes of one second have no order in Graphcool.
const unasked = /^[^{]*\{ user \{|__schema|__type\b|orderBy: createdAt/;

class Talk {
  bound = new Map();

  /** A body with the ids that this server made. */
  fill(value) {
    if (Array.isArray(value)) return value.map((item) => this.fill(item));
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.fill(item)]));
    return typeof value === 'string' ? value.replace(/⟨id:\d+⟩/g, (name) => this.bound.get(name) ?? name) : value;
  }

  /** What differs between the old answer and the new one, at the keys of the old one. */
  differs(want, got, at) {
    if (isObject(want) && 'count' in want && got && !('count' in got)) got = { count: Array.isArray(got) ? got.length : got.aggregate?.count };
    if (Array.isArray(want)) {
      if (!Array.isArray(got) || got.length !== want.length) return [`${at}: ${JSON.stringify(want)} and ${JSON.stringify(got)}`];
      return want.flatMap((item, i) => this.differs(item, got[i], `${at}.${i}`));
    }
    if (isObject(want)) {
      if (!isObject(got)) return [`${at}: ${JSON.stringify(want)} and ${JSON.stringify(got)}`];
      return Object.keys(want).flatMap((key) => this.differs(want[key], got[key], `${at}.${key}`));
    }
    if (typeof want === 'string' && /^⟨id:\d+⟩$/.test(want)) {
      if (!this.bound.has(want)) this.bound.set(want, got);
      return this.bound.get(want) === got ? [] : [`${at}: another id`];
    }
    if (/^⟨(time|any)⟩$/.test(want)) return [];
    // Graphcool stored whole seconds; a list that was never given is [] in Prisma.
    if (want === null && Array.isArray(got) && !got.length) return [];
    return want === got ? [] : [`${at}: ${JSON.stringify(want)} and ${JSON.stringify(got)}`];
  }
}

async function hold(name) {
  const project = truth('projects/social');
  const { steps } = readJson(truth(`graphcool/talks/social-${name}.json`));
  const out = mkdtempSync(join(temporary, 'app-'));
  run(['convert', project, '--out', join(out, 'app')]);
  const server = await startPrisma({ database: 'mysql', datamodel: join(out, 'app/prisma/datamodel.prisma') });
  const asked = steps.filter(
    ({ path, body }) =>
      path === '' && typeof body?.query === 'string' && isObject(body.variables ?? {}) && !JSON.stringify(body).includes(' × ') && !unasked.test(body.query),
  );
  const conversions = convertTalk(project, asked);
  const talk = new Talk();
  const ask = async (body) =>
    (await fetch(server.url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).json();
  const result = { same: 0, told: 0, refused: 0, different: [] };
  for (const [i, { body, answer, name: title }] of asked.entries()) {
    const made = conversions[i];
    if (!made.length || made.some(({ state }) => state === 'refused')) {
      result.refused++;
      const reasons = made.flatMap((one) => one.reasons.map(({ message }) => message)).join('; ');
      if (!answer.errors && !answer.error && !unsayable.test(reasons)) result.different.push(`${title}\n  refused: ${reasons}`);
      continue;
    }
    const notes = made.flatMap((one) => one.notes);
    const query = talk.fill(made.map((one) => one.new).join('\n'));
    const variables = talk.fill(passed(body.variables, made.flatMap((one) => one.variables)));
    const got = await ask({ query, variables, operationName: body.operationName });
    if (kept[title]) await ask({ query: kept[title] });
    const differences = [];
    if (!answer.errors !== !got.errors) differences.push(`errors: ${JSON.stringify(answer.errors)} and ${JSON.stringify(got.errors)}`);
    else if (answer.data && !answer.errors) differences.push(...talk.differs(answer.data, restored(got.data, notes), 'data'));
    const known = ([note, shows]) => notes.some(({ message }) => note.test(message)) && shows({ answer, got, differences });
    if (!differences.length) result.same++;
    else if (told.some(known)) result.told++;
    else result.different.push(`${title}\n  ${query.replace(/\s+/g, ' ')}\n  ${JSON.stringify(variables)}\n  ${differences.join('\n  ')}`);
  }
  await server.stop();
  return result;
}

for (const name of ['reading', 'values', 'relations'])
  await test(`the talk social-${name} gives the same values when it is converted`, async () => {
    if (!truth('graphcool/talks')) skip('no truth here');
    const { same, told: noted, refused, different } = await hold(name);
    assert.equal(different.length, 0, different.join('\n'));
    return `${same} steps the same, ${noted} differ as a note says, ${refused} refused`;
  });

rmSync(temporary, { recursive: true });
