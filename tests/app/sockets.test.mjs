// Subscriptions over WebSocket: the two protocols of Graphcool's clients, and the modern one.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from '../lib.mjs';
import { needPackages, packages, ROOT_TOKEN, runtime, SECRET, startServed } from '../lib/served.mjs';

await needPackages('sockets');
const { WebSocket } = packages('ws');
const { createClient } = packages('graphql-ws');
const { createTokens } = await runtime('tokens.js');
const { parseJson } = await runtime('json.js');
const app = await startServed();

const query = 'subscription { Post { mutation title } }';
const event = (title) => ({ mutation: 'CREATED', title });
const data = (title, id = '1') => ({ id, payload: { data: { Post: event(title) } }, type: 'data' });
const unparsable = { id: '', payload: { message: "The message can't be parsed" }, type: 'error' };
const until = async (done) => {
  while (!done()) await new Promise((next) => setImmediate(next));
};
/** A number, as soon as it has not changed for two thousand turns of the event loop. */
async function settled(read) {
  let before = -1;
  for (let same = 0; same < 2000; await new Promise((next) => setImmediate(next))) {
    const now = read();
    same = now === before ? same + 1 : 0;
    before = now;
  }
  return before;
}

/** A socket: say(message), hears(n) → its next n frames, texts: all of them as they came, closed → the code. */
async function open(protocols, server = app, url = server.socket) {
  const socket = new WebSocket(url, protocols);
  const frames = [];
  const texts = [];
  let wake = () => {};
  socket.on('message', (text) => (frames.push(JSON.parse(text)), texts.push(String(text)), wake()));
  const closed = new Promise((done) => socket.on('close', (code, reason) => ((client.reason = String(reason)), done(code))));
  const client = {
    socket,
    texts,
    closed,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async hears(count) {
      while (frames.length < count) await new Promise((done) => (wake = done));
      return frames.splice(0, count);
    },
    /** Everything that was said before has been read when the answer to nonsense comes. */
    async silent() {
      this.say('{');
      assert.deepEqual(await this.hears(1), [unparsable]);
    },
    async close() {
      socket.close();
      await closed;
    },
  };
  await new Promise((done, fail) => socket.on('open', done).on('error', fail));
  return Object.assign(client, { protocol: socket.protocol });
}
async function greeted(server = app, authorization) {
  const client = await open(['graphql-ws'], server);
  client.say({ type: 'connection_init', payload: authorization && { Authorization: authorization } });
  assert.deepEqual(await client.hears(1), [{ type: 'connection_ack' }]);
  return client;
}
const start = (id, more) => ({ id, type: 'start', payload: { query, ...more } });
const listens = (count, server = app) => until(() => server.listening() === count);

await test('events come as data until the client says stop', async () => {
  const client = await greeted();
  client.say(start('1'));
  await listens(1);
  app.push(event('a'));
  app.push(event('b'));
  assert.deepEqual(await client.hears(2), [data('a'), data('b')]);
  client.say({ id: '1', type: 'stop' });
  await listens(0);
  await client.silent();
  await client.close();
});
await test('the old dialect answers in its own words', async () => {
  const client = await open(['graphql-subscriptions']);
  client.say({ type: 'init', payload: {} });
  client.say({ id: 7, type: 'subscription_start', query });
  assert.deepEqual(await client.hears(2), [{ type: 'init_success' }, { id: 7, type: 'subscription_success' }]);
  app.push(event('a'));
  assert.deepEqual(await client.hears(1), [{ ...data('a', 7), type: 'subscription_data' }]);
  client.say({ id: 8, type: 'subscription_start', query: 'subscription {' });
  const fail = { id: 8, payload: { errors: [{ message: 'the GraphQL Query was not valid' }] }, type: 'subscription_fail' };
  assert.deepEqual(await client.hears(1), [fail]);
  client.say({ id: 7, type: 'subscription_end' });
  await listens(0);
  await client.close();
});
await test('hello decides the dialect, whatever the sub-protocol; the other one is not answered', async () => {
  const client = await open(['graphql-subscriptions', 'graphql-ws']);
  assert.equal(client.protocol, 'graphql-subscriptions');
  client.say(start('1'));
  await client.silent();
  client.say({ type: 'connection_init' });
  assert.deepEqual(await client.hears(1), [{ type: 'connection_ack' }]);
  client.say({ type: 'init' });
  client.say({ id: '2', type: 'subscription_start', query });
  await client.silent();
  assert.equal(app.listening(), 0);
  await client.close();
});
await test('a second hello is not answered; an Authorization that is no text is refused', async () => {
  const client = await greeted();
  client.say({ type: 'connection_init' });
  await client.silent();
  await client.close();
  const other = await open(['graphql-ws']);
  other.say({ type: 'connection_init', payload: { Authorization: 5 } });
  other.say(start('1'));
  assert.deepEqual(await other.hears(2), [
    { payload: { message: 'No Authorization field was provided in payload.' }, type: 'connection_error' },
    { payload: { message: 'You have to send an init message before sending anything else.' }, type: 'connection_error' },
  ]);
  await other.close();
});
await test('what is no message is answered as such, and the socket lives on', async () => {
  const client = await greeted();
  const wrong = ['', '5', 'null', '[]', '""', { type: 'nope' }, { type: 'toString' }, { type: 5 }, { id: '1' }, { type: 'start', payload: { query } }, { id: '1', type: 'start' }];
  wrong.push({ id: true, ...start('1'), id: true }, start('1', { query: 5 }), start('1', { variables: '{}' }), start('1', { variables: [] }), start('1', { operationName: 5 }), { type: 'stop' });
  for (const message of wrong) client.say(message);
  assert.deepEqual(await client.hears(wrong.length), wrong.map(() => unparsable));
  await client.close();
});
await test('documents that cannot be subscribed to are refused', async () => {
  const client = await greeted();
  const unknown = "The provided query doesn't include any known model name. Please check for the latest subscriptions API.";
  for (const [text, message] of [
    ['', 'the GraphQL Query was not valid'],
    ['{ user { id } }', unknown],
    ['mutation { note(text: "x") }', unknown],
    ['subscription { __typename }', unknown],
    ['subscription { ...F } fragment F on Subscription { Post { mutation } }', unknown],
    ['subscription { Post { nope } }', /^Cannot query field .*\(line 1, column 23\):\nsubscription \{ Post \{ nope \} \}\n {22}\^$/s],
    ['subscription { Post { mutation } User { mutation } }', /must select only one top level field/],
  ]) {
    client.say({ id: 'x', type: 'start', payload: { query: text } });
    const [{ id, type, payload }] = await client.hears(1);
    assert.deepEqual([id, type], ['x', 'error']);
    if (message instanceof RegExp) assert.match(payload.message, message);
    else assert.equal(payload.message, message);
  }
  assert.deepEqual([app.listening(), app.notes.length], [0, 0]);
  await client.close();
});
await test('wrong variables and unclear operations are heard nothing of, as on Graphcool, but logged', async () => {
  const client = await greeted();
  const before = app.lines().length;
  client.say({ id: 'v', type: 'start', payload: { query: 'subscription ($t: String!) { Post(title: $t) { mutation } }' } });
  client.say({ id: 'o', type: 'start', payload: { query: 'subscription A { Post { mutation } } subscription B { Post { title } }' } });
  await until(() => app.lines().length === before + 2);
  await client.silent();
  assert.deepEqual(app.lines().slice(before).map(({ kind, codes }) => [kind, codes]), [['subscription', [0]], ['subscription', [0]]]);
  await client.close();
});
await test('7 and "7" are two subscriptions; the same id again takes the place of the first', async () => {
  const client = await greeted();
  client.say(start(7));
  client.say(start('7'));
  await listens(2);
  client.say({ id: '7', type: 'stop' });
  await listens(1);
  const ended = app.ended();
  client.say(start(7, { query: 'subscription { Post { title } }' }));
  await until(() => app.ended() === ended + 1);
  await listens(1);
  app.push(event('a'));
  assert.deepEqual(await client.hears(1), [{ id: 7, payload: { data: { Post: { title: 'a' } } }, type: 'data' }]);
  await client.close();
  await listens(0);
});
await test('stop right behind start leaves nothing', async () => {
  const client = await greeted();
  for (let n = 0; n < 20; n++) {
    client.say(start('1'));
    client.say({ id: '1', type: 'stop' });
  }
  await client.silent();
  await listens(0);
  await client.close();
});
await test('an error inside an event is in its data, with code and the id of the request', async () => {
  const client = await greeted();
  client.say({ id: 'e', type: 'start', payload: { query: 'subscription { Post { mutation denied } }' } });
  await listens(1);
  app.push(event('a'));
  const [{ payload }] = await client.hears(1);
  assert.deepEqual(payload.data, { Post: { mutation: 'CREATED', denied: null } });
  const [{ requestId, ...error }] = payload.errors;
  assert.match(requestId, /^subscription:[0-9a-f-]{36}:e$/);
  assert.deepEqual(error, { message: 'Insufficient Permissions', code: 3008, path: ['Post', 'denied'], locations: [{ line: 1, column: 32 }] });
  await client.close();
});
await test('a source that breaks is an error for its subscription alone', async () => {
  const client = await greeted();
  client.say(start('1'));
  await listens(1);
  app.fail(new TypeError('planted-in-a-message'));
  const [{ id, type, payload }] = await client.hears(1);
  assert.deepEqual([id, type], ['1', 'error']);
  assert.match(payload.message, /^Whoops/);
  assert.ok(!app.logged().includes('planted'));
  await client.silent();
  await client.close();
  app.push(event('nobody'));
  await until(() => true);
});
await test('each event is answered to whoever its reader is by then', async () => {
  const { makeNodeToken } = createTokens({ appSecret: SECRET, serviceId: 'the-service' }, { models: { User: {} } });
  const other = await startServed();
  const lasting = await greeted(other, `Bearer ${ROOT_TOKEN}`);
  const brief = await greeted(other, `Bearer ${makeNodeToken({ id: '1', model: 'User', expiresIn: 1 })}`);
  for (const client of [lasting, brief]) client.say({ id: '1', type: 'start', payload: { query: 'subscription { Post { whoami } }' } });
  await listens(2, other);
  other.push(event('a'));
  const whoami = async (client) => (await client.hears(1))[0].payload.data.Post.whoami;
  assert.deepEqual([await whoami(lasting), await whoami(brief)], ['root', 'node']);
  const now = Date.now;
  Date.now = () => now() + 5000; // the token has expired
  try {
    other.push(event('b'));
    assert.deepEqual([await whoami(lasting), await whoami(brief)], ['root', 'nobody']);
  } finally {
    Date.now = now;
  }
  for (const client of [lasting, brief]) await client.close();
  await other.close();
});
await test('a socket that dies takes its subscriptions along', async () => {
  const client = await greeted();
  for (const id of ['1', '2', '3']) client.say(start(id));
  await listens(3);
  client.socket.terminate();
  await listens(0);
});
await test('no more subscriptions than allowed, and those that are there go on', async () => {
  const other = await startServed({ limits: { subscriptions: 2 } });
  const client = await greeted(other);
  for (const id of ['1', '2', '3']) client.say(start(id));
  const [{ id, type, payload }] = await client.hears(1);
  assert.deepEqual([id, type], ['3', 'error']);
  assert.match(payload.message, /2 subscriptions/);
  const [{ kind, caller, codes }] = other.lines().filter((line) => line.codes);
  assert.deepEqual([kind, caller, codes], ['subscription', 'nobody', [0]]);
  client.say(start('2')); // in the place of the one that runs
  await until(() => other.ended() === 1);
  await listens(2, other);
  await client.close();
  await other.close();
});
await test('keep-alives come in the words of the dialect', async () => {
  const other = await startServed({ keepAliveEvery: 20 });
  const client = await greeted(other);
  assert.deepEqual(await client.hears(2), [{ type: 'ka' }, { type: 'ka' }]);
  const old = await open(['graphql-subscriptions'], other);
  old.say({ type: 'init' });
  assert.deepEqual((await old.hears(2))[1], { type: 'keepalive' });
  for (const one of [client, old]) await one.close();
  await other.close();
});
await test('who reads too slowly is not sent more: events wait where they come from', async () => {
  const other = await startServed();
  const client = await greeted(other);
  client.say(start('1'));
  await listens(1, other);
  client.socket.pause();
  const long = 'x'.repeat(1_000_000);
  for (let n = 0; n < 60; n++) other.push(event(long));
  const before = await settled(() => other.unread()[0]);
  assert.ok(before > 30, `${60 - before} of 60 MB were taken`);
  client.socket.resume();
  assert.equal((await client.hears(60)).length, 60);
  await client.close();
  await other.close();
  return `${60 - before} of 60 MB were under way`;
});
await test('who does not read the answers to his nonsense is not listened to', async () => {
  const other = await startServed();
  const client = await greeted(other);
  client.socket.pause();
  const said = 500_000;
  for (let n = 0; n < said; n++) client.say('{'.repeat(20));
  const unread = await settled(() => client.socket.bufferedAmount);
  assert.ok(unread > 0, 'all of them were answered, and no answer was read');
  client.socket.resume();
  assert.equal((await client.hears(said)).length, said); // it is listened to again
  await client.close();
  await other.close();
  return `${unread / 1e6} of ${(said * 26) / 1e6} MB were not taken`;
});
await test('when the server ends, what is being answered is sent, and the socket closed as going away', async () => {
  let letGo, began;
  const work = new Promise((done) => (letGo = done));
  const begun = new Promise((done) => (began = done));
  const other = await startServed({ context: (given) => (given.requestId.startsWith('subscription:') ? { ...given, wait: () => (began(), work) } : given) });
  const client = await greeted(other);
  client.say({ id: '1', type: 'start', payload: { query: 'subscription { Post { held } }' } });
  await listens(1, other);
  other.push(event('a'));
  await begun;
  const ending = other.close();
  letGo('at last');
  assert.deepEqual(await client.hears(1), [{ id: '1', payload: { data: { Post: { held: 'at last' } } }, type: 'data' }]);
  assert.equal(await client.closed, 1001);
  await ending;
  assert.equal(other.listening(), 0);
});

await test('without a sub-protocol that is known: 400; at another address: 404', async () => {
  const refused = (protocols, url) =>
    new Promise((done) => {
      const socket = new WebSocket(url, protocols);
      socket.on('unexpected-response', (_, response) => done(response.statusCode)).on('error', done);
    });
  for (const protocols of [[], ['nope']]) assert.equal(await refused(protocols, app.socket), 400);
  assert.equal(await refused(['graphql-ws'], app.at('/elsewhere').replace('http', 'ws')), 404);
});
await test('subscriptions are at the addresses of the API, too', async () => {
  for (const path of ['/', '/simple/v1/any', '/subscriptions/v1/any']) await (await open(['graphql-ws'], app, app.at(path).replace('http', 'ws'))).close();
});
await test('bytes that are no WebSocket close the socket and nothing else', async () => {
  const { port, hostname } = new URL(app.url);
  await new Promise((done) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        'GET /subscriptions/v1/x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-ws\r\n\r\nnonsense that is no frame',
      );
    });
    socket.on('close', done).resume();
  });
  await (await greeted()).close();
});

const modern = (server = app, token) =>
  createClient({ url: server.socket, webSocketImpl: WebSocket, retryAttempts: 0, lazy: true, connectionParams: token && { Authorization: `Bearer ${token}` } });
await test('graphql-transport-ws: subscriptions, queries, mutations, errors', async () => {
  const client = modern(app, ROOT_TOKEN);
  const events = client.iterate({ query: 'subscription { Post { title whoami denied } }' });
  const first = events.next();
  await listens(1);
  app.push(event('a'));
  const { value } = await first;
  assert.deepEqual(value.data, { Post: { title: 'a', whoami: 'root', denied: null } });
  assert.equal(value.errors[0].code, 3008);
  await events.return();
  await listens(0);
  const one = async (text, variables) => (await client.iterate({ query: text, variables }).next()).value;
  assert.deepEqual(await one('{ _allUsersMeta { count } }'), { data: { _allUsersMeta: { count: 3 } } });
  assert.equal((await one('mutation { fail }')).errors[0].code, 3010);
  await assert.rejects(one('{ nope }'), ([error]) => /Cannot query/.test(error.message));
  await assert.rejects(one('{'), ([error]) => /^Syntax error/.test(error.message));
  await assert.rejects(one('query A { user { id } } query B { user { id } }'), ([error]) => /Must provide operation name/.test(error.message));
  assert.match((await one('query ($n: Int!) { allPosts(first: $n) { title } }')).errors[0].message, /\$n/);
  await client.dispose();
});
await test('graphql-transport-ws: what runs when the server ends is answered', async () => {
  const other = await startServed();
  const client = await open(['graphql-transport-ws'], other);
  client.say({ type: 'connection_init' });
  await client.hears(1);
  client.say({ id: '1', type: 'subscribe', payload: { query: '{ slow }' } });
  await other.asked;
  const ending = other.close();
  for (let n = 0; n < 10; n++) await new Promise((next) => setImmediate(next));
  other.release();
  assert.deepEqual((await client.hears(1))[0], { id: '1', payload: { data: { slow: 1 } }, type: 'next' });
  assert.equal(await client.closed, 1001);
  await ending;
});
await test('graphql-transport-ws: limits, and a source that breaks', async () => {
  const other = await startServed({ limits: { subscriptions: 1 } });
  const client = modern(other);
  const first = client.iterate({ query });
  const event = first.next();
  await listens(1, other);
  await assert.rejects(client.iterate({ query }).next(), ([error]) => /more are not allowed/.test(error.message));
  assert.deepEqual(other.lines().map(({ kind, codes }) => [kind, codes]), [['subscription', undefined], ['subscription', [0]]]);
  other.fail(new TypeError('planted-in-a-message'));
  assert.match((await event).value.errors[0].message, /^Whoops/);
  await client.dispose();
  await other.close();
  assert.ok(!other.logged().includes('planted'));
});

const long = '[12345678901234567890,0.1234567890123456789,1234567890.1234567890123]';
for (const [protocol, type] of Object.entries({ 'graphql-ws': 'start', 'graphql-transport-ws': 'subscribe' }))
  await test(`${protocol}: numbers keep their digits on the way in and out`, async () => {
    const client = await open([protocol]);
    client.say({ type: 'connection_init' });
    assert.deepEqual(await client.hears(1), [{ type: 'connection_ack' }]);
    client.say(`{"id":"1","type":"${type}","payload":{"query":"subscription ($n: Json) { Post { json(of: $n) } }","variables":{"n":${long}}}}`);
    client.say({ id: '2', type, payload: { query: 'subscription { Post { json } }' } });
    await listens(2);
    app.push({ json: parseJson(long) });
    await client.hears(2);
    for (const text of client.texts.slice(1)) assert.ok(text.includes(`{"data":{"Post":{"json":${long}}}}`), text);
    await client.close();
  });
await test('graphql-transport-ws: what is no message closes the socket with the code of the protocol', async () => {
  for (const [text, code] of [['{', 4400], ['5', 4400], ['"x"', 4400], ['{"type":"nope"}', 4400], ['{"type":"subscribe","id":"1","payload":{"query":""}}', 4401]]) {
    const client = await open(['graphql-transport-ws']);
    client.say(text);
    assert.equal(await client.closed, code, text);
  }
  const client = await open(['graphql-transport-ws']);
  client.say({ type: 'connection_init' });
  await client.hears(1);
  for (let n = 0; n < 2; n++) client.say({ id: 'x'.repeat(200), type: 'subscribe', payload: { query } });
  assert.equal(await client.closed, 4409); // the library's reason would be longer than a reason may be
});

const protocols = ['graphql-ws', 'graphql-subscriptions', 'graphql-transport-ws'];
await test('who never says hello is closed after a time, who does is not', async () => {
  const other = await startServed({ limits: { helloMs: 50 } });
  const client = await greeted(other);
  for (const protocol of protocols) {
    const silent = await open([protocol], other);
    if (protocol !== 'graphql-transport-ws') silent.say({ type: 'connection_init', payload: { Authorization: 5 } });
    assert.deepEqual([await silent.closed, silent.reason], [4408, 'Connection initialisation timeout']);
  }
  client.say(start('1'));
  await listens(1, other);
  await client.close();
  await other.close();
});
await test('no more sockets than allowed: the next are told so in their protocol, and may come when others have gone', async () => {
  const other = await startServed({ limits: { sockets: 2 } });
  const there = [await greeted(other), await open(['graphql-transport-ws'], other)];
  const text = 'There are 2 sockets; more are not allowed.';
  const told = { 'graphql-ws': 'connection_error', 'graphql-subscriptions': 'init_fail' };
  for (const protocol of protocols) {
    const refused = await open([protocol], other);
    assert.deepEqual([await refused.closed, refused.reason], [1013, text]);
    const type = told[protocol];
    assert.deepEqual(refused.texts.map((frame) => JSON.parse(frame)), type ? [{ payload: { message: text }, type }] : []);
  }
  while (!other.logged().includes('too many')) await new Promise((next) => setTimeout(next, 20));
  const [{ level, refused, limit }] = other.lines().filter(({ message }) => message === 'there are too many sockets');
  assert.deepEqual([level, refused, limit], ['warn', 3, 2]);
  await there[1].close();
  await (await greeted(other)).close();
  await there[0].close();
  await other.close();
});
await test('a flood of sockets is turned away: memory and who was there first are unharmed', async () => {
  const sockets = 100;
  const flood = 2000;
  const child = fork(new URL('../lib/served_alone.mjs', import.meta.url), [JSON.stringify({ limits: { sockets } })], { execArgv: ['--expose-gc'] });
  await once(child, 'message');
  const ask = async (...question) => {
    child.send(question);
    return (await once(child, 'message'))[0];
  };
  const url = await ask('address');
  const first = await open(['graphql-ws'], app, url);
  first.say({ type: 'connection_init' });
  first.say(start('1'));
  await first.hears(1);
  const before = await ask('memory');
  const codes = {};
  const guests = [];
  for (let n = 0; n < flood; n += 100) {
    const many = await Promise.all(Array.from({ length: 100 }, (_, k) => open([protocols[k % 3]], app, url)));
    for (const client of many) client.closed.then((code) => (codes[code] = (codes[code] ?? 0) + 1));
    guests.push(...many);
    await ask('push', event(`while ${n} are there`));
    assert.deepEqual(await first.hears(1), [data(`while ${n} are there`)]);
  }
  await Promise.all(guests.slice(sockets - 1).map(({ closed }) => closed));
  assert.deepEqual(codes, { 1013: flood - sockets + 1 });
  const after = await ask('memory');
  const grown = { rss: (after.rss - before.rss) / 1e6, heapUsed: (after.heapUsed - before.heapUsed) / 1e6 };
  assert.ok(grown.rss < 60 && grown.heapUsed < 10, JSON.stringify(grown));
  const counted = async () => (await ask('lines')).reduce((sum, { refused = 0 }) => sum + refused, 0);
  while ((await counted()) < flood - sockets + 1) await new Promise((next) => setTimeout(next, 50));
  for (const { socket } of [first, ...guests]) socket.terminate();
  child.disconnect();
  return `${Math.round(grown.rss)} MB of memory, ${grown.heapUsed.toFixed(1)} MB of heap more`;
});
await test('a message that is larger than allowed closes the socket', async () => {
  const other = await startServed({ limits: { messageBytes: 1000 } });
  for (const protocol of protocols) {
    const client = await open([protocol], other);
    client.say('x'.repeat(1001));
    assert.equal(await client.closed, 1009);
  }
  await other.close();
});
await test('bytes that are no UTF-8, and frames that are compressed, close the socket', async () => {
  const client = await greeted();
  client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
  assert.equal(await client.closed, 1007);
  const other = await greeted();
  other.socket._socket.write(Buffer.from([0xc1, 0x81, 0, 0, 0, 0, 0x41])); // RSV1: "compressed", which nobody agreed on
  assert.equal(await other.closed, 1002);
});
await test('who breaks off where no socket is to be had does no harm, and his connection is not kept', async () => {
  const { port, hostname } = new URL(app.url);
  const ask = (path, then) =>
    new Promise((done) => {
      const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true }, () => {
        socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, () => then(socket));
      });
      socket.on('error', () => {}).on('close', done);
    });
  for (const path of ['/elsewhere', '/simple/v1/x']) for (let n = 0; n < 50; n++) await ask(path, (socket) => socket.resetAndDestroy());
  for (const path of ['/elsewhere', '/simple/v1/x']) {
    let writes;
    await ask(path, (socket) => {
      socket.resume();
      writes = setInterval(() => socket.write('x'), 5); // never ends its half; what it says is not taken
    });
    clearInterval(writes);
  }
  await (await greeted()).close();
});
await app.close();
