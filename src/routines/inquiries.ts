// Questions about arrays that no element answers: their dtype's kind, their layout, whether they share memory.

import { imag, real } from '../array/complex_parts.ts';
import { abs, less } from '../array/functions.generated.ts';
import type { NDArray } from '../array/ndarray.ts';
import { nd } from '../array/ndarray.ts';
import { all } from '../array/reduce_functions.ts';
import { ArgumentError } from '../base/errors.ts';
import { floatLimits } from '../dtype/limits.ts';
import { isScalar, scalarDType } from '../dtype/scalars.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { type ArrayLike, operandOf, toArray } from '../exec/coerce.ts';
import { overlaps, place, sameMemory } from '../exec/execute.ts';
import { describe } from '../exec/options.ts';
import { solveOverlap } from '../shape/overlap.ts';

/**
 * Has the array or scalar a complex dtype, whatever its values?
 * @example np.iscomplexobj([new np.Complex(1, 0)]) // true
 * @see https://numpy.org/doc/stable/reference/generated/numpy.iscomplexobj.html
 */
export function iscomplexobj(x: ArrayLike): boolean {
  const v = operandOf(x, 'np.iscomplexobj');
  return (v instanceof ArrayBase ? v.dtype : scalarDType(v)).kind === 'c';
}

/**
 * Has the array or scalar a dtype that is not complex?
 * @example np.isrealobj([1, 2]) // true
 * @see https://numpy.org/doc/stable/reference/generated/numpy.isrealobj.html
 */
export const isrealobj = (x: ArrayLike): boolean => !iscomplexobj(x);

/**
 * Is the value a scalar: a number, bigint, boolean or Complex, or a string? Arrays without dimensions are not.
 * @example np.isscalar(3.1) // true
 * @see https://numpy.org/doc/stable/reference/generated/numpy.isscalar.html
 */
export const isscalar = (x: unknown): boolean => isScalar(x) || typeof x === 'string';

/**
 * Are the elements of an array in Fortran order (first axis contiguous) and not in C order?
 * @example np.isfortran(np.zeros([2, 3]).T) // true
 * @see https://numpy.org/doc/stable/reference/generated/numpy.isfortran.html
 */
export function isfortran(a: ArrayBase): boolean {
  if (!(a instanceof ArrayBase)) throw new ArgumentError(`np.isfortran of ${describe(a)}`, 'pass an array', {});
  if (a.contiguous) return false;
  let step = a.dtype.itemsize;
  for (let d = 0; d < a.ndim; d++) {
    if (a.shape[d] > 1 && a.strides[d] !== step) return false;
    step *= a.shape[d];
  }
  return true;
}

const both = (a: ArrayLike, b: ArrayLike, where: string): [ArrayBase, ArrayBase] => [
  toArray(a, where),
  toArray(b, where),
];
/** Steps after which the exact question is answered by yes: some tenths of a second. */
const PATIENCE = 10_000_000;

/**
 * Do two arrays have a byte in common? Exact, whatever their strides.
 * @example np.shares_memory(np.arange(6).get('::2'), np.arange(6).get('1::2')) // false
 * @see https://numpy.org/doc/stable/reference/generated/numpy.shares_memory.html
 */
export function shares_memory(a: ArrayLike, b: ArrayLike): boolean {
  const [x, y] = both(a, b, 'np.shares_memory');
  return sameMemory(x, y) && solveOverlap(place(x), place(y), PATIENCE);
}

/**
 * Do the stretches of memory that two arrays reach over meet? Quick, and true for interleaved arrays that share nothing.
 * @example np.may_share_memory([1, 2], [1, 2]) // false
 * @see https://numpy.org/doc/stable/reference/generated/numpy.may_share_memory.html
 */
export const may_share_memory = (a: ArrayLike, b: ArrayLike): boolean => overlaps(...both(a, b, 'np.may_share_memory'));

/**
 * The real part of a complex array whose imaginary parts are all below `tol` (100) times the machine epsilon, or below
 * `tol` itself where it is at most 1; any other array as it is.
 * @example np.real_if_close([new np.Complex(2, 4e-14), new np.Complex(5, 3e-15)], 1000) // array([2., 5.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.real_if_close.html
 */
export function real_if_close(x: ArrayLike, tol = 100): NDArray {
  const a = nd(toArray(x, 'np.real_if_close'));
  if (a.dtype.kind !== 'c') return a;
  const limit = tol > 1 ? floatLimits(a.dtype).eps * tol : tol;
  return all(less(abs(imag(a)), limit)) === true ? real(a) : a;
}
