// Bits do not depend on the number of threads: a sample of operations, dtypes and layouts at sizes that are shared.

import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';
import { bits, warm, withThreads } from './_pool.ts';

const names = [
  'bool',
  'int8',
  'uint16',
  'int32',
  'int64',
  'uint64',
  'float16',
  'float32',
  'float64',
  'complex64',
  'complex128',
] as const;

// Values of every size and sign, no NaN: the bits of a computed NaN are the engine's.
function numbers(n: number, dtype: (typeof names)[number]): np.NDArray {
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24 - 0.5;
  };
  const values = Float64Array.from({ length: n }, () => next() * 10 ** (next() * 8));
  const made = np
    .asarray(values)
    .astype(dtype === 'bool' || /int/.test(dtype) ? 'int64' : dtype, { casting: 'unsafe' });
  return made.dtype.name === dtype ? made : made.astype(dtype, { casting: 'unsafe' });
}

type Case = readonly [name: string, (a: np.NDArray, m: np.NDArray) => unknown];
const N = 600_011;
const ROWS = 557;
const COLUMNS = 1076;

// a: N elements; m: the same values as a matrix of ROWS rows.
const everywhere: readonly Case[] = [
  ['a + a', (a) => np.add(a, a)],
  ['a * number', (a) => np.multiply(a, a.dtype.kind === 'b' ? true : 3)],
  ['a reversed + a', (a) => np.add(a.get('::-1'), a)],
  ['every other', (a) => np.equal(a.get(':600000:2'), a.get('1:600000:2'))],
  ['m.T copied', (_, m) => m.T.copy()],
  ['m + m.T of a square', (_, m) => np.add(m.get(':550', ':550'), m.get(':550', ':550').T)],
  ['row broadcast', (_, m) => np.add(m, m.get(0))],
  ['column broadcast', (_, m) => np.add(m, m.get(':', ':1'))],
  ['inner part', (_, m) => np.add(m.get('1:-1', '1:-1'), m.get(':-2', ':-2'))],
  ['where', (a) => np.add(a, a, { where: np.not_equal(a, 0), out: np.zeros(a.shape, { dtype: a.dtype.name }) })],
  [
    'in place',
    (a) => {
      const c = a.copy();
      return np.add(c, c, { out: c });
    },
  ],
  [
    'overlapping out',
    (a) => {
      const c = a.copy();
      np.add(c.get(':-1'), c.get('1:'), { out: c.get('1:') });
      return c;
    },
  ],
  ['cast', (a) => a.astype('float64', { casting: 'unsafe' })],
  [
    'three dimensions, middle axis first',
    (a) => np.add(a.get(':600000').reshape([50, 60, 200]).transpose([1, 0, 2]), 1 as never),
  ],
  ['sum', (a) => np.sum(a)],
  ['sum of a strided', (a) => np.sum(a.get('::-1'))],
  ['sum of rows', (_, m) => np.sum(m, 1)],
  ['sum of columns', (_, m) => np.sum(m, 0)],
  ['sum of few long rows', (a) => np.sum(a.get(':600000').reshape([3, 200000]), 1)],
  ['sum of few long columns', (a) => np.sum(a.get(':600000').reshape([200000, 3]), 0)],
  ['sum of a transposed', (_, m) => np.sum(m.T)],
  ['cumsum along columns', (_, m) => np.cumsum(m, 0)],
  ['cumsum', (a) => np.cumsum(a)],
  ['matmul', (_, m) => np.matmul(m.get(':200', ':301'), m.get(':301', ':130'))],
  ['matmul, wide', (_, m) => np.matmul(m.get(':9', ':301'), m.get(':301', ':900').T.T)],
  ['matmul of a stack', (a) => np.matmul(a.get(':600000').reshape([6, 200, 500]), a.get(':50000').reshape([500, 100]))],
];
const real: readonly Case[] = [
  ['max', (a) => np.max(a)],
  ['max of columns', (_, m) => np.max(m, 0)],
  ['argmax', (a) => np.argmax(a)],
  ['sin', (a) => np.sin(a)],
  ['divide', (a) => np.divide(a, a.dtype.kind === 'b' ? true : 7)],
  ['mean of rows', (_, m) => np.mean(m, 1)],
  ['var of columns', (_, m) => np.var(m, 0)],
];

function run(dtype: (typeof names)[number], threads: number): Record<string, string> {
  const flat = numbers(N, dtype);
  const matrix = flat.get(`:${ROWS * COLUMNS}`).reshape([ROWS, COLUMNS]);
  return withThreads(threads, (pool) => {
    warm(pool);
    const results: Record<string, string> = {};
    for (const [name, f] of dtype.startsWith('complex') ? everywhere : [...everywhere, ...real]) {
      try {
        results[name] = bits(f(flat, matrix));
      } catch (error) {
        results[name] = String(error);
      }
    }
    const { lost, taken, ready } = pool.figures();
    expect(lost).toBe(undefined);
    expect(ready).toBe(threads - 1);
    if (threads === 1) expect(taken).toBe(0);
    else expect(taken).toBeGreaterThan(0);
    expect(Object.values(results).filter((r) => r.includes('TypeError'))).toEqual([]);
    return results;
  });
}

describe.each(names)('%s', (dtype) => {
  it('has the same bits with any number of threads', { timeout: 120_000 }, async () => {
    const alone = run(dtype, 1);
    for (const threads of dtype === 'float64' ? [2, 3, 8] : [3]) {
      await new Promise((turn) => setImmediate(turn)); // the runner wants to hear from us
      expect(run(dtype, threads), `${threads} threads`).toEqual(alone);
    }
  });
});

it('numbers from a pattern do not depend on threads', () => {
  const f = () => bits(np.arange(0, 1, 1 / N)) + bits(np.linspace(-3, 5, N));
  const alone = withThreads(1, f);
  expect(
    withThreads(3, (pool) => {
      warm(pool);
      return f();
    }),
  ).toBe(alone);
});
