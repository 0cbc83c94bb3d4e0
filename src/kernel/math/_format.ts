// What a body needs to know of its float lane: where the exponent lies, which integers hold the bits, the number that
// rounds to integers when added. Bodies are written once over these facts for f64 and f32.

import { KernelError } from '../../base/errors.ts';
import type { Expr } from '../builder.ts';

export type FloatLane = 'f64' | 'f32';

/** Facts of one IEEE 754 binary format. */
export interface Format {
  readonly lane: FloatLane;
  readonly int: 'i64' | 'i32';
  readonly uint: 'u64' | 'u32';
  /** Bits of the stored significand. */
  readonly mantissa: 52 | 23;
  readonly bias: 1023 | 127;
  /** 1.5 * 2^mantissa: t = x + magic holds the nearest integer of x in its low bits and as t - magic. */
  readonly magic: number;
  /** 2^mantissa: its bits or-ed with an integer below 2^mantissa are the float 2^mantissa + integer. */
  readonly integers: number;
  readonly sign: bigint;
  /** Everything but the sign and exponent. */
  readonly fraction: bigint;
  /** Keeps the upper half of the significand, so that products of two heads are exact. */
  readonly head: bigint;
  /** Bits of the smallest normal number, of infinity and of sqrt(1/2). */
  readonly minNormalBits: bigint;
  readonly infinityBits: bigint;
  readonly sqrtHalfBits: bigint;
  readonly minNormal: number;
  /** The magnitude to which exp needs no care: results are normal and finite. */
  readonly expSafe: number;
}

const formats: Record<FloatLane, Format> = {
  f64: {
    lane: 'f64',
    int: 'i64',
    uint: 'u64',
    mantissa: 52,
    bias: 1023,
    magic: 1.5 * 2 ** 52,
    integers: 2 ** 52,
    sign: 1n << 63n,
    fraction: (1n << 52n) - 1n,
    head: ~((1n << 27n) - 1n) & ((1n << 64n) - 1n),
    minNormalBits: 1n << 52n,
    infinityBits: 0x7ffn << 52n,
    sqrtHalfBits: 0x3fe6a09e00000000n,
    minNormal: 2 ** -1022,
    expSafe: 708,
  },
  f32: {
    lane: 'f32',
    int: 'i32',
    uint: 'u32',
    mantissa: 23,
    bias: 127,
    magic: 1.5 * 2 ** 23,
    integers: 2 ** 23,
    sign: 1n << 31n,
    fraction: (1n << 23n) - 1n,
    head: ~((1n << 12n) - 1n) & ((1n << 32n) - 1n),
    minNormalBits: 1n << 23n,
    infinityBits: 0xffn << 23n,
    sqrtHalfBits: 0x3f3504f3n,
    minNormal: 2 ** -126,
    expSafe: 87,
  },
};

/** The format of a float expression; KernelError for any other lane. */
export function formatOf(x: Expr): Format {
  if (x.type !== 'f64' && x.type !== 'f32') {
    throw new KernelError(`math function of ${x.type}`, 'convert the argument to f64 or f32 first', { type: x.type });
  }
  return formats[x.type];
}

/** x with the sign bit of `bits` (an unsigned expression holding only that bit) flipped in. */
export const flip = (x: Expr, bits: Expr): Expr => x.bits(bits.type).xor(bits).bits(x.type);

/** |x| by one mask: engines make a constant anew for every SIMD abs. */
export function magnitude(x: Expr): Expr {
  const f = formatOf(x);
  return x
    .bits(f.uint)
    .and(f.sign - 1n)
    .bits(f.lane);
}

const bitsWord = new DataView(new ArrayBuffer(8));

/** True where |x| > limit or x is NaN, by comparing bits as integers. */
export function beyond(x: Expr, limit: number): Expr {
  const f = formatOf(x);
  bitsWord.setFloat64(0, limit);
  if (f.lane === 'f32') bitsWord.setFloat32(0, limit);
  const bits = f.lane === 'f64' ? bitsWord.getBigInt64(0) : BigInt(bitsWord.getInt32(0));
  return x
    .bits(f.int)
    .and(f.sign - 1n)
    .gt(bits);
}

/** Only the sign bit of x, as an unsigned integer. */
export function signOf(x: Expr): Expr {
  const f = formatOf(x);
  return x.bits(f.uint).and(f.sign);
}

/** A magnitude (sign bit clear) with the sign of x: one operation less than copysign. */
export const signed = (magnitude: Expr, x: Expr): Expr => {
  const f = formatOf(x);
  return magnitude.bits(f.uint).or(signOf(x)).bits(f.lane);
};

/** True where x is not a positive normal finite number: an add and one comparison on the bits. */
export function outsidePositiveNormals(x: Expr): Expr {
  const f = formatOf(x);
  // Unsigned range test by a signed comparison: shift the range so that it starts at the least integer.
  const start = BigInt.asIntN(f.lane === 'f64' ? 64 : 32, f.sign - f.minNormalBits);
  const end = BigInt.asIntN(f.lane === 'f64' ? 64 : 32, f.sign + f.infinityBits - f.minNormalBits);
  return x
    .bits(f.int)
    .add(start)
    .gt(end - 1n); // SIMD has the strict comparison
}

/** 2^n for an integer-valued n, where t = n + magic: exact while the result is normal. */
export function powerOfTwo(t: Expr, bias?: number): Expr {
  const f = formatOf(t);
  const one = BigInt(bias ?? f.bias) << BigInt(f.mantissa);
  return t.bits(f.uint).shlk(f.mantissa).add(one).bits(f.lane);
}

/** x * 2^n through the exponent field: x and the result must be normal; t = n + magic. */
export function scale(x: Expr, t: Expr): Expr {
  const f = formatOf(x);
  return t.bits(f.uint).shlk(f.mantissa).add(x.bits(f.uint)).bits(f.lane);
}

export interface Reduced {
  /** The exponent as a float. */
  readonly k: Expr;
  /** Significand in [sqrt(1/2), sqrt(2)). */
  readonly m: Expr;
  /** Bits of 2^k without bias, to scale other numbers: bits(y) - shift = bits(y * 2^-k). */
  readonly shift: Expr;
}

/** x = 2^k * m for a positive normal x. */
export function splitExponent(x: Expr): Reduced {
  const f = formatOf(x);
  const bits = x.bits(f.uint);
  // Subtracting sqrt(1/2) carries into the exponent where the significand is large; the bias keeps it positive.
  const one = BigInt(f.bias) << BigInt(f.mantissa);
  const t = bits.add(one - f.sqrtHalfBits);
  const shift = t.and((f.sign - 1n) ^ f.fraction).sub(one);
  const e = t.shrk(f.mantissa).or(f.lane === 'f64' ? 0x4330000000000000n : 0x4b000000n);
  return { k: e.bits(f.lane).sub(f.integers + f.bias), m: bits.sub(shift).bits(f.lane), shift };
}
