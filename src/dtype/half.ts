// IEEE 754 binary16 to and from JavaScript numbers, correctly rounded (nearest, ties to even) straight from double
// precision: going through float32 would round twice. Not for arrays; kernels have their own conversion in IR.

/** Adding and subtracting 1.5 * 2**52 rounds a double to an integer, ties to even. */
const ROUND = 6755399441055744;
const NAN_BITS = 0x7e00;

/** 2**(e - 25) for a biased exponent e: the unit of the significand 1024 + m. */
const units = new Float64Array(31);
/** Its inverse, exact too. */
const inverses = new Float64Array(31);
for (let e = 1; e < 31; e++) {
  units[e] = 2 ** (e - 25);
  inverses[e] = 2 ** (25 - e);
}

/**
 * The number a binary16 bit pattern stands for.
 * @example halfToNumber(0x3c00) // 1
 */
export function halfToNumber(bits: number): number {
  const e = (bits >>> 10) & 31;
  const m = bits & 1023;
  if (e === 31 && m !== 0) return Number.NaN; // one NaN, so that its bits do not depend on the input's
  const x = e === 0 ? m * 2 ** -24 : e === 31 ? Number.POSITIVE_INFINITY : (1024 + m) * units[e];
  return bits & 0x8000 ? -x : x;
}

const doubles = new Float64Array(1);
const words = new Uint32Array(doubles.buffer);

/**
 * The bit pattern of the nearest binary16, ties to even; from 65520 on infinity; NaN is 0x7e00.
 * @example numberToHalf(1) // 0x3c00
 */
export function numberToHalf(x: number): number {
  if (x !== x) return NAN_BITS;
  doubles[0] = x;
  const high = words[1]; // little-endian, as WebAssembly memory is
  const sign = (high >>> 16) & 0x8000;
  const a = Math.abs(x);
  if (a >= 65520) return sign | 0x7c00;
  // A carry out of the significand runs into the exponent field and is right there, hence + and not |.
  if (a < 2 ** -14) return sign + (a * 2 ** 24 + ROUND - ROUND);
  const e = ((high >>> 20) & 0x7ff) - 1023 + 15;
  return sign + ((e - 1) << 10) + (a * inverses[e] + ROUND - ROUND);
}

/** The nearest binary16 value, as a number. */
export function roundToHalf(x: number): number {
  return halfToNumber(numberToHalf(x));
}
