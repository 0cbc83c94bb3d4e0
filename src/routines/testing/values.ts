// Assertions on anything: objects, lists and scalars by their members, texts line by line, calls by what they throw.

import { Complex } from '../../dtype/complex.ts';
import { isScalar } from '../../dtype/scalars.ts';
import { ArrayBase } from '../../exec/array_base.ts';
import { type ErrorState, errstate, geterr } from '../../exec/errstate/state.ts';
import { describe } from '../../exec/options.ts';
import { assert_array_equal } from './arrays.ts';
import { AssertionError } from './assertion_error.ts';
import { type CompareOptions, compareOptions } from './compare.ts';

const isArray = (x: unknown): boolean => x instanceof ArrayBase || ArrayBuffer.isView(x);
const isPlain = (x: unknown): x is Readonly<Record<string, unknown>> =>
  typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;

/** The same scalar: NaN is itself, zeros have their signs, a bigint is the number of its value. */
function sameScalar(a: unknown, b: unknown): boolean {
  if (a instanceof Complex || b instanceof Complex) {
    const [x, y] = [a, b].map((v) => (v instanceof Complex ? v : new Complex(Number(v))));
    return Object.is(x.re, y.re) && Object.is(x.im, y.im);
  }
  // The order of a bigint and a number is exact.
  if (typeof a === 'bigint' || typeof b === 'bigint') return isScalar(a) && isScalar(b) && a <= b && a >= b;
  return Object.is(a, b);
}

function compare(actual: unknown, desired: unknown, o: CompareOptions, path: string): void {
  const differ = (what: string): AssertionError =>
    new AssertionError(
      `${o.err_msg ? `${o.err_msg}\n` : ''}assert_equal${path === '' ? '' : ` at ${path}`}: ${what}`,
      'correct the value or the expectation',
      { path },
      { actual: describe(actual), expected: describe(desired) },
    );
  if (isArray(actual) || isArray(desired)) {
    const err_msg = [o.err_msg, path === '' ? undefined : `at ${path}`].filter(Boolean).join('\n');
    assert_array_equal(actual as ArrayBase, desired as ArrayBase, { ...o, err_msg }); // what is none is refused there
  } else if (Array.isArray(actual) && Array.isArray(desired)) {
    if (actual.length !== desired.length) throw differ(`${actual.length} elements, expected ${desired.length}`);
    desired.forEach((d, i) => {
      compare(actual[i], d, o, `${path}[${i}]`);
    });
  } else if (isPlain(actual) && isPlain(desired)) {
    const [mine, theirs] = [actual, desired].map((x) => Object.keys(x).sort().join(', '));
    if (mine !== theirs) throw differ(`keys ${mine || 'none'}, expected ${theirs || 'none'}`);
    for (const key of Object.keys(desired)) compare(actual[key], desired[key], o, path === '' ? key : `${path}.${key}`);
  } else if (!sameScalar(actual, desired)) throw differ(`${describe(actual)}, expected ${describe(desired)}`);
}

/**
 * Asserts that two values are equal: arrays as by assert_array_equal, objects by their keys, lists by their elements,
 * scalars by value; NaN equals NaN, and zeros of different signs differ.
 * @throws AssertionError that names the place of the first difference.
 * @example np.testing.assert_equal({ a: [1, NaN] }, { a: [1, NaN] })
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_equal.html
 */
export function assert_equal(actual: unknown, desired: unknown, options: CompareOptions = {}): void {
  compareOptions.check(options, 'assert_equal');
  compare(actual, desired, options, '');
}

/**
 * Asserts that two texts are the same.
 * @throws AssertionError that shows the first line that differs.
 * @example np.testing.assert_string_equal('abc', 'abc')
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_string_equal.html
 */
export function assert_string_equal(actual: string, desired: string): void {
  if (actual === desired && typeof actual === 'string') return;
  const [mine, theirs] = [String(actual).split('\n'), String(desired).split('\n')];
  const line = mine.findIndex((text, i) => text !== theirs[i]);
  const i = line < 0 ? mine.length : line;
  throw new AssertionError(
    `assert_string_equal: line ${i + 1} is ${describe(mine[i])}, expected ${describe(theirs[i])}`,
    'correct the text or the expectation',
    { line: i + 1 },
    { actual: String(actual), expected: String(desired) },
  );
}

/**
 * Asserts that a value is true.
 * @throws AssertionError with the message otherwise.
 * @example np.testing.assert_(np.pi > 3, 'pi is more than three')
 * @see https://numpy.org/doc/stable/reference/routines.testing.html
 */
export function assert_(value: unknown, message = 'the value is not true'): void {
  if (value) return;
  throw new AssertionError(`assert_: ${message}`, 'look at what was asserted', { value: describe(value) });
}

type ErrorClass = abstract new (...args: never[]) => Error;

/** Settles a call that must throw; of an async function when its promise does. */
function thrownBy<R>(
  name: string,
  classes: ErrorClass | readonly ErrorClass[],
  fn: () => R,
  judge: (e: Error) => void,
) {
  const wanted: readonly ErrorClass[] = typeof classes === 'function' ? [classes] : classes;
  const names = wanted.map((c) => c.name).join(' or ');
  const nothing = (): never => {
    throw new AssertionError(
      `${name}: nothing was thrown, expected ${names}`,
      'make the call fail, or expect no error',
      {},
    );
  };
  const check = (error: unknown): Error => {
    const found = wanted.find((c) => error instanceof c);
    if (found === undefined || !(error instanceof Error)) throw error; // not the one expected: it tells more than we can
    judge(error);
    return error;
  };
  let result: R;
  try {
    result = fn();
  } catch (error) {
    return check(error);
  }
  return result instanceof Promise ? result.then(nothing, check) : nothing();
}

type Thrown<R> = R extends Promise<unknown> ? Promise<Error> : Error;

/**
 * Asserts that a call throws an error of a class, or of one of several, and returns the error; of an async function a
 * promise of it. Other errors go through.
 * @throws AssertionError when nothing is thrown.
 * @example np.testing.assert_raises(np.ShapeError, () => np.reshape([1, 2, 3], [2, 2])).name // 'ShapeError'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_raises.html
 */
export function assert_raises<R>(classes: ErrorClass | readonly ErrorClass[], fn: () => R): Thrown<R> {
  return thrownBy('assert_raises', classes, fn, () => {}) as Thrown<R>; // by what fn returned
}

/**
 * The same, for an error whose message matches.
 * @throws AssertionError when nothing is thrown or the message does not match.
 * @example np.testing.assert_raises_regex(np.ShapeError, /reshape/, () => np.reshape([1, 2, 3], [2, 2])).name // 'ShapeError'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_raises_regex.html
 */
export function assert_raises_regex<R>(
  classes: ErrorClass | readonly ErrorClass[],
  pattern: RegExp | string,
  fn: () => R,
): Thrown<R> {
  const name = 'assert_raises_regex';
  const matches = (error: Error): void => {
    if (new RegExp(pattern).test(error.message)) return;
    throw new AssertionError(
      `${name}: the message of ${error.name} does not match ${pattern}`,
      'correct the message or the pattern',
      { pattern: String(pattern) },
      { actual: error.message, expected: String(pattern) },
    );
  };
  return thrownBy(name, classes, fn, matches) as Thrown<R>; // as above
}

/**
 * Asserts that a call meets no floating-point or integer condition that the error state would warn of, and returns its
 * result.
 * @throws AssertionError that names the conditions.
 * @example np.testing.assert_no_warnings(() => np.sqrt(4)) // 2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_no_warnings.html
 */
export function assert_no_warnings<R>(fn: () => R): R {
  const met: string[] = [];
  const state = Object.entries(geterr()).map(([kind, mode]) => [kind, mode === 'warn' ? 'call' : mode]);
  const calling: Partial<ErrorState> = Object.fromEntries(state);
  const result = errstate({ ...calling, call: (words) => void met.push(words) }, fn);
  if (met.length === 0) return result;
  throw new AssertionError(
    `assert_no_warnings: ${met.length} warnings: ${[...new Set(met)].join('; ')}`,
    "avoid the condition, or expect it with np.errstate({ … : 'ignore' })",
    { warnings: met },
  );
}
