// What `check` finds in the recorded exports is what the judge names of them; and what it calls refused is exactly what a server
// refuses, or changes, when each record is sent alone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../../fixtures/servers/prisma/json_text.mjs';
import { gunzipSync } from 'node:zlib';
import { readJson, skip, test, truth } from '../lib.mjs';
import { check, compareWithServer, made, scratch, stage } from '../lib/records.mjs';

const zips = ['empty', 'social', 'kinds', 'commas', 'links', 'raw', 'pages', 'pages-stop', 'pages-whole', 'badrow'];
const databases = ['mysql', 'postgres'];

const project = (zip) => truth(`ndf/${zip}`) ?? skip(`no truth/ndf/${zip}`);
const workspaces = new Map();
function staged(zip) {
  if (!workspaces.has(zip)) {
    const workspace = join(scratch, zip);
    stage(project(zip), truth(`ndf/${zip}.zip`), workspace);
    workspaces.set(zip, workspace);
  }
  return workspaces.get(zip);
}
const expectedOf = (zip) => parseJson(gunzipSync(readFileSync(join(project(zip), 'expected.json.gz'))).toString());

// ---- what the judge names ----

const number = (value) => Number(value?.text ?? value);
const dateYear = (text) => Number(/^-?\d+/.exec(text)[0]);

/** The findings of one value, by the rows of the tables of truth/ndf. */
function ofValue(type, list, value, { database, unique }) {
  const found = [];
  const postgres = database === 'postgres';
  if (type === 'String' && postgres) {
    if (value.includes('\0')) found.push('GCM-REC-030');
    if (unique && Buffer.byteLength(value) > 2700) found.push('GCM-REC-032');
  }
  if (type === 'Float') {
    const float = number(value);
    if (Math.abs(float) >= 1e35) found.push('GCM-REC-026');
    else if (Number(float.toFixed(30)) !== float && Math.abs(float) < 1e-13) found.push('GCM-REC-027');
    else if (postgres && Number(float.toPrecision(15)) !== float) found.push('GCM-REC-028');
  }
  if (type === 'DateTime') {
    const year = dateYear(value);
    if (!postgres && year > 9999) found.push('GCM-REC-052');
    else if (!postgres && year < 1) found.push('GCM-REC-051');
    else if (year > 0 && year < 10000 && value < '1582-10-15') found.push('GCM-REC-054');
  }
  return found;
}

const reform = (date) => date.replace(/^1582-10-(0[5-9]|1[0-4])/, (_, day) => `1582-10-${Number(day) + 10}`);

function ofNodes(expected, held, database) {
  const found = [];
  for (const [type, { fields, rows }] of Object.entries(expected.models)) {
    const seen = new Map();
    for (const row of [...rows].sort((a, b) => held.order(type, a.id) - held.order(type, b.id))) {
      if (!held.node(type, row.id)) continue;
      if (row.id === '') found.push(`GCM-REC-010 ${type} ${row.id} id`);
      for (const [name, field] of Object.entries({ ...fields, createdAt: { type: 'DateTime' }, updatedAt: { type: 'DateTime' } })) {
        const value = row[name];
        if (field.relation || value === null || value === undefined || name === 'id' || (field.list && !held.list(type, row.id, name))) continue;
        for (const one of field.list ? value : [value])
          for (const rule of ofValue(field.type, field.list, one, { database, unique: field.unique })) found.push(`${rule} ${type} ${row.id} ${name}`);
        if (type === 'File' && name === 'url' && value.startsWith('https://files.graph.cool/')) found.push(`GCM-REC-090 ${type} ${row.id} url`);
        if (field.unique && field.type === 'DateTime') {
          const key = `${name} ${reform(value)}`;
          if (seen.has(key)) found.push(`GCM-REC-033 ${type} ${row.id} ${name}`);
          seen.set(key, true);
        }
      }
    }
  }
  return found;
}

function ofRelations(zip, expected, held) {
  const found = [];
  const { source } = readJson(join(project(zip), 'defects.json'));
  for (const { kind, type, id, field, list, ...rest } of source) {
    if (kind === 'required relation without a row') found.push(`GCM-REC-088 ${type} ${id} ${field}`);
    if (kind === 'to-one field with several rows' && !found.includes(`GCM-REC-083 ${type} ${id} ${field}`)) found.push(`GCM-REC-083 ${type} ${id} ${field}`);
    if (kind !== 'one-field self relation') continue;
    if (list) for (const pair of rest['pairs in one direction only']) found.push(`GCM-REC-087 ${type} ${held.owner(type, field, pair)} ${field}`);
    else found.push(...ofSymmetric(expected, type, field));
  }
  return found;
}

/** Rows of a one-field to-one self relation that the source answers from neither end. */
function ofSymmetric(expected, type, field) {
  const found = [];
  const relation = Object.values(expected.relations).find(({ A }) => A.type === type && A.field === field);
  const answers = new Map(expected.models[type].rows.map((row) => [row.id, row[field]]));
  const said = new Set();
  for (const [, a, b] of relation.rows) {
    if (a === b) found.push(`GCM-REC-085 ${type} ${a} ${field}`);
    else if (!said.has(`${b} ${a}`) && answers.get(a) !== b && answers.get(b) !== a) found.push(`GCM-REC-086 ${type} ${a} ${field}`);
    said.add(`${a} ${b}`);
  }
  return found;
}

/** What the zip holds, by the records that are made of it. */
function holdings(records) {
  const nodes = new Map();
  const lists = new Set();
  const owners = new Map();
  for (const { kind, type, id, field, other } of records) {
    if (kind === 'nodes') nodes.set(`${type} ${id}`, nodes.size);
    if (kind === 'lists') lists.add(`${type} ${id} ${field}`);
    if (kind === 'relations') owners.set(`${type} ${field} ${[id, other].sort()}`, other);
  }
  return {
    node: (type, id) => nodes.has(`${type} ${id}`),
    order: (type, id) => nodes.get(`${type} ${id}`) ?? Infinity,
    list: (type, id, field) => lists.has(`${type} ${id} ${field}`),
    owner: (type, field, pair) => owners.get(`${type} ${field} ${[...pair].sort()}`),
  };
}

for (const database of databases)
  for (const zip of zips)
    await test(`${zip} on ${database}: check finds what the judge names, each record of it, and nothing else`, () => {
      const workspace = staged(zip);
      const held = holdings(made(project(zip), workspace, database));
      const expected = expectedOf(zip);
      const wanted = [...ofNodes(expected, held, database), ...(held.order ? ofRelations(zip, expected, held) : [])].sort();
      const { report } = check(project(zip), workspace, database);
      const found = report.findings
        .filter(({ rule }) => rule.startsWith('GCM-REC-'))
        .map(({ rule, type, id, field }) => `${rule} ${type} ${id} ${field}`)
        .sort();
      assert.deepEqual(found, wanted);
      return `${found.length} of ${wanted.length} findings`;
    });

// ---- what a server does ----

for (const database of databases)
  await test(`on ${database} check calls refused what a server refuses or changes, of every recorded export`, () => {
    let refused = 0;
    let counted = 0;
    const wrong = [];
    for (const zip of zips) {
      const result = compareWithServer(project(zip), staged(zip), database);
      refused += result.refused;
      counted += result.counted;
      wrong.push(...result.wrong.map((text) => `${zip}: ${text}`));
    }
    assert.deepEqual(wrong, []);
    return `${refused} of ${counted} records refused or changed; 0 missed, 0 false alarms`;
  });
