// The Simple API: a GraphQL schema whose root fields are answered by the database.
//
//   const api = createApi({ schema: text, model: model.json, permissions: rules, db })
//   api.schema                                GraphQLSchema; Subscription's fields are async iterators
//   api.context({ caller, requestId })        the context value of one request
//   finish(result, context)                   what graphql-js answered, with all errors: {data, errors}
import { buildSchema } from 'graphql';
import { subscribeTo } from './changes.js';
import { byKey, closeUnanswered, Context, resolveObjects, resolver, subscriber } from './execution.js';
import { resolverFunction } from './functions.js';
import { Model } from './model.js';
import { Permissions } from './permissions.js';
import { readAll, readMeta, readNode, readOne, readUser } from './reading/queries.js';
import { defineScalars } from './scalars.js';
import { linkNodes, unlinkNodes } from './writing/edges.js';
import { createNode, deleteNode, updateNode, updateOrCreateNode } from './writing/nodes.js';

export { finish } from './execution.js';

export function createApi({ schema: text, model: json, permissions: rules, db }) {
  const schema = buildSchema(text);
  const model = new Model(json);
  const permissions = new Permissions(rules, model);
  defineScalars(schema);
  resolveObjects(schema, byKey);
  resolveRoots(schema, model);
  return {
    schema,
    model,
    context: ({ caller, requestId }) => new Context({ model, permissions, db, caller, requestId }),
  };
}

function resolveRoots(schema, model) {
  const query = schema.getQueryType()?.getFields() ?? {};
  const mutation = schema.getMutationType()?.getFields() ?? {};
  const subscription = schema.getSubscriptionType()?.getFields() ?? {};
  const set = (fields, name, work) => {
    if (fields[name]) fields[name].resolve = resolver(work);
  };
  for (const type of model.types.values()) {
    const { name } = type;
    set(query, type.all, readAll(type));
    set(query, type.meta, readMeta(type));
    if (query[name])
      set(
        query,
        name,
        readOne(
          type,
          query[name].args.map((argument) => argument.name),
        ),
      );
    if (name === 'User') set(query, 'user', readUser(type));
    set(mutation, `create${name}`, createNode(model, type));
    set(mutation, `update${name}`, updateNode(model, type));
    set(mutation, `updateOrCreate${name}`, updateOrCreateNode(model, type));
    set(mutation, `delete${name}`, deleteNode(model, type));
    if (subscription[name]) Object.assign(subscription[name], subscriber(subscribeTo(type)));
  }
  set(query, 'node', readNode(model));
  for (const relation of model.relations.values()) {
    if (mutation[relation.link]) set(mutation, relation.link, linkNodes(model, relation, mutation[relation.link]));
    if (mutation[relation.unlink])
      set(mutation, relation.unlink, unlinkNodes(model, relation, mutation[relation.unlink]));
  }
  for (const one of model.functions)
    if (one.type === 'resolver')
      set(one.operation === 'query' ? query : mutation, one.field, resolverFunction(one.name));
  closeUnanswered(schema);
}
