// Order, cursors and pages of a list (specification §6.4).
import { errors } from '../errors.js';

const cap = 1000;

/** The checks that Graphcool made before it read anything. */
export function checkPaging({ first, last, skip }) {
  for (const [argument, value] of Object.entries({ first, last, skip })) if (value < 0) throw errors.negative(argument);
  if (isGiven(first) && isGiven(last)) throw errors.firstAndLast();
  for (const count of [first, last]) if (count > cap) throw errors.tooMany(count);
}

/** A list's arguments but its filter, as the database wants them. */
export const pagingOf = (type, args) => paging(args, (name) => type.fields.get(name).to);

/** Nobody gets more than 1000 rows, asked for or not. target: what the datamodel calls a field to order by. */
export function paging(args, target = (name) => name) {
  checkPaging(args);
  const given = {};
  for (const key of ['skip', 'after', 'before', 'first', 'last']) if (isGiven(args[key])) given[key] = args[key];
  if (isOpen(args)) given.first = cap;
  if (args.orderBy) given.orderBy = orderOf(args.orderBy, target);
  return given;
}

/** Does the client leave it open how many rows there are? */
export const isOpen = ({ first, last }) => !isGiven(first) && !isGiven(last);

const isGiven = (value) => value !== undefined && value !== null;

function orderOf(value, target) {
  const [, name, direction] = /^(.+)_(ASC|DESC)$/.exec(value);
  return { field: target(name), direction };
}
