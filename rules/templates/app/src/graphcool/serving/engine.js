import { createSourceEventStream, execute, GraphQLError, parse, validate } from 'graphql';
import { overLimits } from './limits.js';
import { rootFields, selectOperation } from './operation.js';
import { places } from './render.js';
import { FloatLiterals } from '../scalars.js';

/** The text of a query is not GraphQL. Its message is what Graphcool's clients are told. */
export class SyntaxProblem extends GraphQLError {
  name = 'SyntaxProblem';
}

/**
 * How operations are parsed, validated and executed: graphql-js, with limits (limits.js), and api.finish() over what it
 * answers. `plugin` brings this to graphql-yoga; the sockets have its parse and validate from the yoga, and call
 * `execute` and `subscribe` here.
 */
export function createEngine({ api, limits }) {
  async function executeOperation(args) {
    const result = await execute(args);
    return 'data' in result ? api.finish(result, args.contextValue) : result;
  }

  /** Over HTTP: there are no events there, so every field of a subscription is null, as it was on Graphcool. */
  function answer(args) {
    const { document, contextValue } = args;
    const operation = selectOperation(document, args.operationName);
    if (operation.operation === 'subscription') {
      return { data: Object.fromEntries(rootFields(document, operation).map(({ key }) => [key, null])) };
    }
    return executeOperation({ ...args, contextValue: contextValue.graphcool });
  }

  const plugin = {
    onParse: ({ setParseFn }) => setParseFn((source) => parseQuery(source, limits)),
    onValidate({ setValidationFn }) {
      setValidationFn((schema, document, rules) => {
        const errors = overLimits(document, limits);
        return errors.length ? errors : validateDocument(schema, document, rules);
      });
    },
    onExecute: ({ setExecuteFn }) => setExecuteFn(answer),
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(answer),
  };

  /**
   * As graphql-js' subscribe: an async iterator of results, or { errors }. But `context()` is asked anew for every
   * event, so that each is answered by who its reader is then, and nothing cached for one event is taken for another.
   * And it never throws: what goes wrong is an { errors }, the last one of the iterator. While an event is worked on,
   * its promise is in the set `working`.
   */
  async function subscribe(args, { context, working }) {
    const failed = (error) => ({ errors: [new GraphQLError('', { originalError: error })] });
    let events;
    try {
      const source = await createSourceEventStream({ ...args, contextValue: context() });
      if (!(Symbol.asyncIterator in source)) return source;
      events = source[Symbol.asyncIterator]();
    } catch (error) {
      return failed(error);
    }
    let ended = false;
    async function next() {
      if (ended) return { value: undefined, done: true };
      try {
        const { value, done } = await events.next();
        if (done) return { value: undefined, done };
        const work = executeOperation({ ...args, rootValue: value, contextValue: context() });
        working.add(work);
        return { value: await work.finally(() => working.delete(work)), done: false };
      } catch (error) {
        ended = true;
        return { value: failed(error), done: false };
      }
    }
    async function end() {
      ended = true;
      await events.return?.();
      return { value: undefined, done: true };
    }
    return { next, return: end, throw: end, [Symbol.asyncIterator]: iteratorOfItself };
  }

  return { plugin, execute: executeOperation, subscribe };
}

/**
 * A rule of graphql-js throws what it should report: for a root field of a subscription with @include(if: $variable).
 */
function validateDocument(schema, document, rules) {
  try {
    return validate(schema, document, [...rules, FloatLiterals]);
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

function iteratorOfItself() {
  return this;
}

const notGraphQL = 'Syntax error while parsing GraphQL query. ';
// Characters. Errors of longer texts do not say where they are: each place takes a walk through the text to find, and a
// hostile text has thousands of them.
const LOCATED = 20_000;

function parseQuery(source, { tokens }) {
  try {
    return parse(source, { maxTokens: tokens, noLocation: source.length > LOCATED });
  } catch (error) {
    if (source.trim() === '') {
      const expected = 'OperationDefinition, FragmentDefinition or TypeSystemDefinition';
      throw new SyntaxProblem(`${notGraphQL}Unexpected end of input, expected ${expected} (line 1, column 1):\n\n^`);
    }
    if (error instanceof GraphQLError) {
      throw new SyntaxProblem(notGraphQL + error.message.replace(/^Syntax Error: /, '') + places(error));
    }
    throw new SyntaxProblem(`${notGraphQL}It is nested too deeply.`); // the call stack is exhausted
  }
}
