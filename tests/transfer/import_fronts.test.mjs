// import through fronts that change what the server takes, and how it answers: small limits, servers before 1.5.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '../../fixtures/servers/http.mjs';
import { test } from '../lib.mjs';
import { imports, repeated, staged, startServer } from './importing.mjs';

const quick = ['--settle', '0.05'];

/** The lists of a dump, by type, id and field. */
const listsOf = text => Object.fromEntries(Object.entries(JSON.parse(text).models).flatMap(([type, model]) => model.rows.flatMap(row =>
  Object.entries(row).filter(([, value]) => Array.isArray(value) && type === 'Listy').map(([field, value]) => [`${type} ${row.id} ${field}`, value]))));

/** A front that hands requests on; `change(request, answer)` may change what comes back. */
async function frontOf(server, { limit, status = 413, change = (_, body) => body } = {}) {
  const bodies = [];
  const front = await serve({
    limit,
    tooLarge: () => ({ status, body: status === 413 ? '' : 'EntityStreamSizeException: actual entity size exceeded content length limit' }),
    handle: async request => {
      const answer = await fetch(`${server.url}${request.path}`, {
        method: 'POST', body: request.body,
        headers: { 'Content-Type': 'application/json', Authorization: request.headers.authorization ?? '' },
      });
      bodies.push(request.body.length);
      return { status: answer.status, body: change(request, await answer.text()) };
    },
  });
  return { endpoint: `${front.url}/blog/dev`, bodies, close: () => front.close() };
}

for (const database of ['mysql', 'postgres'])
  await test(`what a target does not take in one request goes in smaller ones, long lists too (${database})`, async () => {
    const stage = await staged('kinds', database);
    const server = await startServer(stage.datamodel, database);
    const plain = stage.fresh();
    assert.equal((await plain.import(server.endpoint, [...quick, '--force'])).code, 6);
    const wanted = await server.dump();
    const refused = plain.reasons().length;
    const figures = [];
    for (const [limit, status] of [[40000, 413], [4000, 400], [4000, 413]]) {
      await server.control({ reset: true });
      await server.control({ log: [] });
      const front = await frontOf(server, { limit, status });
      const run = stage.fresh();
      const result = await run.import(front.endpoint, [...quick, '--force'], {}, 120000);
      assert.equal(result.code, 6, result.stderr);
      assert(front.bodies.every(size => size <= limit));
      const reasons = run.reasons();
      const large = reasons.filter(reason => reason.reason.includes('larger than what the server takes'));
      if (limit === 40000 && !large.length) assert.equal(await server.dump(), wanted);
      assert.equal(reasons.length - large.length <= refused, true, JSON.stringify(reasons.slice(0, 9)));
      const got = listsOf(await server.dump());
      for (const [key, list] of Object.entries(listsOf(wanted))) {
        const reason = large.find(one => one.kind === 'lists' && key === `${one.type} ${one.id} ${one.field}`);
        if (!reason) assert.deepEqual(got[key], list, `${key} in parts is whole`);
        else {
          const rest = JSON.parse(readFileSync(join(run.workspace, 'rejects/lists/000001.json'), 'utf8')).values.find(one => one.id === reason.id && one[reason.field]);
          assert.deepEqual([...(got[key] ?? []), ...rest[reason.field]], list, `${key}: what is stored, then what is listed as rejected`);
        }
      }
      assert.equal(repeated(await server.log()), 0);
      figures.push(`${limit} bytes: ${imports(await server.log()).length} requests, ${large.length} too large alone`);
      front.close();
    }
    await server.stop();
    stage.drop();
    return figures.join(' · ');
  });

await test('servers before 1.5 answer with positions instead of ids', async () => {
  const stage = await staged('kinds', 'mysql');
  const server = await startServer(stage.datamodel, 'mysql');
  const front = await frontOf(server, {
    change: (request, text) => {
      if (!request.path.endsWith('/import')) return text;
      const { values } = JSON.parse(request.body);
      const answer = JSON.parse(text);
      if (!Array.isArray(answer)) return text;
      return JSON.stringify(answer.map(message => ({ index: values.findIndex(value => message.includes(value.id)), message: 'refused' })));
    },
  });
  const run = stage.fresh();
  const result = await run.import(front.endpoint, [...quick, '--force']);
  assert.equal(result.code, 6, result.stderr);
  assert.equal(run.reasons().length, 3);
  await server.stop();
  front.close();
  stage.drop();
});

await test('an answer of 200 that holds no answer is not trusted', async () => {
  const stage = await staged('social', 'mysql');
  const server = await startServer(stage.datamodel, 'mysql');
  let nth = 0;
  const odd = ['"done"', 'null', '{}', '{"data":null}', '[', '5', '{"errors":[]}', '[null]'];
  const front = await frontOf(server, {
    change: (request, text) => (request.path.endsWith('/import') && nth++ % 9 < odd.length ? odd[nth % odd.length] : text),
  });
  const run = stage.fresh();
  let result;
  for (let i = 0; i < 20; i++) {
    result = await run.import(front.endpoint, [...quick, '--chunk-size', '20000']);
    if (result.code !== 4) break;
  }
  assert.equal(result.code, 0, result.stderr);
  assert.equal(repeated(await server.log()), 0);
  assert.equal((await run.verify(server.endpoint)).code, 7, 'the stage belongs to the front');
  assert.equal((await run.verify(front.endpoint)).code, 0);
  await server.stop();
  front.close();
  stage.drop();
  return `${nth} requests`;
});
process.exit();
