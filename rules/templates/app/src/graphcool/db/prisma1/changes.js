// What happens in a Prisma 1 service: one WebSocket for all subscriptions, opened when the first one comes and again
// when it breaks.
//
// Events of the time without a connection are lost, as they were for every client of Graphcool.
import { WebSocket } from 'ws';
import { parseJson, printJson } from '../../json.js';
import { Document } from './document.js';
import { ServiceToken } from './token.js';

const firstPause = 100;
const longestPause = 10000;
const mostWaiting = 10000;

export class Changes {
  #socket = null;
  #ready = false;
  #closed = false;
  #pause = firstPause;
  #streams = new Map();
  #next = 1;

  constructor({ endpoint, secret, model }) {
    this.url = endpoint.replace(/^http/, 'ws');
    this.token = new ServiceToken(secret);
    this.model = model;
  }

  subscribe(question) {
    const id = String(this.#next++);
    const stream = new Stream(documentOf(question, this.model), () => this.#stop(id));
    this.#streams.set(id, stream);
    if (this.#ready) this.#start(id, stream);
    else this.#open();
    return stream;
  }

  close() {
    this.#closed = true;
    for (const stream of this.#streams.values()) stream.end();
    this.#streams.clear();
    this.#socket?.close();
  }

  #open() {
    if (this.#socket || this.#closed) return;
    const socket = new WebSocket(this.url, 'graphql-ws');
    this.#socket = socket;
    socket.on('open', () => this.#send({ type: 'connection_init', payload: this.token.headers() }));
    socket.on('message', (text) => this.#hear(parseJson(text.toString())));
    socket.on('error', () => {});
    socket.on('close', () => this.#broken());
  }

  #send(message) {
    this.#socket?.send(printJson(message));
  }

  #start(id, { query, variables }) {
    this.#send({ id, type: 'start', payload: { query, variables } });
  }

  #stop(id) {
    if (this.#streams.delete(id) && this.#ready) this.#send({ id, type: 'stop' });
  }

  #hear({ type, id, payload }) {
    if (type === 'connection_ack') {
      this.#ready = true;
      this.#pause = firstPause;
      for (const [one, stream] of this.#streams) this.#start(one, stream);
    } else if (type === 'connection_error') this.#socket?.close();
    else if (type === 'data') this.#streams.get(id)?.push(payload);
    else if (type === 'error') {
      this.#streams.get(id)?.fail(new Error(payload?.message ?? 'the Prisma service refused a subscription'));
      this.#streams.delete(id);
    }
  }

  #broken() {
    this.#socket = null;
    this.#ready = false;
    if (this.#closed || !this.#streams.size) return;
    setTimeout(() => this.#open(), this.#pause).unref();
    this.#pause = Math.min(this.#pause * 2, longestPause);
  }
}

/** The events of one subscription; who reads too slowly is cut off rather than let memory grow. */
class Stream {
  #waiting = [];
  #reader = null;
  #end = null;

  constructor({ query, variables }, stop) {
    Object.assign(this, { query, variables, stop });
  }

  push({ data }) {
    if (!data?.change) return;
    if (this.#waiting.length >= mostWaiting)
      return void (this.fail(new Error('a subscriber reads too slowly')), this.stop());
    this.#waiting.push(data.change);
    this.#wake();
  }

  fail(error) {
    this.#end ??= { error };
    this.#wake();
  }

  end() {
    this.#end ??= {};
    this.#wake();
  }

  #wake() {
    this.#reader?.();
    this.#reader = null;
  }

  async next() {
    while (!this.#waiting.length && !this.#end) await new Promise((resolve) => (this.#reader = resolve));
    if (this.#waiting.length) return { value: this.#waiting.shift(), done: false };
    if (this.#end.error) throw this.#end.error;
    return { value: undefined, done: true };
  }

  async return() {
    this.stop();
    this.end();
    this.#waiting.length = 0;
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}

function documentOf(question, model) {
  const document = new Document('subscription', model);
  document.add({ op: 'change', ...question }, 'change');
  return document.done();
}
