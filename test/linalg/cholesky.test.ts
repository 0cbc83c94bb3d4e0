// Cholesky factors: multiplied out they are the matrix, in all fields, sizes around the blocks, stacks and layouts; what
// is not positive definite is refused as LAPACK refuses it.
import { describe, expect, it } from 'vitest';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';
import { adjoint, apart, epsOf, fieldNames, layouts, most, random } from './_matrices.ts';
import { providers, useProvider } from './_providers.ts';

const { cholesky } = np.linalg;
const positive = (shape: readonly number[], name: (typeof fieldNames)[number]): NDArray => {
  const x = random(shape, name);
  return np.matmul(x, adjoint(x)).add(np.eye(shape[shape.length - 1], { dtype: name }));
};

describe.each(providers)('%s', (provider) => {
  useProvider(provider);
  describe.each(fieldNames)('%s', (name) => {
    it.each([0, 1, 2, 3, 5, 8, 17, 31, 32, 33, 64, 95, 130])('order %i: the factor times its adjoint', (n) => {
      const a = positive([n, n], name);
      for (const upper of [false, true]) {
        const c = cholesky(a, { upper });
        expect([c.dtype.name, c.shape, c.contiguous]).toEqual([name, [n, n], true]);
        const product = upper ? np.matmul(adjoint(c), c) : np.matmul(c, adjoint(c));
        expect(apart(product, a)).toBeLessThanOrEqual((n + 1) * epsOf(name) * most(a));
        expect(most(upper ? np.tril(c, -1) : np.triu(c, 1))).toBe(0);
      }
    });

    it('reads one triangle, and of the diagonal the real part', () => {
      const n = 37;
      const a = positive([n, n], name);
      for (const upper of [false, true]) {
        const spoilt = a.add(
          upper ? np.tril(np.full([n, n], Number.NaN), -1) : np.triu(np.full([n, n], Number.NaN), 1),
        );
        const bent = spoilt.dtype.kind === 'c' ? spoilt.add(np.multiply(np.eye(n), new np.Complex(0, 5))) : spoilt;
        expect(np.array_equal(cholesky(bent.astype(name), { upper }), cholesky(a, { upper }))).toBe(true);
      }
    });

    it('stacks and layouts have the bits of single matrices', () => {
      for (const [shape, n] of [
        [[3], 4],
        [[2, 3], 35],
        [[0], 3],
        [[300], 9],
      ] as const) {
        const a = positive([...shape, n, n], name);
        const c = cholesky(a);
        expect(c.shape).toEqual([...shape, n, n]);
        const [all, singles] = [
          a.reshape([-1, n, n].map((k) => (k < 0 ? a.size / n / n : k))),
          c.reshape([c.size / n / n, n, n]),
        ];
        for (let i = 0; i < Math.min(5, all.shape[0]); i++) {
          expect(np.array_equal(singles.get(i), cholesky(all.get(i)))).toBe(true);
        }
        for (const layout of Object.values(layouts)) expect(np.array_equal(cholesky(layout(a)), c)).toBe(true);
      }
    });

    it('badly scaled matrices', () => {
      const scales = name === 'float32' || name === 'complex64' ? [1e-18, 1e18] : [1e-150, 1e150];
      for (const scale of scales) {
        const a = positive([20, 20], name).multiply(scale).astype(name);
        const c = cholesky(a);
        expect(apart(np.matmul(c, adjoint(c)), a)).toBeLessThanOrEqual(21 * epsOf(name) * most(a));
      }
    });

    it('NaN gives NaN', () => {
      for (const n of [3, 50]) {
        const a = positive([n, n], name);
        a.set([1, 1], Number.NaN);
        const nan = np.isnan(cholesky(a));
        expect([nan.get(0, 0).item(), nan.get(1, 1).item()]).toEqual([false, true]);
      }
    });

    it('says which matrix is not positive definite', () => {
      const a = np.concatenate([positive([2, 40, 40], name), positive([1, 40, 40], name)]);
      a.set([1, 35, 35], -1);
      expect(() => cholesky(a)).toThrow(/matrix 1 of the stack is not positive definite.*order 36/);
      for (const bad of [0, -1]) {
        const b = np.eye(3, { dtype: name });
        b.set([1, 1], bad);
        expect(() => cholesky(b)).toThrow(/the matrix is not positive definite.*order 2/);
      }
    });
  });
});

it('other operands', () => {
  expect(
    cholesky([
      [4, 2],
      [2, 5],
    ]).tolist(),
  ).toEqual([
    [2, 0],
    [1, 2],
  ]);
  expect(cholesky(np.array([[4n]])).dtype.name).toBe('float64');
  expect(() => cholesky([1, 2])).toThrow(np.LinAlgError);
  expect(() => cholesky([[1, 2, 3]])).toThrow(/must be equal, the shape is \(1,3\)/);
  expect(() => cholesky(np.eye(2, { dtype: 'float16' }))).toThrow(np.DTypeError);
  expect(() => cholesky(np.eye(2), { uper: true } as never)).toThrow(/did you mean 'upper'/);
});
