// Turning arrays: roll (cyclic shifts, a copy), rot90 (quarter turns, a view), rollaxis (the older moveaxis, a view).

import { type NDArray, nd } from '../array/ndarray.ts';
import { asNDArray, flip, moveaxis, ravel, reshape, transpose } from '../array/views.ts';
import { ArgumentError, AxisError, ShapeError } from '../base/errors.ts';
import { type ArrayBase, newResult, reinterpret } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { copyInto } from '../exec/copy.ts';
import { checkInteger } from '../exec/options.ts';
import { normalizeAxes, normalizeAxis } from '../shape/strides.ts';
import { integersOf } from './integers.ts';

// Copies the two parts of an axis that the shift exchanges, and of those the parts of the next axis.
function rolled(a: ArrayBase, out: ArrayBase, shifts: readonly number[], axis: number, box: Box): void {
  if (axis === shifts.length) {
    copyInto(reinterpret(a, box.from, box.shape, a.strides), reinterpret(out, box.to, box.shape, out.strides));
    return;
  }
  const n = a.shape[axis];
  const shift = shifts[axis];
  const part = (length: number, from: number, to: number): Box => ({
    shape: box.shape.map((k, d) => (d === axis ? length : k)),
    from: box.from + from * a.strides[axis],
    to: box.to + to * out.strides[axis],
  });
  rolled(a, out, shifts, axis + 1, part(n - shift, 0, shift));
  if (shift > 0) rolled(a, out, shifts, axis + 1, part(shift, n - shift, 0));
}

interface Box {
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

/**
 * Elements moved along axes, those that leave at one end entering at the other; without an axis in the flattened array.
 * Shifts and axes broadcast; shifts of one axis add up.
 * @throws AxisError for an axis that does not exist, ShapeError for lists of different lengths.
 * @example np.roll([1, 2, 3, 4], 1) // array([4., 1., 2., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.roll.html
 */
export function roll(
  x: ArrayLike,
  shift: number | readonly number[],
  axis: number | readonly number[] | null = null,
): NDArray {
  const where = 'np.roll';
  const given = asNDArray(x, where);
  const by = integersOf(shift, 'shift', where);
  const a = axis === null ? ravel(given) : given;
  const axes = axis === null ? [0] : [axis].flat().map((d) => normalizeAxis(d, a.ndim, where));
  if (by.length !== axes.length && by.length !== 1 && axes.length !== 1) {
    throw new ShapeError(`${where}: ${by.length} shifts for ${axes.length} axes`, 'pass one shift per axis', {
      shifts: by.length,
      axes: axes.length,
    });
  }
  const shifts = new Array<number>(a.ndim).fill(0);
  for (let i = 0; i < Math.max(by.length, axes.length); i++) {
    shifts[axes[axes.length === 1 ? 0 : i]] += by[by.length === 1 ? 0 : i];
  }
  const out = newResult(a.shape, a.dtype);
  if (a.size > 0) {
    const turns = shifts.map((s, d) => ((s % a.shape[d]) + a.shape[d]) % a.shape[d]);
    rolled(a, out, turns, 0, { shape: a.shape, from: a.offset, to: 0 });
  }
  return axis === null && given.ndim !== 1 ? reshape(out, given.shape) : nd(out);
}

/**
 * Turned by quarters in the plane of two axes, from the first towards the second: a view.
 * @throws AxisError for an axis that does not exist or is named twice, ShapeError for an array without a plane.
 * @example np.rot90([[1, 2], [3, 4]]).tolist() // [[2, 4], [1, 3]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.rot90.html
 */
export function rot90(x: ArrayLike, k = 1, axes: readonly number[] = [0, 1]): NDArray {
  const a = asNDArray(x, 'np.rot90');
  checkInteger(k, 'k', 'np.rot90');
  if (axes.length !== 2) throw new ArgumentError('np.rot90 turns in a plane', 'pass two axes', { axes });
  if (a.ndim < 2) throw new ShapeError('np.rot90 needs at least 2 dimensions', 'pass a matrix', { shape: a.shape });
  const [p, q] = normalizeAxes(axes, a.ndim, 'np.rot90');
  const quarters = ((k % 4) + 4) % 4;
  const order = a.shape.map((_, d) => (d === p ? q : d === q ? p : d));
  if (quarters === 1) return transpose(flip(a, q), order);
  if (quarters === 3) return flip(transpose(a, order), q);
  return quarters === 2 ? flip(a, [p, q]) : nd(reinterpret(a, a.offset, a.shape, a.strides));
}

/**
 * The axis moved back until it lies before the axis `start`: a view. moveaxis says the same more plainly.
 * @throws AxisError for an axis that does not exist.
 * @example np.rollaxis(np.ones([3, 4, 5]), 2).shape // [5, 3, 4]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.rollaxis.html
 */
export function rollaxis(x: ArrayLike, axis: number, start = 0): NDArray {
  const a = asNDArray(x, 'np.rollaxis');
  const from = normalizeAxis(axis, a.ndim, 'np.rollaxis');
  const before = Number.isInteger(start) && start < 0 ? start + a.ndim : start;
  if (!(Number.isInteger(before) && before >= 0 && before <= a.ndim)) {
    throw new AxisError(`np.rollaxis: start is ${start}`, `use an integer from ${-a.ndim} to ${a.ndim}`, { start });
  }
  return moveaxis(a, from, before > from ? before - 1 : before);
}
