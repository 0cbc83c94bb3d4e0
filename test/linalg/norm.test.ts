// Norms against their definitions written out, for all orders, axes, dtypes and layouts; and what is refused.

import { describe, expect, it } from 'vitest';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';
import { fieldNames, layouts, random } from './_matrices.ts';

const { norm, vector_norm, matrix_norm } = np.linalg;
const { POSITIVE_INFINITY: INF, NEGATIVE_INFINITY: NEG } = Number;

const magnitudes = (v: NDArray): number[] => (np.abs(v.astype('complex128')) as NDArray).ravel().tolist() as number[];
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);

function definition(xs: readonly number[], ord: number | null): number {
  if (ord === INF) return Math.max(0, ...xs);
  if (ord === NEG) return Math.min(...xs);
  if (ord === 0) return xs.filter((x) => x !== 0).length;
  const p = ord ?? 2;
  return sum(xs.map((x) => x ** p)) ** (1 / p);
}
const orders = [null, 0, 1, 2, 3, -1, 0.5, -2, INF, NEG];
const number = (x: unknown): number => (typeof x === 'number' ? x : Number((x as NDArray).item()));
const tolerance = (a: NDArray): number => (a.dtype.itemsize === 4 || a.dtype.name === 'complex64' ? 2e-5 : 1e-12);
const close = (found: unknown, expected: number, a: NDArray): void => {
  expect(Math.abs(number(found) - expected)).toBeLessThanOrEqual(tolerance(a) * Math.abs(expected));
};

describe.each(fieldNames)('%s', (name) => {
  const x = random([3, 4, 5], name);

  it.each(orders)('vectors of order %s', (ord) => {
    for (const [layout, view] of Object.entries({ plain: (a: NDArray) => a, ...layouts })) {
      const a = view(x);
      for (const axis of [0, 1, -1]) {
        const found = norm(a, ord, axis) as NDArray; // with an axis
        const moved = np.moveaxis(x, axis, -1);
        expect(found.shape, layout).toEqual(moved.shape.slice(0, -1));
        expect(found.dtype.name).toBe(name.endsWith('64') === name.startsWith('float') ? 'float64' : 'float32');
        for (const [i, j] of [
          [0, 0],
          [1, 2],
          [2, 3],
        ]) {
          close(found.get(i, j), definition(magnitudes(moved.get(i, j)), ord), x);
        }
      }
      if (ord !== null) close(vector_norm(a, { ord }), definition(magnitudes(x), ord), x);
    }
    close(norm(x.get(0, 0), ord), definition(magnitudes(x.get(0, 0)), ord), x);
  });

  it('matrices', () => {
    for (const axes of [
      [0, 1],
      [1, 0],
      [-1, 0],
      [1, 2],
    ]) {
      const moved = np.moveaxis(x, axes, [0, 1]);
      for (const ord of [null, 'fro', 1, -1, INF, NEG] as const) {
        const found = norm(x, { ord, axis: axes }) as NDArray; // of more than two dimensions
        const kept = norm(x, ord, axes, true) as NDArray; // as above
        expect(kept.size).toBe(found.size);
        expect(kept.ndim).toBe(3);
        for (let i = 0; i < moved.shape[2]; i++) {
          const m = moved.get('...', i);
          const columns = Array.from({ length: m.shape[1] }, (_, j) => sum(magnitudes(m.get(':', j))));
          const rows = Array.from({ length: m.shape[0] }, (_, j) => sum(magnitudes(m.get(j))));
          const expected = {
            null: () => definition(magnitudes(m), 2),
            fro: () => definition(magnitudes(m), 2),
            1: () => Math.max(...columns),
            '-1': () => Math.min(...columns),
            Infinity: () => Math.max(...rows),
            '-Infinity': () => Math.min(...rows),
          }[String(ord) as 'fro']();
          close(found.get(i), expected, x);
          close(matrix_norm(m, { ord }), expected, x);
        }
      }
    }
  });
});

it('by singular values', () => {
  const values = [Math.sqrt(45), Math.sqrt(5)];
  const expected = { 2: values[0], '-2': values[1], nuc: values[0] + values[1] };
  for (const dtype of ['int64', 'float32', ...fieldNames]) {
    const stack = np
      .array([
        [3, 0],
        [4, 5],
      ])
      .multiply(np.array([1, 10, -2]).reshape([3, 1, 1]))
      .astype(dtype);
    for (const ord of [2, -2, 'nuc'] as const) {
      const found = norm(stack, ord, [1, 2]) as NDArray; // three matrices
      [1, 10, 2].forEach((factor, i) => {
        close(found.get(i), factor * expected[ord], found);
      });
      close(matrix_norm(stack.get(0), { ord }), expected[ord], found);
      close(norm(stack.get(0).T, ord), expected[ord], found);
    }
  }
});

it('takes integers, bools and nothing', () => {
  expect(norm([3n, 4n])).toBe(5);
  expect(norm(np.array([true, true, true, true]))).toBe(2);
  expect(norm(np.array([3, 4], { dtype: 'int8' }), 1)).toBe(7);
  expect(norm(np.array([3, 4], { dtype: 'float16' }))).toBe(5);
  expect(norm(7)).toBe(7);
  expect(norm(np.arange(24).reshape([2, 3, 4]))).toBe(Math.sqrt(4324));
  const nothing = np.zeros([0]);
  for (const ord of [null, 0, 1, 2, 3, INF]) expect(norm(nothing, ord)).toBe(0);
  expect(() => norm(nothing, NEG)).toThrow(np.ShapeError);
  for (const ord of [null, 'fro', 1, 2] as const) expect(norm(np.zeros([3, 0]), ord)).toBe(0);
  expect((norm(np.zeros([3, 0]), INF, 1) as NDArray).tolist()).toEqual([0, 0, 0]);
});

it('NaN, infinities and overflow as they come', () => {
  expect(norm([1, Number.NaN])).toBe(Number.NaN);
  for (const ord of [1, 2, INF, NEG, 3]) expect(norm([1, Number.NaN], ord)).toBe(Number.NaN);
  for (const ord of [1, 2, INF, 3]) expect(norm([1, NEG], ord)).toBe(INF);
  expect(norm([1e200, 1e200])).toBe(INF);
  expect(norm([1e-200, 1e-200])).toBe(0);
  expect(norm([-0])).toBe(0);
});

it('refuses what has no norm', () => {
  const m = np.ones([2, 2]);
  expect(() => norm(m, 3)).toThrow(np.ArgumentError);
  expect(() => norm(m, 'frob' as 'fro')).toThrow(np.ArgumentError);
  expect(() => norm([1, 2], 'fro')).toThrow(np.ArgumentError);
  expect(() => norm(np.ones([2, 2, 2]), 1)).toThrow(np.LinAlgError);
  expect(() => norm(m, null, 2)).toThrow(np.AxisError);
  expect(() => norm(m, 1, [0, 0])).toThrow(np.AxisError);
  expect(() => vector_norm(m, { ord: 'nuc' as unknown as number })).toThrow(np.ArgumentError);
  expect(() => matrix_norm([1, 2])).toThrow(np.LinAlgError);
});
