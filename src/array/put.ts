// Values stored by position as functions: put, put_along_axis, place, putmask, fill_diagonal. They change their first
// argument, cast with same_kind as assignment does, and write nothing when they refuse.

import { ArgumentError, ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { ArrayBase, newArray, reinterpret, requireWriteable, viewOf } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { contiguousIn, copyInto, heapCopy, isResident } from '../exec/copy.ts';
import { overlaps } from '../exec/execute.ts';
import { copyWhere, countTrue, positionsOf, settledMask, unpack } from '../exec/indexing/masks.ts';
import { checkPositions, scatterAt } from '../exec/indexing/moves.ts';
import { flatPositions, positionsGiven } from '../exec/indexing/select.ts';
import { describe } from '../exec/options.ts';
import { atHome, liesElsewhere } from '../exec/tiles.ts';
import { timed } from '../exec/timed.ts';
import { primarySegment } from '../memory/allocate.ts';
import { contiguousStrides, formatShape, normalizeAxis } from '../shape/strides.ts';
import { assign, castable, valueFor } from './indexing.ts';
import { alongAxis, type IndexMode, modeOptions, positionsWithin } from './take.ts';
import { asNDArray, ravel } from './views.ts';

/** What is written to must be an array already: a list would be changed in vain. */
function target(x: unknown, where: string): ArrayBase {
  if (!(x instanceof ArrayBase)) {
    throw new ArgumentError(
      `${where}: ${describe(x)} cannot be written to`,
      'pass an array, np.asarray of a typed array for instance',
      { where },
    );
  }
  requireWriteable(x, where);
  return x;
}

/** Calls back with the array in the heap, and brings what was written back to where it lives. */
function written(a: ArrayBase, write: (resident: ArrayBase) => void): void {
  if (isResident(a)) {
    write(a);
    return;
  }
  if (liesElsewhere(a)) {
    atHome([a], () => write(a));
    return;
  }
  const staged = heapCopy(a);
  write(staged);
  copyInto(staged, a);
}

/** The values in C order as one contiguous row of the target's dtype, apart from it. */
function row(a: ArrayBase, values: unknown, where: string): ArrayBase {
  const from = castable(a, valueFor(a, values, where), where);
  const settled = from.contiguous && !overlaps(from, a) ? contiguousIn(from, a.dtype) : heapCopy(from, a.dtype);
  return ravel(settled);
}

/** The row repeated, or cut, to n elements; a single one is left for broadcasting. */
function repeated(values: ArrayBase, n: number): ArrayBase {
  const item = values.dtype.itemsize;
  if (values.size === n || values.size === 1) return values;
  if (values.size > n) return reinterpret(values, values.offset, [n], [item]);
  const out = newArray([n], values.dtype);
  const { ptr } = out.storage;
  const segment = primarySegment();
  copyInto(values, reinterpret(out, 0, [values.size], [item]));
  for (let have = values.size; have < n; have *= 2) {
    segment.copy(ptr + have * item, ptr, Math.min(have, n - have) * item);
  }
  return out;
}

function putFlat(a: ArrayBase, positions: ArrayBase, values: ArrayBase, where: string): void {
  const n = positions.size;
  const flat = reinterpret(positions, positions.offset, [n], [positions.itemsize]);
  written(a, (to) => {
    scatterAt(to, { shape: [n], strides: [0], offset: to.offset }, flatPositions(to, flat), values, where);
  });
}

/**
 * Stores values at flat positions (C order) of `a`; fewer values than positions are repeated, of several for one place the
 * last stays.
 * @throws IndexError for a position out of bounds, unless `mode` is 'wrap' or 'clip'; CastError; nothing is written then.
 * @example
 * const a = np.zeros(4);
 * np.put(a, [0, -1], [5, 6]);
 * a // array([5., 0., 0., 6.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.put.html
 */
export function put(a: ArrayBase, ind: ArrayLike, v: ArrayLike, options: { readonly mode?: IndexMode } = {}): void {
  if (events.timing) {
    timed('put', put, a, ind, v, options);
    return;
  }
  const where = 'np.put';
  const to = target(a, where);
  modeOptions.check(options, where);
  const values = row(to, v, where);
  const given = positionsGiven(ind, where);
  if (values.size === 0 || given.size === 0) return;
  const mode = options.mode ?? 'raise';
  const positions = mode === 'raise' ? counted(to, given, where) : positionsWithin(given, to.size, mode, where);
  putFlat(to, positions, repeated(values, given.size), where);
}

// Flat positions in bounds; counted from the start where coordinates will be made of them.
function counted(a: ArrayBase, given: ArrayBase, where: string): ArrayBase {
  checkPositions([{ array: given, strides: given.strides, axis: 0, size: a.size, step: 0 }], where);
  return a.contiguous ? given : positionsWithin(given, a.size, 'wrap', where);
}

// The shape of an array taken as flat; its bytes are not looked at.
const flatOf = (a: ArrayBase): ArrayBase => reinterpret(a, a.offset, [a.size], [a.itemsize]);

/**
 * Stores values at positions of their own in every row along an axis; null: `a` is flat. Values broadcast.
 * @throws ShapeError, IndexError, CastError; nothing is written then.
 * @example
 * const a = np.array([[10, 30, 20]]);
 * np.put_along_axis(a, np.argmax(a, 1, { keepdims: true }), 99, 1);
 * a // array([[10., 99., 20.]])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.put_along_axis.html
 */
export function put_along_axis(a: ArrayBase, indices: ArrayLike, values: ArrayLike, axis: number | null): void {
  const where = 'np.put_along_axis';
  const to = target(a, where);
  const positions = positionsGiven(indices, where);
  const from = castable(to, valueFor(to, values, where), where);
  const apart = contiguousIn(overlaps(from, to) ? heapCopy(from) : from, to.dtype);
  if (axis === null) {
    alongAxis(flatOf(to), positions, 0, where); // refuses positions of several dimensions
    putFlat(to, counted(to, positions, where), apart, where);
    return;
  }
  const d = normalizeAxis(axis, to.ndim, where);
  written(to, (b) => {
    const { view, positions: p } = alongAxis(b, positions, d, where);
    scatterAt(b, view, [p], apart, where);
  });
}

function maskFor(a: ArrayBase, mask: ArrayLike, where: string): ArrayBase {
  const m = settledMask(asNDArray(mask, where));
  if (m.size === a.size) return m;
  throw new ShapeError(
    `${where}: the mask has ${m.size} elements, the array ${a.size}`,
    `pass a mask of shape ${formatShape(a.shape)}`,
    { mask: m.shape, shape: a.shape },
  );
}

/**
 * Puts values, one after another and repeated as needed, where the mask is true.
 * @throws ShapeError for a mask of another size, ArgumentError when there is something to fill and no value.
 * @example
 * const a = np.arange(4);
 * np.place(a, a.greater(1), [7, 8, 9]);
 * a // array([0., 1., 7., 8.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.place.html
 */
export function place(arr: ArrayBase, mask: ArrayLike, vals: ArrayLike): void {
  const where = 'np.place';
  const to = target(arr, where);
  const settled = maskFor(to, mask, where);
  const values = row(to, vals, where);
  const counted = countTrue(settled);
  const count = counted.total;
  if (count === 0) return;
  if (values.size === 0)
    throw new ArgumentError(`${where}: no values for ${count} places`, 'pass at least one value', { count });
  if (values.size === 1) spread(to, settled, values);
  else if (to.contiguous && isResident(to))
    unpack(repeated(values, count), overlaps(settled, to) ? heapCopy(settled) : settled, counted, to);
  else putFlat(to, positionsOf(settled, counted), repeated(values, count), where);
}

// One value, or one per element of the target, under a mask of as many elements.
function spread(to: ArrayBase, mask: ArrayBase, values: ArrayBase): void {
  const shaped = (a: ArrayBase): ArrayBase =>
    reinterpret(a, a.offset, to.shape, a.size === 1 ? to.shape.map(() => 0) : contiguousStrides(to.shape, a.itemsize));
  copyWhere(shaped(values), to, shaped(mask));
}

/**
 * Replaces the elements where the mask is true by the values at the same flat position, repeated to the array's size.
 * @throws ShapeError for a mask of another size.
 * @example
 * const a = np.arange(4);
 * np.putmask(a, a.greater(1), [7, 8, 9]);
 * a // array([0., 1., 9., 7.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.putmask.html
 */
export function putmask(a: ArrayBase, mask: ArrayLike, values: ArrayLike): void {
  if (events.timing) {
    timed('putmask', putmask, a, mask, values);
    return;
  }
  const where = 'np.putmask';
  const to = target(a, where);
  const settled = maskFor(to, mask, where);
  const from = row(to, values, where);
  if (from.size === 0 || to.size === 0) return;
  spread(to, settled, repeated(from, to.size));
}

/**
 * Writes a value, or values one after another, to the diagonal of `a`: of a matrix, or of an array whose axes are equally
 * long. `wrap` starts again below, after a row left out, in matrices with more rows than columns.
 * @throws ShapeError for fewer than two axes, or more than two of different lengths.
 * @example
 * const a = np.zeros([2, 2]);
 * np.fill_diagonal(a, [1, 2]);
 * a // array([[1., 0.], [0., 2.]])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.fill_diagonal.html
 */
export function fill_diagonal(a: ArrayBase, val: ArrayLike, wrap = false): void {
  const where = 'np.fill_diagonal';
  const to = target(a, where);
  const { shape, strides } = to;
  if (to.ndim < 2)
    throw new ShapeError(`${where}: an array of ${to.ndim} dimensions has no diagonal`, 'pass one of at least two', {
      shape,
    });
  if (to.ndim > 2 && shape.some((n) => n !== shape[0])) {
    throw new ShapeError(
      `${where}: the axes of ${formatShape(shape)} differ in length`,
      'pass an array with equally long axes',
      { shape },
    );
  }
  const step = strides.reduce((sum, s) => sum + s, 0);
  const values = row(to, val, where);
  if (values.size === 0) throw new ArgumentError(`${where}: there is no value`, 'pass at least one', {});
  // Diagonals one below the other; without wrap only the first.
  const [rows, columns] = shape;
  const pieces: ArrayBase[] = [];
  for (let r = 0; r < rows && columns > 0; r += columns + 1) {
    const n = Math.min(columns, rows - r);
    pieces.push(viewOf(to.storage, to.offset + r * strides[0], [n], [step], to.dtype));
    if (!wrap || to.ndim > 2) break;
  }
  const all = repeated(
    values,
    pieces.reduce((sum, p) => sum + p.size, 0),
  );
  let used = 0;
  for (const piece of pieces) {
    const part =
      all.size === 1 ? all : reinterpret(all, all.offset + used * all.itemsize, [piece.size], [all.itemsize]);
    assign(piece, part, where);
    used += piece.size;
  }
}
