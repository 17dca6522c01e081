// Every kind of fault on the way from one server to the other: each day some others of all those which `make fault-long` meets.
import assert from 'node:assert/strict';
import { test } from '../lib.mjs';
import { makeWorld } from './world.mjs';
import { kinds, name, randomFrom, storm, trial } from './run.mjs';

const day = Math.floor(Date.now() / 86400000);
const random = randomFrom(Number(process.env.SEED ?? day) * 2654435761);
const SAMPLE = 24;
let whole;

for (const commas of [false, true]) {
  const world = await makeWorld({ commas, database: commas ? 'postgres' : 'mysql' });
  const lists = commas ? 'lists through the Simple API' : 'lists from the export';
  await test(`one fault in one step, ${lists}: the target equals the source, or what is missing is listed`, async () => {
    const outcomes = {};
    const all = kinds(world.stranger);
    const first = Math.floor(random() * all.length);
    for (let i = 0; i < SAMPLE; i++) {
      const step = ['export', 'import', 'import', 'verify'][i % 4];
      const fault = { ...all[(first + i) % all.length], at: 1 + Math.floor(random() * world[`${step}Requests`]) };
      try {
        const outcome = await trial(world, step, [fault]);
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      } catch (error) {
        throw new Error(`${name(step, fault)}\n${error.message}`);
      }
    }
    return `${SAMPLE} faults: ${JSON.stringify(outcomes)}`;
  });
  await test(`a hundred faults in a row, ${lists}: it gets there`, async () =>
    `runs: ${JSON.stringify(await storm(world, random))}`);
  whole = world.whole;
  await world.close();
}
{
  const world = await makeWorld({ commas: true, nul: true, database: 'postgres', whole });
  await test('one fault while the target refuses some records: those are listed, and nothing else is lost', async () => {
    const outcomes = {};
    const all = kinds(world.stranger);
    for (let i = 0; i < SAMPLE; i++) {
      const fault = { ...all[(i * 7 + day) % all.length], at: 1 + Math.floor(random() * world.importRequests) };
      const outcome = await trial(world, 'import', [fault]).catch(error => {
        throw new Error(`${name('import', fault)}\n${error.message}`);
      });
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    return `${SAMPLE} faults, ${world.lost.length} records and relation rows lost each time: ${JSON.stringify(outcomes)}`;
  });
  await world.close();
}
{
  const world = await makeWorld();
  await damage(world);
  await world.fresh('export');
  const { code, stdout } = await world.run('export');
  const requests = (await world.source.log()).requests.length;
  await test('one fault while the source holds damaged values: the same are named as without it', async () => {
    const lines = stdout.split('\n').filter(line => line.includes('order of ids'));
    assert.deepEqual([code, lines.length], [3, 2], stdout);
    const all = kinds(world.stranger).filter(({ kind }) => kind !== 'duplicate-rows');
    for (let i = 0; i < SAMPLE; i++) {
      const fault = { ...all[(i * 7 + day) % all.length], at: 1 + Math.floor(random() * requests) };
      await world.fresh('export');
      await world.source.control({ faults: [fault] });
      let result = await world.run('export');
      await world.source.control({ faults: [] });
      if (result.code === 4) result = await world.run('export');
      assert.deepEqual([result.code, result.stdout], [code, stdout], name('export', fault));
    }
    return `${SAMPLE} faults, ${requests} requests each`;
  });
  await world.close();
}

/** What only the source's own import can do: enum values that are no members, a list that is no list, a node beyond a page. */
async function damage(world) {
  const post = (n, values) => ({
    _typeName: 'Post',
    id: `cjfaultPostbad0000000000${n}`,
    views: 1,
    published: true,
    title: 't',
    ...values,
  });
  const values = [
    post(1, { state: 'NOPE' }),
    post(2, { title: 'y'.repeat(4000) }),
    post(3),
    { _typeName: 'User', id: 'cjfaultUserbad', email: 'e', role: 'NOPE' },
  ];
  const list = scores => ({ valueType: 'lists', values: [{ _typeName: 'Post', id: post(3).id, scores }] });
  for (const body of [{ valueType: 'nodes', values }, list([1, 2]), list([])]) assert.deepEqual(await world.feed(body), []);
}
