// served.mjs in a process of its own, so that its memory can be told from that of its clients:
//   node --expose-gc served_alone.mjs '{"limits": …}'    its answers to messages: see below
import { startServed } from './served.mjs';

const app = await startServed(JSON.parse(process.argv[2]));
const answers = {
  address: () => app.socket,
  push: (event) => app.push(event),
  lines: () => app.lines(),
  memory() {
    global.gc();
    const { rss, heapUsed } = process.memoryUsage();
    return { rss, heapUsed };
  },
};
process.on('message', ([name, argument]) => process.send(answers[name](argument) ?? null));
process.on('disconnect', () => process.exit());
process.send('ready');
