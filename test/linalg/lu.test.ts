// L and U on addresses: multiplied out, with the rows exchanged, they are the matrix; the pivots are the greatest elements.
// Determinants from them, where products overflow on the way too.
import { afterEach, describe, expect, it } from 'vitest';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';
import { fields } from '../../src/linalg/lapack/language.ts';
import { lu } from '../../src/linalg/lapack/lu.ts';
import { addressOf, byColumns } from '../../src/linalg/stacks.ts';
import { primarySegment } from '../../src/memory/allocate.ts';
import { apart, epsOf, fieldNames, most, random, square, squareNames } from './_matrices.ts';
import { release, take } from './_operands.ts';

afterEach(release);
const { det, slogdet } = np.linalg;

describe.each(fieldNames)('%s', (name) => {
  const factored = (a: NDArray) => {
    const [m, n] = a.shape;
    const k = Math.min(m, n);
    const work = byColumns(a, fields[name]);
    const [pivots, info] = [take(4 * k).ptr, take(4).ptr];
    const segment = primarySegment();
    lu({ segment, field: fields[name], count: 1, m, n, a: addressOf(work), pivots, info });
    const f = (work as NDArray).mT; // made as one
    const order = Array.from({ length: m }, (_, i) => i);
    for (let i = 0; i < k; i++) {
      const p = segment.i32[pivots / 4 + i] - 1;
      [order[i], order[p]] = [order[p], order[i]];
    }
    const l = np.tril(f, -1).get(':', `:${k}`).add(np.eye(m, k));
    return { l, u: np.triu(f).get(`:${k}`), turned: a.get(order), info: segment.i32[info / 4] };
  };

  it.each([
    [1, 1],
    [4, 4],
    [5, 3],
    [3, 5],
    [33, 33],
    [100, 40],
    [40, 100],
    [200, 7],
    [7, 200],
    [129, 129],
    [20, 150],
  ])('%i × %i', (m, n) => {
    const a = random([m, n], name);
    const { l, u, turned, info } = factored(a);
    expect(info).toBe(0);
    expect(most(l)).toBeLessThanOrEqual(fields[name].complex ? Math.SQRT2 + 1e-6 : 1);
    expect(apart(np.matmul(l, u), turned)).toBeLessThanOrEqual(8 * Math.min(m, n) * epsOf(name) * most(a));
  });

  it.each(squareNames)('%s', (kind) => {
    const a = square(kind, 45, name);
    const { l, u, turned } = factored(a);
    const sizes = np.matmul(np.abs(l.astype('complex128')), np.abs(u.astype('complex128'))).add(Number.MIN_VALUE);
    const error = np.abs(np.subtract(np.matmul(l.astype('complex128'), u), turned));
    expect(most(np.divide(error, sizes))).toBeLessThanOrEqual(4 * 45 * epsOf(name));
  });

  it('the first column without a pivot is told, and the rest factored', () => {
    for (const n of [4, 60]) {
      const a = random([n, n], name);
      a.set([':', 2], 0);
      const { l, u, turned, info } = factored(a);
      expect(info).toBe(3);
      expect(apart(np.matmul(l, u), turned)).toBeLessThanOrEqual(8 * n * epsOf(name) * most(a));
    }
  });

  it('determinants', () => {
    const factor = fields[name].width === 4 ? 1e-4 : 1e-10;
    for (const n of [1, 2, 3, 6]) {
      const a = random([n, n], name);
      // By the first row (Laplace).
      const minor = (x: NDArray): NDArray => {
        if (x.shape[0] === 1) return x.get(0, 0);
        let sum = np.zeros([], { dtype: 'complex128' });
        for (let j = 0; j < x.shape[0]; j++) {
          const rest = minor(np.delete(x.get('1:'), j, 1));
          sum = sum.add(
            x
              .get(0, j)
              .multiply(rest)
              .multiply(j % 2 === 0 ? 1 : -1),
          ) as NDArray; // complex128 stays
        }
        return sum;
      };
      const wanted = minor(a.astype('complex128'));
      expect(apart(det(a), wanted)).toBeLessThan(factor);
      const { sign, logabsdet } = slogdet(a);
      expect(apart(np.multiply(sign, np.exp(logabsdet)), wanted)).toBeLessThan(factor);
    }
  });

  it('products that overflow on the way', () => {
    const big = fields[name].width === 4 ? 2 ** 100 : 2 ** 900;
    const of = (...d: number[]): NDArray => np.diag(np.array(d).astype(name));
    expect(Number(np.abs(det(of(big, big, 1 / big, 1 / big, 3))))).toBe(3);
    expect(Number(np.abs(det(of(1 / big, 1 / big, 5, big, big))))).toBe(5);
    expect(np.abs(det(of(big, big)))).toBe(Number.POSITIVE_INFINITY);
    expect(Number(np.abs(det(of(1 / big, 1 / big))))).toBe(0);
    expect(Number(slogdet(of(big, big)).logabsdet)).toBeCloseTo(2 * Math.log(big), 3);
    expect(Number(slogdet(of(1 / big, 1 / big)).logabsdet)).toBeCloseTo(-2 * Math.log(big), 3);
    expect(Number(slogdet(of(big, 1 / big, 1)).logabsdet)).toBe(0);
  });
});

it('stacks, empty and singular matrices', () => {
  expect(
    det([
      [1, 2],
      [3, 4],
    ]),
  ).toBeCloseTo(-2, 14);
  expect(det(np.zeros([0, 0]))).toBe(1);
  expect([...slogdet(np.zeros([0, 0]))]).toEqual([1, 0]);
  expect(
    det([
      [1, 2],
      [2, 4],
    ]),
  ).toBe(0);
  expect(
    slogdet([
      [1, 2],
      [2, 4],
    ]),
  ).toMatchObject({ sign: 0, logabsdet: Number.NEGATIVE_INFINITY });
  expect(det(np.eye(2, { dtype: 'complex64' }))).toMatchObject({ re: 1, im: 0 });
  const stack = np.stack([np.eye(3), np.eye(3).multiply(-2), np.zeros([3, 3])]);
  expect(np.asarray(det(stack)).tolist()).toEqual([1, -8, 0]);
  const { sign, logabsdet } = slogdet(stack);
  expect(np.asarray(sign).tolist()).toEqual([1, -1, 0]);
  expect(np.asarray(logabsdet).tolist()).toEqual([0, Math.log(8), Number.NEGATIVE_INFINITY]);
  expect(np.asarray(det(np.zeros([0, 3, 3]))).shape).toEqual([0]);
  expect(det(np.diag([Number.NaN, 1]))).toBeNaN();
  expect(det(np.diag([Number.POSITIVE_INFINITY, 2]))).toBe(Number.POSITIVE_INFINITY);
  expect(() => det([[1, 2]])).toThrow(np.LinAlgError);
});
