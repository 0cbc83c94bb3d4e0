// Least squares and pseudo-inverses: normal equations, least norm, ranks, residuals and shapes as NumPy's.

import { describe, expect, it } from 'vitest';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';
import { adjoint, apart, epsOf, fieldNames, layouts, most, random } from './_matrices.ts';
import { providers, useProvider } from './_providers.ts';

const { lstsq, pinv, svdvals, matrix_rank } = np.linalg;

describe.each(providers)('%s', (provider) => {
  useProvider(provider);
  describe.each(fieldNames)('%s', (name) => {
    const eps = epsOf(name);

    it.each([
      [1, 1, 1],
      [5, 3, 2],
      [3, 5, 2],
      [120, 111, 3],
      [50, 60, 3],
      [130, 20, 2],
      [20, 130, 2],
      [6, 6, 0],
    ])('%i × %i, %i right sides', (m, n, k) => {
      const [a, b] = [random([m, n], name), random([m, k], name, 3)];
      const { x, residuals, rank, s } = lstsq(a, b);
      expect([x.shape, rank, residuals.shape]).toEqual([[n, k], Math.min(m, n), [m > n ? k : 0]]);
      const [values, bound] = [svdvals(a), 8 * Math.max(m, n) * eps];
      expect(apart(s, values)).toBeLessThanOrEqual(bound * most(values));
      const rest = np.asarray(np.subtract(np.matmul(a, x), b));
      // ‖aᴴ·r‖ against ‖a‖·(‖a‖·‖x‖ + ‖b‖)
      const size = most(values) * (most(values) * most(x) + most(b)) * Math.sqrt(m + n);
      expect(most(np.matmul(adjoint(a), rest))).toBeLessThanOrEqual(bound * size);
      if (m > n) expect(apart(residuals, np.sum(np.square(np.abs(rest)), 0))).toBeLessThanOrEqual(bound * m);
      // x is in the row space: of least norm.
      if (m < n) expect(apart(np.matmul(np.matmul(pinv(a), a), x), x)).toBeLessThanOrEqual(bound * 50 * most(x));
    });
    it('rank-deficient', () => {
      for (const [m, n, r] of [
        [6, 4, 2],
        [60, 55, 40],
        [40, 70, 20],
      ]) {
        const a = np.matmul(random([m, r], name), random([r, n], name, 2));
        const b = random([m], name, 5);
        const { x, residuals, rank } = lstsq(a, b, m * eps * 10);
        expect([rank, residuals.shape, x.shape]).toEqual([r, [0], [n]]);
        const p = pinv(a, { rtol: m * eps * 10 });
        const scale = most(p) * Math.sqrt(m * n);
        expect(apart(np.matmul(p, b), x)).toBeLessThanOrEqual(100 * m * eps * scale * most(svdvals(a)) * scale);
        expect(matrix_rank(p, { rtol: m * eps * 10 })).toBe(r);
      }
    });
    it('pseudo-inverses of stacks: a·p·a = a, p·a·p = p, both products Hermitian', () => {
      for (const shape of [
        [4, 4],
        [2, 3, 5],
        [2, 55, 50],
        [0, 2, 3],
      ]) {
        const a = random(shape, name);
        const p = pinv(a);
        expect(p.shape).toEqual([...shape.slice(0, -2), shape[shape.length - 1], shape[shape.length - 2]]);
        const [ap, pa] = [np.matmul(a, p), np.matmul(p, a)];
        const bound = 30 * shape[shape.length - 1] * eps * (1 + most(p)) * Math.sqrt(shape[shape.length - 1]);
        expect(apart(np.matmul(ap, a), a)).toBeLessThanOrEqual(bound);
        expect(apart(np.matmul(pa, p), p)).toBeLessThanOrEqual(bound * (1 + most(p)));
        expect(apart(ap, adjoint(ap))).toBeLessThanOrEqual(bound);
        expect(apart(pa, adjoint(pa))).toBeLessThanOrEqual(bound);
      }
      const x = random([5, 5], name);
      const h = np.add(x, adjoint(x)).astype(name);
      expect(apart(pinv(h, { hermitian: true }), pinv(h))).toBeLessThanOrEqual(1000 * eps * most(pinv(h)) ** 2);
    });
    it('layouts', () => {
      const [a, b] = [random([7, 5], name), random([7, 2], name, 2)];
      for (const layout of Object.values(layouts)) {
        expect(np.array_equal(lstsq(layout(a), layout(b)).x, lstsq(a, b).x)).toBe(true);
      }
    });
    it('NaN does not converge', () => {
      for (const n of [2, 60]) {
        const a = np.full([n, n], Number.NaN, { dtype: name });
        expect(() => lstsq(a, np.ones([n]))).toThrow(/did not converge/);
        expect(() => pinv(a)).toThrow(/did not converge/);
      }
    });
  });
});

it('shapes without elements, integers, and what does not fit', () => {
  const parts = (a: readonly number[], b: readonly number[]): unknown[] => {
    const { x, residuals, rank, s } = lstsq(np.ones(a), np.ones(b));
    return [x.shape, residuals.tolist(), rank, s.tolist()];
  };
  expect(parts([0, 2], [0])).toEqual([[2], [], 0, []]);
  expect(parts([2, 0], [2])).toEqual([[0], [2], 0, []]);
  expect(parts([2, 0], [2, 3])).toEqual([[0, 3], [2, 2, 2], 0, []]);
  const line: NDArray = np.array([[1n, 0n], [1n, 1n], [1n, 2n]]); // biome-ignore format: a matrix
  const [x, residuals, rank, s] = lstsq(line, [1, 3, 5]);
  expect(apart(x as NDArray, [1, 2])).toBeLessThan(1e-14);
  expect([(residuals as NDArray).shape, rank, (s as NDArray).dtype.name]).toEqual([[1], 2, 'float64']);
  expect(() => lstsq(np.ones([3, 2]), np.ones([4]))).toThrow(/does not fit/);
  expect(() => lstsq(np.ones([2, 3, 2]), np.ones([2]))).toThrow(/no stacks/);
  expect(() => lstsq(np.ones([3, 2]), np.ones([3, 2, 2]))).toThrow(/does not fit/);
  expect(() => pinv(np.eye(2), { rcond: 1e-3, rtol: 1e-3 })).toThrow(/leave one out/);
  expect(pinv(np.stack([np.diag([2, 1]), np.diag([1, 0.3])]), { rcond: [0.1, 0.9] }).tolist()).toEqual([
    [[0.5, 0], [0, 1]],
    [[1, 0], [0, 0]],
  ]); // biome-ignore format: matrices
});
