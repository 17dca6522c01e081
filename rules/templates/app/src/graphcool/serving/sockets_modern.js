import { GraphQLError } from 'graphql';
import { makeServer } from 'graphql-ws';
import { parseJson, unmarked } from '../json.js';
import { describe, selectOperation } from './operation.js';
import { codes, renderResult } from './render.js';

/** The protocol `graphql-transport-ws`, by the library graphql-ws: for clients of today. Queries and mutations, too. */
export function createModernProtocol({ api, engine, yoga, tokens, db, limits, log, working }) {
  const { parse, validate, schema } = yoga.getEnveloped({});

  const render = ({ extra }, id, result) =>
    renderResult(result, requestIdOf(extra, id), (error) => log.unexpected(error, { socket: extra.id }));

  const server = makeServer({
    connectionInitWaitTimeout: limits.helloMs,
    onConnect({ connectionParams, extra }) {
      extra.authorization = connectionParams?.Authorization ?? connectionParams?.authorization ?? null;
      if (typeof extra.authorization !== 'string') extra.authorization = null;
    },
    onSubscribe(session, { id, payload }) {
      const { extra, subscriptions } = session;
      const args = prepare(payload, Object.keys(subscriptions).length);
      const caller = () => tokens.caller(extra.authorization, db);
      log.request({
        kind: 'subscription',
        requestId: `subscription:${extra.id}`,
        ...(!Array.isArray(args) && describe(args)),
        caller: caller().kind,
        codes: Array.isArray(args) ? codes({ errors: args }) : undefined,
      });
      if (Array.isArray(args)) return args;
      const context = () => api.context({ caller: caller(), requestId: requestIdOf(extra, id) });
      return { ...args, context };
    },
    execute({ context, ...args }) {
      const work = engine.execute({ ...args, contextValue: context() });
      working.add(work);
      return work.finally(() => working.delete(work));
    },
    subscribe: ({ context, ...args }) => engine.subscribe(args, { context, working }),
    onNext: (session, { id }, _args, result) => render(session, id, result),
    onError: (session, { id }, errors) => render(session, id, { errors }).errors,
  });

  /** What to execute, or a list of errors. */
  function prepare({ query, variables, operationName }, running) {
    if (running > limits.subscriptions) {
      return [new GraphQLError(`There are ${limits.subscriptions} operations on this socket; more are not allowed.`)];
    }
    try {
      const document = parse(query);
      const errors = validate(schema, document);
      if (errors.length) return [...errors];
      selectOperation(document, operationName);
      return { schema, document, operationName, variableValues: variables };
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }

  return {
    open(transport) {
      let message;
      const closed = server.opened(
        { ...transport, send: (text) => transport.send(unmarked(text)), onMessage: (listener) => (message = listener) },
        { id: transport.id },
      );
      return { message: (text) => message(read(text)), keepAlive() {}, closed };
    },
  };
}

const requestIdOf = ({ id }, operation) => `subscription:${id}:${operation}`;

/** The library would read JSON without the digits of long numbers. What is no JSON it gets as text, and refuses. */
function read(text) {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
