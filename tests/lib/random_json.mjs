// Random JSON texts, as people and programs write them, and damaged ones. Everything follows from the seed.
import { random } from '../fuzz/mutate.mjs';

export class RandomJson {
  constructor(seed) {
    this.next = random(seed);
  }
  below(n) {
    return Math.floor(this.next() * n);
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  blanks() {
    return this.next() < 0.8 ? '' : this.pick([' ', '\n', '\t', '\r\n', '\n    ']).repeat(1 + this.below(this.pick([1, 1, 20])));
  }
  number() {
    const digits = () => Array.from({ length: 1 + this.below(this.pick([1, 3, 20])) }, () => this.below(10)).join('');
    const whole = this.pick(['0', String(1 + this.below(9)) + this.pick(['', digits()])]);
    return this.pick(['', '-']) + whole + this.pick(['', '', `.${digits()}`]) + this.pick(['', '', `${this.pick(['e', 'E'])}${this.pick(['', '+', '-'])}${digits().slice(0, 3)}`]);
  }
  character() {
    const chance = this.next();
    if (chance < 0.7) return this.pick('abcdefghij XYZ0123456789,:[]{}/');
    if (chance < 0.78) return this.pick(['\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t']);
    if (chance < 0.84) return `\\u${this.pick(['00e9', '0000', '20AC', 'fffe', 'd7ff', 'E000', '0022', '005c'])}`;
    if (chance < 0.86) return `\\ud${this.pick(['83d', '800', 'bff'])}\\ud${this.pick(['e00', 'c00', 'fff'])}`;
    return this.pick(['é', 'ß', '名', '前', '\u2028', '\ufffe', '😀', '\u{10ffff}', '\u007f', '\u0080', '\ud7ff', '\ue000']);
  }
  string() {
    const length = this.below(this.pick([1, 4, 17, 40, 200]));
    return `"${Array.from({ length }, () => this.character()).join('')}"`;
  }
  value(depth = 0) {
    const chance = this.next();
    if (depth < 6 && chance < 0.45) {
      const object = this.next() < 0.6;
      const count = this.below(this.pick([1, 3, 8]));
      const members = Array.from({ length: count }, () => {
        const value = this.blanks() + this.value(depth + 1) + this.blanks();
        return object ? `${this.blanks()}${this.string()}${this.blanks()}:${value}` : value;
      });
      const inside = members.length ? members.join(',') : this.blanks();
      return object ? `{${inside}}` : `[${inside}]`;
    }
    if (chance < 0.75) return this.string();
    if (chance < 0.92) return this.number();
    return this.pick(['true', 'false', 'null']);
  }
  text() {
    return Buffer.from(this.blanks() + this.value() + this.blanks());
  }
  /** One to three bytes lost, doubled, swapped or replaced. */
  damaged(text) {
    let bytes = [...text];
    for (let times = 1 + this.below(3); times > 0; times--) {
      const at = this.below(bytes.length || 1);
      const other = this.below(bytes.length || 1);
      switch (this.below(6)) {
        case 0: bytes.splice(at, 1); break;
        case 1: bytes.splice(at, 0, ...bytes.slice(at, at + 1 + this.below(4))); break;
        case 2: [bytes[at], bytes[other]] = [bytes[other], bytes[at]]; break;
        case 3: bytes[at] = this.below(256); break;
        case 4: bytes.splice(at, 0, this.pick([...Buffer.from('"\\,:[]{}0123456789.eE+-tfnu \n\t\0\x1f\x7f\x80\xc3\xed\xa0\xf4')])); break;
        default: bytes.splice(at, 0, ...Buffer.from(this.pick(['\\ud800', '\\udc00', '\\u12', ',,', '01', '1.', '+1', 'NaN', "'a'", '//', '\ufeff', '[', '{', '"', 'true', '\xed\xa0\x80']), this.pick(['utf8', 'latin1']))); break;
      }
    }
    return Buffer.from(bytes.filter((byte) => byte !== undefined));
  }
}
