import { createYoga } from 'graphql-yoga';
import { createTextCache } from './cache.js';
import { SyntaxProblem } from './engine.js';
import { printJson } from '../json.js';
import { describe, selectOperation } from './operation.js';
import { codes, renderResult, whoops } from './render.js';
import { readRequest } from './request.js';

/**
 * The HTTP side: graphql-yoga with the protocol of Graphcool's server. Gives the yoga: a listener, called with request,
 * response and { requestId, caller }; its getEnveloped() serves the sockets, too.
 */
export function createHttp({ api, engine, limits, log }) {
  return createYoga({
    schema: api.schema,
    graphqlEndpoint: '/', // serve.js gives every address of the API as /
    healthCheckEndpoint: '/none', // serve.js has its own
    landingPage: false,
    graphiql: false, // serve.js has its own, too
    cors: { methods: ['GET', 'POST', 'OPTIONS'], exposedHeaders: ['Request-Id'], maxAge: 86_400 },
    multipart: false,
    maskedErrors: false,
    logging: false,
    batching: { limit: limits.batch },
    // Clients send the same few queries again and again.
    parserAndValidationCache: { documentCache: createTextCache(), errorCache: createTextCache() },
    context: ({ caller, requestId }) => ({ graphcool: api.context({ caller, requestId }) }),
    plugins: [engine.plugin, useGraphcoolProtocol({ limits, log })],
  });
}

/** Reads requests and renders answers as Graphcool's server did, and logs them. */
function useGraphcoolProtocol({ limits, log }) {
  let Response;
  const coming = { bytes: 0 };
  return {
    onYogaInit({ yoga }) {
      ({ Response } = yoga.fetchAPI);
    },

    async onRequest({ serverContext, endResponse }) {
      const { req, requestId, caller } = serverContext;
      const { refusal, params } = await readRequest(req, requestId, limits, coming);
      serverContext.asked = params;
      const writes = Array.isArray(params) && params.some(({ query }) => /\bmutation\b/.test(query));
      if (writes) serverContext.turns = { last: Promise.resolve() };
      if (!refusal) return;
      log.request({ requestId, caller: caller.kind, status: refusal.status });
      endResponse(new Response(refusal.body, refusal));
    },
    onRequestParse({ serverContext, setRequestParser }) {
      setRequestParser(() => serverContext.asked);
    },

    onParams({ params, context, setResult, paramsHandler, setParamsHandler }) {
      context.started = performance.now();
      if (params.extensions) return setResult(params.extensions.answer);
      // The operations of a batch run at once, but one after the other where one of them may write.
      const { turns } = context;
      if (turns) setParamsHandler((given) => (turns.last = turns.last.then(() => paramsHandler(given))));
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
