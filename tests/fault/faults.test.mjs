// Every kind of fault on the way from one server to the other: each day some others of all those which `make fault-long` meets.
import { test } from '../lib.mjs';
import { makeWorld } from './world.mjs';
import { kinds, name, randomFrom, storm, trial } from './run.mjs';

const day = Math.floor(Date.now() / 86400000);
const random = randomFrom(Number(process.env.SEED ?? day) * 2654435761);
const SAMPLE = 24;

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
  await world.close();
}
