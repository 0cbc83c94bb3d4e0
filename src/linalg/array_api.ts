// What np.linalg spells as the array API standard does, stricter than the functions of the same names in np: matrices
// are the last two dimensions, vectors have one.

import type { NDArray } from '../array/ndarray.ts';
import { nd } from '../array/ndarray.ts';
import * as views from '../array/views.ts';
import { LinAlgError } from '../base/errors.ts';
import type { DTypeLike } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { Options } from '../exec/options.ts';
import { formatShape, normalizeAxis } from '../shape/strides.ts';
import { cross as crossOf } from './cross.ts';
import { outer as outerOf } from './tensor.ts';
import { trace as traceOf } from './trace.ts';

function operand(x: ArrayLike, where: string, fits: (shape: readonly number[]) => boolean, asked: string): NDArray {
  const a = toArray(x, where);
  requireUsable(a, where);
  if (fits(a.shape)) return nd(a);
  throw new LinAlgError(`${where}: an operand of shape ${formatShape(a.shape)}`, `pass ${asked}`, {
    where,
    shape: a.shape,
  });
}
const isMatrix = (shape: readonly number[]): boolean => shape.length >= 2;

export interface DiagonalOptions {
  /** Which diagonal: above the main one if positive. */
  readonly offset?: number;
}
const diagonalOptions = new Options(['offset', 'k']);

/**
 * Diagonals of matrices […, m, n], as a read-only view […, min(m, n)].
 * @throws LinAlgError for fewer than two dimensions.
 * @example np.linalg.diagonal([[1, 2], [3, 4]]) // array([1., 4.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.diagonal.html
 */
export function diagonal(x: ArrayLike, options: DiagonalOptions = {}): NDArray {
  const where = 'np.linalg.diagonal';
  diagonalOptions.check(options, where);
  return views.diagonal(operand(x, where, isMatrix, 'a matrix or a stack of them'), options.offset ?? 0, -2, -1);
}

export interface MatrixTraceOptions extends DiagonalOptions {
  /** Dtype to accumulate in, and of the result. */
  readonly dtype?: DTypeLike;
}
const traceOptions = new Options(['offset', 'k'], 'dtype');

/**
 * Sums of the diagonals of matrices […, m, n]: a scalar for one matrix.
 * @throws LinAlgError for fewer than two dimensions.
 * @example np.linalg.trace([[1, 2], [3, 4]]) // 5
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.trace.html
 */
export function trace(x: ArrayLike, options: MatrixTraceOptions = {}): NDArray | Scalar {
  const where = 'np.linalg.trace';
  traceOptions.check(options, where);
  return traceOf(operand(x, where, isMatrix, 'a matrix or a stack of them'), { ...options, axis1: -2, axis2: -1 });
}

/**
 * Every element of one vector times every element of another: a matrix.
 * @throws LinAlgError for operands of other than one dimension.
 * @example np.linalg.outer([1, 2], [10, 20]).tolist() // [[10, 20], [20, 40]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.outer.html
 */
export function outer(x1: ArrayLike, x2: ArrayLike): NDArray {
  const vector = (x: ArrayLike): NDArray =>
    operand(x, 'np.linalg.outer', (shape) => shape.length === 1, 'vectors, or use np.outer, which flattens');
  return outerOf(vector(x1), vector(x2));
}

export interface VectorProductOptions {
  /** The axis of the vectors in both operands and in the result; the last by default. */
  readonly axis?: number;
}
const crossOptions = new Options(['axis', 'integer']);

/**
 * Cross products of vectors of three components along an axis, broadcast against each other.
 * @throws LinAlgError for vectors of another length; ShapeError for what does not broadcast.
 * @example np.linalg.cross([1, 2, 3], [4, 5, 6]) // array([-3.,  6., -3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.cross.html
 */
export function cross(x1: ArrayLike, x2: ArrayLike, options: VectorProductOptions = {}): NDArray {
  const where = 'np.linalg.cross';
  crossOptions.check(options, where);
  const axis = options.axis ?? -1;
  const vectors = (x: ArrayLike): NDArray =>
    operand(
      x,
      where,
      (shape) => shape.length > 0 && shape[normalizeAxis(axis, shape.length, where)] === 3,
      'vectors of three components, and name their axis where it is not the last',
    );
  return crossOf(vectors(x1), vectors(x2), { axis });
}
