// All faults, each alone at every request of export, import and verify, in both databases and both ways of reading lists; then
// seeded sequences of a hundred. `make fault-long` meets them for FAULT_SECONDS, in the order that
// SEED gives; all of them take many hours.
import { makeWorld } from './world.mjs';
import { kinds, name, randomFrom, storm, trial } from './run.mjs';

const [seconds, seed] = [Number(process.argv[2] ?? 3600), Number(process.argv[3] ?? 1)];
const end = Date.now() + seconds * 1000;
const outcomes = {};
let [done, bad] = [0, 0];
const count = outcome => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1);

async function one(title, work) {
  if (Date.now() > end) return;
  done++;
  try {
    count(await work());
  } catch (error) {
    bad++;
    console.log(`not ok - ${title}\n${error.message.replace(/^/gm, '# ')}`);
  }
}

/** The trials of a world, in an order that the seed gives: part of them is a sample of all. */
function shuffled(world, random) {
  const all = [];
  for (const step of world.lost ? ['import'] : ['export', 'import', 'verify'])
    for (let at = 1; at <= world[`${step}Requests`]; at++)
      for (const kind of kinds(world.stranger))
        all.push({ step, fault: { ...kind, at } }, { step, fault: { ...kind, at, times: 8 } });
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}

const worlds = [];
for (const commas of [false, true])
  for (const database of ['mysql', 'postgres']) worlds.push(await makeWorld({ commas, database }));
worlds.push(await makeWorld({ commas: true, nul: true, database: 'postgres', whole: worlds.at(-1).whole }));
const random = randomFrom(seed * 2654435761);
const queues = worlds.map(world => shuffled(world, random));
const total = queues.reduce((sum, queue) => sum + queue.length, 0);
for (let round = 0; Date.now() < end && queues.some(queue => queue.length); round++)
  for (const [i, world] of worlds.entries()) {
    for (const { step, fault } of queues[i].splice(0, 20)) await one(name(step, fault), () => trial(world, step, [fault]));
    if (world.lost) continue;
    const number = round * worlds.length + i;
    await one(`storm ${number} of seed ${seed}`, async () => (await storm(world, randomFrom(seed * 7919 + number)), 'storm'));
  }
await Promise.all(worlds.map(world => world.close()));
console.log(`${done} of ${total} trials and storms: ${JSON.stringify(outcomes)}, ${bad} failed`);
process.exitCode = bad ? 1 : 0;
