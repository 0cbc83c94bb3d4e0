// QR: the factors multiply to the matrix, Q's columns are orthonormal, R is a triangle; all modes, fields, shapes, stacks,
// layouts and kinds of matrices.
import { describe, expect, it } from 'vitest';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';
import { adjoint, apart, epsOf, fieldNames, layouts, most, random, square, squareNames } from './_matrices.ts';
import { providers, useProvider } from './_providers.ts';

const { qr } = np.linalg;

describe.each(providers)('%s', (provider) => {
  useProvider(provider);
  describe.each(fieldNames)('%s', (name) => {
    const proved = (a: NDArray, factor = 4): void => {
      const [m, n] = a.shape;
      const k = Math.min(m, n);
      const eps = epsOf(name);
      for (const mode of ['reduced', 'complete'] as const) {
        const { Q, R } = qr(a, { mode });
        const columns = mode === 'reduced' ? k : m;
        expect([Q.shape, R.shape, Q.dtype.name, R.dtype.name]).toEqual([[m, columns], [columns, n], name, name]);
        expect([Q.contiguous, R.contiguous]).toEqual([true, true]);
        expect(apart(np.matmul(adjoint(Q), Q), np.eye(columns))).toBeLessThanOrEqual(factor * (m + 1) * eps);
        // Columns of their own size each.
        const sizes = np.max(
          np.abs(
            np
              .concatenate([a, np.ones([1, n])])
              .get(':-1')
              .astype('complex128'),
          ),
          {
            axis: 0,
            initial: 0,
          },
        );
        const error = np.abs(np.subtract(np.matmul(Q.astype('complex128'), R), a));
        expect(most(np.divide(error, sizes.add(Number.MIN_VALUE)))).toBeLessThanOrEqual(factor * (m + n) * eps);
        expect(most(np.tril(R, -1))).toBe(0);
        if (name.startsWith('complex')) expect(most(np.imag(np.diagonal(R)))).toBe(0);
      }
      expect(np.array_equal(qr(a, 'r'), qr(a).R)).toBe(true);
    };

    it.each([
      [0, 0],
      [0, 3],
      [3, 0],
      [1, 1],
      [2, 2],
      [4, 4],
      [5, 3],
      [3, 5],
      [33, 33],
      [49, 49],
      [100, 20],
      [120, 60],
      [20, 90],
      [60, 100],
      [97, 97],
    ])('%i × %i', (m, n) => proved(random([m, n], name)));

    it.each(squareNames)('%s', (kind) => {
      for (const n of [6, 55]) proved(square(kind, n, name), 16);
    });

    it('zeros and dependent columns', () => {
      proved(np.zeros([4, 3], { dtype: name }));
      proved(np.ones([60, 60], { dtype: name }));
    });

    it('stacks and layouts', () => {
      for (const [stack, m, n] of [
        [[3], 4, 3],
        [[2, 3], 3, 5],
        [[0], 3, 2],
        [[2], 70, 60],
        [[200], 6, 6],
      ] as const) {
        const a = random([...stack, m, n], name);
        for (const mode of ['reduced', 'complete'] as const) {
          const { Q, R } = qr(a, mode);
          const count = a.size / m / n;
          const [as, qs, rs] = [a, Q, R].map((x) => x.reshape([count, ...x.shape.slice(-2)]));
          for (let i = 0; i < Math.min(3, count); i++) {
            const one = qr(as.get(i), mode);
            expect(np.array_equal(one.Q, qs.get(i)) && np.array_equal(one.R, rs.get(i))).toBe(true);
          }
          for (const layout of Object.values(layouts)) {
            const other = qr(layout(a), mode);
            expect(np.array_equal(other.Q, Q) && np.array_equal(other.R, R)).toBe(true);
          }
        }
      }
    });

    it('raw: reflectors that make Q', () => {
      const a = random([5, 3], name);
      const { h, tau } = qr(a, { mode: 'raw' });
      expect([h.shape, tau.shape]).toEqual([[3, 5], [3]]);
      let q = np.eye(5, { dtype: name }) as NDArray; // its shape does not matter
      for (let i = 0; i < 3; i++) {
        const v = np.concatenate([np.zeros([i]), np.ones([1]), h.get(i, `${i + 1}:`)]);
        q = np.subtract(q, np.multiply(tau.get(i), np.outer(q.matmul(v), np.conjugate(v))));
      }
      expect(apart(q, qr(a, 'complete').Q)).toBeLessThanOrEqual(32 * epsOf(name));
      expect(np.array_equal(np.triu(h.T.get(':3')), qr(a).R)).toBe(true);
    });

    it('NaN and infinities do not hang', () => {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
        for (const n of [3, 60]) {
          const a = random([n, n], name);
          a.set([0, 0], bad);
          expect(np.isnan(qr(a).R).any()).toBe(true);
        }
      }
    });
  });
});

it('named results and errors', () => {
  const [q, r] = qr([
    [3, 0],
    [4, 5],
  ]);
  expect(
    apart(q, [
      [-0.6, -0.8],
      [-0.8, 0.6],
    ]),
  ).toBeLessThan(1e-15);
  expect(
    apart(r, [
      [-5, -4],
      [0, 3],
    ]),
  ).toBeLessThan(2e-15);
  expect(qr(np.ones([2, 2], { dtype: 'int8' })).Q.dtype.name).toBe('float64');
  expect(() => qr([1, 2])).toThrow(np.LinAlgError);
  expect(() => qr([[1]], 'full' as never)).toThrow(/mode is 'full'/);
  expect(() => qr([[1]], { modus: 'r' } as never)).toThrow(/no option 'modus'/);
});
