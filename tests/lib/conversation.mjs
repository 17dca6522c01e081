// Holds a recorded conversation over WebSocket again: what truth/replay_subscriptions.py does with --loose, without a package of
// Python. Its docstring explains the files and how frames are compared.
//
//   await replay(file, {url, socket, token, pace, quiet, patience, known}) → {passed, steps, failed: [text]}
//       token  token(name) → its token; token(TYPE, id, name) where the file says for which node a name stands
//       pace   seconds of the recording become this share of them; a service that sends keep-alives must be as fast
//       quiet  milliseconds without a frame after which no other is awaited (12)
//       patience  milliseconds for which frames that are to come are awaited (10000)
//       known  known(step, differences) → those of them that are failures; all, if it isn't given. Steps are numbered from 1
import { WebSocket } from '../../fixtures/servers/prisma/api/packages.mjs';
import { readJson } from '../lib.mjs';
import { Values, difference, isObject, loosen, mapTexts, parsed } from './talk.mjs';


const isKeepAlive = (frame) => frame?.type === 'ka' || frame?.type === 'keepalive';
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function loosenFrame(frame) {
  if (frame?.type === 'error' || frame?.type === 'subscription_fail')
    return JSON.stringify(frame.payload).includes('(line ') ? { ...frame, payload: '⟨any⟩' } : frame;
  return isObject(frame?.payload) ? { ...frame, payload: loosen(frame.payload) } : frame;
}

class Replay {
  values = new Values();
  sockets = new Map();
  got = new Map();
  last = 0;
  quiet = 12;
  patience = 10000;

  constructor(options) {
    Object.assign(this, options);
  }

  tokenOf(who) {
    const login = this.logins[who] && this.values.bind(this.logins[who]);
    return login ? this.token(...login, who) : this.token(who);
  }

  async *hold(step) {
    this.last = performance.now();
    if (step.open) yield* this.values.same(step.answer, await this.open(step.socket, step.open), 'answer');
    else if (step.send) this.sockets.get(step.socket)?.send(this.message(step.send));
    else if (step.close) await this.close(step.socket);
    else if (step.wait) await pause(step.wait * 1000 * this.pace);
    else yield* this.ask(step);
    yield* await this.compare(step);
  }

  message(given) {
    if (given['⟨raw⟩'] !== undefined) return given['⟨raw⟩'];
    return JSON.stringify(mapTexts(this.values.bind(given), (text) => text.replace(/⟨token:([^⟩]+)⟩/g, (_, who) => this.tokenOf(who) ?? '')));
  }

  open(name, { protocols, last }) {
    const url = last ? this.socket.replace(/[^/]*$/, last) : this.socket;
    const socket = new WebSocket(url, protocols.length ? protocols : undefined, { perMessageDeflate: false });
    return new Promise((done) => {
      socket.on('open', () => {
        this.sockets.set(name, socket);
        socket.on('message', (data) => this.add(name, parsed(String(data))));
        socket.on('close', (code) => this.sockets.get(name) === socket && this.add(name, { '⟨closed⟩': code }));
        done({ protocol: socket.protocol });
      });
      socket.on('unexpected-response', (request, response) => {
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (part) => (text += part));
        response.on('end', () => done({ status: response.statusCode, '⟨text⟩': text }));
      });
      socket.on('error', (error) => done({ status: 0, '⟨text⟩': error.message }));
    });
  }

  close(name) {
    const socket = this.sockets.get(name);
    this.sockets.delete(name);
    if (!socket || socket.readyState > 1) return undefined;
    return new Promise((done) => {
      socket.on('close', done);
      socket.close();
    });
  }

  add(name, frame) {
    if (!this.got.has(name)) this.got.set(name, []);
    this.got.get(name).push(frame);
    if (!isKeepAlive(frame)) this.last = performance.now();
  }

  async *ask(step) {
    const token = this.tokenOf(step.as);
    const response = await fetch(this.url + step.path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify(this.values.bind(step.body)),
    });
    if (response.status !== step.status) yield difference('status', step.status, response.status);
    yield* this.values.same(loosen(step.answer), loosen(await response.json()), 'answer');
  }

  async compare({ frames: want = {}, wait, unordered }) {
    const start = performance.now();
    const done = () => Object.entries(want).every(([name, frames]) => this.framesOf(name, wait).length >= frames.length);
    // Awaited is what is said to come, and then that nothing else does.
    while (performance.now() - this.last < this.quiet || (!done() && performance.now() - start < this.patience)) await pause(2);
    const differences = [];
    for (const name of new Set([...Object.keys(want), ...this.got.keys()])) {
      const [wanted, found] = [grouped(once(want[name] ?? [])), grouped(once(this.framesOf(name, wait)))];
      for (const key of new Set([...wanted.keys(), ...found.keys()]))
        differences.push(...this.inOrder(wanted.get(key) ?? [], found.get(key) ?? [], `frames.${name}[${key}]`, unordered));
    }
    this.got.clear();
    return differences;
  }

  framesOf(name, wait) {
    const frames = this.got.get(name) ?? [];
    return wait === undefined ? frames.filter((frame) => !isKeepAlive(frame)) : frames;
  }

  inOrder(wanted, found, at, unordered) {
    const want = wanted.map(loosenFrame);
    const got = found.map(loosenFrame).map((frame, n) => (want[n]?.payload === '⟨any⟩' && frame.payload ? { ...frame, payload: '⟨any⟩' } : frame));
    if (unordered && want.length === got.length && this.match(want, got)) return [];
    return [...this.values.same(want, got, at)];
  }

  /** Is there an assignment of what came to what was wanted? */
  match([first, ...rest], got) {
    if (first === undefined) return true;
    for (const [n, frame] of got.entries()) {
      const bound = new Map(this.values.bound);
      if (this.values.same(first, frame, '').next().done && this.match(rest, got.filter((_, at) => at !== n))) return true;
      this.values.bound = bound;
    }
    return false;
  }
}

/** Without repeated keep-alives: their number depends on when the socket was opened. */
const once = (frames) => frames.filter((frame, n) => !isKeepAlive(frame) || !frames.slice(0, n).some(isKeepAlive));

/** The frames of one subscription come in order; those of different ones in any. */
const grouped = (frames) =>
  frames.reduce((map, frame) => map.set(keyOf(frame), [...(map.get(keyOf(frame)) ?? []), frame]), new Map());
const keyOf = (frame) => ('id' in frame ? JSON.stringify(frame.id) : '');

export async function replay(file, { known = (step, differences) => differences, ...options }) {
  const { steps, logins = {} } = readJson(file);
  const held = new Replay({ ...options, logins });
  const failed = [];
  let passed = 0;
  for (const [n, step] of steps.entries()) {
    const differences = [];
    for await (const one of held.hold(step)) differences.push(one);
    if (!differences.length) passed++;
    const unknown = known(n + 1, differences);
    if (unknown.length) failed.push(`step ${n + 1}: ${step.name}\n${unknown.slice(0, 5).join('\n')}`);
  }
  for (const name of [...held.sockets.keys()]) await held.close(name);
  return { passed, failed, steps: steps.length };
}
