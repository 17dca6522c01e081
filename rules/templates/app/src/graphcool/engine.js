import {
  createSourceEventStream,
  execute,
  getOperationAST,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { overLimits } from './limits.js';
import { places } from './render.js';

/** The text of a query is not GraphQL. Its message is what Graphcool's clients are told. */
export class SyntaxProblem extends GraphQLError {
  name = 'SyntaxProblem';
}

/**
 * How operations are parsed, validated and executed, over HTTP and over WebSocket alike: graphql-js, and what
 * Graphcool's server did differently. A plugin for graphql-yoga; `limits` as in limits.js.
 */
export function useGraphcoolEngine(limits) {
  return {
    onParse: ({ setParseFn }) => setParseFn((source) => parseQuery(source, limits)),
    onValidate({ setValidationFn }) {
      setValidationFn((schema, document, rules) => {
        const errors = overLimits(document, limits);
        return errors.length ? errors : validate(schema, document, rules);
      });
    },
    onExecute: ({ setExecuteFn }) => setExecuteFn(executeOperation),
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(executeOperation),
  };
}

function parseQuery(source, { tokens }) {
  try {
    return parse(source, { maxTokens: tokens });
  } catch (error) {
    if (source.trim() === '') {
      throw new SyntaxProblem(`${notGraphQL}Unexpected end of input, expected ${beginnings} (line 1, column 1):\n\n^`);
    }
    if (error instanceof GraphQLError) {
      throw new SyntaxProblem(notGraphQL + error.message.replace(/^Syntax Error: /, '') + places(error));
    }
    throw new SyntaxProblem(`${notGraphQL}It is nested too deeply.`); // the call stack is exhausted
  }
}
const notGraphQL = 'Syntax error while parsing GraphQL query. ';
const beginnings = 'OperationDefinition, FragmentDefinition or TypeSystemDefinition';

/** The operation that is meant. Throws if there is none of that name, or several and no name is given. */
export function selectOperation(document, operationName) {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation;
  throw new GraphQLError(
    operationName
      ? `Unknown operation name '${operationName}'`
      : 'Must provide operation name if query contains multiple operations',
  );
}

function executeOperation(args) {
  const { document } = args;
  const operation = selectOperation(document, args.operationName);
  // Without a socket there are no events: every field of a subscription is null.
  if (operation.operation === 'subscription') {
    return { data: Object.fromEntries(rootFields(document, operation).map(({ key }) => [key, null])) };
  }
  return execute({ ...args, contextValue: args.contextValue.graphcool });
}

/** The fields of an operation's root, fragments written out: [{ key, name }]. */
export function rootFields(document, operation) {
  const fields = [];
  const visit = ({ selections }) => {
    for (const selection of selections) {
      if (selection.kind === 'Field') {
        fields.push({ key: (selection.alias ?? selection.name).value, name: selection.name.value });
      } else if (selection.kind === 'InlineFragment') visit(selection.selectionSet);
      else
        visit(
          document.definitions.find((d) => d.kind === 'FragmentDefinition' && d.name.value === selection.name.value)
            .selectionSet,
        );
    }
  };
  visit(operation.selectionSet);
  return fields;
}

/**
 * Executes a subscription: an async iterator of results, or { errors }. As graphql-js' subscribe, but `context()` is
 * asked anew for every event, so that each is answered by who its reader is then, and nothing cached for one event is
 * taken for another.
 */
export async function subscribe(args, context) {
  const source = await createSourceEventStream({ ...args, contextValue: context() });
  if (!(Symbol.asyncIterator in source)) return source;
  const events = source[Symbol.asyncIterator]();
  const answer = async ({ value, done }) =>
    done
      ? { value: undefined, done }
      : { value: await execute({ ...args, rootValue: value, contextValue: context() }), done };
  return {
    next: async () => answer(await events.next()),
    return: async () => (await events.return?.()) ?? { value: undefined, done: true },
    throw: async (error) => {
      await events.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
