// Real and imaginary parts: views on complex arrays, so that assigning to a part changes the array.

import { realOf } from '../dtype/category.ts';
import { Complex } from '../dtype/complex.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { ArrayBase, newArray, viewOf } from '../exec/array_base.ts';
import { type ArrayLike, operandOf } from '../exec/coerce.ts';
import { NDArray, nd } from './ndarray.ts';
import type { ArrayData } from './types.ts';

function partOf(a: ArrayBase, part: 0 | 1): NDArray {
  const d = realOf(a.dtype);
  return nd(viewOf(a.storage, a.offset + part * d.itemsize, a.shape, a.strides, d, a));
}

/**
 * The real part: a view of a complex array, a real array itself.
 * @example np.real([new np.Complex(1, 2)]) // array([1.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.real.html
 */
export function real(x: number): number;
export function real(x: ArrayData): NDArray;
export function real(x: ArrayLike): NDArray | Scalar;
export function real(x: ArrayLike): NDArray | Scalar {
  const a = operandOf(x, 'np.real');
  if (!(a instanceof ArrayBase)) return a instanceof Complex ? a.re : a;
  return a.dtype.parts === 2 ? partOf(a, 0) : nd(a);
}

/**
 * The imaginary part: a view of a complex array, zeros for a real one.
 * @example np.imag([new np.Complex(1, 2)]) // array([2.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.imag.html
 */
export function imag(x: number): number;
export function imag(x: ArrayData): NDArray;
export function imag(x: ArrayLike): NDArray | Scalar;
export function imag(x: ArrayLike): NDArray | Scalar {
  const a = operandOf(x, 'np.imag');
  if (!(a instanceof ArrayBase)) return a instanceof Complex ? a.im : 0;
  return a.dtype.parts === 2 ? partOf(a, 1) : nd(newArray(a.shape, a.dtype, true));
}

declare module './ndarray.ts' {
  interface NDArray<D, S> {
    /** The real part, a view. */
    readonly real: NDArray;
    /** The imaginary part, a view of complex arrays. */
    readonly imag: NDArray;
  }
}

const getters: Record<string, (this: NDArray) => NDArray> = {
  real() {
    return real(this);
  },
  imag() {
    return imag(this);
  },
};
for (const [name, get] of Object.entries(getters))
  Object.defineProperty(NDArray.prototype, name, { get, configurable: true });
