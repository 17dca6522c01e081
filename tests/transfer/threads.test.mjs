// What works in threads, under ThreadSanitizer: export, which asks ahead of what it stores, and check, whose halves run side by side.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { root, runAsync, test } from '../lib.mjs';
import { graphcoolServer, TOKEN } from '../lib/graphcool_server.mjs';
import { blog, convertedProject } from '../lib/moving.mjs';

const watched = join(root, 'build/tsan/graphcool-migrate');
const made = spawnSync('make', ['-s', '-j2', 'tsan'], { cwd: root, encoding: 'utf8' });
if (made.status !== 0) throw new Error(made.stdout + made.stderr);

const env = { GRAPHCOOL_TOKEN: TOKEN, TSAN_OPTIONS: 'exitcode=66 halt_on_error=1' };

await test('export and check share nothing by accident', async () => {
  const place = convertedProject();
  const source = await graphcoolServer(place.project, ['--page-limit', '50000']);
  try {
    const elements = blog(3000);
    for (const [at, node] of elements.nodes.entries()) {
      if (node.meta) node.meta = JSON.stringify(node.meta);
      if (at % 7 === 0 && node.title) node.title = `\u0000 ${at}`; // findings, of nodes
    }
    for (const list of elements.lists.slice(0, 500)) list.tags = ['\u0000']; // and of lists
    for (const [valueType, values] of Object.entries(elements)) {
      const answer = await fetch(`${source.api}/import`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify({ valueType, values }),
      });
      assert.equal(await answer.text(), '[]');
    }
    const workspace = ['--workspace', join(place.folder, 'stage')];
    const exported = await runAsync(['export', place.project, '--endpoint', source.api, ...workspace], { program: watched, env });
    assert.deepEqual([exported.code, exported.stderr.includes('ThreadSanitizer')], [0, false], exported.stderr.slice(0, 3000));
    const checked = await runAsync(['check', place.project, '--database', 'postgres', ...workspace], { program: watched, env });
    assert.deepEqual([checked.code, checked.stderr.includes('ThreadSanitizer')], [3, false], checked.stderr.slice(0, 3000));
    return `${(await source.log()).requests.length} requests, ${/\d+ refused/.exec(checked.stdout)?.[0]}`;
  } finally {
    await source.stop();
    place.remove();
  }
});

await test('asking ahead, with answers that are late, wrong, and never taken', async () => {
  let count = 0;
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (data) => (body += data));
    req.on('end', () => {
      const bad = ++count % 5 === 0;
      const next = /"n":(\d+)/.exec(body)?.[1] ?? 0;
      setTimeout(() => res.writeHead(bad ? 429 : 200, { 'Content-Type': 'application/json' }).end(`{"next":${Number(next) + 1}}`), count % 3);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const steps = Array.from({ length: 60 }, (_, i) => [`chain=${i}`, `page=${i}`, `wish=${i}`, i % 4 ? `page=${i + 1}` : `take=x${i}`, 'wait=1']).flat();
  const { code, stderr } = await runAsync([`http://127.0.0.1:${server.address().port}/x`, ...steps], { program: join(root, 'build/tsan/tools/ahead'), env });
  server.closeAllConnections();
  server.close();
  assert.deepEqual([code, stderr], [0, '']);
  return `${count} requests`;
});
