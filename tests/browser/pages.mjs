// What a person does with the page, and what must then be on it, whatever server is behind it: an API of truth/projects/social
// that holds nothing yet.
import assert from 'node:assert/strict';

/** Asks a Simple API as somebody else would: the data of the answer. */
export async function ask({ http, token }, query, variables) {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
  const { data, errors } = await (await fetch(http, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}
const create = 'mutation ($title: String!) { createPost(title: $title, scores: [], views: 7) { id } }';

/** Query, mutation, optimistic update, both ways of paging. */
export async function usePage(browser, name, server) {
  for (const title of ['a', 'b', 'c', 'd', 'e']) await ask(server, create, { title });
  const page = await browser.page(name, server);
  await page.until('posts', ['a 7 -', 'b 7 -']);
  assert.equal(await page.text('count'), '5');

  await page.press('skip');
  await page.until('posts', ['a 7 -', 'b 7 -', 'c 7 -', 'd 7 -']);
  await page.press('after');
  await page.until('posts', ['a 7 -', 'b 7 -', 'c 7 -', 'd 7 -', 'e 7 -']);

  const release = await page.hold('Rename');
  await page.type('aa');
  await page.press('rename');
  await page.until('posts', ['aa? 7 -', 'b 7 -', 'c 7 -', 'd 7 -', 'e 7 -']);
  const { allPosts } = await ask(server, '{ allPosts(filter: { title_starts_with: "a" }) { title } }');
  assert.deepEqual(allPosts, [{ title: 'a' }], 'what is shown is a guess: the server has not heard of it');
  release();
  await page.until('posts', ['aa 7 -', 'b 7 -', 'c 7 -', 'd 7 -', 'e 7 -']);

  await page.type('0');
  await page.press('add');
  await page.until('posts', ['0 0 0@example.com', 'aa 7 -']);
  assert.equal(await page.text('count'), '6');
  assert.deepEqual(page.errors, []);
  await page.close();
}

/** What another client changes appears. `started()` resolves when the server knows of the page's subscription. */
export async function listenOnPage(browser, name, server, started) {
  const page = await browser.page(name, server);
  await page.press('listen');
  await started();
  const { createPost } = await ask(server, create, { title: 'live' });
  await page.until('events', ['CREATED live -']);
  await ask(server, 'mutation ($id: ID!) { updatePost(id: $id, title: "changed") { id } }', { id: createPost.id });
  await page.until('events', ['CREATED live -', 'UPDATED changed live']);
  await ask(server, 'mutation ($id: ID!) { deletePost(id: $id) { id } }', { id: createPost.id });
  await page.until('events', ['CREATED live -', 'UPDATED changed live', 'DELETED - changed']);
  assert.deepEqual(page.errors, []);
  await page.close();
}
