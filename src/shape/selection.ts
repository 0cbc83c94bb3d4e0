// What a whole index selects from an array: a view for integers, slices, ellipsis and new axes, and where index arrays
// and masks stand in it. Only shapes are known here, no element is read: a mask comes with the number of its true
// elements. Rules: NumPy reference, "Indexing on ndarrays", combining advanced and basic indexing.

import { IndexError, ShapeError } from '../base/errors.ts';
import { broadcastShapes } from './broadcast.ts';
import { type IndexItem, parseIndex, resolveInteger, resolveSlice, Slice } from './slicing.ts';
import { checkShape, formatShape, MAX_NDIM, type Shape } from './strides.ts';

export interface View {
  readonly shape: number[];
  readonly strides: number[];
  readonly offset: number;
}

/** An array in an index: positions along one axis, or a mask over as many axes as it has dimensions. */
export interface IndexArray {
  readonly shape: Shape;
  /** Number of true elements, for masks. */
  readonly count?: number;
}

/** An index array and the axis it indexes; a mask indexes `axis` and those after it. */
export interface Indexed<A extends IndexArray> {
  readonly array: A;
  readonly axis: number;
}

/** A view whose dimensions first … first + common.length - 1 are those of the index arrays, with strides 0. */
export interface Selection<A extends IndexArray> extends View {
  readonly indexed: readonly Indexed<A>[];
  /** The shape that the index arrays broadcast to. */
  readonly common: readonly number[];
  readonly first: number;
}

/**
 * The view a basic index selects from an array.
 * @param items one entry per axis; missing trailing axes are taken whole, '...' stands for the missing ones in between.
 * @throws IndexError for too many entries, two ellipses, or an integer out of bounds (naming axis and size).
 * @example resolveIndex([-1, '::2'], [2, 5], [40, 8], 0) // { shape: [3], strides: [16], offset: 40 }
 */
export function resolveIndex(
  items: readonly IndexItem[],
  shape: Shape,
  strides: readonly number[],
  offset: number,
): View {
  const s = select(items, shape, strides, offset);
  return { shape: s.shape, strides: s.strides, offset: s.offset };
}

const none: readonly never[] = [];

/**
 * What an index with arrays selects. The dimensions of the arrays, broadcast together, stand where the arrays stand; first,
 * when a slice, a new axis or an ellipsis lies between them. Integers count as arrays in this.
 * @throws IndexError as `resolveIndex`, and for a mask that does not fit its axes; ShapeError for arrays that do not
 *   broadcast together. Positions inside the arrays are not looked at.
 */
export function select<A extends IndexArray>(
  items: readonly (IndexItem | A)[],
  shape: Shape,
  strides: readonly number[],
  offset: number,
): Selection<A> {
  const outShape: number[] = [];
  const outStrides: number[] = [];
  let indexed: Indexed<A>[] | undefined;
  let at = offset;
  let axis = 0;
  let ellipsis = false;
  // Where the first array or integer stands, and whether something else came after it and then another one.
  let first = -1;
  let interrupted = false;
  let apart = false;
  for (let k = 0; k < items.length; k++) {
    const raw = items[k];
    const item = typeof raw === 'string' ? parseIndex(raw) : raw;
    if (item === null || item === '...' || item instanceof Slice) {
      if (first >= 0) interrupted = true;
      if (item === null) {
        outShape.push(1);
        outStrides.push(0);
      } else if (item === '...') {
        if (ellipsis)
          throw new IndexError(`an index can have one '...', not two`, `write ':' for single axes`, { index: items });
        ellipsis = true;
        for (const end = axis + shape.length - countAxes(items); axis < end; axis++) {
          outShape.push(shape[axis]);
          outStrides.push(strides[axis]);
        }
      } else {
        if (axis >= shape.length) throw tooMany(items, shape);
        const range = resolveSlice(item, shape[axis]);
        outShape.push(range.length);
        outStrides.push(strides[axis] * range.step);
        if (range.length > 0) at += range.start * strides[axis];
        axis++;
      }
      continue;
    }
    if (first < 0) first = outShape.length;
    else if (interrupted) apart = true;
    if (typeof item === 'number' || typeof item === 'bigint') {
      if (axis >= shape.length) throw tooMany(items, shape);
      at += resolveInteger(item, shape[axis], axis) * strides[axis];
      axis++;
    } else {
      if (!isIndexArray(item)) throw noIndex(item, axis);
      const dims = item.count === undefined ? 1 : item.shape.length;
      if (axis + dims > shape.length) throw tooMany(items, shape);
      if (item.count !== undefined) checkMask(item.shape, shape, axis);
      indexed ??= [];
      indexed.push({ array: item, axis });
      axis += dims;
    }
  }
  for (; axis < shape.length; axis++) {
    outShape.push(shape[axis]);
    outStrides.push(strides[axis]);
  }
  let common: readonly number[] = none;
  if (indexed === undefined) first = 0;
  else {
    common = commonShape(indexed);
    if (apart) first = 0;
    outShape.splice(first, 0, ...common);
    outStrides.splice(first, 0, ...common.map(() => 0));
  }
  if (outShape.length > MAX_NDIM) checkShape(outShape, 'index'); // refuses it
  return { shape: outShape, strides: outStrides, offset: at, indexed: indexed ?? none, common, first };
}

const isIndexArray = (x: unknown): x is IndexArray => typeof x === 'object' && x !== null && 'shape' in x;

function commonShape(indexed: readonly Indexed<IndexArray>[]): readonly number[] {
  const shapes = indexed.map(({ array }) => (array.count === undefined ? array.shape : [array.count]));
  if (shapes.length === 1) return shapes[0];
  try {
    return broadcastShapes(shapes);
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause;
    const masks = indexed.some(({ array }) => array.count !== undefined);
    throw new IndexError(
      `index arrays of shapes ${shapes.map(formatShape).join(' ')} do not broadcast together`,
      masks
        ? 'a mask counts as a list of its true positions; index one after the other, or use nonzero'
        : 'give them one shape, or add axes of length 1',
      { shapes },
      { cause },
    );
  }
}

function checkMask(mask: Shape, shape: Shape, axis: number): void {
  for (let d = 0; d < mask.length; d++) {
    if (mask[d] === shape[axis + d]) continue;
    throw new IndexError(
      `a mask of shape ${formatShape(mask)} does not fit axis ${axis + d}: the axis has ${shape[axis + d]} elements, the mask ${mask[d]}`,
      `pass a mask of shape ${formatShape(shape.slice(axis, axis + mask.length))}`,
      { axis: axis + d, size: shape[axis + d], mask },
    );
  }
}

/** Axes that the entries consume: all but new axes and the ellipsis consume one, masks as many as they have. */
function countAxes(items: readonly unknown[]): number {
  let n = 0;
  for (let k = 0; k < items.length; k++) {
    const item = items[k];
    if (item === null || (typeof item === 'string' && parseIndex(item) === '...')) continue;
    n += isIndexArray(item) && item.count !== undefined ? item.shape.length : 1;
  }
  return n;
}

function noIndex(item: unknown, axis: number): IndexError {
  const kind = Array.isArray(item) ? 'a list' : typeof item === 'object' ? 'an object' : String(item);
  return new IndexError(
    `${kind} cannot index axis ${axis}`,
    "index with integers, slices like '1:5' or slice(1, 5), '...', null (a new axis), integer arrays and masks",
    { axis },
  );
}

function tooMany(items: readonly unknown[], shape: Shape): IndexError {
  return new IndexError(
    `${countAxes(items)} indices for an array of shape ${formatShape(shape)}`,
    `give at most ${shape.length}; null inserts an axis and does not count`,
    { indices: countAxes(items), shape },
  );
}
