// Requests to a Prisma 1 service: one connection is used again and again, nobody waits for ever, numbers keep their
// digits.
import http from 'node:http';
import https from 'node:https';
import { DatabaseError } from '../errors.js';
import { parseJson, printJson } from '../../json.js';
import { ServiceToken } from './token.js';

// The service closes what is idle for a minute; we do so before, so that no write meets a connection that is just
// going.
const longestIdle = 20000;

export class Http {
  constructor({ endpoint, secret, timeout }) {
    this.url = new URL(endpoint);
    this.timeout = timeout;
    this.token = new ServiceToken(secret);
    this.client = this.url.protocol === 'https:' ? https : http;
    this.agent = new this.client.Agent({ keepAlive: true, maxSockets: 64, timeout: longestIdle });
  }

  close() {
    this.agent.destroy();
  }

  /**
   * bodies: [{query, variables}] → [{data, errors}]. What only reads is asked again where an idle connection had gone.
   */
  async post(bodies, { reads = false } = {}) {
    const single = bodies.length === 1;
    const body = printJson(single ? bodies[0] : bodies);
    const text = await this.#send(body).catch((error) =>
      reads && error.idle ? this.#send(body) : Promise.reject(error),
    );
    let answer;
    try {
      answer = parseJson(text);
    } catch {
      throw new DatabaseError('internal', `the Prisma service answered no JSON: ${text.slice(0, 80)}`);
    }
    return single ? [answer] : answer;
  }

  #send(body) {
    return new Promise((resolve, reject) => {
      const fail = (message, cause, idle = false) => reject(new DatabaseError('unreachable', message, { cause, idle }));
      const request = this.client.request(
        this.url,
        {
          method: 'POST',
          agent: this.agent,
          timeout: this.timeout,
          headers: {
            'Content-Type': 'application/json',
            'Content-Length': Buffer.byteLength(body),
            ...this.token.headers(),
          },
        },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
          response.on('error', (error) => fail('the Prisma service broke off its answer', error));
        },
      );
      request.on('timeout', () => request.destroy(new Error(`no answer within ${this.timeout} ms`)));
      request.on('error', (error) =>
        fail(
          `the Prisma service at ${this.url.host} did not answer: ${error.message}`,
          error,
          request.reusedSocket && error.code === 'ECONNRESET',
        ),
      );
      request.end(body);
    });
  }
}
