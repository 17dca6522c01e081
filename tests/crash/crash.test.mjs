// kill -9 at any moment of export, check, import and verify, then the same command again: in the end the target holds exactly what it
// holds without a crash, and nothing was sent a second time that may not be. GCM_CRASH_KILLS says how many kills (`make
// crash-long`: 1,000 and more), GCM_CRASH_SEED which of all the possible ones.
import assert from 'node:assert';
import { skip, test, truth } from '../lib.mjs';
import { buildMarks, makeWorld } from './world.mjs';

const wanted = Number(process.env.GCM_CRASH_KILLS ?? 48);
const seed = Number(process.env.GCM_CRASH_SEED ?? process.env.GITHUB_RUN_NUMBER ?? Math.floor(Date.now() / 86400000));
const worlds = [
  { database: 'mysql' },
  { database: 'postgres' },
  { database: 'mysql', strict: true },
  { database: 'postgres', strict: true },
  { database: 'mysql', slow: true },
];

/** Numbers from 0 to 1, the same ones for the same seed. */
function randomFrom(seed) {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

/** Runs every step without a crash, and learns what can be hit: {dump, rejected, groups: Map('STEP MARK' → [{step, name, at, server, kind}])}. */
async function clean(world) {
  const groups = new Map();
  const add = (one) => {
    const name = `${one.step} ${one.name}`;
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(one);
  };
  world.empty();
  await world.emptyTarget();
  await world.source.control({ log: [] });
  for (const step of world.steps) {
    world.save(step);
    const { marks, requests } = await world.watch(step);
    let sent = 0;
    marks.forEach((name, at) => add({ step, name, at: at + 1, sent: name === 'before-send' ? ++sent : sent }));
    // The server's side: the request was not worked on, or it was and nobody hears of it.
    for (const [server, count] of Object.entries(requests))
      for (let at = 1; at <= count; at++)
        for (const kind of ['kill-before', 'kill-after']) add({ step, name: `${server} ${kind}`, server, kind, at, sent: at });
  }
  return { dump: await world.target.dump(), rejected: world.rejected(), groups };
}

/** A slow target makes a difference to the import alone. */
const importing = (groups) => new Map([...groups].filter(([name]) => name.startsWith('import')));

/** So many cases, from every group in turn; in a group those that the seed says. */
function choose(groups, count, random) {
  const shuffle = (things) =>
    things
      .map((one) => [random(), one])
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one);
  const shuffled = shuffle([...groups.values()]).map(shuffle);
  const chosen = [];
  for (let at = 0; chosen.length < count && shuffled.some((cases) => at < cases.length); at++)
    for (const cases of shuffled) if (at < cases.length && chosen.length < count) chosen.push(cases[at]);
  return chosen;
}

/** One case: kill, perhaps kill again where it resumes, and go on to the end. Gives the number of kills. */
async function crash(world, one, random, { dump, rejected }) {
  const at = world.steps.indexOf(one.step);
  world.restore(one.step);
  if (one.step !== 'verify') await world.emptyTarget();
  await world.target.control({ log: [] });
  if (world.slow) await world.delay({ ms: 600, from: Math.max(1, one.sent - 3) });
  let kills = await world.killOnce(one);
  if (world.slow) await world.delay({ ms: 0 });
  while (random() < 0.7) {
    const { signal } = await world.run(one.step, { killAt: 1 + Math.floor(random() * 150) });
    if (signal !== 'SIGKILL') break;
    kills++;
  }
  for (const step of world.steps.slice(at)) {
    const { code, signal, stdout, stderr } = await world.run(step);
    assert.ok(world.good(step, code), `${step} after the crash: exit ${code ?? signal}\n${stderr.slice(-600)}${stdout.slice(-600)}`);
  }
  const { requests } = await world.target.log();
  const repeated = requests.filter((request) => request.repeated > 0);
  assert.deepEqual(repeated, [], 'something was sent again');
  const held = await world.target.dump();
  if (held !== dump) assert.fail(`the target differs: ${firstDifference(held, dump)}`);
  assert.deepEqual(world.rejected(), rejected, 'other records are listed as rejected');
  return kills;
}

function firstDifference(got, wanted) {
  let at = 0;
  while (got[at] === wanted[at]) at++;
  return `…${got.slice(Math.max(0, at - 200), at + 200)}… instead of …${wanted.slice(Math.max(0, at - 200), at + 200)}…`;
}

if (truth('ndf/social/expected.json.gz')) buildMarks();
for (const [at, { database, strict, slow }] of worlds.entries())
  await test(`kill -9 at any mark and request, then resumed: the target is whole and nothing is sent twice (${database}${strict ? ', which refuses some' : ''}${slow ? ', which is slow' : ''})`, async () => {
    if (!truth('ndf/social/expected.json.gz')) skip('no truth here');
    const random = randomFrom(seed * worlds.length + at);
    const world = await makeWorld({ database, strict, slow });
    try {
      const wholeRun = await clean(world);
      const { groups } = wholeRun;
      const share = Math.ceil(wanted * (slow ? 0.05 : 0.24)); // a slow one takes its time
      const failures = [];
      const hit = new Map();
      let kills = 0;
      for (const one of choose(slow ? importing(groups) : groups, share, random)) {
        if (kills >= share) break;
        const name = `${one.step} ${one.name}`;
        try {
          kills += await crash(world, one, random, wholeRun);
          hit.set(name, (hit.get(name) ?? 0) + 1);
        } catch (error) {
          failures.push(`${name}:${one.at}: ${error.message}`);
        }
      }
      assert.deepEqual(
        failures,
        [],
        `${failures.length} failures after ${kills} kills (seed ${seed})\n${failures.slice(0, 20).join('\n')}`,
      );
      assert.ok(kills >= share, `only ${kills} kills of ${share}`);
      return `${kills} kills at ${hit.size} kinds of moments, 0 repeated, ${wholeRun.rejected.length} rejected as without a crash, seed ${seed}: ${[...hit].map(([name, count]) => `${name} ${count}`).join(', ')}`;
    } finally {
      await world.close();
    }
  });
