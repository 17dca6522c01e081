// Tokens and secrets reach nothing that is printed or written: not on the good way, not when a server throws them back, not when
// the process is killed in the middle. Every output, every file of the workspace and of the rejects is searched, byte by byte.
import assert from 'node:assert';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, root, runAsync, test, truth } from '../lib.mjs';
import { graphcoolServer, TOKEN } from '../lib/graphcool_server.mjs';
import { startPrisma } from '../lib/servers.mjs';

const SECRET = 'planted-service-secret-8f3a';
const work = mkdtempSync(join(tmpdir(), 'gcm-secrets-'));
const project = truth('ndf/social');
const data = truth('ndf/social/expected.json.gz');
const env = { GRAPHCOOL_TOKEN: TOKEN, PRISMA_SECRET: SECRET };

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

/** The planted texts, and what is made of them: signed tokens begin like this. */
const planted = [TOKEN, SECRET, 'eyJhbGci'];
let searched = 0;
function search(what, bytes) {
  searched += bytes.length;
  for (const text of planted) assert.ok(!bytes.includes(text), `${what} holds ${text}`);
}

/** Runs a command; its output and every file of the folder are searched. */
async function command(place, args, options = {}) {
  const full = [...args, '--workspace', join(place, 'stage'), '--out', join(place, 'app'), '--verbose'];
  const result = await runAsync(full, { env, ...options });
  assert.notEqual(result.signal, 'SIGKILL', `${args[0]} took too long`);
  search(`the output of ${args[0]}`, Buffer.from(result.stdout + result.stderr));
  for (const path of files(place)) search(path, readFileSync(path));
  return result;
}

function newPlace(name) {
  const place = join(work, name);
  mkdirSync(place);
  return place;
}

/** A server that says back, in every way that it knows, what it was sent in the header. */
async function echoServer(answer) {
  const server = createServer((req, res) => {
    req.resume().on('end', () => {
      const { status = 200, type = 'application/json', body } = answer(req.headers.authorization ?? 'nothing', req.url);
      res.writeHead(status, { 'Content-Type': type, Location: `http://127.0.0.1:1/${req.headers.authorization}` }).end(body);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => (server.closeAllConnections(), server.close()) };
}

const echoes = {
  'a code and an error': (token) => ({ body: JSON.stringify({ code: 3008, error: `no rights with ${token}` }) }),
  'errors': (token) => ({ body: JSON.stringify({ errors: [{ message: `what is ${token}?`, code: 3015 }] }) }),
  'an internal error': (token) => ({ status: 500, body: JSON.stringify({ errors: [{ message: `Whoops ${token}` }] }) }),
  'HTML': (token) => ({ type: 'text/html', body: `<h1>${token}</h1>` }),
  'a gateway': (token) => ({ status: 403, type: 'text/html', body: `<h1>${token}</h1>` }),
  'a redirect': (token) => ({ status: 302, body: token }),
  'a refused record': (token, url) =>
    url.endsWith('/import')
      ? { body: JSON.stringify([`Failure inserting User with Id: x. Cause: ${token}`]) }
      : { body: JSON.stringify({ data: {} }) },
  'an API that has nothing': (token, url) =>
    url.endsWith('/import') ? { body: JSON.stringify([{ index: 0, message: token }]) } : { body: JSON.stringify({ errors: [{ message: token, code: 3039 }] }) },
};

await test('tokens and secrets reach no output and no file while data are moved', async () => {
  const place = newPlace('moved');
  const source = await graphcoolServer(project, ['--data', data, '--page-limit', '20000']);
  const { code } = await runAsync(['convert', project, '--out', join(place, 'app')]);
  assert.ok(code === 0 || code === 3);
  const target = await startPrisma({ datamodel: join(place, 'app/prisma/datamodel.prisma'), service: 's', stage: 'dev', secret: SECRET });
  try {
    for (const args of [
      ['export', project, '--endpoint', source.api, '--progress', 'json'],
      ['check', project, '--show', 'all', '--progress', 'json'],
      ['check', project, '--format', 'json'],
      ['import', project, '--endpoint', `${target.url}/s/dev`, '--progress', 'json'],
      ['verify', project, '--endpoint', `${target.url}/s/dev`, '--format', 'json', '--progress', 'json'],
    ]) {
      const result = await command(place, args);
      assert.equal(result.code, 0, `${args.join(' ')}: ${result.stderr}`);
    }
    const status = await runAsync(['status', '--workspace', join(place, 'stage'), '--format', 'json'], { env });
    assert.equal(status.code, 0);
    search('the output of status', Buffer.from(status.stdout + status.stderr));
  } finally {
    await source.stop();
    await target.stop();
  }
  return `${(searched / 1e6).toFixed(1)} MB searched`;
});

await test('tokens that a server throws back are not repeated', async () => {
  const place = newPlace('echoes');
  await runAsync(['convert', project, '--out', join(place, 'app')]);
  const staged = await command(place, ['export', project, '--from', truth('ndf/social.zip')]);
  assert.equal(staged.code, 0, staged.stderr);
  assert.equal((await command(place, ['check', project])).code, 0);
  const codes = [];
  for (const [name, answer] of Object.entries(echoes)) {
    const server = await echoServer(answer);
    try {
      const other = newPlace(`echo ${name}`);
      const exported = await command(other, ['export', project, '--endpoint', `${server.url}/simple/v1/s`], { timeout: 120000 });
      assert.notEqual(exported.code, 0, `export took ${name} for data`);
      // A stage belongs to one target: every echo has a copy of its own.
      const copy = newPlace(`import ${name}`);
      await runAsync(['-r', join(place, 'stage'), join(copy, 'stage')], { program: 'cp' });
      const imported = await command(copy, ['import', project, '--endpoint', `${server.url}/s/dev`, '--into-filled', '--settle', '0.1'], { timeout: 120000 });
      assert.ok(![0, 1].includes(imported.code), `import took ${name} for success`);
      const verified = await command(copy, ['verify', project, '--endpoint', `${server.url}/s/dev`], { timeout: 120000 });
      assert.notEqual(verified.code, 0, `verify took ${name} for equal data`);
      codes.push(`${name} ${exported.code}/${imported.code}/${verified.code}`);
    } finally {
      server.stop();
    }
  }
  return codes.join(', ');
});

await test('nothing is left in the stage or its WAL by a process that is killed', async () => {
  const source = await graphcoolServer(project, ['--data', data, '--page-limit', '5000']);
  let logs = 0;
  try {
    for (let round = 0; round < 12; round++) {
      const place = newPlace(`killed ${round}`);
      const child = spawn(binary, ['export', project, '--endpoint', source.api, '--workspace', join(place, 'stage')], {
        cwd: root,
        env: { ...process.env, ...env },
        stdio: 'ignore',
      });
      const ended = new Promise((done) => child.on('close', done));
      await new Promise((done) => setTimeout(done, 40 + round * 40));
      child.kill('SIGKILL');
      await ended;
      for (const path of files(place)) {
        logs += path.endsWith('-wal');
        search(path, readFileSync(path));
      }
    }
  } finally {
    await source.stop();
  }
  assert.ok(logs > 0, 'no WAL was left behind: nothing was shown');
  return `${logs} logs searched`;
});

await test('a token in a file, and one that no header can carry, are not repeated', async () => {
  const place = newPlace('files');
  const path = join(place, 'token.txt');
  const lines = `${TOKEN}\nand a second line\n`;
  writeFileSync(path, lines);
  const { code, stdout, stderr } = await runAsync(['export', project, '--endpoint', 'http://127.0.0.1:1/simple/v1/s', '--token-file', path, '--workspace', join(place, 'stage')]);
  assert.equal(code, 2);
  search('the output', Buffer.from(stdout + stderr));
});

rmSync(work, { recursive: true, force: true });
