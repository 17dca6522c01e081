// What Graphcool said where the database refuses a write (specification, Appendix B).
//
//   failureOf(model, type, error, {root, args, action})  → the error to answer
//     root: the id that the mutation itself names, if it does; args: its arguments
import { errors, InternalError } from '../errors.js';

export function failureOf(model, type, error, { root = null, args = {}, action } = {}) {
  switch (error.kind) {
    case 'unknown':
      return isRoot(type, error, root) ? errors.noNode(type.name, root) : errors.noReference(error.value);
    case 'requiredRelation':
      return requiredSide(model, type, error);
    case 'unique':
      return notUnique(type, error, args, action);
    case 'tooLong':
      return errors.tooLong(fieldName(type, error.field));
    default:
      return error; // nothing that a client could mend
  }
}

const isRoot = (type, error, root) => root !== null && error.model === type.to && String(error.value) === String(root);

const fieldName = (type, to) => type.fieldTo(to)?.name ?? to;

/** A node that is made inside another one is not named in the error, but for those of an n-m relation in an update. */
function notUnique(type, error, args, action) {
  const name = fieldName(type, error.field);
  if (error.model === type.to && args[name] !== undefined && args[name] !== null)
    return errors.notUnique(type.name, `Field name = ${name}`);
  const child = type.relationFields.find(
    (field) => field.target.to === error.model && field.list && field.back?.list && args[field.name],
  );
  if (child && action === 'update')
    return errors.notUnique(child.target.name, `Field name = ${fieldName(child.target, error.field)}`);
  return errors.notUnique(type.name, 'Sorry, no more details available.');
}

/** The field of a required relation whose node would be left without. */
function requiredSide(model, type, { relation: name, models }) {
  const between = (relation) => [relation.a, relation.b].every((side) => side && models.includes(side.type.to));
  const relation =
    [...model.relations.values()].find((one) => one.to === name) ?? [...model.relations.values()].find(between);
  const sides = relation ? [relation.a, relation.b].filter((side) => side && requiredField(side)) : [];
  const side = sides.find((one) => one.type !== type) ?? sides[0];
  if (!side) return new InternalError(`a required relation would be violated: ${name}`);
  return errors.requiredRelation(side.field, side.type.name);
}

function requiredField({ type, field }) {
  const { list, required } = type.fields.get(field);
  return required && !list;
}
