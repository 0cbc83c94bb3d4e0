// unique and its forms of the array API standard. The work is in distinct.ts; along an axis whole slices are compared,
// column after column, by the ranks that their elements have.

import { type NDArray, nd } from '../array/ndarray.ts';
import { arange } from '../array/ranges.ts';
import { residentArray } from '../array/reductions.ts';
import { moveaxis, ravel } from '../array/views.ts';
import { DTypeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { dtypes } from '../dtype/dtype.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { Options } from '../exec/options.ts';
import { timed } from '../exec/timed.ts';
import { normalizeAxis } from '../shape/strides.ts';
import { type Distinct, distinct, type Wants } from './distinct.ts';

export interface UniqueOptions {
  /** Also: where each value occurs first (int32). */
  readonly return_index?: boolean;
  /** Also: for every element the number of its value (int32). */
  readonly return_inverse?: boolean;
  /** Also: how often each value occurs (int64). */
  readonly return_counts?: boolean;
  /** Compare the slices along this axis instead of elements. */
  readonly axis?: number | null;
  /** All NaN are one value (true). */
  readonly equal_nan?: boolean;
  /** false allows any order; the values are in order all the same. */
  readonly sorted?: boolean;
}

const uniqueOptions = new Options(
  ['return_index', 'keepdims'],
  ['return_inverse', 'keepdims'],
  ['return_counts', 'keepdims'],
  'axis',
  ['equal_nan', 'keepdims'],
  ['sorted', 'keepdims'],
);

const nothingElse: Wants = { index: false, inverse: false, counts: false };

type Asking<K extends keyof UniqueOptions> = UniqueOptions & { readonly [P in K]: true };

/**
 * The distinct elements in ascending order, NaN last; or a list of them and of what else is asked for, in this order:
 * index, inverse, counts. The inverse has the shape of `x`: `values.get(inverse)` is `x` again.
 * @throws AxisError for an axis that `x` does not have.
 * @example np.unique([3, 1, 3]) // array([1., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.unique.html
 */
export function unique(
  x: ArrayLike,
  options: Asking<'return_index'> | Asking<'return_inverse'> | Asking<'return_counts'>,
): NDArray[];
export function unique(x: ArrayLike, options?: UniqueOptions): NDArray;
export function unique(x: ArrayLike, options: UniqueOptions = {}): NDArray | NDArray[] {
  if (events.timing) return timed('unique', unique, x, options);
  const where = 'np.unique';
  uniqueOptions.check(options, where);
  const a = residentArray(x, where);
  const { return_index = false, return_inverse = false, return_counts = false, axis, equal_nan = true } = options;
  const wants = { index: return_index, inverse: return_inverse, counts: return_counts };
  const found = axis === undefined || axis === null ? ofElements(a, wants, equal_nan) : ofSlices(a, axis, wants, where);
  const more = [
    return_index ? found.index : undefined,
    return_inverse ? found.inverse : undefined,
    return_counts ? found.counts : undefined,
  ].filter((r) => r !== undefined);
  return more.length === 0 ? found.values : [found.values, ...more];
}

function ofElements(a: ArrayBase, wants: Wants, equalNaN: boolean): Distinct {
  const found = distinct(a.ndim === 1 ? a : ravel(a), wants, equalNaN);
  return { ...found, inverse: wants.inverse ? found.inverse?.reshape([...a.shape]) : undefined };
}

// Slices in lexicographic order: their ranks by the first columns are refined by one column after another.
function ofSlices(a: ArrayBase, axis: number, wants: Wants, where: string): Distinct {
  const d = normalizeAxis(axis, a.ndim, where);
  const turned = moveaxis(a, d, 0);
  const n = turned.shape[0];
  const columns = turned.size === 0 ? 0 : turned.size / n;
  const rows = columns === 0 ? undefined : turned.reshape(n, columns);
  const ranking = { ...nothingElse, inverse: true };
  let ranks: NDArray = nd(newArray([n], dtypes.int32, true));
  let groups = n === 0 ? 0 : 1;
  for (let c = 0; rows !== undefined && c < columns && groups < n; c++) {
    const column = distinct(rows.get(':', c), ranking, false);
    const finer = ranks.astype('int64').multiply(BigInt(column.values.size)).add(inverseOf(column).astype('int64'));
    const refined = distinct(finer, ranking, false);
    ranks = inverseOf(refined);
    groups = refined.values.size;
  }
  const found = distinct(ranks, { ...wants, index: true }, false);
  const { index } = found;
  if (index === undefined) throw new TypeError('positions were not made');
  return { ...found, values: moveaxis(turned.get(index), 0, d) };
}

const inverseOf = ({ inverse }: Distinct): NDArray => inverse ?? arange(0, { dtype: 'int32' });

/** Distinct values (NaN each one of its own), where they occur first, which each element is, and how often they occur. */
export interface UniqueAll {
  readonly values: NDArray;
  readonly indices: NDArray;
  readonly inverse_indices: NDArray;
  readonly counts: NDArray;
}

function standard(x: ArrayLike, wants: Wants, name: string): Required<Pick<Distinct, 'values'>> & Distinct {
  return ofElements(residentArray(x, `np.${name}`), wants, false);
}

function made(x: NDArray | undefined): NDArray {
  if (x === undefined) throw new DTypeError('a part of the result was not made', 'report this as a defect', {});
  return x;
}

/**
 * Distinct values, their first positions, the inverse and the counts, as the array API standard has them: every NaN is
 * a value of its own.
 * @example np.unique_all([3, 1, 3]).counts // array([1, 2])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.unique_all.html
 */
export function unique_all(x: ArrayLike): UniqueAll {
  const r = standard(x, { index: true, inverse: true, counts: true }, 'unique_all');
  return { values: r.values, indices: made(r.index), inverse_indices: made(r.inverse), counts: made(r.counts) };
}

/**
 * Distinct values and how often each occurs; every NaN is a value of its own.
 * @example np.unique_counts([3, 1, 3]).counts // array([1, 2])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.unique_counts.html
 */
export function unique_counts(x: ArrayLike): Pick<UniqueAll, 'values' | 'counts'> {
  const r = standard(x, { ...nothingElse, counts: true }, 'unique_counts');
  return { values: r.values, counts: made(r.counts) };
}

/**
 * Distinct values and, in the shape of `x`, the number of each element's value; every NaN is a value of its own.
 * @example np.unique_inverse([3, 1, 3]).inverse_indices // array([1, 0, 1], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.unique_inverse.html
 */
export function unique_inverse(x: ArrayLike): Pick<UniqueAll, 'values' | 'inverse_indices'> {
  const r = standard(x, { ...nothingElse, inverse: true }, 'unique_inverse');
  return { values: r.values, inverse_indices: made(r.inverse) };
}

/**
 * Distinct values, every NaN a value of its own; in ascending order.
 * @example np.unique_values([3, 1, 3]) // array([1., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.unique_values.html
 */
export const unique_values = (x: ArrayLike): NDArray => standard(x, nothingElse, 'unique_values').values;
