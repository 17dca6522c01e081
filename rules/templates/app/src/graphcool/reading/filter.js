// A filter of the Simple API as a filter of the database (specification §6.3; where both differ: translation of `null`,
// of empty lists of conditions, of backslashes).
//
//   whereOf(type, filter) → where     undefined: everything. {field: value} and {field_suffix: value} of the datamodel, AND-ed;
//                                     AND and OR hold lists of such; a relation's value is a where of its target
import { errors, InternalError } from '../errors.js';

const suffixes = [
  '_not_starts_with',
  '_not_ends_with',
  '_starts_with',
  '_ends_with',
  '_not_contains',
  '_contains',
  '_not_in',
  '_in',
  '_not',
  '_lte',
  '_lt',
  '_gte',
  '_gt',
  '_every',
  '_some',
  '_none',
  '',
];
const isText = /_(contains|starts_with|ends_with)$/;
const isNegatedText = /_not_(contains|starts_with|ends_with)$/;

/** No row: the only condition that holds for none, whatever the model. */
export const nothing = (type) => ({ [`${type.id.to}_in`]: [] });

export function whereOf(type, filter) {
  if (!filter) return undefined;
  const conditions = [];
  for (const [key, value] of Object.entries(filter)) {
    if (value === undefined) continue;
    const condition = key === 'AND' || key === 'OR' ? combined(type, key, value) : fieldCondition(type, key, value);
    if (condition) conditions.push(condition);
  }
  return conditions.length ? merged(conditions) : undefined;
}

/** Conditions of one object; two that came to use the same key stand in a list. */
function merged(conditions) {
  const keys = conditions.flatMap(Object.keys);
  return new Set(keys).size === keys.length ? Object.assign({}, ...conditions) : { AND: conditions };
}

/**
 * A list without members is no condition, nor is a member that consists of such lists alone; but `{}` beside others in
 * an OR is true, as on both servers.
 */
function combined(type, key, list) {
  if (list === null) throw new InternalError(`${key}: null in a filter`);
  const members = [list].flat().filter((one) => one && !isVoid(one));
  if (!members.length) return null;
  return { [key]: members.map((one) => whereOf(type, one) ?? {}) };
}

const isVoid = (filter) => {
  const keys = Object.keys(filter);
  return (
    keys.length > 0 &&
    keys.every((key) => (key === 'AND' || key === 'OR') && [filter[key]].flat().every((one) => one && isVoid(one)))
  );
};

function fieldCondition(type, key, value) {
  const suffix = suffixes.find((one) => key.endsWith(one) && type.fields.has(key.slice(0, key.length - one.length)));
  const field = type.fields.get(key.slice(0, key.length - suffix.length));
  if (field.refused) throw errors.refused(`${type.name}.${field.name}`, field.refused);
  return field.isRelation ? relationCondition(field, suffix, value) : scalarCondition(type, field, suffix, value);
}

function relationCondition(field, suffix, value) {
  if (value === null && field.list) throw errors.manyByNull(field.name);
  return { [field.to + suffix]: value === null ? null : (whereOf(field.target, value) ?? {}) };
}

function scalarCondition(type, field, suffix, value) {
  // The database would take a missing list as IS NULL, and a missing text as nothing.
  if (value === null && (suffix === '_in' || suffix === '_not_in')) return nothing(type);
  if (value === null && isNegatedText.test(suffix)) return { [`${field.to}_not`]: null };
  if (value !== null && isText.test(suffix)) return { [field.to + suffix]: withoutEscapes(value) };
  return {
    [field.to + suffix]: Array.isArray(value)
      ? value.map(field.toTarget)
      : value === null
        ? null
        : field.toTarget(value),
  };
}

/**
 * Graphcool gave texts to LIKE as they were, where a backslash escapes what follows; Prisma's stand for themselves. (A
 * literal % or _ cannot be said to Prisma: `\%` becomes the wildcard.)
 */
const withoutEscapes = (text) => text.replace(/\\(.)/gs, '$1');
