// JSON whose numbers keep their digits: 12345678901234567890 in a Json field is stored and answered as it came.
//
//   parseJson(text)      as JSON.parse, but a number that a double cannot hold becomes a LongNumber
//   printJson(value)     as JSON.stringify, LongNumbers in their own text
//
// Texts without such a number, which is nearly all of them, go through the engine's own parser and printer.
import { randomBytes } from 'node:crypto';

// In the printed text a LongNumber stands as a string that nobody else can have made.
const mark = `number ${randomBytes(16).toString('hex')} `;
const marked = new RegExp(`"${mark}([^"]*)"`, 'g');
const mayBeLong = /\d{16}|\d[eE][+-]?\d{3}/;
let anyPrinted = false;

export class LongNumber {
  constructor(text) {
    this.text = text;
  }

  toJSON() {
    anyPrinted = true;
    return mark + this.text;
  }

  valueOf() {
    return Number(this.text);
  }
}

export function printJson(value) {
  anyPrinted = false;
  const text = JSON.stringify(value);
  return anyPrinted ? text.replace(marked, '$1') : text;
}

export function parseJson(text) {
  const value = JSON.parse(text);
  return mayBeLong.test(text) ? JSON.parse(withMarks(text), revive) : value;
}

const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const withMarks = (text) => text.replace(token, (one) => (one[0] !== '"' && isLong(one) ? `"${mark}${one}"` : one));
const revive = (_, value) =>
  typeof value === 'string' && value.startsWith(mark) ? new LongNumber(value.slice(mark.length)) : value;

const isLong = (text) => significant(text) !== significant(String(Number(text)));

/**
 * The digits of a decimal number without sign, point and the zeros around, and its power of ten. Equal numbers have
 * equal ones.
 */
export function significant(text) {
  const [, whole, fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [
    text,
    text,
  ];
  const digits = (whole + fraction).replace(/^0+/, '');
  const bare = digits.replace(/0+$/, '');
  return bare ? `${bare}e${Number(exponent) - fraction.length + digits.length - bare.length}` : '0';
}
