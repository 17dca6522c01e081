import { createLRUCache, createYoga } from 'graphql-yoga';
import { SyntaxProblem } from './engine.js';
import { printJson } from '../json.js';
import { describe, selectOperation } from './operation.js';
import { codes, renderResult, whoops } from './render.js';
import { readRequest } from './request.js';

const CACHED_TEXT = 20_000; // characters: longer queries are rare and would fill the memory

/** Queries are parsed and validated once; clients send the same few again and again. */
function cacheOfTexts() {
  const cache = createLRUCache({ max: 1000 });
  return { get: (text) => cache.get(text), set: (text, value) => text.length <= CACHED_TEXT && cache.set(text, value) };
}

/**
 * The HTTP side: graphql-yoga with the protocol of Graphcool's server. Gives the yoga: a listener, called with request,
 * response and { requestId, caller }; its getEnveloped() serves the sockets, too.
 */
export function createHttp({ api, engine, limits, log, development }) {
  return createYoga({
    schema: api.schema,
    graphqlEndpoint: '/', // serve.js gives every address of the API as /
    healthCheckEndpoint: '/none', // serve.js has its own
    landingPage: false,
    graphiql: development && { title: 'GraphiQL', subscriptionsProtocol: 'WS' },
    cors: { methods: ['GET', 'POST', 'OPTIONS'], exposedHeaders: ['Request-Id'], maxAge: 86_400 },
    multipart: false,
    maskedErrors: false,
    logging: false,
    batching: { limit: limits.batch },
    parserAndValidationCache: { documentCache: cacheOfTexts(), errorCache: cacheOfTexts() },
    context: ({ caller, requestId }) => ({ graphcool: api.context({ caller, requestId }) }),
    plugins: [engine.plugin, useGraphcoolProtocol({ limits, log })],
  });
}

/** Reads requests and renders answers as Graphcool's server did, and logs them. */
function useGraphcoolProtocol({ limits, log }) {
  let Response;
  return {
    onYogaInit({ yoga }) {
      ({ Response } = yoga.fetchAPI);
    },

    async onRequest({ serverContext, endResponse }) {
      const { req, requestId, caller } = serverContext;
      const { refusal, params } = await readRequest(req, requestId, limits);
      serverContext.asked = params;
      if (!refusal) return;
      log.request({ requestId, caller: caller.kind, status: refusal.status });
      endResponse(new Response(refusal.body, refusal));
    },
    onRequestParse({ serverContext, setRequestParser }) {
      setRequestParser(() => serverContext.asked);
    },

    onParams({ params, context, setResult }) {
      context.started = performance.now();
      if (params.extensions) setResult(params.extensions.answer);
    },

    onParse() {
      return ({ result, context }) => {
        if (context.params && !(result instanceof Error)) selectOperation(result, context.params.operationName);
      };
    },

    onExecute({ args }) {
      args.contextValue.executed = args;
    },
    onSubscribe({ args }) {
      args.contextValue.executed = args;
    },

    onExecutionResult({ result, setResult, context }) {
      const { requestId, caller, started } = context;
      const answer = render(result, requestId, log);
      setResult(answer);
      log.request({
        requestId,
        ...(context.executed && describe(context.executed)),
        caller: caller.kind,
        ms: Math.round((performance.now() - started) * 10) / 10,
        codes: codes(answer),
      });
    },

    onResultProcess({ result, serverContext: { requestId }, setResultProcessor }) {
      const headers = { 'Content-Type': 'application/json' };
      // An operation's errors are rendered above; an error still as it was thrown is none of an operation.
      const failure = result.errors?.find((error) => error instanceof Error);
      if (failure) log.unexpected(failure.originalError ?? failure, { requestId });
      setResultProcessor(() =>
        failure
          ? new Response(JSON.stringify({ requestId, error: whoops(requestId) }), { status: 500, headers })
          : new Response(printJson(result), { headers }),
      );
    },
  };
}

function render(result, requestId, log) {
  if (!result.errors) return result;
  const [first] = result.errors;
  if (first instanceof SyntaxProblem) return { error: first.message };
  return renderResult(result, requestId, (error) => log.unexpected(error, { requestId }));
}
