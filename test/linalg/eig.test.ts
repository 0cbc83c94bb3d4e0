// General eigenproblems: every column of the eigenvectors has a small residual and length 1, on matrices of all sorts, in
// all fields, layouts and stacks; results are real where all of a stack is; what cannot be solved is refused.

import { describe, expect, it } from 'vitest';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';
import { epsOf, fieldNames, layouts, most, random, square } from './_matrices.ts';
import { providers, useProvider } from './_providers.ts';

const { eig, eigvals } = np.linalg;
type Name = (typeof fieldNames)[number];

const grid = (n: number, element: (i: number, j: number) => number): NDArray =>
  np.array(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => element(i, j))));

/** Matrices whose eigenvalues are hard, and what is peculiar about each. */
const kinds: Record<string, (n: number) => NDArray> = {
  zero: (n) => np.zeros([n, n]),
  'one Jordan block': (n) => grid(n, (i, j) => (i === j ? 2 : j === i + 1 ? 1 : 0)),
  'two Jordan blocks': (n) => grid(n, (i, j) => (i === j ? -1 : j === i + 1 && j !== n >> 1 ? 1 : 0)),
  nilpotent: (n) => grid(n, (i, j) => (j > i ? i + j : 0)),
  'nilpotent, turned': (n) => grid(n, (i, j) => (j < i ? i - j : 0)),
  'upper triangle': (n) => np.triu(random([n, n], 'float64')),
  companion: (n) => grid(n, (i, j) => (i === 0 ? [1, -3, 2, 5][j % 4] : i === j + 1 ? 1 : 0)),
  frank: (n) => grid(n, (i, j) => (j >= i - 1 ? n - Math.max(i, j) : 0)),
  grcar: (n) => grid(n, (i, j) => (j === i - 1 ? -1 : j >= i && j <= i + 3 ? 1 : 0)),
  cycle: (n) => grid(n, (i, j) => (j === (i + 1) % n ? 1 : 0)),
  rotations: (n) => grid(n, (i, j) => (i === j ? 0 : i === (j ^ 1) ? (i > j ? 1 + j : -1 - i) : 0)),
  'equal columns': (n) => grid(n, (i) => i + 1),
  skew: (n) => np.subtract(random([n, n], 'float64'), random([n, n], 'float64').T),
  symmetric: (n) => np.add(random([n, n], 'float64'), random([n, n], 'float64').T),
  'isolated at both ends': (n) => grid(n, (i, j) => (i === j || (j > i && (i === 0 || j === n - 1)) ? i + 1 : 0)),
  'subdiagonal of a diagonal': (n) => grid(n, (i, j) => (i === j ? i : i === j + 1 ? 1e-14 : 0)),
};

/** The greatest residual of a column, and how far its length is from 1. */
function residuals(a: NDArray, w: NDArray, v: NDArray): { residual: number; length: number } {
  const wide = a.astype('complex128');
  const [values, vectors] = [w.astype('complex128'), v.astype('complex128')];
  return {
    residual: most(np.subtract(np.matmul(wide, vectors), np.multiply(vectors, values))),
    length: most(np.asarray(np.linalg.norm(vectors, { axis: 0 })).subtract(1)),
  };
}

/** Small against the rounding of n elements of the matrix's size. */
function proved(a: NDArray, name: Name, factor = 4): void {
  const n = a.shape[0];
  const { eigenvalues, eigenvectors } = eig(a);
  expect([eigenvalues.shape, eigenvectors.shape]).toEqual([[n], [n, n]]);
  expect(eigenvectors.contiguous && eigenvalues.contiguous).toBe(true);
  const { residual, length } = residuals(a, eigenvalues, eigenvectors);
  const size = n * epsOf(name) * Number(np.linalg.norm(a.astype('complex128')));
  expect(residual).toBeLessThanOrEqual(factor * size);
  expect(length).toBeLessThanOrEqual(factor * n * epsOf(name));
  const sums = [eigenvalues, eigvals(a)].map((w) => np.sum(w.astype('complex128')));
  for (const s of sums)
    expect(Number(np.abs(np.subtract(s, np.trace(a.astype('complex128')))))).toBeLessThanOrEqual(factor * size);
}

const isReal = (name: Name): boolean => !name.startsWith('complex');
const single = (name: Name): boolean => epsOf(name) > 1e-10;

describe.each(providers)('%s', (provider) => {
  useProvider(provider);
  describe.each(fieldNames)('%s', (name) => {
    it.each([0, 1, 2, 3, 4, 5, 17, 40, 90])('random, of order %i', (n) => proved(random([n, n], name), name));

    it.each(Object.keys(kinds))('%s', (kind) => {
      for (const n of [2, 3, 8, 20]) {
        proved(kinds[kind](n).astype(name), name);
        if (!isReal(name))
          proved(
            kinds[kind](n)
              .multiply(np.array(new np.Complex(0.6, -0.8)))
              .astype(name),
            name,
          );
      }
    });

    it.each(['near singular', 'hilbert', 'rows turned'] as const)('%s', (kind) => proved(square(kind, 12, name), name));

    // Eigenvalues of D⁻¹·A·D are those of A; without balancing nothing of them would be left.
    it('badly scaled', () => {
      const [n, most10] = [10, single(name) ? 3 : 8];
      const a = random([n, n], name);
      const scales = np.array(Array.from({ length: n }, (_, i) => 2 ** Math.round((i - n / 2) * most10)));
      const scaled = np.divide(np.multiply(a, scales), scales.reshape([n, 1])).astype(name);
      const [w, expected] = [scaled, a].map((x) => eigvals(x).astype('complex128'));
      const distances = np.abs(np.subtract(w.reshape([n, 1]), expected)) as NDArray; // of an array
      expect(most(np.min(distances, 1))).toBeLessThan(100 * n * epsOf(name));
      expect(most(np.min(distances, 0))).toBeLessThan(100 * n * epsOf(name));
    });

    it('near the ends of the range', () => {
      for (const scale of single(name) ? [1e-36, 1e36] : [1e-300, 1e300]) {
        const a = random([12, 12], name).astype('complex128');
        const scaled = a.multiply(scale).astype(name);
        const w = eigvals(scaled).astype('complex128').divide(scale);
        const { eigenvalues, eigenvectors } = eig(scaled);
        const { residual } = residuals(a, eigenvalues.astype('complex128').divide(scale), eigenvectors);
        expect(residual).toBeLessThan(200 * epsOf(name));
        const sum = np.asarray(np.sum(w));
        expect(most(sum.subtract(np.trace(a)))).toBeLessThan(200 * epsOf(name));
      }
    });

    it('stacks and layouts', () => {
      for (const [stack, n] of [
        [[3], 4],
        [[2, 3], 3],
        [[0], 3],
        [[2], 50],
        [[60], 5],
        [[2], 0],
      ] as const) {
        const a = random([...stack, n, n], name);
        const { eigenvalues, eigenvectors } = eig(a);
        expect([eigenvalues.shape, eigenvectors.shape]).toEqual([[...stack, n], a.shape]);
        const count = stack.reduce((x, y) => x * y, 1);
        const rows = [a, eigenvectors].map((x) => x.reshape([count, n, n]));
        for (let i = 0; i < Math.min(4, count); i++) {
          const one = eig(rows[0].get(i));
          expect(np.array_equal(one.eigenvalues, eigenvalues.reshape([count, n]).get(i))).toBe(true);
          expect(np.array_equal(one.eigenvectors, rows[1].get(i))).toBe(true);
        }
        for (const layout of Object.values(layouts)) {
          expect(np.array_equal(eig(layout(a)).eigenvectors, eigenvectors)).toBe(true);
          expect(np.array_equal(eigvals(layout(a)), eigvals(a))).toBe(true);
        }
      }
    });

    it('the greatest element of a complex eigenvector is real', () => {
      const { eigenvectors } = eig(random([9, 9], name));
      for (let j = 0; j < 9; j++) {
        const column = eigenvectors.get(':', j).astype('complex128');
        const at = Number(np.argmax(np.abs(column)));
        expect(Math.abs(Number(np.imag(column).get(at)))).toBeLessThan(8 * epsOf(name));
      }
    });
  });

  it('is real where all eigenvalues of the stack are, else complex', () => {
    const [flat, turn] = [
      [
        [2, 1],
        [0, 3],
      ],
      [
        [0, 1],
        [-1, 0],
      ],
    ];
    for (const dtype of ['float32', 'float64'] as const) {
      const both = np.array([flat, turn], { dtype });
      const complex = dtype === 'float32' ? 'complex64' : 'complex128';
      const dtypesOf = (a: NDArray): string[] => {
        const { eigenvalues, eigenvectors } = eig(a);
        return [eigenvalues, eigenvectors, eigvals(a)].map((x) => x.dtype.name);
      };
      expect(dtypesOf(both.get(0))).toEqual([dtype, dtype, dtype]);
      expect(dtypesOf(both)).toEqual([complex, complex, complex]);
    }
    expect(eigvals(np.array(flat, { dtype: 'complex128' })).dtype.name).toBe('complex128');
    expect(
      eigvals(
        np.array([
          [2n, 1n],
          [0n, 3n],
        ]),
      ).tolist(),
    ).toEqual([2, 3]);
    expect(eigvals(turn).tolist()).toEqual([new np.Complex(0, 1), new np.Complex(0, -1)]);
    expect(
      eigvals([
        [true, false],
        [false, true],
      ]).dtype.name,
    ).toBe('float64');
    const [w, v] = eig(flat);
    expect([w.tolist(), v.shape]).toEqual([
      [2, 3],
      [2, 2],
    ]);
  });

  it('refuses what has no eigenvalues, leaving operands alone', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const a = np.array([
        [
          [1, 2],
          [3, 4],
        ],
        [
          [1, bad],
          [0, 1],
        ],
      ]);
      expect(() => eig(a)).toThrow(/matrix 1 of the stack contains NaN or infinities/);
      expect(() => eigvals(a.get(1))).toThrow(np.LinAlgError);
      expect(a.get(0).tolist()).toEqual([
        [1, 2],
        [3, 4],
      ]);
    }
    expect(() => eig(np.ones([2, 3]))).toThrow(np.LinAlgError);
    expect(() => eig([1, 2])).toThrow(np.LinAlgError);
    expect(() => eig(np.ones([2, 2], { dtype: 'float16' }))).toThrow(np.DTypeError);
  });
});
