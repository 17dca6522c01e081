// What a person does first with a converted project: npm ci, npm start, npm test. A sample of the real projects that changes from
// day to day; `node tests/app/start.test.mjs all` takes them all.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runAsync, shared, skip, test } from '../lib.mjs';
import { SECRETS, convert, environment, spawnApp, startDatabase } from '../lib/app.mjs';

const sample = 10;
const wanted = process.argv[2];
const corpus = shared && join(shared, 'truth/graphcool/corpus');
const names = corpus
  ? readdirSync(corpus)
      .filter((name) => existsSync(join(corpus, name, 'talk.json')))
      .sort()
  : [];
const day = Number(process.env.GCM_SEED ?? Math.floor(Date.now() / 86400000));
const chosen =
  wanted === 'all'
    ? names
    : wanted
      ? names.filter((name) => name.includes(wanted))
      : Array.from({ length: Math.min(sample, names.length) }, (_, n) => names[(day * sample + n) % names.length]);

async function npm(folder, args, env) {
  const { code, stdout, stderr } = await runAsync(args, { program: 'npm', cwd: folder, env, timeout: 300000 });
  assert.equal(code, 0, `npm ${args.join(' ')} ended with ${code}:\n${stdout.slice(-3000)}${stderr.slice(-3000)}`);
}

async function start(name) {
  const app = convert(join(shared, 'corpus', name, 'project'));
  try {
    if (!app.datamodel) skip('it has no datamodel: everything is refused');
    const prisma = await startDatabase(app.datamodel);
    try {
      const env = environment(prisma);
      await npm(app.folder, ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']);
      const server = await spawnApp(app.folder, env, { program: 'npm', args: ['start'] });
      try {
        const answer = await fetch(server.url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${SECRETS.root}` },
          body: JSON.stringify({ query: '{ __schema { queryType { fields { name } } } }' }),
        });
        const { data } = await answer.json();
        assert.ok(data?.__schema.queryType.fields.length, `no field to ask for\n${server.output()}`);
      } finally {
        await server.stop();
      }
      await npm(app.folder, ['test'], env);
    } finally {
      await prisma.close();
    }
  } finally {
    app.remove();
  }
}

for (const name of chosen) await test(`npm ci, npm start and npm test work in ${name}, converted`, () => start(name));
if (!names.length) await test('npm ci, npm start and npm test work in converted projects', () => skip('no corpus here'));
