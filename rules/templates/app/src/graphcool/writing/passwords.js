// What a client writes into a field of type Password is stored as a hash, as Graphcool did: bcrypt, cost 10. Hashes that
// came with the data stay valid; compare with bcrypt at login.
import bcrypt from 'bcryptjs';

const cost = 10;

/** The arguments of a mutation with their passwords hashed, those of nested nodes too. */
export async function withHashes(type, args) {
  const hashed = {};
  for (const [name, value] of Object.entries(args)) {
    const argument = type.argument(name);
    if (argument?.kind === 'nested') hashed[name] = await each(value, (one) => withHashes(argument.field.target, one));
    else if (argument?.field.type === 'Password' && argument.kind === 'scalar')
      hashed[name] = await each(value, (one) => bcrypt.hash(one, cost));
    else hashed[name] = value;
  }
  return hashed;
}

/** One, several or none. */
const each = (value, work) =>
  Array.isArray(value) ? Promise.all(value.map(work)) : value === null || value === undefined ? value : work(value);
