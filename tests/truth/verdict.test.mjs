// The verdict against everything that the Framework's server said: accepted or not, whether the API then answers, and
// each error, exactly and in its order.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root, shared, skip, test, truth } from '../lib.mjs';

const tool = join(root, 'build/release/tools/verdict');

/** Runs the driver and takes its output apart: one JSON value after the other, each closed by a brace at the margin. */
function verdicts(args, input) {
  const { status, stdout, stderr } = spawnSync(tool, args, { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`the driver ended with ${status}: ${stderr}`);
  return stdout.split(/^(?=\{)/m).map((text) => JSON.parse(text));
}
const judge = (projects) => verdicts([], projects.map((files) => `${JSON.stringify(files)}\n`).join(''));

/** Of a syntax error only the beginning counts: the rest is the wording of the server's parser. */
const line = ({ type, field, description }) =>
  `${type}.${field}: ${description.replace(/(There's a syntax error in the Schema Definition)[^]*/, '$1')}`;
const whoops = 'Whoops. Looks like an internal server error. ';

/** Where the real verdict {accepted, usable, errors, broke} differs from ours; empty if it doesn't. */
function difference(real, ours) {
  const parts = [];
  if (real.accepted !== ours.accepted) parts.push(`accepted: ${real.accepted}, ours ${ours.accepted} (${ours.kind})`);
  if (real.usable !== undefined && real.usable !== ours.usable)
    parts.push(`usable: ${real.usable}, ours ${ours.usable} (${ours.cause})`);
  const wanted = real.broke ? [`Global.null: ${whoops}`] : real.errors.map(line);
  const got = (ours.errors ?? []).map(line).map((text) => (text.includes(whoops) ? `Global.null: ${whoops}` : text));
  if (JSON.stringify(wanted) !== JSON.stringify(got)) parts.push(`errors:\n  ${wanted.join('\n  ')}\nours:\n  ${got.join('\n  ')}`);
  return parts.join('\n');
}

function all(differences, count) {
  const wrong = differences.filter(Boolean);
  if (wrong.length) throw Object.assign(new Error(`${count - wrong.length} of ${count}\n${wrong.join('\n')}`), { code: 'ERR_ASSERTION' });
  return `${count} of ${count}`;
}

function compare(cases) {
  const ours = judge(cases.map(({ files }) => files));
  return all(
    cases.map((one, at) => {
      const found = one.instead ? one.instead(ours[at]) : difference(one.real, ours[at]);
      return found && `${one.name}: ${found}`;
    }),
    cases.length,
  );
}

function services() {
  const path = truth('graphcool/services.json');
  if (!path) skip('no truth here');
  return readJson(path);
}

await test('types files are judged as the server judged them', () =>
  compare(
    services().types.map(({ case: name, types, errors, accepted, usable = false }) => ({
      name,
      files: { 'graphcool.yml': 'types: ./types.graphql\n', 'types.graphql': types },
      real: { accepted, usable, errors },
    })),
  ));

await test('definitions are judged as the server judged them', () => {
  const all = services();
  return compare(
    all.services.map(({ case: name, files, errors, accepted, 'graphcool.yml': definition }) => ({
      name,
      files: { 'graphcool.yml': definition, 'types.graphql': all['base types of the services'], ...files },
      real: { accepted, errors },
    })),
  );
});

const random = ({ seed, mutations = [], files, verdict, errors = [], request }) => ({
  name: `${seed} (${mutations.join(', ') || 'valid'})`,
  files,
  real: { accepted: verdict !== 'refused', usable: verdict === 'accepted', errors, broke: Boolean(request) },
});

await test('random services are judged as the server judged them', () => {
  const folder = truth('graphcool/random');
  if (!folder) skip('no truth here');
  const names = readdirSync(folder).filter((name) => /^\d+\.json\.gz$/.test(name));
  return compare(names.sort().map((name) => random(readJson(join(folder, name)))));
});

// Cases that were put to the server past the official CLI, which would not have sent them.
const notSent = {
  107: 'graphcool.yml has the key `extra` twice: js-yaml of the CLI refuses that, the server took the last one',
};

await test('mutated services are judged as the server judged them', () => {
  const path = truth('graphcool/random/invalid.json.gz');
  if (!path) skip('no truth here');
  const cases = readJson(path).map((one) => ({
    ...random(one),
    instead: notSent[one.seed] && ((ours) => (ours.kind === 'unreadable' ? '' : `${ours.kind}, but ${notSent[one.seed]}`)),
  }));
  const exceptions = Object.entries(notSent).map(([seed, reason]) => `${seed} is unreadable: ${reason}`);
  return `${compare(cases)}; ${exceptions.join('; ')}`;
});

await test('real projects are judged as the server judged them', () => {
  const path = truth('graphcool/corpus/verdicts.json');
  if (!path || !shared) skip('no corpus here');
  const cases = readJson(path);
  const ours = verdicts(cases.map(({ project }) => join(shared, 'corpus', project, 'project')));
  return all(
    cases.map(({ project, verdict, errors = [] }, at) => {
      const { kind } = ours[at];
      // Without a graphcool.yml at its top nobody asked the server: what else is in the folder is ours to make sense of.
      if (verdict === 'no graphcool.yml') return '';
      if (kind !== verdict) return `${project}: ${verdict}, ours ${kind}`;
      const found = difference({ accepted: verdict === 'accepted', errors }, { errors: [], ...ours[at] });
      return found && `${project}: ${found}`;
    }),
    cases.length,
  );
});
