// One element in and out of a raw typed view: the only place where bits become JavaScript scalars and back.
// Not for loops over arrays: kernels work on the lanes themselves. Nothing is checked here but the exactness of 64-bit
// integers on their way out; values come in through `checkScalar`.

import { PrecisionError } from '../base/errors.ts';
import type { Scalar } from './cast.ts';
import { Complex } from './complex.ts';
import type { DType, TypedArray } from './dtype.ts';
import { halfToNumber, numberToHalf } from './half.ts';

/**
 * How integers leave: 'number' refuses what a number cannot hold exactly; 'bigint' gives every integer as bigint;
 * 'auto' gives a number where exact and a bigint otherwise (for printing).
 */
export type IntegerAs = 'number' | 'bigint' | 'auto';

/**
 * The `i`-th element of a raw view as a JavaScript scalar: boolean, number, bigint or Complex.
 * @throws PrecisionError for a 64-bit integer that a number cannot hold exactly, unless `as` allows a bigint.
 * @example readElement(new Uint16Array([0x3c00]), 0, dtypes.float16) // 1
 */
export function readElement(view: TypedArray, i: number, d: DType, as: IntegerAs = 'number'): Scalar {
  // A complex view is a Float32Array or Float64Array by the dtype table, so its entries are numbers.
  if (d.parts === 2) return new Complex(view[2 * i] as number, view[2 * i + 1] as number);
  const x = view[i];
  if (typeof x === 'bigint') return as === 'bigint' ? x : narrowInteger(x, d, as);
  if (d.kind === 'b') return x !== 0;
  if (d.half) return halfToNumber(x);
  return as === 'bigint' && d.kind !== 'f' ? BigInt(x) : x;
}

/**
 * A 64-bit integer as a number where that is exact.
 * @throws PrecisionError otherwise, unless `as` is 'auto', which gives the bigint back.
 */
export function narrowInteger(x: bigint, d: DType, as: IntegerAs = 'number'): number | bigint {
  const n = Number(x);
  if (Number.isSafeInteger(n) || BigInt(n) === x) return n;
  if (as === 'auto') return x;
  throw new PrecisionError(
    `${d.name} value ${x} is not exactly representable as a number`,
    `read it with item({ as: 'bigint' }), or convert the array with astype('float64') and accept rounding`,
    { value: x, dtype: d.name },
  );
}

/**
 * Writes a scalar that `checkScalar` has normalized for `d`.
 * @example writeElement(view, 0, dtypes.complex64, new Complex(1, 2))
 */
export function writeElement(view: TypedArray, i: number, d: DType, x: Scalar): void {
  if (x instanceof Complex) {
    view[2 * i] = x.re;
    view[2 * i + 1] = x.im;
  } else {
    // Normalized: a bigint exactly for 64-bit lanes, a number or boolean for the others. Booleans are stored as 0 and 1.
    view[i] = (typeof x === 'boolean' ? Number(x) : d.half ? numberToHalf(x as number) : x) as never;
  }
}
