// migrator/transfer/ahead: what is asked of a server by a thread of its own, in which order, how far ahead, and how it ends.
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { root, runAsync, test } from '../lib.mjs';

const driver = join(root, 'build/release/tools/ahead');
const MANY = 1_200_000; // bytes of an answer of which two are enough to wait

/** A server that answers `answer(body, count)`: {status, text, after: ms}; nothing for null. */
async function server(answer) {
  const asked = [];
  const http = createServer((req, res) => {
    let body = '';
    req.on('data', data => (body += data));
    req.on('end', () => {
      asked.push(body);
      const { status = 200, text = '{}', after = 0 } = answer(body, asked.length) ?? {};
      if (answer(body, asked.length) !== null) setTimeout(() => res.writeHead(status, { 'Content-Type': 'application/json' }).end(text), after);
    });
  });
  await new Promise(done => http.listen(0, '127.0.0.1', done));
  return { asked, url: `http://127.0.0.1:${http.address().port}/x`, close: () => (http.closeAllConnections(), http.close()) };
}

async function ask(answer, ...steps) {
  const there = await server(answer);
  const { code, stdout, stderr } = await runAsync([there.url, ...steps], { program: driver, timeout: 10000 });
  there.close();
  assert.equal(stderr, '');
  assert.equal(code, 0);
  return { lines: stdout.trim().split('\n'), asked: there.asked };
}

const number = body => JSON.parse(body).n;
const page = n => `{"n":${n},"tag":7}`;

await test('a chain is followed by itself to its end, and each answer is taken once', async () => {
  const { lines, asked } = await ask(
    body => ({ text: number(body) < 9 ? `{"next":${number(body) + 1}}` : '{"end":true}' }),
    'chain=1',
    ...Array.from({ length: 9 }, (_, i) => `page=${i + 1}`),
  );
  assert.deepEqual(asked, Array.from({ length: 9 }, (_, i) => page(i + 1)));
  assert.deepEqual(lines.slice(0, -1).map(line => line.split(': ')[0]), asked);
});

await test('of small answers two wait, of large ones one more than is enough', async () => {
  const chain = size => body => ({ text: `{"next":${number(body) + 1},"text":"${'x'.repeat(size)}"}` });
  const small = await ask(chain(10), 'chain=1', 'page=1', 'wait=300');
  assert.deepEqual(small.asked.length, 3); // the one in use, two ahead
  const large = await ask(chain(MANY), 'chain=1', 'wait=300');
  assert.deepEqual(large.asked.length, 2); // nobody waits: with 2.4 MB there, no third is begun
});

await test('what was not wished for is asked for at once, and wishes stay until they are taken', async () => {
  const { lines, asked } = await ask(body => ({ text: `{"to":"${body}"}` }), 'wish=one', 'wait=100', 'take=other', 'take=one', 'take=one');
  assert.deepEqual(asked, ['one', 'other', 'one']); // an answer is taken once: the second time it is asked for anew
  assert.deepEqual(lines.slice(0, 3).map(line => line.split(': ')[0]), ['other', 'one', 'one']);
});

await test('answers that nobody takes make room for those that somebody waits for', async () => {
  const { lines } = await ask(() => ({}), 'wish=a', 'wait=100', 'wish=b', 'wait=100', 'wish=c', 'wait=100', 'take=d', 'take=c', 'take=a');
  assert.deepEqual(lines.slice(0, 3).map(line => line.split(': ')[0]), ['d', 'c', 'a']);
});

await test('a try that failed is told to the progress of the thread that waits', async () => {
  const { lines, asked } = await ask((_, count) => ({ status: count < 3 ? 429 : 200 }), 'take=x');
  assert.equal(asked.length, 3);
  assert.match(lines[0], /^x: status 200/);
  assert.match(lines[1], /^[12] tries failed$/); // the last one is told, whoever is late
});

await test('an answer that is no object is told apart, and ends a chain', async () => {
  const { lines, asked } = await ask(body => ({ text: number(body) < 2 ? '{"next":2}' : '[3]' }), 'chain=1', 'page=1', 'page=2', 'wait=100');
  assert.equal(asked.length, 2);
  assert.match(lines[1], /no object/);
});

await test('a request that hangs does not keep the end waiting', async () => {
  const start = Date.now();
  const { asked } = await ask(() => null, 'wish=x', 'wait=100');
  assert.deepEqual(asked, ['x']);
  assert(Date.now() - start < 3000);
});

await test('Ctrl-C ends the waiting', async () => {
  const there = await server(() => null);
  const child = spawn(driver, [there.url, 'take=x']);
  while (!there.asked.length) await new Promise(done => setTimeout(done, 10));
  const start = Date.now();
  child.kill('SIGINT');
  const code = await new Promise(done => child.on('close', done));
  there.close();
  assert.equal(code, 130);
  assert(Date.now() - start < 1500);
});
