// The API that Prisma has (posts(where:), createPost(data:)), as the application lets others use it: the same
// permissions, limits and errors as those of the old one. src/resolvers says who answers which root field; delegates.js
// has what the generated ones use.
//
//   const api = createApi({ schema: text, model: model.json, permissions: rules, db, resolvers })       otherwise as ../api.js
//   resolvers   [{ Query: { posts: function or { resolve } }, Subscription: { post: { subscribe, resolve } }, … }]; all are merged
import { buildSchema, defaultFieldResolver, GraphQLError, Kind } from 'graphql';
import { byKey, closeUnanswered, Context, resolveObjects } from '../execution.js';
import { parseJson } from '../json.js';
import { Model } from '../model.js';
import { Permissions } from '../permissions.js';
import { madeBy } from '../reading/selection.js';
import { defineScalars } from '../scalars.js';

export { finish } from '../execution.js';

export function createApi({ schema: text, model: json, permissions: rules, db, resolvers }) {
  const schema = buildSchema(text);
  const model = new Model(json);
  const permissions = new Permissions(rules, model);
  defineScalars(schema);
  if (schema.getType('Json')) Object.assign(schema.getType('Json'), jsonOfTheDatabase);
  resolveObjects(schema, resolve);
  attach(schema, resolvers);
  closeUnanswered(schema);
  return {
    schema,
    model,
    context: ({ caller, requestId }) => new Context({ model, permissions, db, caller, requestId }),
  };
}

/**
 * A row has its values under the client's keys; what a resolver of somebody's own answers, has them under their names.
 */
const resolve = (source, args, context, info) =>
  (source[madeBy] ? byKey : defaultFieldResolver)(source, args, context, info);

function attach(schema, resolvers) {
  const known = new Set();
  for (const [typeName, fields] of resolvers.flatMap(Object.entries))
    for (const [name, one] of Object.entries(fields)) {
      const at = `${typeName}.${name}`;
      const field = schema.getType(typeName)?.getFields?.()[name];
      if (!field)
        throw new Error(
          `src/resolvers answers ${at}, which schema.graphql does not have. Add the field there, or take the resolver away.`,
        );
      if (known.has(at)) throw new Error(`src/resolvers answers ${at} twice. Take one of them away.`);
      known.add(at);
      Object.assign(field, typeof one === 'function' ? { resolve: one } : one);
    }
}

/** The database takes an object or a list, written as a text in a query and as itself in a variable. */
const jsonOfTheDatabase = {
  parseValue: checkedJson,
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) return checkedJson();
    try {
      return checkedJson(parseJson(node.value));
    } catch {
      return checkedJson();
    }
  },
};

function checkedJson(value) {
  if (typeof value !== 'object' || value === null || value.constructor?.name === 'LongNumber')
    throw new GraphQLError('Not valid JSON: an object or a list is expected');
  return value;
}
