// Singular values: A = U·diag(S)·Vh with orthonormal vectors and descending S, on shapes and matrices of all sorts, in all
// fields, layouts and stacks; small singular values to full relative accuracy where the matrix determines them.

import { describe, expect, it } from 'vitest';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';
import { kernelOf } from '../../src/kernel/compile.ts';
import { fields } from '../../src/linalg/lapack/language.ts';
import { addBidiagonalQr } from '../../src/linalg/lapack/singular_kernel.ts';
import { allocate, primarySegment } from '../../src/memory/allocate.ts';
import { adjoint, apart, epsOf, fieldNames, layouts, most, random, square, squareNames } from './_matrices.ts';
import { providers, useProvider } from './_providers.ts';

const { svd, svdvals, matrix_rank, cond } = np.linalg;

const list = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));
const bidiagonal = (d: readonly number[], e: readonly number[]): NDArray =>
  np.asarray(np.add(np.diag(d), np.diag(e, 1)));

/** Bidiagonal matrices that are hard. */
const kinds: Record<string, (n: number) => NDArray> = {
  zero: (n) => np.zeros([n, n]),
  ones: (n) => np.ones([n, n]),
  'zeros on the diagonal': (n) =>
    bidiagonal(
      list(n, (i) => (i % 5 === 2 ? 0 : 1)),
      list(n - 1, () => 1),
    ),
  nilpotent: (n) =>
    bidiagonal(
      list(n, () => 0),
      list(n - 1, () => 1),
    ),
  'all ones': (n) =>
    bidiagonal(
      list(n, () => 1),
      list(n - 1, () => 1),
    ),
  'glued clusters': (n) =>
    bidiagonal(
      list(n, (i) => 1 + Math.abs((i % 21) - 10)),
      list(n - 1, (i) => ((i + 1) % 21 === 0 ? 1e-9 : 1)),
    ),
  'graded down': (n) =>
    bidiagonal(
      list(n, (i) => 10 ** (-i / 4)),
      list(n - 1, (i) => 10 ** (-i / 4)),
    ),
  'graded up': (n) =>
    bidiagonal(
      list(n, (i) => 10 ** (i / 4 - 9)),
      list(n - 1, (i) => 10 ** (i / 4 - 9)),
    ),
};

describe.each(providers)('%s', (provider) => {
  useProvider(provider);
  describe.each(fieldNames)('%s', (name) => {
    const eps = epsOf(name);
    const proved = (a: NDArray, factor = 3): void => {
      const stack = a.shape.slice(0, -2);
      const [m, n] = a.shape.slice(-2);
      const k = Math.min(m, n);
      for (const full_matrices of [true, false]) {
        const { U, S, Vh } = svd(a, { full_matrices });
        const [left, right] = full_matrices ? [m, n] : [k, k];
        expect([U.shape, S.shape, Vh.shape]).toEqual([
          [...stack, m, left],
          [...stack, k],
          [...stack, right, n],
        ]);
        expect([U.dtype.name, Vh.dtype.name, U.contiguous, Vh.contiguous]).toEqual([name, name, true, true]);
        const [u, v] = [U.astype('complex128'), Vh.astype('complex128')];
        const values = S.astype('float64');
        const bound = factor * (Math.max(m, n) + 2) * eps;
        const size = most(values);
        const eye = (order: number): NDArray => np.broadcast_to(np.eye(order), [...stack, order, order]);
        expect(apart(np.matmul(adjoint(u), u), eye(left))).toBeLessThanOrEqual(bound);
        expect(apart(np.matmul(v, adjoint(v)), eye(right))).toBeLessThanOrEqual(bound);
        const scaled = np.multiply(u.get('...', `:${k}`), np.expand_dims(values, -2));
        const product = np.matmul(scaled, v.get('...', `:${k}`, ':'));
        expect(apart(product, a.astype('complex128'))).toBeLessThanOrEqual(bound * size);
        expect(apart(svdvals(a), S)).toBeLessThanOrEqual(bound * size);
        expect(most(np.maximum(np.diff(values), 0))).toBe(0);
        expect(most(np.minimum(values, 0))).toBe(0);
      }
    };

    it.each([
      [0, 0],
      [0, 3],
      [3, 0],
      [1, 1],
      [1, 4],
      [4, 1],
      [2, 2],
      [5, 3],
      [3, 5],
      [115, 112],
      [49, 49],
      [60, 50],
      [50, 60],
      [80, 20],
      [20, 80],
    ])('%i × %i', (m, n) => proved(random([m, n], name)));
    it.each(Object.keys(kinds))('%s', (kind) => {
      for (const n of [7, 115]) proved(kinds[kind](n).astype(name));
    });
    it.each(squareNames)('%s', (kind) => {
      for (const n of [5, 51]) proved(square(kind, n, name));
    });
    it('sizes near the limits', () => {
      const span = name === 'float32' || name === 'complex64' ? 30 : 290;
      for (const n of [3, 60]) {
        for (const factor of [10 ** span, 10 ** -span]) {
          const a = np.multiply(random([n, n], name), factor).astype(name);
          const { U, S, Vh } = svd(a);
          const back = np.matmul(np.multiply(U, np.divide(S, factor)), Vh);
          expect(apart(back, np.divide(a, factor))).toBeLessThanOrEqual(8 * n * eps);
        }
      }
    });
    it('stacks and layouts', () => {
      for (const shape of [
        [3, 4, 3],
        [2, 2, 2, 5],
        [0, 3, 3],
        [2, 55, 52],
        [100, 3, 3],
      ]) {
        proved(random(shape, name));
      }
      for (const [m, n] of [
        [6, 4],
        [4, 6],
        [60, 52],
      ]) {
        const a = random([m, n], name);
        for (const layout of Object.values(layouts)) {
          expect(np.array_equal(svd(layout(a)).U, svd(a).U)).toBe(true);
        }
      }
      proved(np.broadcast_to(random([4, 3], name), [3, 4, 3]));
    });
    it('of Hermitian matrices by their eigenvalues', () => {
      for (const n of [1, 4, 50]) {
        const x = random([n, n], name);
        const a = np.add(x, adjoint(x)).astype(name);
        const { U, S, Vh } = svd(a, { hermitian: true });
        const bound = 4 * n * eps * most(S);
        expect(apart(np.matmul(np.multiply(U, S), Vh), a)).toBeLessThanOrEqual(bound);
        expect(apart(S, svdvals(a))).toBeLessThanOrEqual(bound);
        expect(apart(svd(a, { hermitian: true, compute_uv: false }), S)).toBeLessThanOrEqual(bound);
      }
    });
    it('NaN and infinities do not converge', () => {
      for (const n of [1, 3, 60]) {
        for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY]) {
          const stack = np.stack([np.eye(n), np.eye(n)]).astype(name);
          stack.set([1, n - 1, 0], bad);
          expect(() => svd(stack)).toThrow(/singular values did not converge: \d+ of matrix 1 of the stack/);
          expect(() => svdvals(stack.get(1))).toThrow(/did not converge/);
        }
      }
    });
    it('rank and condition', () => {
      for (const [m, n, r] of [
        [5, 4, 2],
        [60, 70, 50],
      ]) {
        const a = np.matmul(random([m, r], name), random([r, n], name, 2));
        expect([matrix_rank(a), matrix_rank(a.mT), matrix_rank(np.zeros([m, n], { dtype: name }))]).toEqual([r, r, 0]);
      }
      const stack = np.stack([np.diag([4, 2]), np.zeros([2, 2])]).astype(name);
      expect([np.asarray(matrix_rank(stack)).tolist(), np.asarray(cond(stack)).tolist()]).toEqual([
        [2, 0],
        [2, Number.POSITIVE_INFINITY],
      ]);
    });
  });
});

it('small singular values of bidiagonal matrices are as accurate as large ones', () => {
  // The product of all is that of the diagonal, whatever their spread.
  const { run } = kernelOf('bidiagonal.qr.float64', (module) => addBidiagonalQr(module, fields.float64)).at(
    primarySegment(),
  );
  for (const n of [4, 12, 30]) {
    const d = list(n, (i) => 2 ** (-9 * i));
    const e = list(n, (i) => 2 ** (-9 * i - 4));
    for (const [diagonal, above] of [
      [d, e],
      [[...d].reverse(), [...e.slice(0, -1)].reverse()],
    ]) {
      const heap = allocate(16 * n, true);
      const { f64 } = primarySegment();
      f64.set([...diagonal, ...above], heap.ptr / 8);
      expect(run(n, heap.ptr, heap.ptr + 8 * n, 0, 0, 0, 0, 0, 0, 0)).toBe(0);
      const values = f64.slice(heap.ptr / 8, heap.ptr / 8 + n);
      const ratio = values.reduce((p, x, i) => p * (x / d[i]), 1);
      expect(Math.abs(ratio - 1)).toBeLessThanOrEqual(n * 2 ** -44);
    }
  }
});

it('orders of the condition number, options, and what does not fit', () => {
  const a = [
    [2, 0],
    [0, 1],
  ];
  const orders = [null, 2, -2, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 'fro', 'nuc'] as const;
  expect(orders.map((p) => Number(Number(cond(a, p)).toFixed(12)))).toEqual([2, 2, 0.5, 2, 0.5, 2, 0.5, 2.5, 4.5]);
  const singular = np.ones([2, 2]);
  expect([1, 'fro', -1, Number.POSITIVE_INFINITY].map((p) => cond(singular, p as 1))).toEqual(
    new Array(4).fill(Number.POSITIVE_INFINITY),
  );
  expect(cond(np.array([[1, Number.NaN], [0, 1]]), 1)).toBeNaN(); // biome-ignore format: a matrix
  expect([matrix_rank([0, 0]), matrix_rank([0, 2]), matrix_rank(5)]).toEqual([0, 1, 1]);
  expect([matrix_rank(a, 1.5), matrix_rank(a, { rtol: 0.6 }), matrix_rank(a, { hermitian: true })]).toEqual([1, 1, 2]);
  const [u, s, vh] = svd([[3, 0], [0, -4]]); // biome-ignore format: a matrix
  expect([u.shape, s.tolist(), vh.shape]).toEqual([[2, 2], [4, 3], [2, 2]]); // biome-ignore format: short
  expect(() => svd(np.ones([3]))).toThrow(/at least 2/);
  expect(() => cond(np.zeros([0, 3]))).toThrow(/empty/);
  expect(() => cond(np.ones([2, 3]), 1)).toThrow(/must be equal/);
  expect(() => matrix_rank(a, { tol: 1, rtol: 1 })).toThrow(/leave one out/);
});
