// clip, round, nan_to_num, real, imag, integer powers, mixed signs, truth values and refusals: what the tables of types
// and values do not see.

import { describe, expect, it } from 'vitest';
import type { NDArray } from '../../src/array/ndarray.ts';
import * as orthant from '../../src/index.ts';

const np: typeof orthant = orthant; // functions are looked up by name
const { array, Complex } = np;
const list = (a: unknown): unknown => (a as NDArray).tolist();
const typed = (a: unknown): [string, unknown] => [(a as NDArray).dtype.name, list(a)];

describe('clip', () => {
  it.each([
    [() => np.clip([1, 5, NaN], 2, 4), ['float64', [2, 4, NaN]]],
    [() => np.clip([1, 5], null, 4), ['float64', [1, 4]]],
    [() => np.clip([1, 5], 4), ['float64', [4, 5]]],
    [() => np.clip([1, 5], 4, 2), ['float64', [2, 2]]],
    [
      () => np.clip([[1], [9]], [2, 3], [4, 8]),
      [
        'float64',
        [
          [2, 3],
          [4, 8],
        ],
      ],
    ],
    [() => array([-5n, 50n], { dtype: 'int8' }).clip(0, 9), ['int8', [0, 9]]],
    [() => np.clip(array([true, false]), array([true]), array([true])), ['bool', [true, true]]],
  ])('%#', (call, expected) => expect(typed(call())).toEqual(expected));
  it('says what to do about a bound that does not fit', () => {
    expect(() => array([1n], { dtype: 'int8' }).clip(0, 300)).toThrow(/300 does not fit in int8/);
  });
});

describe('round', () => {
  it.each([
    [() => np.round([1.25, 2.675, -0.5, 15.5], 2), ['float64', [1.25, 2.68, -0.5, 15.5]]],
    [() => np.round([0.5, 1.5, -2.5]), ['float64', [0, 2, -2]]],
    [() => np.round([1234.5, 1250], -2), ['float64', [1200, 1200]]],
    [() => array([15n, 25n], { dtype: 'int8' }).round(-1), ['int8', [20, 20]]],
    [() => np.around(array([15n]), 3), ['int64', [15]]],
    [() => np.round([1.26], 1, { out: np.zeros(1) }), ['float64', [1.3]]],
  ])('%#', (call, expected) => expect(typed(call())).toEqual(expected));
  it('rounds both parts', () => expect(list(np.round([new Complex(1.26, -2.5)], 1))).toEqual([new Complex(1.3, -2.5)]));
  it('rounds numbers to numbers', () => expect(np.round(2.675, 2)).toBe(2.68));
  it('refuses fractional decimals', () => expect(() => np.round([1], 0.5)).toThrow(np.ArgumentError));
});

describe('nan_to_num', () => {
  const values = [NaN, Infinity, -Infinity, 1];
  it.each([
    [() => np.nan_to_num(values), ['float64', [0, Number.MAX_VALUE, -Number.MAX_VALUE, 1]]],
    [() => np.nan_to_num(array(values, { dtype: 'float16' })), ['float16', [0, 65504, -65504, 1]]],
    [() => np.nan_to_num(values, { nan: 7, posinf: 8, neginf: 9 }), ['float64', [7, 8, 9, 1]]],
    [() => np.nan_to_num([1n, 2n]), ['int64', [1, 2]]],
  ])('%#', (call, expected) => expect(typed(call())).toEqual(expected));
  it('replaces parts', () => {
    expect(list(np.nan_to_num([new Complex(NaN, Infinity)], { posinf: 3 }))).toEqual([new Complex(0, 3)]);
  });
  it('replaces in place', () => {
    const a = array(values);
    expect(np.nan_to_num(a, { copy: false, posinf: 1, neginf: 2 })).toBe(a);
    expect(a.tolist()).toEqual([0, 1, 2, 1]);
  });
});

describe('parts', () => {
  const z = array([new Complex(1, 2), new Complex(3, -4)]);
  it('are views', () => {
    expect(typed(z.real)).toEqual(['float64', [1, 3]]);
    expect(typed(np.imag(z))).toEqual(['float64', [2, -4]]);
    const copy = z.copy();
    copy.imag.set(0, 9);
    expect(copy.tolist()).toEqual([new Complex(1, 9), new Complex(3, -4)]);
  });
  it('of real arrays and scalars', () => {
    const a = array([1, 2]);
    expect(np.real(a)).toBe(a);
    expect(typed(np.imag(a))).toEqual(['float64', [0, 0]]);
    expect([np.real(new Complex(1, 2)), np.imag(new Complex(1, 2)), np.imag(5)]).toEqual([1, 2, 0]);
  });
});

describe('integer powers', () => {
  const base = array([2n, -3n]);
  it.each([
    [() => np.power(base, 3n), [8, -27]],
    [() => np.power(base, 3), [8, -27]],
    [() => np.power(base, array([0n, 1n], { dtype: 'uint8' })), [1, -3]],
    [() => np.power(base, array([-1n, 1n]), { where: array([false, true]) }), [0, -3]],
    [() => np.power(array([2, 4]), -1), [0.5, 0.25]],
  ])('%#', (call, expected) => expect(list(call())).toEqual(expected));
  it.each([
    [() => np.power(base, -1n)],
    [() => base.power([1n, -2n])],
    [() => np.power(2n, -1n)],
    [() => np.power(array([2n], { dtype: 'uint8' }), array([-1n], { dtype: 'int8' }))],
  ])('refuse negative exponents %#', (call) => {
    expect(call).toThrow(np.ArgumentError);
    expect(call).toThrow(/float_power/);
  });
});

describe('uint64 with int64', () => {
  const u = array([0n, 1n, 2n ** 63n, 2n ** 64n - 1n], { dtype: 'uint64' });
  const i = array([-1n, 1n, 2n ** 63n - 1n, -1n]);
  it.each([
    ['equal', [false, true, false, false], [false, true, false, false]],
    ['not_equal', [true, false, true, true], [true, false, true, true]],
    ['less', [false, false, false, false], [true, false, true, true]],
    ['less_equal', [false, true, false, false], [true, true, true, true]],
    ['greater', [true, false, true, true], [false, false, false, false]],
    ['greater_equal', [true, true, true, true], [false, true, false, false]],
  ] as const)('%s is exact', (name, ui, iu) => {
    expect(list(np[name](u, i))).toEqual(ui);
    expect(list(np[name](i, u))).toEqual(iu);
  });
  it('has no common integer elsewhere', () => {
    expect(() => np.add(u, i)).toThrow(np.DTypeError);
    expect(typed(np.divide(u, 2n))[0]).toBe('float64');
    expect((np.arctan2(u, i) as NDArray).dtype.name).toBe('float64');
    expect(list(np.logical_and(u, i))).toEqual([false, true, true, true]);
  });
});

describe('truth values', () => {
  it('are those of any number', () => {
    const a = array([0n, 1n, 2n], { dtype: 'int8' });
    expect(list(np.logical_and(a, 300))).toEqual([false, true, true]);
    expect(list(np.logical_or(a, 0.5))).toEqual([true, true, true]);
    expect(list(np.logical_not([0, NaN, -0]))).toEqual([true, false, true]);
    expect(list(np.logical_xor([new Complex(0, 1)], [0]))).toEqual([true]);
    expect(np.logical_and(2, 3)).toBe(true);
  });
});

describe('refusals', () => {
  const flags = array([true, false]);
  it.each([
    [() => np.subtract(flags, flags), /does not take bool[\s\S]*logical_xor/],
    [() => np.negative(flags), /logical_not/],
    [() => np.bitwise_and(1.5, 2), /not defined for float64/],
    [() => np.bitwise_and([1.5], [2]), /bitwise_and is not defined for float64/],
    [() => np.floor(array([new Complex(1)])), /floor is not defined for complex128/],
    [() => np.ldexp([1], [0.5]), /cannot cast operand 1 from float64 to int64/],
  ])('%#', (call, message) => expect(call).toThrow(message));
});

describe('numbers beside arrays', () => {
  const a = array([1, 2], { dtype: 'float32' });
  it('take the same value on the short path and on the long one', () => {
    const strided = np
      .array(
        [
          [1, 9],
          [2, 9],
        ],
        { dtype: 'float32' },
      )
      .get('...', 0);
    for (const name of ['add', 'divide', 'less', 'power', 'arctan2'] as const) {
      expect(list(np[name](a, 0.1))).toEqual(list(np[name](strided, 0.1)));
      expect(list(np[name](0.1, a))).toEqual(list(np[name](0.1, strided)));
    }
    expect(list(np.divide(array([1n, 2n]), 0.5))).toEqual([2, 4]);
    expect(() => np.add(array([1n]), 0.5)).toThrow(np.PrecisionError);
    expect(() => np.add(array([1n], { dtype: 'uint8' }), 300)).toThrow(np.PrecisionError);
  });
  it('give numbers when alone', () => {
    expect([np.add(1, 2), np.sqrt(4), np.isnan(NaN), np.frexp(8)]).toEqual([3, 2, true, [0.5, 4]]);
  });
});
