// Every project that the real Graphcool server accepted becomes a datamodel that the validator takes whole: nothing is left
// out or given up. That holds for the real projects and for the 250 that nobody wrote, on both databases and in both dialects;
// and what npm's own tools for Prisma datamodels read in them must be free of errors.
import assert from 'node:assert';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mapParallel, readJson, runAsync, shared, skip, test, truth } from '../lib.mjs';

const require = createRequire(import.meta.url);
const work = mkdtempSync(join(tmpdir(), 'gcm-plan-'));

// Accepted by Graphcool without a single type: there is nothing that Prisma could deploy, and the plan says so by GCM-VER-030.
const WITHOUT_TYPES = new Set([
  'Graphcool__graphcool-framework__examples_0.x_env-variables-in-functions',
  'Graphcool__graphcool-framework__examples_0.x_yaml-variables',
  'Graphcool__graphcool-framework__examples_env-variables',
  'Graphcool__graphcool-framework__examples_send-email',
  'prisma-archive__graphcool-templates__messaging_mailgun',
  'prisma-archive__graphcool-templates__messaging_pusher',
  'prisma-archive__graphcool-templates__messaging_ses',
  'prisma-archive__graphcool-templates__messaging_twilio',
  'prisma-archive__graphcool-templates__misc_fixer-wrapper',
  'prisma-archive__graphcool-templates__outdated_sendgrid',
]);

function corpus() {
  if (!shared) skip('needs the collection of real projects');
  return readJson(truth('graphcool/corpus/verdicts.json'))
    .filter(({ verdict }) => verdict === 'accepted')
    .map(({ project }) => ({ name: project, folder: join(shared, 'corpus', project, 'project') }))
    .filter(({ folder }) => existsSync(folder));
}

function random() {
  if (!truth('graphcool/random')) skip('needs the random services');
  const folder = truth('graphcool/random');
  return readdirSync(folder)
    .filter((name) => /^\d+\.json\.gz$/.test(name))
    .map((name) => ({ name, ...readJson(join(folder, name)) }))
    .filter(({ verdict }) => verdict.startsWith('accepted'))
    .map(({ name, files }) => {
      const project = join(work, name);
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(project, path)), { recursive: true });
        writeFileSync(join(project, path), text);
      }
      return { name, folder: project };
    });
}

/** What Prisma's own packages say against a datamodel; the generator of the API knows PostgreSQL only. */
function toolsComplaint(text, database) {
  try {
    const { DatabaseType, DefaultParser } = require('prisma-datamodel');
    DefaultParser.create(DatabaseType[database]).parseFromSchemaString(text);
    if (database === 'postgres') require('prisma-generate-schema').generateCRUDSchema(text, DatabaseType.postgres);
    return '';
  } catch (error) {
    return `${error.message}`;
  }
}

/** What is wrong with the conversion of one project; '' if nothing. */
async function complaint({ name, folder }, database, target) {
  const out = join(work, `${name}-${database}-${target}`);
  const { code, stderr } = await runAsync(['convert', folder, '--out', out, '--database', database, '--target', target]);
  if (code !== 0 && code !== 3) return `convert ends with ${code}: ${stderr}`;
  const plan = readFileSync(join(out, 'graphcool-migrate.json'), 'utf8');
  if (WITHOUT_TYPES.has(name)) return plan.includes('GCM-VER-030') ? '' : 'there are types now';
  if (/GCM-VER-03\d/.test(plan)) return `something had to give way: ${/GCM-VER-03\d:[^"]*/.exec(plan)[0]}`;
  const datamodel = join(out, 'prisma/datamodel.prisma');
  if (target === 'prisma-1.34') {
    const check = await runAsync(['check-datamodel', datamodel, '--database', database]);
    if (check.code !== 0) return `check-datamodel ends with ${check.code}: ${check.stdout}${check.stderr}`;
    return toolsComplaint(readFileSync(datamodel, 'utf8'), database);
  }
  rmSync(out, { recursive: true });
  return '';
}

for (const [title, projects] of Object.entries({ 'real projects': corpus, 'random services': random })) {
  for (const target of ['prisma-1.34', 'prisma-1.30']) {
    for (const database of ['mysql', 'postgres']) {
      await test(`every accepted one of the ${title} becomes a datamodel for ${target} on ${database}`, async () => {
        const all = projects();
        const wrong = [];
        await mapParallel(all, async (project) => {
          const what = await complaint(project, database, target);
          if (what) wrong.push(`${project.name}: ${what}`);
        });
        assert.equal(wrong.length, 0, `${wrong.length} of ${all.length}:\n${wrong.join('\n')}`);
        const empty = all.filter(({ name }) => WITHOUT_TYPES.has(name)).length;
        return `${all.length} of ${all.length}${empty ? `, ${empty} of them without types and refused by name` : ''}`;
      });
    }
  }
}
rmSync(work, { recursive: true });
