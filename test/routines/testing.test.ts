// np.testing: what holds passes, what does not says what differs and where.
import { describe, expect, it, test } from 'vitest';
import * as np from '../../src/index.ts';

const t = np.testing;
const nan = Number.NaN;
const inf = Number.POSITIVE_INFINITY;
const f32 = (x: number[]): np.NDArray => np.array(x, { dtype: 'float32' });
const f16 = (x: number[]): np.NDArray => np.array(x, { dtype: 'float16' });

test.each<[string, () => unknown]>([
  ['equal arrays', () => t.assert_array_equal([1, nan, inf], [1, nan, inf])],
  ['a list has no dtype', () => t.assert_array_equal(np.arange(3n), [0, 1, 2])],
  ['a scalar stands for every element', () => t.assert_array_equal(np.ones([2, 3]), 1)],
  ['two scalars', () => t.assert_array_equal(3, 3n)],
  ['dtypes may differ', () => t.assert_array_equal(f32([1, 2]), np.array([1, 2]), { strict: false })],
  ['no dimensions', () => t.assert_array_equal(np.ones([2]), np.array(1), { strict: false })],
  ['empty', () => t.assert_array_equal(np.zeros([0, 3]), np.zeros([0, 3]))],
  ['near', () => t.assert_allclose([1 + 1e-8, 0], [1, 0])],
  ['near by rtol', () => t.assert_allclose([1.1], [1], 0.2)],
  ['near by atol', () => t.assert_allclose([1e-9, nan, -inf], [0, nan, -inf], { atol: 1e-8 })],
  ['complex near', () => t.assert_allclose([new np.Complex(1, 1e-9)], [1], 0, 1e-8)],
  ['less', () => t.assert_array_less([1, nan, -inf], [2, nan, 0])],
  ['decimals', () => t.assert_array_almost_equal([1.00001, nan], [1, nan], 4)],
  ['decimals of numbers', () => t.assert_almost_equal(2.33333333, 2.33333334)],
  ['significant digits', () => t.assert_approx_equal(0.1234567e-20, 0.12345671e-20, 6)],
  ['a comparison of ours', () => t.assert_array_compare(np.less_equal, [1, 2], [1, 3])],
  ['one ulp', () => t.assert_array_max_ulp([1, 0], [1 + 2 ** -52, -0])],
  ['one ulp of float32', () => t.assert_array_max_ulp(f32([1, -1]), f32([1 + 2 ** -23, -1]))],
  ['spacing', () => t.assert_array_almost_equal_nulp([1], [1 + 2 ** -52])],
  ['nested', () => t.assert_equal({ a: [1, { b: np.arange(2) }], c: 'x' }, { a: [1, { b: [0, 1] }], c: 'x' })],
  ['a bigint is its number', () => t.assert_equal(3n, 3)],
  ['NaN in a list', () => t.assert_equal([nan, new np.Complex(1, nan)], [nan, new np.Complex(1, nan)])],
  ['texts', () => t.assert_string_equal('a\nb', 'a\nb')],
  ['true', () => t.assert_(1 < 2)],
])('holds: %s', (_, assertion) => {
  assertion();
});

test.each<[string, () => unknown, RegExp, object]>([
  [
    'elements',
    () => t.assert_array_equal([1, 2, 3, 4], [1, 9, 3, 5]),
    /2 of 4 elements \(50 %\)/,
    { mismatches: 2, index: [1], actual: 2, expected: 9, absolute: 7 },
  ],
  [
    'the place',
    () => t.assert_array_equal(np.eye(2), np.zeros([2, 2])),
    /first at \[0, 0\]: 1, expected 0/,
    { index: [0, 0], relative: undefined },
  ],
  [
    'NaN and a number',
    () => t.assert_array_equal([nan, 1], [0, 1]),
    /first at \[0\]: NaN/,
    { index: [0], absolute: undefined },
  ],
  [
    'shapes',
    () => t.assert_array_equal([1, 2], [[1, 2]]),
    /shapes \(2,\) and \(1, ?2\) differ/,
    { shapes: [[2], [1, 2]] },
  ],
  ['no dimensions when strict', () => t.assert_array_equal(np.ones([2]), np.array(1)), /shapes/, {}],
  [
    'dtypes',
    () => t.assert_allclose(f32([1]), np.array([1])),
    /dtypes float32 and float64 differ/,
    { dtypes: ['float32', 'float64'] },
  ],
  [
    'integers beyond doubles',
    () => t.assert_array_equal(np.array([2n ** 60n]), np.array([2n ** 60n + 1n])),
    /1 of 1/,
    { expected: 2n ** 60n + 1n },
  ],
  [
    'unsigned differences',
    () => t.assert_array_equal(np.array([1, 250], { dtype: 'uint8' }), np.array([1, 251], { dtype: 'uint8' })),
    /difference 1 at/,
    { absolute: 1 },
  ],
  ['bools', () => t.assert_array_equal([true, false], [true, true]), /1 of 2/, { index: [1] }],
  [
    'near',
    () => t.assert_allclose([1, 2.1, 0], [1, 2, 1e-9]),
    /not near within rtol=1e-7, atol=0: 2 of 3/,
    { mismatches: 2, index: [1], relative: 1 },
  ],
  ['signs of infinity', () => t.assert_allclose([inf], [-inf]), /1 of 1/, {}],
  ['NaN not near NaN', () => t.assert_allclose([nan], [nan], { equal_nan: false }), /1 of 1/, {}],
  ['not less', () => t.assert_array_less([1, 3], [2, 3]), /not less: 1 of 2/, { index: [1] }],
  ['decimals', () => t.assert_array_almost_equal([1.001], [1], 3.0 + 1), /not equal to 4 decimals/, {}],
  ['significant digits', () => t.assert_approx_equal(1, 1.1), /7 significant/, {}],
  ['ulps', () => t.assert_array_max_ulp([1, 2], [1, 2 + 2 ** -50]), /up to 2 units/, { largest: 2, maxulp: 1 }],
  ['ulps of float16', () => t.assert_array_max_ulp(f16([1]), f16([1.0029296875])), /up to 3 units/, {}],
  ['ulps across zero', () => t.assert_array_max_ulp([5e-324], [-5e-324]), /up to 2 units/, {}],
  ['NaN and ulps', () => t.assert_array_max_ulp([nan], [1]), /NaN at the same positions/, {}],
  ['spacing', () => t.assert_array_almost_equal_nulp([1], [1 + 2 ** -50], 2), /up to 4 units/, {}],
  ['a key', () => t.assert_equal({ a: 1 }, { b: 1 }), /keys a, expected b/, {}],
  [
    'a place in a list',
    () => t.assert_equal({ a: [0, [1]] }, { a: [0, [2]] }),
    /at a\[1\]\[0\]: 1, expected 2/,
    { path: 'a[1][0]' },
  ],
  [
    'an array in an object',
    () => t.assert_equal({ a: np.ones(1) }, { a: np.zeros(1) }),
    /at a\nassert_array_equal/,
    {},
  ],
  ['lengths', () => t.assert_equal([1], [1, 2]), /1 elements, expected 2/, {}],
  ['zeros', () => t.assert_equal(0, -0), /assert_equal/, {}],
  ['texts', () => t.assert_string_equal('a\nb\nc', 'a\nx\nc'), /line 2 is 'b', expected 'x'/, { line: 2 }],
  ['false', () => t.assert_(false, 'never'), /never/, {}],
  ['nothing thrown', () => t.assert_raises(np.ShapeError, () => 1), /nothing was thrown, expected ShapeError/, {}],
  [
    'another message',
    () =>
      t.assert_raises_regex(RangeError, /abc/, () => {
        throw new RangeError('xyz');
      }),
    /does not match/,
    {},
  ],
  ['a warning', () => t.assert_no_warnings(() => np.log(np.array([0]))), /divide by zero/, {}],
])('fails: %s', (_, assertion, says, facts) => {
  let thrown: unknown;
  try {
    assertion();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(t.AssertionError);
  expect(thrown).toMatchObject({ name: 'AssertionError', code: 'ERR_ASSERTION', facts });
  expect((thrown as Error).message).toMatch(says);
});

describe('messages', () => {
  const fail = (options?: object): { message: string; actual?: string; expected?: string } => {
    try {
      t.assert_array_equal([1], [2], options);
    } catch (error) {
      return error as { message: string };
    }
    throw new Error('it holds');
  };
  it('show both arrays, and give them to the test runner', () => {
    expect(fail()).toMatchObject({ actual: 'array([1.])', expected: 'array([2.])', showDiff: true });
    expect(fail().message).toContain('actual:   array([1.])');
  });
  it('can be short, and begin with words of the caller', () => {
    expect(fail({ verbose: false }).message).not.toContain('array(');
    expect(fail({ err_msg: 'weights' }).message).toMatch(/^weights\n/);
  });
});

describe('assert_raises', () => {
  it('returns the error, of async functions a promise of it', async () => {
    const error = t.assert_raises([RangeError, np.ShapeError], () => np.reshape([1, 2, 3], [2, 2]));
    expect(error).toBeInstanceOf(np.ShapeError);
    const later: Promise<Error> = t.assert_raises(RangeError, async () => {
      throw new RangeError('x');
    });
    expect((await later).message).toBe('x');
    await expect(t.assert_raises(RangeError, async () => 1)).rejects.toThrow('nothing was thrown');
  });
  it('lets other errors through', () => {
    expect(() =>
      t.assert_raises(np.ShapeError, () => {
        throw new RangeError('other');
      }),
    ).toThrow(RangeError);
  });
});

test.each<[string, () => unknown]>([
  ['an option that is none', () => t.assert_allclose([1], [1], { tol: 1 } as object)],
  ['ulps of integers', () => t.assert_array_max_ulp([1n], [1n])],
  ['digits of texts', () => t.assert_approx_equal('a' as never, 1)],
])('refused: %s', (_, call) => {
  expect(call).toThrow(np.OrthantError);
  expect(call).not.toThrow(t.AssertionError);
});

it('no warnings: the result', () => {
  expect(t.assert_no_warnings(() => np.sqrt(4))).toBe(2);
  expect(t.assert_array_max_ulp([1, 2], [1, 2 + 2 ** -51]).tolist()).toEqual([0, 1]);
});
