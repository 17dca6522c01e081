// Recorded conversations, held again: what truth/replay.py does with --loose. Its docstring explains the files.
//
//   const values = new Values()            what ⟨id:N⟩ stands for so far
//   for (const step of talk.steps) {
//     const {status, answer} = await ask(step, values.body(step))       asker(url, token)
//     const differences = [...compareStep(values, step, {status, answer})]       {at, want, got}; as texts for people
import { Agent, request } from 'node:http';

export const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
export const mapTexts = (value, change) =>
  Array.isArray(value)
    ? value.map((one) => mapTexts(one, change))
    : isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, change)]))
      : typeof value === 'string'
        ? change(value)
        : value;
const short = (value) => (JSON.stringify(value) ?? '(nothing)').slice(0, 300);
export const difference = (at, want, got) => ({ at, want, got, toString: () => `${at}\n  real: ${short(want)}\n  here: ${short(got)}` });

export class Values {
  bound = new Map();

  bind = (value) => mapTexts(value, (text) => text.replace(/⟨id:\d+⟩/g, (name) => this.bound.get(name) ?? name));

  /** The body to send: text. */
  body({ body }) {
    if (isObject(body) && '⟨raw⟩' in body) return body['⟨raw⟩'];
    return JSON.stringify(mapTexts(this.bind(body), (text) => text.replace(/⟨x × (\d+)⟩/g, (_, count) => 'x'.repeat(count))));
  }

  /** The differences between what was recorded and what came. */
  *same(want, got, at) {
    if (isObject(want) && isObject(got))
      for (const key of new Set([...Object.keys(want), ...Object.keys(got)]))
        if (!(key in want) || !(key in got)) yield difference(`${at}.${key}`, want[key], got[key]);
        else yield* this.same(want[key], got[key], `${at}.${key}`);
    else if (Array.isArray(want) && Array.isArray(got)) yield* this.sameList(want, got, at);
    else if (typeof want === 'string' && typeof got === 'string' ? !this.text(want, got) : want !== got)
      yield difference(at, this.bind(want), got);
  }

  *sameList(want, got, at) {
    const gap = want.findIndex((one) => isObject(one) && '⟨more⟩' in one);
    if (gap >= 0) {
      const length = want.length - 1 + want[gap]['⟨more⟩'];
      if (got.length !== length) return yield difference(`${at}.length`, length, got.length);
      const tail = want.length - gap - 1;
      return yield* this.sameList(want.filter((_, n) => n !== gap), [...got.slice(0, gap), ...got.slice(got.length - tail)], at);
    }
    if (want.length !== got.length) return yield difference(at, this.bind(want), got);
    for (const [n, one] of want.entries()) yield* this.same(one, got[n], `${at}[${n}]`);
  }

  text(want, got) {
    if (want === '⟨time⟩') return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(got);
    if (!want.includes('⟨')) return want === got;
    const names = [];
    const pattern = want.split(/(⟨id:\d+⟩|⟨(?:request|token|time|service|any)⟩)/).map((part, n) => {
      if (n % 2 === 0) return escaped(part);
      if (!part.startsWith('⟨id:')) return '.+';
      if (this.bound.has(part)) return escaped(this.bound.get(part));
      if (names.includes(part)) return '[A-Za-z0-9_-]+';
      names.push(part);
      return '([A-Za-z0-9_-]+)';
    });
    const found = new RegExp(`^${pattern.join('')}$`, 's').exec(got);
    if (found) names.forEach((name, n) => this.bound.set(name, found[n + 1]));
    return found !== null;
  }
}

/** Makes a recording of an answer: what the server made up becomes placeholders. */
export class Names {
  ids = new Map();

  name(answer) {
    return JSON.parse(JSON.stringify(answer), (key, value) => {
      if (typeof value !== 'string') return value;
      if (key === 'requestId') return '⟨request⟩';
      if (key === 'createdAt' || key === 'updatedAt') return '⟨time⟩';
      return value.replace(/\bc[a-z0-9]{24}\b/g, (id) => {
        if (!this.ids.has(id)) this.ids.set(id, `⟨id:${this.ids.size + 1}⟩`);
        return this.ids.get(id);
      });
    });
  }
}

/** Errors before execution have the words of the server's GraphQL library: only that there are some. */
export function loosen(answer) {
  if (!Array.isArray(answer?.errors)) return answer;
  if (answer.errors.length && answer.errors.every((error) => isObject(error) && !('code' in error)) && !answer.data) return { errors: '⟨any⟩' };
  return { ...answer, errors: answer.errors.map((error) => (isObject(error) ? (({ locations, ...rest }) => rest)(error) : error)) };
}

export function* compareStep(values, step, { status, answer }) {
  if (status !== step.status) yield difference('status', step.status, status);
  yield* values.same(loosen(step.answer), loosen(answer), 'answer');
}

/** Asks over HTTP, on connections that stay: ask(step, body) → {status, answer}. `token(who)`: whose token is sent, if any. */
export function asker(url, token) {
  const agent = new Agent({ keepAlive: true });
  const ask = (step, body) =>
    new Promise((done, failed) => {
      const bearer = token(step.as);
      const headers = { 'Content-Type': 'application/json', ...step.headers, ...(bearer && { Authorization: `Bearer ${bearer}` }) };
      const asked = request(url + step.path, { method: 'POST', agent, headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } });
      asked.on('error', failed);
      asked.on('response', (response) => {
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (part) => (text += part));
        response.on('end', () => done({ status: response.statusCode, answer: parsed(text) }));
      });
      asked.end(body);
    });
  return Object.assign(ask, { close: () => agent.destroy() });
}

export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { '⟨text⟩': text };
  }
}
