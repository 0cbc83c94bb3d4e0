// Indexing gives the same bits on any number of threads: masks are packed from several places at once, gathers cut.

import { expect, it } from 'vitest';
import * as np from '../../src/index.ts';
import { bits, warm, withThreads } from './_pool.ts';

const N = 600_011;

// a: N elements; i: N positions in disorder; m: a mask over a.
const cases: Readonly<Record<string, (a: np.NDArray, i: np.NDArray, m: np.NDArray) => unknown>> = {
  'a[i]': (a, i) => a.get(i),
  'a[m]': (a, _, m) => a.get(m),
  'a[m] = scalar': (a, _, m) => changed(a, m, 7),
  'a[m] = array': (a, _, m) => changed(a, m, a.get(m).get('::-1').copy()),
  'a[i] = array': (a, i) => changed(a, [np.floor_divide(i, 2)], a.get('::-1').copy()),
  nonzero: (_a, _i, m) => np.nonzero(m),
  'nonzero of a matrix': (_a, _i, m) => np.nonzero(m.get(':600000').reshape(600, 1000)),
  'columns of a matrix': (a, i) => np.take(a.get(':600000').reshape(600, 1000), np.remainder(i.get(':1000'), 1000), 1),
  'two columns': (a) => a.get(':600000').reshape(300_000, 2).get(':', [1, 0]),
  compress: (a, _, m) => np.compress(m.get(':600000'), a.get(':600000').reshape(600_000, 1), 0),
};

function changed(a: np.NDArray, index: unknown, value: unknown): np.NDArray {
  const copy = a.copy();
  copy.set(index as never, value); // an index of one of several kinds
  return copy;
}

it.each(['uint8', 'float64'] as const)('%s', (dtype) => {
  const i = np.remainder(np.arange(BigInt(N)).multiply(7919n), BigInt(N));
  const m = np.less(np.remainder(i, 10), 7);
  const a = np.remainder(i, 251).astype(dtype);
  const run = (): Record<string, string> =>
    Object.fromEntries(Object.entries(cases).map(([name, f]) => [name, bits(f(a, i, m))]));
  const alone = withThreads(1, run);
  const shared = withThreads(3, (pool) => {
    warm(pool);
    return run();
  });
  expect(shared).toEqual(alone);
});
