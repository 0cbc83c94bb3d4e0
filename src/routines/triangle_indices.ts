// Indices of diagonals and triangles as lists of int32 arrays, one per axis: `a.get(...np.triu_indices(3))`.

import { ones } from '../array/creation.ts';
import { logical_not } from '../array/functions.generated.ts';
import { tri } from '../array/matrices.ts';
import type { NDArray } from '../array/ndarray.ts';
import { nonzero } from '../array/nonzero.ts';
import { arange } from '../array/ranges.ts';
import { asNDArray } from '../array/views.ts';
import { ShapeError } from '../base/errors.ts';
import { requireFunction } from '../exec/arguments.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { checkInteger } from '../exec/options.ts';
import { formatShape } from '../shape/strides.ts';

const below = (n: number, m: number, k: number): NDArray => tri(n, m, k, { dtype: 'bool' }) as NDArray;

/**
 * Indices of the lower triangle of an n × m (n) array, up to the k-th diagonal above the main one.
 * @throws ArgumentError for sizes that are no integers from 0.
 * @example np.tril_indices(2)[1] // array([0, 0, 1], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.tril_indices.html
 */
export const tril_indices = (n: number, k = 0, m: number = n): NDArray[] => nonzero(below(n, m, k));

/**
 * Indices of the upper triangle of an n × m (n) array, from the k-th diagonal above the main one on.
 * @throws ArgumentError for sizes that are no integers from 0.
 * @example np.triu_indices(2)[1] // array([0, 1, 1], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.triu_indices.html
 */
export const triu_indices = (n: number, k = 0, m: number = n): NDArray[] =>
  nonzero(logical_not(below(n, m, k - 1)) as NDArray);

function matrix(x: ArrayLike, where: string): NDArray {
  const a = asNDArray(x, where);
  if (a.ndim === 2) return a;
  throw new ShapeError(`${where} of shape ${formatShape(a.shape)}`, 'pass a matrix', { shape: a.shape });
}

/**
 * Indices of a matrix's lower triangle, up to the k-th diagonal above the main one.
 * @throws ShapeError for an array that is no matrix.
 * @example np.tril_indices_from(np.ones([2, 2]))[0] // array([0, 1, 1], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.tril_indices_from.html
 */
export function tril_indices_from(x: ArrayLike, k = 0): NDArray[] {
  const [n, m] = matrix(x, 'np.tril_indices_from').shape;
  return tril_indices(n, k, m);
}

/**
 * Indices of a matrix's upper triangle, from the k-th diagonal above the main one on.
 * @throws ShapeError for an array that is no matrix.
 * @example np.triu_indices_from(np.ones([2, 2]))[0] // array([0, 0, 1], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.triu_indices_from.html
 */
export function triu_indices_from(x: ArrayLike, k = 0): NDArray[] {
  const [n, m] = matrix(x, 'np.triu_indices_from').shape;
  return triu_indices(n, k, m);
}

/**
 * Indices of the main diagonal of an array of `ndim` dimensions of length n.
 * @throws ArgumentError for numbers that are no integers from 0.
 * @example np.diag_indices(2)[0] // array([0, 1], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.diag_indices.html
 */
export function diag_indices(n: number, ndim = 2): NDArray[] {
  checkInteger(n, 'n', 'np.diag_indices', 0);
  checkInteger(ndim, 'ndim', 'np.diag_indices', 0);
  const line = arange(n, { dtype: 'int32' }) as NDArray;
  return new Array<NDArray>(ndim).fill(line);
}

/**
 * Indices of an array's main diagonal.
 * @throws ShapeError unless it has at least two dimensions, all equally long.
 * @example np.diag_indices_from(np.ones([2, 2]))[1] // array([0, 1], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.diag_indices_from.html
 */
export function diag_indices_from(x: ArrayLike): NDArray[] {
  const { shape } = asNDArray(x, 'np.diag_indices_from');
  if (shape.length >= 2 && shape.every((n) => n === shape[0])) return diag_indices(shape[0], shape.length);
  throw new ShapeError(
    `np.diag_indices_from of shape ${formatShape(shape)}`,
    'pass an array of at least two dimensions, all equally long',
    { shape },
  );
}

/**
 * Indices of what a function such as np.triu leaves of an n × n matrix of ones.
 * @example np.mask_indices(3, np.triu, 1)[0] // array([0, 0, 1], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.mask_indices.html
 */
export function mask_indices(n: number, mask: (a: NDArray, k: number) => ArrayLike, k = 0): NDArray[] {
  requireFunction(mask, 'mask', 'np.mask_indices');
  return nonzero(mask(ones([n, n]), k));
}
