// Faults, and what may come of them. After each: either the target equals the source, or the exit code is not 0 and what is
// missing is listed exactly. An exit code which says that the step can be resumed lists nothing: then the same command without
// faults must come to the whole.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every kind, before and after the work where both make sense, so small that tests don't wait. */
export const kinds = stranger => [
  { kind: 'refuse', ms: 100 },
  { kind: 'reset-before' },
  { kind: 'reset-after' },
  { kind: 'stall-before' },
  { kind: 'stall-after' },
  { kind: 'stall-after', ms: 300 },
  { kind: 'drip', pieces: 10, ms: 5 },
  { kind: 'truncate' },
  { kind: 'wrong-length' },
  { kind: 'no-end' },
  { kind: 'gzip-bomb', bytes: 80 << 20 },
  { kind: '429' },
  { kind: '429', retryAfter: 1 },
  { kind: '502-before' },
  { kind: '502-after' },
  { kind: '504-before' },
  { kind: '504-after' },
  { kind: 'html-before' },
  { kind: 'html-after' },
  { kind: 'errors-before' },
  { kind: 'errors-after' },
  { kind: 'empty-before' },
  { kind: 'empty-after' },
  { kind: 'redirect', to: stranger.url },
  { kind: 'redirect', to: stranger.url, status: 302 },
  { kind: 'duplicate-rows' },
];
const SERVER = { export: 'source', import: 'target', verify: 'target' };

export const name = (step, fault) =>
  `${step}: ${fault.kind}${fault.status ? ` ${fault.status}` : ''}${fault.ms ? ` ${fault.ms} ms` : ''} at request ${fault.at}${
    fault.times > 1 ? `, ${fault.times} times` : ''
  }`;

/**
 * Did a page come with rows twice, or an error of the server in the place of rows? Then export may be suspicious of a source
 * whose data nevertheless arrived: neither can be told from a source that is written to, or holds damaged values.
 */
const misled = async server => (await server.log()).requests.some(({ fault }) => /^(duplicate-rows|errors)/.test(fault ?? ''));

/**
 * One fault, or several, in one step. How it ended: 'equal', 'resumed', 'suspicious',
 * 'listed'. Throws on a third outcome.
 */
export async function trial(world, step, faults) {
  await world.fresh(step);
  await world[SERVER[step]].control({ faults });
  let result = await world.run(step);
  const { left } = await world[SERVER[step]].log();
  // Requests go out several at a time: how many there are differs by a few.
  let outcome = left.length < faults.length ? 'equal' : 'not met';
  for (let runs = 0; result.code === 4 || result.code === 130; runs++) {
    assert.ok(runs < 3, `${step} does not come to its end:\n${result.stderr}`);
    assert.ok((result.stdout + result.stderr).trim(), `${step} ended with ${result.code} without a word`);
    await world[SERVER[step]].control({ faults: [] });
    outcome = 'resumed';
    result = await world.run(step);
  }
  if (step === 'verify') {
    // The target is whole: whatever happens on the way, nothing else may be said of it.
    assert.equal(result.code, 0, `verify of equal data:\n${result.stdout}${result.stderr}`);
  } else outcome = await finish(world, step, result, outcome);
  assert.deepEqual(world.stranger.requests, [], 'a redirect was followed');
  return outcome;
}

/** After an export or import that ended: the rest without faults, and what the target then holds. */
async function finish(world, step, result, outcome) {
  const said = `${step} ended with ${result.code}\n${result.stdout}${result.stderr}`;
  assert.ok([0, 3, 6].includes(result.code), said);
  if (step === 'export') {
    const { code, stdout, stderr } = await world.run('import', result.code === 3 ? ['--force'] : []);
    assert.ok([0, 6].includes(code), `import after ${said}\n${stdout}${stderr}`);
  }
  const { counters } = await world.target.log();
  assert.equal(counters.repeated, 0, `${counters.repeated} records were sent although they were stored\n${said}`);
  const missing = await world.missing();
  if (missing.length === 0) {
    if (result.code === 3 && (await misled(world.source))) return 'suspicious';
    assert.equal(result.code, 0, `everything arrived, and yet ${said}`);
    return outcome;
  }
  assert.notEqual(result.code, 0, `exit code 0, and not in the target:\n${missing.slice(0, 10).join('\n')}`);
  if (world.lost) assert.deepEqual(missing.sort(), world.lost, 'a fault lost what the target takes');
  const listed = [...rejects(world), ...(step === 'export' ? findings(world, result.stdout) : [])];
  const unnamed = missing.filter(record => !listed.some(reject => isOf(reject, record)));
  assert.deepEqual(unnamed, [], `missing and not listed, after ${said}`);
  const unfounded = rejects(world).filter(reject => !missing.some(record => isOf(reject, record)));
  assert.deepEqual(unfounded, [], `listed as missing, and in the target, after ${said}`);
  return 'listed';
}

/** What the program says that it could not move. */
function rejects(world) {
  const file = join(world.workspace, 'rejects/reasons.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line));
}
/** What export names: a node that nobody can read has no id, only its place in the order of ids. */
function findings(world, stdout) {
  return JSON.parse(stdout).findings.map(finding => {
    const [, place] = /^number (\d+) in the order of ids/.exec(finding.detail) ?? [];
    const ids = Object.keys(world.whole.records).filter(record => record.startsWith(`${finding.type} `));
    return { ...finding, id: finding.id ?? (place && ids.sort()[place - 1]?.split(' ')[1]) };
  });
}

/** Is "Post ID" or "RELATION ID ID" what a reject speaks of? A list belongs to its node's record. */
function isOf({ kind, type, id, other }, record) {
  const words = record.split(' ');
  if (kind === 'relations') return words.length === 3 && words.includes(id) && words.includes(other);
  return record === `${type} ${id}`;
}

/** A hundred faults one after the other through export, import and verify, each run again until it ends. */
export async function storm(world, random, count = 100) {
  await world.fresh('export');
  const all = kinds(world.stranger);
  const some = (n, most) =>
    Array.from({ length: n }, () => ({ ...all[Math.floor(random() * all.length)], at: 1 + Math.floor(random() * most) }));
  const runs = {};
  for (const [step, n] of [['export', 40], ['import', 45], ['verify', 15]]) {
    const faults = some(Math.round((n * count) / 100), Math.ceil(world[`${step}Requests`] * 1.5));
    await world[SERVER[step]].control({ faults });
    for (runs[step] = 1; ; runs[step]++) {
      const { code, stdout, stderr } = await world.run(step);
      if (code === 0 || (code === 3 && (await misled(world.source)))) break;
      assert.ok([4, 130].includes(code), `${step} in a storm ended with ${code}\n${stdout}${stderr}`);
      assert.ok(runs[step] <= count, `${step} does not come to its end`);
    }
  }
  assert.deepEqual(await world.missing(), []);
  const { counters } = await world.target.log();
  assert.equal(counters.repeated, 0, 'records were sent although they were stored');
  assert.deepEqual(world.stranger.requests, [], 'a redirect was followed');
  return runs;
}

/** Numbers from 0 to 1, the same for a seed. */
export function randomFrom(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4294967296;
  };
}
