// Views: other arrangements of the same memory. Nothing here copies, but reshape and ravel of layouts that allow no
// view. Names and meanings as in NumPy.

import { ShapeError } from '../base/errors.ts';
import { type ArrayBase, reinterpret, requireUsable } from '../exec/array_base.ts';
import { toArray } from '../exec/coerce.ts';
import { Deferred, type ViewStep } from '../exec/deferred.ts';
import { checkInteger, Options } from '../exec/options.ts';
import { broadcastShapes, broadcastStrides } from '../shape/broadcast.ts';
import {
  expandedDims,
  movePermutation,
  permutation,
  permute,
  squeezedDims,
  swapPermutation,
} from '../shape/permute.ts';
import { inferShape, reshapeStrides } from '../shape/reshape.ts';
import { checkShape, formatShape, normalizeAxes, type Order, sameShape } from '../shape/strides.ts';
import type { Dims, Exchanged, Reshaped, Reversed, ShapeOf } from '../shape/types.ts';
import { castCopy } from './convert.ts';
import type { NDArray } from './ndarray.ts';
import type { DimsOf, NameOf } from './types.ts';

/** An array argument: arrays pass through, anything array-like becomes one. */
export function asNDArray(x: unknown, where: string): NDArray {
  const a = toArray(x, where);
  requireUsable(a, where);
  return a as NDArray; // exec/ makes what ndarray.ts registered
}

const arrange = (a: ArrayBase, offset: number, shape: readonly number[], strides: readonly number[]): NDArray =>
  reinterpret(a, offset, shape, strides) as NDArray; // as above

// The same view of an expression, to be taken of the arrays that it is made of.
function seen(
  x: Deferred,
  name: string,
  args: readonly unknown[],
  of: (a: ArrayBase) => ArrayBase,
  reshape?: ViewStep['reshape'],
): NDArray {
  const text = `${name}(${JSON.stringify(args).slice(1, -1)})`;
  return x.viewed({ text, of, keepsAxes: reshape === undefined, reshape }) as unknown as NDArray; // see exec/deferred.ts
}

export interface ReshapeOptions {
  readonly order?: Order;
  /** true: always copy; false: never (ShapeError if needed). */
  readonly copy?: boolean;
}

const reshapeOptions = new Options('order', 'copy');

/** Splits `a.reshape(2, 3)`, `a.reshape([2, 3])`, `a.reshape([2, 3], { order })` into shape and options. */
export function shapeArguments(args: readonly unknown[]): [number[], ReshapeOptions] {
  const last = args[args.length - 1];
  const options = typeof last === 'object' && last !== null && !Array.isArray(last) ? (last as ReshapeOptions) : {};
  const rest = options === last || last === undefined ? args.slice(0, -1) : args;
  return [rest.flat() as number[], options]; // checked by inferShape
}

/**
 * The elements in a new shape, read and placed in C (or F) order; one dimension may be -1. A view where strides allow.
 * @example np.reshape(np.arange(6), [2, 3]).shape // [2, 3]
 */
export function reshape<X, const N extends number | Dims>(
  x: X,
  shape: N,
  options: ReshapeOptions = {},
): NDArray<NameOf<X>, Reshaped<ShapeOf<N>>> {
  if (x instanceof Deferred) {
    const step = { shape, order: options.order ?? 'C' };
    return seen(x, 'reshape', [shape, options], (a) => reshape(a, shape, options), step);
  }
  const a = asNDArray(x, 'reshape');
  reshapeOptions.check(options, 'reshape');
  const order = options.order ?? 'C';
  const to = inferShape(typeof shape === 'number' ? [shape] : shape, a.size, 'reshape');
  const strides = options.copy === true ? null : reshapeStrides(a.shape, a.strides, to, order, a.dtype.itemsize);
  if (strides !== null) return arrange(a, a.offset, to, strides);
  if (options.copy === false) {
    throw new ShapeError(
      `reshape of ${formatShape(a.shape)} to ${formatShape(to)} needs a copy with these strides`,
      'leave copy out, or make the array contiguous first',
      { shape: a.shape, strides: a.strides, to },
    );
  }
  const copied = castCopy(a, a.dtype, order);
  const fresh = reshapeStrides(copied.shape, copied.strides, to, order, a.dtype.itemsize);
  if (fresh === null) throw new ShapeError('reshape of a contiguous copy has no strides', 'report this', { to });
  return arrange(copied, copied.offset, to, fresh);
}

/** One dimension, a view where possible. */
export const ravel = <X>(x: X, options: ReshapeOptions = {}): NDArray<NameOf<X>, [number]> => reshape(x, [-1], options);

/** Axes reversed, or in the order given. */
export function transpose<X>(x: X, axes?: null): NDArray<NameOf<X>, Reversed<DimsOf<X>>>;
export function transpose<X>(x: X, axes?: readonly number[] | null): NDArray<NameOf<X>>;
export function transpose(x: unknown, axes?: readonly number[] | null): NDArray {
  if (x instanceof Deferred) return seen(x, 'transpose', [axes], (a) => transpose(a, axes));
  const a = asNDArray(x, 'transpose');
  const p = permutation(a.ndim, axes);
  return arrange(a, a.offset, permute(a.shape, p), permute(a.strides, p));
}
export const permute_dims = transpose;

/** Transpose of the last two axes. */
export function matrix_transpose<X>(x: X): NDArray<NameOf<X>, Exchanged<DimsOf<X>>> {
  if (x instanceof Deferred) return seen(x, 'matrix_transpose', [], matrix_transpose);
  const a = asNDArray(x, 'matrix_transpose');
  if (a.ndim < 2)
    throw new ShapeError('matrix_transpose needs at least 2 dimensions', 'use transpose', { shape: a.shape });
  return swapaxes(a, -1, -2);
}

export function swapaxes(x: unknown, axis1: number, axis2: number): NDArray {
  if (x instanceof Deferred) return seen(x, 'swapaxes', [axis1, axis2], (a) => swapaxes(a, axis1, axis2));
  const a = asNDArray(x, 'swapaxes');
  const p = swapPermutation(a.ndim, axis1, axis2);
  return arrange(a, a.offset, permute(a.shape, p), permute(a.strides, p));
}

/** Moves axes to new positions; the others keep their order. */
export function moveaxis(
  x: unknown,
  source: number | readonly number[],
  destination: number | readonly number[],
): NDArray {
  if (x instanceof Deferred) return seen(x, 'moveaxis', [source, destination], (a) => moveaxis(a, source, destination));
  const a = asNDArray(x, 'moveaxis');
  const p = movePermutation(a.ndim, source, destination);
  return arrange(a, a.offset, permute(a.shape, p), permute(a.strides, p));
}

/** New axes of length 1 at these positions of the result. */
export function expand_dims(x: unknown, axis: number | readonly number[]): NDArray {
  if (x instanceof Deferred) return seen(x, 'expand_dims', [axis], (a) => expand_dims(a, axis));
  const a = asNDArray(x, 'expand_dims');
  const from = expandedDims(a.ndim, axis);
  return arrange(
    a,
    a.offset,
    from.map((d) => (d < 0 ? 1 : a.shape[d])),
    from.map((d) => (d < 0 ? 0 : a.strides[d])),
  );
}

/** Without axes of length 1: all of them, or those given. */
export function squeeze(x: unknown, axis?: number | readonly number[] | null): NDArray {
  if (x instanceof Deferred) return seen(x, 'squeeze', [axis], (a) => squeeze(a, axis));
  const a = asNDArray(x, 'squeeze');
  const kept = squeezedDims(a.shape, axis);
  return arrange(a, a.offset, permute(a.shape, kept), permute(a.strides, kept));
}

// A view that was stretched has elements in one place: it is read-only.
function stretched(a: NDArray, to: readonly number[], where: string): NDArray {
  const view = arrange(a, a.offset, to, broadcastStrides(a.shape, a.strides, to, where));
  if (!sameShape(a.shape, to)) view.writeable = false;
  return view;
}

/** Stretched to a shape without a copy: a read-only view, because elements share memory. */
export function broadcast_to<X, const N extends number | Dims>(x: X, shape: N): NDArray<NameOf<X>, ShapeOf<N>> {
  if (x instanceof Deferred) return seen(x, 'broadcast_to', [shape], (a) => broadcast_to(a, shape));
  const a = asNDArray(x, 'broadcast_to');
  const to = checkShape(typeof shape === 'number' ? [shape] : shape, 'broadcast_to');
  return stretched(a, to, 'broadcast_to');
}

/** All arguments stretched to their common shape. */
export function broadcast_arrays(...xs: unknown[]): NDArray[] {
  const arrays = xs.map((x) => asNDArray(x, 'broadcast_arrays'));
  const shape = broadcastShapes(
    arrays.map((a) => a.shape),
    'broadcast_arrays',
  );
  return arrays.map((a) => stretched(a, shape, 'broadcast_arrays'));
}

/** The shape that these shapes broadcast to. */
export const broadcast_shapes = (...shapes: (number | readonly number[])[]): number[] =>
  broadcastShapes(
    shapes.map((s) => checkShape(s, 'broadcast_shapes')),
    'broadcast_shapes',
  );

/** Order of elements reversed along all axes or those given: a view with negative strides. */
export function flip<X>(x: X, axis?: number | readonly number[] | null): NDArray<NameOf<X>, DimsOf<X>> {
  if (x instanceof Deferred) return seen(x, 'flip', [axis], (a) => flip(a, axis));
  const a = asNDArray(x, 'flip');
  const strides = a.strides.slice();
  let offset = a.offset;
  for (const d of normalizeAxes(axis, a.ndim, 'flip')) {
    if (a.shape[d] > 0) offset += (a.shape[d] - 1) * strides[d];
    strides[d] = -strides[d];
  }
  return arrange(a, offset, a.shape, strides);
}
export const fliplr = (x: unknown): NDArray => flip(x, 1);
export const flipud = (x: unknown): NDArray => flip(x, 0);

/** View of a diagonal of the plane of two axes; the diagonal is the last axis. */
export function diagonal(x: unknown, offset = 0, axis1 = 0, axis2 = 1): NDArray {
  const a = asNDArray(x, 'diagonal');
  checkInteger(offset, 'offset', 'diagonal');
  const [r, c] = normalizeAxes([axis1, axis2], a.ndim, 'diagonal');
  const below = Math.max(0, -offset);
  const right = Math.max(0, offset);
  const n = Math.max(0, Math.min(a.shape[r] - below, a.shape[c] - right));
  const rest = a.shape.map((_, d) => d).filter((d) => d !== r && d !== c);
  const start = n === 0 ? a.offset : a.offset + below * a.strides[r] + right * a.strides[c];
  return arrange(a, start, [...permute(a.shape, rest), n], [...permute(a.strides, rest), a.strides[r] + a.strides[c]]);
}
