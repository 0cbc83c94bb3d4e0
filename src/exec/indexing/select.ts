// An index as the user wrote it, made ready: lists, typed arrays and masks become arrays in the heap, and what the whole
// of it selects becomes positions per axis. Reading and writing through it are here too.

import { IndexError } from '../../base/errors.ts';
import { inCategory } from '../../dtype/category.ts';
import { dtypes, type TypedArray } from '../../dtype/dtype.ts';
import { broadcastStrides } from '../../shape/broadcast.ts';
import type { IndexArray, Selection } from '../../shape/selection.ts';
import { type IndexItem, isIndexItem } from '../../shape/slicing.ts';
import { MAX_NDIM, sizeOf } from '../../shape/strides.ts';
import { ArrayBase, newArray, reinterpret, requireUsable } from '../array_base.ts';
import { arrayFrom, readAt, wrapTyped } from '../coerce.ts';
import { contiguousIn } from '../copy.ts';
import { describe } from '../options.ts';
import { type Counted, coordinates, countTrue, positionsOf, rowOf, settledMask } from './masks.ts';
import { gatherAt, type Positions, scatterAt } from './moves.ts';

/** A list in an index: integers or booleans, nested. */
export type IndexList = readonly (number | bigint | boolean | ArrayBase | TypedArray | IndexList)[];
/** One entry of an index. */
export type Index = IndexItem | boolean | ArrayBase | TypedArray | IndexList;

/** An array in an index, settled: contiguous, in the heap, of an integer dtype or a counted mask. */
export interface ReadyArray extends IndexArray {
  readonly array: ArrayBase;
  /** For masks. */
  readonly counted?: Counted;
}

/** An index whose lists, masks and typed arrays are settled; index arrays of no dimensions are integers in it. */
export type ReadyIndex = readonly (IndexItem | ReadyArray)[];

export const isReadyArray = (x: ReadyIndex[number]): x is ReadyArray =>
  typeof x === 'object' && x !== null && 'array' in x;

/** Is every entry one of basic indexing? */
export function isBasic(items: readonly unknown[]): items is readonly IndexItem[] {
  for (let k = 0; k < items.length; k++) if (!isIndexItem(items[k])) return false;
  return true;
}

/** @throws IndexError for what cannot index: floats, other objects. */
export function readyIndex(items: readonly Index[], where: string): ReadyIndex {
  return items.map((item) => {
    if (isIndexItem(item)) return item;
    const made = indexArray(item, where);
    if (made === undefined) return item as never; // select refuses it, naming the axis
    return made.count === undefined && made.array.ndim === 0 ? integerOf(made.array) : made;
  });
}

const integerOf = (a: ArrayBase): number | bigint => readAt(a, a.offset) as number | bigint; // of an integer dtype

/** An index array or mask from anything that can be one; undefined for what is no array. */
function indexArray(item: unknown, where: string): ReadyArray | undefined {
  const a = arrayLike(item, where);
  if (a === undefined) return undefined;
  if (a.dtype === dtypes.bool) {
    const mask = settledMask(a);
    const counted = countTrue(mask);
    return { array: mask, shape: mask.shape, count: counted.total, counted };
  }
  return { array: contiguousIn(requireIntegers(a, where)), shape: a.shape };
}

function arrayLike(item: unknown, where: string): ArrayBase | undefined {
  let a: ArrayBase;
  if (item instanceof ArrayBase) a = item;
  else if (typeof item === 'boolean') a = arrayFrom(item, dtypes.bool, where);
  else if (Array.isArray(item)) a = fromList(item, where);
  else if (ArrayBuffer.isView(item)) a = wrapTyped(item, where);
  else return undefined;
  requireUsable(a, where);
  return a;
}

function requireIntegers(a: ArrayBase, where: string): ArrayBase {
  if (inCategory(a.dtype, 'ints')) return a;
  const ways = "make integers of it with astype('int32')";
  throw new IndexError(
    `${where}: an array of ${a.dtype.name} cannot index: positions are integers, masks bool`,
    a.dtype === dtypes.float64 ? `${ways}, or pass bigints or a list ([0, 2]) in the first place` : ways,
    { dtype: a.dtype.name },
  );
}

/**
 * Positions as functions take them (take, put …): integers in any form, also one alone; bool counts as 0 and 1.
 * @throws IndexError for anything else.
 */
export function positionsGiven(x: unknown, where: string): ArrayBase {
  const alone = typeof x === 'number' || typeof x === 'bigint';
  const a = alone ? fromList([x], where) : arrayLike(x, where);
  if (a === undefined) {
    throw new IndexError(
      `${where}: ${describe(x)} is no position`,
      'pass integers: one, a list or an array of them',
      {},
    );
  }
  const settled = contiguousIn(a.dtype === dtypes.bool ? a : requireIntegers(a, where));
  return alone ? reinterpret(settled, settled.offset, [], []) : settled;
}

/** What the entries of a list are: booleans, or integers written as numbers, bigints or arrays of integers. */
function fromList(list: readonly unknown[], where: string): ArrayBase {
  const short = fromIntegers(list);
  if (short !== undefined) return short;
  const kinds = { booleans: 0, others: 0 };
  survey(list, kinds, MAX_NDIM);
  if (kinds.others === 0 && kinds.booleans > 0) return arrayFrom(list, dtypes.bool, where);
  // numbers in a list are scalars: each is checked to be an integer
  try {
    return arrayFrom(list, dtypes.int64, where);
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'PrecisionError') throw cause;
    throw new IndexError(
      `${where}: a list in an index holds something that is no integer`,
      'use integers or booleans',
      {},
      { cause },
    );
  }
}

// A flat list of integers of 32 bits, the everyday case.
function fromIntegers(list: readonly unknown[]): ArrayBase | undefined {
  for (let i = 0; i < list.length; i++) {
    const x = list[i];
    if (typeof x !== 'number' || (x | 0) !== x) return undefined;
  }
  const out = newArray([list.length], dtypes.int32);
  const { segment, ptr } = out.storage;
  if (segment === null) throw new TypeError('a new array is not in the heap');
  segment.i32.set(list as readonly number[], ptr >>> 2); // looked at one by one above
  return out;
}

function survey(x: unknown, kinds: { booleans: number; others: number }, depth: number): void {
  if (Array.isArray(x) && depth > 0) for (let i = 0; i < x.length; i++) survey(x[i], kinds, depth - 1);
  else if (typeof x === 'boolean' || (x instanceof ArrayBase && x.dtype === dtypes.bool)) kinds.booleans++;
  else kinds.others++;
}

/** The positions per axis that a selection of `a` comes down to; none where nothing is selected, whatever they are. */
function positionsFor(a: ArrayBase, s: Selection<ReadyArray>): Positions[] {
  const out: Positions[] = [];
  if (sizeOf(s.common) === 0) return out;
  const spread = (array: ArrayBase): number[] => {
    const strides = new Array<number>(s.shape.length).fill(0);
    const own = broadcastStrides(array.shape, array.strides, s.common);
    for (let d = 0; d < own.length; d++) strides[s.first + d] = own[d];
    return strides;
  };
  for (const { array, axis } of s.indexed) {
    const { counted, shape } = array;
    if (counted === undefined) {
      out.push({ array: array.array, strides: spread(array.array), axis, size: a.shape[axis], step: a.strides[axis] });
      continue;
    }
    if (shape.length === 0) continue;
    const flat = positionsOf(array.array, counted);
    const step = stepOver(a, axis, shape.length);
    if (step !== undefined) {
      out.push({ array: flat, strides: spread(flat), axis, size: sizeOf(shape), step });
      continue;
    }
    const rows = coordinates(flat, shape);
    for (let d = 0; d < shape.length; d++) {
      const row = rowOf(rows, d);
      out.push({ array: row, strides: spread(row), axis: axis + d, size: shape[d], step: a.strides[axis + d] });
    }
  }
  return out;
}

/** The step from element to element where these axes can be walked as one; undefined where they cannot. */
function stepOver(a: ArrayBase, axis: number, dims: number): number | undefined {
  let step: number | undefined;
  let next = 0;
  for (let d = axis + dims - 1; d >= axis; d--) {
    if (a.shape[d] === 1) continue;
    if (step === undefined) step = a.strides[d];
    else if (a.strides[d] !== next) return undefined;
    next = a.strides[d] * a.shape[d];
  }
  return step ?? a.itemsize;
}

/** A row of flat positions (C order) as positions in an array; all from 0 on and within where `a` is not in C order. */
export function flatPositions(a: ArrayBase, flat: ArrayBase): Positions[] {
  const { strides } = flat;
  const step = stepOver(a, 0, a.ndim);
  if (step !== undefined) return [{ array: flat, strides, axis: 0, size: a.size, step }];
  const rows = coordinates(contiguousIn(flat, dtypes.int32), a.shape);
  return a.shape.map((size, d) => ({ array: rowOf(rows, d), strides: [4], axis: d, size, step: a.strides[d] }));
}

/** A new array of what a selection of a resident array holds. */
export const gather = (a: ArrayBase, s: Selection<ReadyArray>, where: string): ArrayBase =>
  gatherAt(a, s, positionsFor(a, s), where);

/** Stores values of the array's dtype, in the heap and apart from it, broadcast to a selection of a resident array. */
export function scatter(a: ArrayBase, s: Selection<ReadyArray>, values: ArrayBase, where: string): void {
  scatterAt(a, s, positionsFor(a, s), values, where);
}
