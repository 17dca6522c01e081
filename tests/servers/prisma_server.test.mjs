// What the Prisma stand-in does with data, tokens and deployments, by the tables of truth/ndf and the specification of the server.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { createHmac } from 'node:crypto';
import { exportData } from '../../fixtures/servers/prisma/export.mjs';
import { importData } from '../../fixtures/servers/prisma/import.mjs';
import { allowsManagement, allowsService, sign } from '../../fixtures/servers/prisma/auth.mjs';
import { startPrisma } from '../../fixtures/servers/prisma/server.mjs';
import { Service } from '../../fixtures/servers/prisma/service.mjs';
import { test } from '../lib.mjs';

const sdl = `
type User { id: ID! @id createdAt: DateTime! @createdAt nick: String @unique n: Int! f: Float j: Json d: DateTime @unique
  words: [String!]! @scalarList(strategy: RELATION) numbers: [Float!]! @scalarList(strategy: RELATION)
  boss: User @relation(name: "Boss", link: INLINE) posts: [Post!]! @relation(name: "Posts") read: [Post!]! @relation(name: "Read") }
type Post { id: ID! @id n: Int! author: User @relation(name: "Posts") editor: User @relation(name: "Editor") readers: [User!]! @relation(name: "Read") }
type Person { id: ID! @id mentor: Person @relation(name: "M") pupils: [Person!]! @relation(name: "M")
  parent: Person @relation(name: "P") children: [Person!]! @relation(name: "P") }
`;
const databases = ['mysql', 'postgres'];

function service(database = 'mysql') {
  const made = new Service({ name: 's', stage: 'd', secrets: [], database });
  made.replace(sdl);
  return made;
}
const send = (to, valueType, values, options) =>
  importData(
    Buffer.from(`{"valueType":"${valueType}","values":${typeof values === 'string' ? values : JSON.stringify(values)}}`),
    to,
    options,
  );
const answer = (...all) => JSON.parse(send(...all).body);
const users = (from, to) =>
  Array.from({ length: to - from }, (_, at) => ({ _typeName: 'User', id: `u${String(from + at).padStart(6, '0')}`, n: from + at }));
const end = (_typeName, id, fieldName) => ({ _typeName, id, fieldName });

await test('MySQL keeps the good rows of a group and names each bad one', () => {
  const to = service();
  const values = users(0, 1000);
  values[299].id = values[0].id;
  delete values[700].n;
  const said = answer(to, 'nodes', values);
  assert.match(said[0], /^Failure inserting User with Id: u000000\. Cause: \.SQL.*Duplicate entry 'u000000' for key 'PRIMARY'$/);
  assert.match(said[1], /^Failure inserting User with Id: u000700\. .*Column 'n' cannot be null$/);
  assert.deepEqual([said.length, to.store.count('User')], [2, 998]);
});

await test('PostgreSQL stores sub-batches of 255 and 256 rows before the failing one, and reports the rest with its cause', () => {
  for (const [bad, stored] of [
    [10, 0],
    [254, 0],
    [255, 255],
    [510, 255],
    [511, 511],
    [999, 767],
  ]) {
    const to = service('postgres');
    const values = users(0, 1000);
    delete values[bad].n;
    const said = answer(to, 'nodes', values);
    assert.deepEqual([to.store.count('User'), said.length], [stored, 1000 - stored], `bad row ${bad}`);
    assert.ok(said.every((one) => one.includes(`Failing row contains (${values[bad].id},`)));
  }
});

await test('a group that fails does not stop the others', () => {
  for (const database of databases) {
    const to = service(database);
    const said = answer(to, 'nodes', [
      { _typeName: 'User', id: 'a' },
      { _typeName: 'Post', id: 'p', n: 1 },
      { _typeName: 'User', id: 'b', n: 'x' },
    ]);
    assert.deepEqual([said.length, to.store.count('Post'), to.store.count('User')], [2, 1, 0]);
  }
});

await test('numbers: Int wraps at 32 bit, Float keeps 15 digits on PostgreSQL, Json keeps its own text', () => {
  const ints = [
    ['2147483648', -2147483648],
    ['4294967296', 0],
    ['9007199254740993', 1],
    ['1.5', 1],
    ['-2147483649', 2147483647],
    ['12e2', 1200],
  ];
  for (const [text, stored] of ints) {
    const to = service();
    send(to, 'nodes', `[{"_typeName":"User","id":"a","n":${text}}]`);
    assert.equal(to.store.node('User', 'a').n, stored, text);
  }
  const floats = {
    0.30000000000000004: [0.30000000000000004, 0.3],
    123456789.12345678: [123456789.12345678, 123456789.123457],
    '1.5e-30': [2e-30, 2e-30],
    '1e-31': [0, 0],
    '1e30': [1e30, 1e30],
  };
  for (const [text, wanted] of Object.entries(floats))
    databases.forEach((database, at) => {
      const to = service(database);
      assert.deepEqual(answer(to, 'nodes', `[{"_typeName":"User","id":"a","n":1,"f":${text},"j":{"a":[9007199254740993,1e400]}}]`), []);
      assert.equal(to.store.node('User', 'a').f, wanted[at], `${database} ${text}`);
      assert.equal(to.store.node('User', 'a').j, '{"a":[9007199254740993,1e400]}');
    });
  for (const database of databases)
    for (const text of ['1e35', '1e400'])
      assert.equal(
        answer(service(database), 'nodes', `[{"_typeName":"User","id":"a","n":1,"f":${text}}]`).length,
        1,
        `${database} ${text}`,
      );
  return `${ints.length} whole numbers, ${Object.keys(floats).length} fractions`;
});

await test('unique text collides on MySQL by case, accent, trailing blank, the first 191 characters and all emoji; on PostgreSQL only exactly', () => {
  const pairs = [
    ['a', 'A'],
    ['e', 'é'],
    ['s', 's '],
    ['x'.repeat(191) + 'a', 'x'.repeat(191) + 'b'],
    ['😀', '😁'],
    ['Straße', 'STRASSE'],
  ];
  for (const [one, other] of pairs)
    for (const database of databases) {
      const to = service(database);
      const said = answer(to, 'nodes', [
        { _typeName: 'User', id: '1', n: 1, nick: one },
        { _typeName: 'User', id: '2', n: 1, nick: other },
      ]);
      assert.equal(said.length, database === 'mysql' ? 1 : 0, `${database} ${one} ${other}`);
    }
  for (const distinct of [
    ['a', 'b'],
    ['a', 'ab'],
    ['a b', 'ab'],
    ['日', '本'],
  ])
    assert.deepEqual(
      answer(
        service(),
        'nodes',
        distinct.map((nick, at) => ({ _typeName: 'User', id: `${at}`, n: 1, nick })),
      ),
      [],
      distinct.join(),
    );
  return `${pairs.length} pairs`;
});

await test('PostgreSQL refuses NUL, and unique text that its index cannot hold', () => {
  const random = Array.from({ length: 5000 }, (_, at) =>
    String.fromCharCode(97 + ((at * 7919 + (at >> 3) * 104729 + ((at * at) % 8191)) % 26)),
  ).join('');
  for (const [nick, taken] of [
    ['a\0b', false],
    [random, false],
    ['z'.repeat(200000), true],
    ['z'.repeat(400000), false],
  ]) {
    assert.equal(answer(service('postgres'), 'nodes', [{ _typeName: 'User', id: '1', n: 1, nick }]).length === 0, taken, `${nick.length}`);
    assert.deepEqual(answer(service('mysql'), 'nodes', [{ _typeName: 'User', id: '1', n: 1, nick }]), []);
  }
});

await test('ids that differ in case are one id on MySQL and two on PostgreSQL', () => {
  for (const database of databases) {
    const to = service(database);
    const said = answer(to, 'nodes', [
      { _typeName: 'User', id: 'case', n: 1 },
      { _typeName: 'User', id: 'CASE', n: 1 },
    ]);
    assert.equal(said.length, database === 'mysql' ? 1 : 0);
  }
});

await test('dates: three decimals at most, a zone, a whole date; days that the reform of the calendar left out collide with later ones', () => {
  const date = (d) => answer(service(), 'nodes', [{ _typeName: 'User', id: '1', n: 1, d }]);
  for (const good of [
    '2018-01-02T03:04:05.678Z',
    '2018-01-02T03:04:05Z',
    '2018-01-02T03:04:05+0200',
    '2018-01-02 03:04:05',
    '0001-01-01T00:00:00.000Z',
    '2016-02-29T00:00:00.000Z',
  ])
    assert.deepEqual(date(good), [], good);
  for (const bad of ['2018-01-02', '2018-01-02T03:04Z', '2018-01-02T03:04:05.6789Z', '2018-01-02T03:04:05', '2018-02-30T00:00:00.000Z'])
    assert.equal(date(bad).length, 1, bad);
  const days = ['1582-10-10T00:00:00.000Z', '1582-10-20T00:00:00.000Z'].map((d, at) => ({ _typeName: 'User', id: `${at}`, n: 1, d }));
  assert.equal(answer(service(), 'nodes', days).length, 1);
});

await test('lists are appended; an element of the wrong type refuses the whole request, a missing node only its values', () => {
  for (const database of databases) {
    const to = service(database);
    send(to, 'nodes', users(0, 2));
    const list = (id, words) => ({ _typeName: 'User', id, words });
    assert.deepEqual(answer(to, 'lists', [list('u000000', ['a', 'b']), list('u000000', ['c'])]), []);
    assert.equal(send(to, 'lists', [list('u000001', ['x']), list('u000000', [1])]).status, 500);
    assert.equal(answer(to, 'lists', [list('u000001', ['x']), list('nobody', ['y', 'z'])]).length, database === 'mysql' ? 2 : 3);
    assert.deepEqual(to.store.list('User', 'u000000', 'words'), ['a', 'b', 'c']);
    assert.deepEqual(to.store.list('User', 'u000001', 'words'), database === 'mysql' ? ['x'] : []);
    assert.equal(answer(to, 'lists', `[{"_typeName":"User","id":"u000000","numbers":[1,1e35,2]}]`).length, database === 'mysql' ? 1 : 3);
    assert.deepEqual(to.store.list('User', 'u000000', 'numbers'), database === 'mysql' ? [1, 2] : []);
  }
});

await test('relations: a pair of a table once, a column the last; an owner that is missing stores nothing and says nothing', () => {
  for (const database of databases) {
    const to = service(database);
    send(to, 'nodes', [...users(0, 3), { _typeName: 'Post', id: 'p', n: 1 }]);
    const posts = (post, user) => [end('Post', post, 'author'), end('User', user, 'posts')];
    assert.deepEqual(answer(to, 'relations', [posts('p', 'u000000'), posts('p', 'u000001'), posts('nothing', 'u000001')]), []);
    assert.deepEqual(to.store.neighbours('Posts', 'A', 'p'), ['u000001']);
    assert.equal(answer(to, 'relations', [posts('p', 'nobody')]).length, 1);
    const read = (user) => [end('User', user, 'read'), end('Post', 'p', null)];
    assert.equal(answer(to, 'relations', [read('u000000'), read('u000000'), read('u000002')]).length, database === 'mysql' ? 1 : 3);
    assert.deepEqual(to.store.neighbours('Read', 'A', 'p'), database === 'mysql' ? ['u000000', 'u000002'] : []);
  }
});

await test('two relations in columns of one table, in one request, lock each other out on PostgreSQL', () => {
  for (const database of databases) {
    const to = service(database);
    send(to, 'nodes', [...users(0, 1), ...Array.from({ length: 1000 }, (_, at) => ({ _typeName: 'Post', id: `p${at}`, n: at }))]);
    const both = Array.from({ length: 1000 }, (_, at) =>
      ['author', 'editor'].map((field) => [end('Post', `p${at}`, field), end('User', 'u000000', null)]),
    ).flat();
    const said = answer(to, 'relations', both);
    assert.equal(said.length, database === 'mysql' ? 0 : 745);
    assert.ok(said.every((one) => one.includes('deadlock detected')));
    const stored = ['Posts', 'Editor'].reduce((sum, name) => sum + [...to.store.pairs(name)].length, 0);
    assert.equal(said.length + stored, 2000);
  }
});

await test('a self relation 1-n in a column loses children where the name of the to-one field sorts first', () => {
  const to = service();
  send(
    to,
    'nodes',
    ['a', 'b', 'c'].map((id) => ({ _typeName: 'Person', id })),
  );
  for (const child of ['b', 'c']) {
    send(to, 'relations', [[end('Person', child, 'mentor'), end('Person', 'a', 'pupils')]]);
    send(to, 'relations', [[end('Person', child, 'parent'), end('Person', 'a', 'children')]]);
  }
  const { store, datamodel } = to;
  const read = (id, name) =>
    store.neighbours(
      datamodel.types.get('Person').fields.get(name).relation.name,
      datamodel.types.get('Person').fields.get(name).relation.side,
      id,
    );
  assert.deepEqual([read('a', 'children'), read('b', 'parent'), read('c', 'parent')], [['b', 'c'], ['a'], ['a']]);
  assert.deepEqual([read('a', 'pupils'), read('b', 'mentor'), read('c', 'mentor')], [[], [], ['a']]);
});

await test('what had been stored before is counted, node by node, list by list and pair by pair', () => {
  const to = service();
  const sent = {
    nodes: [...users(0, 5), { _typeName: 'Post', id: 'p', n: 1 }],
    lists: users(0, 5).map(({ id }) => ({ _typeName: 'User', id, words: ['a', id] })),
    relations: users(0, 5).map(({ id }) => [end('User', id, 'read'), end('Post', 'p', 'readers')]),
  };
  for (const [kind, values] of Object.entries(sent)) assert.equal(send(to, kind, values).repeated, 0, kind);
  for (const [kind, values] of Object.entries(sent)) {
    assert.equal(send(to, kind, values.slice(2, 4)).repeated, 2, kind);
    assert.equal(send(to, kind, values).elements, values.length);
  }
});

await test('to be discarded, data is judged but not stored', () => {
  const to = service();
  assert.equal(answer(to, 'nodes', [...users(0, 3), { _typeName: 'User', id: 'x', n: 'no' }], { discard: true }).length, 1);
  assert.equal(send(to, 'nodes', users(0, 3), { discard: true }).elements, 3);
  assert.equal(to.store.count('User'), 0);
});

await test('export loses list values behind 1,001, and gives the first relation of a table for all of it', () => {
  const to = service();
  send(to, 'nodes', [...users(0, 1200), { _typeName: 'Post', id: 'p', n: 1 }]);
  send(
    to,
    'lists',
    users(0, 1200).map(({ id }) => ({ _typeName: 'User', id, words: ['a', 'b', 'c'] })),
  );
  send(to, 'relations', [
    [end('Post', 'p', 'author'), end('User', 'u000001', 'posts')],
    [end('Post', 'p', 'editor'), end('User', 'u000002', null)],
  ]);
  const ask = (fileType) =>
    JSON.parse(exportData(Buffer.from(JSON.stringify({ fileType, cursor: { table: 0, row: 0, field: 0, array: 0 } })), to).body);
  assert.equal(ask('lists').out.jsonElements.length, 334);
  const pairs = ask('relations').out.jsonElements;
  assert.equal(pairs.length, 2);
  assert.deepEqual(pairs[0], pairs[1]);
  send(to, 'nodes', users(1200, 1201));
  const one = service();
  send(one, 'nodes', users(0, 1));
  send(one, 'lists', [{ _typeName: 'User', id: 'u000000', words: Array(2500).fill('w') }]);
  assert.equal(
    JSON.parse(exportData(Buffer.from('{"fileType":"lists","cursor":{"table":0,"row":0}}'), one).body).out.jsonElements[0].words.length,
    1001,
  );
});

await test('following the cursor of export gives every node once, whatever the page', () => {
  const to = service();
  send(to, 'nodes', users(0, 500));
  for (const pageLimit of [1, 100, 4096, 100000]) {
    const ids = [];
    for (let cursor = { table: 0, row: 0, field: 0, array: 0 }; cursor.table >= 0;) {
      const page = JSON.parse(exportData(Buffer.from(JSON.stringify({ fileType: 'nodes', cursor })), to, { pageLimit }).body);
      ids.push(...page.out.jsonElements.map(({ id }) => id));
      cursor = page.cursor;
    }
    assert.deepEqual(
      ids,
      users(0, 500).map(({ id }) => id),
      `${pageLimit}`,
    );
  }
});

await test('tokens: HS256 by any of the secrets, exp and nbf where they are numbers, nothing else', () => {
  const now = Math.floor(Date.now() / 1000);
  const secrets = ['one', 'two'];
  const tall = (alg) => {
    const [, payload] = sign({}, 'one').split('.');
    const text = `${Buffer.from(JSON.stringify({ alg })).toString('base64url')}.${payload}`;
    return `${text}.${createHmac(alg === 'HS384' ? 'sha384' : 'sha256', 'one')
      .update(text)
      .digest('base64url')}`;
  };
  for (const good of [{}, { exp: now + 60 }, { exp: 'soon' }, { nbf: now - 60 }])
    for (const secret of secrets) assert.ok(allowsService(`Bearer ${sign(good, secret)}`, secrets));
  for (const form of ['bearer ', '']) assert.ok(allowsService(form + sign({}, 'two'), secrets));
  for (const bad of [sign({ exp: now - 60 }, 'one'), sign({ nbf: now + 60 }, 'one'), sign({}, 'three'), tall('HS384'), 'x', ''])
    assert.ok(!allowsService(`Bearer ${bad}`, secrets), bad);
  assert.ok(!allowsService(undefined, secrets) && !allowsService(`Token ${sign({}, 'one')}`, secrets) && allowsService(undefined, []));
  const grants = (target) => `Bearer ${sign({ grants: [{ target, action: '*' }], exp: now + 60 }, 'm')}`;
  assert.ok(
    allowsManagement(grants('*/*'), 'm', 's', 'd') &&
      allowsManagement(grants('s/*'), 'm', 's', 'd') &&
      !allowsManagement(grants('t/*'), 'm', 's', 'd'),
  );
  assert.ok(!allowsManagement(`Bearer ${sign({ grants: [{ target: '*/*' }] }, 'm')}`, 'm', 's', 'd'));
});

await test('the server: paths, status, a body of 50 MiB and one byte more, a dump, a reset', async () => {
  const server = await startPrisma({ services: [{ name: 's', stage: 'd', secrets: [], sdl }] });
  const post = async (path, body, headers = { 'Content-Type': 'application/json' }) =>
    fetch(server.url + path, { method: 'POST', headers, body });
  assert.equal(await (await fetch(`${server.url}/status`)).text(), 'OK');
  assert.match(await (await fetch(`${server.url}/s/d/import`)).text(), /Playground/);
  assert.equal((await (await post('/a/b/c', '{}')).json()).errors[0].code, 3016);
  assert.equal(await (await post('/s/d/_datamodel', '{}')).json(), sdl);
  const limit = 50 * 1024 * 1024;
  const body = (size) => `{"valueType":"nodes","values":[]${' '.repeat(size - 33)}}`;
  assert.equal(await (await post('/s/d/import', body(limit))).text(), '[]');
  assert.match(await tooMuch(server.url, limit + 1), /^HTTP\/1\.1 400 [^]*EntityStreamSizeException/);
  await post('/s/d/import', JSON.stringify({ valueType: 'nodes', values: users(0, 2) }));
  assert.equal((await (await fetch(`${server.url}/__control/dump`)).json()).models.User.rows.length, 2);
  assert.deepEqual(await (await post('/s/d/private', JSON.stringify({ query: 'mutation { resetData }' }))).json(), {
    data: { resetData: true },
  });
  assert.equal((await (await fetch(`${server.url}/__control/dump`)).json()).models.User.rows.length, 0);
  await server.close();
});

await test('faults in the words of this server: an errors body, a page with every row twice', async () => {
  const server = await startPrisma({ services: [{ name: 's', stage: 'd', secrets: [], sdl }] });
  send(server.services.get('s@d'), 'nodes', users(0, 2));
  const post = async (path, body) =>
    (
      await fetch(server.url + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
    ).json();
  const [cursor, query] = [{ table: 0, row: 0 }, '{ users(orderBy: id_ASC) { id } }'];
  await post('/__control', { faults: [{ kind: 'errors' }, { kind: 'duplicate-rows', at: 2 }, { kind: 'duplicate-rows', at: 2 }] });
  assert.match((await post('/s/d', { query })).errors[0].message, /^Whoops/);
  assert.deepEqual(
    (await post('/s/d', { query })).data.users.map(({ id }) => id),
    ['u000000', 'u000000', 'u000001', 'u000001'],
  );
  assert.equal((await post('/s/d/export', { fileType: 'nodes', cursor })).out.jsonElements.length, 4);
  assert.equal((await post('/s/d', { query })).data.users.length, 2);
  await server.close();
});

/** The first bytes of the answer to a body of that size, whose head says so. */
function tooMuch(url, size) {
  return new Promise((done, failed) => {
    const socket = connect(new URL(url).port, '127.0.0.1', () =>
      socket.write(`POST /s/d/import HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n{`),
    );
    socket.on('data', (data) => (done(data.toString()), socket.destroy()));
    socket.on('error', failed);
  });
}

await test('deployments: errors, warnings that block, a dry run, a migration that is rolled back and never shown', async () => {
  const server = await startPrisma();
  const ask = async (query, variables) => {
    const { data, errors } = await (
      await fetch(`${server.url}/management`, { method: 'POST', body: JSON.stringify({ query, variables }) })
    ).json();
    return errors ? { code: errors[0].code } : Object.values(data)[0];
  };
  const named = 'name: "s", stage: "d"';
  const deploy = (types, more = {}) =>
    ask(
      `mutation ($i: DeployInput!) { deploy(input: $i) { errors { type description } warnings { type field } migration { revision } steps { type } } }`,
      { i: { name: 's', stage: 'd', types, ...more } },
    );
  assert.equal((await ask(`{ project(${named}) { name } }`)).code, 4000);
  await ask(`mutation { addProject(input: { ${named} }) { project { name } } }`);
  assert.equal((await ask(`mutation { addProject(input: { ${named} }) { project { name } } }`)).code, 4005);
  assert.equal((await deploy('type A {')).code, 3017);
  assert.equal((await deploy('type A { x: Int }')).errors[0].type, 'A');
  assert.equal((await deploy('type A { id: ID! @id }', { dryRun: true })).migration, null);
  assert.equal((await deploy('type A { id: ID! @id createdAt: DateTime! }')).migration, null);
  assert.equal((await deploy('type A { id: ID! @id x: Int }')).migration.revision, 2);
  await fetch(`${server.url}/s/d/import`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"valueType":"nodes","values":[{"_typeName":"A","id":"1","x":5}]}',
  });
  const gone = await deploy('type B { id: ID! @id }');
  assert.deepEqual([gone.warnings[0].type, gone.migration], ['A', null]);
  assert.equal((await deploy('type A { id: ID! @id x: Int y: String! }', { force: true })).migration.revision, 3);
  assert.deepEqual((await (await fetch(`${server.url}/__control/dump`)).json()).models.A.rows, [{ id: '1', x: 5, y: '' }]);
  await deploy(`type A { id: ID! @id x: Int y: String! }\ntype ${'T'.repeat(70)} { id: ID! @id }`);
  assert.equal((await ask(`{ listMigrations(${named}) { status } }`))[0].status, 'ROLLBACK_SUCCESS');
  assert.deepEqual(await ask(`{ migrationStatus(${named}) { revision status } }`), { revision: 3, status: 'SUCCESS' });
  await server.close();
});
