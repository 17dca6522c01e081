import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { introspectionFromSchema } from 'graphql';
import { createEngine } from './engine.js';
import { renderPage } from './graphiql.js';
import { createHttp } from './http.js';
import { createSockets, refuseUpgrade } from './sockets.js';

// The addresses of the API: Graphcool's own, whatever the service's id, and / for people.
const api = /^\/(?:simple\/v1\/[^/]+(?:\/.*)?)?$/;
const subscriptions = /^\/(?:(?:subscriptions|simple)\/v1\/[^/]+\/?)?$/;

/**
 * Opens the port. parts: { api, db, tokens, log }. Gives { url, port, close }; close() ends what runs, within
 * config.shutdownSeconds, and resolves when everything is closed.
 */
export async function serve(config, parts) {
  const { db, log, tokens } = parts;
  const { limits, development, keepAliveEvery } = config;
  const options = { ...parts, limits, keepAliveEvery, engine: createEngine({ api: parts.api, limits }) };
  const yoga = createHttp(options);
  const sockets = createSockets({ ...options, yoga });
  const page = development ? await renderPage(log) : null;
  let closing = false;

  const server = createServer(
    {
      headersTimeout: Math.min(20_000, limits.requestMs), // a client has this long to send its headers,
      requestTimeout: limits.requestMs, // this long for a whole request
      connectionsCheckingInterval: Math.min(5000, limits.requestMs),
      keepAliveTimeout: 65_000, // and may stay connected a bit longer than load balancers do: they shall hang up first
    },
    (request, response) => {
      if (closing) response.setHeader('Connection', 'close');
      response.on('close', () => closing && setImmediate(() => server.closeIdleConnections()));
      route(request, response).catch((error) => {
        log.unexpected(error);
        if (!response.headersSent) plain(response, 500, 'There was an internal server error.');
      });
    },
  );
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {}); // a client that breaks off; otherwise it would end the process
    if (closing || !subscriptions.test(pathOf(request))) refuseUpgrade(socket, closing ? 503 : 404);
    else sockets.open(request, socket, head);
  });

  async function route(request, response) {
    const path = pathOf(request);
    const { method } = request;
    if (path === '/health') return plain(response, 200, 'ok');
    if (path === '/ready') return ready(response);
    if (!api.test(path)) return plain(response, 404, 'There is nothing here. The API is at /simple/v1/…');
    if (method === 'POST' || method === 'OPTIONS') {
      const requestId = randomUUID();
      response.setHeader('Request-Id', requestId);
      request.url = '/';
      return yoga(request, response, { requestId, caller: tokens.caller(request.headers.authorization, db) });
    }
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'POST, GET, OPTIONS');
      return plain(response, 405, 'HTTP method not allowed, supported methods: POST, GET, OPTIONS');
    }
    if (path.endsWith('/schema.json')) return schemaJson(response);
    if (page && request.headers.accept?.includes('text/html')) return graphiql(response);
    return plain(response, 200, 'This is a GraphQL API: POST your requests to this address.');
  }

  async function ready(response) {
    try {
      await db.check();
    } catch (error) {
      return plain(response, 503, error.message);
    }
    return plain(response, closing ? 503 : 200, closing ? 'ending' : 'ok');
  }

  let introspection;
  function schemaJson(response) {
    introspection ??= JSON.stringify({ data: introspectionFromSchema(parts.api.schema) });
    response.writeHead(200, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' });
    response.end(introspection);
  }

  function graphiql(response) {
    response.writeHead(200, page.headers);
    response.end(page.html);
  }

  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const { port } = server.address();

  let closed;
  async function closeAll() {
    closing = true;
    const ended = new Promise((resolve) => server.close(resolve)); // accepts nothing new, waits for what runs
    server.closeIdleConnections();
    const limit = setTimeout(() => server.closeAllConnections(), config.shutdownSeconds * 1000);
    await Promise.all([ended, sockets.close(config.shutdownSeconds * 1000)]);
    clearTimeout(limit);
    await db.close();
  }

  return { port, url: `http://localhost:${port}`, close: () => (closed ??= closeAll()) };
}

const pathOf = (request) => request.url.split('?')[0];

function plain(response, status, text) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}
