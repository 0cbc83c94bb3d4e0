// Differences, derivatives, integrals, interpolation, convolution, windows and bits against NumPy: fixtures/maths.json.
import { expect, it, test } from 'vitest';
import * as np from '../../src/index.ts';
import { checkRows } from '../fixtures/rows.ts';

// The operands of fixtures/make_maths.py.
const S = np.sin(np.arange(40).multiply(1.7)).multiply(5);
const R = np.rint(S.multiply(3));
const M = np.remainder(np.arange(24).multiply(7), 11).subtract(4.5).reshape(4, 6);
const I = np.remainder(np.arange(24n).multiply(7n), 11n).reshape(4, 6);
const U = np.remainder(np.arange(12n).multiply(37n), 256n).astype('uint8');
const X = np.array([0, 0.5, 2, 2.25, 4, 7]);
const Z = np.arange(6).add(np.remainder(np.arange(6).multiply(5), 7).multiply(new np.Complex(0, 1)));

checkRows('test/fixtures/maths.json', { S, R, M, I, U, X, Z });

// The same values where users keep them: typed arrays are read in place.
const list = Array.from({ length: 12 }, (_, i) => Math.sin(3 * i));
const heap = np.array(list);
const host = new Float64Array(list);
const bytes = new Uint8Array([3, 200, 7]);

test.each<[string, (x: np.NDArray | Float64Array) => unknown]>([
  ['diff', (x) => np.diff(x)],
  ['ediff1d', (x) => np.ediff1d(x, x)],
  ['gradient', (x) => np.gradient(x)],
  ['gradient at coordinates', (x) => np.gradient(x, np.cumsum(np.abs(x)))],
  ['trapezoid', (x) => np.trapezoid(x, x)],
  ['interp', (x) => np.interp(x, [-1, 0, 1], [1, 2, 4])],
  ['convolve', (x) => np.convolve(x, x)],
  ['cross', (x) => np.cross(np.reshape(x, [4, 3]), np.reshape(x, [4, 3]).get('::-1'))],
  ['unwrap', (x) => np.unwrap(x, { period: 0.5 })],
  ['real_if_close', (x) => np.real_if_close(x)],
])('%s of a typed array', (_, f) => {
  expect(String(f(host))).toBe(String(f(heap)));
  expect([...host]).toEqual(list);
});

it('bits of a typed array', () => {
  expect(np.packbits(bytes).tolist()).toEqual([224]);
  expect(np.unpackbits(bytes).size).toBe(24);
  expect(np.shares_memory(bytes, bytes)).toBe(true);
});

it('interpolates among many points, in any order of arguments, as among few', () => {
  const x = np.cumsum(np.abs(np.sin(np.arange(1000))).add(0.01));
  const y = np.cos(np.arange(1000));
  const middles = x.get('1:').add(x.get(':-1')).multiply(0.5);
  const expected = y.get('1:').add(y.get(':-1')).multiply(0.5);
  np.testing.assert_allclose(np.interp(middles, x, y), expected, 1e-11, 1e-13);
  const turned = np.interp(middles.get('::-1'), x, y).get('::-1');
  np.testing.assert_array_equal(turned, np.interp(middles, x, y));
  np.testing.assert_array_equal(np.interp(x, x, y), y);
});

it('convolves sequences longer than its blocks', () => {
  const a = np.remainder(np.arange(3000), 7).subtract(3);
  const v = np.remainder(np.arange(700), 5).subtract(2);
  const whole = np.convolve(a, v);
  expect(whole.size).toBe(3699);
  for (const i of [0, 255, 699, 700, 2048, 3000, 3698]) {
    let sum = 0;
    for (let j = Math.max(0, i - 699); j <= Math.min(i, 2999); j++) sum += ((j % 7) - 3) * (((i - j) % 5) - 2);
    expect(whole.item(i)).toBe(sum);
  }
});
