// Functions made of sorting and searching: lexsort (several keys), top_k, sort_complex, digitize.

import { less_equal } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { all } from '../array/reduce_functions.ts';
import { searchsorted } from '../array/searching.ts';
import { sort } from '../array/sorting.ts';
import type { ArrayData, DimsOf } from '../array/types.ts';
import { asNDArray, moveaxis, ravel } from '../array/views.ts';
import { ArgumentError, DTypeError, ShapeError } from '../base/errors.ts';
import { complexOf } from '../dtype/category.ts';
import { dtypes } from '../dtype/dtype.ts';
import { type ArrayBase, newArray, reinterpret } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { contiguousIn, heapCopy } from '../exec/copy.ts';
import { describe, Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import { applyRows, orderRows } from '../exec/sort.ts';
import { formatShape, normalizeAxis, sameShape } from '../shape/strides.ts';

const lexsortOptions = new Options('axis');

/**
 * The positions (int32) that sort by several keys, the last of which decides first. Keys are a list of arrays of one
 * shape, or the rows of an array; they are sorted along an axis, the last one by default.
 * @throws ArgumentError without keys, ShapeError for keys of different shapes, AxisError for an axis that does not exist.
 * @example np.lexsort([[3, 1, 2], [1, 1, 0]]) // array([2, 1, 0], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lexsort.html
 */
export function lexsort(
  keys: ArrayData,
  ...args: (number | { readonly axis?: number } | undefined)[]
): NDArray<'int32'> {
  const where = 'np.lexsort';
  const { axis: given } = byName<{ readonly axis?: number }>(['axis'], args, lexsortOptions, where);
  const list = keysOf(keys, where);
  const axis = list[0].ndim === 0 ? 0 : normalizeAxis(given ?? -1, list[0].ndim, where);
  const last = (a: NDArray): ArrayBase => contiguousIn(a.ndim === 0 ? ravel(a) : moveaxis(a, axis, -1));
  const positions = orderRows(last(list[0]));
  for (const key of list.slice(1)) {
    const rows = last(key);
    const ordered = newArray(rows.shape, rows.dtype);
    applyRows(rows, positions, ordered);
    applyRows(positions, orderRows(ordered), positions);
  }
  if (list[0].ndim === 0) return nd(reinterpret(positions, positions.offset, [], []));
  return axis === list[0].ndim - 1 ? nd(positions) : nd(heapCopy(moveaxis(nd(positions), -1, axis)));
}

function keysOf(keys: ArrayData, where: string): NDArray[] {
  const list = Array.isArray(keys)
    ? keys.map((k) => asNDArray(k, where))
    : [...asNDArray(keys, where)].map((k) => asNDArray(k, where));
  if (list.length === 0) throw new ArgumentError(`${where}: there are no keys`, 'pass at least one key', { where });
  for (const { shape } of list) {
    if (sameShape(shape, list[0].shape)) continue;
    throw new ShapeError(
      `${where}: keys have the shapes ${formatShape(list[0].shape)} and ${formatShape(shape)}`,
      'pass keys of one shape',
      { shapes: list.map((k) => k.shape) },
    );
  }
  return list;
}

export interface TopOptions {
  /** The axis to look along; all elements by default. */
  readonly axis?: number | null;
  readonly mode?: 'largest' | 'smallest';
}
const topOptions = new Options('axis', ['mode', 'topMode']);

/** The k best elements and where they are, best first. */
export interface Top {
  readonly values: NDArray;
  readonly indices: NDArray<'int32'>;
}

/**
 * The k largest (or smallest) elements along an axis, or of all elements, best first, with their positions. NaN is
 * taken last in both modes; of equal elements the first are taken.
 * @throws ArgumentError for a k that is no integer from 0 to the number of elements; AxisError.
 * @example np.top_k([4, 1, 3], 2).values // array([4., 3.])
 * @see https://data-apis.org/array-api/draft/API_specification/searching_functions.html
 */
export function top_k(x: ArrayLike, k: number, options: TopOptions = {}): Top {
  const where = 'np.top_k';
  topOptions.check(options, where);
  const given = asNDArray(x, where);
  const flat = options.axis === undefined || options.axis === null;
  const a = flat ? ravel(given) : given;
  const axis = flat ? 0 : normalizeAxis(options.axis ?? 0, a.ndim, where);
  const n = a.shape[axis];
  if (!Number.isSafeInteger(k) || k < 0 || k > n) {
    throw new ArgumentError(`${where}: k is ${describe(k)}`, `pass an integer from 0 to ${n}`, { k, size: n });
  }
  const rows = contiguousIn(moveaxis(a, axis, -1));
  const order = orderRows(rows, options.mode !== 'smallest');
  const sorted = newArray(rows.shape, rows.dtype);
  applyRows(rows, order, sorted);
  const best = (all: ArrayBase): ArrayBase => {
    const part = nd(all).get('...', `:${k}`);
    return heapCopy(moveaxis(part, -1, axis));
  };
  return { values: nd(best(sorted)), indices: nd(best(order)) };
}

/**
 * A sorted copy along the last axis as complex numbers.
 * @example np.sort_complex([3, 1]) // array([1.+0.j, 3.+0.j])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.sort_complex.html
 */
export function sort_complex(x: ArrayLike): NDArray {
  const sorted = sort(toArray(x, 'np.sort_complex'));
  const { kind } = sorted.dtype;
  return sorted.astype(kind === 'f' || kind === 'b' ? dtypes.complex128 : complexOf(sorted.dtype), { copy: false });
}

const digitizeOptions = new Options('right');

/**
 * The number (int32) of the bin that each element falls into, for ascending or descending edges: with ascending ones
 * `bins[i-1] <= x < bins[i]`, or `bins[i-1] < x <= bins[i]` where `right` is true. A number gives a number.
 * @throws ArgumentError for edges that neither ascend nor descend; DTypeError for complex elements; ShapeError.
 * @example np.digitize([0.5, 2.5], [0, 1, 2]) // array([1, 3], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.digitize.html
 */
export function digitize<X extends ArrayData>(
  x: X,
  bins: ArrayLike,
  ...args: (boolean | { readonly right?: boolean } | undefined)[]
): NDArray<'int32', DimsOf<X>>;
export function digitize(
  x: number | bigint | boolean,
  bins: ArrayLike,
  ...args: (boolean | { readonly right?: boolean } | undefined)[]
): number;
export function digitize(
  x: ArrayLike,
  bins: ArrayLike,
  ...args: (boolean | { readonly right?: boolean } | undefined)[]
): NDArray | number {
  const where = 'np.digitize';
  const { right } = byName<{ readonly right?: boolean }>(['right'], args, digitizeOptions, where);
  const edges = asNDArray(bins, `${where} bins`);
  if (toArray(x, where).dtype.parts === 2 || edges.dtype.parts === 2) {
    throw new DTypeError(`${where}: complex numbers have no bins`, 'pass the real part, or the absolute value', {});
  }
  if (edges.ndim !== 1) {
    throw new ShapeError(`${where}: bins have the shape ${formatShape(edges.shape)}`, 'pass one dimension of edges', {
      shape: edges.shape,
    });
  }
  const side = right === true ? 'left' : 'right';
  const [before, after] = [edges.get(':-1'), edges.get('1:')];
  if (all(less_equal(before, after))) return searchsorted(edges, x, side);
  if (!all(less_equal(after, before))) {
    throw new ArgumentError(`${where}: bins neither ascend nor descend`, 'sort them first: np.sort(bins)', {});
  }
  const found = searchsorted(edges.get('::-1'), x, side);
  if (typeof found === 'number') return edges.size - found;
  return nd(found).multiply(-1).add(edges.size);
}
