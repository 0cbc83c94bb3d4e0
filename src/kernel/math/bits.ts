// Functions that take numbers apart or step between neighbours, and integer odds and ends: exact, no approximation.
// Floats are read as IEEE 754 fields in an integer lane of the same width. binary16 is in half.ts.

import { type Expr, konst } from '../builder.ts';
import { bitsOf, isFloat, isSigned, type ValueType } from '../ir.ts';

/** Exact, except one rounding in ldexp, degrees and radians. */
export const ulp = { ldexp: 0, degrees: 0, radians: 0, spacing: 0 } as const;

interface Format {
  readonly signed: ValueType;
  readonly unsigned: ValueType;
  readonly digits: number;
  readonly bias: number;
  readonly least: number;
  readonly leastNormal: number;
}

const formats = {
  f32: { signed: 'i32', unsigned: 'u32', digits: 23, bias: 127, least: 2 ** -149, leastNormal: 2 ** -126 },
  f64: { signed: 'i64', unsigned: 'u64', digits: 52, bias: 1023, least: 2 ** -1074, leastNormal: 2 ** -1022 },
} as const satisfies Record<'f32' | 'f64', Format>;

const formatOf = (x: Expr): Format => (x.type === 'f32' ? formats.f32 : formats.f64);

export const isNaN = (x: Expr): Expr => x.isNaN();
export const isInf = (x: Expr): Expr => x.abs().eq(Number.POSITIVE_INFINITY);
export const isFinite = (x: Expr): Expr => x.abs().lt(Number.POSITIVE_INFINITY);
export const signbit = (x: Expr): Expr => x.signbit();
export const copysign = (x: Expr, sign: Expr): Expr => x.copysign(sign);
export const rint = (x: Expr): Expr => x.nearest();
export const square = (x: Expr): Expr => x.mul(x);

/**
 * -1, 0 or 1; +0 for both zeros, NaN for NaN.
 * @example sign(konst('f64', -3)) // -1
 */
export function sign(x: Expr): Expr {
  const positive = x.gt(0).select(x.like(1), 0);
  if (!isSigned(x.type)) return positive;
  const answer = x.lt(0).select(x.like(-1), positive);
  return isFloat(x.type) ? x.isNaN().select(x, answer) : answer;
}

/**
 * The next representable value after x in the direction of y.
 * @example nextafter(konst('f64', 0), konst('f64', 1)) // 5e-324
 */
export function nextafter(x: Expr, y: Expr): Expr {
  const { signed, least } = formatOf(x);
  const pattern = x.bits(signed);
  const away = x.lt(y).xor(pattern.lt(0));
  const beside = away.select(pattern.add(1), pattern.sub(1)).bits(x.type);
  const stepped = x.eq(0).select(x.like(least).copysign(y), beside);
  const moved = x.eq(y).select(y, stepped);
  return x.isNaN().or(y.isNaN()).select(x.add(y), moved);
}

/**
 * Distance from x to the next value farther from zero, with the sign of x; least subnormal for zeros, NaN for ±inf.
 * @example spacing(konst('f64', 1)) // 2.220446049250313e-16
 */
export function spacing(x: Expr): Expr {
  const { signed, least } = formatOf(x);
  const step = x.bits(signed).add(1).bits(x.type).sub(x); // inf + 1 is a NaN pattern
  return x.eq(0).select(x.like(least), step);
}

// 2**n for n in the exponent range of normal numbers.
function powerOfTwo(n: Expr, type: ValueType): Expr {
  const { signed, digits, bias } = type === 'f32' ? formats.f32 : formats.f64;
  return n.add(bias).to(signed).shlk(digits).bits(type);
}

/**
 * x · 2**n with one rounding, for n of any integer lane.
 * @example ldexp(konst('f64', 0.75), konst('i32', 2)) // 3
 */
export function ldexp(x: Expr, n: Expr): Expr {
  const wide = bitsOf(n.type) < 32 || n.type === 'i32' ? n.to('i32') : clampTo32(n);
  const { bias } = formatOf(x);
  const inside = wide.max(1 - bias).min(bias);
  const usual = x.mul(powerOfTwo(inside, x.type));
  return wide.ne(inside).rare(x.type === 'f32' ? viaDouble(x, wide) : inThreeSteps(x, wide), usual);
}

/** More than any exponent difference of two doubles. */
const FAR = 2200;
const clampTo32 = (n: Expr): Expr => (isSigned(n.type) ? n.max(-FAR) : n).min(FAR).to('i32');

const viaDouble = (x: Expr, n: Expr): Expr =>
  x
    .to('f64')
    .mul(powerOfTwo(n.max(-400).min(400), 'f64'))
    .to('f32');

// Each step down by less than 2**-969, so that what becomes subnormal before the last step ends as zero anyhow.
function inThreeSteps(x: Expr, n: Expr): Expr {
  let rest = n.max(-FAR).min(FAR);
  let y = x;
  for (let i = 0; i < 3; i++) {
    const step = rest.max(-969).min(1023);
    y = y.mul(powerOfTwo(step, 'f64'));
    rest = rest.sub(step);
  }
  return y;
}

/**
 * x = mantissa · 2**exponent with 0.5 <= |mantissa| < 1; zeros, infinities and NaN come back with exponent 0.
 * @example frexp(konst('f64', 8)) // 0.5, 4
 */
export function frexp(x: Expr): { mantissa: Expr; exponent: Expr } {
  const { unsigned, digits, bias, leastNormal } = formatOf(x);
  const tiny = x.abs().lt(leastNormal);
  const scaled = tiny.select(x.mul(2 ** (digits + 1)), x);
  const pattern = scaled.bits(unsigned);
  const field = BigInt(2 * bias + 1) << BigInt(digits);
  const half = BigInt(bias - 1) << BigInt(digits);
  const exponent = pattern
    .shrk(digits)
    .to('i32')
    .and(2 * bias + 1);
  const shift = tiny.select(konst('i32', bias - 1 + digits + 1), bias - 1);
  const split = isFinite(x).and(x.ne(0));
  return {
    mantissa: split.select(
      pattern
        .and(~field & ((1n << BigInt(bitsOf(unsigned))) - 1n))
        .or(half)
        .bits(x.type),
      x,
    ),
    exponent: split.select(exponent.sub(shift), 0),
  };
}

/**
 * Fraction and integer part, both with the sign of x.
 * @example modf(konst('f64', -1.5)) // -0.5, -1
 */
export function modf(x: Expr): { frac: Expr; int: Expr } {
  const int = x.trunc();
  return { frac: x.eq(int).select(x.like(0), x.sub(int)).copysign(x), int };
}

/**
 * 0 below zero, h at zero, 1 above, NaN for NaN.
 * @example heaviside(konst('f64', 0), konst('f64', 0.5)) // 0.5
 */
export function heaviside(x: Expr, h: Expr): Expr {
  const sides = x.lt(0).select(x.like(0), x.eq(0).select(h, 1));
  return x.isNaN().select(x, sides);
}

/**
 * Number of one bits of |x|, as u8.
 * @example bitwiseCount(konst('i32', -3)) // 2
 */
export const bitwiseCount = (x: Expr): Expr => x.abs().popcnt().to('u8');

/** Greatest common divisor, never negative (but for the least integer, which has no opposite). */
export const gcd = (a: Expr, b: Expr): Expr => a.gcd(b);

/**
 * Least common multiple of magnitudes, wrapping; 0 if either is 0.
 * @example lcm(konst('i32', 4), konst('i32', -6)) // 12
 */
export const lcm = (a: Expr, b: Expr): Expr => a.abs().idiv(a.gcd(b)).mul(b.abs());

/** Integer power, wrapping; callers refuse negative exponents (here they give 0). */
export const intPower = (a: Expr, b: Expr): Expr => a.ipow(b);

/** Left shift; 0 for amounts past the width or negative ones. */
export const leftShift = (a: Expr, n: Expr): Expr => a.shl(n);

/** Right shift, arithmetic for signed lanes; amounts past the width leave the sign. */
export const rightShift = (a: Expr, n: Expr): Expr => a.shr(n);

/**
 * 1/x rounded to zero for integers; 0 for 0, as all integer division by zero here (NumPy's answer varies by type).
 * @example intReciprocal(konst('i32', -1)) // -1
 */
export const intReciprocal = (x: Expr): Expr => x.like(1).idiv(x);

/** Radians to degrees; the factor is rounded in the lane, as NumPy's. */
export const degrees = (x: Expr): Expr =>
  x.mul(x.type === 'f32' ? Math.fround(180 / Math.fround(Math.PI)) : 180 / Math.PI);

/** Degrees to radians. */
export const radians = (x: Expr): Expr =>
  x.mul(x.type === 'f32' ? Math.fround(Math.fround(Math.PI) / 180) : Math.PI / 180);
