// An application with the native API: what its root fields answer, and what it takes to write and to read by them.
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root, runAsync, skip, test, truth } from '../lib.mjs';
import { convert, environment, nodeToken, spawnApp, startDatabase, template } from '../lib/app.mjs';
import { canStart, nobody, nodeOf, rootCaller, startNative } from '../lib/native.mjs';

if (!canStart()) {
  await test('the native API', () => skip('the packages of rules/templates/app are not installed'));
  process.exit();
}

const app = await startNative(truth('projects/social'));
const { service, asked } = app;

/** Two users, two posts with a comment, a profile, a group, an image; nothing else. */
async function reset() {
  service.store.clear();
  const query = `mutation {
    createUser(data: { id: "u1", email: "u1@x", name: "Ann", profile: { create: { id: "f1", bio: "b" } }, groups: { create: [{ id: "g1", name: "G" }] } }) { id }
    b: createUser(data: { id: "u2", email: "u2@x" }) { id }
    c: createUser(data: { id: "u3", email: "u3@x", invitedBy: { connect: { id: "u1" } } }) { id }
    createPost(data: { id: "p1", title: "A", slug: "a", tags: { set: ["x", "y"] }, author: { connect: { id: "u1" } },
      cover: { create: { id: "i1", url: "u" } }, comments: { create: [{ id: "c1", text: "t", author: { connect: { id: "u2" } } }] } }) { id }
    d: createPost(data: { id: "p2", title: "B", views: 5, author: { connect: { id: "u1" } } }) { id }
  }`;
  const { errors } = JSON.parse((await service.execute({ query })).body);
  assert.equal(errors, undefined);
  asked.length = 0;
}
/** What a row has to have in a store that is written to directly. */
const times = { createdAt: 0, updatedAt: 0 };
const content = async () => {
  const query = '{ users { id name email } posts { id title tags author { id } comments { id } } comments { id text } profiles { id } images { id } groups { id name } }';
  return (await service.execute({ query })).body;
};

// ---- what is answered

/** [question, answer, {variables, caller, requests}] */
const answers = [
  ['{ post(where: { id: "p1" }) { id title tags author { name } } }', { post: { id: 'p1', title: 'A', tags: ['x', 'y'], author: { name: 'Ann' } } }],
  ['{ post(where: { slug: "a" }) { id } none: post(where: { slug: "z" }) { id } }', { post: { id: 'p1' }, none: null }, { requests: 2 }],
  ['{ posts(where: { NOT: [{ title: "A" }] }, orderBy: title_DESC) { title views } }', { posts: [{ title: 'B', views: 5 }] }],
  ['query ($n: Int) { posts(first: $n, orderBy: title_DESC) { t: title } }', { posts: [{ t: 'B' }] }, { variables: { n: 1 } }],
  ['{ posts(after: "p1") { id } }', { posts: [{ id: 'p2' }] }],
  [
    '{ postsConnection(first: 1) { aggregate { count } pageInfo { hasNextPage endCursor } edges { cursor node { title } } } }',
    { postsConnection: { aggregate: { count: 1 }, pageInfo: { hasNextPage: true, endCursor: 'p1' }, edges: [{ cursor: 'p1', node: { title: 'A' } }] } },
  ],
  ['{ postsConnection { n: aggregate { m: count } } }', { postsConnection: { n: { m: 2 } } }],
  ['{ postsConnection { __typename edges { __typename node { __typename } } } }', { postsConnection: { __typename: 'PostConnection', edges: [1, 2].map(() => ({ __typename: 'PostEdge', node: { __typename: 'Post' } })) } }],
  ['{ node(id: "u1") { id __typename ... on User { name } ... on Post { title } } }', { node: { id: 'u1', __typename: 'User', name: 'Ann' } }],
  ['{ node(id: "nope") { id } }', { node: null }],
  ['{ user(where: { email: "u1@x" }) { id } user2: user { id } }', { user: { id: 'u1' }, user2: null }, { requests: 1 }],
  ['{ user { name } }', { user: { name: 'Ann' } }, { caller: nodeOf('User', 'u1') }],
  ['{ user { name } }', { user: null }, { caller: nodeOf('Post', 'p1'), requests: 0 }],
  ['{ users(where: { id: "u1" }) { posts(where: { title_starts_with: "B" }, first: 1) { title } all: posts { id } } }', { users: [{ posts: [{ title: 'B' }], all: [{ id: 'p1' }, { id: 'p2' }] }] }],
  ['{ posts(first: 1) { ...F ...F title @skip(if: true) ... on Post @include(if: true) { views } } } fragment F on Post { author { id } author { name } }', { posts: [{ author: { id: 'u1', name: 'Ann' }, views: 0 }] }],
  ['{ posts(first: 1) { __proto__: title constructor: id toString: views } }', { posts: [JSON.parse('{"__proto__": "A", "constructor": "p1", "toString": 0}')] }],
  ['mutation { createPost(data: { id: "p3", title: "C", meta: "{\\"a\\": 1}", publishedAt: "2018-01-02" }) { id meta publishedAt } }', { createPost: { id: 'p3', meta: { a: 1 }, publishedAt: '2018-01-02T00:00:00.000Z' } }],
  ['mutation ($d: PostCreateInput!) { createPost(data: $d) { meta blobs } }', { createPost: { meta: [1], blobs: [{ a: null }] } }, { variables: { d: { title: 'C', meta: [1], blobs: { set: [{ a: null }] } } } }],
  ['mutation { updatePost(where: { slug: "a" }, data: { title: "Z", body: null }) { title body } }', { updatePost: { title: 'Z', body: null } }],
  ['mutation { upsertPost(where: { slug: "n" }, create: { title: "N", slug: "n" }, update: {}) { title } }', { upsertPost: { title: 'N' } }],
  ['mutation { upsertPost(where: { id: "p1" }, create: { title: "N" }, update: { title: "U" }) { id title } }', { upsertPost: { id: 'p1', title: 'U' } }],
  ['mutation { deletePost(where: { id: "p2" }) { title } }', { deletePost: { title: 'B' } }],
  ['mutation { a: deletePost(where: { id: "p2" }) { id } b: createPost(data: { id: "p2", title: "again" }) { id author { id } } }', { a: { id: 'p2' }, b: { id: 'p2', author: null } }, { requests: 2 }],
];

await test('every kind of root field answers, by one request each', async () => {
  for (const [query, data, { variables, caller, requests = 1 } = {}] of answers) {
    await reset();
    assert.deepEqual(await app.with({ open: true }).ask(query, { variables, caller }), { data }, query);
    assert.equal(asked.length, requests, query);
  }
  return `${answers.length} operations`;
});

const refusals = [
  ['{ posts(first: 1001) { id } }', 2041],
  ['{ users { posts(last: 1001) { id } } }', 2041],
  ['{ postsConnection(first: 1001) { aggregate { count } } }', 2041],
  ['{ posts(first: -1) { id } }', 3026],
  ['{ posts(first: 1, last: 1) { id } }', 3014],
  ['{ post(where: {}) { id } }', 3040],
  ['{ post(where: { id: "p1", slug: "a" }) { id } }', 3045],
  ['mutation { createGroup(data: { name: "G" }) { id } }', 3010],
  ['mutation { updatePost(where: { id: "nope" }, data: {}) { id } }', 3039],
  ['mutation { createPost(data: { title: "C", author: { connect: { id: "nope" } } }) { id } }', 3039],
  ['mutation { updateUser(where: { email: "u2@x" }, data: { profile: { disconnect: true } }) { id } }', 3041],
  ['mutation { deletePost(where: { id: "p1" }) { id } }', 3042],
  ['mutation { updatePost(where: { id: "p1" }, data: { title: null }) { id } }', 3020],
];

await test('what is refused has its code, and tells no values of nodes', async () => {
  await reset();
  for (const [query, code] of refusals) {
    const { errors } = await app.ask(query);
    assert.deepEqual(errors?.map((error) => error.code), [code], `${query} ${JSON.stringify(errors)}`);
    assert.ok(!/u2\b|f1/.test(errors[0].message), errors[0].message);
  }
  return `${refusals.length} operations`;
});

await test('a list has 1000 rows at most, a page counts all', async () => {
  await reset();
  for (let n = 0; n < 1001; n++) service.store.insert('Group', { id: `h${String(n).padStart(4, '0')}`, name: `h${n}`, ...times });
  const { data } = await app.ask('{ groups { id } groupsConnection { aggregate { count } pageInfo { hasNextPage } edges { cursor } } }');
  assert.equal(data.groups.length, 1000);
  assert.equal(data.groupsConnection.edges.length, 1000);
  assert.deepEqual({ ...data.groupsConnection, edges: 0 }, { aggregate: { count: 1002 }, pageInfo: { hasNextPage: true }, edges: 0 });
  assert.equal(asked.length, 2);
});

await test('a required node that is not there is told at its place', async () => {
  await reset();
  service.store.insert('Comment', { id: 'c0', text: 'alone', ...times });
  const { data, errors } = await app.ask('{ comments { id post { id } } }');
  assert.equal(errors.length, 1);
  assert.deepEqual(errors[0].path.slice(0, 1), ['comments']);
  assert.equal(JSON.parse((await service.execute({ query: '{ comments { id post { id } } }' })).body).data === null, data === null);
});

// ---- who may write

/** 'create Post title slug', 'connect PostsByUser' → rules that grant that, and everything to read. */
function rulesOf(needs, rule = {}) {
  const types = Object.fromEntries(Object.keys(app.model.models).map((name) => [name, { read: [{}], create: [], update: [], delete: [] }]));
  const relations = Object.fromEntries(Object.keys(app.model.relations).map((name) => [name, { connect: [], disconnect: [] }]));
  for (const need of needs) {
    const [operation, name, ...fields] = need.split(' ');
    if (relations[name]) relations[name][operation].push(rule);
    else types[name][operation].push({ ...rule, fields });
  }
  return { open: false, types, relations };
}

const inPost = (data) => `mutation { updatePost(where: { id: "p1" }, data: { ${data} }) { id } }`;
const inUser = (data) => `mutation { updateUser(where: { id: "u1" }, data: { ${data} }) { id } }`;
/** [operation, what it needs] */
const writes = [
  ['mutation { createPost(data: { title: "C", slug: "c", tags: { set: [] } }) { id } }', ['create Post title slug tags']],
  ['mutation { createPost(data: { id: "x", title: "C" }) { id } }', ['create Post id title']],
  ['mutation { createPost(data: { title: "C", author: { connect: { id: "u1" } } }) { id } }', ['create Post title', 'connect PostsByUser']],
  ['mutation { createPost(data: { title: "C", author: { create: { email: "n" } } }) { id } }', ['create Post title', 'create User email', 'connect PostsByUser']],
  [
    'mutation { createUser(data: { email: "n", posts: { create: [{ title: "C", comments: { create: { text: "t" } } }], connect: [{ id: "p2" }] } }) { id } }',
    ['create User email', 'create Post title', 'create Comment text', 'connect PostsByUser', 'connect CommentsOnPost'],
  ],
  [inPost('title: "Z", views: null'.replace('null', '1')), ['update Post title views']],
  [inPost(''), ['update Post']],
  [inPost('comments: { create: [{ text: "n" }] }'), ['update Post', 'create Comment text', 'connect CommentsOnPost']],
  [inPost('comments: { connect: [{ id: "c1" }] }'), ['update Post', 'connect CommentsOnPost']],
  [inPost('comments: { delete: [{ id: "c1" }] }'), ['update Post', 'delete Comment', 'disconnect CommentsOnPost']],
  [inPost('comments: { update: [{ where: { id: "c1" }, data: { text: "n" } }] }'), ['update Post', 'update Comment text']],
  [
    inPost('comments: { upsert: [{ where: { id: "c1" }, update: { text: "n" }, create: { text: "n", author: { connect: { id: "u1" } } } }] }'),
    ['update Post', 'update Comment text', 'create Comment text', 'connect CommentsOnPost', 'connect CommentsByUser'],
  ],
  [
    inPost('comments: { update: [{ where: { id: "c1" }, data: { author: { update: { name: "n", groups: { connect: { id: "g1" } } } } } }] }'),
    ['update Post', 'update Comment', 'update User name', 'connect Members'],
  ],
  [inPost('author: { connect: { id: "u2" } }'), ['update Post', 'connect PostsByUser']],
  [inPost('author: { create: { email: "n" } }'), ['update Post', 'create User email', 'connect PostsByUser']],
  [inPost('author: { disconnect: true }'), ['update Post', 'disconnect PostsByUser']],
  [inPost('cover: { delete: true }'), ['update Post', 'delete Image', 'disconnect Cover']],
  [inPost('author: { update: { name: "n" } }'), ['update Post', 'update User name']],
  [inPost('author: { upsert: { update: { name: "n" }, create: { email: "n" } } }'), ['update Post', 'update User name', 'create User email', 'connect PostsByUser']],
  [inUser('posts: { set: [{ id: "p2" }] }'), ['update User', 'connect PostsByUser', 'disconnect PostsByUser']],
  [inUser('posts: { set: [] }'), ['update User', 'disconnect PostsByUser']],
  [inUser('posts: { disconnect: [{ id: "p1" }] }'), ['update User', 'disconnect PostsByUser']],
  [inUser('friends: { connect: [{ id: "u2" }] }, partner: { connect: { id: "u2" } }'), ['update User', 'connect Friends', 'connect Partners']],
  [inUser('invited: { disconnect: { id: "u3" } }'), ['update User', 'disconnect Invites']],
  ['mutation { upsertPost(where: { id: "p1" }, update: { title: "U" }, create: { title: "C" }) { id } }', ['update Post title', 'create Post title']],
  ['mutation { upsertPost(where: { slug: "n" }, update: {}, create: { title: "C", author: { connect: { id: "u1" } } }) { id } }', ['update Post', 'create Post title', 'connect PostsByUser']],
  ['mutation { deletePost(where: { id: "p2" }) { id } }', ['delete Post']],
  ['mutation ($d: UserUpdateInput!) { updateUser(where: { id: "u1" }, data: $d) { id } }', ['update User age', 'create Group name', 'connect Members'], { d: { age: 3, groups: { create: [{ name: 'n' }] } } }],
];

/** Each of the needs left out, and each field of a need. */
function* incomplete(needs) {
  for (const need of needs) {
    const others = needs.filter((one) => one !== need);
    yield others;
    const [operation, name, ...fields] = need.split(' ');
    for (const field of fields) yield [...others, [operation, name, ...fields.filter((one) => one !== field)].join(' ')];
  }
}

await test('a write needs a rule for everything that is nested in it, and nothing more', async () => {
  let denials = 0;
  for (const [query, needs, variables] of writes) {
    const attempt = async (rules, caller) => {
      await reset();
      const before = await content();
      const { data, errors } = await app.with(rules).ask(query, { variables, caller });
      if (!errors) return assert.ok(Object.values(data)[0].id, query);
      denials++;
      assert.deepEqual(errors.map(({ code }) => code), [3008], `${query} ${JSON.stringify(errors)}`);
      assert.equal(asked.length, 0, `${query} was asked of the database`);
      assert.equal(await content(), before);
      return 'denied';
    };
    const signedIn = rulesOf(needs, { authenticated: true });
    assert.equal(await attempt(rulesOf(needs), nobody), undefined, `${query}: ${needs}`);
    assert.equal(await attempt(rulesOf([])), undefined, `${query} by root`);
    assert.equal(await attempt(signedIn, nodeOf('User', 'u1')), undefined, `${query} by a node`);
    assert.equal(await attempt(signedIn, nodeOf('User', 'u9', false)), 'denied', `${query} by a node that is gone`);
    assert.equal(await attempt(signedIn, nobody), 'denied', `${query} by nobody`);
    assert.equal(await attempt(rulesOf(needs, { query: 'permissions/X.graphql' }), nodeOf('User', 'u1')), 'denied', `${query} by a query`);
    for (const less of incomplete(needs)) assert.equal(await attempt(rulesOf(less), nobody), 'denied', `${query} with ${less}`);
  }
  return `${writes.length} operations, ${denials} denials`;
});

await test('an input that nobody knows is refused', async () => {
  await reset();
  const schema = app.sdl.replace(/input CommentUpdateManyWithoutPostInput \{/, '$& deleteMany: [CommentWhereInput!]');
  const { errors } = await app.with({ open: true }, { schema }).ask(inPost('comments: { deleteMany: [{}] }'));
  assert.match(errors[0].message, /nobody knows what 'deleteMany' does/);
  assert.equal(asked.length, 0);
});

// ---- who may read

/** Places where the name and the ids of a user could show. */
const reads = [
  '{ users { name } }',
  '{ users { id: name count: name cursor: name node: name mutation: name } }',
  '{ user(where: { id: "u1" }) { name id } }',
  '{ node(id: "u1") { ... on User { name } } }',
  '{ node(id: "u1") { id } }',
  '{ posts { author { name } } }',
  '{ usersConnection { edges { node { name } } } }',
  '{ usersConnection { edges { cursor } } }',
  '{ usersConnection { edges { name: cursor } } }',
  '{ usersConnection(first: 1) { pageInfo { startCursor } } }',
  '{ usersConnection(first: 1) { pageInfo { hasNextPage: endCursor } } }',
  'mutation { updatePost(where: { id: "p1" }, data: { title: "n" }) { id author { title: name } } }',
  'mutation { updateUser(where: { email: "u1@x" }, data: { age: 3 }) { age: name email: id } }',
  'mutation { upsertUser(where: { email: "u1@x" }, update: {}, create: { email: "u9@x" }) { id name } }',
  'mutation { deleteUser(where: { email: "u3@x" }) { id: name email: id } }',
  'mutation { createUser(data: { email: "n", invitedBy: { connect: { email: "u1@x" } } }) { invitedBy { name id } } }',
];
const closedTo = (hidden) => {
  const rules = rulesOf([]);
  for (const type of Object.values(rules.types)) for (const operation of ['create', 'update', 'delete']) type[operation] = [{}];
  for (const relation of Object.values(rules.relations)) Object.assign(relation, { connect: [{}], disconnect: [{}] });
  rules.types.User.read = hidden;
  return rules;
};

await test('nothing of a node is told that its type does not show, wherever it stands and whatever it is called', async () => {
  const wholly = [[], [{ fields: ['email', 'age'] }], [{ authenticated: true }], [{ query: 'permissions/X.graphql' }], [{}, { query: 'permissions/Y.graphql', invalid: true }]];
  for (const query of reads)
    for (const hidden of wholly) {
      await reset();
      const { data, errors } = await app.with(closedTo(hidden)).ask(query, { caller: nobody });
      assert.ok(errors?.length && errors.every(({ code }) => code === 3008), `${query} ${JSON.stringify(errors)}`);
      assert.ok(!/Ann|u[13]\b(?!@)/.test(JSON.stringify(data)), `${query} → ${JSON.stringify(data)}`);
    }
  await reset();
  const free = await app.with(closedTo([])).ask('{ usersConnection { aggregate { count } pageInfo { hasNextPage } } users { __typename posts { id } } }', { caller: nobody });
  assert.deepEqual(free.errors, undefined);
  assert.equal(free.data.usersConnection.aggregate.count, 3);
  return `${reads.length} operations, ${wholly.length} sets of rules`;
});

await test('root, and who is allowed, reads the same', async () => {
  for (const query of reads) {
    await reset();
    const wanted = await app.with(closedTo([])).ask(query, { caller: rootCaller });
    assert.equal(wanted.errors, undefined, query);
    for (const [rules, caller] of [[[{}], nobody], [[{ authenticated: true }], nodeOf('User', 'u2')], [[{ fields: ['name', 'id'] }], nobody]]) {
      await reset();
      assert.deepEqual(await app.with(closedTo(rules)).ask(query, { caller }), wanted, query);
    }
  }
  return `${reads.length} operations`;
});

await test('a write shows what was given, under no other name', async () => {
  await reset();
  const rules = closedTo([]);
  rules.types.Post.read = [];
  const show = async (query) => (await app.with(rules).ask(query, { caller: nobody })).errors?.map(({ path }) => path.join('.')) ?? [];
  assert.deepEqual(await show('mutation { createPost(data: { title: "C" }) { id title t: title } }'), []);
  assert.deepEqual(await show('mutation { createPost(data: { title: "C" }) { id: views title: slug } }'), ['createPost.id', 'createPost.title']);
  assert.deepEqual(await show('mutation { updatePost(where: { slug: "a" }, data: { title: "C" }) { title slug } }'), []);
  assert.deepEqual(await show('mutation { updatePost(where: { slug: "a" }, data: { title: "C" }) { id } }'), ['updatePost.id']);
  assert.deepEqual(await show('mutation { deletePost(where: { id: "p2" }) { id title } }'), ['deletePost.title']);
});

// ---- subscriptions

/** Resolves when so many subscriptions more have reached the service: what happens before is told to nobody. */
function subscribed(count) {
  const { document } = service;
  return new Promise((done) => {
    service.document = (query) => {
      if (query.startsWith('subscription') && --count === 0) done();
      return document.call(service, query);
    };
  });
}

await test('a subscription tells what happens, and only what may be read', async () => {
  await reset();
  const rules = closedTo([{ fields: ['email'] }]);
  const query = 'subscription { user(where: { mutation_in: [UPDATED] }) { m: mutation updatedFields node { email } a: node { name } previousValues { email name } } }';
  const events = app.with(rules).subscribe(query, { caller: nobody });
  const all = app.with(rules).subscribe(query.replace('UPDATED', 'UPDATED, CREATED'));
  const both = subscribed(2);
  const firsts = [events.next(), all.next()];
  await both;
  await service.execute({ query: 'mutation { updateUser(where: { id: "u1" }, data: { name: "Ann B" }) { id } }' });
  const [hidden, open] = (await Promise.all(firsts)).map(({ value }) => value);
  assert.equal(open.errors, undefined);
  assert.deepEqual(open.data.user.a, { name: 'Ann B' });
  assert.deepEqual(open.data.user.previousValues, { email: 'u1@x', name: 'Ann' });
  assert.ok(open.data.user.updatedFields.includes('name'));
  assert.ok(hidden.errors.length && hidden.errors.every(({ code }) => code === 3008));
  assert.ok(!JSON.stringify(hidden.data).includes('Ann'), JSON.stringify(hidden.data));
  assert.equal(hidden.data.user.m, 'UPDATED');
  await Promise.all([events.return(), all.return()]);
});

// ---- resolvers of one's own

await test('own resolvers stand beside the others, and may hand on to them', async () => {
  await reset();
  const { one } = await app.runtime('native/delegates.js');
  const schema = `${app.sdl}\nextend type Query { signIn: Session, hello: String! }\ntype Session { token: String!, user: User }`;
  const user = one('User');
  const more = [{ Query: { hello: () => 'world', signIn: () => ({ token: 't', userId: 'u1' }) }, Session: { user: (session, _args, context, info) => user(session, { where: { id: session.userId } }, context, info) } }];
  const ask = (rules, query) => app.with(rules, { schema, more }).ask(query, { caller: nobody });
  const query = '{ h: hello a: signIn { t: token u: user { n: name posts(first: 1) { id } } } b: signIn { user { id } } }';
  assert.deepEqual(await ask(closedTo([{}]), query), { data: { h: 'world', a: { t: 't', u: { n: 'Ann', posts: [{ id: 'p1' }] } }, b: { user: { id: 'u1' } } } });
  const { errors, data } = await ask(closedTo([]), query);
  assert.deepEqual(errors.map(({ code, path }) => `${code} ${path.join('.')}`), ['3008 a.u.n', '3008 b.user.id']);
  assert.deepEqual(data.a.u, { n: null, posts: [{ id: 'p1' }] });
  assert.deepEqual(data.b.user, null);
});

await test('a resolver without a field, and two for one field, stop the start with words', () => {
  assert.throws(() => app.with({}, { more: [{ Query: { nope: () => 1 } }] }), /answers Query\.nope, which schema\.graphql does not have/);
  assert.throws(() => app.with({}, { more: [{ Query: { posts: () => 1 } }] }), /answers Query\.posts twice/);
});

await test('a field that nobody answers is an error, and so is a type that nobody knows', async () => {
  await reset();
  const schema = `${app.sdl.replace('type Post implements', 'type Secret { count: Int name: String }\ntype Post implements')}\nextend type Query { open: Int, secret: Secret }`;
  const { one } = await app.runtime('native/delegates.js');
  const over = app.with({ open: true }, { schema, more: [{ Query: { secret: one('Post') } }] });
  assert.match((await over.ask('{ open }')).errors[0].message, /nothing answers open/);
  assert.match((await over.ask('{ secret { count } }')).errors[0].message, /nobody knows who may read Secret\.count/);
});

await app.close();

// ---- functions

await test('functions of the project: resolvers answer an error that names them, hooks refuse what they guarded', async () => {
  const hooked = await startNative(truth('projects/hooked'));
  try {
    const guarded = [
      'mutation { createPerson(data: { name: "A" }) { id } }',
      'mutation { updatePerson(where: { id: "x" }, data: { name: "A" }) { id } }',
      'mutation { deletePerson(where: { id: "x" }) { id } }',
      'mutation { upsertPerson(where: { id: "x" }, create: { name: "A" }, update: {}) { id } }',
      'mutation { updatePet(where: { id: "x" }, data: { owner: { create: { name: "A" } } }) { id } }',
      'mutation { updatePet(where: { id: "x" }, data: { owner: { update: { name: "A" } } }) { id } }',
      'mutation { updatePet(where: { id: "x" }, data: { owner: { delete: true } }) { id } }',
      'mutation { updatePet(where: { id: "x" }, data: { owner: { upsert: { create: { name: "A" }, update: {} } } }) { id } }',
      '{ hello { greeting: __typename } }',
    ];
    for (const query of guarded) assert.deepEqual((await hooked.ask(query)).errors.map(({ code }) => code), [5000], query);
    assert.equal(hooked.asked.length, 0);
    const { errors } = await hooked.ask('mutation { createAudit(data: { about: "a" }) { id } }');
    assert.equal(errors, undefined);
    return `${guarded.length} operations`;
  } finally {
    await hooked.close();
  }
});

await test('names that the datamodel has changed are those of the API, with the rules of their old names', async () => {
  const renamed = await startNative(join(root, 'fixtures/projects/native/project'), { args: ['--without-functions'] });
  try {
    const rules = { types: { Query: { read: [{ fields: ['id'] }], create: [{}] } }, relations: {} };
    const { ask } = renamed.with(rules);
    const created = await ask('mutation { createQueryType(data: { text: "t" }) { id text } }', { caller: nobody });
    assert.equal(created.errors, undefined);
    const { data, errors } = await ask('{ queryTypes { id text } }', { caller: nobody });
    assert.deepEqual(data, { queryTypes: [null] });
    assert.deepEqual(errors.map(({ code, path }) => [code, path.join('.')]), [[3008, 'queryTypes.0.text']]);
  } finally {
    await renamed.close();
  }
});

// ---- as a server

await test('it starts, answers at its root, and passes its own smoke test', async () => {
  const converted = convert(truth('projects/social'), { args: ['--api', 'native'] });
  symlinkSync(join(template, 'node_modules'), join(converted.folder, 'node_modules'));
  const prisma = await startDatabase(converted.datamodel);
  try {
    const env = environment(prisma);
    const server = await spawnApp(converted.folder, env);
    try {
      const ask = async (query, token) => {
        const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
        const response = await fetch(new URL('/', server.url), { method: 'POST', headers, body: JSON.stringify({ query }) });
        return response.json();
      };
      const { data } = await ask('mutation { createUser(data: { email: "u@x" }) { id } }', env.ROOT_TOKEN_TEST);
      assert.deepEqual(await ask('{ user { email } }', nodeToken('User', data.createUser.id)), { data: { user: { email: 'u@x' } } });
      const { errors } = await ask('{ users(first: 1001) { id } }');
      assert.deepEqual(errors.map(({ code, path }) => [code, path]), [[2041, ['users']]]);
      assert.ok(errors[0].requestId);
    } finally {
      await server.stop();
    }
    const smoke = await runAsync(['--test', 'test/'], { program: 'node', cwd: converted.folder, env });
    assert.equal(smoke.code, 0, smoke.stdout.slice(-3000) + smoke.stderr);
  } finally {
    await prisma.close();
    converted.remove();
  }
});
