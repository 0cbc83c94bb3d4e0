// Sorting along an axis: sort, argsort, partition, argpartition. The work is exec/sort.ts's, on rows of contiguous
// memory; here are axes, options and layouts. Searching is in searching.ts, functions made of these in routines/.

import { ArgumentError, IndexError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { type ArrayBase, newArray, reinterpret, requireWriteable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { copyInto, copyOf, heapCopy, isResident } from '../exec/copy.ts';
import { describe, Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import { applyRows, orderRows, partitionOrderRows, partitionRows, sortRows } from '../exec/sort.ts';
import { atHome, liesElsewhere } from '../exec/tiles.ts';
import { timed } from '../exec/timed.ts';
import { hasRoom } from '../memory/allocate.ts';
import { overlapsItself } from '../shape/overlap.ts';
import { normalizeAxis } from '../shape/strides.ts';
import { type NDArray, nd } from './ndarray.ts';
import type { DimsOf, NameOf } from './types.ts';

/** NumPy's names of algorithms; here they say only whether equal elements keep their order. */
export type SortKind = 'quicksort' | 'mergesort' | 'heapsort' | 'stable';

export interface SortOptions {
  /** The axis to sort along, the last by default; null: all elements as one row. */
  readonly axis?: number | null;
  readonly kind?: SortKind;
  /** Keep the order of equal elements (−0 and 0, NaN of different bits). */
  readonly stable?: boolean;
  /** Greatest first; NaN is last all the same. */
  readonly descending?: boolean;
}
export interface PartitionOptions {
  readonly axis?: number | null;
  readonly kind?: 'introselect';
}

const sortOptions = new Options('axis', ['kind', 'sortKind'], 'stable', 'descending');
const partitionOptions = new Options('axis', ['kind', 'selectKind']);

/** Leading positional arguments, then options. */
export type SortArguments = (number | null | SortKind | SortOptions | undefined)[];
export type PartitionArguments = (number | null | 'introselect' | PartitionOptions | undefined)[];

function settleSort(given: readonly unknown[], where: string): SortOptions {
  const options = byName<SortOptions>(['axis', 'kind'], given, sortOptions, where);
  if (options.kind !== undefined && options.stable !== undefined) {
    throw new ArgumentError(`${where}: kind and stable say the same thing`, 'pass one of them', { where });
  }
  return options;
}
const isStable = (o: SortOptions): boolean => o.stable ?? (o.kind === 'stable' || o.kind === 'mergesort');

/** The array with `axis` last; all of it as one row for null. */
function withAxisLast(a: ArrayBase, axis: number): ArrayBase {
  const last = (list: readonly number[]): number[] => [...list.filter((_, d) => d !== axis), list[axis]];
  return reinterpret(a, a.offset, last(a.shape), last(a.strides));
}

/** An array whose last axis is moved to `axis` again, C-contiguous. */
function withAxisBack(a: ArrayBase, axis: number): ArrayBase {
  if (axis === a.ndim - 1) return a;
  const back = (list: readonly number[]): number[] => {
    const rest = list.slice(0, -1);
    rest.splice(axis, 0, list[list.length - 1]);
    return rest;
  };
  return heapCopy(reinterpret(a, a.offset, back(a.shape), back(a.strides)));
}

/** The operand as rows along the last axis, and where that axis belongs. */
function rowsAlong(x: ArrayLike, given: number | null | undefined, where: string): { rows: ArrayBase; axis: number } {
  const a = toArray(x, where);
  if (given === null) {
    const flat = a.contiguous ? a : heapCopy(a);
    return { rows: reinterpret(flat, flat.offset, [a.size], [a.itemsize]), axis: 0 };
  }
  const axis = normalizeAxis(given ?? -1, a.ndim, where);
  return { rows: withAxisLast(a, axis), axis };
}

const inPlace = (a: ArrayBase): boolean => a.contiguous && isResident(a);

/** Sorted rows of `rows` as a new contiguous array. */
function sorted(rows: ArrayBase, options: SortOptions): ArrayBase {
  const { descending } = options;
  if (isStable(options) && rows.dtype.kind === 'f') {
    const a = inPlace(rows) ? rows : heapCopy(rows);
    const out = newArray(a.shape, a.dtype);
    applyRows(a, orderRows(a, descending), out);
    return out;
  }
  if (!hasRoom(rows.nbytes)) {
    const copy = copyOf(rows); // where there is room for it, and sorted there
    atHome([copy], () => sortRows(copy, copy, descending));
    return copy;
  }
  const target = inPlace(rows) ? newArray(rows.shape, rows.dtype) : heapCopy(rows);
  sortRows(inPlace(rows) ? rows : target, target, descending);
  return target;
}

/**
 * A sorted copy along an axis, the last one by default. NaN comes last; complex numbers order by real, then imaginary
 * part.
 * @throws AxisError for an axis that does not exist; ArgumentError for a kind that does not exist.
 * @example np.sort([3, 1, 2]) // array([1., 2., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.sort.html
 */
export function sort<X extends ArrayLike>(x: X, ...args: SortArguments): NDArray<NameOf<X>, DimsOf<X>>;
export function sort(x: ArrayLike, ...args: SortArguments): NDArray {
  if (events.timing) return timed('sort', sort, x, ...args);
  if (liesElsewhere(x)) return atHome([x], () => sort(x, ...args));
  const options = settleSort(args, 'np.sort');
  const { rows, axis } = rowsAlong(x, options.axis, 'np.sort');
  return nd(withAxisBack(sorted(rows, options), axis));
}

/**
 * The positions (int32) that sort an array along an axis; equal elements keep their order.
 * @throws AxisError for an axis that does not exist; ArgumentError for a kind that does not exist.
 * @example np.argsort([30, 10, 20]) // array([1, 2, 0], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.argsort.html
 */
export function argsort<X extends ArrayLike>(x: X, ...args: SortArguments): NDArray<'int32', DimsOf<X>>;
export function argsort(x: ArrayLike, ...args: SortArguments): NDArray {
  if (events.timing) return timed('argsort', argsort, x, ...args);
  if (liesElsewhere(x)) return atHome([x], () => argsort(x, ...args));
  const options = settleSort(args, 'np.argsort');
  const a = toArray(x, 'np.argsort');
  const { rows, axis } = rowsAlong(a, a.ndim === 0 ? null : options.axis, 'np.argsort');
  return nd(withAxisBack(orderRows(inPlace(rows) ? rows : heapCopy(rows), options.descending), axis));
}

/** Positions counted from either end, ascending and each once. */
function kthOf(given: unknown, n: number, where: string): number[] {
  const list: unknown[] = Array.isArray(given) ? given : [given];
  const out = new Set<number>();
  for (const k of list) {
    if (!Number.isSafeInteger(k)) {
      throw new ArgumentError(`${where}: kth is ${describe(k)}`, 'kth must be an integer or a list of integers', {
        where,
      });
    }
    const at = Number(k);
    if (n > 0 && (at < -n || at >= n)) {
      throw new IndexError(`${where}: kth ${at} is out of bounds for ${n} elements`, `use ${-n} to ${n - 1}`, {
        where,
        kth: at,
        size: n,
      });
    }
    out.add(at < 0 ? at + n : at);
  }
  return n === 0 ? [] : [...out].sort((a, b) => a - b);
}

/**
 * A copy in which the element number `kth` of each row is where sorting would put it, no greater ones before it and no
 * smaller ones after it. Several positions may be given.
 * @throws AxisError for an axis, IndexError for a position that does not exist.
 * @example np.partition([4, 3, 1, 2], 0).item(0) // 1
 * @see https://numpy.org/doc/stable/reference/generated/numpy.partition.html
 */
export function partition<X extends ArrayLike>(
  x: X,
  kth: number | readonly number[],
  ...args: PartitionArguments
): NDArray<NameOf<X>, DimsOf<X>>;
export function partition(x: ArrayLike, kth: number | readonly number[], ...args: PartitionArguments): NDArray {
  if (events.timing) return timed('partition', partition, x, kth, ...args);
  const where = 'np.partition';
  if (liesElsewhere(x)) return atHome([x], () => partition(x, kth, ...args));
  const options = byName<PartitionOptions>(['axis', 'kind'], args, partitionOptions, where);
  const { rows, axis } = rowsAlong(x, options.axis, where);
  const at = kthOf(kth, rows.shape[rows.ndim - 1], where);
  const target = inPlace(rows) ? newArray(rows.shape, rows.dtype) : heapCopy(rows);
  partitionRows(inPlace(rows) ? rows : target, target, at);
  return nd(withAxisBack(target, axis));
}

/**
 * The positions (int32) of a partition: `kth` of each row points at the element that sorting would put there.
 * @throws AxisError for an axis, IndexError for a position that does not exist.
 * @example np.argpartition([4, 3, 1, 2], 0).item(0) // 2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.argpartition.html
 */
export function argpartition<X extends ArrayLike>(
  x: X,
  kth: number | readonly number[],
  ...args: PartitionArguments
): NDArray<'int32', DimsOf<X>>;
export function argpartition(x: ArrayLike, kth: number | readonly number[], ...args: PartitionArguments): NDArray {
  if (events.timing) return timed('argpartition', argpartition, x, kth, ...args);
  const where = 'np.argpartition';
  if (liesElsewhere(x)) return atHome([x], () => argpartition(x, kth, ...args));
  const options = byName<PartitionOptions>(['axis', 'kind'], args, partitionOptions, where);
  const a = toArray(x, where);
  const { rows, axis } = rowsAlong(a, a.ndim === 0 ? null : options.axis, where);
  const at = kthOf(kth, rows.shape[rows.ndim - 1], where);
  return nd(withAxisBack(partitionOrderRows(inPlace(rows) ? rows : heapCopy(rows), at), axis));
}

/** Runs `change` on the rows of an array along an axis where they are, or on a copy that is written back. */
function changeRows(a: NDArray, given: number | undefined, where: string, change: (rows: ArrayBase) => void): void {
  requireWriteable(a, where);
  const apart: boolean = liesElsewhere(a);
  if (apart) {
    atHome([a], () => changeRows(a, given, where, change));
    return;
  }
  const axis = normalizeAxis(given ?? -1, a.ndim, where);
  const place = { offset: 0, shape: a.shape, strides: a.strides, itemsize: a.itemsize };
  if (!a.contiguous && overlapsItself(place)) {
    throw new ArgumentError(
      `${where}: several elements share memory (a broadcast or overlapping view)`,
      'sort a copy: np.sort(a)',
      { shape: a.shape, strides: a.strides },
    );
  }
  const rows = withAxisLast(a, axis);
  const work = inPlace(rows) ? rows : heapCopy(rows);
  change(work);
  if (work !== rows) copyInto(work, rows);
}

const axisOnly = (axis: number | null | undefined, where: string): number | undefined => {
  if (axis !== null) return axis;
  throw new ArgumentError(`${where}: axis null would flatten the array, which cannot be done in place`, 'use np.sort', {
    where,
  });
};

/** `a.sort()`: sorts the array itself. */
export function sortInPlace(a: NDArray, ...args: SortArguments): void {
  if (events.timing) {
    timed('sort', sortInPlace, a, ...args);
    return;
  }
  const options = settleSort(args, 'a.sort');
  changeRows(a, axisOnly(options.axis, 'a.sort'), 'a.sort', (rows) => {
    if (isStable(options) && rows.dtype.kind === 'f') applyRows(rows, orderRows(rows, options.descending), rows);
    else sortRows(rows, rows, options.descending);
  });
}

/** `a.partition(kth)`: partitions the array itself. */
export function partitionInPlace(a: NDArray, kth: number | readonly number[], ...args: PartitionArguments): void {
  if (events.timing) {
    timed('partition', partitionInPlace, a, kth, ...args);
    return;
  }
  const where = 'a.partition';
  const options = byName<PartitionOptions>(['axis', 'kind'], args, partitionOptions, where);
  const axis = axisOnly(options.axis, where);
  const at = kthOf(kth, a.ndim === 0 ? 1 : a.shape[normalizeAxis(axis ?? -1, a.ndim, where)], where);
  changeRows(a, axis, where, (rows) => partitionRows(rows, rows, at));
}
