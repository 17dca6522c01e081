import { parseJson } from '../json.js';
import { whoops } from './render.js';

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (status, body) => ({
  refusal: { status, body, headers: { 'Content-Type': 'text/plain; charset=utf-8' } },
});
const json = (status, body, headers) => ({
  refusal: { status, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers } },
});

/**
 * What a POST asks for: { params }, one operation or a list of them, or { refusal: { status, body, headers } }.
 * `coming.bytes` is how much there is of requests that are being read.
 * An operation whose variables cannot be read carries its answer in `extensions.answer`; the others of its batch go on.
 */
export async function readRequest(request, requestId, limits, coming) {
  const type = (request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  if (type === 'text/plain') return text(400, 'The request content was malformed:\ntext/plain is not application/json');
  if (type !== 'application/json') {
    return text(415, "The request's Content-Type is not supported. Expected:\napplication/json");
  }
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    return text(415, "The request's Content-Encoding is not supported. Expected:\nidentity");
  }
  const body = await readBody(request, limits, coming);
  if (body === tooLarge || body === tooMuch) {
    const error =
      body === tooLarge
        ? `The request is larger than ${limits.bodyBytes} bytes.`
        : `There are more than ${limits.bodiesBytes} bytes of requests on their way.`;
    return json(body === tooLarge ? 413 : 503, { requestId, error }, { Connection: 'close' }); // the rest is not read
  }
  let asked;
  try {
    asked = parseJson(body);
  } catch (error) {
    return text(400, `The request content was malformed:\n${error.message}`);
  }
  if (Array.isArray(asked)) {
    if (asked.length > limits.batch) {
      const error = `This batch has ${asked.length} operations; at most ${limits.batch} are allowed.`;
      return json(413, { requestId, error });
    }
    if (!asked.every(isObject)) return json(500, { requestId, error: whoops(requestId) });
    return { params: asked.map((item) => operation(item, requestId)) };
  }
  if (!isObject(asked))
    return json(200, { error: 'input could not be parsed: it is no object and no list of objects' });
  return { params: operation(asked, requestId) };
}

/** Only what is understood; anything else that a client sends along is ignored. */
function operation({ query, operationName, variables }, requestId) {
  const params = {
    query: typeof query === 'string' ? query : '',
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : undefined,
    variables: isObject(variables) ? variables : {},
  };
  if (typeof variables === 'string' && variables.trim() !== '') {
    try {
      params.variables = parseJson(variables) ?? {};
      if (!isObject(params.variables)) throw new TypeError('no object');
    } catch {
      const error = `Variables could not be parsed as json: ${variables}`;
      return { ...params, variables: {}, extensions: { answer: { code: 3024, requestId, error } } };
    }
  }
  return params;
}

const SMALL = 50_000; // bytes: such a body is read, however much there is of others
const tooLarge = Symbol('a body of more bytes than allowed');
const tooMuch = Symbol('more bytes of bodies at once than allowed');

/** The body as text, or why it was not read. */
function readBody(request, { bodyBytes, bodiesBytes }, coming) {
  if (Number(request.headers['content-length']) > bodyBytes) return Promise.resolve(tooLarge);
  return new Promise((resolve, reject) => {
    const chunks = [];
    let size = 0;
    request.on('data', (chunk) => {
      size += chunk.length;
      coming.bytes += chunk.length;
      const fits = size <= SMALL || coming.bytes <= bodiesBytes;
      if (size <= bodyBytes && fits) return void chunks.push(chunk);
      chunks.length = 0;
      resolve(size > bodyBytes ? tooLarge : tooMuch);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
    request.on('close', () => {
      coming.bytes -= size;
      reject(new Error('The client went away.'));
    });
  });
}
