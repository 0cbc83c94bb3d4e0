// Coordinate grids: meshgrid, indices, fromfunction.

import { ArgumentError } from '../base/errors.ts';
import { asDType, type DTypeLike } from '../dtype/dtype.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { describe, Options } from '../exec/options.ts';
import { checkShape } from '../shape/strides.ts';
import { empty, type ShapeLike } from './creation.ts';
import { assign } from './indexing.ts';
import type { NDArray } from './ndarray.ts';
import { arange } from './ranges.ts';
import { asNDArray, broadcast_arrays, ravel, reshape, swapaxes } from './views.ts';

export interface MeshOptions {
  /** 'xy': the first two dimensions swapped, as in pictures; 'ij': as in matrices. */
  readonly indexing?: 'xy' | 'ij';
  /** Leave dimensions of length 1 to broadcasting. */
  readonly sparse?: boolean;
  /** Copies (default) or read-only views of the inputs. */
  readonly copy?: boolean;
}

const meshOptions = new Options('indexing', 'sparse', 'copy');
const indicesOptions = new Options('dtype', 'sparse');
const functionOptions = new Options('dtype');

const isOptions = (x: unknown): x is MeshOptions =>
  typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;

/**
 * Coordinate arrays of a grid from coordinate vectors; options last.
 * @example np.meshgrid([0, 1, 2], [5, 6])[0].shape // [2, 3]
 */
export function meshgrid(...args: (ArrayLike | MeshOptions)[]): NDArray[] {
  const last = args[args.length - 1];
  const options = isOptions(last) ? last : {};
  meshOptions.check(options, 'meshgrid');
  const vectors = (isOptions(last) ? args.slice(0, -1) : args).map((x) => ravel(asNDArray(x, 'meshgrid')));
  const { indexing = 'xy', sparse = false, copy = true } = options;
  let grids = vectors.map((v, d) =>
    reshape(
      v,
      vectors.map((_, k) => (k === d ? v.size : 1)),
    ),
  );
  if (indexing === 'xy' && vectors.length > 1) grids = grids.map((g) => swapaxes(g, 0, 1));
  if (!sparse) grids = broadcast_arrays(...grids);
  return copy ? grids.map((g) => g.copy()) : grids;
}

export interface IndicesOptions {
  readonly dtype?: DTypeLike;
  readonly sparse?: boolean;
}

/**
 * The indices of a grid: an array of shape (dimensions, …shape), or a list of broadcastable ones with `sparse`.
 * @example np.indices([2, 3]).shape // [2, 2, 3]
 */
export function indices(shape: readonly number[], options: IndicesOptions & { sparse: true }): NDArray[];
export function indices(shape: readonly number[], options?: IndicesOptions): NDArray;
export function indices(shape: readonly number[], options: IndicesOptions = {}): NDArray | NDArray[] {
  indicesOptions.check(options, 'indices');
  const to = checkShape(shape, 'indices');
  const dtype = asDType(options.dtype ?? 'int64');
  const lines = to.map((n, d) =>
    reshape(
      arange(BigInt(n), { dtype }),
      to.map((_, k) => (k === d ? n : 1)),
    ),
  );
  if (options.sparse === true) return lines;
  const out = empty([to.length, ...to], { dtype });
  for (let d = 0; d < to.length; d++) assign(out.get(d), lines[d], 'indices');
  return out;
}

/** The result of calling `fn` once with the index arrays of a grid. */
export function fromfunction(
  fn: (...index: NDArray[]) => ArrayLike,
  shape: ShapeLike,
  options: { dtype?: DTypeLike } = {},
): NDArray {
  functionOptions.check(options, 'fromfunction');
  if (typeof fn !== 'function') {
    throw new ArgumentError(`fromfunction: ${describe(fn)} is not a function`, 'pass a function of index arrays', {});
  }
  const to = checkShape(shape, 'fromfunction');
  const grid = indices(to, { dtype: options.dtype ?? 'float64' });
  return asNDArray(fn(...to.map((_, d) => grid.get(d))), 'fromfunction');
}
