// Casting one value to a dtype, without asking whether it fits: what `astype(…, { casting: 'unsafe' })` does to each
// element, and the reference the kernels' conversions are tested against. Whether a cast is allowed: promotion.ts.
//
// The rule, stated once for every engine, length and layout:
//   float to integer   truncates toward zero, then saturates to the range of the target; NaN gives 0
//   integer to integer wraps modulo 2**bits
//   anything to bool   is "not zero" (NaN is true, a complex number is true when either part is)
//   to float           rounds once, to nearest, ties to even; overflow gives infinity
//   complex to real    drops the imaginary part; real to complex adds +0
// C leaves the first case undefined, and NumPy's answer there differs between machines and vector lengths.

import { Complex } from './complex.ts';
import type { DType } from './dtype.ts';
import { roundToHalf } from './half.ts';
import { integerLimits } from './limits.ts';

export type Scalar = number | bigint | boolean | Complex;

/**
 * A float as an element of an integer dtype: truncated, saturated, NaN as 0.
 * @returns a bigint for 64-bit dtypes, otherwise a number.
 * @throws DTypeError when `d` is not an integer dtype.
 * @example saturate(300.7, dtypes.uint8) // 255
 */
export function saturate(x: number, d: DType): number | bigint {
  const limits = integerLimits(d);
  const wide = limits.bits === 64;
  if (x !== x) return wide ? 0n : 0;
  // `high` of a 64-bit dtype is max + 1, so equality is out of range there and harmless elsewhere.
  if (x >= limits.high) return wide ? limits.max : limits.high;
  if (x <= limits.low) return wide ? limits.min : limits.low;
  const whole = Math.trunc(x);
  return wide ? BigInt(whole) : whole + 0; // + 0 turns -0 into 0
}

/** An integer reduced modulo 2**bits into the range of an integer dtype. */
export function wrap(x: bigint, d: DType): number | bigint {
  const { bits } = integerLimits(d);
  const y = d.kind === 'i' ? BigInt.asIntN(bits, x) : BigInt.asUintN(bits, x);
  return bits === 64 ? y : Number(y);
}

/** A double rounded to the precision of a float dtype, or of the components of a complex one. */
export function roundTo(x: number, d: DType): number {
  return d.lane === 'f64' ? x : d.lane === 'f32' ? Math.fround(x) : roundToHalf(x);
}

/** An integer of any size to a float dtype with a single rounding, which `Math.fround(Number(x))` would not be. */
export function integerToFloat(x: bigint, d: DType): number {
  const direct = Number(x);
  if (d.lane === 'f64' || Number.isSafeInteger(direct)) return roundTo(direct, d);
  // Keep 53 leading bits and fold the rest into the last one ("round to odd"): the second rounding then sees the truth.
  const negative = x < 0n;
  const a = negative ? -x : x;
  const shift = BigInt(a.toString(2).length - 53);
  const kept = a >> shift;
  const odd = kept << shift === a ? kept : kept | 1n;
  const rounded = roundTo(Number(odd) * 2 ** Number(shift), d);
  return negative ? -rounded : rounded;
}

/**
 * `x` as an element of `d` by the rules above; never throws for a value.
 * The domain of `x` decides the rule: a number that is a whole number is cast as an integer element only when
 * `from` says so, because float elements saturate and integer elements wrap.
 * @example castScalar(300, dtypes.int32, dtypes.uint8) // 44
 * @example castScalar(300, dtypes.float64, dtypes.uint8) // 255
 */
export function castScalar(x: Scalar, from: DType, to: DType): Scalar {
  if (to.kind === 'b') return x instanceof Complex ? x.re !== 0 || x.im !== 0 : Number(x) !== 0;
  if (to.parts === 2) {
    if (x instanceof Complex) return new Complex(roundTo(x.re, to), roundTo(x.im, to));
    return new Complex(toFloat(x, to));
  }
  const real = x instanceof Complex ? x.re : x;
  if (to.kind === 'f') return toFloat(real, to);
  if (typeof real === 'boolean') return wrap(real ? 1n : 0n, to);
  if (typeof real === 'bigint') return wrap(real, to);
  return from.kind === 'f' || from.kind === 'c' ? saturate(real, to) : wrap(BigInt(real), to);
}

function toFloat(x: number | bigint | boolean, to: DType): number {
  if (typeof x === 'bigint') return integerToFloat(x, to);
  return roundTo(Number(x), to);
}
