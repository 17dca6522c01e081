// makeCuid() → an id like the server's: 25 characters that begin with c and the time, so later ones sort behind earlier
// ones.
import { randomBytes } from 'node:crypto';

const base = 36;
const block = base ** 4;
const padded = (number, size) => number.toString(base).padStart(size, '0').slice(-size);

const fingerprint = padded(randomBytes(4).readUInt32BE() % block, 4);
let counter = 0;
let last = 0;

export function makeCuid() {
  counter = (counter + 1) % block;
  // Where the counter starts anew, time has to have moved on.
  last = Math.max(Date.now(), counter === 0 ? last + 1 : last);
  const random = randomBytes(8);
  return `c${padded(last, 8)}${padded(counter, 4)}${fingerprint}${padded(random.readUInt32BE(0), 4)}${padded(random.readUInt32BE(4), 4)}`;
}
