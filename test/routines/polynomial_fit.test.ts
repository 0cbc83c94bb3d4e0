// polyfit against solutions by hand, roots against the polynomials they came from; and what is refused.

import { describe, expect, it } from 'vitest';
import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';

const close = (a: np.ArrayLike, b: np.ArrayLike, tolerance = 1e-10): void =>
  expect(np.allclose(a, b, { rtol: tolerance, atol: tolerance })).toBe(true);

describe('polyfit', () => {
  const x = np.array([-2, -1, 0, 1, 2, 4]);

  it('finds polynomials, of columns and of complex values', () => {
    const p = [2, -1, 0.5, 3];
    close(np.polyfit(x, np.polyval(p, x), 3), p);
    const columns = np.stack([np.polyval(p, x), np.polyval([0, 0, 1, -1], x)], { axis: 1 });
    const fitted = np.polyfit(x, columns, 3);
    close(fitted, np.array([p, [0, 0, 1, -1]]).T);
    const z = np.array([new np.Complex(1, 2), new np.Complex(0, -1)]);
    close(np.polyfit(x, np.polyval(z, x), 1), z);
    expect(np.polyfit(x.astype('float32'), x.astype('float32'), 1).dtype.name).toBe('float32');
    expect(np.polyfit([1n, 2n, 3n], [2n, 4n, 6n], 1).dtype.name).toBe('float64');
  });

  it('weights and covariance as the normal equations give them', () => {
    const y = np.array([1, 0, 2, 1, 5, 20]);
    const w = np.array([1, 2, 1, 0.5, 1, 3]);
    const a = np.vander(x, 3).multiply(w.reshape([-1, 1]));
    const normal = np.matmul(a.T, a);
    const expected = np.linalg.solve(normal, np.matmul(a.T, y.multiply(w)));
    close(np.polyfit(x, y, 2, { w }), expected);
    const [c, unscaled] = np.polyfit(x, y, 2, { w, cov: 'unscaled' });
    close(c, expected);
    close(unscaled, np.linalg.inv(normal));
    const rest = np.subtract(np.matmul(a, expected), y.multiply(w)) as NDArray;
    const { covariance } = np.polyfit(x, y, 2, { w, cov: true });
    close(covariance, unscaled.multiply(Number(np.dot(rest, rest)) / 3));
    const two = np.stack([y, y], { axis: 1 });
    expect(np.polyfit(x, two, 2, { cov: true }).covariance.shape).toEqual([3, 3, 2]);
    expect(np.polyfit(x, two, 2, { cov: 'unscaled' }).covariance.shape).toEqual([3, 3, 1]);
  });

  it('says what the points leave open', () => {
    const { coefficients, residuals, rank, singular_values, rcond } = np.polyfit([1, 2], [1, 2], 3, { full: true });
    expect([coefficients.shape, residuals.shape, rank, singular_values.shape]).toEqual([[4], [0], 2, [2]]);
    expect(rcond).toBe(2 * 2 ** -52);
    close(np.polyval(coefficients, [1, 2]), [1, 2]);
  });

  it('refuses what does not fit together', () => {
    expect(() => np.polyfit(x, [1, 2], 1)).toThrow(np.ShapeError);
    expect(() => np.polyfit([], [], 1)).toThrow(np.ShapeError);
    expect(() => np.polyfit(x, x, -1)).toThrow(np.ArgumentError);
    expect(() => np.polyfit(x, x, 1, { w: [1, 2] })).toThrow(np.ShapeError);
    expect(() => np.polyfit([1, 2], [1, 2], 1, { cov: true })).toThrow(/leave nothing/);
  });
});

describe('roots', () => {
  it.each([
    [
      [1, -6, 11, -6],
      [3, 2, 1],
    ],
    [[0, 0, 2, -4], [2]],
    [
      [1, -1, 0, 0],
      [1, 0, 0],
    ],
    [[7], []],
    [[0, 0], []],
    [[], []],
    [3, []],
  ])('of %j', (p, expected) => {
    const found = np.roots(p);
    expect([found.shape, found.dtype.name]).toEqual([[expected.length], 'float64']);
    if (expected.length > 0) close(np.sort(found), np.sort(expected));
  });

  it('of complex pairs, complex and single coefficients', () => {
    const found = np.roots([1, 0, 1]);
    expect(found.dtype.name).toBe('complex128');
    close(np.sort(np.imag(found)), [-1, 1]);
    const zeros = np.array([new np.Complex(1, 1), new np.Complex(-2, 0.5), new np.Complex(0, 3)]);
    close(np.sort(np.roots(np.poly(zeros))), np.sort(zeros));
    expect(np.roots(np.array([1, -3, 2], { dtype: 'float32' })).dtype.name).toBe('float32');
    expect(np.roots([2n, -4n]).tolist()).toEqual([2]);
  });

  it('refuses matrices and NaN', () => {
    expect(() => np.roots([[1, 2]])).toThrow(np.ShapeError);
    expect(() => np.roots([1, Number.NaN, 2])).toThrow(np.LinAlgError);
  });
});

it('poly of a matrix is its characteristic polynomial', () => {
  close(
    np.poly([
      [1, 2],
      [3, 4],
    ]),
    [1, -5, -2],
  );
  close(
    np.poly([
      [0, 1],
      [-1, 0],
    ]),
    [1, 0, 1],
  );
  expect(
    np.poly([
      [0, 1],
      [-1, 0],
    ]).dtype.name,
  ).toBe('float64');
  expect(() => np.poly(np.ones([2, 3]))).toThrow(np.LinAlgError);
});
