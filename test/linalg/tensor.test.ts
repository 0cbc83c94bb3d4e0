// vecdot, matvec, vecmat, tensordot, outer, kron against NumPy (fixtures/tensor.json), and what they refuse.
import { describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';
import { checkRows } from '../fixtures/rows.ts';

// The operands of fixtures/make_tensor.py.
const A = np.arange(24).reshape(2, 3, 4);
const B = np.remainder(np.arange(24).multiply(5), 13).reshape(4, 3, 2);
const V = np.arange(4).subtract(1);
const Z = np.arange(4).add(np.remainder(np.arange(4).multiply(3), 5).multiply(new np.Complex(0, 1)));
const I = np
  .array([
    [100, 27, -128],
    [127, 5, 9],
  ])
  .astype('int8');
const T = np.array([
  [true, false],
  [false, false],
]);
checkRows('test/fixtures/tensor.json', { A, B, V, Z, I, T });

describe('into out', () => {
  it.each<[string, (out?: np.NDArray) => unknown, number[]]>([
    ['vecdot', (out) => np.vecdot(A, V, { out }), [2, 3]],
    ['matvec', (out) => np.matvec(A, V, { out }), [2, 3]],
    ['vecmat', (out) => np.vecmat(V, B.get(':', ':', 0), { out }), [3]],
    ['outer', (out) => np.outer(V, V, { out }), [4, 4]],
  ])('%s', (_, call, shape) => {
    const out = np.full(shape, Number.NaN);
    expect(call(out)).toBe(out);
    expect(np.array_equal(out, call() as np.NDArray)).toBe(true);
  });
});

it.each<[string, () => unknown, new (...args: never[]) => np.OrthantError, RegExp]>([
  ['vecdot of other lengths', () => np.vecdot(A, [1, 2]), np.ShapeError, /4 and 2 elements/],
  ['vecdot of a scalar', () => np.vecdot(1, V), np.ShapeError, /fewer than 1 axes/],
  ['vecdot into another shape', () => np.vecdot(A, V, { out: np.zeros(2) }), np.ShapeError, /vecdot/],
  ['matvec of a vector', () => np.matvec(V, V), np.ShapeError, /fewer than 2 axes/],
  ['tensordot of other lengths', () => np.tensordot(A, A, 1), np.ShapeError, /axes 2 and 0/],
  ['tensordot of too many axes', () => np.tensordot(A, V, 2), np.ShapeError, /at most 1/],
  [
    'tensordot of lists that differ',
    () => np.tensordot(A, B, { axes: [[0], [1, 2]] }),
    np.ArgumentError,
    /equal length/,
  ],
  ['tensordot of no such axis', () => np.tensordot(A, B, { axes: [7, 0] }), np.AxisError, /7/],
  ['tensordot of nonsense', () => np.tensordot(A, B, { axes: 'all' as never }), np.ArgumentError, /number of axes/],
  ['outer with a misspelt option', () => np.outer(V, V, { uot: V } as object), np.ArgumentError, /uot/],
])('%s is refused', (_, call, error, message) => {
  expect(call).toThrow(error);
  expect(call).toThrow(message);
});
