// Compares two schemas in SDL: same types, kinds, fields, arguments, types, enum values and interfaces, whatever their order.
// Works on the parsed text, since graphql-js builds no schema of odd ones (a type named Query that isn't the root).
import { parse, print } from 'graphql';

const sorted = (lines) => lines.sort().join('\n');
const typed = (node) => `${node.name.value}: ${print(node.type)}`;

function describe(definition) {
  const lines = [definition.kind];
  for (const type of definition.interfaces ?? []) lines.push(`implements ${type.name.value}`);
  for (const type of definition.types ?? []) lines.push(`| ${type.name.value}`);
  for (const value of definition.values ?? []) lines.push(value.name.value);
  for (const field of definition.fields ?? []) {
    lines.push(typed(field));
    for (const argument of field.arguments ?? []) lines.push(`${field.name.value}(${typed(argument)})`);
  }
  return lines;
}

/** Map from a type's name to the lines that say all about it. */
export function describeSchema(sdl) {
  const types = new Map();
  for (const definition of parse(sdl, { noLocation: true }).definitions)
    if (definition.name) types.set(definition.name.value, new Set(describe(definition)));
  return types;
}

/** What is different, a line each; empty if nothing is. */
export function compareSchemas(ours, theirs) {
  const [our, their] = [describeSchema(ours), describeSchema(theirs)];
  const differences = [];
  for (const name of their.keys()) if (!our.has(name)) differences.push(`${name}: missing`);
  for (const [name, lines] of our) {
    if (!their.has(name)) differences.push(`${name}: not in the server's API`);
    else {
      for (const line of their.get(name)) if (!lines.has(line)) differences.push(`${name}: missing: ${line}`);
      for (const line of lines) if (!their.get(name).has(line)) differences.push(`${name}: too much: ${line}`);
    }
  }
  return sorted(differences);
}
