// Two threads against one, the same operation in turns. Goals: 1.7 where processors bound it, 1.3 where memory does.
// Run on a machine with nothing else to do: ORTHANT_BLAS=embedded node tools/run.mjs bench/threads/speedup.ts

import { availableParallelism } from 'node:os';
import * as np from '../../src/index.ts';
import { race, table } from './_table.ts';

const threads = Math.min(2, availableParallelism());
const a = np.divide(np.arange(10_000_000), 1e7);
const b = np.ones([10_000_000]);
const out = np.empty([10_000_000]);
const part = a.get(':1000000').copy();
const mixed = np.remainder(np.multiply(np.arange(1_000_000), 7919), 1_000_003);
const m = a.get(':640000').reshape(800, 800).copy();

const cases: readonly (readonly [name: string, goal: number, run: () => unknown])[] = [
  ['exp of 10⁶', 1.7, () => np.exp(part, { out: out.get(':1000000') })],
  ['sort of 10⁶', 1.7, () => np.sort(mixed)],
  ['matmul of 800 × 800, embedded', 1.7, () => np.matmul(m, m)],
  ['add of 10⁷', 1.3, () => np.add(a, b, { out })],
  ['sum of 10⁷', 1.3, () => np.sum(a)],
];

const rows = cases.map(([name, goal, run]) => {
  const [one, more] = race([() => np.threads.limit(1, run), () => np.threads.limit(threads, run)], 3);
  return [name, one, more, one / more, goal, one / more >= goal ? 'yes' : 'no'];
});
console.log(`${threads} threads; workers up: ${np.threads.figures().ready}`);
table(['case', 'ms on one', `ms on ${threads}`, 'times faster', 'goal', 'reached'], rows);
