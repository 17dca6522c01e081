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
