// What benches and long tests of moving data share: a project to move, its service, and the steps as commands.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, run, runAsync } from '../lib.mjs';
import { post } from './pages.mjs';

export const TYPES = `type Post @model {
  id: ID! @isUnique
  createdAt: DateTime!
  updatedAt: DateTime!
  title: String!
  views: Int
  rating: Float
  published: Boolean
  meta: Json
  body: String
  tags: [String!]
  author: User @relation(name: "Posts")
}

type User @model {
  id: ID! @isUnique
  createdAt: DateTime!
  updatedAt: DateTime!
  name: String!
  posts: [Post!]! @relation(name: "Posts")
}
`;

/** A project of these types in a temporary folder, converted: {folder, project, datamodel, remove()}. */
export function convertedProject(types = TYPES, { database = 'mysql' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'gcm-moving-'));
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'graphcool.yml'), 'types: ./types.graphql\n');
  writeFileSync(join(project, 'types.graphql'), types);
  const { code, stderr } = run(['convert', project, '--out', join(folder, 'app'), '--database', database]);
  if (code !== 0 && code !== 3) throw new Error(`convert ended with ${code}: ${stderr}`);
  return {
    folder,
    project,
    datamodel: join(folder, 'app/prisma/datamodel.prisma'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const user = (n) => `cjuser${String(n).padStart(19, '0')}`;

/** Posts with lists and authors, as NDF elements: {nodes, lists, relations}. */
export function blog(posts, { users = 100, bytes = 500 } = {}) {
  const made = { nodes: [], lists: [], relations: [] };
  for (let n = 0; n < posts; n++) made.nodes.push(post(n, bytes));
  const system = { createdAt: '2017-12-13T19:07:10.000Z', updatedAt: '2017-12-13T19:07:10.000Z' };
  for (let n = 0; n < users; n++) made.nodes.push({ _typeName: 'User', id: user(n), ...system, name: `User ${n}` });
  for (let n = 0; n < posts; n++) {
    const { id } = made.nodes[n];
    made.lists.push({ _typeName: 'Post', id, tags: [`tag ${n % 7}`, 'ünï', `number ${n}`] });
    made.relations.push([
      { _typeName: 'User', id: user(n % users), fieldName: 'posts' },
      { _typeName: 'Post', id, fieldName: 'author' },
    ]);
  }
  return made;
}

/** Writes NDF elements as a zip of the official kind, with files of about a megabyte. */
export function writeZip(folder, elements, name = 'export.zip') {
  const place = join(folder, `${name}.files`);
  for (const [kind, values] of Object.entries(elements)) {
    mkdirSync(join(place, kind), { recursive: true });
    let file = 0;
    let texts = [];
    let size = 0;
    const flush = () => {
      const path = join(place, kind, `${String(++file).padStart(6, '0')}.json`);
      writeFileSync(path, `{"valueType":"${kind}","values":[${texts.join(',')}]}`);
      texts = [];
      size = 0;
    };
    for (const value of values) {
      const text = JSON.stringify(value);
      if (size && size + text.length > 990000) flush();
      texts.push(text);
      size += text.length;
    }
    flush();
  }
  const path = join(folder, name);
  const script = 'import shutil,sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[2])';
  execFileSync('python3', ['-c', script, path.replace(/\.zip$/, ''), place]);
  rmSync(place, { recursive: true });
  return path;
}

/** Runs a step and returns what it said; throws where its exit code is none of `good`. */
export async function step(args, { good = [0], env = {}, program = binary, timeout = 600000 } = {}) {
  const result = await runAsync(args, { program, env, timeout });
  if (!good.includes(result.code))
    throw new Error(`${args.join(' ')} ended with ${result.signal ?? result.code}: ${result.stdout.slice(-500)}${result.stderr.slice(-1500)}`);
  return result;
}

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
