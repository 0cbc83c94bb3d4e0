// What a dtype can hold: ranges of integers, and the constants of floating formats, derived from the dtype table.
// The numbers behind `iinfo` and `finfo`, scalar checks and saturation. Formulas: IEEE 754-2019, table 3.5.

import { DTypeError } from '../base/errors.ts';
import { realOf } from './category.ts';
import { type DType, dtypeList } from './dtype.ts';

export interface IntegerLimits {
  readonly min: bigint;
  readonly max: bigint;
  /** The limits as numbers: exact for up to 32 bits, the nearest double for 64. */
  readonly low: number;
  readonly high: number;
  readonly bits: number;
}

export interface FloatLimits {
  readonly bits: number;
  /** Significand bits, the hidden one included. */
  readonly digits: number;
  /** Decimal digits that always survive. */
  readonly precision: number;
  readonly emax: number;
  readonly emin: number;
  /** Gap between 1 and the next value. */
  readonly eps: number;
  readonly max: number;
  /** Smallest positive normal value. */
  readonly tiny: number;
  readonly smallestSubnormal: number;
}

const integers: (IntegerLimits | undefined)[] = [];
const floats: (FloatLimits | undefined)[] = [];

for (const d of dtypeList) {
  if (d.kind === 'i' || d.kind === 'u') {
    const bits = 8 * d.itemsize;
    const signed = d.kind === 'i';
    const min = signed ? -(1n << BigInt(bits - 1)) : 0n;
    const max = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
    integers[d.id] = Object.freeze({ min, max, low: Number(min), high: Number(max), bits });
  }
  const real = realOf(d);
  if (real.float !== undefined) {
    const { digits, emax } = real.float;
    floats[d.id] = Object.freeze({
      bits: 8 * real.itemsize,
      digits,
      precision: Math.floor((digits - 1) * Math.log10(2)),
      emax,
      emin: 1 - emax,
      eps: 2 ** (1 - digits),
      max: (2 - 2 ** (1 - digits)) * 2 ** emax,
      tiny: 2 ** (1 - emax),
      smallestSubnormal: 2 ** (2 - emax - digits),
    });
  }
}

/**
 * Range of an integer dtype.
 * @throws DTypeError for other kinds.
 * @example integerLimits(dtypes.int8).max // 127n
 */
export function integerLimits(d: DType): IntegerLimits {
  const found = integers[d.id];
  if (found !== undefined) return found;
  throw new DTypeError(
    `${d.name} is not an integer dtype and has no integer range`,
    'ask for the limits of an integer dtype',
    {
      dtype: d.name,
    },
  );
}

/**
 * Constants of a floating dtype; a complex dtype has those of its components.
 * @throws DTypeError for bool and integers.
 * @example floatLimits(dtypes.float32).eps // 2 ** -23
 */
export function floatLimits(d: DType): FloatLimits {
  const found = floats[d.id];
  if (found !== undefined) return found;
  throw new DTypeError(
    `${d.name} is not a floating dtype and has no precision`,
    'ask for the limits of a float or complex dtype',
    {
      dtype: d.name,
    },
  );
}
