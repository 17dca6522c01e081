// What a write does, all of it, with everything nested in its data: each effect has to be allowed before anything is
// written.
//
//   effectsOf(type, 'create' or 'update', data) → [{operation: 'create' | 'update' | 'delete', type, scalars: [names]},
//                                                  {operation: 'connect' | 'disconnect', relation}]
//   await checkEffects(context, effects)
import { errors, InternalError } from '../errors.js';
import { checkHook } from '../functions.js';
import { isReadOnly } from '../writing/data.js';

export async function checkEffects({ model, permissions, caller }, effects) {
  for (const { operation, type } of effects) if (type) checkHook(model, type, operation);
  for (const { operation, type, scalars, relation } of effects) {
    if (operation === 'connect') await permissions.checkConnect(caller, relation);
    else if (operation === 'disconnect') await permissions.checkDisconnect(caller, relation);
    else await permissions.checkNode(caller, type, operation, scalars);
  }
}

export const effectsOf = (type, operation, data) => [...written(type, operation, data ?? {})];

function* written(type, operation, data) {
  const scalars = [];
  const nested = [];
  for (const [name, value] of Object.entries(data)) {
    if (value === undefined) continue;
    const field = type.fieldTo(name);
    if (field?.isRelation) nested.push(...around(field, value));
    else scalars.push(field?.name ?? name);
    if (field && operation === 'update' && isReadOnly(field)) throw errors.readOnly(field);
  }
  yield { operation, type, scalars };
  yield* nested;
}

/** {create, connect, …} of a relation. */
function* around(field, input) {
  for (const [kind, value] of Object.entries(input ?? {})) {
    if (value === undefined || value === null) continue;
    if (!Object.hasOwn(kinds, kind))
      throw new InternalError(`nobody knows what '${kind}' does to ${field.owner.name}.${field.name}`);
    // `set` takes away whatever it does not name.
    if (kind === 'set') yield part(field);
    for (const one of [value].flat()) yield* kinds[kind](field, one);
  }
}

const join = ({ relation }) => ({ operation: 'connect', relation });
const part = ({ relation }) => ({ operation: 'disconnect', relation });

const kinds = {
  *create(field, data) {
    yield* written(field.target, 'create', data);
    yield join(field);
  },
  *connect(field) {
    yield join(field);
  },
  *set(field) {
    yield join(field);
  },
  *disconnect(field) {
    yield part(field);
  },
  *delete(field) {
    yield { operation: 'delete', type: field.target, scalars: [] };
    yield part(field);
  },
  *update(field, one) {
    yield* written(field.target, 'update', dataOf(field, one));
  },
  *upsert(field, { update, create }) {
    yield* written(field.target, 'update', update);
    yield* kinds.create(field, create);
  },
};

/** Of a list, the one that is changed is named. */
const dataOf = (field, one) => (field.list ? one.data : one);
