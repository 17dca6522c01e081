/** The server cannot start, and its message says what to do. */
export class StartError extends Error {
  name = 'StartError';
}

const advice = {
  unreachable: (endpoint) =>
    `Prisma does not answer at ${endpoint}.\nStart it (\`docker compose up -d prisma\`), or correct PRISMA_ENDPOINT.`,
  secret: (endpoint) =>
    `Prisma at ${endpoint} refuses the secret.\nPRISMA_SECRET must be the one that the service was deployed with (\`secret:\` in prisma/prisma.yml).`,
  service: (endpoint) =>
    `Prisma answers, but has no service at ${endpoint}.\nDeploy it (\`prisma1 deploy\` in prisma/), or correct the name and stage in PRISMA_ENDPOINT.`,
  datamodel: (endpoint) =>
    `The service at ${endpoint} has another datamodel than this application.\nDeploy prisma/datamodel.prisma (\`prisma1 deploy\` in prisma/), or correct PRISMA_ENDPOINT.`,
};

/**
 * Resolves when the database answers and is the one that this application was made for. One that does not answer is
 * given time (config.startSeconds): it may be starting, too. Anything else is wrong and stays wrong.
 */
export async function awaitDatabase(db, { prisma, startSeconds }, log, pause = wait) {
  const patience = Date.now() + startSeconds * 1000;
  let told = false;
  for (;;) {
    const { problem, detail } = await db.check();
    if (!problem) return;
    if (problem !== 'unreachable' || Date.now() >= patience) {
      throw new StartError(advice[problem](withoutPassword(prisma.endpoint)) + (detail ? `\n${detail}` : ''));
    }
    if (!told) log.warn('Prisma does not answer yet; waiting', { seconds: startSeconds });
    told = true;
    await pause(1000);
  }
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function withoutPassword(endpoint) {
  const url = new URL(endpoint);
  url.username = url.password = '';
  return url.href;
}
