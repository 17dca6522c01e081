// The records that are made of the recorded exports, loaded into the Prisma stand-in, are answered as Graphcool answered them: every
// scalar, list and relation field, also of the dirty rows of `links`.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseJson } from '../../fixtures/servers/prisma/json_text.mjs';
import { run, skip, test, truth } from '../lib.mjs';
import { made, scratch, stage } from '../lib/records.mjs';
import { startPrisma } from '../lib/servers.mjs';
import { differences } from '../servers/ndf_truth.mjs';

const databases = ['mysql', 'postgres'];
const zips = ['social', 'links', 'pages-whole'];
const oneField = join(scratch, 'one-field.yml');
writeFileSync(oneField, 'strategies: {self_relation: one_field}\n');

const expectedOf = (zip) => parseJson(gunzipSync(readFileSync(truth(`ndf/${zip}/expected.json.gz`))).toString());

async function post(url, body) {
  const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  return response.text();
}

/** A stand-in with the converted datamodel that holds all records of a zip. */
async function loaded(zip, database, rules) {
  const project = truth(`ndf/${zip}`) ?? skip(`no truth/ndf/${zip}`);
  const [app, workspace] = [join(scratch, `app-${zip}-${database}-${Boolean(rules)}`), join(scratch, zip)];
  if (!readdirSync(scratch).includes(zip)) stage(project, truth(`ndf/${zip}.zip`), workspace);
  const { code, stderr } = run(['convert', project, '--out', app, '--database', database, ...(rules ? ['--rules', rules] : [])]);
  assert.ok(code === 0 || code === 3, stderr);
  const server = await startPrisma({ database, datamodel: join(app, 'prisma/datamodel.prisma'), service: 'app', stage: 'dev' });
  const url = `${server.url}/app/dev`;
  const records = made(project, workspace, database, rules);
  const answers = [];
  for (const kind of ['nodes', 'lists', 'relations']) {
    const elements = records.filter((record) => record.kind === kind && !record.withheld).flatMap(({ elements }) => elements);
    for (let at = 0; at < elements.length; at += 1000)
      answers.push(await post(`${url}/import`, `{"valueType":"${kind}","values":[${elements.slice(at, at + 1000)}]}`));
  }
  return { server, url, answers };
}

for (const database of databases)
  for (const zip of zips)
    await test(`${zip} on ${database}: every field of every node is answered as Graphcool answered it`, async () => {
      const { server, url, answers } = await loaded(zip, database, oneField);
      try {
        assert.deepEqual(answers.filter((text) => text !== '[]'), []);
        const expected = expectedOf(zip);
        const { different, readErrors } = await differences(url, expected);
        assert.deepEqual(different, {});
        // Nodes whose required relation has no row: check names them.
        const required = readErrors.every(([type, field]) => expected.models[type].fields[field].required && !expected.models[type].fields[field].list);
        assert.ok(required, JSON.stringify(readErrors));
        const models = Object.values(expected.models);
        return `${models.reduce((sum, { fields, rows }) => sum + rows.length * Object.keys(fields).length, 0)} fields`;
      } finally {
        await server.stop();
      }
    });

const symmetric = { social: ['User', 'users', 'partner'], links: ['Person', 'persons', 'spouse'] };

for (const database of databases)
  for (const [zip, [type, root, field]] of Object.entries(symmetric))
    await test(`${zip} on ${database}: \`${field} ?? ${field}Of\` answers what the one field answered`, async () => {
      const { server, url } = await loaded(zip, database);
      try {
        const query = `{ ${root} { id ${field} { id } ${field}Of { id } } }`;
        const answer = JSON.parse(await post(url, JSON.stringify({ query })));
        const found = new Map(answer.data[root].map((node) => [node.id, (node[field] ?? node[`${field}Of`])?.id ?? null]));
        const { rows } = expectedOf(zip).models[type];
        assert.deepEqual(rows.filter((row) => found.get(row.id) !== row[field]).map((row) => [row.id, row[field], found.get(row.id)]), []);
        return `${rows.filter((row) => row[field]).length} of ${rows.length} nodes have one`;
      } finally {
        await server.stop();
      }
    });
