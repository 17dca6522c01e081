// Headless Chromium, and the pages of this folder in it.
//
//   const browser = await openBrowser()      null where Chromium or the packages of this folder are missing
//   const page = await browser.page('apollo-3', {http, socket, token, protocol})
//   page.press(id)   page.type(text)   page.items(id)   page.until(id, items)   page.hold(word) → release()
//   const graphiql = await browser.graphiql(url)
//   graphiql.run(query)   graphiql.until(text in the answer)   graphiql.asked: the addresses that it asked   graphiql.errors
//   await browser.close()
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

const folder = fileURLToPath(new URL('.', import.meta.url));
const program = '/usr/bin/chromium';
const patience = 20000;
// Chromium asks for the world as soon as it starts; a test machine has no such network, and no page is to need it.
const quiet = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const canBrowse = () => existsSync(program) && existsSync(join(folder, 'node_modules/playwright-core'));

export async function openBrowser() {
  const [{ chromium }, { build }] = await Promise.all([import('playwright-core'), import('esbuild')]);
  const bundles = {};
  for (const name of ['apollo-3', 'apollo-1'])
    bundles[name] = await build({
      entryPoints: [join(folder, `${name}.mjs`)],
      bundle: true,
      write: false,
      format: 'iife',
      logLevel: 'error',
      define: { global: 'window', process: '{}', 'process.env.NODE_ENV': '"production"' },
    }).then(({ outputFiles }) => outputFiles[0].text);
  const pages = createServer((request, response) => {
    const name = /^\/([\w-]+)/.exec(request.url)?.[1];
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (!bundles[name]) return response.writeHead(404).end();
    response.end(`${readFileSync(join(folder, 'page.html'), 'utf8')}<script>${bundles[name].replaceAll('</script', '<\\/script')}</script>`);
  });
  await new Promise((done) => pages.listen(0, '127.0.0.1', done));
  const profile = mkdtempSync(join(tmpdir(), 'gcm-chromium-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath: program, headless: true, chromiumSandbox: false, args: quiet });
  return {
    page: async (name, options) => {
      const page = await context.newPage();
      const errors = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      await page.goto(`http://127.0.0.1:${pages.address().port}/${name}?${new URLSearchParams(options)}`);
      return drive(page, options.http, errors);
    },
    graphiql: async (url) => {
      const page = await context.newPage();
      const asked = [];
      const errors = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('websocket', (socket) => asked.push(socket.url()));
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      await page.goto(url);
      return {
        asked,
        errors,
        run: async (query) => {
          await page.click('.graphiql-query-editor .CodeMirror');
          await page.keyboard.press('Control+A');
          await page.keyboard.insertText(query);
          await page.click('.graphiql-execute-button');
        },
        until: (text) => page.locator('.result-window', { hasText: text }).waitFor({ timeout: patience }),
        close: () => page.close(),
      };
    },
    close: async () => {
      await context.close();
      pages.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

function drive(page, http, errors) {
  const items = (id) => page.locator(`#${id} li`).allTextContents();
  const until = async (id, wanted) => {
    const told = await page
      .waitForFunction(
        ([name, texts]) => {
          const now = [...document.querySelectorAll(`#${name} li`)].map((one) => one.textContent);
          return JSON.stringify(now) === texts || document.getElementById('error').textContent;
        },
        [id, JSON.stringify(wanted)],
        { timeout: patience },
      )
      .then((found) => found.jsonValue(), (error) => String(error).split('\n')[0]);
    const shown = await items(id);
    if (!isDeepStrictEqual(shown, wanted))
      throw new Error(`${id} were to be ${JSON.stringify(wanted)}, are ${JSON.stringify(shown)}: ${[told, ...errors].join('; ')}`);
  };
  return {
    items,
    until,
    errors,
    text: (id) => page.locator(`#${id}`).textContent(),
    press: (id) => page.click(`#${id}`),
    type: (text) => page.fill('#title', text),
    /** Keeps the next request whose body has this word from the server until release() is called. */
    hold: async (word) => {
      let release;
      const released = new Promise((done) => (release = done));
      await page.route(
        (url) => String(url) === http,
        async (route) => {
          if (route.request().postData()?.includes(word)) await released;
          await route.continue();
        },
      );
      return release;
    },
    screenshot: (path) => page.screenshot({ path }),
    close: () => page.close(),
  };
}
