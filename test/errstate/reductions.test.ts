// Faults of sums, products, means and running sums: floats by a table, integers against exact arithmetic in bigints, over
// axes, layouts, masks and dtypes.
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';
import { seeded } from '../sweep/_values.ts';

const { POSITIVE_INFINITY: inf, NaN: nan } = Number;
const big = 1e308;

/** Faults of a call by kind. */
function faults(fn: () => unknown): Record<string, Pick<np.Fault, 'count' | 'index'>> {
  const seen: Record<string, Pick<np.Fault, 'count' | 'index'>> = {};
  const call: np.ErrorCall = (_words, _bit, { kind, count, index }) => {
    seen[kind] = { count, index };
  };
  np.errstate({ all: 'call', under: 'ignore', call }, fn);
  return seen;
}

describe('floats', () => {
  it.each<[string, () => unknown, object]>([
    ['a sum that overflows', () => np.sum([big, big]), { over: { count: 1, index: [] } }],
    ['an infinity that was there', () => np.sum([inf, 1]), {}],
    ['infinities that cancel', () => np.sum([inf, 1, -inf]), { invalid: { count: 1, index: [] } }],
    ['NaN that was there', () => np.sum([nan, inf, -inf]), {}],
    [
      'NaN through an overflow on the way',
      () => np.sum([big, -big, big, -big].flatMap((x) => Array(8).fill(x))),
      {
        over: { count: 1, index: [] },
        invalid: { count: 1, index: [] },
      },
    ],
    [
      'columns',
      () =>
        np.sum(
          np.array([
            [1, big, inf],
            [nan, big, 1],
          ]),
          0,
        ),
      { over: { count: 1, index: [1] } },
    ],
    [
      'rows',
      () =>
        np.sum(
          np.array([
            [1, nan],
            [big, big],
            [big, big],
          ]).T,
          0,
        ),
      { over: { count: 2, index: [1] } },
    ],
    ['a mask', () => np.sum([big, big, 1], { where: np.array([true, false, true]) }), {}],
    [
      'a mask that lets it through',
      () => np.sum([big, big, 1], { where: np.array([true, true, false]) }),
      {
        over: { count: 1, index: [] },
      },
    ],
    ['float32', () => np.sum(np.array([3e38, 3e38], { dtype: 'float32' })), { over: { count: 1, index: [] } }],
    [
      'float16, at the end',
      () => np.sum(np.array([65504, 65504], { dtype: 'float16' })),
      {
        over: { count: 1, index: [] },
        cast: { count: 1, index: [] },
      },
    ],
    [
      'complex128',
      () => np.sum(np.array([new np.Complex(big, 1), new np.Complex(big, 1)])),
      { over: { count: 1, index: [] } },
    ],
    ['a product', () => np.prod([1e200, 1e200]), { over: { count: 1, index: [] } }],
    ['zero times infinity', () => np.prod([inf, 0]), { invalid: { count: 1, index: [] } }],
    ['a mean', () => np.mean([big, big]), { over: { count: 1, index: [] } }],
    ['a mean with NaN', () => np.mean([nan, big]), {}],
    ['a mean of nothing', () => np.mean([]), { invalid: { count: undefined, index: undefined } }],
    ['a variance', () => np.var([1e200, -1e200]), { over: { count: 1, index: [] } }],
    ['a running sum', () => np.cumsum([1, big, big, 5]), { over: { count: 1, index: [2] } }],
    [
      'a running sum down columns',
      () =>
        np.cumsum(
          np.array([
            [1, inf],
            [2, 1],
            [3, -inf],
          ]),
          0,
        ),
      {
        invalid: { count: 1, index: [2, 1] },
      },
    ],
    ['a running sum with NaN', () => np.cumsum([nan, 1, inf]), {}],
    [
      'a running product',
      () => np.cumprod([1e200, 1e200, 0]),
      {
        over: { count: 1, index: [1] },
        invalid: { count: 1, index: [2] },
      },
    ],
    ['the least', () => np.min([nan, 1]), {}],
  ])('%s', (_, fn, expected) => {
    expect(faults(fn)).toEqual(expected);
  });

  it('a fault that throws leaves out as it was', () => {
    const out = np.full([2], 7);
    expect(() => np.errstate({ over: 'raise' }, () => np.sum(np.full([3, 2], big), 0, { out }))).toThrow(
      np.FloatingPointError,
    );
    expect(() => np.errstate({ over: 'raise' }, () => np.cumsum([big, big], { out }))).toThrow(np.FloatingPointError);
    expect(out.tolist()).toEqual([7, 7]);
  });
});

describe('matrix products', () => {
  const at = (...index: number[]) => ({ count: 1, index });
  const int = (list: bigint[][], dtype: np.DTypeName = 'int64'): np.NDArray => np.array(list, { dtype });
  it.each<[string, () => unknown, object]>([
    [
      'overflow',
      () =>
        np.matmul(
          [
            [1, 2],
            [big, big],
          ],
          [
            [1, 0],
            [1, 2],
          ],
        ),
      { over: { count: 2, index: [1, 0] } },
    ],
    [
      'NaN that was there',
      () =>
        np.matmul(
          [
            [1, nan],
            [1, 1],
          ],
          [
            [1, 2],
            [1, 2],
          ],
        ),
      {},
    ],
    [
      'infinity times zero',
      () =>
        np.matmul(
          [
            [1, 2],
            [inf, 1],
          ],
          [
            [1, 0],
            [1, 2],
          ],
        ),
      { invalid: at(1, 1) },
    ],
    [
      'a vector on the right',
      () =>
        np.matmul(
          [
            [1, 2],
            [big, big],
          ],
          [1, 1],
        ),
      { over: at(1) },
    ],
    [
      'a vector on the left',
      () =>
        np.matmul(
          [big, big],
          [
            [0, 1],
            [0, 1],
          ],
        ),
      { over: at(1) },
    ],
    ['two vectors', () => np.dot([big, big], [1, 1]), { over: at() }],
    [
      'stacks',
      () =>
        np.matmul(
          np.full([3, 1, 2], 1e200),
          np.array([
            [1, 1e200],
            [1, 0],
          ]),
        ),
      { over: { count: 3, index: [0, 0, 1] } },
    ],
    ['int64', () => np.matmul(int([[2n ** 40n, 1n]]), int([[2n ** 30n], [0n]])), { integer: at(0, 0) }],
    ['int64 in range', () => np.matmul(int([[2n ** 31n, 1n]]), int([[2n ** 31n], [0n]])), {}],
    ['int8', () => np.matmul(int([[100n, 1n]], 'int8'), int([[2n], [0n]], 'int8')), { integer: at(0, 0) }],
  ])('%s', (_, fn, expected) => {
    expect(faults(fn)).toEqual(expected);
  });

  it('a fault that throws leaves out as it was', () => {
    const out = np.full([1, 1], 7);
    const run = (): unknown => np.matmul([[big]], [[big]], { out });
    expect(() => np.errstate({ over: 'raise' }, run)).toThrow(np.FloatingPointError);
    expect(out.tolist()).toEqual([[7]]);
  });
});

describe('integers against bigints', () => {
  const fits = (x: bigint, dtype: string): boolean =>
    (dtype.startsWith('u') ? BigInt.asUintN(64, x) : BigInt.asIntN(64, x)) === x;
  const random = seeded(5);
  const value = (dtype: string): bigint => {
    const bits = 50 + Math.floor(random() * 13);
    const x = BigInt(Math.floor(random() * 2 ** 32)) * 2n ** BigInt(bits - 32) + BigInt(Math.floor(random() * 9));
    return dtype.startsWith('u') || random() < 0.4 ? x : -x;
  };

  it.each(['int64', 'uint64'] as const)('sums of %s', (dtype) => {
    for (let round = 0; round < 30; round++) {
      const rows = 1 + Math.floor(random() * 20);
      const columns = 1 + Math.floor(random() * 12);
      const list = Array.from({ length: rows }, () => Array.from({ length: columns }, () => value(dtype)));
      const a = np.array(list, { dtype });
      const sums = list.map((row) => row.reduce((s, x) => s + x, 0n));
      const wrong = sums.map((s) => !fits(s, dtype));
      const first = wrong.indexOf(true);
      const expected = first < 0 ? {} : { integer: { count: wrong.filter(Boolean).length, index: [first] } };
      expect(faults(() => np.sum(a, 1))).toEqual(expected);
      expect(faults(() => np.sum(a.T.copy(), 0))).toEqual(expected);
      const running = list[0].map((_, i) => list[0].slice(0, i + 1).reduce((s, x) => s + x, 0n));
      // A step overflows where its exact result is none of the dtype, from the wrapped state before.
      const wrapped = running.map((x) => (dtype === 'int64' ? BigInt.asIntN(64, x) : BigInt.asUintN(64, x)));
      const steps = list[0].map((x, i) => i > 0 && !fits(wrapped[i - 1] + x, dtype));
      const at = steps.indexOf(true);
      const along = at < 0 ? {} : { integer: { count: steps.filter(Boolean).length, index: [at] } };
      expect(faults(() => np.cumsum(a.get(0)))).toEqual(along);
    }
  });

  it.each<[string, bigint[], object]>([
    ['the greatest', [2n ** 62n, 2n ** 62n - 1n], {}],
    ['one more', [2n ** 62n, 2n ** 62n], { integer: { count: 1, index: [] } }],
    ['the least', [-(2n ** 62n), -(2n ** 62n)], {}],
    ['one less', [-(2n ** 62n), -(2n ** 62n), -1n], { integer: { count: 1, index: [] } }],
    ['back in range', [2n ** 62n, 2n ** 62n, -5n], {}],
  ])('a sum of int64: %s', (_, list, expected) => {
    expect(faults(() => np.sum(np.array(list), { keepdims: true }))).toEqual(expected);
  });

  it.each<[string, bigint[], boolean]>([
    ['2^31 · 2^31', [2n ** 31n, 2n ** 31n], false],
    ['2^32 · 2^31', [2n ** 32n, 2n ** 31n], true],
    ['-2^32 · 2^31', [-(2n ** 32n), 2n ** 31n], false],
    ['3037000499²', [3037000499n, 3037000499n], false],
    ['3037000500²', [3037000500n, 3037000500n], true],
    ['a wrapped product that looks small', [2n ** 40n, 2n ** 40n], true],
    ['a zero among large ones', [2n ** 60n, 2n ** 60n, 0n], false],
  ])('a product of int64: %s', (_, list, wrong) => {
    expect(faults(() => np.prod(np.array(list), { keepdims: true }))).toEqual(
      wrong ? { integer: { count: 1, index: [] } } : {},
    );
  });

  it('int32 accumulated in int32', () => {
    const a = np.array([2 ** 30, 2 ** 30], { dtype: 'int32' });
    expect(faults(() => np.sum(a))).toEqual({});
    expect(faults(() => np.sum(a, { dtype: 'int32' }))).toEqual({ integer: { count: 1, index: [] } });
  });
});
