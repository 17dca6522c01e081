// A proxy that keeps the bodies which a client sends, so that they can be sent again by something bare (tests/tools/replay.c).
import { createWriteStream, writeFileSync } from 'node:fs';
import { createServer, request as ask, Agent } from 'node:http';
import { join } from 'node:path';

/** Passes everything on to `upstream`; requests with a body are kept in `folder`: {url, requests, close()}. */
export function record(upstream, folder) {
  const agent = new Agent({ keepAlive: true });
  const requests = []; // {path, file, authorization}
  const server = createServer((req, res) => {
    const file = join(folder, `${String(requests.length + 1).padStart(6, '0')}.json`);
    const kept = createWriteStream(file);
    requests.push({ path: req.url, file, authorization: req.headers.authorization });
    const on = ask(`${upstream}${req.url}`, { method: req.method, headers: req.headers, agent }, (answer) => {
      res.writeHead(answer.statusCode, answer.headers);
      answer.pipe(res);
    });
    on.on('error', () => res.destroy());
    req.pipe(kept);
    req.pipe(on);
  });
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () =>
      done({
        url: `http://127.0.0.1:${server.address().port}`,
        requests,
        close: () => (agent.destroy(), server.closeAllConnections(), server.close()),
      }),
    ),
  );
}

/** The list that tests/tools/replay.c reads: the same requests to another server. */
export function replayList(requests, url, path, apart = () => false) {
  const lines = [];
  for (const request of requests) {
    if (apart(request)) lines.push('-');
    lines.push(`${url}${request.path} ${request.file}`);
  }
  writeFileSync(path, `${lines.join('\n')}\n`);
}
