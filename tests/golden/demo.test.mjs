// The two things that the README promises of a fresh clone besides the tests: `make demo` does the main job end to end, and
// `make install` puts the program and its manual where they belong.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run, skip, test } from '../lib.mjs';

const clone = mkdtempSync(join(tmpdir(), 'gcm-clone-'));

function sh(command, cwd = clone) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(status, 0, `${command} ended with ${status}:\n${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  return stdout;
}

await test('make demo converts the example project, moves data from a live server and from a zip, and serves it to an old client, in a fresh clone', () => {
  if (!existsSync(join(root, '.git'))) skip('this is no git checkout');
  sh(`git clone -q '${root}' .`);
  const said = sh('make -j2 demo');
  assert.equal(said.match(/^The data are equal\.$/gm)?.length, 2, 'the data of two projects were to be verified as equal');
  const answer = JSON.parse(said.slice(said.indexOf('{\n "data"'), said.indexOf('\n}\n', said.indexOf('{\n "data"')) + 2));
  assert.equal(answer.errors, undefined);
  assert.ok(answer.data._allUsersMeta.count > 0 && answer.data.allUsers.length === 2, 'the application answered something else');
  const out = join(clone, 'demo-out');
  const plan = JSON.parse(readFileSync(join(out, 'app/graphcool-migrate.json'), 'utf8'));
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  assert.deepEqual(plan.decisions, report.decisions, 'the dry run and the conversion disagree');
  for (const file of ['app/prisma/prisma.yml', 'app/docker-compose.yml', 'app/MIGRATION.md', 'simple.graphql', 'prisma.graphql'])
    assert.ok(existsSync(join(out, file)), `${file} is missing`);
  const datamodel = join(out, 'app/prisma/datamodel.prisma');
  for (const database of ['mysql', 'postgres'])
    assert.equal(run(['check-datamodel', datamodel, '--database', database]).code, 0, `${database} does not take the datamodel`);
  const constructs = new Set(report.decisions.map((decision) => decision.construct));
  return `${report.decisions.length} decisions about ${constructs.size} kinds of constructs; two projects' data moved and equal, ${answer.data._allUsersMeta.count} users served`;
});

await test('make install puts the program and its manual below DESTDIR and PREFIX', () => {
  if (!existsSync(join(clone, 'Makefile'))) skip('this is no git checkout');
  sh('make install DESTDIR="$PWD/stage" PREFIX=/usr');
  const { code, stdout } = run(['--version'], { program: join(clone, 'stage/usr/bin/graphcool-migrate') });
  assert.equal(code, 0);
  assert.ok(existsSync(join(clone, 'stage/usr/share/man/man1/graphcool-migrate.1')));
  return stdout.trim();
});

rmSync(clone, { recursive: true, force: true });
