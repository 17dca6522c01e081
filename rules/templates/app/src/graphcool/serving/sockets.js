import { randomUUID } from 'node:crypto';
import { WebSocketServer } from 'ws';
import { createLegacyProtocol } from './sockets_legacy.js';
import { createModernProtocol } from './sockets_modern.js';

const legacy = ['graphql-subscriptions', 'graphql-ws'];
const supported = ['graphql-transport-ws', ...legacy]; // in order of preference, whatever the client prefers

const SILENCE = 30_000; // milliseconds without an answer to a ping: nobody is there, or nobody reads

/**
 * Subscriptions over WebSocket: the two protocols of Graphcool's clients, and the modern one of the library graphql-ws.
 * `open` takes an upgrade request; `close` ends everything: what is being answered is sent, within `patience` ms.
 */
export function createSockets({ keepAliveEvery, ...parts }) {
  const { limits, log } = parts;
  const working = new Set(); // promises of events that are being answered
  const legacyProtocol = createLegacyProtocol({ ...parts, working });
  const modernProtocol = createModernProtocol({ ...parts, working });
  const server = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytes, handleProtocols: choose });

  function choose(offered) {
    return supported.find((protocol) => [...offered].includes(protocol)) ?? false;
  }

  function open(request, socket, head) {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim());
    if (!choose(offered)) return refuse(socket);
    server.handleUpgrade(request, socket, head, attach);
  }

  function attach(client) {
    const transport = {
      id: randomUUID(),
      protocol: client.protocol,
      /**
       * Resolves when the operating system has taken the text: who sends awaits it, and so is no faster than the
       * client.
       */
      send: (text) =>
        new Promise((resolve) => (client.readyState === client.OPEN ? client.send(text, () => resolve()) : resolve())),
      close: (code, reason) => client.close(code, reason),
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
      client.ping();
      session.keepAlive();
    }, keepAliveEvery);
    client.on('pong', () => (heard = Date.now()));
    client.on('message', (data) => {
      guarded(async () => session.message(String(data)));
    });
    client.on('error', () => {}); // a client that breaks the rules of WebSocket is closed by the library
    client.on('close', (code, reason) => {
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

function refuse(socket) {
  const names = legacy.map((name) => `'${name}'`).join();
  const text = `None of the websocket subprotocols offered in the request are supported. Supported are ${names}.`;
  socket.end(
    'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n' +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
