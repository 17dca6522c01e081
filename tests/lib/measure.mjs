// What the benches share: how much memory and processor time a program takes, and projects of any size.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from '../lib.mjs';

/** Runs a program: its peak of memory in bytes and its processor time in ms. `good` lists the exit codes that are no failure. */
export function measure(program, args, { good = [0], ...options } = {}) {
  const { stdout } = run([program, ...args], { ...options, program: join(root, 'build/release/tools/measure') });
  const [code, peak, time] = stdout.trim().split(' ').map(Number);
  if (!good.includes(code)) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
  return { peak: peak * 1024, time: time / 1000 };
}

/** The least of several runs: what other programs on the machine add is no part of the figure. */
export function least(rounds, once) {
  const runs = Array.from({ length: rounds }, once);
  return { peak: Math.min(...runs.map((r) => r.peak)), time: Math.min(...runs.map((r) => r.time)) };
}

/** The types of a project with so many models: system fields, scalars, a list, an enum, a relation for each two models. */
export function modelTypes(count) {
  let out = 'enum Color {\n  RED\n  GREEN\n}\n';
  for (let i = 0; i < count; i++) {
    const other = i ^ 1;
    const relation = `@relation(name: "Pair${i >> 1}")`;
    out += `
type Model${i} @model {
  id: ID! @isUnique
  createdAt: DateTime!
  updatedAt: DateTime!
  name: String! @isUnique
  text: String
  count: Int @defaultValue(value: 3)
  tags: [String!]
  active: Boolean!
  color: Color
${i % 2 ? `  owner: Model${other} ${relation}` : `  others: [Model${other}!]! ${relation}`}
}
`;
  }
  return out;
}

/** Makes such projects in a folder that is removed in the end. `body` gets a function from a count to {folder, bytes}. */
export function withProjects(body) {
  const base = mkdtempSync(join(tmpdir(), 'graphcool-migrate-bench-'));
  try {
    return body((count) => {
      const folder = join(base, String(count));
      const types = modelTypes(count);
      mkdirSync(folder);
      writeFileSync(join(folder, 'graphcool.yml'), 'types: ./types.graphql\npermissions:\n  - operation: "*"\n');
      writeFileSync(join(folder, 'types.graphql'), types);
      return { folder, bytes: types.length };
    });
  } finally {
    rmSync(base, { recursive: true });
  }
}
