// The peak of memory of moving data, whatever there is of it: export from a live service, check, import, verify. The source's
// nodes are made up as they are asked for. A target that throws away what it gets takes any amount; verify needs one that
// holds the data, so it is measured with HELD megabytes at most. A zip with lists and relations goes the same way.
//
//     node memory_data.mjs [MEGABYTES…]
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { binary } from '../lib.mjs';
import { graphcoolServer, TOKEN } from '../lib/graphcool_server.mjs';
import { measure } from '../lib/measure.mjs';
import { blog, convertedProject, writeZip } from '../lib/moving.mjs';
import { startPrisma } from '../lib/servers.mjs';

const LIMIT = 64; // MB, at most, of each command
const NODE = 4000; // bytes of a text of a node
const HELD = 300;
const POSTS = 50000; // in the zip
const SUSPECT = 3; // what export says of every archive with more than one file of lists

const place = convertedProject();
const env = { GRAPHCOOL_TOKEN: TOKEN };

/** The peaks of the commands in MB, as text. A target that holds the data is verified too. */
async function move(source, { discard }, shown) {
  const target = await startPrisma({ datamodel: place.datamodel, service: 'bench', stage: 'dev', discard });
  const common = ['--workspace', join(place.folder, 'stage'), '--quiet'];
  const into = ['--endpoint', `${target.url}/bench/dev`, ...common];
  const peaks = {};
  const peak = (command, args) => {
    const used = measure(binary, [command, place.project, ...args], { env, timeout: 1800000, good: command === 'export' ? [0, SUSPECT] : [0] });
    peaks[command] = used.peak / 1e6;
  };
  try {
    peak('export', [...source, ...common]);
    peak('check', common);
    peak('import', into);
    if (!discard) peak('verify', into);
  } finally {
    await target.stop();
    rmSync(join(place.folder, 'stage'), { recursive: true, force: true });
  }
  const said = shown.filter((command) => command in peaks);
  if (!said.every((command) => peaks[command] <= LIMIT)) process.exitCode = 1;
  return said.map((command) => `${command} ${peaks[command].toFixed(0)}`).join(', ');
}

async function moveLive(megabytes, options, shown) {
  const count = Math.ceil((megabytes * 1e6) / NODE);
  const server = await graphcoolServer(place.project, ['--synthetic', `Post=${count},${NODE}`]);
  try {
    return await move(['--endpoint', server.api], options, shown);
  } finally {
    await server.stop();
  }
}

const ALL = ['export', 'check', 'import', 'verify'];
const given = process.argv.slice(2).map(Number);
const parts = [];
try {
  for (const megabytes of given.length ? given : [10, 200]) {
    const discard = megabytes > HELD;
    parts.push(`${megabytes} MB: ${await moveLive(megabytes, { discard }, ALL)}`);
    if (discard) parts.push(`${HELD} MB: ${await moveLive(HELD, {}, ['verify'])}`);
  }
  const zip = writeZip(place.folder, blog(POSTS, { bytes: 500 }));
  parts.push(`a zip of ${POSTS} nodes with lists and relations: ${await move(['--from', zip], {}, ALL)}`);
  console.log(`peaks in MB, limit ${LIMIT}; ${parts.join('; ')}`);
} finally {
  place.remove();
}
