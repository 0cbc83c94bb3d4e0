// binary16 ↔ binary32/binary64 as kernel expressions: the decode and encode of float16 in every kernel, hence without
// branches. Not for single values (dtype/half.ts). Decoding shifts the fields into place and rescales the exponent by a
// multiplication, which also normalizes subnormals. Encoding lets one float addition do the rounding: to |x| is added
// the power of two whose ulp is the wanted half ulp; the difference of the bit patterns is then the rounded significand.

import { type Expr, konst } from '../builder.ts';
import type { ValueType } from '../ir.ts';

/** Both directions are correctly rounded. */
export const ulp = { halfToFloat: 0, floatToHalf: 0, doubleToHalf: 0 } as const;

const SIGN = 0x8000;
const INFINITY_BITS = 0x7c00;
const QUIET_NAN = 0x7e00;
/** Least normal, and the first power of two past the greatest finite value. */
const LEAST_NORMAL = 2 ** -14;
const PAST_GREATEST = 65536;

/**
 * The float32 value of binary16 bits; exact, NaN stays NaN.
 * @example halfToFloat(load(0, 0, 'u16'))
 */
export function halfToFloat(bits: Expr): Expr {
  const wide = bits.to('u32');
  const magnitude = wide.and(SIGN - 1).shlk(13);
  const scaled = magnitude.bits('f32').mul(2 ** 112);
  // What was infinite or NaN is now 65536 or more: set the whole exponent field.
  const special = scaled.ge(PAST_GREATEST).select(konst('u32', 0x7f800000), 0);
  return scaled.bits('u32').or(special).or(wide.and(SIGN).shlk(16)).bits('f32');
}

interface Wide {
  readonly bits: ValueType;
  /** Width of the significand field and the bias of the exponent field. */
  readonly digits: number;
  readonly bias: number;
}

const wide = {
  f32: { bits: 'u32', digits: 23, bias: 127 },
  f64: { bits: 'u64', digits: 52, bias: 1023 },
} as const satisfies Record<'f32' | 'f64', Wide>;

function encode(x: Expr, { bits, digits, bias }: Wide): Expr {
  const width = bits === 'u32' ? 32 : 64;
  const raw = x.bits(bits);
  const clipped = x.abs().pmin(PAST_GREATEST); // rounds to infinity's pattern by itself; NaN passes
  const one = 1n << BigInt(digits);
  // Exponent field of max(|x|, least normal), alone: the binade whose half ulp rounds x.
  const binade = clipped
    .pmax(LEAST_NORMAL)
    .bits(bits)
    .and(BigInt(2 * bias + 1) * one);
  const magic = binade.add(BigInt(digits - 10) * one);
  const significand = clipped.add(magic.bits(x.type)).bits(bits).sub(magic);
  const exponent = binade.shrk(digits - 10).sub((bias - 14) << 10);
  const finite = significand.add(exponent);
  const sign = raw.shrk(width - 16).and(SIGN);
  return x.isNaN().select(konst(bits, QUIET_NAN), finite).or(sign).to('u16');
}

/**
 * Bits of the binary16 nearest to a float32, ties to even; 65520 and more give infinity, NaN stays NaN.
 * @example floatToHalf(konst('f32', 1)) // 0x3c00
 */
export const floatToHalf = (x: Expr): Expr => encode(x, wide.f32);

/**
 * Bits of the binary16 nearest to a float64, rounded once.
 * @example doubleToHalf(konst('f64', 1)) // 0x3c00
 */
export const doubleToHalf = (x: Expr): Expr => encode(x, wide.f64);

const nanOf = (bits: Expr): Expr => bits.and(SIGN - 1).gt(INFINITY_BITS);

/**
 * Bits of the binary16 next to `from` in the direction of `to`.
 * @example halfNextafter(konst('u16', 0x3c00), konst('u16', 0x7c00)) // 0x3c01
 */
export function halfNextafter(from: Expr, to: Expr): Expr {
  const x = halfOrder(from);
  const y = halfOrder(to);
  // Up in value is up in magnitude for positive numbers: add or subtract one from the pattern.
  const away = x.lt(y).xor(from.ge(SIGN));
  const beside = away.select(from.add(1), from.sub(1));
  const stepped = x.eq(0).select(to.and(SIGN).or(1), beside);
  // Equal values (zeros of both signs too) give the second one.
  const moved = x.eq(y).select(to, stepped);
  return nanOf(from).or(nanOf(to)).select(from.like(QUIET_NAN), moved);
}

/**
 * Bits of the distance from a binary16 to the next one above it, as NumPy's spacing of float16; NaN for ±inf.
 * @example halfSpacing(konst('u16', 0x3c00)) // 0x1400, 2**-10
 */
export function halfSpacing(bits: Expr): Expr {
  const above = halfToFloat(halfNextafter(bits, bits.like(INFINITY_BITS)));
  const distance = floatToHalf(above.sub(halfToFloat(bits)));
  return bits
    .and(SIGN - 1)
    .ge(INFINITY_BITS)
    .select(bits.like(QUIET_NAN), distance);
}

// Binary16 bits as a signed integer that counts the values in order, both zeros at 0.
const halfOrder = (bits: Expr): Expr => {
  const magnitude = bits.and(SIGN - 1).bits('i16');
  return bits.ge(SIGN).select(magnitude.neg(), magnitude);
};
