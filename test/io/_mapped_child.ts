// Run by memmap.test.ts in a process of its own, which must not end by a signal: a file that is truncated while it is
// computed with, and a file of three times the memory limit.
import { Worker } from 'node:worker_threads';
import * as np from '../../src/index.ts';

const [path, what] = process.argv.slice(2);

function reduce(): object {
  using m = np.openArray(path);
  const rows = m.get(':1000');
  np.sum(rows); // kernels and scratch are there
  const before = process.memoryUsage().rss;
  let highest = before;
  const results = [() => np.sum(m.array), () => np.max(m.array, 0).size].map((f) => {
    const result = f();
    highest = Math.max(highest, process.memoryUsage().rss);
    return result;
  });
  return { results, grown: highest - before, peak: np.memory.peak(), limit: np.memory.limit, nbytes: m.nbytes };
}

async function truncated(): Promise<object> {
  using m = np.openArray(path, { mode: 'r+' });
  using own = np.openArray(path, { mode: 'c' });
  own.set([0], 1);
  own.array.data[1] = 1; // from here on it is a private mapping
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    parentPort.on('message', () => require('node:fs').truncateSync(workerData, 4096));
    parentPort.postMessage('ready');`;
  const worker = new Worker(code, { eval: true, workerData: path });
  await new Promise((ready) => worker.once('message', ready));
  worker.postMessage('now');
  const seen: string[] = [];
  for (const use of [() => np.sum(m.array), () => np.sum(own.array), () => m.set([5000], 1), () => m.array.data]) {
    for (let i = 0; i < 10_000 && seen.length < 4; i++) {
      try {
        use();
      } catch (error) {
        seen.push((error as Error).name);
        break;
      }
    }
  }
  await worker.terminate();
  return { seen };
}

console.log(JSON.stringify(what === 'reduce' ? reduce() : await truncated()));
