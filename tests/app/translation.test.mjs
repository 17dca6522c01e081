// How an operation of the old API is said to the database, where the two differ: fixtures/truth/translation.md.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { read, readJson, root, run, skip, test, truth } from '../lib.mjs';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

const template = join(root, 'rules/templates/app');
if (!existsSync(join(template, 'node_modules'))) {
  await test('translation', () => skip('the packages of rules/templates/app are not installed'));
  process.exit();
}
const at = (path) => join(template, 'src/graphcool', path);
const { createApi, finish } = await import(at('api.js'));
const { Model } = await import(at('model.js'));
const { whereOf } = await import(at('reading/filter.js'));
const { parseJson, printJson } = await import(at('json.js'));
const { documentsOf } = await import(at('db/prisma1/document.js'));
const { answersOf } = await import(at('db/prisma1/answers.js'));
const { DatabaseError } = await import(at('db/errors.js'));
const graphql = createRequire(join(template, 'package.json'))('graphql');

const home = mkdtempSync(join(tmpdir(), 'gcm-translation-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
assert.ok([0, 3].includes(run(['convert', truth('projects/social'), '--out', join(home, 'app')]).code));
const json = readJson(join(home, 'app/src/model.json'));
const sdl = read(join(home, 'app/schema.graphql'));
const model = new Model(json);
const type = (name) => model.types.get(name);

/** The application over a database that answers what the test says: ask(query, …) → {data, errors, asked}. */
function application(answer, { rules = { open: true }, caller = { kind: 'nobody' } } = {}) {
  const asked = [];
  const db = { run: async (questions) => (asked.push(questions), questions.map((question, n) => answer(question, asked.length, n))) };
  const api = createApi({ schema: sdl, model: json, permissions: rules, db });
  return async (query, variables) => {
    asked.length = 0;
    const context = api.context({ caller, requestId: 'r' });
    const document = graphql.parse(query);
    assert.deepEqual(graphql.validate(api.schema, document), []);
    const result = await graphql.execute({ schema: api.schema, document, variableValues: variables, contextValue: context });
    const { data, errors } = finish(result, context);
    return { data: JSON.parse(printJson(data)), errors, asked: [...asked] };
  };
}
const failing = (kind, details) => ({ error: new DatabaseError(kind, kind, details) });

const filters = [
  ['nothing is no condition', null, undefined],
  ['an empty filter is none', {}, undefined],
  ['values and suffixes go as they are', { title: 'a', views_gte: 2, state_in: ['DRAFT'] }, { title: 'a', views_gte: 2, state_in: ['DRAFT'] }],
  ['null means IS NULL', { body: null, body_not: null }, { body: null, body_not: null }],
  ['a missing list finds nothing', { body_in: null }, { id_in: [] }],
  ['a missing list finds nothing, negated too', { views_not_in: null }, { id_in: [] }],
  ['a missing list stands beside a condition on ids', { body_in: null, id_in: ['a'] }, { AND: [{ id_in: [] }, { id_in: ['a'] }] }],
  ['not containing null is not null', { body_not_contains: null, body_not_ends_with: null }, { AND: [{ body_not: null }, { body_not: null }] }],
  ['containing null finds nothing by itself', { body_contains: null }, { body_contains: null }],
  ['backslashes escape', { body_contains: 'a\\\\b\\v', title_starts_with: 'x\\' }, { body_contains: 'a\\bv', title_starts_with: 'x\\' }],
  ['they do not where texts are equal', { body: '\\v' }, { body: '\\v' }],
  ['an OR of nothing is no condition', { OR: [] }, undefined],
  ['nor is one deep down', { AND: [{ OR: [] }, { AND: [{ OR: [] }] }] }, undefined],
  ['members without a condition go', { OR: [{ views: 30 }, { AND: [] }] }, { OR: [{ views: 30 }] }],
  ['an empty object in an OR is true', { OR: [{ views: 30 }, {}] }, { OR: [{ views: 30 }, {}] }],
  ['a relation keeps its empty filter', { author: { OR: [] }, comments_every: { AND: [] } }, { author: {}, comments_every: {} }],
  ['no related node', { author: null }, { author: null }],
  ['related nodes are filtered by their own fields', { comments_some: { author: { name_in: null } } }, { comments_some: { author: { id_in: [] } } }],
];
await test('filters of the Simple API become filters of the database', () => {
  for (const [what, filter, where] of filters) assert.deepEqual(whereOf(type('Post'), filter), where, what);
  return `${filters.length} filters`;
});

await test('a to-many relation is never filtered by null', () => {
  assert.throws(() => whereOf(type('Post'), { comments_some: null }), { code: 3033 });
});

await test('numbers that a double cannot hold keep their digits, and texts that look like them stay texts', () => {
  for (const text of ['{"n":12345678901234567890,"t":"12345678901234567890","deep":[1.00000000000000000001,-1e400]}', '[1,2.5,"x"]', '{}'])
    assert.equal(printJson(parseJson(text)), text);
  assert.equal(printJson(parseJson('"number 12345678901234567890"')), '"number 12345678901234567890"');
});

await test('one root field is one question, however deep it asks', async () => {
  const ask = application(() => ({ value: [] }));
  const { asked } = await ask('{ allPosts { author { posts(first: 2) { comments { author { name } } } } _commentsMeta { count } } }');
  assert.equal(asked.length, 1);
  assert.equal(asked[0].length, 1);
  const [{ query, variables }] = documentsOf(asked[0], model);
  assert.equal(
    query,
    'query { q0: posts(first: 1000) { author { posts(first: 2) { comments(first: 1000) { author { name } } } } comments { id } } }',
  );
  assert.deepEqual(variables, {});
});

await test('values of a client travel as variables, never as text', async () => {
  const ask = application(() => ({ value: [] }));
  const evil = '") { id } evil: deleteManyPosts { count } x: posts(where: {title: "';
  const { asked } = await ask('query ($t: String) { allPosts(filter: {title: $t}, after: $t) { id } }', { t: evil });
  const [{ query, variables }] = documentsOf(asked[0], model);
  assert.equal(query, 'query($v0: PostWhereInput, $v1: String) { q0: posts(where: $v0, first: 1000, after: $v1) { id } }');
  assert.deepEqual(variables, { v0: { title: evil }, v1: evil });
});

await test('the same field under two names is asked twice, under the client\'s names', async () => {
  const ask = application(() => ({ value: [{ posts: [{ id: 'p1' }], posts__2: [{ id: 'p2' }], name: 'N' }] }));
  const { data } = await ask('{ u: allUsers { a: posts(first: 1) { i: id } b: posts(last: 1) { id } name n: name __typename } }');
  assert.deepEqual(data, { u: [{ a: [{ i: 'p1' }], b: [{ id: 'p2' }], name: 'N', n: 'N', __typename: 'User' }] });
});

await test('a name that means something to JavaScript is a name like any other', async () => {
  const ask = application(({ op }) => ({ value: op === 'count' ? 2 : op === 'many' ? [{ title: 'T', id: 'p', comments: [{ id: 'c' }] }] : { title: 'T', id: 'p' } }));
  const read = await ask('{ allPosts { __proto__: title constructor: id toString: _commentsMeta { __proto__: count } } __proto__: _allPostsMeta { __proto__: count } }');
  assert.equal(JSON.stringify(read.data), '{"allPosts":[{"__proto__":"T","constructor":"p","toString":{"__proto__":1}}],"__proto__":{"__proto__":2}}');
  const written = await ask('mutation { addToCommentsOnPost(postPostId: "p", commentsCommentId: "c") { __proto__: postPost { __proto__: title } } }');
  assert.equal(JSON.stringify(written.data), '{"addToCommentsOnPost":{"__proto__":{"__proto__":"T"}}}');
  const stored = '{"constructor":{"name":"LongNumber"},"__proto__":{"a":1}}';
  const { errors, asked } = await ask('mutation ($m: Json) { createPost(title: "T", scores: [], meta: $m) { id } }', { m: parseJson(stored) });
  assert.deepEqual([errors, JSON.stringify(asked[0][0].data.meta)], [undefined, stored]);
});

await test('a filter of a to-one field is asked beside the list, in the same request', async () => {
  const ask = application((question) => ({
    value: question.model === 'User' ? [{ id: 'u1' }] : [{ author: { id: 'u1', name: 'A' } }, { author: { id: 'u2', name: 'B' } }, { author: null }],
  }));
  const { data, asked } = await ask('{ allPosts { author(filter: {name: "A"}) { name } } }');
  assert.deepEqual(data, { allPosts: [{ author: { name: 'A' } }, { author: null }, { author: null }] });
  assert.equal(asked.length, 1);
  assert.deepEqual(asked[0][1].where, { AND: [{ name: 'A' }, { posts_some: {} }] });
});

await test('arguments of a nested list that are wrong leave nothing of the request, and nothing is asked', async () => {
  const ask = application(() => ({ value: [] }));
  const { data, errors, asked } = await ask('{ user { posts(first: -1) { id } } }');
  assert.equal(asked.length, 0);
  const nested = await ask('{ allUsers { posts(first: 1001) { id } } }');
  assert.deepEqual([nested.data, nested.errors.length], [null, 1]);
  assert.equal(nested.asked.length, 0);
  assert.deepEqual([data, errors], [{ user: null }, undefined]);
});

await test('a required node that is missing is told with the way to it, and nulls what it must', async () => {
  const ask = application((question) => {
    const documents = documentsOf([question], model);
    return answersOf([question], documents, [
      { data: { q0: [{ text: 'a', post: { title: 'A' } }, null] }, errors: [{ message: 'Cannot return null', path: ['q0', 1, 'post'] }] },
    ])[0];
  });
  const { data, errors } = await ask('{ c: allComments { text p: post { title } } }');
  assert.equal(data, null);
  assert.deepEqual(errors.map(({ path }) => path), [['c', 1, 'p']]);
});

await test('every field that may not be read is told, up to the first member of a list that falls', async () => {
  const rules = { open: false, types: { Post: { read: [{ fields: ['views'] }] } }, relations: {} };
  const ask = application(() => ({ value: [{ id: 'a', title: 'A', views: 1 }, { id: 'b', title: 'B', views: 2 }] }), { rules });
  const { data, errors } = await ask('{ allPosts { id views title } }');
  assert.equal(data, null);
  assert.deepEqual(errors.map(({ path }) => path.join('.')), ['allPosts.0.id', 'allPosts.0.title']);
});

await test('an edge that is to be removed and is not there is no failure: the rest is written', async () => {
  const ask = application((question, time) => (time === 1 ? failing('notConnected', { relation: 'PostsByUser' }) : { value: { id: 'p' } }));
  const { data, asked } = await ask('mutation { updatePost(id: "p", authorId: null, title: "t") { id } }');
  assert.deepEqual(data, { updatePost: { id: 'p' } });
  assert.deepEqual(asked.map(([{ data: written }]) => written), [{ title: 't' }, { title: 't' }]);
});

await test('replacing the nodes of a required relation looks first, and refuses to leave one alone', async () => {
  const ask = application(({ op }) => ({ value: op === 'one' ? { id: 'p', comments: [{ id: 'c' }] } : { id: 'p' } }));
  const { errors, asked } = await ask('mutation { updatePost(id: "p", commentsIds: ["x"]) { id } }');
  assert.equal(errors[0].message, "The field 'post' on type 'Comment' is required. Performing this mutation would violate the constraint");
  assert.deepEqual(asked[0][0].select.comments.where, { id_not_in: ['x'] });
  assert.equal(asked.length, 1);
});

const codes = [
  ['unknown', { model: 'Post', field: 'id', value: 'p' }, 3002, "'Post' has no item with id 'p'"],
  ['unknown', { model: 'User', field: 'id', value: 'u' }, 3011, /Id if available: u$/],
  ['unique', { model: 'Post', field: 'slug' }, 3010, 'A unique constraint would be violated on Post. Details: Field name = slug'],
  ['unique', { model: 'User', field: 'email' }, 3010, 'A unique constraint would be violated on Post. Details: Sorry, no more details available.'],
  ['requiredRelation', { relation: 'CommentsOnPost', models: ['Comment', 'Post'] }, 3032, /^The field 'post' on type 'Comment' is required/],
  ['tooLong', { field: 'body' }, 3007, 'Value for field body is too long.'],
];
await test('what the database refuses is told in the words that clients know', async () => {
  for (const [kind, details, code, message] of codes) {
    const { errors } = await application(() => failing(kind, details))('mutation { updatePost(id: "p", slug: "s", author: {email: "e"}) { id } }');
    assert.equal(errors.length, 1);
    if (message instanceof RegExp) assert.match(errors[0].message, message);
    else assert.equal(errors[0].message, message);
    assert.equal(errors[0].originalError.code, code);
  }
  return `${codes.length} kinds`;
});

await test('an error without a place, or without an answer, is an error of every question in the document', () => {
  const questions = [{ op: 'many', model: 'Post', select: { id: { field: 'id' } } }, { op: 'count', model: 'Post' }];
  const answers = answersOf(questions, documentsOf(questions, model), [{ data: null, errors: [{ message: 'Whoops' }] }]);
  assert.deepEqual(answers.map(({ error }) => error.kind), ['internal', 'internal']);
});

await test('a write that fails hides nothing of the others in its document', () => {
  const update = (id) => ({ op: 'update', model: 'Post', by: { id }, data: {}, select: { id: { field: 'id' } } });
  const questions = [update('a'), update('b')];
  const [document] = documentsOf(questions, model);
  const error = { message: 'No Node for the model Post with value a for id found.', code: 3039, path: ['q0'] };
  const answers = answersOf(questions, [document], [{ data: { q0: null, q1: { id: 'b' } }, errors: [error] }]);
  assert.deepEqual([answers[0].error.kind, answers[0].error.value, answers[1].value], ['unknown', 'a', { id: 'b' }]);
});

await test('a create never shares its document: Prisma ends one at the first create that fails', () => {
  const create = { op: 'create', model: 'Image', data: { url: 'u' }, select: { id: { field: 'id' } } };
  assert.equal(documentsOf([create, create, create], model).length, 3);
});

await test('a subscription asks for the node once for each name that the client gives it, and ends with its reader', async () => {
  const asked = [];
  let ended = 0;
  const subscribe = (question) => {
    asked.push(question);
    const [first, second] = Object.entries(question.select).filter(([, { field }]) => field === 'node');
    const change = {
      mutation: 'UPDATED',
      updatedFields: ['views', 'updatedAt'],
      [first[0]]: { comments: [{ text: 'one' }] },
      [second[0]]: { comments: [{ text: 'one' }, { text: 'two' }] },
    };
    return { next: async () => ({ value: change, done: false }), return: async () => (ended++, { done: true }) };
  };
  const api = createApi({ schema: sdl, model: json, permissions: { open: true }, db: { subscribe } });
  const document = graphql.parse(
    'subscription { Post(filter: {updatedFields_contains: "views"}) { a: node { comments(first: 1) { text } } b: node { comments { text } } updatedFields } }',
  );
  const events = await graphql.subscribe({ schema: api.schema, document, contextValue: api.context({ caller: { kind: 'nobody' } }) });
  const { value } = await events.next();
  assert.deepEqual(JSON.parse(JSON.stringify(value.data.Post)), {
    a: { comments: [{ text: 'one' }] },
    b: { comments: [{ text: 'one' }, { text: 'two' }] },
    updatedFields: ['views'],
  });
  assert.deepEqual(Object.values(asked[0].select).flatMap(({ select }) => select?.comments.first ?? []), [1, 1000]);
  await events.return();
  assert.equal(ended, 1);
});

await test('what is written into a Password is stored as a hash of bcrypt, nested and in lists, and no text of it is sent', async () => {
  const folder = join(home, 'passwords');
  mkdirSync(folder);
  writeFileSync(join(folder, 'graphcool.yml'), 'types: ./types.graphql\npermissions:\n- operation: "*"\n');
  writeFileSync(
    join(folder, 'types.graphql'),
    `type Account @model { id: ID! @isUnique secret: Password! old: [Password!] parts: [Part!]! @relation(name: "Parts") }
     type Part @model { id: ID! @isUnique pin: Password account: Account @relation(name: "Parts") }`,
  );
  assert.ok([0, 3].includes(run(['convert', folder, '--out', join(home, 'vault')]).code));
  const sent = [];
  const db = { run: async (questions) => (sent.push(...questions), questions.map(() => ({ value: { id: 'a' } }))) };
  const vault = join(home, 'vault');
  const api = createApi({ schema: read(join(vault, 'schema.graphql')), model: readJson(join(vault, 'src/model.json')), permissions: { open: true }, db });
  const document = graphql.parse(`mutation {
    createAccount(secret: "plain-1", old: ["plain-2"], parts: [{ pin: "plain-3" }]) { id }
    updateAccount(id: "a", secret: "plain-4") { id }
    updatePart(id: "a", pin: null) { id } }`);
  const result = await graphql.execute({ schema: api.schema, document, contextValue: api.context({ caller: { kind: 'nobody' } }) });
  assert.equal(result.errors, undefined);
  const [create, update, part] = sent.map(({ data }) => data);
  const bcrypt = createRequire(join(template, 'package.json'))('bcryptjs');
  const hashes = [create.secret, create.old.set[0], create.parts.create[0].pin, update.secret];
  for (const [n, hash] of hashes.entries()) {
    assert.match(hash, /^\$2a\$10\$/);
    assert.ok(await bcrypt.compare(`plain-${n + 1}`, hash));
  }
  assert.equal(part.pin, null);
  assert.ok(!JSON.stringify(sent).includes('plain-'));
});
