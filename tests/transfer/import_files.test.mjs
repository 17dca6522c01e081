// import --to-zip and --to-dir: what the real `prisma1 import` makes of our files is what our own import makes of the stage.
import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, readFileSync, writeFileSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAsync, skip, test } from '../lib.mjs';
import { cliBinary, cliEnvironment } from '../truth/prisma_npm.mjs';
import { imports, secret, staged, startServer } from './importing.mjs';

for (const name of ['empty', 'social', 'links', 'pages-whole', 'kinds', 'raw'])
  await test(`prisma1 import takes our files of ${name} whole`, async () => {
    if (!existsSync(cliBinary)) skip('prisma1 is not installed');
    const stage = await staged(name, 'mysql');
    const server = await startServer(stage.datamodel, 'mysql');
    const run = stage.fresh();
    const zip = join(run.workspace, 'data.zip');
    const written = await run.toFiles(['--to-zip', zip, '--force']);
    assert([0, 6].includes(written.code), written.stderr);
    const left = written.code === 6
      ? readFileSync(`${zip}.left-out.jsonl`, 'utf8').trim().split('\n').map(line => JSON.parse(line)) : [];
    const [, nodes, lists, pairs] = /(\d+) nodes?, (\d+) lists? and (\d+) relation rows? written/.exec(written.stdout).map(Number);
    const folder = mkdtempSync(join(stage.folder, 'cli-'));
    copyFileSync(stage.datamodel, join(folder, 'datamodel.prisma'));
    writeFileSync(join(folder, 'prisma.yml'), `endpoint: ${server.endpoint}\nsecret: ${secret}\ndatamodel: datamodel.prisma\n`);
    const cli = await runAsync([cliBinary, 'import', '-d', zip], { program: 'node', cwd: folder, env: cliEnvironment(folder) });
    assert(!/Uncaught/.test(cli.stdout), cli.stdout);
    const log = imports(await server.log());
    // kinds holds a unique value twice, which only the database can refuse (truth/ndf): prisma1 stops behind the nodes then
    const wanted = name === 'kinds' ? nodes : nodes + lists + pairs;
    assert.equal(cli.code, name === 'kinds' ? 1 : 0, cli.stdout);
    assert.equal(log.reduce((sum, request) => sum + request.elements, 0), wanted, cli.stdout);
    const dump = await server.dump();
    await server.control({ reset: true });
    const own = stage.fresh();
    assert([0, 6].includes((await own.import(server.endpoint, ['--settle', '0.05', '--force'])).code));
    if (!left.length && name !== 'kinds') assert.equal(dump, await server.dump());
    await server.stop();
    stage.drop();
    return `${log.length} files, ${wanted} elements, ${left.length} left out, exit ${cli.code}`;
  });
