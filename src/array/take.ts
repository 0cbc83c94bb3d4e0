// Elements by position as functions: take, take_along_axis, compress, extract. All of them copy; positions are integers of
// any dtype, counted from the end where negative.

import { IndexError, ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { dtypes } from '../dtype/dtype.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { callUfunc, checkOut } from '../exec/call.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { contiguousIn, copyInto, isResident } from '../exec/copy.ts';
import { overlaps } from '../exec/execute.ts';
import { takeRows } from '../exec/indexing/direct.ts';
import { countTrue, packed, positionsOf, settledMask } from '../exec/indexing/masks.ts';
import { gatherAt, type Positions } from '../exec/indexing/moves.ts';
import { positionsGiven } from '../exec/indexing/select.ts';
import { Options } from '../exec/options.ts';
import { atHome, liesElsewhere } from '../exec/tiles.ts';
import { timed } from '../exec/timed.ts';
import { broadcastShapes, broadcastStrides } from '../shape/broadcast.ts';
import type { View } from '../shape/selection.ts';
import { formatShape, normalizeAxis } from '../shape/strides.ts';
import { type NDArray, nd } from './ndarray.ts';
import { reduceOptions, residentArray } from './reductions.ts';
import { ufuncs } from './ufuncs.ts';
import { asNDArray, ravel } from './views.ts';

/** What becomes of positions out of bounds: an error, taken modulo the length, or moved to the nearest end. */
export type IndexMode = 'raise' | 'wrap' | 'clip';

export interface TakeOptions {
  /** The axis the positions count along; by default the array is taken as flat. */
  readonly axis?: number | null;
  readonly mode?: IndexMode;
  readonly out?: ArrayBase;
}

const takeOptions = new Options('axis', ['mode', 'indexMode'], 'out');
const compressOptions = new Options('axis', 'out');
export const modeOptions: Options = new Options(['mode', 'indexMode']);

/** Positions within an axis of this length by 'wrap' or 'clip'. */
export function positionsWithin(positions: ArrayBase, size: number, mode: IndexMode, where: string): ArrayBase {
  if (mode === 'raise' || positions.size === 0) return positions;
  if (size === 0) throw new IndexError(`${where}: no position fits an empty axis`, 'check the size first', { size });
  const wide = contiguousIn(positions, dtypes.int64);
  const step = (name: 'remainder' | 'maximum' | 'minimum', x: ArrayBase, by: number): ArrayBase =>
    callUfunc(ufuncs[name], [x, by]) as ArrayBase; // of an array
  return mode === 'wrap' ? step('remainder', wide, size) : step('minimum', step('maximum', wide, 0), size - 1);
}

/** The result of a gather from a resident array, in `out` where there is one. */
function deliver(a: ArrayBase, view: View, positions: readonly Positions[], name: string, out?: ArrayBase): NDArray {
  if (out === undefined) return nd(gatherAt(a, view, positions, `np.${name}`));
  checkOut(name, out, view.shape, a.dtype, 'same_kind');
  const direct =
    out.dtype === a.dtype && isResident(out) && !overlaps(a, out) && !positions.some((p) => overlaps(p.array, out));
  if (direct) return nd(gatherAt(a, view, positions, `np.${name}`, out));
  copyInto(gatherAt(a, view, positions, `np.${name}`), out);
  return nd(out);
}

/** Elements along one axis of a resident array, for positions of any shape. */
function along(a: ArrayBase, positions: ArrayBase, axis: number, name: string, out?: ArrayBase): NDArray {
  const zeros = positions.shape.map(() => 0);
  const [lead, trail] = [a.shape.slice(0, axis), a.shape.slice(axis + 1)];
  const view = {
    shape: [...lead, ...positions.shape, ...trail],
    strides: [...a.strides.slice(0, axis), ...zeros, ...a.strides.slice(axis + 1)],
    offset: a.offset,
  };
  const strides = [...lead.map(() => 0), ...positions.strides, ...trail.map(() => 0)];
  return deliver(a, view, [{ array: positions, strides, axis, size: a.shape[axis], step: a.strides[axis] }], name, out);
}

/** The array and the axis that positions count along: flat without one. */
function onAxis(x: ArrayLike, axis: number | null | undefined, where: string): [ArrayBase, number] {
  const a = residentArray(x, where);
  const alone = a.ndim === 0 && (axis === 0 || axis === -1); // one element is also a row of one
  if (axis === undefined || axis === null || alone) return [a.ndim === 1 ? a : ravel(a), 0];
  return [a, normalizeAxis(axis, a.ndim, where)];
}

/**
 * Elements at positions along an axis: the axis gives way to the shape of the positions. Without an axis the array is flat.
 * @throws IndexError for a position out of bounds, unless `mode` is 'wrap' or 'clip'.
 * @example np.take([[1, 2, 3], [4, 5, 6]], [2, 0], 1) // array([[3., 1.], [6., 4.]])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.take.html
 */
export function take(
  x: ArrayLike,
  indices: ArrayLike,
  axis?: number | null | TakeOptions,
  options?: TakeOptions,
): NDArray {
  if (events.timing) return timed('take', take, x, indices, axis, options);
  const where = 'np.take';
  if (liesElsewhere(x)) return atHome([x], () => take(x, indices, axis, options));
  if (options === undefined && x instanceof ArrayBase && indices instanceof ArrayBase) {
    if (axis === 0 || (axis === undefined && x.ndim === 1)) {
      const rows = takeRows(x, indices, where);
      if (rows !== undefined) return nd(rows);
    }
  }
  const settled = reduceOptions<TakeOptions>(axis, options, takeOptions, where);
  const [a, d] = onAxis(x, settled.axis, where);
  const positions = positionsWithin(positionsGiven(indices, where), a.shape[d], settled.mode ?? 'raise', where);
  return along(a, positions, d, 'take', settled.out);
}

/** How positions and an array meet in `…_along_axis`: the common shape, the array's strides over it, the positions. */
export function alongAxis(
  a: ArrayBase,
  indices: ArrayBase,
  axis: number,
  where: string,
): { view: View; positions: Positions } {
  if (indices.ndim !== a.ndim) {
    throw new ShapeError(
      `${where}: positions of shape ${formatShape(indices.shape)} for an array of shape ${formatShape(a.shape)}`,
      'give both the same number of dimensions; keepdims: true keeps those that a reduction would drop',
      { indices: indices.shape, shape: a.shape, axis },
    );
  }
  const others = a.shape.map((n, d) => (d === axis ? 1 : n));
  const shape = broadcastShapes([indices.shape, others], where);
  const strides = broadcastStrides(others, a.strides, shape, where);
  const view = { shape, strides, offset: a.offset };
  const own = broadcastStrides(indices.shape, indices.strides, shape, where);
  return { view, positions: { array: indices, strides: own, axis, size: a.shape[axis], step: a.strides[axis] } };
}

/**
 * Elements at positions of their own in every row along an axis, as argsort and argmax give them; null: the array is flat.
 * @throws ShapeError when the numbers of dimensions differ; IndexError for a position out of bounds.
 * @example np.take_along_axis([[3, 1, 2]], np.array([[1n, 2n, 0n]]), 1) // array([[1., 2., 3.]])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.take_along_axis.html
 */
export function take_along_axis(x: ArrayLike, indices: ArrayLike, axis: number | null = -1): NDArray {
  if (events.timing) return timed('take_along_axis', take_along_axis, x, indices, axis);
  const where = 'np.take_along_axis';
  if (liesElsewhere(x)) return atHome([x], () => take_along_axis(x, indices, axis));
  const [a, d] = onAxis(x, axis, where);
  const { view, positions } = alongAxis(a, positionsGiven(indices, where), d, where);
  return deliver(a, view, [positions], 'take_along_axis');
}

/**
 * The slices along an axis for which the condition, a list over that axis, is true; it may be shorter than the axis.
 * @throws IndexError where it is true past the end.
 * @example np.compress([false, true], [[1, 2], [3, 4]], 0) // array([[3., 4.]])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.compress.html
 */
export function compress(
  condition: ArrayLike,
  x: ArrayLike,
  axis?: number | null | Omit<TakeOptions, 'mode'>,
  options?: Omit<TakeOptions, 'mode'>,
): NDArray {
  const where = 'np.compress';
  if (liesElsewhere(x)) return atHome([x], () => compress(condition, x, axis, options));
  const settled = reduceOptions<TakeOptions>(axis, options, compressOptions, where);
  const given = asNDArray(condition, where);
  if (given.ndim !== 1) {
    throw new ShapeError(
      `${where}: the condition has shape ${formatShape(given.shape)}`,
      'pass a condition of one dimension, or use np.extract or a mask',
      { condition: given.shape },
    );
  }
  const mask = settledMask(given);
  const [a, d] = onAxis(x, settled.axis, where);
  return along(a, positionsOf(mask, countTrue(mask)), d, 'compress', settled.out);
}

/**
 * The elements for which the condition is true, both taken as flat.
 * @throws IndexError where it is true past the end.
 * @example np.extract([[true, false], [false, true]], [[1, 2], [3, 4]]) // array([1., 4.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.extract.html
 */
export function extract(condition: ArrayLike, x: ArrayLike): NDArray {
  if (events.timing) return timed('extract', extract, condition, x);
  if (liesElsewhere(x)) return atHome([x], () => extract(condition, x));
  const mask = settledMask(asNDArray(condition, 'np.extract'));
  const a = residentArray(x, 'np.extract');
  const counted = countTrue(mask);
  if (mask.size === a.size) return nd(packed(contiguousIn(a), mask, counted));
  return along(ravel(a), positionsOf(mask, counted), 0, 'extract');
}
