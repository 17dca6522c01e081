// The fault machine of the stand-ins: each kind does to a client what it says, once, at the request it says.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { createGunzip } from 'node:zlib';
import { serve } from '../../fixtures/servers/http.mjs';
import { test } from '../lib.mjs';

const page = JSON.stringify({ rows: 'x'.repeat(1000) });
let worked = 0;
const front = await serve({
  handle: request => {
    worked++;
    return { body: page, elements: 3, repeated: request.path === '/again' ? 2 : 0 };
  },
  hooks: { errors: () => '{"errors":["mine"]}', duplicate: answer => ({ ...answer, body: answer.body + answer.body }) },
  control: { dump: () => ['{"a":', '1}'], reset: () => (worked = 0) },
  limit: 5000,
  tooLarge: () => ({ status: 400, body: 'too large' }),
});
const control = body => fetch(`${front.url}/__control`, { method: 'POST', body: JSON.stringify(body) });

/** Everything that a socket says to one request: {text, error}. */
function raw(path = '/x', { timeout = 3000, headers = '' } = {}) {
  return new Promise(done => {
    const socket = connect(
      front.port,
      '127.0.0.1',
    );
    let text = '';
    const timer = setTimeout(() => socket.destroy(new Error('silent')), timeout);
    const finish = error => {
      clearTimeout(timer);
      done({ text, error: error?.code ?? error?.message ?? null });
    };
    socket.on('data', data => (text += data.toString('latin1')));
    socket.on('error', finish);
    socket.on('end', () => finish(null));
    socket.on('close', () => finish(null));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
  });
}
/** What one request meets when `fault` is set: {text, error, worked}. */
async function meets(fault, options) {
  await control({ reset: true, faults: [{ at: 1, path: '/x', ...fault }] });
  const result = await raw('/x', { headers: 'Connection: close\r\n', timeout: 500, ...options });
  return { ...result, worked };
}

await test('a fault fires once, at its request, on its path and method', async () => {
  await control({ faults: [{ at: 2, path: '/x', kind: 502 }, { at: 1, path: '*', method: 'PUT', kind: '504' }] });
  const statuses = [];
  for (const [path, method] of [['/x', 'GET'], ['/y', 'GET'], ['/a/x', 'GET'], ['/x', 'GET'], ['/y', 'PUT']])
    statuses.push((await fetch(front.url + path, { method })).status);
  assert.deepEqual(statuses, [200, 200, 502, 200, 504]);
});
await test('before and after tell whether the work was done', async () => {
  const done = [];
  for (const kind of [
    'reset-before',
    'reset-after',
    '429',
    '429-after',
    'empty',
    'empty-after',
    'errors',
    'errors-after',
  ])
    done.push((await meets({ kind })).worked);
  assert.deepEqual(done, [0, 1, 0, 1, 0, 1, 0, 1]);
});
await test('connections are reset, refused, stalled', async () => {
  assert.equal((await meets({ kind: 'reset-before' })).error, 'ECONNRESET');
  assert.equal((await meets({ kind: 'reset-after' })).error, 'ECONNRESET');
  assert.equal((await meets({ kind: 'stall' })).error, 'silent');
  assert.match((await meets({ kind: 'stall', ms: 50 })).text, /rows/);
  assert.equal((await meets({ kind: 'refuse', ms: 300 })).error, 'ECONNRESET');
  assert.equal((await raw()).error, 'ECONNREFUSED');
  await new Promise(done => setTimeout(done, 400));
  assert.match((await raw('/x', { headers: 'Connection: close\r\n' })).text, /200 OK/);
});
await test('bodies are cut, mis-declared, never ended, dripped', async () => {
  const cut = (await meets({ kind: 'truncate' })).text;
  assert.match(cut, new RegExp(`Content-Length: ${page.length}`));
  assert.ok(!cut.includes(page) && cut.includes(page.slice(0, 400)));
  const wrong = (await meets({ kind: 'wrong-length' })).text;
  assert.match(wrong, new RegExp(`Content-Length: ${page.length >> 1}\\b`));
  assert.ok(wrong.includes(page));
  const endless = (await meets({ kind: 'no-end' })).text;
  assert.ok(/chunked/.test(endless) && endless.includes(page) && !endless.includes('\r\n0\r\n'));
  const started = Date.now();
  assert.ok((await meets({ kind: 'drip', ms: 10, pieces: 10 })).text.includes(page));
  assert.ok(Date.now() - started >= 90);
});
await test('gateways: 429 with Retry-After, 502, 504, HTML with status 200, redirects', async () => {
  assert.match((await meets({ kind: '429', retryAfter: 7 })).text, /429 Too Many Requests\r\n[^]*Retry-After: 7/);
  assert.match((await meets({ kind: '502' })).text, /502 Bad Gateway[^]*text\/html/);
  assert.match((await meets({ kind: 'html' })).text, /200 OK[^]*<html>/);
  assert.match((await meets({ kind: 'redirect', to: 'http://x.test/' })).text, /307 [^]*Location: http:\/\/x.test\//);
});
await test("what looks different at each server is that server's own: errors, duplicated rows", async () => {
  assert.match((await meets({ kind: 'errors' })).text, /\{"errors":\["mine"\]\}/);
  assert.ok((await meets({ kind: 'duplicate-rows' })).text.includes(page + page));
});
await test('a gzip bomb is a thousand times what is sent', async () => {
  await control({ faults: [{ kind: 'gzip-bomb', bytes: 64 << 20 }] });
  const { request } = await import('node:http');
  const [sent, bytes] = await new Promise(done => {
    request(front.url, res => {
      let bytes = 0;
      let sent = 0;
      res.on('data', data => (sent += data.length));
      res
        .pipe(createGunzip())
        .on('data', data => (bytes += data.length))
        .on('end', () => done([sent, bytes]));
    }).end();
  });
  assert.equal(bytes, 64 << 20);
  assert.ok(sent * 500 < bytes);
  return `${sent} bytes on the wire`;
});
await test('kill ends the process it names, after the work, and answers nobody', async () => {
  const child = spawn('sleep', ['60']);
  const ended = new Promise(done => child.on('exit', (code, signal) => done(signal)));
  const { error, worked } = await meets({ kind: 'kill', pid: child.pid });
  assert.deepEqual([error, worked, await ended], ['ECONNRESET', 1, 'SIGKILL']);
});
await test('a body over the limit is refused and the connection closed', async () => {
  const answer = await fetch(front.url, { method: 'POST', body: 'x'.repeat(5001) });
  assert.deepEqual([answer.status, await answer.text(), answer.headers.get('connection')], [400, 'too large', 'close']);
  assert.equal((await fetch(front.url, { method: 'POST', body: 'x'.repeat(5000) })).status, 200);
});
await test('the log counts requests, bytes, elements and what was stored before, and says whether a token came', async () => {
  await control({ log: [], faults: [{ at: 2, path: '/again', kind: '502' }] });
  await fetch(`${front.url}/again`, { method: 'POST', body: 'abc', headers: { authorization: 'Bearer secret' } });
  await fetch(`${front.url}/again`, { method: 'POST', body: 'abc' });
  const answer = await (await fetch(`${front.url}/__control/log`)).text();
  const { requests, counters } = JSON.parse(answer);
  assert.ok(!answer.includes('secret'));
  assert.deepEqual(
    requests.map(({ path, bytes, elements, repeated, fault, authorization }) => [
      path,
      bytes,
      elements,
      repeated,
      fault,
      authorization,
    ]),
    [['/again', 3, 3, 2, null, true], ['/again', 3, 0, 0, '502', false]],
  );
  assert.deepEqual([counters.requests, counters.elements, counters.repeated, counters.faults], [2, 3, 2, 1]);
});
await test('control refuses what it does not know and dumps what the server holds', async () => {
  assert.equal((await control({ nonsense: 1 })).status, 400);
  assert.equal((await control({ faults: [{ kind: 'earthquake' }] })).status, 400);
  assert.equal((await control({ faults: [{ kind: 'truncate-before' }] })).status, 400);
  assert.equal((await control({ faults: [] })).status, 200);
  assert.equal(await (await fetch(`${front.url}/__control/dump`)).text(), '{"a":1}');
});
await front.close();
