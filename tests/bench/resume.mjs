// How soon an import that was killed in the middle of a large stage is at work again: from the start of the process to its
// first request, and to the first that sends data, which comes after it has asked what became of the requests that were lost.
import { spawn } from 'node:child_process';
import { createServer, request as ask, Agent } from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { binary } from '../lib.mjs';
import { graphcoolServer, TOKEN } from '../lib/graphcool_server.mjs';
import { convertedProject, median, step } from '../lib/moving.mjs';
import { startPrisma } from '../lib/servers.mjs';

const LIMIT = 1000; // ms, at most, to the first request
const ROWS = 1000000;
const BYTES = 100; // of a text of a row
const ROUNDS = 5;
const IN_THE_MIDDLE = 0.4 * ROWS; // rows that the target got when the first import dies

const place = convertedProject();
const common = ['--workspace', join(place.folder, 'stage'), '--quiet'];
const target = await startPrisma({ datamodel: place.datamodel, service: 'bench', stage: 'dev', discard: true });
const front = await frontOf(target.url);

/** Passes requests on and tells `front.arrived` of each at the moment it comes in. */
async function frontOf(upstream) {
  const agent = new Agent({ keepAlive: true });
  const made = { arrived: () => {} };
  const server = createServer((req, res) => {
    made.arrived(req.url);
    const on = ask(`${upstream}${req.url}`, { method: req.method, headers: req.headers, agent }, (answer) => {
      res.writeHead(answer.statusCode, answer.headers);
      answer.pipe(res);
    });
    on.on('error', () => res.destroy());
    req.on('error', () => on.destroy());
    req.pipe(on);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  made.url = `http://127.0.0.1:${server.address().port}`;
  made.close = () => (agent.destroy(), server.closeAllConnections(), server.close());
  return made;
}

/** Starts an import and kills it where `enough(kind of request)` says so: ms from the start to the first of each kind. */
function killedImport(enough) {
  return new Promise((done, failed) => {
    const times = {};
    const start = performance.now();
    const args = ['import', place.project, '--endpoint', `${front.url}/bench/dev`, ...common];
    const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    front.arrived = (path) => {
      const kind = path.endsWith('/import') ? 'data' : 'question';
      times.first ??= performance.now() - start;
      times[kind] ??= performance.now() - start;
      if (enough(kind)) child.kill('SIGKILL');
    };
    child.on('exit', (code, signal) => {
      front.arrived = () => {};
      if (signal === 'SIGKILL') done(times);
      else failed(new Error(`import was to be killed, but ended with ${signal ?? code}`));
    });
  });
}

async function stageRows() {
  const source = await graphcoolServer(place.project, ['--synthetic', `Post=${ROWS},${BYTES}`]);
  await step(['export', place.project, '--endpoint', source.api, ...common], { env: { GRAPHCOOL_TOKEN: TOKEN } });
  await source.stop();
  await step(['check', place.project, ...common]);
}

/** The rows that the target got. */
const taken = async () => (await target.log()).requests.reduce((sum, { elements }) => sum + elements, 0);

try {
  await stageRows();
  let rows = 0;
  const watch = setInterval(async () => (rows = await taken()), 50);
  await killedImport(() => rows >= IN_THE_MIDDLE);
  clearInterval(watch);
  const runs = [];
  for (let round = 0; round < ROUNDS; round++) runs.push(await killedImport((kind) => kind === 'data'));
  const first = median(runs.map((run) => run.first));
  const data = median(runs.map((run) => run.data));
  console.log(
    `a stage with ${ROWS} rows, killed after ${rows}: first request ${first.toFixed(0)} ms after the start, limit ${LIMIT}; ` +
      `first data ${data.toFixed(0)} ms`,
  );
  if (!(first <= LIMIT)) process.exitCode = 1;
} finally {
  front.close();
  await target.stop();
  place.remove();
}
