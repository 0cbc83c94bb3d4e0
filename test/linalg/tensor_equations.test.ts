// Equations between arrays, and powers of matrices: by what they solve, NumPy's shapes, and what they refuse.
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';
import { apart, random } from './_matrices.ts';

const { matrix_power, tensorinv, tensorsolve } = np.linalg;

describe('tensorsolve', () => {
  it.each([
    [[2, 3, 6], [2, 3], undefined, [6]],
    [[6, 2, 3], [6], undefined, [2, 3]],
    [[2, 3, 3, 1, 2], [2, 3], undefined, [3, 1, 2]],
    [[2, 6, 3], [6], [0, 2], [2, 3]],
    [[2, 6, 3], [6], [-1, 0], [3, 2]],
    [[1, 1], [], undefined, [1, 1]],
    [[0, 0], [0], undefined, [0]],
  ])('a %j, b %j, axes %j: x %j', (shape, right, axes, wanted) => {
    const a = random(shape, 'float64');
    const b = random(right, 'float64', 2);
    const x = tensorsolve(a, b, { axes });
    expect(x.shape).toEqual(wanted);
    const moved = axes === undefined ? a : np.transpose(a, axes[0] === 0 ? [1, 0, 2] : [1, 2, 0]);
    if (x.size > 0) expect(apart(np.tensordot(moved, x, x.ndim).reshape(right), b)).toBeLessThan(1e-11);
  });

  it('refuses what is not square, not there or not fitting', () => {
    expect(() => tensorsolve(np.ones([2, 3, 5]), np.ones([2, 3]))).toThrow(
      /\(2,3\) \(6 elements\).*\(5,\) \(5 elements\)/,
    );
    expect(() => tensorsolve(np.eye(4).reshape([2, 2, 4]), np.ones([2, 3]))).toThrow(
      /needs a right side of shape \(2,2\)/,
    );
    expect(() => tensorsolve(np.eye(4), np.ones([2, 2, 1]))).toThrow(np.LinAlgError);
    expect(() => tensorsolve(np.eye(4), np.ones([4]), [2])).toThrow(np.AxisError);
    expect(() => tensorsolve(np.zeros([2, 2]), [1, 2])).toThrow(/singular/);
  });
});

it('tensorinv', () => {
  for (const [shape, ind] of [
    [[2, 3, 6], 2],
    [[6, 2, 3], 1],
    [[4, 6, 8, 3], 2],
  ] as const) {
    const a = random(shape, 'complex128');
    const i = tensorinv(a, { ind });
    expect(i.shape).toEqual([...shape.slice(ind), ...shape.slice(0, ind)]);
    const n = shape.slice(0, ind).reduce((s, k) => s * k, 1);
    expect(apart(np.tensordot(i, a, ind).reshape([n, n]), np.eye(n))).toBeLessThan(1e-10);
  }
  expect(tensorinv(np.eye(6).reshape([6, 2, 3]), 1).shape).toEqual([2, 3, 6]);
  expect(() => tensorinv(np.eye(6), 0)).toThrow(/ind must be a number of axes from 1/);
  expect(() => tensorinv(np.eye(6).reshape([2, 3, 6]), 1)).toThrow(np.LinAlgError);
});

describe('matrix_power', () => {
  it.each([0, 1, 2, 3, 4, 5, 10, -1, -2, -3, -6])('%i', (n) => {
    for (const shape of [
      [3, 3],
      [2, 4, 4],
    ]) {
      const a = random(shape, 'float64').add(np.eye(shape[shape.length - 1]));
      const base = n < 0 ? np.linalg.inv(a) : a;
      let wanted: np.NDArray = np.broadcast_to(np.eye(shape[shape.length - 1]), shape);
      for (let i = 0; i < Math.abs(n); i++) wanted = np.matmul(wanted, base);
      const got = matrix_power(a, n);
      expect(got.shape).toEqual(shape);
      const size = Number(np.max(np.abs(wanted)));
      expect(apart(got, wanted)).toBeLessThanOrEqual(1e-13 * Math.max(1, size));
    }
  });

  it('dtypes and refusals', () => {
    const dtypeOf = (dtype: np.DTypeName, n: number): string => matrix_power(np.eye(2, { dtype }), n).dtype.name;
    expect(['int8', 'bool', 'float16', 'complex64'].map((d) => dtypeOf(d as np.DTypeName, 3))).toEqual([
      'int8',
      'bool',
      'float16',
      'complex64',
    ]);
    expect([dtypeOf('int8', 0), dtypeOf('int8', -1), dtypeOf('float32', -2)]).toEqual(['int8', 'float64', 'float32']);
    expect(matrix_power(np.eye(2, { dtype: 'int8' }).multiply(np.array(3).astype('int8')), 20n).tolist()).toEqual([
      [-111, 0],
      [0, -111],
    ]);
    expect(() => matrix_power(np.eye(2), 1.5)).toThrow(/n must be an integer/);
    expect(() => matrix_power(np.ones([2, 3]), 2)).toThrow(np.LinAlgError);
    expect(() => matrix_power([1, 2], 2)).toThrow(np.LinAlgError);
    expect(() => matrix_power(np.zeros([2, 2]), -1)).toThrow(/singular/);
  });
});
