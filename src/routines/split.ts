// Splitting arrays along an axis into views: split, array_split, unstack and the forms with a fixed axis. Nothing copies.

import { type NDArray, nd } from '../array/ndarray.ts';
import { asNDArray } from '../array/views.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { reinterpret } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { Options } from '../exec/options.ts';
import { resolveSlice, slice } from '../shape/slicing.ts';
import { formatShape, normalizeAxis } from '../shape/strides.ts';
import { integersOf } from './integers.ts';

/** A number of parts, or the positions at which to cut. */
export type Cuts = number | ArrayLike;

const unstackOptions = new Options('axis');

function pieces(a: NDArray, bounds: readonly (readonly [number, number])[], axis: number): NDArray[] {
  return bounds.map(([from, to]) => {
    const { start, length } = resolveSlice(slice(from, to), a.shape[axis]);
    const shape = a.shape.slice();
    shape[axis] = length;
    return nd(reinterpret(a, a.offset + start * a.strides[axis], shape, a.strides));
  });
}

function cut(where: string, a: NDArray, cuts: Cuts, axis: number, even: boolean): NDArray[] {
  const n = a.shape[axis];
  const bounds: [number, number][] = [];
  if (typeof cuts === 'number') {
    if (!(Number.isInteger(cuts) && cuts > 0)) {
      throw new ArgumentError(`${where} into ${cuts} parts`, 'pass a positive integer, or a list of positions', {
        cuts,
      });
    }
    if (even && n % cuts !== 0) {
      throw new ShapeError(
        `${where}: axis ${axis} of length ${n} does not divide into ${cuts} equal parts`,
        'use array_split, which lets the parts differ by one',
        { shape: a.shape, axis, cuts },
      );
    }
    const longer = n % cuts;
    const length = (n - longer) / cuts;
    for (let i = 0, at = 0; i < cuts; i++) {
      const next = at + length + (i < longer ? 1 : 0);
      bounds.push([at, next]);
      at = next;
    }
  } else {
    const at = integersOf(cuts, 'the list of positions', where);
    for (let i = 0; i <= at.length; i++) bounds.push([i === 0 ? 0 : at[i - 1], i === at.length ? n : at[i]]);
  }
  return pieces(a, bounds, axis);
}

/**
 * Views of an array cut along an axis: into a number of parts whose lengths differ by one at most, or at positions.
 * @throws ArgumentError for a number of parts below 1.
 * @example np.array_split([1, 2, 3], 2).map(String) // ['[1. 2.]', '[3.]']
 * @see https://numpy.org/doc/stable/reference/generated/numpy.array_split.html
 */
export function array_split(x: ArrayLike, cuts: Cuts, axis = 0): NDArray[] {
  const a = asNDArray(x, 'np.array_split');
  return cut('np.array_split', a, cuts, normalizeAxis(axis, a.ndim, 'np.array_split'), false);
}

/**
 * Views of an array cut along an axis: into equal parts, or at positions.
 * @throws ShapeError when the axis does not divide into that many equal parts.
 * @example np.split([1, 2, 3], [1]).map(String) // ['[1.]', '[2. 3.]']
 * @see https://numpy.org/doc/stable/reference/generated/numpy.split.html
 */
export function split(x: ArrayLike, cuts: Cuts, axis = 0): NDArray[] {
  const a = asNDArray(x, 'np.split');
  return cut('np.split', a, cuts, normalizeAxis(axis, a.ndim, 'np.split'), true);
}

function along(name: string, x: ArrayLike, cuts: Cuts, least: number, axis: number): NDArray[] {
  const where = `np.${name}`;
  const a = asNDArray(x, where);
  if (a.ndim < least) {
    throw new ShapeError(
      `${where} needs at least ${least} ${least === 1 ? 'dimension' : 'dimensions'}, not shape ${formatShape(a.shape)}`,
      'use split with an axis that the array has',
      { shape: a.shape },
    );
  }
  return cut(where, a, cuts, Math.min(axis, a.ndim - 1), true);
}

/**
 * Views of an array cut along its second axis (a vector along its only one).
 * @throws ShapeError when that axis does not divide equally.
 * @example np.hsplit([[1, 2], [3, 4]], 2).map((a) => a.shape) // [[2, 1], [2, 1]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.hsplit.html
 */
export const hsplit = (x: ArrayLike, cuts: Cuts): NDArray[] => along('hsplit', x, cuts, 1, 1);

/**
 * Views of an array of at least two dimensions cut along its first axis.
 * @throws ShapeError when that axis does not divide equally.
 * @example np.vsplit([[1, 2], [3, 4]], 2).map((a) => a.shape) // [[1, 2], [1, 2]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.vsplit.html
 */
export const vsplit = (x: ArrayLike, cuts: Cuts): NDArray[] => along('vsplit', x, cuts, 2, 0);

/**
 * Views of an array of at least three dimensions cut along its third axis.
 * @throws ShapeError when that axis does not divide equally.
 * @example np.dsplit(np.ones([1, 2, 4]), 2).map((a) => a.shape) // [[1, 2, 2], [1, 2, 2]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.dsplit.html
 */
export const dsplit = (x: ArrayLike, cuts: Cuts): NDArray[] => along('dsplit', x, cuts, 3, 2);

/**
 * The subarrays along an axis (default the first), as views without that axis.
 * @throws ShapeError for a 0-d array.
 * @example np.unstack([[1, 2], [3, 4]]).map(String) // ['[1. 2.]', '[3. 4.]']
 * @see https://numpy.org/doc/stable/reference/generated/numpy.unstack.html
 */
export function unstack(x: ArrayLike, options: { readonly axis?: number } = {}): NDArray[] {
  unstackOptions.check(options, 'np.unstack');
  const a = asNDArray(x, 'np.unstack');
  if (a.ndim === 0) throw new ShapeError('np.unstack of a 0-d array', 'pass an array with an axis', {});
  const axis = normalizeAxis(options.axis ?? 0, a.ndim, 'np.unstack');
  const shape = a.shape.filter((_, d) => d !== axis);
  const strides = a.strides.filter((_, d) => d !== axis);
  return Array.from({ length: a.shape[axis] }, (_, i) =>
    nd(reinterpret(a, a.offset + i * a.strides[axis], shape, strides)),
  );
}
