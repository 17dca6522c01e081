// Do two servers hold the same? From the dumps of their stores alone (fixtures/servers/README.md), which this reads on its own:
// values by value, lists in order, relations as what each field of each node is connected with.
class Number_ {
  constructor(text) {
    this.text = text;
  }
}

/** JSON, numbers kept as text. */
export function parseDump(text) {
  let at = 0;
  const skip = () => {
    while (' \n\r\t'.includes(text[at]) && at < text.length) at++;
  };
  const string = () => {
    const from = at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    return JSON.parse(text.slice(from, ++at));
  };
  const value = () => {
    skip();
    const first = text[at];
    if (first === '"') return string();
    if (first === '{' || first === '[') {
      const close = first === '{' ? '}' : ']';
      const members = first === '{' ? new Map() : [];
      at++;
      for (skip(); text[at] !== close; skip()) {
        if (text[at] === ',') at++;
        skip();
        if (first === '[') {
          members.push(value());
          continue;
        }
        const name = string();
        skip();
        at++; // the colon
        members.set(name, value());
      }
      at++;
      return members;
    }
    const [word] = /^[-+.\w]+/.exec(text.slice(at, at + 500));
    at += word.length;
    if (word === 'null') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    return new Number_(word);
  };
  return value();
}

/** A number's digits and exponent, without zeros that say nothing. */
function decimal(text) {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text);
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  return short ? `${sign}${short}e${BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - short.length)}` : '0';
}

/** A text that is the same for the same values. */
function canonical(value) {
  if (value instanceof Number_) return decimal(value.text);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value instanceof Map) return `{${[...value].map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).sort().join(',')}}`;
  return JSON.stringify(value);
}

const nothing = (value) => value === null || value === undefined || (Array.isArray(value) && value.length === 0);

const keyOf = (end) => (end?.get('field') ? `${end.get('type')}.${end.get('field')}` : null);

/** The fields of relations that have one field only, on one type: TYPE.FIELD. */
const singles = (source) => new Set([...source.get('relations').values()].map((relation) => [relation.get('A'), relation.get('B')].map(keyOf)).filter(([a, b]) => !a || !b).map(([a, b]) => a ?? b));

/** What each field of each node is connected with, TYPE.FIELD → id → ids; `pairs(relation, row)` gives [key, from, to]. */
function connections(content, pairs) {
  const found = new Map();
  for (const relation of content.get('relations').values())
    for (const row of relation.get('rows'))
      for (const [key, from, to] of pairs([relation.get('A'), relation.get('B')].map(keyOf), row.slice(-2))) {
        if (!found.has(key)) found.set(key, new Map());
        if (!found.get(key).has(from)) found.get(key).set(from, new Set());
        found.get(key).get(from).add(to);
      }
  for (const ids of found.values()) for (const [from, to] of ids) ids.set(from, [...to].sort().join(' | '));
  return found;
}

/** As Graphcool answers: a single field that holds one node from both ends, a node never as its own partner. */
const sourcePairs = (toOne) => ([a, b], [one, other]) => {
  if (a && b) return [[a, one, other], [b, other, one]];
  if (!toOne.has(a ?? b)) return [[a ?? b, one, other]];
  return one === other ? [] : [[a ?? b, one, other], [a ?? b, other, one]];
};

/** As Prisma answers. Where a single field became two, they are one field of the application, if it holds one node; if it holds
 *  many, the second is only its way back. */
const targetPairs = (toOne, single) => ([a, b], [one, other]) => {
  const was = [a, b].find((key) => single.has(key));
  if (a && b && was) {
    if (toOne.has(was)) return [[was, one, other], [was, other, one]];
    return [was === a ? [a, one, other] : [b, other, one]];
  }
  return [...(a ? [[a, one, other]] : []), ...(b ? [[b, other, one]] : [])];
};

function different(what, ones, others, same) {
  const wrong = [];
  for (const key of new Set([...ones.keys(), ...others.keys()])) {
    if (!ones.has(key)) wrong.push(`${what} ${key}: only in the target`);
    else if (!others.has(key)) wrong.push(`${what} ${key}: missing in the target`);
    else wrong.push(...same(key, ones.get(key), others.get(key)));
  }
  return wrong;
}

/** Prisma wants members of enums to begin with a capital letter. */
const capital = (value) => (Array.isArray(value) ? value.map(capital) : value && value[0].toUpperCase() + value.slice(1));

/** What differs, a list of texts. Both dumps as text; `toOne`, `enums`: the fields TYPE.FIELD that hold one node, or members. */
export function differences(sourceText, targetText, { toOne, enums }) {
  const [source, target] = [parseDump(sourceText), parseDump(targetText)];
  const rowsOf = (model) => new Map(model.get('rows').map((row) => [row.get('id'), row]));
  const wrong = different('type', source.get('models'), target.get('models'), (type, one, other) =>
    different(type, rowsOf(one), rowsOf(other), (id, row, there) => {
      const parts = [];
      for (const name of new Set([...row.keys(), ...there.keys()])) {
        const [a, b] = [row.get(name), there.get(name)];
        if (nothing(a) && nothing(b)) continue;
        const [x, y] = [canonical(enums.has(`${type}.${name}`) ? capital(a) : (a ?? null)), canonical(b ?? null)];
        if (x !== y) parts.push(`${type} ${id} ${name}: ${x.slice(0, 200)} became ${y.slice(0, 200)}`);
      }
      return parts;
    }));
  const [there, here] = [connections(target, targetPairs(toOne, singles(source))), connections(source, sourcePairs(toOne))];
  const connected = different('relation', here, there, (field, ids, others) =>
    different(field, ids, others, (id, a, b) => (a === b ? [] : [`${field} of ${id}: ${a} became ${b}`])));
  return [...wrong, ...connected];
}
