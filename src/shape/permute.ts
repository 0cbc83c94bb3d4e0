// Reordering, adding and dropping dimensions: permutations of axes and what they do to shapes and strides.
// Views only; no element moves.

import { ArgumentError, ShapeError } from '../base/errors.ts';
import { checkShape, formatShape, MAX_NDIM, normalizeAxes, normalizeAxis, type Shape } from './strides.ts';

/**
 * The permutation of a transpose: `axes` in full, or reversed when left out.
 * @throws AxisError for an axis out of range or twice; ArgumentError when some are missing.
 * @example permutation(3) // [2, 1, 0]
 */
export function permutation(ndim: number, axes?: readonly number[] | null, where = 'transpose'): number[] {
  if (axes === undefined || axes === null) {
    const reversed = new Array<number>(ndim);
    for (let i = 0; i < ndim; i++) reversed[i] = ndim - 1 - i;
    return reversed;
  }
  const out = normalizeAxes(axes, ndim, where);
  if (out.length === ndim) return out;
  throw new ArgumentError(
    `${where}: [${[axes].flat().join(', ')}] names ${out.length} of ${ndim} axes`,
    'name every axis once, or use moveaxis to move some of them',
    { axes, ndim },
  );
}

/** Entries of `list` in the order of `perm`: out[i] = list[perm[i]]. */
export function permute(list: readonly number[], perm: readonly number[]): number[] {
  const out = new Array<number>(perm.length);
  for (let i = 0; i < perm.length; i++) out[i] = list[perm[i]];
  return out;
}

/** The permutation that undoes `perm`. */
export function invertPermutation(perm: readonly number[]): number[] {
  const out = new Array<number>(perm.length);
  for (let i = 0; i < perm.length; i++) out[perm[i]] = i;
  return out;
}

/** The permutation that exchanges two axes. */
export function swapPermutation(ndim: number, a: number, b: number, where = 'swapaxes'): number[] {
  const i = normalizeAxis(a, ndim, where);
  const j = normalizeAxis(b, ndim, where);
  const out = normalizeAxes(null, ndim);
  out[i] = j;
  out[j] = i;
  return out;
}

/**
 * The permutation that moves axes to given positions and keeps the others in order.
 * @throws AxisError; ArgumentError when the two lists differ in length.
 * @example movePermutation(3, 0, -1) // [1, 2, 0]
 */
export function movePermutation(
  ndim: number,
  source: number | readonly number[],
  destination: number | readonly number[],
  where = 'moveaxis',
): number[] {
  const from = normalizeAxes(source, ndim, where);
  const to = normalizeAxes(destination, ndim, where);
  if (from.length !== to.length) {
    throw new ArgumentError(
      `${where}: ${from.length} axes for ${to.length} positions`,
      'give as many positions as axes',
      {
        source,
        destination,
      },
    );
  }
  const out = new Array<number>(ndim).fill(-1);
  for (let i = 0; i < from.length; i++) out[to[i]] = from[i];
  let next = 0;
  for (let i = 0; i < ndim; i++) {
    if (out[i] >= 0) continue;
    while (from.includes(next)) next++;
    out[i] = next++;
  }
  return out;
}

/**
 * The dimensions that stay when those of size 1 are dropped: all of them, or the named ones.
 * @throws ShapeError when a named dimension is not 1; AxisError.
 * @example squeezedDims([1, 3, 1]) // [1]
 */
export function squeezedDims(shape: Shape, axes?: number | readonly number[] | null, where = 'squeeze'): number[] {
  const dropped = axes === undefined || axes === null ? null : normalizeAxes(axes, shape.length, where);
  const kept: number[] = [];
  for (let i = 0; i < shape.length; i++) {
    const named = dropped === null ? shape[i] === 1 : dropped.includes(i);
    if (!named) kept.push(i);
    else if (shape[i] !== 1) {
      throw new ShapeError(
        `${where}: axis ${i} of ${formatShape(shape)} has size ${shape[i]}, not 1`,
        'name axes of size 1 only, or index the axis to drop it',
        { shape, axis: i },
      );
    }
  }
  return kept;
}

/**
 * For each dimension of the expanded array, the old dimension it shows, or -1 for a new one of size 1.
 * @param axes positions in the result, as for NumPy's expand_dims.
 * @throws AxisError.
 * @example expandedDims(1, 0) // [-1, 0]
 */
export function expandedDims(ndim: number, axes: number | readonly number[], where = 'expand_dims'): number[] {
  const total = ndim + (Array.isArray(axes) ? axes.length : 1);
  if (total > MAX_NDIM) checkShape(new Array(total).fill(1), where); // refuses it
  const added = normalizeAxes(Array.isArray(axes) ? axes : [axes], total, where);
  const out = new Array<number>(total);
  let next = 0;
  for (let i = 0; i < total; i++) out[i] = added.includes(i) ? -1 : next++;
  return out;
}
