/** The server cannot start, and its message says what to do. */
export class StartError extends Error {
  name = 'StartError';
}

const startIt = 'Start it (`docker compose up -d prisma`), or correct PRISMA_ENDPOINT.';

/**
 * Resolves when the database answers and is the one that this application was made for. One that does not answer is
 * given time (config.startSeconds): it may be starting, too. Anything else is wrong and stays wrong.
 */
export async function awaitDatabase(db, { startSeconds }, log, pause = wait) {
  const patience = Date.now() + startSeconds * 1000;
  for (let tries = 1; ; tries++) {
    try {
      return await db.check();
    } catch (error) {
      if (error.kind === undefined) throw error;
      const starting = error.kind === 'unreachable';
      if (!starting) throw new StartError(error.message, { cause: error });
      if (Date.now() >= patience) throw new StartError(`${error.message}\n${startIt}`, { cause: error });
      if (tries === 1) log.warn('Prisma does not answer yet; waiting for it', { seconds: startSeconds });
    }
    await pause(1000);
  }
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
