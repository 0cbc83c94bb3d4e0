// Views by strides: as_strided, checked against the memory it may reach, and sliding_window_view.

import { type NDArray, nd } from '../array/ndarray.ts';
import { asNDArray } from '../array/views.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { reinterpret } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { checkInteger, describe, Options } from '../exec/options.ts';
import { extent } from '../shape/overlap.ts';
import { checkShape, formatShape, normalizeAxis } from '../shape/strides.ts';
import { integersOf } from './integers.ts';

export interface StrideOptions {
  /** May the view be written? */
  readonly writeable?: boolean;
  /** There are no subclasses; taken so that calls carry over. */
  readonly subok?: boolean;
}
const strideOptions = new Options(['writeable', 'copy'], ['subok', 'copy']);
const windowOptions = new Options('axis', ['writeable', 'copy'], ['subok', 'copy']);

function finish(view: NDArray, writeable: boolean): NDArray {
  if (!writeable) view.writeable = false;
  return view;
}

/**
 * A view with this shape and these strides (in bytes), from the array's first element on. Every element must lie inside
 * the memory that the array is a view of; elements may share memory, which makes writing a matter of order.
 * @throws ShapeError for a view that would reach beyond the memory, or for strides of another number than dimensions.
 * @example np.lib.stride_tricks.as_strided([1, 2, 3], [2, 2], [8, 8]).tolist() // [[1, 2], [2, 3]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.as_strided.html
 */
export function as_strided(
  x: ArrayLike,
  shape?: number | readonly number[] | null,
  strides?: readonly number[] | null,
  options: StrideOptions = {},
): NDArray {
  const where = 'as_strided';
  const a = asNDArray(x, where);
  strideOptions.check(options, where);
  const to = shape === undefined || shape === null ? a.shape : checkShape(shape, where);
  const steps = strides ?? a.strides;
  if (!Array.isArray(steps) || steps.length !== to.length) {
    throw new ShapeError(
      `${where}: strides ${describe(steps)} for shape ${formatShape(to)}`,
      'pass one stride in bytes per dimension',
      { shape: to },
    );
  }
  for (const step of steps) checkInteger(step, 'a stride', where);
  const [low, high] = extent(a.offset, to, steps, a.dtype.itemsize);
  if (low < 0 || high > a.storage.nbytes) {
    throw new ShapeError(
      `${where}: bytes ${low} to ${high} are wanted of a memory of ${a.storage.nbytes} bytes`,
      'use a smaller shape or smaller strides; the array starts at its own offset',
      { low, high, bytes: a.storage.nbytes },
    );
  }
  return finish(nd(reinterpret(a, a.offset, to, steps.slice())), options.writeable ?? true);
}

export interface WindowOptions extends StrideOptions {
  /** Axes that the window slides along, one per length; all by default. One axis may be named twice. */
  readonly axis?: number | readonly number[] | null;
}

/**
 * All windows of a length along axes, as a read-only view: the window's own dimensions come last. Computing on it costs as
 * many elements as it has, not as many as the array.
 * @throws ShapeError for a window longer than the axis, ArgumentError for lengths that are no integers from 0.
 * @example np.lib.stride_tricks.sliding_window_view([1, 2, 3, 4], 3).tolist() // [[1, 2, 3], [2, 3, 4]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.sliding_window_view.html
 */
export function sliding_window_view(
  x: ArrayLike,
  window_shape: number | readonly number[],
  axis?: number | readonly number[] | null | WindowOptions,
  options: WindowOptions = {},
): NDArray {
  const where = 'sliding_window_view';
  const a = asNDArray(x, where);
  const named = typeof axis === 'object' && axis !== null && !Array.isArray(axis) ? (axis as WindowOptions) : options; // no list
  windowOptions.check(named, where);
  const along = named === axis ? named.axis : (axis as number | readonly number[] | null | undefined); // what is left
  const lengths = integersOf(window_shape, 'window_shape', where);
  const negative = lengths.find((n) => n < 0);
  if (negative !== undefined) {
    throw new ArgumentError(`${where}: a window of length ${negative}`, 'use lengths from 0', { window: lengths });
  }
  const axes =
    along === undefined || along === null
      ? a.shape.map((_, d) => d)
      : [along].flat().map((d) => normalizeAxis(d, a.ndim, where));
  if (axes.length !== lengths.length) {
    throw new ShapeError(
      `${where}: ${lengths.length} lengths for ${axes.length} axes`,
      'pass one length per axis, and name the axes if they are not all',
      { window: lengths, axes },
    );
  }
  const shape = a.shape.slice();
  axes.forEach((d, k) => {
    if (shape[d] < lengths[k]) {
      throw new ShapeError(
        `${where}: a window of ${formatShape(lengths)} does not fit shape ${formatShape(a.shape)}`,
        'use a window no longer than the axis',
        { window: lengths, shape: a.shape },
      );
    }
    shape[d] -= lengths[k] - 1;
  });
  const strides = [...a.strides, ...axes.map((d) => a.strides[d])];
  return finish(nd(reinterpret(a, a.offset, [...shape, ...lengths], strides)), named.writeable ?? false);
}
