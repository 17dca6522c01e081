// Functions of the old project: this version does not run them. Their fields are part of the API and answer an error
// that names them; a mutation with a hook is refused, since what the hook checks or changes would be left out.
import { errors } from './errors.js';

export const resolverFunction = (name) => async () => {
  throw errors.functionMissing(name, 'resolver');
};

export function checkHook(model, type, action) {
  const [hook] = model.hooks(type, action);
  if (hook) throw errors.functionMissing(hook.name, `${hook.type} of ${type.name}.${action}`);
}

/** Hooks run for the mutation's own node, and for every node that is created inside. */
export function checkHooks(model, type, action, args) {
  checkHook(model, type, action);
  for (const [name, value] of Object.entries(args)) {
    const argument = type.argument(name);
    if (argument?.kind === 'nested' && value)
      for (const one of [value].flat()) checkHooks(model, argument.field.target, 'create', one);
  }
}
