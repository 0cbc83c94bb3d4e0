// searchsorted: where keys belong in a sorted array.

import { DTypeError, ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { integerLimits } from '../dtype/limits.ts';
import { promoteAll } from '../dtype/promotion.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { type ArrayLike, operandOf, readAt, toArray } from '../exec/coerce.ts';
import { contiguousIn } from '../exec/copy.ts';
import { describe, Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import { searchedAs, searchRow } from '../exec/sort.ts';
import { atHome, liesElsewhere } from '../exec/tiles.ts';
import { timed } from '../exec/timed.ts';
import { formatShape } from '../shape/strides.ts';
import { type NDArray, nd } from './ndarray.ts';
import type { ArrayData, DimsOf } from './types.ts';

export interface SearchOptions {
  /** Before the elements that equal the key ('left', the default) or after them. */
  readonly side?: 'left' | 'right';
  /** Positions that sort the array, where it is not sorted itself. */
  readonly sorter?: ArrayLike;
}
const searchOptions = new Options('side', 'sorter');

/** Leading positional arguments, then options. */
export type SearchArguments = ('left' | 'right' | ArrayLike | SearchOptions | undefined)[];

/**
 * Positions (int32) at which keys can be inserted into a sorted one-dimensional array without disturbing its order; a
 * number for a single key. NaN belongs at the end.
 * @throws ShapeError where the array has not one dimension or the sorter another size; IndexError for a sorter that points
 * outside the array.
 * @example np.searchsorted([1, 2, 2, 3], 2) // 1
 * @see https://numpy.org/doc/stable/reference/generated/numpy.searchsorted.html
 */
export function searchsorted<V extends ArrayData>(
  sorted: ArrayLike,
  keys: V,
  ...args: SearchArguments
): NDArray<'int32', DimsOf<V>>;
export function searchsorted(sorted: ArrayLike, key: number | bigint | boolean, ...args: SearchArguments): number;
export function searchsorted(sorted: ArrayLike, keys: ArrayLike, ...args: SearchArguments): NDArray | number;
export function searchsorted(sorted: ArrayLike, keys: ArrayLike, ...args: SearchArguments): NDArray | number {
  if (events.timing) return timed('searchsorted', searchsorted, sorted, keys, ...args);
  const where = 'np.searchsorted';
  const { side, sorter } = byName<SearchOptions>(['side', 'sorter'], args, searchOptions, where);
  if (liesElsewhere(sorted)) return atHome([sorted], () => searchsorted(sorted, keys, ...args));
  const given = toArray(sorted, where);
  if (given.ndim !== 1) {
    throw new ShapeError(
      `${where}: the sorted array has shape ${formatShape(given.shape)}`,
      'pass a one-dimensional array, ravel() it first',
      { shape: given.shape },
    );
  }
  const row = sorter === undefined || sorter === null ? given : sortedBy(given, sorter, where);
  const operand = operandOf(keys, where);
  // An integer that the array's dtype holds is one of its own kind; other scalars have the dtype of their type.
  const fits =
    typeof operand === 'number' &&
    (row.dtype.kind === 'i' || row.dtype.kind === 'u') &&
    Number.isSafeInteger(operand) &&
    operand >= integerLimits(row.dtype).low &&
    operand <= integerLimits(row.dtype).high;
  const asked = operand instanceof ArrayBase ? operand : toArray(operand, where, fits ? row.dtype : undefined);
  const d = searchedAs(promoteAll([row.dtype, asked.dtype]));
  const found = searchRow(contiguousIn(row, d), contiguousIn(asked, d), side === 'right');
  return operand instanceof ArrayBase ? nd(found) : Number(readAt(found, found.offset));
}

/** The array in the order of its sorter. */
function sortedBy(a: ArrayBase, sorter: ArrayLike, where: string): ArrayBase {
  const positions = toArray(sorter, `${where} sorter`);
  if (positions.ndim !== 1 || positions.size !== a.size) {
    throw new ShapeError(
      `${where}: sorter has shape ${formatShape(positions.shape)}, the array ${formatShape(a.shape)}`,
      'pass what argsort of the array gives',
      { sorter: positions.shape, shape: a.shape },
    );
  }
  if (positions.dtype.kind === 'b') {
    throw new DTypeError(`${where}: sorter is ${describe(positions)}`, 'pass integers, as argsort gives them', {});
  }
  return nd(a).get(Array.isArray(sorter) ? sorter : nd(positions));
}
