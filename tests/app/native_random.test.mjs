// The API of `convert --api native` over random services: what root asks of it is answered as Prisma itself answers the same text, in
// one request for each root field.
//
//   node tests/app/native_random.test.mjs [SERVICES]      a sample that changes from day to day; GCM_SEED says which
import assert from 'node:assert/strict';
import { skip, test, truth } from '../lib.mjs';
import { canStart, startNative } from '../lib/native.mjs';
import { randomService } from '../lib/random_service.mjs';
import { Exercise, Twins } from '../lib/twins.mjs';

const last = 250;
const count = Number(process.argv[2] ?? 12);
const seed = Number(process.env.GCM_SEED ?? Math.floor(Date.now() / 86400000));
const sum = { services: 0, types: 0, same: 0, all: 0, refused: 0 };

for (const database of ['mysql', 'postgres'])
  await test(`everything that can be done with every type is answered as Prisma answers it on ${database}`, async () => {
    if (!canStart()) skip('the packages of rules/templates/app are not installed');
    if (!truth('graphcool/random')) skip('no random services here');
    const faults = [];
    Object.keys(sum).forEach((key) => (sum[key] = 0));
    for (let n = 0; n < Math.min(count, last); n++) faults.push(...(await compared(((seed * count + n) % last) + 1, database)));
    assert.equal(faults.length, 0, `${faults.length} differ\n${faults.slice(0, 8).join('\n')}`);
    return `${sum.same} of ${sum.all} operations, ${sum.refused} of them refused; ${sum.types} types of ${sum.services} services`;
  });

async function compared(number, database) {
  const project = randomService(number);
  if (!project) return [];
  const app = await startNative(project.folder, { database, args: ['--without-functions'] });
  try {
    if (!app) return [];
    const twins = new Twins(app, database, number * 1000 + seed);
    const problems = await new Exercise(twins.api).run();
    sum.services++;
    sum.types += problems.size;
    sum.all += twins.asked;
    sum.same += twins.asked - twins.faults.length;
    sum.refused += twins.refused;
    const stopped = [...problems].filter(([, problem]) => problem && !problem.startsWith('circle'));
    return [...twins.faults, ...stopped.map(([type, problem]) => `${type}: ${problem}`)].map((one) => `service ${number}: ${one}`);
  } finally {
    await app?.close();
    project.remove();
  }
}
