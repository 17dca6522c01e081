// Clients of then and now, in a real browser: the same page shows the same over the old server and over the application.
import assert from 'node:assert/strict';
import { skip, test, truth } from '../lib.mjs';
import { startApp } from '../lib/app.mjs';
import { TOKEN, graphcoolServer } from '../lib/graphcool_server.mjs';
import { canBrowse, openBrowser } from './browser.mjs';
import { ask, listenOnPage, usePage } from './pages.mjs';

const project = truth('projects/social');
const why = !project ? 'no truth here' : canBrowse() ? '' : 'neither Chromium nor its packages are here (tests/setup.sh test)';
const browser = why ? null : await openBrowser();

const legacy = 'subscriptions-transport-ws';
const clients = [
  { page: 'apollo-1', name: 'apollo-client 1', protocol: legacy },
  { page: 'apollo-3', name: '@apollo/client 3', protocol: legacy },
  { page: 'apollo-3', name: '@apollo/client 3', protocol: 'graphql-ws' },
];

for (const { page, name, protocol } of clients.slice(0, 2))
  await test(`${name} reads, writes, guesses and pages over the Graphcool stand-in`, async () => {
    if (!browser) skip(why);
    const server = await graphcoolServer(project);
    try {
      await usePage(browser, page, { http: server.api, token: TOKEN, socket: '', protocol });
    } finally {
      await server.stop();
    }
  });

for (const { page, name, protocol } of clients)
  await test(`${name} with ${protocol} reads, writes, guesses, pages and listens over the application`, async () => {
    if (!browser) skip(why);
    const app = await startApp(project);
    const server = { http: app.url, socket: app.socket, token: app.token('root'), protocol };
    try {
      await usePage(browser, page, server);
      await listenOnPage(browser, page, server, () => until(() => app.prisma.subscriptions() > 0));
    } finally {
      await app.close();
    }
  });

await test('GraphiQL opens without any network, asks and subscribes, and speaks to nobody but the application', async () => {
  if (!browser) skip(why);
  const app = await startApp(project, { env: { NODE_ENV: 'development' } });
  try {
    const origin = new URL('/', app.url);
    const page = await browser.graphiql(String(origin));
    await page.run('{ _allPostsMeta { count } }');
    await page.until('"count": 0');
    await page.run('subscription { Post { mutation node { title } } }');
    await until(() => app.prisma.subscriptions() > 0);
    await ask({ http: app.url, token: app.token('root') }, 'mutation { createPost(title: "live", scores: []) { id } }');
    await page.until('"mutation": "CREATED"');
    assert.deepEqual(page.errors, []);
    const hosts = new Set(page.asked.map((url) => new URL(url)).filter(({ protocol }) => protocol !== 'data:').map(({ host }) => host));
    assert.deepEqual([...hosts], [origin.host]);
    await page.close();
    return `${page.asked.length} requests`;
  } finally {
    await app.close();
  }
});

await browser?.close();

/** Looks again after each turn of the event loop; what never comes is ended by the runner. */
async function until(holds) {
  while (!holds()) await new Promise((done) => setImmediate(done));
}
