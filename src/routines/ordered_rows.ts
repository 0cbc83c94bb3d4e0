// Rows of numbers put in order as far as some positions need it: the one copy that medians and quantiles make.

import { type NDArray, nd } from '../array/ndarray.ts';
import { type Axis, residentArray } from '../array/reductions.ts';
import { type ArrayBase, newArray, reinterpret } from '../exec/array_base.ts';
import { type ArrayLike, readAt } from '../exec/coerce.ts';
import { copyInto } from '../exec/copy.ts';
import { reducerOf } from '../exec/monoid.ts';
import { reduceStates } from '../exec/reduce.ts';
import { partitionRows, sortRows } from '../exec/sort.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { isFloating } from '../ops/reduce/define.ts';
import { countingNumbers } from '../ops/reduce/nan.ts';
import { permute } from '../shape/permute.ts';
import { type SplitAxes, splitAxes } from '../shape/reduction.ts';
import { contiguousStrides, normalizeAxes, sizeOf } from '../shape/strides.ts';
import { bracketed, LONG } from './bracket.ts';

/** An array as rows: one per result, the elements reduced over in each. */
export interface Rows {
  readonly source: ArrayBase;
  /** The dimensions of the source: those kept, then those reduced over. */
  readonly view: ArrayBase;
  readonly split: SplitAxes;
  readonly rows: number;
  /** Elements per row. */
  readonly n: number;
  /** The source's own memory may be reordered. */
  readonly overwrite: boolean;
}

export function asRows(x: ArrayLike, axis: Axis | undefined, overwrite: boolean, where: string): Rows {
  const source = residentArray(x, where);
  const split = splitAxes(source.shape, normalizeAxes(axis, source.ndim, where), where);
  const order = [...split.kept, ...split.reduced];
  const view = reinterpret(source, source.offset, permute(source.shape, order), permute(source.strides, order));
  return { source, view, split, rows: sizeOf(split.keptShape), n: sizeOf(split.reducedShape), overwrite };
}

/** More positions than this, and sorting is the shorter way. */
const MOST = 32;

/** The rows, [rows, n], in order at these positions (all where there are many, or none are named). */
export function ordered({ view, rows, n, overwrite }: Rows, positions?: readonly number[]): ArrayBase {
  const shape = [rows, n];
  const strides = [n * view.itemsize, view.itemsize];
  const flat = (a: ArrayBase): ArrayBase => reinterpret(a, a.offset, shape, strides);
  const target = view.contiguous && overwrite ? flat(view) : newArray(shape, view.dtype);
  if (target.size === 0) return target;
  if (!view.contiguous)
    copyInto(view, reinterpret(target, 0, view.shape, contiguousStrides(view.shape, view.itemsize)));
  const from = view.contiguous && !overwrite ? flat(view) : target;
  const wanted = [...new Set(positions ?? [])].sort((a, b) => a - b);
  if (wanted.length === 0 || wanted.length > MOST) sortRows(from, target);
  else partitionRows(from, target, wanted);
  return target;
}

/**
 * The elements of a single row at positions of its order (ascending), one after another; `numbers` of its elements are not
 * NaN. A long row is not copied where the positions are few.
 */
export function elementsAt(rows: Rows, numbers: number, positions: readonly number[]): ArrayBase {
  const { view, n } = rows;
  const out = newArray([positions.length], view.dtype);
  const take = (from: ArrayBase, place: number, k: number): void => {
    const item = out.itemsize;
    primarySegment().copy(addressOf(out) + k * item, addressOf(from) + place * item, item);
  };
  const whole = (): ArrayBase => {
    const all = ordered(rows, positions);
    positions.forEach((p, k) => {
      take(all, p, k);
    });
    return out;
  };
  const { kind, parts } = view.dtype;
  if (n < LONG || !view.contiguous || rows.overwrite || parts === 2 || kind === 'b') return whole();
  const row = reinterpret(view, view.offset, [n], [view.itemsize]);
  const wanted = [...new Set(positions)].sort((a, b) => a - b);
  const groups = wanted.filter((p, i) => i === 0 || p > wanted[i - 1] + 1); // neighbours are found together
  if (groups.length > FEW_GROUPS || numbers === 0) return whole();
  for (const first of groups) {
    const last = wanted.includes(first + 1) ? first + 1 : first;
    if (last >= numbers) return whole();
    const found = bracketed(row, numbers, first, last);
    if (found === undefined) return whole();
    positions.forEach((p, k) => {
      if (p === first || p === last) take(found.elements, p - found.start, k);
    });
  }
  keepAlive(out.storage);
  return out;
}

/** Each takes three passes over the row. */
const FEW_GROUPS = 4;

const addressOf = (a: ArrayBase): number => a.storage.ptr + a.offset;

function countNumbers({ source, split }: Rows): ArrayBase {
  const reducer = reducerOf(`count.numbers:${source.dtype.char}`, () => countingNumbers(source.dtype));
  return reduceStates(reducer, [source], source.shape, split.reduced);
}

/** How many elements of a single row are not NaN. */
export function numbersInAll(rows: Rows): number {
  if (!isFloating(rows.source.dtype)) return rows.n;
  const counts = countNumbers(rows);
  return Number(readAt(counts, counts.offset));
}

/** How many elements of each row are not NaN, as float64 [rows, 1]; undefined where all are. */
export function numbersPerRow(rows: Rows): NDArray | undefined {
  if (!isFloating(rows.source.dtype) || rows.n === 0) return undefined;
  const counts = nd(countNumbers(rows)).reshape(rows.rows, 1);
  return counts.equal(rows.n).all() ? undefined : counts.astype('float64');
}
