// What a database may refuse. `kind` tells what happened, the other members which model, field, relation or value it
// was about, and `code` what the database itself calls it:
//
//   unknown            no node of `model` has this `value` in `field`
//   notConnected       an edge of `relation` that was to be removed is not there
//   requiredRelation   a node would be left without its required `relation` (between `models`)
//   unique             another node of `model` has this value in `field`
//   tooLong            the value of `field` does not fit
//   unreachable        nobody answers, or not in time: what became of a write is not known
//   internal           everything else
export class DatabaseError extends Error {
  constructor(kind, message, details = {}) {
    super(message, details.cause ? { cause: details.cause } : undefined);
    this.name = 'DatabaseError';
    Object.assign(this, details, { kind });
  }
}

/** On a row that cannot be answered: the keys from it to a node that must be there and is not. */
export const missingAt = Symbol('where a required node is missing');
