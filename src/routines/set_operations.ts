// Operations on arrays as sets: intersection, union, differences. All are made of distinct values and membership; the
// results are in ascending order.

import { type NDArray, nd } from '../array/ndarray.ts';
import { arange } from '../array/ranges.ts';
import { residentArray } from '../array/reductions.ts';
import { ravel } from '../array/views.ts';
import type { DType } from '../dtype/dtype.ts';
import { dtypes } from '../dtype/dtype.ts';
import { promote } from '../dtype/promotion.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { contiguousIn } from '../exec/copy.ts';
import { Options } from '../exec/options.ts';
import { orderRows, sortRows } from '../exec/sort.ts';
import { distinct, type Wants } from './distinct.ts';
import { among } from './isin.ts';

export interface SetOptions {
  /** No element occurs twice in either array, which saves finding out. */
  readonly assume_unique?: boolean;
}
export interface IntersectOptions extends SetOptions {
  /** Also: the positions of the common values in the first and in the second array (int32). */
  readonly return_indices?: boolean;
}

const setOptions = new Options(['assume_unique', 'keepdims']);
const intersectOptions = new Options(['assume_unique', 'keepdims'], ['return_indices', 'keepdims']);

const valuesOnly: Wants = { index: false, inverse: false, counts: false };

const flat = (x: ArrayLike, where: string): NDArray => ravel(residentArray(x, where));
const values = (a: ArrayBase): NDArray => distinct(a, valuesOnly, true).values;

// uint64 and signed integers meet in float64 here, as in NumPy: a set has one dtype.
function common(a: ArrayBase, b: ArrayBase): DType {
  const clash = [a.dtype, b.dtype].includes(dtypes.uint64) && (a.dtype.kind === 'i' || b.dtype.kind === 'i');
  return clash ? dtypes.float64 : promote(a.dtype, b.dtype);
}

function sorted(a: ArrayBase): NDArray {
  const from = contiguousIn(a);
  const out = newArray(a.shape, a.dtype);
  sortRows(from, out);
  return nd(out);
}

function joined(a: NDArray, b: NDArray): NDArray {
  const out = nd(newArray([a.size + b.size], common(a, b)));
  out.set(`:${a.size}`, a.astype(out.dtype));
  out.set(`${a.size}:`, b.astype(out.dtype));
  return out;
}

/**
 * The values that occur in both arrays, ascending; with `return_indices` also where they occur first in each.
 * @example np.intersect1d([1, 2, 2, 3], [3, 2]) // array([2., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.intersect1d.html
 */
export function intersect1d(
  ar1: ArrayLike,
  ar2: ArrayLike,
  options: IntersectOptions & { readonly return_indices: true },
): [NDArray, NDArray, NDArray];
export function intersect1d(ar1: ArrayLike, ar2: ArrayLike, options?: IntersectOptions): NDArray;
export function intersect1d(ar1: ArrayLike, ar2: ArrayLike, options: IntersectOptions = {}): NDArray | NDArray[] {
  const where = 'np.intersect1d';
  intersectOptions.check(options, where);
  const [a, b] = [flat(ar1, where), flat(ar2, where)];
  const d = common(a, b);
  if (options.return_indices !== true) {
    const first = options.assume_unique === true ? a : values(a);
    const both = first.get(among(first, b, false)).astype(d);
    return options.assume_unique === true ? sorted(both) : both;
  }
  const sides = [a, b].map((x) => firstPlaces(x, options.assume_unique === true));
  const [left, right] = [sides[0], sides[1]];
  const inLeft = among(left.values, right.values, false);
  const inRight = among(right.values, left.values, false);
  return [left.values.get(inLeft).astype(d), left.index.get(inLeft), right.index.get(inRight)];
}

// Values in order and where they occur first.
function firstPlaces(a: NDArray, assumeUnique: boolean): { values: NDArray; index: NDArray } {
  if (assumeUnique) {
    const order = nd(orderRows(contiguousIn(a)));
    return { values: a.get(order), index: order };
  }
  const found = distinct(a, { ...valuesOnly, index: true }, true);
  return { values: found.values, index: found.index ?? arange(0, { dtype: 'int32' }) };
}

/**
 * The values that occur in either array, ascending.
 * @example np.union1d([3, 1], [1, 2]) // array([1., 2., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.union1d.html
 */
export function union1d(ar1: ArrayLike, ar2: ArrayLike): NDArray {
  const where = 'np.union1d';
  return values(joined(flat(ar1, where), flat(ar2, where)));
}

/**
 * The values of the first array that do not occur in the second, ascending; as they come with `assume_unique`.
 * @example np.setdiff1d([3, 1, 2], [2]) // array([1., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.setdiff1d.html
 */
export function setdiff1d(ar1: ArrayLike, ar2: ArrayLike, options: SetOptions = {}): NDArray {
  const where = 'np.setdiff1d';
  setOptions.check(options, where);
  const given = flat(ar1, where);
  const a = options.assume_unique === true ? given : values(given);
  return a.get(among(a, flat(ar2, where), true));
}

/**
 * The values that occur in one of the arrays but not in both, ascending.
 * @example np.setxor1d([1, 2], [2, 3]) // array([1., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.setxor1d.html
 */
export function setxor1d(ar1: ArrayLike, ar2: ArrayLike, options: SetOptions = {}): NDArray {
  const where = 'np.setxor1d';
  setOptions.check(options, where);
  const [a, b] = [ar1, ar2].map((x) => {
    const given = flat(x, where);
    return options.assume_unique === true ? given : values(given);
  });
  const found = distinct(joined(a, b), { ...valuesOnly, counts: true }, false);
  return found.counts === undefined ? found.values : found.values.get(found.counts.equal(1));
}
