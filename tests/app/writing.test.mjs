// Writes that no recorded conversation has, over both databases: what the client is answered, and what is there afterwards.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip, test } from '../lib.mjs';
import { canStart, startApp } from '../lib/app.mjs';
import { asker } from '../lib/talk.mjs';

if (!canStart()) {
  await test('writing', () => skip('the packages of rules/templates/app are not installed'));
  process.exit();
}

/** Holds a conversation with the application of these types: ask(query) → data; whatever is refused fails the test. */
async function talk(types, hold) {
  const project = mkdtempSync(join(tmpdir(), 'gcm-writing-'));
  writeFileSync(join(project, 'graphcool.yml'), 'types: ./types.graphql\npermissions:\n- operation: "*"\n');
  writeFileSync(join(project, 'types.graphql'), types);
  for (const database of ['mysql', 'postgres']) {
    const app = await startApp(project, { database });
    const asked = asker(app.url, app.token);
    const ask = async (query) => {
      const { answer } = await asked({ as: 'root', path: '' }, JSON.stringify({ query }));
      assert.equal(answer.errors, undefined, `${database}: ${query}: ${JSON.stringify(answer.errors)}`);
      return answer.data;
    };
    try {
      await hold(ask, app);
    } finally {
      asked.close();
      await app.close();
    }
  }
  rmSync(project, { recursive: true });
}

await test('taking away an edge that is not there is no error, whatever the relation is called in the datamodel', () => {
  const long = 'ARelationWithANameThatGoesOnAndOnUntilItIsFarTooLongForPrisma';
  const types = `
    type Post @model { id: ID! @isUnique  title: String  author: User @relation(name: "${long}")  editor: User @relation(name: "Edits")  reader: User @relation(name: "EDITS") }
    type User @model { id: ID! @isUnique  posts: [Post!]! @relation(name: "${long}")  edits: [Post!]! @relation(name: "Edits")  reads: [Post!]! @relation(name: "EDITS") }`;
  return talk(types, async (ask, { model }) => {
    assert.deepEqual(Object.fromEntries(Object.entries(model.relations).map(([name, { to }]) => [name, to])), {
      [long]: long.slice(0, 54),
      Edits: undefined,
      EDITS: 'EDITS2',
    });
    const { createPost } = await ask('mutation { createPost(title: "a") { id } }');
    const query = `mutation { updatePost(id: "${createPost.id}", title: "b", authorId: null, editorId: null, readerId: null) { title author { id } } }`;
    assert.deepEqual(await ask(query), { updatePost: { title: 'b', author: null } });
  });
});

await test('every node of a mutation is there afterwards, however deep and in whatever relation to its own type', () => {
  const types = `
    type Note @model { id: ID! @isUnique  text: String
      follows: Note @relation(name: "Following")  invited: [Note!]! @relation(name: "Following")
      parent: Note @relation(name: "Family")  child: Note @relation(name: "Family")
      friends: [Note!]! @relation(name: "Friends") }`;
  return talk(types, async (ask) => {
    const all = async () => (await ask('{ allNotes(orderBy: text_ASC) { text follows { text } parent { text } friends(orderBy: text_ASC) { text } } }')).allNotes;
    const { createNote } = await ask(`mutation { createNote(text: "a", follows: { text: "b", invited: [
      { text: "c", invited: [{ text: "d" }, { text: "e", child: { text: "f" } }] }, { text: "g", friends: [{ text: "h", friends: [{ text: "hh" }] }, { text: "i" }] }] }) { id } }`);
    const note = (text, more) => ({ text, follows: null, parent: null, friends: [], ...more });
    const follows = (text, more) => ({ follows: { text }, ...more });
    const [h, i] = [{ text: 'h' }, { text: 'i' }];
    const made = [
      note('a', follows('b')),
      note('b'),
      note('c', follows('b')),
      note('d', follows('c')),
      note('e', follows('c')),
      note('f', { parent: { text: 'e' } }),
      note('g', follows('b', { friends: [h, i] })),
      note('h', { friends: [{ text: 'hh' }] }),
      note('hh'),
      note('i'),
    ];
    assert.deepEqual(await all(), made);
    // An edge that is not there is taken away, too: the whole write is said again without it.
    await ask(`mutation { updateNote(id: "${createNote.id}", parentId: null, follows: { text: "k", invited: [{ text: "l" }, { text: "m", invited: [{ text: "n" }] }] }) { id } }`);
    assert.deepEqual((await all()).slice(10), [note('k'), note('l', follows('k')), note('m', follows('k')), note('n', follows('m'))]);
    assert.deepEqual((await all())[0], note('a', follows('k')));
    const both = (text) => `text: "${text}", follows: { text: "${text}1", invited: [{ text: "${text}2" }] }`;
    for (const id of [createNote.id, 'cj000000000000000000nope']) await ask(`mutation { updateOrCreateNote(update: { id: "${id}", ${both('o')} }, create: { ${both('p')} }) { id } }`);
    const texts = (await all()).map(({ text }) => text).slice(13);
    assert.deepEqual(texts, ['o', 'o1', 'o2', 'p', 'p1', 'p2']);
  });
});

await test('a node that is made beside an edge which is there already is not left out', () => {
  const types = `
    type Flat @model { id: ID! @isUnique  number: String  owner: Owner! @relation(name: "Owning") }
    type Owner @model { id: ID! @isUnique  name: String  flat: Flat @relation(name: "Owning") }`;
  return talk(types, async (ask) => {
    const { createFlat } = await ask('mutation { createFlat(number: "1", owner: { name: "a" }) { id owner { id } } }');
    const again = `id: "${createFlat.owner.id}", flatId: "${createFlat.id}"`;
    assert.deepEqual(await ask(`mutation { updateOwner(${again}, name: "b") { name flat { number } } }`), { updateOwner: { name: 'b', flat: { number: '1' } } });
    await assert.rejects(ask(`mutation { updateOwner(${again}, flat: { number: "2" }) { name } }`), /The field 'owner' on type 'Flat' is required/);
  });
});

await test('updateOrCreate names the value that is there already, also one that only its create has', () =>
  talk('type Tag @model { id: ID! @isUnique  text: String @isUnique  size: Int }', async (ask) => {
    await ask('mutation { createTag(text: "a") { id } }');
    const query = 'mutation { updateOrCreateTag(update: { id: "cj000000000000000000nope", size: 1 }, create: { text: "a" }) { id } }';
    await assert.rejects(ask(query), /Field name = text/);
  }));
