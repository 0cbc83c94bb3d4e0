// How long the event loop is kept waiting while a job of some seconds runs away from it, beside how long it waits when
// nothing runs at all (what else the machine does shows in both). Goal: 20 ms. Needs a build.
// Run: ORTHANT_BLAS=embedded node tools/run.mjs bench/threads/loop.ts

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Orthant from '../../src/index.ts';
import { quantile, table } from './_table.ts';

const np: typeof Orthant = await import(pathToFileURL(resolve('dist/index.js')).href);

async function watch(name: string, job: () => Promise<unknown>): Promise<(string | number)[]> {
  const waits: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    waits.push(now - last - 1); // a timer of 1 ms
    last = now;
  }, 1);
  const start = performance.now();
  await job();
  const took = performance.now() - start;
  await new Promise((turn) => setTimeout(turn, 2)); // what a sync job held up is counted too
  clearInterval(timer);
  return [name, took, waits.length, quantile(waits, 0.5), quantile(waits, 0.99), Math.max(...waits)];
}

const values = np.remainder(np.multiply(np.arange(30_000_000), 7919), 30_000_001);
const m = np.divide(np.arange(4_000_000).reshape([2000, 2000]), 1e6);
await np.async.sum(m); // the thread is up
const rows = [
  await watch('nothing', () => new Promise((done) => setTimeout(done, 4000))),
  await watch('sort of 3·10⁷', () => np.async.sort(values)),
  await watch('product of 2000 × 2000', () => np.async.matmul(m, m)),
  await watch('sync product, for comparison', async () => np.matmul(m, m)),
];
table(['job', 'ms', 'turns', 'median wait ms', '99th', 'longest'], rows);
await np.threads.rest();
