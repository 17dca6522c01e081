// Which operations does the application deny only because it runs no permission queries? Told by the rules as the application has
// them (src/permissions/), for a caller who is signed in or is not.
//
//   const needs = permissionQueries({schema, model, permissions})
//   needs(step, signedIn) → boolean
//   await holdHanging(values, step, ask) → differences of such a step from what may be
import { TypeInfo, parse, visit, visitWithTypeInfo } from 'graphql';
import { compareStep, difference, isObject } from '../lib/talk.mjs';

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

  return (step, signedIn) => {
    const document = permissions.open ? null : parsedQuery(step);
    if (!document) return false;
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

/** An operation that is none is refused before anybody decides. */
function parsedQuery({ body }) {
  try {
    return parse(body.query);
  } catch {
    return null;
  }
}

/** Where `got` shows what was not shown. */
function* moreOpen(want, got, at) {
  if (got === null || got === undefined) return;
  if (isObject(got) && isObject(want)) for (const key of Object.keys(got)) yield* moreOpen(want[key], got[key], `${at}.${key}`);
  else if (Array.isArray(got) && Array.isArray(want) && got.length <= want.length)
    for (const [n, one] of got.entries()) yield* moreOpen(want[n], one, `${at}[${n}]`);
  else if (isObject(got) || Array.isArray(got) || want === null || want === undefined) yield difference(at, want, got);
}

/** A mutation was done if it answers something, or has an error inside of what it answers. */
const tookEffect = ({ data, errors = [] }) =>
  Object.values(data ?? {}).some((value) => value !== null) || errors.some(({ path }) => path?.length > 1);

/** A step that hangs on a permission query: nothing more than was allowed; what was allowed and is denied says so. */
export async function holdHanging(values, step, ask) {
  const { answer } = await ask(step, values.body(step));
  const faults = [...moreOpen(step.answer.data, answer.data, 'answer.data')];
  const known = new Map(values.bound);
  if (!faults.length && [...compareStep(values, step, { status: step.status, answer })].length) {
    values.bound = known;
    if (!answer.errors?.some(({ code }) => code === 3008)) faults.push(difference('answer.errors', 'a denial', answer.errors));
    // What was allowed had its effect, and made ids that later steps name.
    const root = { ...step, as: 'root' };
    if (tookEffect(step.answer)) [...values.same(step.answer.data, (await ask(root, values.body(root))).answer.data, '')];
  }
  return faults;
}
