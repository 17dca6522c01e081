// Seeded generators: schemas and operations that nobody wrote, with every construct, comments and odd spacing.

/** Numbers below n from a seed, always the same (mulberry32). */
export function generator(seed) {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
}

const names = ['Post', 'user', 'type', 'input', 'enum', 'query', 'on', '_a', 'A1', 'implements', 'fragment', 'extend', 'null_', 'schema', 'x'];
const texts = ['', 'plain', 'say \\"hi\\"', 'tab\\t', '\\u00e9\\u0007', 'ünïcode 😀', 'a, b { c }', '# no comment', '\\\\'];
const blocks = ['one line', 'two\n    lines', '\n      deep\n        deeper\n', 'ends with "quote" ', 'with \\""" inside', '  ', 'trailing \\\\\n', `long ${'word '.repeat(20)}`];
const numbers = ['0', '-1', '123456789012345678901234567890', '1.50', '-0.0', '1e5', '2.5E-10'];

class Writer {
  constructor(seed) {
    this.below = generator(seed);
  }
  chance(percent) {
    return this.below(100) < percent;
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  some(limit, make, between = ' ') {
    return Array.from({ length: this.below(limit) + 1 }, make).join(between);
  }
  name() {
    return this.pick(names) + (this.chance(40) ? this.below(100) : '');
  }
  comment(indent) {
    return `${indent}#${this.pick(['', ' a comment', ' type X { a: Int }', '## row ####', ' "quoted"', '\tx'])}\n`;
  }
  above(indent) {
    let out = this.chance(15) ? '\n' : '';
    while (this.chance(20)) out += this.comment(indent) + (this.chance(30) ? '\n' : '');
    return out;
  }
  description(indent) {
    if (this.chance(80)) return '';
    return this.chance(50) ? `${indent}"${this.pick(texts)}"\n` : `${indent}"""${this.pick(blocks)}"""\n`;
  }
  behind() {
    return this.chance(15) ? ` #${this.pick([' behind', '', '#'])}` : '';
  }
  type(depth = 0) {
    const core = depth < 3 && this.chance(25) ? `[${this.type(depth + 1)}]` : this.name();
    return core + (this.chance(40) ? '!' : '');
  }
  value(depth = 0, variables = false) {
    const kind = this.below(depth < 3 ? 9 : 6);
    if (kind === 0) return this.pick(numbers);
    if (kind === 1) return `"${this.pick(texts)}"`;
    if (kind === 2) return this.pick(['true', 'false', 'null']);
    if (kind === 3) return `"""${this.pick(blocks)}"""`;
    if (kind === 4) return variables ? `$${this.name()}` : 'ENUM';
    if (kind === 5) return this.name();
    const between = this.pick([', ', ' ', ',\n']);
    if (kind === 6) return this.chance(20) ? '[]' : `[${this.some(3, () => this.value(depth + 1, variables), between)}]`;
    return this.chance(20) ? '{}' : `{${this.some(3, () => `${this.name()}: ${this.value(depth + 1, variables)}`, between)}}`;
  }
  givenArguments(variables) {
    if (this.chance(40)) return '';
    return `(${this.some(3, () => `${this.name()}: ${this.value(0, variables)}`, this.pick([', ', ' ', '\n  # inside\n']))})`;
  }
  directives(variables = false) {
    let out = '';
    while (this.chance(25)) out += `${this.chance(10) ? '\n    # inside\n   ' : ''} @${this.name()}${this.givenArguments(variables)}`;
    return out;
  }
  input(indent, sigil = '') {
    const value = this.chance(30) ? ` = ${this.value()}` : '';
    return `${this.above(indent)}${sigil ? '' : this.description(indent)}${indent}${sigil}${this.name()}: ${this.type()}${value}${this.directives()}${this.behind()}\n`;
  }
  inputs(indent, sigil) {
    if (this.chance(60)) return '';
    return `(\n${this.some(3, () => this.input(`${indent}  `, sigil), '')}${indent})`;
  }
  field() {
    const head = `${this.above('  ')}${this.description('  ')}  ${this.name()}`;
    return `${head}${this.inputs('  ')}: ${this.type()}${this.directives()}${this.behind()}\n`;
  }
  block(make) {
    return ` {${this.behind()}\n${this.some(5, make, '')}${this.chance(20) ? this.comment('  ') : ''}}`;
  }
  definition() {
    const extend = this.chance(15);
    const head = `${this.above('')}${extend ? '' : this.description('')}${extend ? 'extend ' : ''}`;
    const directives = this.directives();
    const kind = this.below(extend ? 6 : 8);
    const body = [
      () => `type ${this.name()}${this.chance(30) ? ` implements ${this.some(3, () => this.pick(['Node', 'Entity', '_A1']), this.pick([' & ', ', ', ' ']))}` : ''}${directives}${this.block(() => this.field())}`,
      () => `enum ${this.name()}${directives}${this.block(() => `${this.above('  ')}${this.description('  ')}  ${this.name()}${this.directives()}${this.behind()}\n`)}`,
      () => `input ${this.name()}${directives}${this.block(() => this.input('  '))}`,
      () => `interface ${this.name()}${directives}${this.block(() => this.field())}`,
      () => `union ${this.name()}${directives} = ${this.chance(30) ? '| ' : ''}${this.some(3, () => this.name(), ' | ')}`,
      () => `scalar ${this.name()} @${this.name()}${directives}`,
      () => `directive @${this.name()}${this.inputs('')} on FIELD | OBJECT`,
      () => `schema${directives} { query: ${this.name()} mutation: ${this.name()} }`,
    ][kind]();
    return `${head}${body}${this.behind()}\n${this.chance(70) ? '\n' : ''}`;
  }
  selection(indent) {
    const inner = `${indent}  `;
    const kind = this.below(10);
    const set = () => this.selections(inner);
    const head = this.above(inner) + inner;
    const end = `${this.behind()}\n`;
    const deeper = indent.length < 8;
    if (kind === 0) return `${head}...x${this.below(50)}${this.directives(true)}${end}`;
    if (kind === 1 && deeper) return `${head}...${this.chance(60) ? ` on ${this.name()}` : ''}${this.directives(true)}${set()}${end}`;
    const alias = this.chance(20) ? `${this.name()}: ` : '';
    return `${head}${alias}${this.name()}${this.givenArguments(true)}${this.directives(true)}${deeper && this.chance(40) ? set() : ''}${end}`;
  }
  selections(indent) {
    return ` {${this.behind()}\n${this.some(4, () => this.selection(indent), '')}${this.chance(10) ? this.comment(`${indent}  `) : ''}${indent}}`;
  }
  operation() {
    const kind = this.below(4);
    const head = this.above('');
    if (kind === 0) return `${head}${this.selections('').trim()}\n`;
    if (kind === 1) return `${head}fragment x${this.below(50)} on ${this.name()}${this.directives(true)}${this.selections('')}${this.behind()}\n`;
    const word = this.pick(['query', 'mutation', 'subscription']);
    return `${head}${word}${this.chance(70) ? ` ${this.name()}` : ''}${this.inputs('', '$')}${this.directives(true)}${this.selections('')}${this.behind()}\n`;
  }
}

export function randomSchema(seed) {
  const writer = new Writer(seed);
  return writer.above('') + writer.some(8, () => writer.definition(), '') + writer.above('');
}

export function randomDocument(seed) {
  const writer = new Writer(seed + 1000000);
  return writer.above('') + writer.some(4, () => writer.operation(), '') + writer.above('');
}

/** A plain schema of many types, without comments, for measuring. */
export function plainSchema(types, seed = 1) {
  const below = generator(seed);
  const scalars = ['String', 'Int', 'Float', 'Boolean', 'ID', 'DateTime', 'Json'];
  const out = [];
  for (let i = 0; i < types; i++) {
    const fields = [`  id: ID! @isUnique`];
    for (let j = 0, count = 6 + below(8); j < count; j++) {
      const scalar = scalars[below(scalars.length)];
      const kind = below(6);
      if (kind === 0) fields.push(`  field${j}: [Type${below(types)}!]! @relation(name: "Relation${i}x${j}", onDelete: CASCADE)`);
      else if (kind === 1) fields.push(`  field${j}(first: Int = 10, after: String, where: Type${below(types)}Filter): Type${below(types)}`);
      else if (kind === 2) fields.push(`  field${j}: ${scalar}! @defaultValue(value: "value ${j}")`);
      else fields.push(`  field${j}: ${scalar}${below(2) ? '!' : ''}`);
    }
    if (i % 10 === 9) out.push(`enum Type${i} {\n  FIRST\n  SECOND\n  THIRD\n}`);
    else if (i % 10 === 8) out.push(`"""\nWhat type ${i} is for.\nIn two lines.\n"""\ntype Type${i} implements Node & Entity @model {\n${fields.join('\n')}\n}`);
    else out.push(`type Type${i} @model {\n${fields.join('\n')}\n}`);
  }
  return `${out.join('\n\n')}\n`;
}
