// The API of any datamodel: everything that a schema offers is done, and the answers have to fit together.
import { readJson, skip, test, truth } from '../lib.mjs';
import { createApi } from '../../fixtures/servers/prisma/api/api.mjs';
import { printSchema } from '../../fixtures/servers/prisma/api/schema.mjs';
import { readDatamodel } from '../../fixtures/servers/prisma/datamodel.mjs';
import { DatabaseError } from '../../fixtures/servers/prisma/database_error.mjs';
import { Refused } from '../../fixtures/servers/prisma/api/errors.mjs';
import { Store } from '../../fixtures/servers/prisma/store.mjs';
import { Exerciser } from './exerciser.mjs';

function judge(path) {
  const file = truth(path);
  if (!file) skip(`${path} is not on this machine`);
  return readJson(file);
}

const printed = new Map();
function printedOf(text) {
  if (!printed.has(text)) printed.set(text, printSchema(text));
  return printed.get(text);
}

/** The API of a datamodel, and what broke in it other than by the database's will. */
function apiOf(text, database) {
  const datamodel = readDatamodel(text);
  const breaks = [];
  const onBreak = (error) => error instanceof DatabaseError || error instanceof Refused || breaks.push(error.stack);
  const api = createApi({ datamodel, store: new Store(datamodel, { database }), printed: printedOf(text), onBreak });
  return { api, breaks };
}

for (const database of ['mysql', 'postgres'])
  await test(`everything can be done with every type of every datamodel of the truth on ${database}`, async () => {
    const wrong = [];
    let [types, circles] = [0, 0];
    const all = judge('prisma/api.json.gz');
    for (const { seed, datamodel } of all) {
      const { api, breaks } = apiOf(datamodel, database);
      for (const [type, problem] of await new Exerciser(api).run()) {
        types++;
        if (problem?.startsWith('circle')) circles++;
        else if (problem) wrong.push(`datamodel ${seed}, ${type}: ${problem}`);
      }
      wrong.push(...breaks.map((stack) => `datamodel ${seed}: ${stack}`));
    }
    if (wrong.length) throw new Error([`${wrong.length} problems`, ...wrong].join('\n'));
    return `${all.length} datamodels, ${types} types, ${circles} of them in a circle`;
  });

/** In which step a broken type shows depends on what is selected in it. */
const outcome = (problem) => (!problem ? 'usable' : problem.startsWith('circle') ? 'circle' : 'broken');
const readTypes = (text) => Object.fromEntries(readDatamodel(text).types);

/** What random.json.gz says of a datamodel that was accepted: null, or the reason; and the same of the stand-in. */
const theirs = ({ usable, nodes = {}, api }) => (api ? { dead: true } : { usable, nodes });

async function judged(text, database) {
  const { api, breaks } = apiOf(text, database);
  if (api.dead) return { dead: true };
  const nodes = {};
  for (const [type, problem] of await new Exerciser(api, { deep: false }).run()) if (problem) nodes[type] = problem;
  if (breaks.length) nodes.breaks = breaks[0];
  return { nodes };
}

/** A third of the random datamodels, another one every day; EVERY=1 takes all. */
const every = Number(process.env.EVERY ?? 3);
const today = Math.floor(Date.now() / 86400000);
const sampled = (cases) => cases.filter((_, at) => at % every === today % every);

for (const database of ['mysql', 'postgres'])
  await test(`what can be created, related and read in random datamodels is what the real server on ${database} could`, async () => {
    const wrong = [];
    let [all, same, services] = [0, 0, 0];
    const truthful = judge('prisma/random.json.gz');
    for (const [part, cases] of Object.entries(truthful))
      for (const { seed, datamodel, [database]: verdict } of sampled(cases)) {
        if (!verdict.accepted) continue;
        services++;
        const [real, here] = [theirs(verdict), await judged(datamodel, database).catch((error) => ({ nodes: { thrown: error.stack } }))];
        if (real.dead || here.dead) {
          all++;
          if (Boolean(real.dead) === Boolean(here.dead)) same++;
          else wrong.push(`${part} ${seed}: ${real.dead ? 'the real API is dead' : 'dead here'} ${JSON.stringify(verdict.api ?? '')}`);
          continue;
        }
        for (const type of new Set([...Object.keys(readTypes(datamodel)), ...Object.keys(real.nodes), ...Object.keys(here.nodes)])) {
          all++;
          if (outcome(real.nodes[type]) === outcome(here.nodes[type])) same++;
          else wrong.push(`${part} ${seed} ${type}: real: ${real.nodes[type] ?? 'usable'} · here: ${here.nodes[type] ?? 'usable'}`);
        }
      }
    if (wrong.length) throw new Error([`${same} of ${all}`, ...wrong].join('\n'));
    return `${same} of ${all} types and dead services, in ${services} services`;
  });
