import { GraphQLError } from 'graphql';

/**
 * What a client may ask for at once. Each can be set by the environment (config.js). Every operation of every
 * Graphcool client that we know of passes with a wide margin; these stop what only an attacker sends.
 */
export const defaultLimits = {
  bodyBytes: 10_000_000, // of one request; Graphcool's documents promised 10 MB
  bodiesBytes: 100_000_000, // of all large requests together that have not come to their end
  messageBytes: 1_000_000, // of one message over a socket
  requestMs: 120_000, // milliseconds until a whole request has come
  batch: 100, // operations in one request
  tokens: 200_000, // words and signs in the text of one query
  depth: 30, // fields inside fields; an introspection query has 15
  fields: 10_000, // of one query, fragments written out wherever they are used
  repeats: 20_000, // pairs of fields that go by one name in one place: GraphQL must compare each with each
  introspection: 500, // fields inside of __schema and __type, fragments written out; an introspection query has 238
  sockets: 5_000, // open at once, of all clients together
  helloMs: 10_000, // milliseconds until a new socket has said hello
  subscriptions: 100, // running at once on one socket
};

/** What of a query is over the limits: a list of errors. Takes time linear in what the limits allow. */
export function overLimits(document, limits) {
  const definitions = document.definitions.filter((definition) => definition.selectionSet);
  const fragments = new Map(
    definitions.filter(({ kind }) => kind === 'FragmentDefinition').map((fragment) => [fragment.name.value, fragment]),
  );
  const sizes = new Map();
  const size = { depth: 0, fields: 0, introspection: 0 };
  try {
    for (const { selectionSet } of definitions) {
      const own = measure(selectionSet, fragments, sizes);
      size.depth = Math.max(size.depth, own.depth);
      size.fields += own.fields;
      size.introspection += own.introspection;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    size.depth = Infinity; // thousands of fragments inside each other: the call stack is exhausted
  }
  if (size.depth > limits.depth) return [refusal('levels of fields', size.depth, limits.depth)];
  if (size.fields > limits.fields) return [refusal('fields', size.fields, limits.fields)];
  if (size.introspection > limits.introspection) {
    return [refusal('fields of introspection', size.introspection, limits.introspection)];
  }
  // Only now is it safe to write out the fragments.
  let repeats = 0;
  for (const { selectionSet } of definitions) repeats += countRepeats(selectionSet, fragments);
  if (repeats > limits.repeats) return [refusal('pairs of fields of the same name', repeats, limits.repeats)];
  return [];
}

function refusal(what, has, limit) {
  const much = has === Infinity ? 'endless' : has;
  return new GraphQLError(`This query has ${much} ${what}; at most ${limit} are allowed.`);
}

/** Depth, and numbers of selections with fragments written out; each fragment is measured once. */
function measure(selectionSet, fragments, sizes) {
  const size = { depth: 0, fields: 0, introspection: 0 };
  for (const selection of selectionSet?.selections ?? []) {
    let inner;
    if (selection.kind === 'FragmentSpread') {
      const name = selection.name.value;
      if (!sizes.has(name)) {
        sizes.set(name, { depth: Infinity, fields: 0, introspection: 0 }); // which is what a fragment inside itself has
        sizes.set(name, measure(fragments.get(name)?.selectionSet, fragments, sizes));
      }
      inner = sizes.get(name);
    } else inner = measure(selection.selectionSet, fragments, sizes);
    size.depth = Math.max(size.depth, inner.depth + (selection.kind === 'Field' ? 1 : 0));
    size.fields += inner.fields + 1;
    const introspects = selection.kind === 'Field' && /^__(schema|type)$/.test(selection.name.value);
    size.introspection += introspects ? inner.fields : inner.introspection;
  }
  return size;
}

/** How many pairs of fields have the same place and name in the answer. */
function countRepeats(selectionSet, fragments) {
  let repeats = 0;
  let places = [[selectionSet]]; // the selection sets that are merged into one place
  while (places.length) {
    const deeper = [];
    for (const place of places) {
      const names = new Map();
      const visit = (set) => {
        for (const selection of set?.selections ?? []) {
          if (selection.kind === 'Field') {
            const name = (selection.alias ?? selection.name).value;
            const same = names.get(name) ?? { count: 0, sets: [] };
            names.set(name, same);
            repeats += same.count++;
            if (selection.selectionSet) same.sets.push(selection.selectionSet);
          } else if (selection.kind === 'InlineFragment') visit(selection.selectionSet);
          else visit(fragments.get(selection.name.value)?.selectionSet);
        }
      };
      for (const set of place) visit(set);
      for (const { sets } of names.values()) if (sets.length) deeper.push(sets);
    }
    places = deeper;
  }
  return repeats;
}
