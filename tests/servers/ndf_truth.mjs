// What a Prisma server holds, asked of its API, against the true content of a recorded export (truth/ndf/NAME/expected.json.gz):
//   differences(url, expected) → {different: {"Type.field list": n, …, "Type: missing node": n}, readErrors: [[type, field, n, …]]}
import { NumberText, parseJson, printJson } from '../../fixtures/servers/prisma/json_text.mjs';

const page = 500;

async function ask(url, query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return parseJson(await response.text());
}

/** The list field of a type, by the server's own introspection. */
async function listFields(url) {
  const { data } = await ask(
    url,
    '{ __schema { queryType { fields { name type { kind ofType { kind ofType { name kind } ofType { ofType { name } } } } } } } }',
  );
  const found = new Map();
  for (const { name, type } of data.__schema.queryType.fields) {
    const text = JSON.stringify(type);
    if (text.includes('"LIST"')) found.set(/"name":"(\w+)"/.exec(text)[1], name);
  }
  return found;
}

/** All nodes of a type with one selection: Map(id → node), errors and how many nodes were null. */
async function readAll(url, listField, selection) {
  const nodes = new Map();
  const errors = [];
  let nulls = 0;
  // The ids of nodes that come as null are asked in a query of their own.
  for (let after = null; ;) {
    const query = (what) =>
      ask(url, `query ($a: String) { x: ${listField}(first: ${page}, after: $a, orderBy: id_ASC) { id ${what} } }`, { a: after });
    const answer = await query(selection);
    const ids = answer.data?.x?.every(Boolean) ? answer.data.x : (await query('')).data.x;
    errors.push(...(answer.errors ?? []));
    (answer.data?.x ?? []).forEach((node, at) => (node ? nodes.set(node.id, node) : nodes.set(ids[at].id, null) && nulls++));
    if (ids.length < page) return { nodes, errors, nulls };
    after = ids.at(-1).id;
  }
}

export async function differences(url, expected) {
  const fields = await listFields(url);
  const different = {};
  const readErrors = [];
  const add = (key, n = 1) => (different[key] = (different[key] ?? 0) + n);
  for (const [type, model] of Object.entries(expected.models)) {
    const list = fields.get(type);
    const present = (await readAll(url, list, '')).nodes;
    for (const { id } of model.rows) if (!present.has(id)) add(`${type}: missing node`);
    const known = new Set(model.rows.map((row) => row.id));
    for (const id of present.keys()) if (!known.has(id)) add(`${type}: extra node`);
    for (const [name, field] of Object.entries(model.fields)) {
      if (name === 'id') continue;
      const { nodes, errors, nulls } = await readAll(url, list, field.relation ? `${name} { id }` : name);
      if (errors.length) readErrors.push([type, name, errors.length, `nodes null: ${nulls} of ${nodes.size}`]);
      const kind = field.relation ? 'relation' : field.list ? 'list' : 'scalar';
      for (const row of model.rows) {
        const node = nodes.get(row.id);
        if (node && !row[name]?.apiError && !same(field, row[name], node[name])) add(`${type}.${name} ${kind}`);
      }
    }
  }
  return { different, readErrors };
}

function same(field, wanted, got) {
  if (!field.relation) return equal(wanted ?? (field.list ? [] : null), got ?? null);
  const ids = (value) =>
    Array.isArray(value)
      ? value
          .map((one) => one.id ?? one)
          .sort()
          .join()
      : (value?.id ?? value ?? '');
  return ids(wanted) === ids(got);
}

const numeric = (value) => typeof value === 'number' || value instanceof NumberText;
const text = (value) => (value instanceof NumberText ? value.text : String(value));

function equal(a, b) {
  if (numeric(a) && numeric(b)) return decimal(text(a)) === decimal(text(b));
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((one, at) => equal(one, b[at]));
  if (a !== null && typeof a === 'object' && !numeric(a))
    return b !== null && typeof b === 'object' && Object.keys({ ...a, ...b }).every((key) => key in a && key in b && equal(a[key], b[key]));
  return a === b || printJson(a) === printJson(b);
}

/** A number's digits without the zeros that say nothing, and its exponent. */
export function decimal(number) {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(number);
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  if (!short) return '0';
  return `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`;
}
