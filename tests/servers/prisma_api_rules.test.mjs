// Rules of a Prisma service's API that no recorded talk goes through; what they protect is said by the specification as measured.
import assert from 'node:assert/strict';
import { test } from '../lib.mjs';
import { createApi } from '../../fixtures/servers/prisma/api/api.mjs';
import { readDatamodel } from '../../fixtures/servers/prisma/datamodel.mjs';
import { Store } from '../../fixtures/servers/prisma/store.mjs';

function service(sdl, database = 'mysql') {
  const datamodel = readDatamodel(sdl);
  const store = new Store(datamodel, { database });
  const api = createApi({ datamodelText: sdl, datamodel, store });
  const text = async (query, variables) => (await api.execute(JSON.stringify({ query, variables }))).body;
  const ask = async (query, variables) => JSON.parse(await text(query, variables));
  const data = async (query, variables) => {
    const { data, errors } = await ask(query, variables);
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  };
  return { api, store, text, ask, data };
}

const library = `
type Author { id: ID! @id name: String books: [Book!]! @relation(name: "Books", onDelete: CASCADE) }
type Book { id: ID! @id title: String author: Author @relation(name: "Books") pages: [Page!]! @relation(name: "Pages", onDelete: CASCADE)
  shelf: Shelf @relation(name: "Shelf") }
type Page { id: ID! @id text: String book: Book! @relation(name: "Pages") }
type Shelf { id: ID! @id best: Book! @relation(name: "Best") books: [Book!]! @relation(name: "Shelf") }`;

await test('deleting cascades over several levels, and stops where a node that stays requires one that goes', async () => {
  const { store, ask, data } = service(library);
  await data(`mutation { createAuthor(data: {id: "a", books: {create: [
    {id: "b1", pages: {create: [{id: "p1"}, {id: "p2"}]}}, {id: "b2", pages: {create: [{id: "p3"}]}}]}}) { id } }`);
  await data('mutation { createShelf(data: {id: "s", best: {connect: {id: "b2"}}}) { id } }');
  const refused = await ask('mutation { deleteAuthor(where: {id: "a"}) { id } }');
  assert.equal(refused.errors[0].code, 3042);
  assert.equal(refused.errors[0].message, "The change you are trying to make would violate the required relation 'Best' between Book and Shelf");
  assert.deepEqual(['Author', 'Book', 'Page'].map((type) => store.count(type)), [1, 2, 3]);
  await data('mutation { deleteShelf(where: {id: "s"}) { id } deleteManyAuthors { count } }');
  assert.deepEqual(['Author', 'Book', 'Page', 'Shelf'].map((type) => store.count(type)), [0, 0, 0, 0]);
});

await test('a node without the node that it requires is null in its list, and every such null is told', async () => {
  const { store, ask } = service(library);
  store.insert('Page', { id: 'p1', text: 'lost' });
  const { data, errors } = await ask('{ pages { id book { title } } pagesConnection { edges { node { text } } } }');
  assert.deepEqual(data, { pages: [null], pagesConnection: { edges: [{ node: { text: 'lost' } }] } });
  assert.deepEqual(errors.map(({ path, code }) => [path, code]), [[['pages', 0, 'book'], undefined]]);
  assert.match(errors[0].message, /^Cannot return null for non-nullable type \(line 1, column 14\):\n/);
});

await test('one row without a foreign key hides everybody from _none and _every, as NOT IN does', async () => {
  const { data } = service(library);
  await data('mutation { createAuthor(data: {id: "a", books: {create: [{id: "b1", title: "x"}]}}) { id } createBook(data: {id: "b2", title: "y"}) { id } }');
  const found = await data('{ a: authors(where: {books_none: {title: "y"}}) { id } b: authors(where: {books_none: {title: "z"}}) { id } c: authors(where: {books_every: {title: "x"}}) { id } d: authors(where: {books_some: {title: "x"}}) { id } }');
  assert.deepEqual(Object.values(found).map((list) => list.length), [0, 1, 0, 1]);
});

const values = 'type Thing { id: ID! @id meta: Json blobs: [Json!]! @scalarList(strategy: RELATION) f: Float n: Int when: DateTime u: String @unique }';

await test('numbers in Json keep every digit, in variables, literals and answers', async () => {
  const { text } = service(values);
  const meta = '{"big":12345678901234567890,"small":0.1000000000000000055511151231257827,"huge":1e400,"plain":[1,-2.5,"raw 0"]}';
  const made = await text(`mutation { createThing(data: {meta: ${JSON.stringify(meta)}, blobs: {set: ["[9007199254740993]"]}}) { meta blobs } }`);
  assert.equal(made, `{"data":{"createThing":{"meta":${meta},"blobs":[[9007199254740993]]}}}`);
  const { api } = service(values);
  const { body } = await api.execute(`{"query":"mutation ($m: Json) { createThing(data: {meta: $m}) { meta } }","variables":{"m":${meta}}}`);
  assert.equal(body, `{"data":{"createThing":{"meta":${meta}}}}`);
});

await test('PostgreSQL keeps fifteen digits of a Float, MySQL all', async () => {
  for (const [database, kept] of [['mysql', 0.30000000000000004], ['postgres', 0.3]])
    assert.equal((await service(values, database).data('mutation { createThing(data: {f: 0.30000000000000004}) { f } }')).createThing.f, kept);
});

await test('a page in the order of ids, and a lookup of many ids, touch no more rows than they answer', async () => {
  for (const database of ['mysql', 'postgres']) {
    const { store, data } = service(values, database);
    for (let n = 0; n < 20000; n++) store.insert('Thing', { id: `id${String((n * 7919) % 20000).padStart(6, '0')}`, n });
    let touched = 0;
    const sortedRows = store.sortedRows.bind(store);
    store.sortedRows = (type) =>
      new Proxy(sortedRows(type), { get: (rows, key) => (typeof key === 'string' && /^\d/.test(key) && touched++, rows[key]) });
    const { things } = await data('{ things(first: 1000, after: "id009999", orderBy: id_ASC) { id } }');
    assert.deepEqual([things.length, things[0].id, things.at(-1).id], [1000, 'id010000', 'id010999']);
    assert.ok(touched <= 2 * 1001 + 20, `${touched} rows touched`);
    touched = 0;
    const ids = things.map(({ id }) => id).reverse();
    const found = await data('query ($ids: [ID!]) { things(where: {id_in: $ids}) { id } }', { ids });
    assert.deepEqual(found.things, things);
    assert.equal(touched, 0);
  }
});

await test('a self relation that keeps its key at the wrong end has room for one child, and no list', async () => {
  const { data } = service('type Man { id: ID! @id mentor: Man @relation(name: "M") pupils: [Man!]! @relation(name: "M") }');
  await data('mutation { createMan(data: {id: "old", pupils: {create: [{id: "x"}, {id: "y"}]}}) { id } }');
  const { men } = await data('{ men { id mentor { id } pupils { id } } }');
  assert.deepEqual(men, [
    { id: 'old', mentor: null, pupils: [] },
    { id: 'x', mentor: null, pupils: [] },
    { id: 'y', mentor: { id: 'old' }, pupils: [] },
  ]);
});

await test('what fails in a nested write undoes all of it', async () => {
  const { store, ask } = service(library);
  const { errors } = await ask('mutation { createAuthor(data: {id: "a", books: {create: [{id: "b"}, {id: "b"}]}}) { id } }');
  assert.equal(errors[0].message, 'A unique constraint would be violated on Book. Details: Field name = id');
  assert.deepEqual([store.count('Author'), store.count('Book'), [...store.pairs('Books')].length], [0, 0, 0]);
});

await test('what the connection to a database cannot carry breaks, as on the real server', async () => {
  const many = Array.from({ length: 40000 }, (_, n) => `id${n}`);
  for (const [database, where, works] of [
    ['mysql', { id_in: many }, true],
    ['postgres', { id_in: many }, false],
    ['postgres', { id_in: many.slice(0, 3000) }, true],
    ['mysql', { id: '😀' }, false],
    ['postgres', { id: '😀' }, true],
    ['mysql', { OR: null }, false],
  ]) {
    const { data, errors } = await service(values, database).ask('query ($where: ThingWhereInput) { things(where: $where) { id } }', { where });
    assert.deepEqual([database, works], [database, data !== null]);
    if (errors) assert.match(errors[0].message, /^Whoops\. Looks like an internal server error\./);
  }
});
