import { SyntaxProblem } from './engine.js';
import { parseJson, printJson } from '../json.js';
import { readMessage } from './messages.js';
import { describe, selectOperation } from './operation.js';
import { codes, places, renderResult, whoops } from './render.js';

const unknownModel =
  "The provided query doesn't include any known model name. Please check for the latest subscriptions API.";

/**
 * The protocols `graphql-ws` (of the old Apollo clients) and `graphql-subscriptions` (of those before), with every
 * frame as Graphcool's server sent it. Both may be spoken on any socket: the first hello decides, and what is said in
 * the other dialect, or before hello, is not answered.
 */
export function createLegacyProtocol({ api, engine, yoga, tokens, db, limits, log, working }) {
  const { parse, validate, schema } = yoga.getEnveloped({});
  const known = new Set(Object.keys(schema.getSubscriptionType()?.getFields() ?? {}));

  return { open };

  function open(transport) {
    let dialect = null; // since hello
    let authorization; // of the caller; undefined: no hello was accepted
    const running = new Map(); // id → { stopped, events }
    const patience = setTimeout(
      () => transport.close(4408, 'Connection initialisation timeout'), // in the words of graphql-transport-ws
      limits.helloMs,
    );

    const say = (message) => transport.send(printJson(message));
    const caller = () => tokens.caller(authorization, db);
    const logged = (fields) =>
      log.request({
        kind: 'subscription',
        requestId: `subscription:${transport.id}`,
        caller: caller().kind,
        ...fields,
      });

    function message(text) {
      const said = readMessage(text, parseJson);
      if (!said) return say({ id: '', payload: { message: "The message can't be parsed" }, type: 'error' });
      if (said.hello) return hello(said);
      if (said.dialect !== dialect) return;
      if (authorization === undefined) return say(dialect.notYet);
      if (said.start) return start(said);
      if (said.stop) stop(said.id);
    }

    function hello(said) {
      if (authorization !== undefined || (dialect && said.dialect !== dialect)) return;
      dialect = said.dialect;
      const given = said.payload?.Authorization ?? said.payload?.authorization ?? null;
      if (given !== null && typeof given !== 'string') return say(dialect.refused);
      clearTimeout(patience);
      authorization = given;
      return say(dialect.welcome);
    }

    async function start({ id, query, variables, operationName }) {
      stop(id); // a second start under the same id takes the place of the first
      if (running.size >= limits.subscriptions) {
        logged({ codes: [0] });
        return say(
          dialect.failed(id, `There are ${limits.subscriptions} subscriptions on this socket; more are not allowed.`),
        );
      }
      const subscription = { stopped: false, events: null };
      running.set(id, subscription);
      const requestId = `subscription:${transport.id}:${id}`;
      try {
        await follow(id, subscription, { query, variables, operationName, requestId });
      } catch (error) {
        log.unexpected(error, { socket: transport.id });
        return say(dialect.failed(id, whoops(requestId)));
      } finally {
        if (running.get(id) === subscription) running.delete(id);
      }
    }

    async function follow(id, subscription, { query, variables, operationName, requestId }) {
      const { document, problem } = prepare(query);
      if (problem) {
        logged({ codes: [0] });
        return say(dialect.failed(id, problem));
      }
      const args = { schema, document, operationName, variableValues: variables };
      const events = await begin(args, () => api.context({ caller: caller(), requestId }));
      const render = (result) =>
        renderResult(result, requestId, (error) => log.unexpected(error, { socket: transport.id }));
      const refusal = events.errors && render(events);
      logged(refusal ? { codes: codes(refusal) } : describe(args));
      // As on Graphcool: a client whose variables are wrong, or who does not say which operation it means, hears
      // nothing.
      if (refusal) return;
      subscription.events = events;
      if (subscription.stopped) return void events.return();
      if (dialect.started) await say(dialect.started(id));
      for await (const result of events) {
        if (subscription.stopped) return;
        if (!('data' in result)) return say(dialect.failed(id, render(result).errors[0].message));
        await say(dialect.data(id, render(result)));
      }
      if (!subscription.stopped) await say(dialect.ended(id)); // the database has no more events: the server is ending
    }

    async function begin(args, context) {
      try {
        selectOperation(args.document, args.operationName);
      } catch (error) {
        return { errors: [error] };
      }
      return engine.subscribe(args, { context, working });
    }

    function stop(id) {
      const subscription = running.get(id);
      if (!subscription) return;
      running.delete(id);
      subscription.stopped = true;
      // Not awaited: an iterator that waits for its next event may end only with it.
      subscription.events?.return();
    }

    return {
      message,
      keepAlive: () => dialect && authorization !== undefined && say(dialect.keepAlive),
      closed() {
        clearTimeout(patience);
        for (const id of [...running.keys()]) stop(id);
      },
    };
  }

  /** A document that may be subscribed to, or what the client is told instead. */
  function prepare(query) {
    let document;
    try {
      document = parse(query);
    } catch (error) {
      if (error instanceof SyntaxProblem) return { problem: 'the GraphQL Query was not valid' };
      throw error;
    }
    const operations = document.definitions.filter(({ kind }) => kind === 'OperationDefinition');
    const roots = operations.flatMap(({ selectionSet }) => selectionSet.selections);
    if (!roots.some(({ kind, name }) => kind === 'Field' && known.has(name.value))) return { problem: unknownModel };
    const [error] = validate(schema, document);
    return error ? { problem: error.message + places(error) } : { document };
  }
}
