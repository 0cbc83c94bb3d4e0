// Positions of what is true: nonzero, flatnonzero, argwhere. Positions are int32.

import { ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { dtypes } from '../dtype/dtype.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { coordinates, countTrue, positionsOf, rowOf, settledMask } from '../exec/indexing/masks.ts';
import { timed } from '../exec/timed.ts';
import { type NDArray, nd } from './ndarray.ts';
import { asNDArray, transpose } from './views.ts';

/** Flat positions of the elements that are not zero. */
function positions(a: ArrayBase): ArrayBase {
  const mask = settledMask(a);
  return positionsOf(mask, countTrue(mask));
}

// One row per dimension, one column per element that is not zero.
function table(a: ArrayBase): ArrayBase {
  if (a.ndim > 0) return coordinates(positions(a), a.shape);
  return newArray([0, countTrue(settledMask(a)).total], dtypes.int32);
}

/**
 * Positions of the elements that are not zero (NaN is not): one int32 array per dimension, in C order. The list is an index:
 * `a.get(...np.nonzero(a))` are the elements.
 * @throws ShapeError for a 0-d array.
 * @example np.nonzero([[0, 2], [3, 0]])[1] // array([1, 0], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nonzero.html
 */
export function nonzero(x: ArrayLike): NDArray[] {
  if (events.timing) return timed('nonzero', nonzero, x);
  const a = asNDArray(x, 'np.nonzero');
  if (a.ndim === 0) {
    throw new ShapeError(
      'np.nonzero of a 0-d array has no axes to give positions for',
      'use np.nonzero([x]), or compare it with 0',
      {},
    );
  }
  if (a.ndim === 1) return [nd(positions(a))];
  const rows = table(a);
  return a.shape.map((_, d) => nd(rowOf(rows, d)));
}

/**
 * Flat positions (C order) of the elements that are not zero: int32.
 * @example np.flatnonzero([[0, 2], [3, 0]]) // array([1, 2], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.flatnonzero.html
 */
export const flatnonzero = (x: ArrayLike): NDArray => nd(positions(asNDArray(x, 'np.flatnonzero')));

/**
 * Positions of the elements that are not zero as rows: int32 of shape (count, ndim).
 * @example np.argwhere([[0, 2], [3, 0]]) // array([[0, 1], [1, 0]], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.argwhere.html
 */
export const argwhere = (x: ArrayLike): NDArray => transpose(table(asNDArray(x, 'np.argwhere')));
