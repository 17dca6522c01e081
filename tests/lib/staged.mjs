// What a stage holds, read by a program of its own (tests/tools/stage_dump.c), against the truth of a recorded export
// (truth/ndf/NAME/expected.json.gz). Numbers are compared by their text, as decimals.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { NumberText, parseJson } from '../../fixtures/servers/prisma/json_text.mjs';
import { root } from '../lib.mjs';

const dumper = join(root, 'build/release/tools/stage_dump');

/** {nodes: {TYPE: Map(id → body)}, lists: Map("TYPE id field" → elements), pairs: [[bType, bField, b, aType, aField, a]], findings} */
export function dumpStage(folder) {
  const text = execFileSync(dumper, [join(folder, 'stage.db')], { maxBuffer: 1 << 30 }).toString();
  const staged = { nodes: {}, lists: new Map(), pairs: [], findings: [], twice: [] };
  for (const line of text.split('\n').slice(0, -1)) {
    const [kind, ...row] = parseJson(line);
    if (kind === 'node') {
      const [type, id, body] = row;
      const ofType = (staged.nodes[type] ??= new Map());
      if (ofType.has(id)) staged.twice.push(`${type} ${id}`);
      ofType.set(id, body);
    } else if (kind === 'list') {
      const [type, field, id, body] = row;
      const key = `${type} ${id} ${field}`;
      staged.lists.set(key, [...(staged.lists.get(key) ?? []), ...body]);
    } else if (kind === 'pair') staged.pairs.push(row);
    else {
      const [rule, type, id, field, detail] = row;
      staged.findings.push({ rule, type, id, field, detail });
    }
  }
  return staged;
}

export function readTruth(path) {
  const bytes = readFileSync(path);
  return parseJson((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
}

/** A decimal in one way: "1.50", "15e-1", "1.5E0" are the same. */
function decimal(text) {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  let digits = (whole + fraction).replace(/^0+/, '');
  let scale = BigInt(exponent) - BigInt(fraction.length);
  const zeros = /0*$/.exec(digits)[0].length;
  digits = digits.slice(0, digits.length - zeros);
  scale += BigInt(zeros);
  return digits === '' ? '0' : `${sign}${digits}e${scale}`;
}

/** A value as text in which equal values are equal: numbers as decimals, keys sorted, the last of equal keys. */
export function canonical(value) {
  if (value instanceof NumberText) return decimal(value.text ?? String(value));
  if (typeof value === 'number') return decimal(String(value));
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value && typeof value === 'object')
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
  return JSON.stringify(value);
}

const isNotJson = (value) => value && typeof value === 'object' && 'notJson' in value;

/** The names of everything in which the stage is not the truth: "TYPE id", "TYPE id.field", "relation …". */
export function differences(staged, truth) {
  const found = [...staged.twice.map((name) => `${name} twice`)];
  const seen = new Set();
  for (const [type, { fields, rows }] of Object.entries(truth.models)) {
    const nodes = staged.nodes[type] ?? new Map();
    if (nodes.size > rows.length) found.push(`${type}: ${nodes.size - rows.length} nodes too many`);
    for (const row of rows) {
      const node = nodes.get(row.id);
      if (!node) found.push(`${type} ${row.id}`);
      for (const [name, value] of Object.entries(row)) {
        const field = fields[name];
        if (field?.relation) continue;
        const key = `${type} ${row.id} ${name}`;
        if (field?.list) {
          seen.add(key);
          const list = staged.lists.get(key) ?? [];
          if (isNotJson(value) || canonical(list) !== canonical(value ?? [])) found.push(`${type} ${row.id}.${name}`);
        } else if (node && canonical(node[name] ?? null) !== canonical(value ?? null)) found.push(`${type} ${row.id}.${name}`);
      }
      const known = node ? Object.keys(node).filter((name) => name !== '_typeName' && !(name in row)) : [];
      for (const name of known) found.push(`${type} ${row.id}.${name} too much`);
    }
  }
  for (const key of staged.lists.keys()) if (!seen.has(key)) found.push(`list ${key} too much`);
  return [...found, ...pairDifferences(staged, truth)];
}

function pairDifferences(staged, truth) {
  const left = new Map();
  for (const pair of staged.pairs) left.set(JSON.stringify(pair), (left.get(JSON.stringify(pair)) ?? 0) + 1);
  const found = [];
  for (const [name, { A, B, rows }] of Object.entries(truth.relations))
    for (const [, a, b] of rows) {
      const key = JSON.stringify([B.type, B.field ?? A.field, b, A.type, A.field ?? B.field, a]);
      if (left.get(key)) left.set(key, left.get(key) - 1);
      else found.push(`relation ${name} ${a} ${b}`);
    }
  for (const [key, count] of left) if (count) found.push(`relation row too much ${key}`);
  return found;
}
