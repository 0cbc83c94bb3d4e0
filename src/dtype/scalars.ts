// Scalars joining arrays: weak, as in NEP 50, but decided by the JavaScript type alone and never by the value.
// The value is only checked: what the result dtype cannot represent is a PrecisionError with a remedy, not a wrap.
// Reading and writing elements is in elements.ts, casts without a check in cast.ts; both are offered from here too.

import { CastError, DTypeError, PrecisionError } from '../base/errors.ts';
import { integerToFloat, roundTo, type Scalar } from './cast.ts';
import { category, complexOf } from './category.ts';
import { Complex } from './complex.ts';
import { type DType, dtypes } from './dtype.ts';
import { integerLimits } from './limits.ts';

export { castScalar, type Scalar, saturate } from './cast.ts';
export { type IntegerAs, narrowInteger, readElement, writeElement } from './elements.ts';
export { halfToNumber, numberToHalf } from './half.ts';

/** True for number, bigint, boolean and Complex. */
export function isScalar(x: unknown): x is Scalar {
  const t = typeof x;
  return t === 'number' || t === 'bigint' || t === 'boolean' || x instanceof Complex;
}

/**
 * The dtype of an array made from a scalar: number float64, bigint int64, boolean bool, Complex complex128.
 * @throws DTypeError for anything else.
 */
export function scalarDType(x: Scalar): DType {
  switch (typeof x) {
    case 'number':
      return dtypes.float64;
    case 'bigint':
      return dtypes.int64;
    case 'boolean':
      return dtypes.bool;
  }
  if (x instanceof Complex) return dtypes.complex128;
  throw new DTypeError(`${describe(x)} is not a scalar`, 'pass a number, bigint, boolean or Complex', { value: x });
}

/**
 * The dtype in which an array and a scalar meet. The scalar is weak: it moves the array's dtype only to a higher kind,
 * and a fraction joining an integer array does not even that (see `checkScalar`).
 * @example weakPromote(dtypes.float32, 0.1) // dtypes.float32
 */
export function weakPromote(array: DType, x: Scalar): DType {
  switch (typeof x) {
    case 'number':
      return array.kind === 'b' ? dtypes.float64 : array;
    case 'bigint':
      return array.kind === 'b' ? dtypes.int64 : array;
    case 'boolean':
      return array;
  }
  if (array.parts === 2) return array;
  return array.kind === 'f' ? complexOf(array) : dtypes.complex128;
}

/**
 * The scalar as an element of `d`, if it is one: a number for floats and integers up to 32 bits, a bigint for 64-bit
 * integers, a boolean for bool, a Complex for complex. Floats take any number and round it to their precision.
 * @throws PrecisionError for a fraction, NaN or an out-of-range value into integers, a value other than 0 and 1 into
 *   bool, and a bigint past the range of a float; CastError for a Complex into a real dtype.
 * @example checkScalar(300, dtypes.uint8, 'add') // PrecisionError: add: 300 does not fit in uint8 (0 to 255)
 */
export function checkScalar(x: Scalar, d: DType, where: string): Scalar {
  switch (d.kind) {
    case 'f':
      return typeof x === 'number' ? roundTo(x, d) : floatScalar(x, d, where);
    case 'c':
      if (x instanceof Complex) return new Complex(roundTo(x.re, d), roundTo(x.im, d));
      return new Complex(typeof x === 'number' ? roundTo(x, d) : floatScalar(x, d, where));
    case 'b':
      return boolScalar(x, d, where);
    default:
      return integerScalar(x, d, where);
  }
}

function floatScalar(x: Scalar, d: DType, where: string): number {
  if (typeof x === 'bigint') {
    const y = integerToFloat(x, d);
    if (Number.isFinite(y)) return y;
    throw new PrecisionError(
      `${where}: ${x}n is past the range of ${d.name}`,
      `use a number (Infinity) or a wider dtype`,
      {
        value: x,
        dtype: d.name,
      },
    );
  }
  if (x instanceof Complex) throw complexIntoReal(x, d, where);
  return Number(x);
}

function boolScalar(x: Scalar, d: DType, where: string): boolean {
  if (typeof x === 'boolean') return x;
  if (x instanceof Complex) throw complexIntoReal(x, d, where);
  const n = Number(x);
  if (n === 0 || n === 1) return n === 1;
  throw new PrecisionError(`${where}: ${show(x)} is not a bool`, `use true or false, or compare with zero (x !== 0)`, {
    value: x,
    dtype: d.name,
  });
}

function integerScalar(x: Scalar, d: DType, where: string): number | bigint {
  const limits = integerLimits(d);
  const wide = limits.bits === 64;
  if (typeof x === 'number') {
    if (Number.isInteger(x)) {
      // The upper limit of a 64-bit dtype as a double is max + 1, hence < and not <=.
      if (x >= limits.low && (wide ? x < limits.high : x <= limits.high)) return wide ? BigInt(x) : x + 0;
    }
    throw notInteger(x, d, where);
  }
  if (typeof x === 'bigint') {
    if (x >= limits.min && x <= limits.max) return wide ? x : Number(x);
    throw notInteger(x, d, where);
  }
  if (x instanceof Complex) throw complexIntoReal(x, d, where);
  return wide ? BigInt(x) : Number(x);
}

function notInteger(x: number | bigint, d: DType, where: string): PrecisionError {
  const { min, max } = integerLimits(d);
  if (typeof x === 'number' && !Number.isInteger(x)) {
    return new PrecisionError(
      `${where}: ${show(x)} is not an integer and cannot join ${d.name}`,
      `convert the array first, astype('float64'), or round the number (Math.trunc, Math.round)`,
      { value: x, dtype: d.name },
    );
  }
  const wider = widerFor(BigInt(x), d, d.kind) ?? widerFor(BigInt(x), d, 'i') ?? dtypes.float64;
  return new PrecisionError(
    `${where}: ${show(x)} does not fit in ${d.name} (${min} to ${max})`,
    `convert the array to a wider dtype first, astype('${wider.name}')`,
    { value: x, dtype: d.name, min, max },
  );
}

/** The next wider integer dtype of a kind that holds `x`, for the remedy. */
function widerFor(x: bigint, d: DType, kind: DType['kind']): DType | undefined {
  for (const w of category('ints')) {
    const { min, max } = integerLimits(w);
    if (w.kind === kind && w.itemsize > d.itemsize && x >= min && x <= max) return w;
  }
  return undefined;
}

function complexIntoReal(x: Complex, d: DType, where: string): CastError {
  return new CastError(
    `${where}: complex ${x} cannot become ${d.name}`,
    `use its real part (x.re), or convert the array first, astype('${complexOf(d).name}')`,
    { value: x, dtype: d.name },
  );
}

function show(x: number | bigint): string {
  return typeof x === 'bigint' ? `${x}n` : String(x);
}

function describe(x: unknown): string {
  return x === null ? 'null' : typeof x === 'object' ? (x.constructor?.name ?? 'object') : typeof x;
}
