// Functions over rows with defaults of their own: clip, round, nan_to_num; and their methods. Plain rounding (floor,
// rint, trunc …) is in the generated functions.

import { ArgumentError } from '../base/errors.ts';
import { realOf } from '../dtype/category.ts';
import type { DType } from '../dtype/dtype.ts';
import { floatLimits } from '../dtype/limits.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { ArrayBase, newArray } from '../exec/array_base.ts';
import { callUfunc, type UfuncOptions } from '../exec/call.ts';
import { type ArrayLike, operandOf } from '../exec/coerce.ts';
import { Deferred } from '../exec/deferred.ts';
import { Options } from '../exec/options.ts';
import { NDArray } from './ndarray.ts';
import type { ArrayData } from './types.ts';
import { boundUfuncs, ufuncs } from './ufuncs.ts';

const nanOptions = new Options('copy', ['nan', 'value'], ['posinf', 'value'], ['neginf', 'value']);

const { clip: clipping, nan_to_num: replacing, 'round.up': roundingUp, 'round.down': roundingDown } = boundUfuncs;

type Bound = ArrayLike | null;

/**
 * The elements of `x`, but none below `min` and none above `max`; null leaves a side open. All three broadcast; NaN in
 * any gives NaN. Bounds of 0.5 or 300 do not fit every integer array: PrecisionError names the remedy.
 * @throws ShapeError for shapes that do not broadcast.
 * @example np.clip([1, 5, 9], 2, 6) // array([2., 5., 6.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.clip.html
 */
export function clip(x: ArrayData, min?: Bound, max?: Bound, options?: UfuncOptions): NDArray;
export function clip(x: ArrayLike, min?: Bound, max?: Bound, options?: UfuncOptions): NDArray | Scalar;
export function clip(x: ArrayLike, min: Bound = null, max: Bound = null, options?: UfuncOptions): unknown {
  if (min !== null && max !== null) return callUfunc(clipping, [x, min, max], options);
  if (min !== null) return callUfunc(ufuncs.maximum, [x, min], options);
  if (max !== null) return callUfunc(ufuncs.minimum, [x, max], options);
  return callUfunc(ufuncs.positive, [x], options);
}

/**
 * Rounded to `decimals` places after the point (before it where negative), halves to even; integers stay integers.
 * Computed as NumPy does, by scaling with a power of ten, so that 1.005 with two decimals is as near as doubles are.
 * @throws ArgumentError for decimals that are no integer.
 * @example np.round([1.25, -2.5], 1) // array([ 1.2, -2.5])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.round.html
 */
export function round(x: ArrayData, decimals?: number, options?: { readonly out?: ArrayBase }): NDArray;
export function round(x: ArrayLike, decimals?: number, options?: { readonly out?: ArrayBase }): NDArray | Scalar;
export function round(x: ArrayLike, decimals = 0, options: { readonly out?: ArrayBase } = {}): unknown {
  if (!Number.isInteger(decimals)) {
    throw new ArgumentError(`np.round: decimals is ${decimals}`, 'pass an integer', { decimals });
  }
  const a = x instanceof Deferred ? x : operandOf(x, 'np.round');
  const integers =
    a instanceof ArrayBase || a instanceof Deferred
      ? a.dtype.kind === 'i' || a.dtype.kind === 'u'
      : typeof a === 'bigint';
  if (integers && decimals >= 0) return callUfunc(ufuncs.positive, [a], options);
  if (decimals === 0) return callUfunc(ufuncs.rint, [a], options);
  const factor = 10 ** Math.abs(decimals);
  if (decimals > 0) return callUfunc(roundingUp, [a, factor], options);
  if (!integers || !(a instanceof ArrayBase)) return callUfunc(roundingDown, [a, factor], options);
  const out = options.out ?? newArray(a.shape, a.dtype);
  return callUfunc(roundingDown, [a, factor], { out, casting: 'unsafe' });
}

/** The same function as {@link round}. */
export const around: typeof round = round;

export interface NanToNumOptions {
  /** false: replace in `x` itself. */
  readonly copy?: boolean;
  readonly nan?: ArrayLike;
  /** Left out: the greatest number of the dtype. */
  readonly posinf?: ArrayLike;
  /** Left out: the least number of the dtype. */
  readonly neginf?: ArrayLike;
}

/**
 * NaN replaced by zero and infinities by the largest numbers of the dtype, or by what the options say; in both parts of
 * complex numbers. Integers and bools come back as they are.
 * @throws PrecisionError for replacements that do not fit the dtype.
 * @example np.nan_to_num([1, NaN, Infinity], { posinf: 9 }) // array([1., 0., 9.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nan_to_num.html
 */
export function nan_to_num(x: ArrayData, options?: NanToNumOptions): NDArray;
export function nan_to_num(x: ArrayLike, options?: NanToNumOptions): NDArray | Scalar;
export function nan_to_num(x: ArrayLike, options: NanToNumOptions = {}): unknown {
  nanOptions.check(options, 'np.nan_to_num');
  const a = x instanceof Deferred ? x : operandOf(x, 'np.nan_to_num');
  const inexact = (d: DType): boolean => d.kind === 'f' || d.kind === 'c';
  if (a instanceof Deferred) {
    return inexact(a.dtype) ? callUfunc(replacing, [a, ...by(floatLimits(realOf(a.dtype)).max, options)]) : a;
  }
  if (!(a instanceof ArrayBase)) {
    return typeof a === 'bigint' || typeof a === 'boolean'
      ? a
      : callUfunc(replacing, [a, ...by(Number.MAX_VALUE, options)]);
  }
  const out = options.copy === false ? a : undefined;
  if (!inexact(a.dtype)) return out ?? (a as NDArray).copy(); // exec/ makes what ndarray.ts registered
  return callUfunc(replacing, [a, ...by(floatLimits(realOf(a.dtype)).max, options)], { out });
}

const by = (greatest: number, { nan = 0, posinf = greatest, neginf = -greatest }: NanToNumOptions): ArrayLike[] => [
  nan,
  posinf,
  neginf,
];

declare module './ndarray.ts' {
  interface NDArray<D, S> {
    /** None below `min`, none above `max`. As np.clip. */
    clip(min?: Bound, max?: Bound, options?: UfuncOptions): NDArray;
    /** Rounded to a number of decimals, halves to even. As np.round. */
    round(decimals?: number, options?: { readonly out?: ArrayBase }): NDArray;
  }
}

const methods: Record<string, (this: NDArray, ...args: never[]) => unknown> = {
  clip(min?: Bound, max?: Bound, options?: UfuncOptions) {
    return clip(this, min, max, options);
  },
  round(decimals?: number, options?: { readonly out?: ArrayBase }) {
    return round(this, decimals, options);
  },
};
for (const [name, value] of Object.entries(methods)) {
  Object.defineProperty(NDArray.prototype, name, { value, writable: true, configurable: true });
}
