// np.emath: functions whose results are complex where real arguments leave the real domain. The arguments decide, all of
// them together: one value outside makes the whole result complex.

import * as rows from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { any } from '../array/reduce_functions.ts';
import { complexOf } from '../dtype/category.ts';
import { Complex } from '../dtype/complex.ts';
import { dtypes } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { type ArrayLike, operandOf } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';

type Value = NDArray | Scalar;

/** Arguments for which a real function has no real result. */
interface Outside {
  readonly of: (a: NDArray) => NDArray;
  readonly is: (x: number) => boolean;
}
const negative: Outside = { of: (a) => rows.less(a, 0), is: (x) => x < 0 };
const beyondOne: Outside = { of: (a) => rows.greater(rows.abs(a), 1), is: (x) => Math.abs(x) > 1 };

/** The argument, as complex where an element of it is outside. */
function widened(x: ArrayLike, where: string, outside: Outside): Value {
  const v = operandOf(x, where);
  if (!(v instanceof ArrayBase)) return !(v instanceof Complex) && outside.is(Number(v)) ? new Complex(Number(v)) : v;
  const a = nd(v);
  return a.dtype.kind !== 'c' && any(outside.of(a)) === true ? nd(heapCopy(a, complexOf(a.dtype))) : a;
}

type Extended = (x: ArrayLike) => Value;
const over =
  (name: string, f: (x: ArrayLike) => unknown, outside: Outside): Extended =>
  (x) =>
    f(widened(x, `np.emath.${name}`, outside)) as Value; // of an array an array, of a scalar a scalar

/**
 * Square root; imaginary for negative numbers.
 * @example np.emath.sqrt(-4) // 2j
 * @see https://numpy.org/doc/stable/reference/generated/numpy.emath.sqrt.html
 */
export const sqrt: Extended = over('sqrt', rows.sqrt, negative);

/**
 * Natural logarithm; complex for negative numbers.
 * @example np.emath.log(-Math.E) // (1+3.141592653589793j)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.emath.log.html
 */
export const log: Extended = over('log', rows.log, negative);

/**
 * Logarithm to base 2; complex for negative numbers.
 * @example np.emath.log2([8, 2]) // array([3., 1.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.emath.log2.html
 */
export const log2: Extended = over('log2', rows.log2, negative);

/**
 * Logarithm to base 10; complex for negative numbers.
 * @example np.emath.log10([100, 1]) // array([2., 0.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.emath.log10.html
 */
export const log10: Extended = over('log10', rows.log10, negative);

/**
 * Logarithm to base `n`; complex where either is negative.
 * @example np.emath.logn(2, [4, 8]) // array([2., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.emath.logn.html
 */
export const logn = (n: ArrayLike, x: ArrayLike): Value =>
  rows.divide(log(x) as ArrayLike, log(n) as ArrayLike) as Value; // as above

/**
 * Powers; complex for negative bases. Negative exponents of integers are computed in float64.
 * @example np.emath.power([2, 4], -2) // array([0.25  , 0.0625])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.emath.power.html
 */
export function power(x: ArrayLike, p: ArrayLike): Value {
  const base = widened(x, 'np.emath.power', negative);
  const exponent = operandOf(p, 'np.emath.power');
  const below =
    exponent instanceof ArrayBase
      ? any(rows.less(exponent, 0)) === true
      : !(exponent instanceof Complex) && Number(exponent) < 0;
  const inFloats = (v: ArrayBase | Scalar): ArrayLike => {
    if (!(v instanceof ArrayBase)) return typeof v === 'bigint' ? Number(v) : v;
    return v.dtype.kind === 'f' || v.dtype.kind === 'c' ? v : heapCopy(v, dtypes.float64);
  };
  const [b, e] = below ? [inFloats(base), inFloats(exponent)] : [base, exponent];
  return rows.power(b, e) as Value; // as above
}

/**
 * Inverse cosine; complex for arguments beyond 1 in size.
 * @example np.emath.arccos(1) // 0
 * @see https://numpy.org/doc/stable/reference/generated/numpy.emath.arccos.html
 */
export const arccos: Extended = over('arccos', rows.arccos, beyondOne);

/**
 * Inverse sine; complex for arguments beyond 1 in size.
 * @example np.emath.arcsin(0) // 0
 * @see https://numpy.org/doc/stable/reference/generated/numpy.emath.arcsin.html
 */
export const arcsin: Extended = over('arcsin', rows.arcsin, beyondOne);

/**
 * Inverse hyperbolic tangent; complex for arguments beyond 1 in size.
 * @example np.emath.arctanh(0) // 0
 * @see https://numpy.org/doc/stable/reference/generated/numpy.emath.arctanh.html
 */
export const arctanh: Extended = over('arctanh', rows.arctanh, beyondOne);
