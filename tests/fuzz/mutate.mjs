// Damages projects as people and accidents do: bytes, tokens and lines that are lost, doubled, swapped, or replaced by
// other words of the two languages. Everything follows from the seed.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readJson, root, shared, truth } from '../lib.mjs';

/** A generator of numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const words = `type enum interface union input scalar extend implements directive schema query mutation subscription fragment on true false null
@model @relation @isUnique @defaultValue @migrationValue @rename @unique @default @db @id @createdAt @updatedAt @embedded @relationTable @linkTable
@scalarList @deprecated @description name value oldName link strategy onDelete CASCADE SET_NULL String Int Float Boolean ID DateTime Json Password Enum
File User Post Query Mutation Subscription Node Edge Group Order PageInfo Model Meta Set Map BatchPayload AggregateUser UserEdge UserConnection
id createdAt updatedAt orderBy filter first skip clientMutationId users posts __typename _x x_ __schema X A1 _allUsersMeta role ADMIN
types functions permissions rootTokens modules operation operationBefore operationAfter resolver schema handler code webhook url headers environment
authenticated fields src isEnabled enabled stages \${env:HOME} \${self:types} \${opt:x} \${file:a} "*" * User.create Post.update Nope.read
UserOnPost.connect $user_id $node_id $input_name SomeUserExists SomePostExists
{ } [ ] ( ) [] {} [[ ]] ! !! : :: = | & , ; # """ " ' \\ \\u0000 \\uD800 - -- ? > | %TAG --- ... &a *a << !!js/function 0 -1 1e999 99999999999999999999 0x1F
2017-01-01T00:00:00.000Z 2017-02-30 [1] {a:1} "false" "[]" "\\"" \t \n \r \u0000 \uFEFF \u2028 ü 名前 😀 ﬀ İ ı \u202E`.split(/[ \n]/);

const tokens = (text) => text.match(/\w+|\s+|[^\w\s]/gu) ?? [''];

const tools = (next) => ({
  next,
  below: (n) => Math.floor(next() * n),
  pick: (list) => list[Math.floor(next() * list.length)],
});

function word({ next, below, pick }) {
  const chance = next();
  if (chance < 0.05) return pick('abzAZ_09ü😀'.split('')).repeat(pick([30, 31, 54, 55, 63, 64, 65, 191, 192, 500, 5000]));
  if (chance < 0.06) return pick(['[', '{', '(', '[[', '{a:', '- ', ' ']).repeat(pick([10, 199, 200, 201, 1000, 20000]));
  if (chance < 0.1) return String.fromCodePoint(below(0x250));
  return pick(words);
}

/** Replaces a name everywhere, so that the project stays whole: what is seen then is another name, not a broken reference. */
function renamed(files, { pick, below }) {
  const types = files.find(({ path, text }) => /\.graphql$/.test(path) && /^type /m.test(text));
  const names = types?.text.match(/\b[A-Za-z]\w+\b/g);
  if (!names) return;
  const from = pick(names);
  const to = pick([...words.filter((one) => /^\w+$/.test(one)), `${from}s`, `${from}_`, `_${from}`, from.toLowerCase(), from.toUpperCase(), from.repeat(1 + below(30)), pick(names)]);
  for (const file of files) file.text = file.text.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), () => to);
}

function damageTokens(file, tool) {
  const list = tokens(file.text);
  const at = tool.below(list.length);
  const other = tool.below(list.length);
  switch (tool.below(6)) {
    case 0: list.splice(at, 1 + tool.below(3)); break;
    case 1: list.splice(at, 0, ...list.slice(at, at + 1 + tool.below(20))); break;
    case 2: [list[at], list[other]] = [list[other], list[at]]; break;
    case 3: list[at] = word(tool); break;
    case 4: list.splice(at, 0, word(tool), tool.pick(['', ' ', '\n'])); break;
    default: list.splice(at, 0, tool.pick([' @unique', ' @isUnique', '!', ' @defaultValue(value: "")', ' @relation(name: "X")', ' @rename(oldName: "a")', ' = 1', ' []', ': '])); break;
  }
  file.text = list.join('');
}

function damageLines(file, tool) {
  const list = file.text.split('\n');
  const at = tool.below(list.length);
  const other = tool.below(list.length);
  switch (tool.below(5)) {
    case 0: list.splice(at, 1); break;
    case 1: list.splice(other, 0, list[at]); break;
    case 2: [list[at], list[other]] = [list[other], list[at]]; break;
    case 3: list[at] = tool.pick([' ', '  ', '\t', '#', '- ']) + list[at]; break;
    default: list.splice(at, 0, ...Array(tool.pick([2, 10, 300])).fill(list[at])); break;
  }
  file.text = list.join('\n');
}

function damageBytes(file, tool) {
  const bytes = Buffer.from(file.text);
  if (bytes.length === 0) return;
  for (let count = 1 + tool.below(4); count--; ) bytes[tool.below(bytes.length)] = tool.below(256);
  file.text = tool.next() < 0.2 ? bytes.subarray(0, tool.below(bytes.length)) : bytes;
}

function mixed(files, tool, seeds) {
  const other = tool.pick(tool.pick(seeds));
  const file = tool.pick(files);
  const lines = String(other.text).split('\n');
  const from = tool.below(lines.length);
  file.text += `\n${lines.slice(from, from + 1 + tool.below(40)).join('\n')}`;
}

/** A damaged copy of one of the seeds. */
export function mutant(seeds, next) {
  const tool = tools(next);
  const files = tool.pick(seeds).map((file) => ({ ...file }));
  for (let count = 1 + tool.below(tool.pick([1, 3, 8])); count--; ) {
    // graphcool.yml is one file of many; types are where the names are.
    const file = tool.next() < 0.25 ? files[0] : tool.pick(files);
    if (typeof file.text !== 'string') break;
    const chance = tool.next();
    if (chance < 0.35) damageTokens(file, tool);
    else if (chance < 0.6) damageLines(file, tool);
    else if (chance < 0.8) renamed(files, tool);
    else if (chance < 0.9) mixed(files, tool, seeds);
    else if (chance < 0.95) { damageBytes(file, tool); break; }
    else if (files.length > 1) files.splice(1 + tool.below(files.length - 1), 1);
  }
  return files;
}

function* under(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* under(path);
    else if (/\.(graphqls?|ya?ml)$|^package\.json$/.test(name)) yield path;
  }
}

/** A project on disk as a list of files, graphcool.yml first; null if it has none. */
function project(folder) {
  if (!existsSync(join(folder, 'graphcool.yml'))) return null;
  const paths = [...under(folder)].map((path) => relative(folder, path)).filter((path) => path !== 'graphcool.yml');
  return ['graphcool.yml', ...paths].map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

/** What is damaged: our own projects, those that the real server judged, and the corpus where it is. */
export function seeds() {
  const all = [];
  for (const folder of ['fixtures/projects', 'tests/golden/malformed'])
    for (const name of readdirSync(join(root, folder)))
      all.push(project(join(root, folder, name, 'project')));
  const services = truth('graphcool/random');
  if (services)
    for (const name of readdirSync(services).filter((one) => /^\d+\.json\.gz$/.test(one))) {
      const { files } = readJson(join(services, name));
      all.push(Object.entries(files).map(([path, text]) => ({ path, text })).sort((a, b) => (b.path === 'graphcool.yml') - (a.path === 'graphcool.yml')));
    }
  if (shared && existsSync(join(shared, 'corpus')))
    for (const name of readdirSync(join(shared, 'corpus')).sort()) {
      const folder = join(shared, 'corpus', name, 'project');
      if (existsSync(folder)) all.push(project(folder));
    }
  return all.filter(Boolean);
}
