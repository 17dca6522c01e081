import { GraphQLError } from 'graphql';
import { GraphcoolError } from '../errors.js';

export const whoops = (requestId) =>
  'Whoops. Looks like an internal server error. Please contact us from the Console (https://console.graph.cool) ' +
  `or via email (support@graph.cool) and include your Request ID: ${requestId}`;

/**
 * The result of an operation as Graphcool's server put it. Errors before execution have a message and locations; errors
 * during execution a path, too; those with a code the request's id. What nobody foresaw is told to `unexpected` alone.
 */
export function renderResult(result, requestId, unexpected) {
  if (!('data' in result)) {
    return { data: null, errors: result.errors.map((error) => renderEarlyError(error, requestId, unexpected)) };
  }
  const { data, errors } = result;
  return errors?.length ? { data, errors: errors.map((error) => renderError(error, requestId, unexpected)) } : { data };
}

function renderEarlyError(error, requestId, unexpected) {
  const cause = origin(error);
  if (cause === null) return withLocations({ message: error.message }, error);
  unexpected(cause);
  return { message: whoops(requestId), requestId };
}

function renderError(error, requestId, unexpected) {
  const { path } = error;
  const cause = origin(error);
  if (cause instanceof GraphcoolError && cause.code !== undefined) {
    const { message, code, functionError } = cause;
    const answer = withLocations({ message, code, requestId, path }, error);
    return functionError === undefined ? answer : { ...answer, functionError };
  }
  if (/^Cannot return null for non-nullable (field|type)/.test(error.message)) {
    return withLocations({ message: `Cannot return null for non-nullable type${places(error)}`, path }, error);
  }
  if (cause === null) return withLocations({ message: error.message, path }, error);
  unexpected(cause);
  return withLocations({ message: whoops(requestId), requestId, path }, error);
}

/** What was thrown by a resolver; null for an error that the execution of GraphQL found itself. */
function origin(error) {
  while (error instanceof GraphQLError) error = error.originalError ?? null;
  return error;
}

/** For the log: the codes of an answer's errors, 0 for one without code; undefined if there are none. */
export function codes({ error, code, errors }) {
  if (error !== undefined) return [code ?? 0];
  return errors?.length ? [...new Set(errors.map((each) => each.code ?? 0))] : undefined;
}

const withLocations = (answer, { locations }) => (locations?.length ? { ...answer, locations } : answer);

/** For each place of an error: its line, with a caret below the column. */
export function places({ locations = [], source }) {
  return locations
    .map(({ line, column }) => {
      const text = source.body.split(/\r\n|[\n\r]/)[line - 1] ?? '';
      return ` (line ${line}, column ${column}):\n${text}\n${' '.repeat(column - 1)}^`;
    })
    .join('\n');
}
