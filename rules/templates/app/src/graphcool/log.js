const levels = ['silent', 'error', 'warn', 'info', 'debug'];
export const isLevel = (word) => levels.includes(word);

/**
 * Writes one line of JSON per entry to standard output.
 *
 * An entry never holds what a client sent (variables, query text, tokens) nor what an error's message might repeat of
 * it: of an unexpected error, its name and where it was thrown are written, and what kind of trouble the database had;
 * its message only with LOG_LEVEL=debug, or where it says why the database did not answer. As a second wall, each known
 * secret is blotted out wherever it turns up.
 */
export function createLog({ level = 'info', secrets = [], write = (line) => process.stdout.write(line) } = {}) {
  const loudness = levels.indexOf(level);
  const hidden = secrets.filter(Boolean);
  const blot = (value) =>
    typeof value === 'string' ? hidden.reduce((text, secret) => text.replaceAll(secret, '***'), value) : value;

  function entry(of, fields) {
    if (levels.indexOf(of) > loudness) return;
    const line = { time: new Date().toISOString(), level: of === 'silent' ? 'info' : of, ...fields };
    write(`${JSON.stringify(line, (key, value) => blot(value))}\n`);
  }

  return {
    /** A request that was answered: { requestId, operation, fields, caller, ms, codes, status }. */
    request: (fields) => entry('info', { kind: 'request', ...fields }),
    /** What is told at any level: that the server started, and that it ends. */
    always: (message, fields) => entry('silent', { message, ...fields }),
    warn: (message, fields) => entry('warn', { message, ...fields }),
    /** An error that nobody foresaw. */
    unexpected(error, fields) {
      const stack = String(error?.stack ?? '').split('\n');
      const { kind, message } = error?.cause ?? {};
      entry('error', {
        message: 'unexpected error',
        ...fields,
        error: error?.name ?? typeof error,
        ...(kind && { database: kind }),
        ...(kind === 'unreachable' && { why: message }),
        at: stack
          .filter((line) => /^\s+at /.test(line))
          .slice(0, 12)
          .map((line) => line.trim()),
        ...(level === 'debug' && { detail: String(error?.message ?? error) }),
      });
    },
  };
}
