// Hermitian eigenproblems: A·V = V·w with orthonormal V and ascending w, on matrices of all sorts, in all fields, layouts
// and stacks; only one triangle is read; tridiagonal matrices that are hard for divide and conquer.

import { describe, expect, it } from 'vitest';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';
import { adjoint, apart, epsOf, fieldNames, layouts, most, random } from './_matrices.ts';
import { providers, useProvider } from './_providers.ts';

const { eigh, eigvalsh } = np.linalg;

/** A symmetric tridiagonal matrix. */
const tridiagonal = (d: readonly number[], e: readonly number[]): NDArray =>
  np.asarray(np.add(np.diag(d), np.add(np.diag(e, 1), np.diag(e, -1))));
const list = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));

/** Symmetric matrices by what is hard about them. */
const kinds: Record<string, (n: number) => NDArray> = {
  zero: (n) => np.zeros([n, n]),
  identity: (n) => np.eye(n),
  ones: (n) => np.ones([n, n]),
  diagonal: (n) => np.diag(list(n, (i) => ((i * 7) % n) - 2)),
  wilkinson: (n) =>
    tridiagonal(
      list(n, (i) => Math.abs(i - (n - 1) / 2)),
      list(n - 1, () => 1),
    ),
  'glued wilkinson': (n) =>
    tridiagonal(
      list(n, (i) => Math.abs((i % 21) - 10)),
      list(n - 1, (i) => ((i + 1) % 21 === 0 ? 1e-9 : 1)),
    ),
  'second differences': (n) =>
    tridiagonal(
      list(n, () => 2),
      list(n - 1, () => -1),
    ),
  clement: (n) =>
    tridiagonal(
      list(n, () => 0),
      list(n - 1, (i) => Math.sqrt((i + 1) * (n - 1 - i))),
    ),
  'graded down': (n) =>
    tridiagonal(
      list(n, (i) => 10 ** (-i / 4)),
      list(n - 1, (i) => 10 ** (-i / 4 - 1)),
    ),
  'graded up': (n) =>
    tridiagonal(
      list(n, (i) => 10 ** (i / 4 - 9)),
      list(n - 1, (i) => 10 ** (i / 4 - 9)),
    ),
  'one cluster': (n) => np.asarray(np.add(np.eye(n), np.multiply(1e-14, hermitian(random([n, n], 'float64'))))),
};

const hermitian = (a: NDArray): NDArray => np.add(a, adjoint(a)).astype(a.dtype);

describe.each(providers)('%s', (provider) => {
  useProvider(provider);
  describe.each(fieldNames)('%s', (name) => {
    const eps = epsOf(name);
    const proved = (a: NDArray, factor = 3): void => {
      const n = a.shape[a.ndim - 1];
      const { eigenvalues: w, eigenvectors: v } = eigh(a);
      expect([w.shape, v.shape, v.dtype.name, v.contiguous]).toEqual([a.shape.slice(0, -1), a.shape, name, true]);
      expect(w.dtype.name).toBe(name.endsWith('64') && name !== 'complex64' ? 'float64' : realName(name));
      const wide = a.astype('complex128');
      const [values, vectors] = [w.astype('float64'), v.astype('complex128')];
      const size = most(values);
      const bound = factor * (n + 2) * eps;
      expect(apart(np.matmul(adjoint(vectors), vectors), np.broadcast_to(np.eye(n), a.shape))).toBeLessThanOrEqual(
        bound,
      );
      const error = apart(np.matmul(wide, vectors), np.multiply(vectors, np.expand_dims(values, -2)));
      expect(error).toBeLessThanOrEqual(bound * size);
      expect(apart(eigvalsh(a), w)).toBeLessThanOrEqual(bound * size);
      expect(most(np.minimum(np.diff(values), 0))).toBe(0);
    };
    const realName = (of: string): string => (of === 'complex64' || of === 'float32' ? 'float32' : 'float64');

    it.each([0, 1, 2, 3, 5, 8, 31, 48, 49, 64, 112])('order %i', (n) => proved(hermitian(random([n, n], name))));
    it.each(Object.keys(kinds))('%s', (kind) => {
      for (const n of [7, 115]) proved(kinds[kind](n).astype(name));
    });
    it('sizes near the limits', () => {
      const span = name === 'float32' || name === 'complex64' ? 30 : 290;
      for (const n of [3, 60]) {
        for (const factor of [10 ** span, 10 ** -span]) {
          const a = np.multiply(hermitian(random([n, n], name)), factor).astype(name);
          const { eigenvalues: w, eigenvectors: v } = eigh(a);
          const back = np.matmul(np.multiply(v, np.divide(w, factor)), adjoint(v));
          expect(apart(back, np.divide(a, factor))).toBeLessThanOrEqual(8 * n * eps);
        }
      }
    });
    it('reads one triangle, and no imaginary parts of the diagonal', () => {
      for (const n of [5, 60]) {
        const a = hermitian(random([n, n], name));
        const dirt = np.multiply(np.triu(np.ones([n, n]), 1), 99);
        const [lower, upper] = [np.add(a, dirt).astype(name), np.add(a, dirt.T).astype(name)];
        const skew = name.startsWith('complex') ? np.multiply(np.eye(n), new np.Complex(0, 5)) : 0;
        for (const [x, UPLO] of [
          [lower, 'L'],
          [upper, 'U'],
        ] as const) {
          const marred = np.add(x, skew).astype(name);
          const { eigenvalues: w, eigenvectors: v } = eigh(marred, { UPLO });
          expect(apart(np.matmul(a, v), np.multiply(v, w))).toBeLessThanOrEqual(4 * n * eps * most(w));
          expect(apart(eigvalsh(marred, UPLO), w)).toBeLessThanOrEqual(4 * n * eps * most(w));
        }
      }
    });
    it('stacks and layouts', () => {
      for (const shape of [
        [3, 4, 4],
        [2, 3, 2, 2],
        [0, 3, 3],
        [2, 55, 55],
        [100, 3, 3],
      ]) {
        proved(hermitian(random(shape, name)));
      }
      for (const n of [6, 52]) {
        const a = hermitian(random([n, n], name));
        for (const layout of Object.values(layouts)) {
          expect(np.array_equal(eigh(layout(a)).eigenvectors, eigh(a).eigenvectors)).toBe(true);
        }
      }
      const one = hermitian(random([4, 4], name));
      proved(np.broadcast_to(one, [3, 4, 4]));
    });
    it('NaN and infinities do not converge', () => {
      for (const n of [1, 3, 60]) {
        for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
          const stack = np.stack([np.eye(n), np.eye(n)]).astype(name);
          stack.set([1, n - 1, 0], bad);
          expect(() => eigh(stack)).toThrow(/eigenvalues did not converge: \d+ of matrix 1 of the stack/);
          expect(() => eigvalsh(stack.get(1))).toThrow(/did not converge/);
        }
      }
    });
  });
});

it('takes integers, options by position, and refuses what does not fit', () => {
  const [w, v] = eigh([
    [2, 1],
    [1, 2],
  ]);
  expect([w.dtype.name, v.shape]).toEqual(['float64', [2, 2]]);
  expect(apart(w, [1, 3])).toBeLessThan(1e-15);
  expect(eigvalsh(np.array([[3n]])).tolist()).toEqual([3]);
  expect(() => eigh(np.ones([2, 3]))).toThrow(/must be equal/);
  expect(() => eigh(np.ones([2]))).toThrow(/at least 2/);
  expect(() => eigh(np.eye(2), { UPLO: 'X' as 'L' })).toThrow(/UPLO/);
  expect(() => eigh(np.eye(2, { dtype: 'float16' }))).toThrow(/float16/);
});
