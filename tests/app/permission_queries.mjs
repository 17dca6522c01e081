// Which operations does the application deny only because it runs no permission queries? Told by the rules as the application has
// them (src/permissions/), for a caller who is signed in or is not.
//
//   const needs = permissionQueries({schema, model, permissions})
//   needs(document, signedIn) → boolean
import { TypeInfo, visit, visitWithTypeInfo } from 'graphql';

export function permissionQueries({ schema, model, permissions }) {
  const relationOf = (type, field) => model.models[type]?.fields[field]?.relation;

  /** Does the decision hang on a query? `field` is undefined where the rules' fields do not matter. */
  function hangs(rules, field, signedIn) {
    const covering = (rules ?? []).filter((rule) => (!rule.authenticated || signedIn) && (!field || !rule.fields || rule.fields.includes(field)));
    return covering.some((rule) => rule.query) && !covering.some((rule) => !rule.query);
  }

  function* written(type, operation, given, signedIn) {
    const rules = permissions.types[type]?.[operation];
    yield hangs(rules, undefined, signedIn);
    for (const { name, value } of given) {
      const field = model.models[type].fields[name.value];
      if (field && !field.relation) {
        yield hangs(rules, name.value, signedIn);
        continue;
      }
      const relation = permissions.relations[relationOf(type, field ? name.value : name.value.replace(/Ids?$/, ''))];
      yield hangs(relation?.connect, undefined, signedIn);
      if (field?.relation)
        for (const one of value.kind === 'ListValue' ? value.values : [value])
          if (one.kind === 'ObjectValue') yield* written(field.type, 'create', one.fields, signedIn);
    }
  }

  function* mutated({ name: { value: name }, arguments: given }, signedIn) {
    const [, verb, rest] = /^(create|updateOrCreate|update|delete|addTo|removeFrom|set|unset)(.+)$/.exec(name) ?? [];
    if (verb === 'delete' && model.models[rest]) yield hangs(permissions.types[rest]?.delete, undefined, signedIn);
    else if (model.models[rest] && verb === 'updateOrCreate')
      for (const operation of ['update', 'create'])
        yield* written(rest, operation, given.find((one) => one.name.value === operation)?.value.fields ?? [], signedIn);
    else if (model.models[rest] && ['create', 'update'].includes(verb))
      yield* written(rest, verb, given.filter((one) => one.name.value !== 'id'), signedIn);
    else if (permissions.relations[rest])
      yield hangs(permissions.relations[rest][['addTo', 'set'].includes(verb) ? 'connect' : 'disconnect'], undefined, signedIn);
  }

  return (document, signedIn) => {
    if (permissions.open) return false;
    let found = false;
    const types = new TypeInfo(schema);
    visit(
      document,
      visitWithTypeInfo(types, {
        Field(node) {
          const parent = types.getParentType();
          if (!parent) return;
          if (parent === schema.getMutationType()) for (const hanging of mutated(node, signedIn)) found ||= hanging;
          if (model.models[parent.name]) found ||= hangs(permissions.types[parent.name]?.read, node.name.value, signedIn);
        },
      }),
    );
    return found;
  };
}
