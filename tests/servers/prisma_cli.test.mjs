// The real CLI (npm prisma1) against the stand-in: what it prints, its exit code and the requests it makes are those of the
// recordings. The recordings' server knew no service and said that nothing changes; so a deployment is compared in three parts.
import assert from 'node:assert';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAsync, shared, skip, test } from '../lib.mjs';
import { startPrisma } from '../lib/servers.mjs';
import { cliBinary, cliEnvironment } from '../truth/prisma_npm.mjs';

const datamodel = `type User {
  id: ID! @id
  email: String! @unique
  tags: [String!]! @scalarList(strategy: RELATION)
  posts: [Post!]! @relation(name: "UserPosts")
  createdAt: DateTime! @createdAt
}
type Post {
  id: ID! @id
  title: String!
  author: User @relation(name: "UserPosts")
}
`;
const [user, post] = ['cjaa000000001000000000001', 'cjaa000000001000000000002'];
const data = {
  nodes: [
    { _typeName: 'User', id: user, email: 'a@b.c', createdAt: '2018-01-01T00:00:00.000Z' },
    { _typeName: 'Post', id: post, title: 'Héllo' },
  ],
  lists: [{ _typeName: 'User', id: user, tags: ['x', 'y'] }],
  relations: [
    [
      { _typeName: 'User', id: user, fieldName: 'posts' },
      { _typeName: 'Post', id: post, fieldName: 'author' },
    ],
  ],
};

/** Output without what differs from run to run. */
const normal = (text) =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .map((line) =>
      line
        .replace(/\d+ms$/, 'Nms')
        .replace(/127\.0\.0\.1:\d+/, 'HOST')
        .replace(/\d+ total bytes/, 'N total bytes')
        .replace(/^(eyJ[\w-]+\.)[\w-]+\.[\w-]+$/, '$1…'),
    )
    .join('\n')
    .trim();

/** {output, exit, paths} of a recording. */
function recording(name) {
  const text = readFileSync(join(shared, `recordings/prisma-1.34-${name}.txt`), 'utf8');
  const [, block] = /^# CLI output:\n((?:#.*\n)*?)#   exit \d+$/m.exec(text);
  return {
    output: normal(block.replace(/^# {0,3}/gm, '')),
    exit: Number(/^#   exit (\d+)$/m.exec(text)[1]),
    paths: [...text.matchAll(/^######## request \d+\n(\w+) (\S+)/gm)].map(([, method, path]) => `${method} ${path}`),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'prisma-cli-'));
let server;

async function cli(...args) {
  await server.control({ log: [] });
  const { code, stdout, stderr } = await runAsync([cliBinary, ...args], {
    program: 'node',
    cwd: folder,
    env: { ...cliEnvironment(folder), PRISMA_MANAGEMENT_API_SECRET: 'msecret' },
  });
  const { requests } = await server.log();
  return { output: normal(stdout + stderr), exit: code, paths: requests.map(({ method, path }) => `${method} ${path}`) };
}

const configure = (secret) =>
  writeFileSync(join(folder, 'prisma.yml'), `endpoint: ${server.url}/mysvc/dev\ndatamodel: datamodel.graphql\nsecret: ${secret}\n`);
const withoutCreating = ({ output, ...rest }) => ({ ...rest, output: output.replace(/^Creating stage.*\n+/, '') });

const parts = {
  async 'deploy --dry-run of a new service'() {
    const [here, real] = [await cli('deploy', '--dry-run'), recording('deploy-dry')];
    assert.deepEqual(here.paths, real.paths.slice(0, -1)); // the last one follows a migration, which a real dry run never has
    assert.equal(here.exit, real.exit);
    const said = real.output
      .split('\n')
      .filter((line) => line && !/There are no changes|endpoint is live|HTTP:|WS:|You can view|Prisma Admin/.test(line));
    assert.deepEqual(
      here.output.split('\n').filter((line) => said.includes(line)),
      said,
    );
    assert.match(here.output, /Potential changes:\n\n {2}User \(Type\)\n {2}\+ Created type `User`/);
  },
  async 'deploy of a service'() {
    const [here, real] = [await cli('deploy'), recording('deploy')];
    assert.equal(here.exit, real.exit);
    const said = withoutCreating(real)
      .output.split('\n')
      .filter((line) => line && !/already up to date|\(0\/0\)/.test(line));
    assert.deepEqual(
      here.output.split('\n').filter((line) => said.includes(line)),
      said,
    );
    assert.match(here.output, /Created an inline relation between `Post` and `User` in the column `author` of table `Post`/);
  },
  async 'deploy --dry-run without a change'() {
    const [here, real] = [await cli('deploy', '--dry-run'), recording('deploy-dry')];
    assert.equal(here.output, withoutCreating(real).output.replace(/\n+Your Prisma endpoint is live[^]*/, ''));
  },
  async 'deploy of another secret'() {
    configure('mysecret123');
    const [here, real] = [await cli('deploy'), recording('deploy')];
    assert.equal(here.output, withoutCreating(real).output);
    assert.deepEqual(here.paths.length, real.paths.length - 1); // the service is there: no addProject
    assert.equal(here.exit, real.exit);
  },
  info: async () => assert.deepEqual(await cli('info'), recording('info')),
  list: async () => assert.deepEqual(await cli('list'), recording('list')),
  token: async () => assert.deepEqual(await cli('token'), recording('token')),
  async import() {
    assert.deepEqual(await cli('import', '--data', 'ndf'), recording('import-dir'));
    const stored = JSON.parse(await server.dump());
    assert.deepEqual(stored.models.User.rows, [{ id: user, email: 'a@b.c', createdAt: '2018-01-01T00:00:00.000Z', tags: ['x', 'y'] }]);
    assert.deepEqual(stored.relations.UserPosts.rows, [[post, user]]);
  },
  async export() {
    const [here, real] = [await cli('export', '--path', 'out.zip'), recording('export')];
    // The recorded server gave the nodes in two pages.
    assert.deepEqual({ ...here, paths: [...new Set(here.paths)] }, { ...real, paths: [...new Set(real.paths)] });
  },
  async 'import of what export wrote, into an emptied service'() {
    await server.control({ reset: true });
    assert.equal((await cli('import', '--data', 'out.zip')).exit, 0);
    assert.equal(JSON.parse(await server.dump()).models.Post.rows[0].title, 'Héllo');
  },
};

await test('the real prisma1 deploys, imports, exports and asks as recorded', async () => {
  if (!shared || !existsSync(cliBinary)) skip('no recordings or no npm packages here');
  server = await startPrisma({ managementSecret: 'msecret' });
  writeFileSync(join(folder, 'datamodel.graphql'), datamodel);
  for (const [kind, values] of Object.entries(data)) {
    mkdirSync(join(folder, 'ndf', kind), { recursive: true });
    writeFileSync(join(folder, 'ndf', kind, '000001.json'), JSON.stringify({ valueType: kind, values }));
  }
  configure('first');
  const wrong = [];
  for (const [name, part] of Object.entries(parts))
    try {
      await part();
    } catch (error) {
      wrong.push(`${name}: ${error.message}`);
    }
  await server.stop();
  assert.deepEqual(wrong, [], wrong.join('\n\n'));
  return `${Object.keys(parts).length} of ${Object.keys(parts).length} commands`;
});
rmSync(folder, { recursive: true });
