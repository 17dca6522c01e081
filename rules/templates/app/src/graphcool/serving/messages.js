const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isAbsent = (value) => value === undefined || value === null;
const failure = (message) => ({ payload: { message } });
const noAuthorization = failure('No Authorization field was provided in payload.');
const noHello = failure('You have to send an init message before sending anything else.');

/** The two dialects in which Graphcool's clients spoke over WebSocket: what the server says in each. */
export const dialects = {
  apollo: {
    welcome: { type: 'connection_ack' },
    refused: { ...noAuthorization, type: 'connection_error' },
    notYet: { ...noHello, type: 'connection_error' },
    started: null,
    data: (id, payload) => ({ id, payload, type: 'data' }),
    failed: (id, message) => ({ id, payload: { message }, type: 'error' }),
    ended: (id) => ({ id, type: 'complete' }),
    keepAlive: { type: 'ka' },
  },
  old: {
    welcome: { type: 'init_success' },
    refused: { ...noAuthorization, type: 'init_fail' },
    notYet: { ...noHello, type: 'init_fail' },
    started: (id) => ({ id, type: 'subscription_success' }),
    data: (id, payload) => ({ id, payload, type: 'subscription_data' }),
    failed: (id, message) => ({ id, payload: { errors: [{ message }] }, type: 'subscription_fail' }),
    ended: (id) => ({ id, type: 'subscription_end' }),
    keepAlive: { type: 'keepalive' },
  },
};

/** What a socket is told that is not let in: in the dialect of its sub-protocol, as it has not said hello. */
export const refusal = (protocol, message) => ({
  ...(protocol === 'graphql-ws' ? dialects.apollo : dialects.old).refused,
  ...failure(message),
});

/** Each type of message, read: its dialect and what it asks for; null if it is not as it should be. */
const readers = {
  connection_init: ({ payload }) => hello(dialects.apollo, payload),
  start: ({ id, payload }) => (isObject(payload) ? start(dialects.apollo, id, payload) : null),
  stop: ({ id }) => (isId(id) ? { dialect: dialects.apollo, stop: true, id: idOf(id) } : null),
  connection_terminate: () => ({ dialect: dialects.apollo }), // the server left the socket open
  init: ({ payload }) => hello(dialects.old, payload),
  subscription_start: (message) => start(dialects.old, message.id, message),
  subscription_end: ({ id }) => ({ dialect: dialects.old, stop: true, id: isId(id) ? idOf(id) : undefined }),
};

/** { dialect, hello | start | stop, … }, or null if the text is no message of either dialect. */
export function readMessage(text, parseJson) {
  let message;
  try {
    message = parseJson(text);
  } catch {
    return null;
  }
  return isObject(message) && Object.hasOwn(readers, message.type) ? readers[message.type](message) : null;
}

const hello = (dialect, payload) => (isAbsent(payload) || isObject(payload) ? { dialect, hello: true, payload } : null);

function start(dialect, id, { query, variables, operationName }) {
  const well =
    isId(id) &&
    typeof query === 'string' &&
    (isAbsent(variables) || isObject(variables)) &&
    (isAbsent(operationName) || typeof operationName === 'string');
  return well
    ? {
        dialect,
        start: true,
        id: idOf(id),
        query,
        variables: variables ?? {},
        operationName: operationName || undefined,
      }
    : null;
}

const isId = (id) => typeof id === 'string' || typeof id === 'number';
/** 7 and "7" are two ids; 1.5 is 1. */
const idOf = (id) => (typeof id === 'number' ? Math.trunc(id) : id);
