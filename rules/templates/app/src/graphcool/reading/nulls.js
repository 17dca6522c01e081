// Errors inside an answer, and the nulls that they leave: as Graphcool's library told them, which is more than
// graphql-js tells. Every field of a node is told, not the first one; a list ends at the first member that is null and
// must not be.
//
//   const { value, errors } = settle(answer, type, fieldNodes, path)
import { GraphQLError, getNullableType, isListType, isNonNullType } from 'graphql';
import { madeBy } from './selection.js';

export function settle(answer, type, fieldNodes, path) {
  const errors = [];
  const value = complete(answer, { type, nodes: fieldNodes, path }, errors);
  return { value, errors };
}

/** The value, or null; whoever holds a null that must not be one becomes null himself. */
function complete(value, place, errors) {
  const before = errors.length;
  const completed = nullable(value, place, errors);
  if (completed === null && place.type && isNonNullType(place.type) && errors.length === before)
    errors.push(located(new Error('Cannot return null for non-nullable type'), place));
  return completed;
}

function nullable(value, place, errors) {
  if (value instanceof Error) {
    errors.push(located(value, place));
    return null;
  }
  if (value === null || value === undefined) return null;
  const type = place.type && getNullableType(place.type);
  if (isListType(type) && Array.isArray(value)) return list(value, type.ofType, place, errors);
  return value[madeBy] ? node(value, place, errors) : plain(value, place, errors);
}

function list(values, type, { nodes, path }, errors) {
  for (let n = 0; n < values.length; n++) {
    values[n] = complete(values[n], { type, nodes, path: [...path, n] }, errors);
    if (values[n] === null && isNonNullType(type)) return null;
  }
  return values;
}

function node(value, { path }, errors) {
  let failed = false;
  for (const [key, { type, nodes }] of value[madeBy].places) {
    value[key] = complete(value[key], { type, nodes, path: [...path, key] }, errors);
    failed ||= value[key] === null && isNonNullType(type);
  }
  return failed ? null : value;
}

/** What is no node (a payload, a count, a value) holds nodes at most, all of which may be null. */
function plain(value, { nodes, path }, errors) {
  if (typeof value !== 'object' || !Object.values(value).some((one) => one instanceof Error || one?.[madeBy]))
    return value;
  for (const [key, one] of Object.entries(value))
    value[key] = nullable(one, { type: null, nodes, path: [...path, key] }, errors);
  return value;
}

function located(error, { nodes, path }) {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? nodes,
    path: [...path, ...(error.rest ?? [])],
    originalError: error,
  });
}
