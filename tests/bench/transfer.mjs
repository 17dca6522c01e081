// The whole transfer (export from one stand-in, import, which checks first, into another) against a bare libcurl replay of the same requests
// to the same stand-ins, in turns.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { root, run } from '../lib.mjs';
import { blog, convertedProject, median, step } from '../lib/moving.mjs';
import { record, replayList } from '../lib/record.mjs';
import { graphcoolServer, TOKEN } from '../lib/graphcool_server.mjs';
import { startPrisma } from '../lib/servers.mjs';

const LIMIT = 1.25; // at most, of the time of the bare replay
const POSTS = 100000;
const ROUNDS = 7;

const place = convertedProject();
const bodies = join(place.folder, 'bodies');
mkdirSync(bodies);
const source = await graphcoolServer(place.project);
const api = new URL(source.api).pathname;
const target = await startPrisma({ datamodel: place.datamodel, service: 'bench', stage: 'dev' });
const env = { GRAPHCOOL_TOKEN: TOKEN };

async function fill() {
  const elements = blog(POSTS);
  for (const node of elements.nodes) if (node.meta) node.meta = JSON.stringify(node.meta); // Graphcool's own import wants text
  for (const [valueType, values] of Object.entries(elements))
    for (let at = 0; at < values.length; at += 2000) {
      const answer = await fetch(`${source.api}/import`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify({ valueType, values: values.slice(at, at + 2000) }),
      });
      const said = await answer.text();
      if (said !== '[]') throw new Error(`the stand-in did not take the data: ${said.slice(0, 300)}`);
    }
}

async function transfer(from, to) {
  const workspace = join(place.folder, 'stage');
  const common = ['--workspace', workspace];
  rmSync(workspace, { recursive: true, force: true });
  await target.control({ reset: true });
  const taken = [];
  for (const args of [
    ['export', place.project, '--endpoint', from + api],
    ['import', place.project, '--endpoint', `${to}/bench/dev`],
  ]) {
    const start = performance.now();
    await step([...args, ...common], { env });
    taken.push(performance.now() - start);
  }
  return taken;
}

async function replay(width, list) {
  const { code, stdout, stderr } = run([String(width), list], {
    program: join(root, 'build/release/tools/replay'),
    env: { REPLAY_AUTHORIZATION: `Authorization: Bearer ${TOKEN}` },
  });
  if (code !== 0) throw new Error(stderr);
  return Number(stdout) / 1000;
}

try {
  await fill();
  const left = await record(source.url, bodies);
  const sent = join(place.folder, 'sent');
  mkdirSync(sent);
  const into = await record(target.url, sent);
  await transfer(left.url, into.url);
  left.close();
  into.close();
  const imports = into.requests.filter(({ path }) => path.endsWith('/import'));
  replayList(left.requests, source.url, join(place.folder, 'exports.list'));
  replayList(imports, target.url, join(place.folder, 'imports.list'));
  const ours = [];
  const bare = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await transfer(source.url, target.url));
    await target.control({ reset: true });
    bare.push([await replay(1, join(place.folder, 'exports.list')), await replay(1, join(place.folder, 'imports.list'))]);
  }
  const sum = (times) => times.reduce((a, b) => a + b);
  const total = (times) => median(times.map(sum));
  const each = (times) => times[0].map((_, at) => median(times.map((one) => one[at])).toFixed(0)).join(' + ');
  // Of times that were taken one right after the other: what else the machine does changes from round to round.
  const ratios = ours.map((times, round) => sum(times) / sum(bare[round]));
  const ratio = median(ratios);
  console.log(
    `${POSTS} posts with a list and an author each: ${total(ours).toFixed(0)} ms (export, import with its check: ${each(ours)}), bare ` +
      `replay of its ${left.requests.length} + ${imports.length} requests ${total(bare).toFixed(0)} ms (${each(bare)}): ${ratio.toFixed(2)} of it ` +
      `(${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} in ${ROUNDS} rounds), limit ${LIMIT}`,
  );
  if (!(ratio <= LIMIT)) process.exitCode = 1;
} finally {
  await source.stop();
  await target.stop();
  place.remove();
}
