// What it costs to share: an empty job of eight slices with workers awake and asleep, and what small operations pay for
// the pool being there at all. Goals: 30 µs awake; 2 %. Run: node tools/run.mjs bench/threads/dispatch.ts

import { config } from '../../src/base/config.ts';
import { pool } from '../../src/exec/threads/pool.ts';
import * as np from '../../src/index.ts';
import { kernelOf } from '../../src/kernel/compile.ts';
import { FunctionCode } from '../../src/kernel/wasm/encoder.ts';
import { homeSegment } from '../../src/memory/allocate.ts';
import { quantile, race, table } from './_table.ts';

config.set('threads', 2);
const large = np.ones([2 ** 20], { dtype: 'uint8' });
const end = performance.now() + 5000;
while (pool().figures().ready < 1 && performance.now() < end) np.invert(large).dispose();

const segment = homeSegment();
const empty = kernelOf('bench empty', (module) => {
  const f = new FunctionCode(['i32']);
  module.add(f, 'run');
});
function dispatch(): number {
  const start = performance.now();
  pool().job(empty, segment, 'run', (job) => {
    for (let slice = 0; slice < 8; slice++) job.add([slice]);
  });
  return 1000 * (performance.now() - start);
}

const awake: number[] = [];
for (let i = 0; i < 20_000; i++) awake.push(dispatch());
const asleep: number[] = [];
for (let i = 0; i < 300; i++) {
  await new Promise((turn) => setTimeout(turn, 3));
  asleep.push(dispatch());
}
table(
  ['empty job', 'shortest µs', 'median µs', '99th µs'],
  [
    ['workers awake', quantile(awake, 0), quantile(awake, 0.5), quantile(awake, 0.99)],
    ['workers asleep', quantile(asleep, 0), quantile(asleep, 0.5), quantile(asleep, 0.99)],
  ],
);

const rows = [10, 1000, 20_000].flatMap((n) => {
  const x = np.ones([n]);
  const operations: Record<string, () => unknown> = {
    [`add of ${n}`]: () => np.add(x, x),
    [`sum of ${n}`]: () => np.sum(x),
  };
  return Object.entries(operations).map(([name, run]) => {
    const batch = Math.ceil(100_000 / (n + 100));
    const repeat = (threads: number) => () => {
      config.set('threads', threads);
      const start = performance.now();
      for (let i = 0; i < batch; i++) run();
      return performance.now() - start;
    };
    const [one, two] = race([repeat(1), repeat(2)], 1);
    return [name, (1e6 * one) / batch, (1e6 * two) / batch, 100 * (two / one - 1)];
  });
});
table(['small operation', 'ns, one thread', 'ns, pool of two', '% more'], rows);
