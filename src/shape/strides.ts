// Shapes and strides of one array: sizes, contiguity, validity, axes. Strides and offsets are in bytes everywhere.
// Nothing here knows dtypes or storage. These functions run on every array call: plain loops, no closures.

import { AxisError, ShapeError } from '../base/errors.ts';

export type Shape = readonly number[];
export type Order = 'C' | 'F';

/** Dimensions an array may have; NumPy's limit, so that files and views carry over. */
export const MAX_NDIM = 64;

/** Number of elements; 1 for the empty shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i];
  return size;
}

/**
 * Strides of a freshly laid out array. A dimension of size 0 counts as 1, so strides stay multiples of the itemsize.
 * @example contiguousStrides([2, 3], 8, 'C') // [24, 8]
 */
export function contiguousStrides(shape: Shape, itemsize: number, order: Order = 'C'): number[] {
  const n = shape.length;
  const strides = new Array<number>(n);
  let step = itemsize;
  if (order === 'C') {
    for (let i = n - 1; i >= 0; i--) {
      strides[i] = step;
      if (shape[i] > 1) step *= shape[i];
    }
  } else {
    for (let i = 0; i < n; i++) {
      strides[i] = step;
      if (shape[i] > 1) step *= shape[i];
    }
  }
  return strides;
}

/** Whether the elements lie without gaps in C or F order; dimensions of size 1 are ignored, size 0 is contiguous. */
export function isContiguous(shape: Shape, strides: readonly number[], itemsize: number, order: Order = 'C'): boolean {
  const n = shape.length;
  let step = itemsize;
  let contiguous = true;
  for (let k = 0; k < n; k++) {
    const i = order === 'C' ? n - 1 - k : k;
    const dim = shape[i];
    if (dim === 0) return true;
    if (dim !== 1) {
      if (strides[i] !== step) contiguous = false;
      step *= dim;
    }
  }
  return contiguous;
}

/** A shape as Python writes it: (), (4,), (3,2). */
export function formatShape(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(',')})`;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * A shape given by a user, as plain numbers: a length, or a list of lengths (numbers, bigints, an integer typed array).
 * @throws ShapeError for negative, fractional or non-numeric entries, over 64 dimensions, or over 2**53 - 1 elements.
 * @example checkShape(3) // [3]
 */
export function checkShape(x: unknown, where = 'shape'): number[] {
  const list = typeof x === 'number' || typeof x === 'bigint' ? [x] : x;
  if (!Array.isArray(list) && !(ArrayBuffer.isView(list) && 'length' in list)) {
    throw new ShapeError(
      `${where}: ${display(x)} is not a shape`,
      'pass a length or an array of lengths, like [2, 3]',
      {
        shape: x,
      },
    );
  }
  // Arrays and typed arrays alike are indexable with a length.
  const source = list as ArrayLike<unknown>;
  const n = source.length;
  if (n > MAX_NDIM) {
    throw new ShapeError(
      `${where}: ${n} dimensions are more than the ${MAX_NDIM} allowed`,
      'reshape to fewer dimensions',
      {
        ndim: n,
      },
    );
  }
  const shape = new Array<number>(n);
  let size = 1; // zeros left out: an empty array with huge dimensions has no strides either
  for (let i = 0; i < n; i++) {
    const entry = source[i];
    const dim = typeof entry === 'bigint' ? Number(entry) : entry;
    if (typeof dim !== 'number' || !Number.isInteger(dim) || dim < 0) {
      throw new ShapeError(
        `${where}: dimension ${i} is ${display(entry)}`,
        'dimensions are integers from 0 on (-1 only where a size is inferred, as in reshape)',
        { shape: x, dimension: i },
      );
    }
    shape[i] = dim + 0; // -0 becomes 0
    if (dim > 1) size *= dim;
  }
  if (size > Number.MAX_SAFE_INTEGER) {
    throw new ShapeError(
      `${where}: ${formatShape(shape)} has about ${size.toExponential(2)} elements, more than can be counted`,
      'check the order of the dimensions, or work on chunks',
      { shape },
    );
  }
  return shape;
}

/**
 * An axis counted from either end, as an index from 0.
 * @throws AxisError outside [-ndim, ndim).
 * @example normalizeAxis(-1, 3, 'sum') // 2
 */
export function normalizeAxis(axis: number, ndim: number, where = 'axis'): number {
  if (Number.isInteger(axis) && axis >= -ndim && axis < ndim) return axis < 0 ? axis + ndim : axis + 0;
  const range =
    ndim === 0
      ? 'a 0-dimensional array has no axes'
      : `axes of a ${ndim}-dimensional array go from ${-ndim} to ${ndim - 1}`;
  throw new AxisError(`${where}: axis ${display(axis)} does not exist`, range, { axis, ndim });
}

/**
 * Axes in the order given, counted from 0; all of them for undefined or null.
 * @throws AxisError for one out of range or named twice.
 */
export function normalizeAxes(
  axes: number | readonly number[] | null | undefined,
  ndim: number,
  where = 'axis',
): number[] {
  const out: number[] = [];
  if (axes === undefined || axes === null) {
    for (let i = 0; i < ndim; i++) out.push(i);
    return out;
  }
  if (typeof axes === 'number') {
    out.push(normalizeAxis(axes, ndim, where));
    return out;
  }
  if (!Array.isArray(axes)) normalizeAxis(axes as never, ndim, where); // refuses it
  for (let i = 0; i < axes.length; i++) {
    const axis = normalizeAxis(axes[i], ndim, where);
    if (out.includes(axis)) {
      throw new AxisError(`${where}: axis ${axis} is named twice in [${axes.join(', ')}]`, 'name each axis once', {
        axes,
        ndim,
      });
    }
    out.push(axis);
  }
  return out;
}

function display(x: unknown): string {
  if (typeof x === 'bigint') return `${x}n`;
  if (Array.isArray(x)) return `[${x.map(display).join(', ')}]`;
  return typeof x === 'string' ? `'${x}'` : String(x);
}
