// migrator/http against servers that misbehave: what is known of a request after each fault, what is sent again, and
// what never leaves: the token.
import { strict as assert } from 'node:assert';
import { createHmac } from 'node:crypto';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../fixtures/servers/http.mjs';
import { root, run, runAsync, test } from '../lib.mjs';

const driver = join(root, 'build/release/tools/http');
const TOKEN = 'planted-token-0123456789';

/** Runs the driver: its answers, one object each. */
async function send(url, options = {}, { env = {}, timeout } = {}) {
  const words = Object.entries({ tries: 1, backoff: 5, ...options }).map(([key, value]) => `${key}=${value}`);
  const result = await runAsync(['send', url, 'token=HTTP_TOKEN', ...words], {
    program: driver,
    timeout,
    env: { HTTP_TOKEN: TOKEN, ...env },
  });
  assert.equal(result.stderr, '');
  for (const text of [result.stdout]) assert(!text.includes(TOKEN), `the token is in: ${text}`);
  const answers = result.stdout.split('\n').filter(Boolean).map(line => JSON.parse(line));
  return { code: result.code, answers, first: answers[0] };
}

const handled = { count: 0 };
const front = await serve({
  limit: 1 << 20,
  tooLarge: () => ({ status: 400, body: 'EntityStreamSizeException: actual entity size exceeded content length limit' }),
  handle: request => {
    handled.count++;
    const status = Number(request.query.get('status') ?? 200);
    return { status, body: JSON.stringify({ bytes: request.body.length, text: 'x'.repeat(5000) }) };
  },
});
const set = faults => fetch(`${front.url}/__control`, { method: 'POST', body: JSON.stringify({ faults }) });
const log = async () => (await (await fetch(`${front.url}/__control/log`)).json()).requests;

/** A raw TCP server; `talk(socket)` does the rest. */
async function rawServer(talk) {
  let connections = 0;
  const server = createServer(socket => {
    connections++;
    socket.on('error', () => {});
    talk(socket, connections);
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}/x`,
    connections: () => connections,
    close: () => server.close(),
  };
}
const answerText = (body, headers = '') =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;
/** Calls back with each whole request (head and body as one text). */
function onRequest(socket, each) {
  let held = '';
  socket.on('data', data => {
    held += data.toString('latin1');
    for (;;) {
      const head = held.indexOf('\r\n\r\n');
      if (head < 0) return;
      const size = Number(/content-length: (\d+)/i.exec(held)?.[1] ?? 0);
      if (held.length < head + 4 + size) return;
      const request = held.slice(0, head + 4 + size);
      held = held.slice(head + 4 + size);
      each(request);
    }
  });
}

// ---- each fault and what is known after it ----

const FAULTS = [
  [{ kind: 'reset' }, 'UNKNOWN', /reset|without an answer/],
  [{ kind: 'reset-after' }, 'UNKNOWN', /reset|without an answer/],
  [{ kind: 'stall' }, 'UNKNOWN', /nothing came or went/],
  [{ kind: 'truncate' }, 'UNKNOWN', /cut off/],
  [{ kind: 'wrong-length' }, 'UNKNOWN', /cut off/],
  [{ kind: 'no-end' }, 'UNKNOWN', /cut off/],
  [{ kind: 'gzip-bomb', bytes: 1 << 28 }, 'UNKNOWN', /larger than/],
  [{ kind: '429' }, 'NOT_TAKEN', /HTTP 429/],
  [{ kind: '429', retryAfter: 3600 }, 'NOT_TAKEN', /HTTP 429/],
  [{ kind: '502' }, 'UNKNOWN', /HTTP 502 from a gateway \(HTML\)/],
  [{ kind: '504' }, 'UNKNOWN', /HTTP 504 from a gateway \(HTML\)/],
  [{ kind: 'html' }, 'UNKNOWN', /HTTP 200 from a gateway \(HTML\)/],
  [{ kind: 'errors' }, 'ANSWERED', /^$/],
  [{ kind: 'empty' }, 'UNKNOWN', /HTTP 200 without an answer/],
  [{ kind: 'drip', pieces: 10, ms: 5 }, 'ANSWERED', /^$/],
  [{ kind: 'redirect', to: 'http://127.0.0.1:1/' }, 'ANSWERED', /HTTP 307: a redirect/],
];

await test('every fault of the fault machine gives its fate, and nothing is sent twice', async () => {
  const wrong = [];
  for (const [fault, fate, problem] of FAULTS) {
    await set([{ at: 1, ...fault }]);
    await fetch(`${front.url}/__control`, { method: 'POST', body: '{"log":[]}' });
    const { first } = await send(`${front.url}/x`, { body: 1000, stall: 600, cap: 1 << 22 });
    if (first.fate !== fate || !problem.test(first.problem)) wrong.push({ fault: fault.kind, first });
    const requests = (await log()).length;
    if (requests !== 1) wrong.push({ fault: fault.kind, requests });
  }
  assert.deepEqual(wrong, []);
  return `${FAULTS.length} of ${FAULTS.length}`;
});

await test('what may be asked twice is tried again until it succeeds', async () => {
  const wrong = [];
  for (const [fault] of FAULTS.filter(([, fate]) => fate !== 'ANSWERED')) {
    if (fault.kind === 'gzip-bomb' || fault.retryAfter) continue; // not tried again; waits too long for a test
    await set([{ at: 1, times: 2, ...fault }]);
    const { first } = await send(`${front.url}/x`, { repeatable: 1, tries: 4, stall: 600 });
    if (first.fate !== 'ANSWERED' || first.tries !== 3) wrong.push({ fault: fault.kind, first });
  }
  assert.deepEqual(wrong, []);
});

await test('what may not be asked twice is tried again only where it was surely not taken', async () => {
  await set([{ at: 1, times: 2, kind: '429' }]);
  const refused = await send(`${front.url}/x`, { tries: 4 });
  assert.deepEqual([refused.first.fate, refused.first.tries], ['ANSWERED', 3]);
  await set([{ at: 1, kind: 'reset' }]);
  const reset = await send(`${front.url}/x`, { tries: 4 });
  assert.deepEqual([reset.first.fate, reset.first.tries], ['UNKNOWN', 1]);
  await set([]);
});

await test('a refused connection, an unknown host and a wrong URL were not taken', async () => {
  const closed = await rawServer(() => {});
  closed.close();
  for (const [url, problem, hopeless] of [
    [closed.url, /no connection/, false],
    ['http://no-such-host.invalid/x', /cannot be resolved/, false],
    ['ftp://127.0.0.1/x', /only http/, true],
    ['file:///etc/passwd', /only http/, true],
    ['http://user:planted@127.0.0.1/x', /user name in the URL/, true],
    ['http://', /no URL|resolved/, true],
  ]) {
    const { first } = await send(url, { tries: 2 });
    assert.deepEqual([first.fate, first.status], ['NOT_TAKEN', 0], url);
    assert.match(first.problem, problem);
    assert.equal(first.tries, hopeless ? 1 : 2, url);
    assert.equal(first.retryable, !hopeless, url);
    assert(!first.error.includes('planted'), first.error);
  }
});

await test('a body above the limit is too large, read while it is being sent', async () => {
  const { answers } = await send(`${front.url}/x`, { body: 8 << 20, count: 3 });
  assert.deepEqual(answers.map(answer => answer.fate), ['TOO_LARGE', 'TOO_LARGE', 'TOO_LARGE']);
  const picky = await rawServer(socket =>
    socket.once('data', () => socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')),
  );
  const early = await send(picky.url, { body: 30 << 20 });
  picky.close();
  assert.deepEqual([early.first.fate, early.first.status], ['TOO_LARGE', 413]);
});

await test('a body that could not leave as a whole was not taken', async () => {
  const rude = await rawServer(socket => socket.once('data', () => socket.resetAndDestroy()));
  const { first } = await send(rude.url, { body: 64 << 20 });
  rude.close();
  assert.equal(first.fate, 'NOT_TAKEN');
});

await test('a kept connection that dies is not used to send again behind our back', async () => {
  let requests = 0;
  const server = await rawServer(socket => {
    let here = 0;
    onRequest(socket, () => {
      requests++;
      if (++here === 2) socket.resetAndDestroy();
      else socket.write(answerText('{}'));
    });
  });
  const { answers } = await send(server.url, { body: 100, count: 2 });
  server.close();
  assert.deepEqual(answers.map(answer => answer.fate), ['ANSWERED', 'UNKNOWN']);
  assert.equal(requests, 2);
  assert.match(answers[1].problem, /kept connection/);
});

await test('503 with Retry-After was not taken, seconds and dates are waited for, not more than two minutes', async () => {
  const waits = {};
  for (const [name, header] of [
    ['seconds', () => 'Retry-After: 1\r\n'],
    ['date', () => `Retry-After: ${new Date(Date.now() + 2000).toUTCString()}\r\n`],
    ['past', () => 'Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n'],
    ['none', () => ''],
  ]) {
    let count = 0;
    const server = await rawServer(socket =>
      onRequest(socket, () => {
        if (count++) socket.write(answerText('{}'));
        else socket.write(`HTTP/1.1 503 Busy\r\n${header()}Content-Length: 0\r\n\r\n`);
      }),
    );
    const start = Date.now();
    const { first } = await send(server.url, { tries: 2 });
    waits[name] = Date.now() - start;
    server.close();
    assert.equal(first.fate, name === 'none' ? 'UNKNOWN' : 'ANSWERED', name);
  }
  assert(waits.seconds >= 1000, `${waits.seconds} ms`);
  assert(waits.date >= 900, `${waits.date} ms`);
  assert(waits.past < 900 && waits.none < 900, JSON.stringify(waits));
});

await test('the whole time, the connection and a stall have their limits', async () => {
  const silent = await rawServer(() => {});
  const whole = await send(silent.url, { timeout: 400 });
  assert.match(whole.first.problem, /no answer within 0\.[45]/);
  assert.equal(whole.first.fate, 'UNKNOWN');
  const dripping = await rawServer(socket => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{');
    const timer = setInterval(() => socket.write(' '), 100);
    socket.on('close', () => clearInterval(timer));
  });
  const drip = await send(dripping.url, { stall: 800, timeout: 2500 });
  assert.match(drip.first.problem, /no answer within 2\.5/, 'something came all the time: no stall');
  silent.close();
  dripping.close();
});

// ---- secrets ----

await test('the token goes to the server that was named, and nowhere else', async () => {
  const seen = [];
  const other = createHttpServer((request, response) => {
    seen.push(request.headers.authorization ?? 'none');
    response.end('{}');
  });
  await new Promise(done => other.listen(0, '127.0.0.1', done));
  const to = `http://localhost:${other.address().port}/`;
  for (const status of [301, 302, 303, 307, 308]) {
    await set([{ at: 1, kind: 'redirect', status, to }]);
    const { first } = await send(`${front.url}/x`, { repeatable: 1, tries: 3 });
    assert.deepEqual([first.fate, first.status, first.tries], ['ANSWERED', status, 1]);
  }
  assert.deepEqual(seen, []);
  const first = await send(to);
  assert.deepEqual(seen, [`Bearer ${TOKEN}`]);
  assert.equal(first.first.fate, 'ANSWERED');
  other.close();
  await set([]);
});

await test('a token that no header can carry is refused, and not shown', async () => {
  for (const token of ['two words of secret', 'secret\r\nX-Evil: 1', 'sëcret']) {
    const result = await runAsync(['send', front.url, 'token=HTTP_TOKEN'], { program: driver, env: { HTTP_TOKEN: token } });
    assert.equal(result.code, 2);
    assert(!/secret|s.cret/.test(result.stdout + result.stderr), result.stderr);
  }
});

await test('headers are those of a JSON request without Expect, and a URL in an error has no query', async () => {
  let head = '';
  const server = await rawServer(socket =>
    onRequest(socket, request => {
      head = request.split('\r\n\r\n')[0].toLowerCase();
      socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}');
    }),
  );
  const { first } = await send(`${server.url}?key=planted`, { body: 2 << 20 });
  server.close();
  assert.match(head, /^post \/x\?key=planted http\/1\.1\r\n/);
  for (const line of ['content-type: application/json', 'accept-encoding: gzip', `authorization: bearer ${TOKEN}`])
    assert(head.includes(line), head);
  assert(!head.includes('expect:'), head);
  assert(!first.error.includes('planted') && first.error.includes('HTTP 404'), first.error);
});

await test('a token is read from a file, a pipe or the environment, without the blanks around it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gcm-token-'));
  const file = text => {
    writeFileSync(join(folder, 'token'), text);
    return join(folder, 'token');
  };
  const token = (args, options) => run(['token', ...args], { program: driver, ...options });
  assert.equal(token([file(`  ${TOKEN}\n`), 'X']).stdout, `${TOKEN}\n`);
  assert.equal(token(['-', 'X'], { input: `${TOKEN}\r\n` }).stdout, `${TOKEN}\n`);
  assert.equal(token(['', 'TOKEN_OF_TEST'], { env: { TOKEN_OF_TEST: TOKEN } }).stdout, `${TOKEN}\n`);
  assert.equal(token(['', 'TOKEN_NOT_SET'], {}).stdout, '\n');
  for (const text of ['', ' \n', 'secret one', 'secret\0', 's'.repeat(20000)]) {
    const result = token([file(text), 'X']);
    assert.equal(result.code, 2, JSON.stringify(text.slice(0, 10)));
    assert(!/secret|sss/.test(result.stderr), result.stderr);
  }
  assert.equal(token([join(folder, 'none'), 'X']).code, 2);
});

await test('service tokens are what a JWT library takes', () => {
  for (const [secret, service] of [
    ['mysecret', 'blog@dev'],
    ['s', 'a@b'],
    ['x'.repeat(300), 'q"uote\\@dev'],
  ]) {
    const token = run(['sign', secret, service, '1500000000', '604800'], { program: driver }).stdout.trim();
    const [header, payload, signature] = token.split('.');
    assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url')), { alg: 'HS256', typ: 'JWT' });
    assert.deepEqual(JSON.parse(Buffer.from(payload, 'base64url')), {
      data: { service, roles: ['admin'] },
      iat: 1500000000,
      exp: 1500604800,
    });
    assert.equal(createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url'), signature);
  }
});

// ---- many ----

await test('a thousand requests, four at a time, share four connections', async () => {
  const server = await rawServer(socket => onRequest(socket, () => socket.write(answerText('{"ok":true}'))));
  const start = Date.now();
  const { answers } = await send(server.url, { count: 1000, width: 4, body: 2000 });
  const seconds = (Date.now() - start) / 1000;
  server.close();
  assert.equal(answers.filter(answer => answer.fate === 'ANSWERED').length, 1000);
  assert.equal(new Set(answers.map(answer => answer.tag)).size, 1000);
  assert(server.connections() <= 4, `${server.connections()} connections`);
  return `${server.connections()} connections, ${Math.round(1000 / seconds)} requests/s`;
});

await test('a gzip bomb ends at the cap with little memory', async () => {
  await set([{ at: 1, times: 3, kind: 'gzip-bomb', bytes: 1 << 30 }]);
  const words = ['send', `${front.url}/x`, 'tries=3', 'repeatable=1', `cap=${8 << 20}`];
  const { first } = await send(`${front.url}/x`, { tries: 3, repeatable: 1, cap: 8 << 20 });
  assert.deepEqual([first.fate, first.tries], ['UNKNOWN', 1]);
  const measure = join(root, 'build/release/tools/measure');
  const [code, memory] = (await runAsync([driver, ...words], { program: measure })).stdout.split(' ').map(Number);
  assert.equal(code, 0);
  assert(memory < 64 << 10, `${memory} kB`);
  await set([]);
  return `1 GiB packed, ${Math.round(memory / 1024)} MB resident`;
});

await test('Ctrl-C ends the waiting for a next try, and what may be stored is waited for', async () => {
  const { spawn } = await import('node:child_process');
  const interrupt = (url, words, when) =>
    new Promise(done => {
      const child = spawn(driver, ['send', url, ...words]);
      let text = '';
      child.stdout.on('data', data => (text += data));
      child.on('close', code => done({ code, text }));
      when(() => child.kill('SIGINT'));
    });
  let asked;
  const busy = await rawServer(socket =>
    onRequest(socket, () => {
      socket.write('HTTP/1.1 429 Slow\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n', () => setTimeout(asked, 100));
    }),
  );
  const waiting = await interrupt(busy.url, ['tries=3'], kill => (asked = kill));
  busy.close();
  assert.deepEqual([waiting.code, waiting.text], [130, '']);
  let answer;
  const slow = await rawServer(socket => onRequest(socket, () => answer(socket)));
  const stored = await interrupt(slow.url, ['tries=3'], kill => {
    answer = socket => {
      kill();
      setTimeout(() => socket.write(answerText('{}')), 800);
    };
  });
  assert.equal(JSON.parse(stored.text).fate, 'ANSWERED');
  const start = Date.now();
  const asking = await interrupt(slow.url, ['repeatable=1'], kill => (answer = kill));
  slow.close();
  assert.deepEqual([asking.code, asking.text], [130, '']);
  assert(Date.now() - start < 2000);
});

await front.close();
