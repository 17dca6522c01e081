// What becomes of staged records, for tests:
//   stage(project, from, workspace)                    exports an archive or folder into a workspace
//   made(project, workspace, database, rules)          every record as the target takes it (tests/tools/records.c)
//   check(project, workspace, database, args)          {code, report} of `check --format json`
//   serviceOf(project, database, rules)                a service of the Prisma stand-in, in this process, with the converted datamodel
//   compareWithServer(project, workspace, database, rules)   {wrong, refused, counted}: is what check calls refused what the server did so?
//   send(service, aside, records)                             sends each element alone → what it did with each record: 'stored', 'changed', 'refused'
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importData } from '../../fixtures/servers/prisma/import.mjs';
import { NumberText, parseJson } from '../../fixtures/servers/prisma/json_text.mjs';
import { Service } from '../../fixtures/servers/prisma/service.mjs';
import { printValue } from '../../fixtures/servers/prisma/values.mjs';
import { read, root, run } from '../lib.mjs';

export const scratch = mkdtempSync(join(tmpdir(), 'gcm-records-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

export function stage(project, from, workspace) {
  const { code, stderr } = run(['export', project, '--from', from, '--workspace', workspace, '--quiet']);
  if (code !== 0 && code !== 3) throw new Error(`export ended with ${code}: ${stderr}`);
}

export function made(project, workspace, database, rules) {
  const program = join(root, 'build/release/tools/records');
  const { status, stdout, stderr } = spawnSync(program, [project, workspace, database, ...(rules ? [rules] : [])], { maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`records ended with ${status}: ${stderr}`);
  return stdout.toString().split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

export function check(project, workspace, database, args = []) {
  const { code, stdout, stderr } = run(['check', project, '--workspace', workspace, '--database', database, '--format', 'json', ...args]);
  return { code, stderr, report: stdout ? JSON.parse(stdout) : null };
}

export function serviceOf(project, database, rules) {
  const out = mkdtempSync(join(scratch, 'app-'));
  rmSync(out, { recursive: true });
  const { code, stderr } = run(['convert', project, '--out', out, '--database', database, ...(rules ? ['--rules', rules] : [])]);
  if (code !== 0 && code !== 3) throw new Error(`convert ended with ${code}: ${stderr}`);
  const service = new Service({ name: 'app', stage: 'dev', database });
  service.replace(readFileSync(join(out, 'prisma/datamodel.prisma'), 'utf8'));
  return service;
}

const decimal = (text) => {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const digits = (whole + fraction).replace(/^0+/, '');
  const cut = digits.replace(/0+$/, '');
  return cut ? `${sign}${cut}e${Number(exponent) - fraction.length + digits.length - cut.length}` : '0';
};
const isNumber = (value) => typeof value === 'number' || value instanceof NumberText;
const numberText = (value) => (value instanceof NumberText ? value.text : String(value));

export function same(a, b) {
  if (isNumber(a) && isNumber(b)) return decimal(numberText(a)) === decimal(numberText(b));
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((one, at) => same(one, b[at]));
  if (a && b && typeof a === 'object' && typeof b === 'object' && !isNumber(a) && !isNumber(b))
    return Object.keys({ ...a, ...b }).every((key) => key in a && key in b && same(a[key], b[key]));
  return a === b;
}

const stored = (field, value) => parseJson(printValue(field, value));

function storedNode({ store, datamodel }, element) {
  const model = datamodel.types.get(element._typeName);
  const row = store.node(model.name, element.id);
  if (!row || row.id !== element.id) return 'changed';
  const equal = Object.entries(element).every(([name, value]) => {
    const field = model.fields.get(name);
    return !field || same(value, stored(field, row[name]));
  });
  return equal ? 'stored' : 'changed';
}

function storedList({ store, datamodel }, element, before) {
  const model = datamodel.types.get(element._typeName);
  const [name, values] = Object.entries(element).find(([key]) => key !== '_typeName' && key !== 'id');
  const field = model.fields.get(name);
  const list = store.list(model.name, element.id, name).slice(before).map((value) => stored(field, value));
  return same(values, list) ? 'stored' : 'changed';
}

const listLength = ({ store }, element) => {
  const name = Object.keys(element).find((key) => key !== '_typeName' && key !== 'id');
  return (store.list(element._typeName, element.id, name) ?? []).length;
};

const countPairs = ({ store, datamodel }) => [...datamodel.relations.keys()].reduce((sum, name) => sum + [...store.pairs(name)].length, 0);

function sendOne(service, kind, text) {
  const element = parseJson(text);
  const before = kind === 'lists' ? listLength(service, element) : kind === 'relations' ? countPairs(service) : 0;
  const { status, body } = importData(Buffer.from(`{"valueType":"${kind}","values":[${text}]}`), service);
  if (status !== 200 || body !== '[]') return 'refused';
  if (kind === 'nodes') return storedNode(service, element);
  if (kind === 'lists') return storedList(service, element, before);
  return countPairs(service) === before + 1 ? 'stored' : 'changed';
}

const worst = (one, other) => (one === 'stored' ? other : one);

/** What is kept back goes to a server of its own, so that it takes nobody's place. */
export function send(service, aside, records) {
  return records.map(({ kind, elements, withheld }) => {
    const to = withheld ? aside : service;
    const outcome = elements.reduce((worse, text) => worst(worse, sendOne(to, kind, text)), 'stored');
    if (kind === 'nodes' && !withheld) for (const text of elements) sendOne(aside, kind, text);
    return outcome;
  });
}

/** Faults and their outcomes, as rules/records.yml has them. */
const rules = read(join(root, 'rules/records.yml'))
  .split(/^- id: /m)
  .slice(1)
  .map((text) => ({ id: text.slice(0, 11), fault: /fault: ([\w-]+)/.exec(text)[1], outcome: /outcome: (\w+)/.exec(text)[1] }));
const refusedFaults = new Set(rules.filter(({ outcome }) => outcome === 'refused').map(({ fault }) => fault));

/** Compares record by record; lists and rows of nodes that the server refused are not counted. */
export function compareWithServer(projectFolder, workspace, database, rulesFile) {
  const records = made(projectFolder, workspace, database, rulesFile);
  const [service, aside] = [0, 1].map(() => serviceOf(projectFolder, database, rulesFile));
  const outcomes = send(service, aside, records);
  const { report } = check(projectFolder, workspace, database, rulesFile ? ['--rules', rulesFile] : []);
  const wide = new Set(['GCM-REC-005', 'GCM-REC-014', 'GCM-REC-033']);
  const ofStage = new Set(report.findings.filter(({ rule }) => wide.has(rule)).map(({ type, id }) => `${type} ${id}`));
  const gone = new Set();
  const wrong = [];
  let refused = 0;
  let counted = 0;
  records.forEach((record, at) => {
    const { kind, type, id, other, faults, elements } = record;
    if (!elements.length) return;
    const key = `${type} ${id}`;
    if (kind !== 'nodes' && (gone.has(key) || [...gone].some((one) => one.endsWith(` ${other}`) && kind === 'relations'))) return;
    const called = faults.some((name) => refusedFaults.has(name)) || (kind === 'nodes' && ofStage.has(key));
    const did = outcomes[at] !== 'stored';
    if (kind === 'nodes' && (outcomes[at] === 'refused' || record.withheld)) gone.add(key);
    counted++;
    refused += did;
    if (called !== did) wrong.push(`${called ? 'false alarm' : 'missed'}: ${kind} ${key} ${record.field} ${faults} ${outcomes[at]} ${elements[0].slice(0, 300)}`);
  });
  return { wrong, refused, counted };
}
