// finfo and iinfo: what a dtype can hold, under NumPy's names. The numbers come from limits.ts.

import { realOf } from './category.ts';
import { asDType, type DType, type DTypeLike, type dtypes, isDType } from './dtype.ts';
import { floatLimits, integerLimits } from './limits.ts';

/** A dtype, or something that has one. */
export type HasDType = DTypeLike | { readonly dtype: DType };

const dtypeBehind = (x: HasDType): DType => (typeof x === 'string' || isDType(x) ? asDType(x) : asDType(x?.dtype));

/** Constants of a floating dtype. */
export interface FloatInfo {
  /** The dtype described: that of the components for a complex one. */
  readonly dtype: DType;
  /** Bits of an element. */
  readonly bits: number;
  /** Gap between 1 and the next number. */
  readonly eps: number;
  /** Gap between 1 and the number before. */
  readonly epsneg: number;
  readonly max: number;
  readonly min: number;
  /** Smallest positive number with full precision; `tiny` is its older name. */
  readonly smallest_normal: number;
  readonly tiny: number;
  readonly smallest_subnormal: number;
  /** Decimal digits that always survive, and ten to minus that power. */
  readonly precision: number;
  readonly resolution: number;
  /** Bits of the stored significand and of the exponent. */
  readonly nmant: number;
  readonly nexp: number;
  readonly iexp: number;
  /** Exponents: 2 ** maxexp overflows, 2 ** minexp is the smallest normal number. */
  readonly maxexp: number;
  readonly minexp: number;
  /** Exponents of eps and epsneg. */
  readonly machep: number;
  readonly negep: number;
}

/**
 * What a float or complex dtype, or that of an array, can hold.
 * @throws DTypeError for bool and integers: use iinfo.
 * @example np.finfo('float32').eps // 1.1920928955078125e-7
 * @see https://numpy.org/doc/stable/reference/generated/numpy.finfo.html
 */
export function finfo(x: HasDType): FloatInfo {
  const d = dtypeBehind(x);
  const f = floatLimits(d);
  const exponentBits = f.bits - f.digits;
  return Object.freeze({
    dtype: realOf(d),
    bits: f.bits,
    eps: f.eps,
    epsneg: f.eps / 2,
    max: f.max,
    min: -f.max,
    smallest_normal: f.tiny,
    tiny: f.tiny,
    smallest_subnormal: f.smallestSubnormal,
    precision: f.precision,
    resolution: Number(`1e-${f.precision}`), // 10 ** -15 is not the nearest double
    nmant: f.digits - 1,
    nexp: exponentBits,
    iexp: exponentBits,
    maxexp: f.emax + 1,
    minexp: f.emin,
    machep: 1 - f.digits,
    negep: -f.digits,
  });
}

/** Range of an integer dtype. */
export interface IntegerInfo {
  readonly dtype: DType;
  readonly kind: 'i' | 'u';
  readonly bits: number;
  /** Numbers for up to 32 bits, bigints for 64. */
  readonly min: number | bigint;
  readonly max: number | bigint;
}

/** The 64-bit dtypes, whose limits no number holds. */
type Wide = 'int64' | 'uint64' | typeof dtypes.int64 | typeof dtypes.uint64;
type Narrow =
  | 'int8'
  | 'int16'
  | 'int32'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | (typeof dtypes)['int8' | 'int16' | 'int32' | 'uint8' | 'uint16' | 'uint32'];

/**
 * What an integer dtype, or that of an array, can hold: bigints for 64 bits, numbers for fewer.
 * @throws DTypeError for other kinds: use finfo.
 * @example np.iinfo('int16').max // 32767
 * @see https://numpy.org/doc/stable/reference/generated/numpy.iinfo.html
 */
export function iinfo(x: Narrow): IntegerInfo & { readonly min: number; readonly max: number };
export function iinfo(x: Wide): IntegerInfo & { readonly min: bigint; readonly max: bigint };
export function iinfo(x: HasDType): IntegerInfo;
export function iinfo(x: HasDType): IntegerInfo {
  const dtype = dtypeBehind(x);
  const { bits, min, max, low, high } = integerLimits(dtype);
  const wide = bits === 64;
  return Object.freeze({
    dtype,
    kind: dtype.kind === 'i' ? 'i' : 'u',
    bits,
    min: wide ? min : low,
    max: wide ? max : high,
  });
}
