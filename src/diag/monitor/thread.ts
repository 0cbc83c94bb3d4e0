// What the monitor's thread runs, as text (start.ts): the server, and a look at whether the watched thread still makes
// ticks. It shares two words with it: the operation that runs, and how many there were.

import { platform } from '../../base/platform.ts';
import { type FromThread, type Seat, type ToThread, word } from './seat.ts';
import { MonitorServer } from './server.ts';

const threads = platform.builtin<typeof import('node:worker_threads')>('node:worker_threads');
const port = threads?.parentPort;
const host: { process?: { memoryUsage?: { rss(): number } } } = globalThis;

async function run(seat: Seat): Promise<void> {
  const say = (said: FromThread): void => port?.postMessage(said);
  const server = new MonitorServer(seat);
  const words = new Int32Array(seat.shared);
  const names: string[] = [];
  let lastAt = performance.now();
  const look = setInterval(() => {
    const milliseconds = performance.now() - lastAt;
    if (milliseconds < 2.5 * seat.subject.interval) return;
    const op = names[Atomics.load(words, word.op)] ?? '';
    server.silence({ milliseconds, op, rss: host.process?.memoryUsage?.rss() ?? Number.NaN });
  }, seat.subject.interval);
  port?.on('message', async (told: ToThread) => {
    if (told.say === 'tick') {
      lastAt = performance.now();
      server.tick(told.tick);
    } else if (told.say === 'name') names[told.id] = told.op;
    else {
      clearInterval(look);
      await server.close();
      port.close();
    }
  });
  try {
    say({ say: 'listening', ...(await server.listen()) });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException; // of the system: it may have one
    clearInterval(look);
    await server.close().catch(() => undefined); // it never listened
    say({ say: 'refused', code: code ?? '', message });
    port?.close();
  }
}

if (threads !== undefined) run(threads.workerData);
