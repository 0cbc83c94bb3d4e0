// Assertions on arrays by equality, order and nearness.

import { equal, isnan, less, logical_and, logical_not, logical_or } from '../../array/functions.generated.ts';
import { type NDArray, nd } from '../../array/ndarray.ts';
import { ArgumentError } from '../../base/errors.ts';
import type { ArrayLike } from '../../exec/coerce.ts';
import { toArray } from '../../exec/coerce.ts';
import { describe, Options } from '../../exec/options.ts';
import { byName } from '../../exec/positional.ts';
import { allclose, array_equal, isclose } from '../closeness.ts';
import { AssertionError } from './assertion_error.ts';
import { assertArrays, type CompareOptions, compareNames, compareOptions } from './compare.ts';

const floating = (a: NDArray): boolean => a.dtype.kind === 'f' || a.dtype.kind === 'c';
/** Where both are NaN, or one of them where the other cannot be. */
const bothNaN = (x: NDArray, y: NDArray): NDArray | undefined =>
  floating(x) && floating(y) ? logical_and(isnan(x), isnan(y)) : undefined;

function unless(holds: NDArray, also: NDArray | undefined): NDArray {
  return logical_not(also === undefined ? holds : logical_or(holds, also));
}

const unequal = (x: NDArray, y: NDArray): NDArray => unless(equal(x, y), bothNaN(x, y));

/**
 * Asserts that two arrays have the same shape, dtype and elements; NaN equals NaN. A scalar stands for every element;
 * lists and scalars have no dtype to insist on.
 * @throws AssertionError that counts the elements that differ and shows the first.
 * @example np.testing.assert_array_equal(np.arange(3), [0, 1, 2])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_array_equal.html
 */
export function assert_array_equal(actual: ArrayLike, desired: ArrayLike, options: CompareOptions = {}): void {
  const name = 'assert_array_equal';
  compareOptions.check(options, name);
  const holds = (x: NDArray, y: NDArray): boolean => array_equal(x, y, { equal_nan: true });
  assertArrays(actual, desired, { name, relation: 'equal', holds, wrong: unequal }, options);
}

/**
 * Asserts that `x` is less than `y` everywhere; NaN in both at one position is passed over.
 * @throws AssertionError that counts the elements that are not less and shows the first.
 * @example np.testing.assert_array_less([1, 2], 3)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_array_less.html
 */
export function assert_array_less(x: ArrayLike, y: ArrayLike, options: CompareOptions = {}): void {
  const name = 'assert_array_less';
  compareOptions.check(options, name);
  assertArrays(x, y, { name, relation: 'less', wrong: (a, b) => unless(less(a, b), bothNaN(a, b)) }, options);
}

export interface AllcloseOptions extends CompareOptions {
  /** Tolerance relative to the second array (1e-7). */
  readonly rtol?: number;
  /** Absolute tolerance (0). */
  readonly atol?: number;
  /** NaN is near NaN (the default). */
  readonly equal_nan?: boolean;
}

const allcloseOptions = new Options(['rtol', 'number'], ['atol', 'number'], ['equal_nan', 'flag'], ...compareNames);

/**
 * Asserts that two arrays have the same shape and dtype and elements with |actual − desired| <= atol + rtol·|desired|.
 * @throws AssertionError with the count, the first position and the largest differences.
 * @example np.testing.assert_allclose([1.00000001, 2], [1, 2])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_allclose.html
 */
export function assert_allclose(
  actual: ArrayLike,
  desired: ArrayLike,
  rtol?: number | AllcloseOptions,
  atol?: number | AllcloseOptions,
  options?: AllcloseOptions,
): void {
  const name = 'assert_allclose';
  const o = byName<AllcloseOptions>(['rtol', 'atol'], [rtol, atol, options], allcloseOptions, name);
  const within = { rtol: o.rtol ?? 1e-7, atol: o.atol ?? 0, equal_nan: o.equal_nan ?? true };
  near(name, actual, desired, within, `near within rtol=${within.rtol}, atol=${within.atol}`, o);
}

function near(
  name: string,
  actual: ArrayLike,
  desired: ArrayLike,
  within: { readonly rtol: number; readonly atol: number; readonly equal_nan: boolean },
  relation: string,
  o: CompareOptions,
): void {
  const holds = (x: NDArray, y: NDArray): boolean => allclose(x, y, within);
  const wrong = (x: NDArray, y: NDArray): NDArray => logical_not(nd(toArray(isclose(x, y, within), name)));
  assertArrays(actual, desired, { name, relation, holds, wrong }, o);
}

export interface DecimalOptions extends CompareOptions {
  /** Decimal places that must agree. */
  readonly decimal?: number;
}

const decimalOptions = new Options(['decimal', 'integer'], ...compareNames);

const almost =
  (name: string, usual: number) =>
  (actual: ArrayLike, desired: ArrayLike, decimal?: number | DecimalOptions, options?: DecimalOptions): void => {
    const o = byName<DecimalOptions>(['decimal'], [decimal, options], decimalOptions, name);
    const places = o.decimal ?? usual;
    const within = { rtol: 0, atol: 1.5 * 10 ** -places, equal_nan: true };
    near(name, actual, desired, within, `equal to ${places} decimals`, o);
  };

type Almost = ReturnType<typeof almost>;

/**
 * Asserts that two arrays agree to a number of decimals (6): |desired − actual| < 1.5·10^−decimal.
 * @throws AssertionError as assert_allclose, which is the better choice for new code.
 * @example np.testing.assert_array_almost_equal([1.0001], [1], 3)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_array_almost_equal.html
 */
export const assert_array_almost_equal: Almost = almost('assert_array_almost_equal', 6);

/**
 * The same of numbers or arrays, to 7 decimals unless `decimal` says otherwise.
 * @throws AssertionError as assert_allclose, which is the better choice for new code.
 * @example np.testing.assert_almost_equal(2.3333333333333, 2.33333334)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_almost_equal.html
 */
export const assert_almost_equal: Almost = almost('assert_almost_equal', 7);

export interface ApproxOptions extends Omit<CompareOptions, 'strict'> {
  /** Significant digits that must agree (7). */
  readonly significant?: number;
}

const approxOptions = new Options(['significant', 'integer'], ['err_msg', 'value'], ['verbose', 'flag']);

/**
 * Asserts that two numbers agree to a number of significant digits (7).
 * @throws AssertionError otherwise; ArgumentError for what is no number.
 * @example np.testing.assert_approx_equal(0.12345677e-20, 0.1234567e-20)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_approx_equal.html
 */
export function assert_approx_equal(
  actual: number,
  desired: number,
  significant?: number | ApproxOptions,
  options?: ApproxOptions,
): void {
  const name = 'assert_approx_equal';
  const o = byName<ApproxOptions>(['significant'], [significant, options], approxOptions, name);
  for (const v of [actual, desired]) {
    if (typeof v !== 'number')
      throw new ArgumentError(`${name}: ${describe(v)} is not a number`, 'pass two numbers', {});
  }
  if (Object.is(actual, desired) || actual === desired) return;
  const digits = o.significant ?? 7;
  const scale = 10 ** Math.floor(Math.log10(0.5 * (Math.abs(actual) + Math.abs(desired))));
  if (Math.abs(desired / scale - actual / scale) < 10 ** -(digits - 1)) return;
  const lead = o.err_msg ? `${o.err_msg}\n` : '';
  throw new AssertionError(
    `${lead}${name}: ${actual} and ${desired} do not agree to ${digits} significant digits`,
    'ask for fewer digits, or look for what changed the value',
    { actual, desired, significant: digits },
    { actual: String(actual), expected: String(desired) },
  );
}

/**
 * Asserts by a comparison of one's own: `compare(x, y)` tells where it holds, as an array of bools.
 * @throws AssertionError that counts where it does not hold and shows the first.
 * @example np.testing.assert_array_compare(np.less_equal, [1, 2], [1, 3])
 * @see https://numpy.org/doc/stable/reference/routines.testing.html
 */
export function assert_array_compare(
  compare: (x: NDArray, y: NDArray) => unknown,
  x: ArrayLike,
  y: ArrayLike,
  options: CompareOptions = {},
): void {
  const name = 'assert_array_compare';
  compareOptions.check(options, name);
  const wrong = (a: NDArray, b: NDArray): NDArray => logical_not(nd(toArray(compare(a, b), name)));
  assertArrays(x, y, { name, relation: `as ${compare.name || 'the comparison'} asks`, wrong }, options);
}
