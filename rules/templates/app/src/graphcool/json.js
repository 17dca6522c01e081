// JSON whose numbers keep their digits: 12345678901234567890 in a Json field is stored and answered as it came.
//
//   parseJson(text)      as JSON.parse, but a number that a double cannot hold becomes a LongNumber
//   printJson(value)     as JSON.stringify, LongNumbers in their own text
//   unmarked(text)       what JSON.stringify printed, LongNumbers in their own text: for who prints by himself
//
// Texts without such a number, which is nearly all of them, go through the engine's own parser and printer.
import { randomBytes } from 'node:crypto';

// In the printed text a LongNumber stands as a string that nobody else can have made.
const mark = `number ${randomBytes(16).toString('hex')} `;
const marked = new RegExp(`"${mark}([^"]*)"`, 'g');
const mayBeLong = /\d[\d.]{15}|\d[eE][+-]?\d{3}/;

export class LongNumber {
  constructor(text) {
    this.text = text;
  }

  toJSON() {
    return mark + this.text;
  }

  valueOf() {
    return Number(this.text);
  }
}

export const printJson = (value) => unmarked(JSON.stringify(value));
export const unmarked = (text) => (text.includes(mark) ? text.replace(marked, '$1') : text);

export function parseJson(text) {
  const value = JSON.parse(text);
  return mayBeLong.test(text) ? JSON.parse(withMarks(text), revive) : value;
}

// Escapes, the ends of strings, and what may be a long number. No pattern of a whole string: it fails for long ones.
const piece = /\\.|"|-?\d[\d.eE+-]{4,}/g;

function withMarks(text) {
  let inString = false;
  return text.replace(piece, (one) => {
    if (one === '"') inString = !inString;
    return !inString && isLong(one) ? `"${mark}${one}"` : one;
  });
}

const revive = (_, value) =>
  typeof value === 'string' && value.startsWith(mark) ? new LongNumber(value.slice(mark.length)) : value;

const isLong = (text) => mayBeLong.test(text) && significant(text) !== significant(String(Number(text)));

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
  let length = digits.length; // no /0+$/: that takes the square of a number's zeros in time
  while (digits[length - 1] === '0') length--;
  const bare = digits.slice(0, length);
  return bare ? `${bare}e${Number(exponent) - fraction.length + digits.length - bare.length}` : '0';
}
