import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { WebSocketServer } from 'ws';
import { printJson } from '../json.js';
import { refusal } from './messages.js';
import { createLegacyProtocol } from './sockets_legacy.js';
import { createModernProtocol } from './sockets_modern.js';

const legacy = ['graphql-subscriptions', 'graphql-ws'];
const supported = ['graphql-transport-ws', ...legacy]; // in order of preference, whatever the client prefers

const SILENCE = 30_000; // milliseconds without an answer to a ping: nobody is there, or nobody reads
const UNREAD = 1_000_000; // bytes that wait for a client: until it has taken them, it is not listened to either
const GOING = 1000; // milliseconds that a socket which is not let in has for going by itself
const TRY_LATER = 1013;
const LONGEST_REASON = 123; // bytes, by the standard

/**
 * Subscriptions over WebSocket: the two protocols of Graphcool's clients, and the modern one of the library graphql-ws.
 * `open` takes an upgrade request; `close` ends everything: what is being answered is sent, within `patience` ms.
 */
export function createSockets({ keepAliveEvery, ...parts }) {
  const { limits, log } = parts;
  const working = new Set(); // promises of what is being answered
  const legacyProtocol = createLegacyProtocol({ ...parts, working });
  const modernProtocol = createModernProtocol({ ...parts, working });
  const server = new WebSocketServer({ noServer: true, maxPayload: limits.messageBytes, handleProtocols: choose });
  const admitted = new Set();
  const countRefusal = createCounter((refused) =>
    log.warn('there are too many sockets', { refused, limit: limits.sockets }),
  );

  function choose(offered) {
    return supported.find((protocol) => [...offered].includes(protocol)) ?? false;
  }

  function open(request, socket, head) {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim());
    if (!choose(offered)) return refuseUpgrade(socket, 400, unknownProtocol);
    server.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => {}); // a client that breaks the rules of WebSocket is closed by the library
      if (admitted.size < limits.sockets) attach(client);
      else turnAway(client);
    });
  }

  function turnAway(client) {
    countRefusal();
    const text = `There are ${limits.sockets} sockets; more are not allowed.`;
    if (legacy.includes(client.protocol)) client.send(printJson(refusal(client.protocol, text)));
    client.close(TRY_LATER, text);
    setTimeout(() => client.terminate(), GOING).unref();
  }

  function attach(client) {
    admitted.add(client);
    const restrain = () => client.bufferedAmount >= UNREAD && client.pause();
    const sent = () => client.isPaused && client.bufferedAmount < UNREAD && client.resume();
    const transport = {
      id: randomUUID(),
      protocol: client.protocol,
      /**
       * Resolves when the operating system has taken the text: who sends awaits it, and so is no faster than the
       * client.
       */
      send: (text) =>
        new Promise((resolve) => {
          if (client.readyState !== client.OPEN) return resolve();
          client.send(text, () => {
            sent();
            resolve();
          });
          restrain();
        }),
      close: (code, reason) => client.close(code, Buffer.byteLength(reason) > LONGEST_REASON ? '' : reason),
    };
    const session = (legacy.includes(client.protocol) ? legacyProtocol : modernProtocol).open(transport);
    const guarded = (work) =>
      work().catch((error) => {
        log.unexpected(error, { socket: transport.id });
        client.close(1011, 'Internal server error');
      });
    let heard = Date.now();
    const timer = setInterval(() => {
      if (Date.now() - heard > Math.max(SILENCE, 2 * keepAliveEvery)) return client.terminate();
      client.ping(undefined, false, sent);
      session.keepAlive();
    }, keepAliveEvery);
    client.on('pong', () => (heard = Date.now()));
    client.on('ping', restrain); // which the library answers
    client.on('message', (data) => {
      guarded(async () => session.message(String(data)));
    });
    client.on('close', (code, reason) => {
      admitted.delete(client);
      clearInterval(timer);
      guarded(async () => session.closed(code, String(reason)));
    });
  }

  async function close(patience) {
    const enough = new Promise((resolve) => setTimeout(resolve, patience).unref());
    await Promise.race([Promise.allSettled([...working]), enough]);
    await new Promise((resolve) => setImmediate(resolve)); // what was answered is sent first
    const gone = [...server.clients].map((client) => new Promise((resolve) => client.once('close', resolve)));
    for (const client of server.clients) client.close(1001, 'Going away');
    await Promise.race([Promise.all(gone), enough]);
    for (const client of server.clients) client.terminate();
  }

  return { open, close };
}

/** Tells, once a second at most, how often it was called since. */
function createCounter(tell) {
  let count = 0;
  return () => {
    if (count++ > 0) return;
    setTimeout(() => {
      tell(count);
      count = 0;
    }, 1000).unref();
  };
}

const unknownProtocol =
  'None of the websocket subprotocols offered in the request are supported. Supported are ' +
  `${legacy.map((name) => `'${name}'`).join()}.`;

/** Answers a request for a socket that is none, and ends its connection: nothing else watches over it any more. */
export function refuseUpgrade(socket, status, text = '') {
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n` +
      `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
