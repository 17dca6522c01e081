// The command verify against the stand-in of Prisma: equal data are equal, every kind of corruption is named exactly,
// what cannot be read is never counted as equal.
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, root, run, runAsync, skip, test, truth } from '../lib.mjs';
import { startPrisma } from '../lib/servers.mjs';

const driver = join(root, 'build/release/tools/transfer');
const base = mkdtempSync(join(tmpdir(), 'gcm-verify-'));
process.on('exit', () => rmSync(base, { recursive: true, force: true }));
let folders = 0;

function must(result) {
  assert.equal(result.code, 0, result.stderr + result.stdout);
  return result.stdout;
}

/** A stage made from an archive, a target that was given what import sends (but what `lose` picks), and verify. */
async function move({ project, archive, database = 'mysql', secret, lose }) {
  const folder = join(base, String(++folders));
  const workspace = join(folder, 'stage');
  const words = ['--database', database];
  must(run([...['stage', project, workspace, archive], ...words], { program: driver }));
  must(run(['convert', project, '--database', database, '--out', join(folder, 'app'), '--quiet']));
  const datamodel = join(folder, 'app/prisma/datamodel.prisma');
  const server = await startPrisma({ database, datamodel, secret });
  const post = async (path, body) => {
    const { createHmac } = await import('node:crypto');
    const text = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = `${text({ alg: 'HS256', typ: 'JWT' })}.${text({})}`;
    const token = `${head}.${createHmac('sha256', secret ?? '').update(head).digest('base64url')}`;
    const headers = { 'Content-Type': 'application/json', ...(secret && { Authorization: `Bearer ${token}` }) };
    return (await fetch(server.url + path, { method: 'POST', headers, body })).json();
  };
  const bodies = must(run([...['elements', project, workspace], ...words], { program: driver }));
  const refused = [];
  for (let body of bodies.split('\n').filter(Boolean)) {
    if (lose) {
      const { valueType, values } = JSON.parse(body);
      body = JSON.stringify({ valueType, values: values.filter((value) => !lose(JSON.stringify(value))) });
    }
    refused.push(...(await post('/import', body)));
  }
  return {
    ...server,
    workspace,
    refused,
    post,
    import: (valueType, ...values) => post('/import', JSON.stringify({ valueType, values })),
    async gql(query, variables = {}) {
      const answer = await post('', JSON.stringify({ query, variables }));
      assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
      return answer.data;
    },
    known: (...args) => must(run([args[0], workspace, ...args.slice(1)], { program: driver })),
    command: ({ url = server.url, args = [] } = {}) => [
      ...['verify', project, '--workspace', workspace, '--endpoint', url, '--format', 'json', '--progress', 'none'],
      ...[...words, ...args],
    ],
    async verify(options = {}) {
      const result = await runAsync(this.command(options), { env: options.env, timeout: 120000 });
      let report = null;
      if (result.stdout) report = JSON.parse(result.stdout);
      return { ...result, report };
    },
  };
}

const line = ({ kind, type, id, field, source, target, known }) =>
  [kind, type, id, field, source, target, known].filter((part) => part !== null).join(' | ');
/** What verify found, as sorted lines. */
const found = ({ report }) => report.differences.map(line).sort();

// ---- a small project with everything in it ----

const TYPES = `
enum Color { RED GREEN BLUE }
type Person @model {
  id: ID! @isUnique
  createdAt: DateTime!
  updatedAt: DateTime!
  name: String!
  password: Password
  number: Int
  ratio: Float
  born: DateTime
  json: Json
  color: Color
  active: Boolean
  tags: [String!]
  scores: [Float!]
  colors: [Color!]
  things: [Thing!]! @relation(name: "Owner")
  groups: [Group!]! @relation(name: "Members")
  friends: [Person!]! @relation(name: "Friends")
  partner: Person @relation(name: "Partners")
  passport: Passport @relation(name: "Passport")
}
type Thing @model {
  id: ID! @isUnique
  label: String!
  owner: Person! @relation(name: "Owner")
}
type Group @model {
  id: ID! @isUnique
  title: String
  members: [Person!]! @relation(name: "Members")
}
type Passport @model {
  id: ID! @isUnique
  code: String
  holder: Person @relation(name: "Passport")
}
`;
const project = join(base, 'project');
mkdirSync(project, { recursive: true });
writeFileSync(join(project, 'graphcool.yml'), 'types: ./types.graphql\npermissions:\n  - operation: "*"\n');
writeFileSync(join(project, 'types.graphql'), TYPES);

const pad = (number) => String(number).padStart(3, '0');
const P = (number) => `person${pad(number)}`;
const time = '2017-03-04T05:06:07.089Z';

/** NDF of so many persons: {nodes, lists, relations}. */
function data({ persons = 30, groups = 3 } = {}) {
  const nodes = [];
  const lists = [];
  const relations = [];
  const pair = (b, bField, bId, a, aField, aId) =>
    relations.push([
      { _typeName: b, id: bId, fieldName: bField },
      { _typeName: a, id: aId, fieldName: aField },
    ]);
  for (let i = 0; i < persons; i++) {
    nodes.push({
      ...{ _typeName: 'Person', id: P(i), createdAt: time, updatedAt: time, name: `name "${i}" ü😀`, password: `hash${i}` },
      ...(i % 3 && { number: i * 1000, ratio: i / 8, born: time, json: { a: [i, null, { b: '1.50' }], z: true } }),
      ...(i % 2 && { color: 'GREEN', active: i % 4 === 1 }),
    });
    if (i % 2) lists.push({ _typeName: 'Person', id: P(i), tags: [`a,${i}`, 'b"', 'a'] });
    if (i % 5 === 0) lists.push({ _typeName: 'Person', id: P(i), scores: [1.5, i, 1e10] });
    if (i % 7 === 0) lists.push({ _typeName: 'Person', id: P(i), colors: ['RED', 'BLUE', 'RED'] });
    for (let thing = 0; thing < i % 3; thing++) {
      nodes.push({ _typeName: 'Thing', id: `thing${pad(i)}${thing}`, label: `thing ${thing}` });
      pair('Thing', 'owner', `thing${pad(i)}${thing}`, 'Person', 'things', P(i));
    }
    if (i % 4 === 0) nodes.push({ _typeName: 'Passport', id: `pass${pad(i)}`, code: `c${i}` });
    if (i % 4 === 0) pair('Passport', 'holder', `pass${pad(i)}`, 'Person', 'passport', P(i));
    if (i) pair('Person', 'friends', P(i - 1), 'Person', 'friends', P(i));
    if (i % 10 === 1) pair('Person', 'partner', P(i - 1), 'Person', 'partner', P(i));
    for (let group = 0; group < groups; group++)
      if (i % (group + 1) === 0) pair('Group', 'members', `group${group}`, 'Person', 'groups', P(i));
  }
  for (let group = 0; group < groups; group++) nodes.push({ _typeName: 'Group', id: `group${group}`, title: `g${group}` });
  nodes.sort((a, b) => (a._typeName + a.id < b._typeName + b.id ? -1 : 1));
  return { nodes, lists, relations };
}

function archiveOf(parts) {
  const folder = join(base, `archive${++folders}`);
  for (const [kind, values] of Object.entries(parts)) {
    mkdirSync(join(folder, kind), { recursive: true });
    writeFileSync(join(folder, kind, '000001.json'), JSON.stringify({ valueType: kind, values }));
  }
  return folder;
}
const small = archiveOf(data());

// ---- equal ----

await test('what was moved from real exports is equal on both databases', async () => {
  const sums = { nodes: 0, values: 0, lists: 0, relations: 0 };
  let count = 0;
  for (const name of ['social', 'links', 'commas', 'empty', 'pages-whole'])
    for (const database of ['mysql', 'postgres']) {
      const project = truth(`ndf/${name}`);
      if (!project) skip('no truth/ndf');
      const target = await move({ project, archive: truth(`ndf/${name}.zip`), database });
      assert.deepEqual(target.refused, [], name);
      const { code, report, stderr } = await target.verify();
      assert.deepEqual([code, stderr, report.result, report.differences], [0, '', 'equal', []], `${name} ${database}`);
      for (const [kind, tally] of Object.entries(report.coverage)) {
        assert.equal(tally.equal, tally.expected, `${name} ${kind}`);
        sums[kind] += tally.equal;
      }
      const { models, relations } = JSON.parse(await target.dump());
      const stored = Object.values(models).reduce((sum, model) => sum + model.rows.length, 0);
      assert.equal(report.coverage.nodes.expected, stored, `${name}: nodes in the store`);
      await target.stop();
      count++;
    }
  return `${count} moves: ${Object.entries(sums).map(([kind, sum]) => `${sum} ${kind}`).join(', ')}`;
});

// ---- corruption ----

const CORRUPTIONS = [
  ['a changed text', (t) => t.gql(`mutation{updatePerson(where:{id:"${P(1)}"},data:{name:"other"}){id}}`),
    [`value | Person | ${P(1)} | name | "name \\"1\\" ü😀" | "other"`]],
  ['a value that was set', (t) => t.gql(`mutation{updatePerson(where:{id:"${P(0)}"},data:{number:7}){id}}`),
    [`value | Person | ${P(0)} | number | null | 7`]],
  ['a value that was lost', (t) => t.gql(`mutation{updatePerson(where:{id:"${P(1)}"},data:{ratio:null}){id}}`),
    [`value | Person | ${P(1)} | ratio | 0.125 | null`]],
  ['a millisecond', (t) => t.gql(`mutation{updatePerson(where:{id:"${P(1)}"},data:{born:"2017-03-04T05:06:07.090Z"}){id}}`),
    [`value | Person | ${P(1)} | born | "${time}" | "2017-03-04T05:06:07.090Z"`]],
  ['a member inside of Json', (t) => t.gql(`mutation($j:Json){updatePerson(where:{id:"${P(1)}"},data:{json:$j}){id}}`,
    { j: { z: true, a: [1, null, { b: '1.5' }] } }),
    [`value | Person | ${P(1)} | json | {"a":[1,null,{"b":"1.50"}],"z":true} | {"z":true,"a":[1,null,{"b":"1.5"}]}`]],
  ['an enum value and a boolean', (t) => t.gql(`mutation{updatePerson(where:{id:"${P(1)}"},data:{color:RED,active:false}){id}}`),
    [`value | Person | ${P(1)} | active | true | false`, `value | Person | ${P(1)} | color | "GREEN" | "RED"`]],
  ['a password, without showing it', (t) => t.gql(`mutation{updatePerson(where:{id:"${P(1)}"},data:{password:"planted"}){id}}`),
    [`value | Person | ${P(1)} | password | *** | ***`]],
  ['a node that is gone', (t) => t.gql(`mutation{deletePassport(where:{id:"pass004"}){id}}`),
    ['missing | Passport | pass004', `missing pair | Person | ${P(4)} | passport | pass004`]],
  ['a node from nowhere', (t) => t.import('nodes', { _typeName: 'Group', id: 'new', title: 'x' }),
    ['extra | Group | new']],
  ['an element behind a list', (t) => t.import('lists', { _typeName: 'Person', id: P(1), tags: ['more'] }),
    [`list | Person | ${P(1)} | tags | 3 elements | element 4 of 4: "more"`]],
  ['a list twice', (t) => t.import('lists', { _typeName: 'Person', id: P(7), colors: ['RED', 'BLUE', 'RED'] }),
    [`list | Person | ${P(7)} | colors | 3 elements | element 4 of 6: "RED"`]],
  ['the order of a list', (t) => t.gql(`mutation{updatePerson(where:{id:"${P(1)}"},data:{tags:{set:["b\\"","a,1","a"]}}){id}}`),
    [`list | Person | ${P(1)} | tags | element 1 of 3: "a,1" | element 1 of 3: "b\\""`]],
  ['a list that is gone', (t) => t.gql(`mutation{updatePerson(where:{id:"${P(5)}"},data:{scores:{set:[]}}){id}}`),
    [`list | Person | ${P(5)} | scores | element 1 of 3: 1.5 | 0 elements`]],
  ['a list from nowhere', (t) => t.import('lists', { _typeName: 'Person', id: P(0), tags: ['x'] }),
    [`list | Person | ${P(0)} | tags | 0 elements | element 1 of 1: "x"`]],
  ['another owner', (t) => t.gql(`mutation{updateThing(where:{id:"thing0010"},data:{owner:{connect:{id:"${P(0)}"}}}){id}}`),
    [[`extra pair | Thing | thing0010 | owner | ${P(0)}`, `missing pair | Thing | thing0010 | owner | ${P(1)}`],
      [`extra pair | Person | ${P(0)} | things | thing0010`, `missing pair | Person | ${P(1)} | things | thing0010`]]],
  ['a row of a many-to-many relation that is gone',
    (t) => t.gql(`mutation{updateGroup(where:{id:"group1"},data:{members:{disconnect:[{id:"${P(2)}"}]}}){id}}`),
    [[`missing pair | Group | group1 | members | ${P(2)}`], [`missing pair | Person | ${P(2)} | groups | group1`]]],
  ['a row of a many-to-many relation from nowhere',
    (t) => t.gql(`mutation{updateGroup(where:{id:"group1"},data:{members:{connect:[{id:"${P(1)}"}]}}){id}}`),
    [[`extra pair | Group | group1 | members | ${P(1)}`], [`extra pair | Person | ${P(1)} | groups | group1`]]],
  ['a self relation the wrong way round', async (t) => {
    await t.gql(`mutation{updatePerson(where:{id:"${P(3)}"},data:{friends:{disconnect:[{id:"${P(2)}"}]}}){id}}`);
    await t.gql(`mutation{updatePerson(where:{id:"${P(2)}"},data:{friends:{connect:[{id:"${P(3)}"}]}}){id}}`);
  }, [`extra pair | Person | ${P(2)} | friends | ${P(3)}`, `missing pair | Person | ${P(3)} | friends | ${P(2)}`]],
];

for (const database of ['mysql', 'postgres'])
  await test(`every kind of corruption is named exactly, and nothing else (${database})`, async () => {
    const wrong = [];
    for (const [name, corrupt, expected] of CORRUPTIONS) {
      const target = await move({ project, archive: small, database });
      assert.deepEqual(target.refused, []);
      await corrupt(target);
      const result = await target.verify();
      const [lines, other] = Array.isArray(expected[0]) ? expected : [expected];
      // The server stamps what a mutation touched.
      const got = found(result).filter((text) => !text.includes('| updatedAt |'));
      if (result.code !== 5 || result.report.result !== 'differs') wrong.push({ name, code: result.code });
      if (![lines, other].some((wanted) => wanted && JSON.stringify([...wanted].sort()) === JSON.stringify(got)))
        wrong.push({ name, got, expected });
      await target.stop();
    }
    assert.deepEqual(wrong, []);
    return `${CORRUPTIONS.length} of ${CORRUPTIONS.length}`;
  });

const CARS = `
type Car @model {
  id: ID! @isUnique
  plate: Plate! @relation(name: "Plate")
}
type Plate @model {
  id: ID! @isUnique
  car: Car @relation(name: "Plate")
}
`;

await test('rows that a to-one field hides are found by filters, and nulls of required ones are no rows', async () => {
  const project = join(base, 'cars');
  mkdirSync(project);
  writeFileSync(join(project, 'graphcool.yml'), 'types: ./types.graphql\npermissions:\n  - operation: "*"\n');
  writeFileSync(join(project, 'types.graphql'), CARS);
  const count = 250;
  const car = (i) => ({ _typeName: 'Car', id: `car${pad(i)}` });
  const plate = (i) => ({ _typeName: 'Plate', id: `plate${pad(i)}` });
  const row = (i, j) => [{ ...plate(j), fieldName: 'car' }, { ...car(i), fieldName: 'plate' }];
  const all = Array.from({ length: count }, (_, i) => i);
  // Dirty already in the source: cars 7 and 8 have no plate, cars 5 and 15 two.
  const rows = [...all.filter((i) => i !== 7 && i !== 8).map((i) => row(i, i)), row(5, 205), row(15, 3)];
  const archive = archiveOf({ nodes: [...all.map(car), ...all.map(plate)], lists: [], relations: rows });
  for (const database of ['mysql', 'postgres']) {
    const target = await move({ project, archive, database });
    const equal = await target.verify();
    assert.deepEqual([equal.code, found(equal)], [0, []]);
    assert.equal(equal.report.coverage.relations.equal, rows.length);
    const hidden = '(a row behind the one that is answered)';
    // Extra rows: behind the one that is answered (20 → 30), before it (40 → 10), at another page's plate (50 → 249), at
    // a car without a plate (8 → 60), at one with two (5 → 206).
    await target.import('relations', row(20, 30), row(40, 10), row(50, 249), row(8, 60), row(5, 206));
    const extra = await target.verify();
    assert.equal(extra.code, 5);
    assert.deepEqual(found(extra), [
      `extra pair | Car | car005 | plate | ${hidden}`,
      'extra pair | Car | car008 | plate | plate060',
      `extra pair | Car | car020 | plate | ${hidden}`,
      'extra pair | Car | car040 | plate | plate010',
      `extra pair | Car | car050 | plate | ${hidden}`,
    ]);
    assert.equal(extra.report.coverage.relations.equal, rows.length);
    await target.stop();
    // A row that is missing behind the one that is answered.
    const lose = (text) => text.includes('"car005"') && text.includes('"plate205"');
    const other = await move({ project, archive, database, lose });
    const missing = await other.verify();
    assert.deepEqual([missing.code, found(missing)], [5, ['missing pair | Car | car005 | plate | plate205']]);
    await other.stop();
  }
  return `${count} nodes, 5 extra rows`;
});

// ---- what was known ----

await test('what was rejected is partial, what is missing besides differs', async () => {
  const parts = data();
  const target = await move({ project, archive: small });
  const row = parts.nodes.findIndex(({ id }) => id === 'thing0010') + 1;
  await target.gql('mutation{deleteThing(where:{id:"thing0010"}){id}}');
  assert.equal((await target.verify()).code, 5);
  target.known('reject', '0', String(row));
  const partial = await target.verify();
  assert.deepEqual([partial.code, partial.report.result], [6, 'partial']);
  const known = [`missing pair | Person | ${P(1)} | things | thing0010 | rejected`, 'missing | Thing | thing0010 | rejected'];
  assert.deepEqual(found(partial), known);
  assert.deepEqual([partial.report.coverage.nodes.missing, partial.report.coverage.nodes.known], [1, 1]);
  const list = parts.lists.findIndex(({ id, colors }) => id === P(7) && colors) + 1;
  await target.gql(`mutation{updatePerson(where:{id:"${P(7)}"},data:{colors:{set:[]}}){id}}`);
  target.known('reject', '1', String(list));
  const lists = await target.verify();
  assert.deepEqual(found(lists).filter((text) => !text.includes('updatedAt')), [
    `list | Person | ${P(7)} | colors | element 1 of 3: "RED" | 0 elements | rejected`,
    ...known,
  ]);
  await target.gql('mutation{deleteThing(where:{id:"thing0110"}){id}}');
  assert.equal((await target.verify()).code, 5);
  await target.stop();
});

await test('what the real commands leave out of a real export is all known, and the rest is equal', async () => {
  const figures = [];
  for (const [name, database, code] of [
    ['kinds', 'mysql', 6],
    ['kinds', 'postgres', 6],
    ['raw', 'mysql', 0],
    ['raw', 'postgres', 6],
  ]) {
    const project = truth(`ndf/${name}`);
    if (!project) skip('no truth/ndf');
    const folder = join(base, `real-${name}-${database}`);
    const words = ['--database', database, '--workspace', folder];
    must(run(['convert', project, '--database', database, '--out', join(folder, 'app'), '--quiet']));
    run(['export', project, '--from', truth(`ndf/${name}.zip`), ...words]);
    run(['check', project, ...words]);
    const server = await startPrisma({ database, datamodel: join(folder, 'app/prisma/datamodel.prisma') });
    const to = [...words, '--endpoint', server.url];
    const sent = await runAsync(['import', project, ...to, '--force']);
    assert.equal(sent.code, code, sent.stderr);
    const result = await runAsync(['verify', project, ...to, '--format', 'json', '--limit', '0']);
    const report = JSON.parse(result.stdout);
    assert.deepEqual([result.code, report.result], [code, code ? 'partial' : 'equal'], JSON.stringify(report.differences));
    assert.equal(report.differences.filter(({ known }) => !known).length, 0);
    const { expected, equal, missing, different } = report.coverage.nodes;
    assert.equal(equal + missing + different, expected);
    figures.push(`${name} on ${database}: ${equal} of ${expected} nodes equal, ${report.differences.length} known losses`);
    await server.stop();
  }
  return figures.join('; ');
});

// ---- what cannot be read ----

/** A server in front of the target: `answer(query, variables, real)` may give another answer than the real one. */
async function inFront(target, answer) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { query, variables } = JSON.parse(body);
    const headers = { 'Content-Type': 'application/json' };
    const real = await (await fetch(target.url, { method: 'POST', headers, body })).text();
    const own = answer(query, variables, () => JSON.parse(real));
    const text = own ? JSON.stringify(own) : real;
    response.setHeader('Content-Type', 'application/json');
    response.end(text);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.closeAllConnections() || server.close() };
}

await test('a required relation without a row is missing, not an error', async () => {
  const parts = data();
  const target = await move({ project, archive: small });
  // A thing without an owner: import takes it, the API then answers null for the whole node.
  await target.import('nodes', { _typeName: 'Thing', id: 'thing9', label: 'alone' });
  const extra = await target.verify();
  assert.deepEqual([extra.code, found(extra)], [5, ['extra | Thing | thing9']]);
  parts.nodes.push({ _typeName: 'Thing', id: 'thing9', label: 'alone' });
  const both = await move({ project, archive: archiveOf(parts) });
  const equal = await both.verify();
  assert.deepEqual([equal.code, found(equal)], [0, []]);
  assert.equal(equal.report.coverage.nodes.equal, parts.nodes.length);
  await target.stop();
  await both.stop();
});

await test('a value that the server cannot answer is named, everything else is compared', async () => {
  const target = await move({ project, archive: small });
  const error = { message: 'Stored value invalid', code: 3038 };
  const people = (await target.gql('{people:persons(orderBy:id_ASC){id}}')).people.map(({ id }) => id);
  // Every page that holds this person fails if the field is selected.
  const front = await inFront(target, (query, variables) => {
    if (!/persons\(/.test(query) || !/\bcolor\b/.test(query)) return null;
    if (variables.i) return variables.i === P(11) ? { data: { r: null }, errors: [error] } : null;
    const from = variables.a ? people.indexOf(variables.a) + 1 : 0;
    const at = people.indexOf(P(11));
    return at >= from && at < from + variables.f ? { data: null, errors: [error] } : null;
  });
  const result = await target.verify({ url: front.url });
  front.close();
  assert.deepEqual([result.code, result.report.result, found(result)], [4, 'unchecked', []]);
  assert.deepEqual(result.report.unchecked, [{ type: 'Person', id: P(11), field: 'color', reason: 'Stored value invalid' }]);
  assert.equal(result.report.coverage.values.unchecked, 1);
  assert.equal(result.report.coverage.values.equal, result.report.coverage.values.expected - 1);
  await target.stop();
});

await test('a type that cannot be read is not called missing, and the others are compared', async () => {
  const target = await move({ project, archive: small });
  const front = await inFront(target, (query) => (/passports\(/.test(query) ? { data: null, errors: [{ message: 'Whoops' }] } : null));
  const result = await target.verify({ url: front.url });
  front.close();
  assert.equal(result.code, 4);
  assert.deepEqual(found(result), []);
  assert(result.report.unchecked.some(({ type, reason }) => type === 'Passport' && reason === 'Whoops'));
  const passports = result.report.types.find(({ name }) => name === 'Passport').nodes;
  assert.deepEqual([passports.unchecked, passports.missing, passports.equal], [8, 0, 0]);
  assert.equal(result.report.types.find(({ name }) => name === 'Person').nodes.equal, 30);
  await target.stop();
});

await test('pages that lack a node do not hide it', async () => {
  const target = await move({ project, archive: small });
  await target.import('nodes', { _typeName: 'Group', id: 'zzz', title: 'behind' });
  const front = await inFront(target, (query, variables, real) => {
    if (!/:groups\(/.test(query)) return null;
    const { data } = real();
    return { data: { ...data, r: data.r.filter(({ id }) => id !== 'zzz') } };
  });
  const result = await target.verify({ url: front.url });
  front.close();
  assert.equal(result.code, 4, result.stdout);
  assert.match(result.report.unchecked[0].reason, /counts 4 nodes, its pages gave 3/);
  await target.stop();
});

await test('an unreachable target, a wrong secret and a wrong service end with 4, and no secret is shown', async () => {
  const secret = 'planted-secret-of-the-service';
  const target = await move({ project, archive: small, secret });
  const right = await target.verify({ env: { PRISMA_SECRET: secret } });
  assert.deepEqual([right.code, right.report.result], [0, 'equal']);
  const wrong = await target.verify({ env: { PRISMA_SECRET: 'planted-other' } });
  assert.deepEqual([wrong.code, wrong.report.result], [4, 'unfinished']);
  assert.match(wrong.stderr, /refuses the token/);
  const nowhere = await target.verify({ url: 'http://127.0.0.1:9/blog/dev', env: { PRISMA_SECRET: secret } });
  assert.equal(nowhere.code, 4); // nothing was sent from this stage, so it is bound to no target yet
  await target.stop();
  const other = await move({ project, archive: small, secret });
  await other.stop();
  const start = Date.now();
  const gone = await other.verify({ env: { PRISMA_SECRET: secret } });
  assert.deepEqual([gone.code, gone.report.coverage.nodes.equal], [4, 0]);
  assert.match(gone.stderr, /no connection/);
  for (const { stdout, stderr } of [right, wrong, nowhere, gone]) assert(!/planted|eyJ/.test(stdout + stderr));
  const stage = readFileSync(join(target.workspace, 'stage.db'));
  assert(!stage.includes('planted'));
  return `gave up after ${Math.round((Date.now() - start) / 1000)} s`;
});

await test('faults of the connection are tried again and change nothing', async () => {
  const target = await move({ project, archive: small });
  const kinds = ['reset', '502', '504', 'html', 'empty', 'truncate', 'wrong-length', 'no-end', '429', 'drip'];
  await target.control({ faults: kinds.map((kind, i) => ({ at: i * 2 + 1, kind, pieces: 3, ms: 5, retryAfter: 0 })) });
  const result = await target.verify();
  assert.deepEqual([result.code, result.report.result], [0, 'equal'], result.stderr);
  assert.deepEqual((await target.log()).left, []);
  await target.control({ faults: [{ at: 3, times: 1000, kind: 'errors' }] });
  const failing = await target.verify();
  assert.equal(failing.code, 4);
  assert(failing.report.unchecked.length > 0);
  await target.stop();
  return `${kinds.length} kinds`;
});

await test('Ctrl-C ends with 130 and says that it did not finish', async () => {
  const target = await move({ project, archive: small });
  await target.control({ faults: [{ at: 3, kind: 'stall' }] });
  const child = spawn(binary, target.command());
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  const ended = new Promise((done) => child.on('close', (code, signal) => done(code ?? signal)));
  while ((await target.log()).left.length) await new Promise((done) => setTimeout(done, 20));
  child.kill('SIGINT');
  assert.equal(await ended, 130);
  assert.equal(JSON.parse(text).result, 'unfinished');
  await target.stop();
});

// ---- much ----

await test('a node with thousands of partners, and lists of thousands of elements, are compared page by page', async () => {
  const parts = data({ persons: 0, groups: 1 });
  const many = 2600;
  for (let i = 0; i < many; i++) {
    const id = `p${String(i).padStart(6, '0')}`;
    parts.nodes.push({ _typeName: 'Person', id, createdAt: time, updatedAt: time, name: id });
    parts.relations.push([
      { _typeName: 'Group', id: 'group0', fieldName: 'members' },
      { _typeName: 'Person', id, fieldName: 'groups' },
    ]);
    if (i)
      parts.relations.push([
        { _typeName: 'Person', id, fieldName: 'friends' },
        { _typeName: 'Person', id: 'p000000', fieldName: 'friends' },
      ]);
  }
  parts.lists.push({ _typeName: 'Person', id: 'p000000', tags: Array.from({ length: 5000 }, (_, i) => `tag ${i}`) });
  const target = await move({ project, archive: archiveOf(parts) });
  assert.deepEqual(target.refused, []);
  const equal = await target.verify();
  assert.deepEqual([equal.code, equal.report.coverage.relations.equal], [0, 2 * many - 1]);
  await target.gql('mutation{updatePerson(where:{id:"p000000"},data:{friends:{disconnect:[{id:"p002345"}]}}){id}}');
  const broken = await target.verify();
  assert.deepEqual(found(broken).filter((text) => !text.includes('updatedAt')), ['missing pair | Person | p000000 | friends | p002345']);
  await target.stop();
});

await test('progress is a line of JSON for each event, and differences are listed up to the limit', async () => {
  const target = await move({ project, archive: small });
  const args = ['--progress', 'json'];
  const words = target.command().filter((word, i, all) => word !== '--progress' && all[i - 1] !== '--progress');
  const result = await runAsync([...words, ...args]);
  const events = result.stderr.split('\n').filter(Boolean).map((text) => JSON.parse(text));
  assert(events.every(({ progress }) => progress === 1));
  assert.deepEqual(events.filter(({ event }) => event !== 'advance').map(({ event, step }) => `${event} ${step}`),
    ['start nodes', 'end nodes', 'start relations', 'end relations']);
  const { nodes, relations } = data();
  assert.deepEqual(events.filter(({ event }) => event === 'end').map(({ records, total }) => [records, total]), [
    [nodes.length, nodes.length],
    [relations.length, relations.length],
  ]);
  await target.gql('mutation{deleteManyPassports{count}}');
  const limited = await target.verify({ args: ['--limit', '3'] });
  assert.equal(limited.report.differences.length, 3);
  assert(limited.report.notListed > 3);
  const text = await runAsync(words.filter((word, i, all) => word !== '--format' && all[i - 1] !== '--format'));
  assert.equal(text.code, 5);
  assert.match(text.stdout, /Passport pass000: is not in the target\n/);
  assert.match(text.stdout, /\nThe data differ\.\n$/);
  await target.stop();
});

await test('memory does not grow with the data', async () => {
  const peaks = [];
  for (const persons of [1000, 10000]) {
    const parts = data({ persons: 0, groups: 1 });
    for (let i = 0; i < persons; i++) {
      const id = `p${String(i).padStart(6, '0')}`;
      parts.nodes.push({ ...{ _typeName: 'Person', id, createdAt: time, updatedAt: time }, name: id.repeat(60) });
      parts.relations.push([
        { _typeName: 'Group', id: 'group0', fieldName: 'members' },
        { _typeName: 'Person', id, fieldName: 'groups' },
      ]);
    }
    const target = await move({ project, archive: archiveOf(parts) });
    const measure = join(root, 'build/release/tools/measure');
    const { stdout } = await runAsync([binary, ...target.command()], { program: measure, timeout: 300000 });
    const [code, peak] = stdout.trim().split(' ').map(Number);
    assert.equal(code, 0);
    peaks.push(peak / 1024);
    await target.stop();
  }
  assert(peaks[1] < 64, `${peaks} MB`);
  assert(peaks[1] - peaks[0] < 16, `${peaks} MB`);
  return `${peaks.map((peak) => peak.toFixed(0)).join(' MB with 1,000 nodes, ')} MB with 10,000`;
});

await test('a terminal shows a bar, which gives way to what is printed; quiet shows nothing', async () => {
  if (run(['--version'], { program: 'script' }).code !== 0) skip('no program "script" that makes a terminal');
  const target = await move({ project, archive: small });
  const words = target.command().filter((word, i, all) => !['--progress', '--format'].includes(word) && !['--progress', '--format'].includes(all[i - 1]));
  const quoted = [binary, ...words].map((word) => `'${word}'`).join(' ');
  const shown = await runAsync(['-qec', quoted, '/dev/null'], { program: 'script', env: { TERM: 'xterm' } });
  assert.equal(shown.code, 0, shown.stdout);
  assert.match(shown.stdout, /^nodes \[>* *.*\] +0% 0 of 71 records/);
  assert.match(shown.stdout, /\r\x1b\[Knodes: 71 records, 0\.\d MB in 0:\d\d\r\n/);
  assert.match(shown.stdout, /\nThe data are equal\.\r\n$/);
  const plain = await runAsync(words);
  assert.match(plain.stderr, /^nodes: 71 records, .*\nrelations: 125 records, .*\n$/);
  const quiet = await runAsync([...words, '--quiet']);
  assert.deepEqual([quiet.code, quiet.stdout, quiet.stderr], [0, '', '']);
  await target.stop();
});
