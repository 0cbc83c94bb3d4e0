// Reductions past NaN, averages, quantiles, histograms, covariance, closeness and sets against NumPy
// (fixtures/statistics.json), and what fixtures do not show: ways that must agree, memory, wrong calls.
import { expect, it, test } from 'vitest';
import * as np from '../../src/index.ts';
import { checkRows } from '../fixtures/rows.ts';

// The operands of fixtures/make_statistics.py.
const S = np.remainder(np.arange(60).multiply(37), 61).subtract(30).divide(8);
const N = np.where(np.remainder(np.arange(60), 7).equal(3), NaN, S);
const M = np.remainder(np.arange(24).multiply(7), 11).subtract(4.5).reshape(4, 6);
const H = np.where(M.greater(4), NaN, M);
const I = np.remainder(np.arange(24n).multiply(7n), 11n).reshape(4, 6);
const U = np.remainder(np.arange(40n).multiply(37n), 256n).astype('uint8');
const Z = np.arange(6).add(np.remainder(np.arange(6).multiply(5), 7).multiply(new np.Complex(0, 1)));
const B = np.remainder(np.arange(12n), 5).greater(1);
const W = np.remainder(np.arange(24), 5).add(1).reshape(4, 6);

checkRows('test/fixtures/statistics.json', { S, N, M, H, I, U, Z, B, W });

const noise = (n: number): np.NDArray => np.remainder(np.arange(n).multiply(7919), 104729).subtract(5e4);

test.each([
  ['few', 40],
  ['many', 3000],
  ['all', 20000],
])('distinct values are the same by table, by hash and by sorting: %s', (_, k) => {
  const ints = np.remainder(np.arange(20000n).multiply(7919n), BigInt(k));
  const sorted = np.real(np.unique(ints.astype('complex128'))); // by sorting
  np.testing.assert_array_equal(np.unique(ints), sorted.astype('int64')); // a table
  np.testing.assert_array_equal(np.unique(ints.astype('float64').multiply(1024)), np.multiply(sorted, 1024)); // hashing
  const [values, index, inverse, counts] = np.unique(ints.multiply(1n << 40n), {
    return_index: true,
    return_inverse: true,
    return_counts: true,
  });
  np.testing.assert_array_equal(values.get(inverse), ints.multiply(1n << 40n));
  np.testing.assert_array_equal(ints.multiply(1n << 40n).get(index), values);
  expect(Number(np.sum(counts))).toBe(20000);
});

it('finds 64-bit integers that no float tells apart', () => {
  const big = np.array([2n ** 62n, 2n ** 62n + 1n, 2n ** 62n]);
  expect([...np.unique(big).data]).toEqual([2n ** 62n, 2n ** 62n + 1n]);
  expect(np.isin(big, np.array([2n ** 62n + 1n])).tolist()).toEqual([false, true, false]);
  const unsigned = np.array([2n ** 64n - 3n, 5n], { dtype: 'uint64' });
  expect(np.isin(unsigned, np.array([-3n, 5n])).tolist()).toEqual([false, true]);
  expect(np.isin(np.array([-3n, 5n]), unsigned).tolist()).toEqual([false, true]);
});

it('medians and quantiles of rows are those of each row', () => {
  const x = noise(1200).reshape(30, 40);
  const each = (f: (row: np.NDArray) => unknown): unknown[] => Array.from({ length: 30 }, (_, r) => f(x.get(r)));
  expect((np.median(x, 1) as np.NDArray).tolist()).toEqual(each((row) => np.median(row)));
  expect((np.quantile(x, 0.3, 1) as np.NDArray).tolist()).toEqual(each((row) => np.quantile(row, 0.3)));
  const many = np.linspace(0, 1, 40);
  const place = (np.quantile(x.get(0), many) as np.NDArray).tolist();
  expect(place).toEqual((many.tolist() as number[]).map((q) => np.quantile(x.get(0), q)));
});

test.each([
  ['noise', (x: np.NDArray) => x],
  ['in order', (x: np.NDArray) => np.sort(x)],
  ['a period of the sample', (x: np.NDArray) => np.remainder(np.arange(x.size), 32)],
  ['a few values', (x: np.NDArray) => np.remainder(x, 3)],
  ['one value', (x: np.NDArray) => np.zeros([x.size])],
])('long rows have the quantiles that sorting gives: %s', (_, make) => {
  const x = make(noise(140_000));
  const sorted = np.sort(x);
  for (const q of [0, 0.001, 0.25, 0.5, 1]) {
    expect(np.quantile(x, q, { method: 'lower' })).toBe(sorted.item(Math.floor((x.size - 1) * q)));
  }
  const holed = np.where(np.remainder(np.arange(x.size), 5).equal(0), NaN, x);
  expect(np.nanmedian(holed)).toBe(np.median(holed.get(np.isfinite(holed))));
  expect(np.median(holed)).toBeNaN();
});

it('an array is reordered only where overwrite_input says so', () => {
  const x = noise(1000);
  const before = x.copy();
  np.median(x);
  np.percentile(x, [10, 90]);
  np.unique(x);
  np.testing.assert_array_equal(x, before);
  np.median(x, { overwrite_input: true });
  np.testing.assert_array_equal(np.sort(x), np.sort(before));
});

it('histograms of strided and narrow arrays count every element once', () => {
  for (const dtype of ['float64', 'float32', 'float16', 'int16', 'uint8', 'int64'] as const) {
    const x = np.remainder(np.arange(6000), 200).astype(dtype).reshape(60, 100);
    const [whole] = np.histogram(x, 7);
    const [turned] = np.histogram(x.T.get('::-1'), 7);
    np.testing.assert_array_equal(whole, turned);
    expect(Number(np.sum(whole))).toBe(6000);
  }
});

it('a typed array is read in place and stays as it is', () => {
  const host = new Float64Array([3, 1, NaN, 1]);
  expect(np.nanmedian(host)).toBe(1);
  expect(np.unique(host).tolist()).toEqual([1, 3, NaN]);
  expect(np.nansum(host)).toBe(5);
  expect(np.allclose(host, host, { equal_nan: true })).toBe(true);
  expect(np.bincount(new Uint8Array([1, 1])).tolist()).toEqual([0, 2]);
  expect([...host]).toEqual([3, 1, NaN, 1]);
});

it('out takes the result and is left alone by a call that throws', () => {
  const out = np.zeros([6]);
  expect(np.median(M, 0, { out })).toBe(out);
  np.testing.assert_array_equal(out, np.median(M, 0));
  np.testing.assert_array_equal(np.nanmax(H, 0, { out }), np.nanmax(H, 0));
  const kept = out.copy();
  expect(() => np.quantile(M, 2, 0, { out })).toThrow(np.ArgumentError);
  expect(() => np.ptp(M, 1, { out })).toThrow(np.ShapeError);
  np.testing.assert_array_equal(out, kept);
});

test.each<[string, () => unknown, string]>([
  [
    'nothing but NaN',
    () =>
      np.nanargmax(
        [
          [NaN, NaN],
          [1, 2],
        ],
        1,
      ),
    'ArgumentError',
  ],
  ['a position of nothing', () => np.nanargmin([]), 'ShapeError'],
  ['weights that do not fit', () => np.average(M, { weights: [1, 2] }), 'ShapeError'],
  ['weights of no sum', () => np.average([1, 2], { weights: [1, -1] }), 'ArgumentError'],
  ['a quantile of nothing', () => np.quantile([], 0.5), 'ShapeError'],
  ['a quantile outside', () => np.percentile([1], 101), 'ArgumentError'],
  ['an unknown method', () => np.quantile([1], 0.5, { method: 'middle' as never }), 'ArgumentError'],
  ['weights for another method', () => np.quantile([1], 0.5, { weights: [1] }), 'ArgumentError'],
  ['a quantile of complex numbers', () => np.quantile(Z, 0.5), 'DTypeError'],
  ['an unknown rule', () => np.histogram([1, 2], 'best' as never), 'ArgumentError'],
  ['no bins', () => np.histogram([1, 2], 0), 'ArgumentError'],
  ['falling edges', () => np.histogram([1, 2], [3, 2, 1]), 'ArgumentError'],
  ['an endless range', () => np.histogram([1, Infinity]), 'ArgumentError'],
  ['a histogram of complex numbers', () => np.histogram(Z), 'DTypeError'],
  ['negative counts', () => np.bincount([1n, -2n]), 'ArgumentError'],
  ['fractions to count', () => np.bincount([1.5]), 'CastError'],
  ['floats to count', () => np.bincount(np.array([1, 2])), 'CastError'],
  ['a table of floats', () => np.isin([1, 2], [1], { kind: 'table' }), 'ArgumentError'],
  ['a table too wide', () => np.isin(I, np.array([0n, 2n ** 40n]), { kind: 'table' }), 'ArgumentError'],
  ['shapes that do not broadcast', () => np.allclose([1, 2], [1, 2, 3]), 'ShapeError'],
  ['an option misspelt', () => np.unique([1], { return_counted: true } as never), 'ArgumentError'],
  ['differences of bool', () => np.ptp(B), 'DTypeError'],
  ['observations that do not match', () => np.cov(M, S), 'ShapeError'],
])('%s: refused', (_, call, tag) => {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(np.OrthantError);
  expect((thrown as np.OrthantError).tag).toBe(tag);
});
