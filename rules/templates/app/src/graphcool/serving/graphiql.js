// The page holds tokens: it talks to this server, and to nobody else.
const headers = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; connect-src 'self'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'",
};

/** GraphiQL as one page, { html, headers }, of a package that is installed for development only; null without it. */
export async function renderPage(log) {
  try {
    const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
    return { html: renderGraphiQL({ title: 'GraphiQL', subscriptionsProtocol: 'WS' }), headers };
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    log.warn('GraphiQL is not installed: `npm ci --include=dev` does it');
    return null;
  }
}
