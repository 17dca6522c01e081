// Clients of then and now, in a real browser: the same page shows the same over the old server and over the application.
import { skip, test, truth } from '../lib.mjs';
import { TOKEN, graphcoolServer } from '../lib/graphcool_server.mjs';
import { canBrowse, openBrowser } from './browser.mjs';
import { usePage } from './pages.mjs';

const project = truth('projects/social');
const why = !project ? 'no truth here' : canBrowse() ? '' : 'neither Chromium nor its packages are here (tests/setup.sh test)';
const browser = why ? null : await openBrowser();

const clients = { 'apollo-1': 'apollo-client 1', 'apollo-3': '@apollo/client 3' };
for (const [name, said] of Object.entries(clients))
  await test(`${said} reads, writes, guesses and pages over the Graphcool stand-in`, async () => {
    if (!browser) skip(why);
    const server = await graphcoolServer(project);
    try {
      const protocol = name === 'apollo-3' ? { protocol: 'subscriptions-transport-ws' } : {};
      await usePage(browser, name, { http: server.api, token: TOKEN, socket: '', ...protocol });
    } finally {
      await server.stop();
    }
  });

await browser?.close();
