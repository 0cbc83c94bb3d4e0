// Views with a least number of dimensions: atleast_1d, atleast_2d, atleast_3d.

import { type NDArray, nd } from '../array/ndarray.ts';
import { asNDArray } from '../array/views.ts';
import { type ArrayBase, reinterpret } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';

/**
 * The array with at least `ndim` (1 to 3) dimensions: new ones come first, but a third one comes last.
 * @example raised(vector of 4, 3) // of shape (1, 4, 1)
 */
export function raised(a: ArrayBase, ndim: number): ArrayBase {
  if (a.ndim >= ndim) return a;
  const shape = a.shape.slice();
  const strides = a.strides.slice();
  while (shape.length < Math.min(ndim, 2)) {
    shape.unshift(1);
    strides.unshift(0);
  }
  if (shape.length < ndim) {
    shape.push(1);
    strides.push(0);
  }
  return reinterpret(a, a.offset, shape, strides);
}

interface AtLeast {
  (x: ArrayLike): NDArray;
  (...xs: ArrayLike[]): NDArray | NDArray[];
}

const atLeast = (ndim: number): AtLeast =>
  ((...xs: ArrayLike[]) => {
    const views = xs.map((x) => nd(raised(asNDArray(x, `np.atleast_${ndim}d`), ndim)));
    return views.length === 1 ? views[0] : views;
  }) as AtLeast; // one argument gives one array

/**
 * Each argument as an array of at least one dimension: scalars become vectors of one element. One array for one
 * argument, a list for several.
 * @example np.atleast_1d(3) // array([3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.atleast_1d.html
 */
export const atleast_1d: AtLeast = atLeast(1);

/**
 * Each argument as an array of at least two dimensions: vectors become rows.
 * @example np.atleast_2d([1, 2]).shape // [1, 2]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.atleast_2d.html
 */
export const atleast_2d: AtLeast = atLeast(2);

/**
 * Each argument as an array of at least three dimensions: (n) becomes (1, n, 1), (m, n) becomes (m, n, 1).
 * @example np.atleast_3d([1, 2]).shape // [1, 2, 1]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.atleast_3d.html
 */
export const atleast_3d: AtLeast = atLeast(3);
