// Quotients and remainders: Python's floor division and modulo, C's fmod, for float and integer lanes. Not `divide`.
// The float remainder is exact: with q = trunc(a/b) below 2^26 (f64) and b split in two, both partial products fit the
// significand and both differences are exact (Sterbenz, then representability), as in Dekker's multiplication (1971).
// Larger quotients, zeros and infinities as divisors take the exact one-lane `frem` and CPython's float_divmod.

import type { Expr } from '../builder.ts';

/** All exact but for the one rounding NumPy has too. */
export const ulp = { floatFloorDivide: 0, floatMod: 0, fmod: 0 } as const;

/** Bits of the upper half of a significand, and the quotient below which products with it are exact. */
const splits = {
  f32: { bits: 'u32', mask: 0xfffff000n, limit: 2 ** 12 },
  f64: { bits: 'u64', mask: 0xfffffffff8000000n, limit: 2 ** 26 },
} as const;

interface Truncated {
  /** trunc(a/b) as rounded division gives it: one too far from zero where a/b rounded up to an integer. */
  readonly quotient: Expr;
  /** a - quotient · b, exact; of the sign of a, or of the other sign where the quotient is too far from zero. */
  readonly rest: Expr;
  /** Holds where the two above are not to be trusted. */
  readonly unusual: Expr;
}

function truncated(a: Expr, b: Expr): Truncated {
  const { bits, mask, limit } = a.type === 'f32' ? splits.f32 : splits.f64;
  const quotient = a.div(b).trunc();
  const high = b.bits(bits).and(mask).bits(a.type);
  const rest = a.sub(quotient.mul(high)).sub(quotient.mul(b.sub(high)));
  // An infinite or zero divisor and any NaN leave a NaN in rest.
  return { quotient, rest, unusual: quotient.abs().lt(limit).and(rest.eq(rest)).not() };
}

const signsDiffer = (a: Expr, b: Expr): Expr => a.signbit().xor(b.signbit());

/**
 * C's fmod: exact, with the sign of the dividend; NaN for a zero divisor or an infinite dividend.
 * @example fmod(konst('f64', -7), konst('f64', 3)) // -1
 */
export function fmod(a: Expr, b: Expr): Expr {
  const { rest, unusual } = truncated(a, b);
  const back = rest.ne(0).and(signsDiffer(rest, a)).select(b.abs().sub(rest.abs()), rest);
  return unusual.rare(exactRemainder(a, b), back.copysign(a));
}

// For float32 a double holds any product of a significand and a quotient below 2^29: one more fast step before frem.
function exactRemainder(a: Expr, b: Expr): Expr {
  return a.type === 'f32' ? fmod(a.to('f64'), b.to('f64')).to('f32') : a.frem(b);
}

// From the exact remainder to Python's pair, in the steps (and roundings) of CPython's float_divmod.
function floored(a: Expr, b: Expr, remainder: Expr): { quotient: Expr; remainder: Expr } {
  const low = remainder.ne(0).and(signsDiffer(remainder, b));
  const near = a.sub(remainder).div(b);
  const quotient = low.select(near.sub(1), near);
  const floor = quotient.floor();
  const rounded = quotient.sub(floor).gt(0.5).select(floor.add(1), floor);
  const zero = quotient.like(0).copysign(a.div(b));
  const modulo = remainder.eq(0).select(remainder.like(0).copysign(b), low.select(remainder.add(b), remainder));
  return {
    quotient: b.eq(0).select(a.div(b), quotient.eq(0).select(zero, rounded)),
    remainder: b.eq(0).select(remainder, modulo),
  };
}

/**
 * Python's divmod of floats: the floored quotient and the remainder with the divisor's sign.
 * A zero divisor gives a/0 and NaN; an infinite dividend NaN twice.
 * @example floatDivmod(konst('f64', -7), konst('f64', 2)) // -4, 1
 */
export function floatDivmod(a: Expr, b: Expr): { quotient: Expr; remainder: Expr } {
  const { quotient, rest, unusual } = truncated(a, b);
  // Whether trunc went past the floor or division rounded up to it: the same step puts it right.
  const low = rest.ne(0).and(signsDiffer(rest, b));
  const modulo = rest.eq(0).select(rest.like(0).copysign(b), low.select(rest.add(b), rest));
  const slow = floored(a, b, exactRemainder(a, b));
  return {
    quotient: unusual.rare(slow.quotient, low.select(quotient.sub(1), quotient)),
    remainder: unusual.rare(slow.remainder, modulo),
  };
}

/**
 * Python's a // b of floats.
 * @example floatFloorDivide(konst('f64', -7), konst('f64', 2)) // -4
 */
export const floatFloorDivide = (a: Expr, b: Expr): Expr => floatDivmod(a, b).quotient;

/**
 * Python's a % b of floats: the remainder has the sign of b.
 * @example floatMod(konst('f64', -7), konst('f64', 2)) // 1
 */
export const floatMod = (a: Expr, b: Expr): Expr => floatDivmod(a, b).remainder;

/**
 * Python's divmod of integers; both are 0 for a zero divisor, and min // -1 wraps to min.
 * @example intDivmod(konst('i32', -7), konst('i32', 2)) // -4, 1
 */
export function intDivmod(a: Expr, b: Expr): { quotient: Expr; remainder: Expr } {
  const toZero = a.idiv(b);
  if (a.type.startsWith('u')) return { quotient: toZero, remainder: a.irem(b) };
  // For b = 0 the remainder is defined as 0, hence nothing is corrected.
  const rest = a.irem(b);
  const low = rest.ne(0).and(rest.xor(b).lt(0));
  return {
    quotient: low.select(toZero.sub(1), toZero),
    remainder: low.select(rest.add(b), rest),
  };
}

/**
 * Python's a // b of integers.
 * @example intFloorDivide(konst('i32', -7), konst('i32', 2)) // -4
 */
export const intFloorDivide = (a: Expr, b: Expr): Expr => intDivmod(a, b).quotient;

/**
 * Python's a % b of integers.
 * @example intMod(konst('i32', -7), konst('i32', 2)) // 1
 */
export const intMod = (a: Expr, b: Expr): Expr => intDivmod(a, b).remainder;

/**
 * C's a % b of integers: the sign of a; 0 for a zero divisor.
 * @example intFmod(konst('i32', -7), konst('i32', 2)) // -1
 */
export const intFmod = (a: Expr, b: Expr): Expr => a.irem(b);
