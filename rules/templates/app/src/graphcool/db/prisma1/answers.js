// What a Prisma 1 service answered, for each question.
import { DatabaseError, missingAt } from '../errors.js';

/** answers: one {data, errors} for each document. */
export function answersOf(questions, documents, answers) {
  const found = new Map();
  documents.forEach(({ keys }, n) => {
    const { data, errors = [] } = answers[n];
    const lost = errors.find(({ path }) => !path?.length);
    for (const key of keys) {
      const own = errors.filter(({ path }) => path?.[0] === key);
      if (lost) found.set(key, { error: new DatabaseError('internal', lost.message) });
      else found.set(key, answerOf(data?.[key] ?? null, own, data === null));
    }
  });
  return questions.map((question, n) => finished(question, found.get(`q${n}`)));
}

function answerOf(value, errors, isLost) {
  const holder = { value };
  for (const error of errors) {
    // A value that must be there and is not: without code, and somewhere below.
    if (error.code === undefined && error.path.length > 1 && !isLost) plant(holder, ['value', ...error.path.slice(1)]);
    else if (error.code === undefined && error.path.length > 1) holder.value = { [missingAt]: error.path.slice(1) };
    else return { error: errorOf(error) };
  }
  return { value: holder.value };
}

/** Where the way ends in a null, stands what is missing below. */
function plant(holder, path) {
  let at = holder;
  for (let n = 0; n < path.length - 1; n++) {
    if (at[path[n]] === null || at[path[n]] === undefined) {
      at[path[n]] = { [missingAt]: path.slice(n + 1) };
      return;
    }
    at = at[path[n]];
  }
}

function finished(question, answer) {
  if (answer.error) return answer;
  const { value } = answer;
  if (question.op === 'count') return { value: value.aggregate.count };
  if (question.op !== 'node' || value === null) return answer;
  const { __typename: model, ...row } = value;
  return { value: { model, row } };
}

const patterns = [
  [
    3039,
    /^No Node for the model (\S+) with value (.*) for (\S+) found\.$/s,
    ([, model, value, field]) => ['unknown', { model, value, field }],
  ],
  [3041, /^The relation (\S+) has no node /, ([, relation]) => ['notConnected', { relation }]],
  [
    3042,
    /violate the required relation '([^']+)' between (\S+) and (\S+)$/,
    ([, relation, ...models]) => ['requiredRelation', { relation, models }],
  ],
  [
    3010,
    /^A unique constraint would be violated on (\S+?)\. Details: Field name = (\S+)$/,
    ([, model, field]) => ['unique', { model, field }],
  ],
  [3007, /^Value for field (\S+) is too long\.$/, ([, field]) => ['tooLong', { field }]],
];

function errorOf({ code, message }) {
  for (const [known, pattern, read] of patterns) {
    const match = code === known && pattern.exec(message);
    if (!match) continue;
    const [kind, details] = read(match);
    return new DatabaseError(kind, message, { code, ...details });
  }
  return new DatabaseError('internal', message, { code });
}
