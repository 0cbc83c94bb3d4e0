// Equations and inverses: residuals on matrices of all kinds, in all fields, sizes around the blocks, stacks, layouts; what
// is singular is refused.
import { describe, expect, it } from 'vitest';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';
import { apart, epsOf, fieldNames, layouts, most, random, square, squareNames } from './_matrices.ts';
import { providers, useProvider } from './_providers.ts';

const { inv, solve } = np.linalg;
const sizes = [0, 1, 2, 3, 4, 7, 16, 31, 32, 33, 50, 65, 129];

describe.each(providers)('%s', (provider) => {
  useProvider(provider);
  describe.each(fieldNames)('%s', (name) => {
    const within = (n: number, a: NDArray, x: NDArray): number => 4 * (n + 1) * epsOf(name) * most(a) * most(x);

    it.each(sizes)('order %i: a·x is b, a·inv(a) the identity', (n) => {
      const a = random([n, n], name);
      for (const b of [
        random([n], name, 2),
        random([n, 1], name, 3),
        random([n, 3], name, 4),
        random([n, 70], name, 5),
      ]) {
        const x = solve(a, b);
        expect([x.dtype.name, x.shape, x.contiguous]).toEqual([name, b.shape, true]);
        expect(apart(np.matmul(a, x), b)).toBeLessThanOrEqual(within(n, a, x));
      }
      const i = inv(a);
      expect([i.dtype.name, i.shape, i.contiguous]).toEqual([name, [n, n], true]);
      expect(apart(np.matmul(a, i), np.eye(n))).toBeLessThanOrEqual(within(n, a, i));
    });

    it.each(squareNames)('%s', (kind) => {
      for (const n of [5, 40]) {
        // Of single Hilbert matrices this size nothing but singularity is left.
        const a = square(kind, kind === 'hilbert' ? Math.min(n, 6) : n, name);
        const rows = a.shape[0];
        const b = random([rows, 2], name, 7);
        const x = solve(a, b);
        // Row by row, as rows may be graded; of graded columns element by element.
        const [A, X] = [np.abs(a.astype('complex128')), np.abs(x.astype('complex128'))];
        const sizesOf =
          kind === 'columns graded' ? A.matmul(X) : np.max(A, { axis: 1, keepdims: true }).multiply(np.max(X, 0));
        const residual = np.abs(np.subtract(np.matmul(a.astype('complex128'), x), b));
        expect(most(np.divide(residual, sizesOf))).toBeLessThanOrEqual(16 * rows * epsOf(name));
      }
    });

    it('stacks and layouts', () => {
      for (const [stack, n] of [
        [[3], 4],
        [[2, 3], 35],
        [[0], 3],
        [[300], 9],
      ] as const) {
        const a = random([...stack, n, n], name);
        const b = random([...stack, n, 2], name, 2);
        const [x, i] = [solve(a, b), inv(a)];
        expect([x.shape, i.shape]).toEqual([b.shape, a.shape]);
        const count = a.size / n / n;
        const [as, bs, xs, is] = [a, b, x, i].map((y) => y.reshape([count, n, y.shape[y.ndim - 1]]));
        for (let s = 0; s < Math.min(4, count); s++) {
          expect(np.array_equal(xs.get(s), solve(as.get(s), bs.get(s)))).toBe(true);
          expect(np.array_equal(is.get(s), inv(as.get(s)))).toBe(true);
        }
        for (const layout of Object.values(layouts)) {
          expect(np.array_equal(solve(layout(a), layout(b)), x)).toBe(true);
          expect(np.array_equal(inv(layout(a)), i)).toBe(true);
        }
      }
    });

    it('NaN and infinities do not hang', () => {
      for (const n of [3, 40]) {
        const a = random([n, n], name);
        a.set([1, 1], Number.NaN);
        expect(np.isnan(solve(a, random([n], name))).any()).toBe(true);
        expect(np.isnan(inv(a)).any()).toBe(true);
        a.set([1, 1], Number.POSITIVE_INFINITY);
        expect(solve(a, random([n], name)).shape).toEqual([n]);
      }
    });

    it('says which matrix is singular', () => {
      const a = np.concatenate([random([2, 40, 40], name), np.eye(40, { dtype: name }).reshape([1, 40, 40])]);
      a.set([2, 17, 17], 0);
      expect(() => inv(a)).toThrow(/matrix 2 of the stack is singular.*column 17/);
      expect(() => solve(a, random([40], name))).toThrow(/matrix 2 of the stack is singular.*column 17/);
      expect(() => solve(np.zeros([2, 2], { dtype: name }), [1, 2])).toThrow(/the matrix is singular.*column 0/);
      expect(() => inv(np.zeros([1, 1], { dtype: name }))).toThrow(np.LinAlgError);
    });
  });
});

describe('shapes', () => {
  const eye = np.eye(2);
  it.each([
    [[2, 2], [2], [2]],
    [
      [2, 2],
      [2, 3],
      [2, 3],
    ],
    [
      [2, 2],
      [5, 2, 3],
      [5, 2, 3],
    ],
    [[4, 2, 2], [2], [4, 2]],
    [
      [4, 2, 2],
      [2, 3],
      [4, 2, 3],
    ],
    [
      [4, 1, 2, 2],
      [5, 2, 3],
      [4, 5, 2, 3],
    ],
    [
      [0, 2, 2],
      [2, 1],
      [0, 2, 1],
    ],
    [
      [2, 2],
      [0, 2, 1],
      [0, 2, 1],
    ],
    [
      [2, 2],
      [2, 0],
      [2, 0],
    ],
    [[0, 0], [0], [0]],
    [
      [0, 0],
      [0, 3],
      [0, 3],
    ],
    [
      [3, 0, 0],
      [0, 2],
      [3, 0, 2],
    ],
  ])('%j with %j gives %j', (a, b, x) => {
    const left = a[a.length - 1] === 0 ? np.zeros(a) : np.broadcast_to(eye.multiply(2), a);
    const got = solve(left, np.ones(b));
    expect(got.shape).toEqual(x);
    expect(got.contiguous).toBe(true);
    expect(most(got.subtract(0.5))).toBe(0);
  });

  it('what does not fit is refused with its shapes', () => {
    expect(() => solve(eye, [1, 2, 3])).toThrow(/shape \(2,2\) do not fit right sides of shape \(3,\)/);
    expect(() => solve(np.ones([3, 2, 2]), np.ones([3, 2]))).toThrow(/one column: b\[…, null\]/);
    expect(() => solve(np.ones([3, 2, 2]), np.ones([4, 2, 1]))).toThrow(np.ShapeError);
    expect(() => solve(np.ones([2, 3]), [1, 2])).toThrow(np.LinAlgError);
    expect(() => solve(eye, 1)).toThrow(np.LinAlgError);
    for (const n of [3, 40]) expect(() => solve(np.zeros([n, n]), np.zeros([n, 0]))).toThrow(/singular/);
    expect(solve(np.zeros([2, 2]), np.zeros([0, 2, 1])).shape).toEqual([0, 2, 1]);
    expect(() => inv([1])).toThrow(np.LinAlgError);
    expect(() => inv(np.eye(2, { dtype: 'float16' }))).toThrow(np.DTypeError);
  });

  it('dtypes', () => {
    const dtype = (a: np.DTypeName, b: np.DTypeName): string =>
      solve(np.eye(2, { dtype: a }), np.ones([2], { dtype: b })).dtype.name;
    expect([dtype('int32', 'float32'), dtype('float32', 'float32'), dtype('float32', 'complex64')]).toEqual([
      'float64',
      'float32',
      'complex64',
    ]);
    expect([dtype('float64', 'complex64'), dtype('bool', 'uint8')]).toEqual(['complex128', 'float64']);
  });
});
