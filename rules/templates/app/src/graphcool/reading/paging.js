// Order, cursors and pages of a list (specification §6.4).
import { errors } from '../errors.js';

const cap = 1000;

/** The checks that Graphcool made before it read anything. */
export function checkPaging({ first, last, skip }) {
  for (const [argument, value] of Object.entries({ first, last, skip })) if (value < 0) throw errors.negative(argument);
  if (isGiven(first) && isGiven(last)) throw errors.firstAndLast();
  for (const count of [first, last]) if (count > cap) throw errors.tooMany(count);
}

/** A list's arguments but its filter, as the database wants them. Nobody gets more than 1000 rows, asked for or not. */
export function pagingOf(type, args) {
  checkPaging(args);
  const paging = {};
  for (const key of ['skip', 'after', 'before', 'first', 'last']) if (isGiven(args[key])) paging[key] = args[key];
  if (!isGiven(args.first) && !isGiven(args.last)) paging.first = cap;
  if (args.orderBy) paging.orderBy = orderOf(type, args.orderBy);
  return paging;
}

const isGiven = (value) => value !== undefined && value !== null;

function orderOf(type, value) {
  const [, name, direction] = /^(.+)_(ASC|DESC)$/.exec(value);
  return { field: type.fields.get(name).to, direction };
}
