// The service's own token: HS256, signed by its secret, short-lived and made anew before it ends.
import jwt from 'jsonwebtoken';

const lifetime = 3600;

export class ServiceToken {
  #token = null;
  #until = 0;

  constructor(secret) {
    this.secret = secret;
  }

  /** The headers of a request; none where the service is open. */
  headers(now = Date.now()) {
    if (!this.secret) return {};
    if (now > this.#until) {
      this.#token = jwt.sign({}, this.secret, { algorithm: 'HS256', expiresIn: lifetime });
      this.#until = now + (lifetime / 2) * 1000;
    }
    return { Authorization: `Bearer ${this.#token}` };
  }
}
