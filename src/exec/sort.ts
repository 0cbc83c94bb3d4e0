// Sorting of arrays along their last axis: dtypes, scratch, threads around the routines of kernel/sort. Entry points for
// others, all on C-contiguous heap arrays: `sortRows` (values, also in place), `orderRows` (positions, stable, int32),
// `applyRows` (elements at positions), `searchRow` (insertion points). Axes and options are array/sorting.ts's.

import { type DType, dtypes } from '../dtype/dtype.ts';
import { type Kernel, kernelOf } from '../kernel/compile.ts';
import { Keys } from '../kernel/sort/keys.ts';
import { addApplyRows, addOrderRows, orderScratch } from '../kernel/sort/order.ts';
import { Ordering } from '../kernel/sort/ordering.ts';
import { addSortRows, rowsScratch } from '../kernel/sort/rows.ts';
import { addOrderedSearch, addSearch, type SearchLane } from '../kernel/sort/search.ts';
import {
  addPartitionOrderRows,
  addPartitionRows,
  partitionOrderScratch,
  partitionScratch,
} from '../kernel/sort/select.ts';
import { keepAlive, primarySegment, scratch } from '../memory/allocate.ts';
import { type ArrayBase, newArray } from './array_base.ts';
import { SLICE } from './run.ts';
import { LONG, orderLong, sortLong } from './sort_long.ts';
import { piecesFor } from './threads/cut.ts';
import { pool } from './threads/pool.ts';

/** Elements from which threads pay: what takes about 100 µs alone. */
const SHARED_FROM = 2 ** 14;

/** Keys of a dtype's real parts. */
export const keysOf = (d: DType, descending = false): Keys => new Keys({ lane: d.lane, half: d.half, descending });
const orderingOf = (d: DType, descending: boolean): Ordering => new Ordering(keysOf(d, descending), d.parts === 2);

/** Elements along the last axis, and how many such rows there are. */
function rowsOf(a: ArrayBase): { rows: number; n: number } {
  const n = a.ndim === 0 ? 1 : a.shape[a.ndim - 1];
  return { rows: n === 0 ? 0 : a.size / n, n };
}
const addressOf = (a: ArrayBase): number => a.storage.ptr + a.offset;

/**
 * Runs a kernel `run(rows, n, place…, more…)` over rows, on every thread that helps; a last argument is the address of
 * `own` bytes of scratch, of each thread's, where that is not 0.
 */
function runRows(
  kernel: Kernel,
  { rows, n }: { rows: number; n: number },
  places: readonly { at: number; step: number }[],
  own: number,
  more: readonly number[] = [],
): void {
  if (rows === 0 || n === 0) return;
  const segment = primarySegment();
  const { run } = kernel.at(segment);
  const elements = rows * n;
  const threads = rows === 1 || elements < SHARED_FROM ? 1 : pool().threadsFor(segment, elements);
  let together = Math.max(1, Math.floor(SLICE / n));
  if (threads > 1) together = Math.min(together, Math.ceil(rows / piecesFor(threads)));
  const step = Math.ceil(own / 64) * 64;
  const mark = scratch.mark();
  try {
    const args = [0, n, ...places.map((p) => p.at), ...more];
    if (own > 0) args.push(scratch.take(segment, step * threads));
    const visit = (call: (args: readonly number[]) => void): void => {
      for (let row = 0; row < rows; row += together) {
        args[0] = Math.min(together, rows - row);
        for (let k = 0; k < places.length; k++) args[2 + k] = places[k].at + row * places[k].step;
        call(args);
      }
    };
    if (threads === 1) visit((a) => run(...a));
    else pool().job(kernel, segment, 'run', (job) => visit((a) => job.add(a)), own > 0 ? args.length - 1 : -1, step);
  } finally {
    scratch.release(mark);
  }
}

/** Sorts every row of `source` into `target`, of the same shape; they may be the same array. */
export function sortRows(source: ArrayBase, target: ArrayBase, descending = false): void {
  const d = source.dtype;
  if (d.parts === 2) {
    applyRows(source, orderRows(source, descending), target);
    return;
  }
  const shape = rowsOf(source);
  const keys = keysOf(d, descending);
  const step = shape.n * d.itemsize;
  if (shape.n > LONG) {
    for (let row = 0; row < shape.rows; row++) {
      sortLong(keys, shape.n, addressOf(source) + row * step, addressOf(target) + row * step);
    }
    keepAlive(source.storage);
    keepAlive(target.storage);
    return;
  }
  const kernel = kernelOf(`sort:${keys.name}`, (module) => addSortRows(module, keys));
  const places = [source, target].map((a) => ({ at: addressOf(a), step }));
  runRows(kernel, shape, places, rowsScratch(shape.n, keys));
  keepAlive(source.storage);
  keepAlive(target.storage);
}

/** For every row of `a` the positions that sort it; equal elements keep their order. */
export function orderRows(a: ArrayBase, descending = false): ArrayBase {
  const shape = rowsOf(a);
  const out = newArray(a.shape, dtypes.int32);
  const ordering = orderingOf(a.dtype, descending);
  if (shape.n > LONG) {
    for (let row = 0; row < shape.rows; row++) {
      orderLong(ordering, shape.n, addressOf(a) + row * shape.n * a.itemsize, addressOf(out) + row * shape.n * 4);
    }
    keepAlive(a.storage);
    return out;
  }
  const kernel = kernelOf(`order:${ordering.name}`, (module) => addOrderRows(module, ordering));
  const places = [
    { at: addressOf(a), step: shape.n * a.itemsize },
    { at: addressOf(out), step: 4 * shape.n },
  ];
  runRows(kernel, shape, places, orderScratch(shape.n));
  keepAlive(a.storage);
  return out;
}

/** Neighbouring positions as stretches: what lies between near ones is sorted along with them. */
function stretchesOf(kth: readonly number[], n: number): { first: number; last: number }[] {
  const out: { first: number; last: number }[] = [];
  for (const k of kth) {
    const previous = out[out.length - 1];
    if (previous !== undefined && k - previous.last <= n / 32) previous.last = k;
    else out.push({ first: k, last: k });
  }
  return out;
}

/**
 * Partitions every row of `source` into `target`, which may be the same array: the elements numbered `kth` (ascending) are
 * where sorting puts them, with no greater ones before and no smaller ones after.
 */
export function partitionRows(source: ArrayBase, target: ArrayBase, kth: readonly number[]): void {
  const { rows, n } = rowsOf(source);
  const stretches = stretchesOf(kth, n);
  const d = source.dtype;
  if (d.parts === 2 || n <= 1 || stretches.length > MOST_STRETCHES) {
    sortRows(source, target);
    return;
  }
  const keys = keysOf(d);
  const kernel = kernelOf(`partition:${keys.name}`, (module) => addPartitionRows(module, keys));
  const step = n * d.itemsize;
  if (stretches.length === 0 && source !== target) {
    primarySegment().copy(addressOf(target), addressOf(source), source.nbytes);
  }
  // Each stretch splits what is right of the one before.
  let done = 0;
  for (const { first, last } of stretches) {
    const places = [done === 0 ? source : target, target].map((a) => ({ at: addressOf(a) + done * d.itemsize, step }));
    const more = [first - done, last - done, step];
    runRows(kernel, { rows, n: n - done }, places, partitionScratch(n - done, keys), more);
    done = last + 1;
  }
  keepAlive(source.storage);
  keepAlive(target.storage);
}
/** More stretches than this are found by sorting. */
const MOST_STRETCHES = 8;

/** Positions that partition every row of `a`. */
export function partitionOrderRows(a: ArrayBase, kth: readonly number[]): ArrayBase {
  const { rows, n } = rowsOf(a);
  const stretches = stretchesOf(kth, n);
  if (stretches.length !== 1) return orderRows(a);
  const out = newArray(a.shape, dtypes.int32);
  const ordering = orderingOf(a.dtype, false);
  const kernel = kernelOf(`partition.order:${ordering.name}`, (module) => addPartitionOrderRows(module, ordering));
  const places = [
    { at: addressOf(a), step: n * a.itemsize },
    { at: addressOf(out), step: 4 * n },
  ];
  const [{ first, last }] = stretches;
  runRows(kernel, { rows, n }, places, partitionOrderScratch(n, a.itemsize), [first, last]);
  keepAlive(a.storage);
  return out;
}

/** Every row of `source` in the order of its positions; `target` may be `source`. */
export function applyRows(source: ArrayBase, positions: ArrayBase, target: ArrayBase): void {
  const shape = rowsOf(source);
  const { itemsize } = source.dtype;
  const kernel = kernelOf(`apply:${itemsize}`, (module) => addApplyRows(module, itemsize));
  const from = source === target ? newArray(source.shape, source.dtype) : source;
  const segment = primarySegment();
  if (from !== source) segment.copy(addressOf(from), addressOf(source), source.nbytes);
  const step = shape.n * itemsize;
  const places = [
    { at: addressOf(from), step },
    { at: addressOf(positions), step: 4 * shape.n },
    { at: addressOf(target), step },
  ];
  runRows(kernel, shape, places, 0);
  for (const a of [from, positions, target]) keepAlive(a.storage);
}

const searchLanes: Readonly<Partial<Record<DType['lane'], SearchLane>>> = {
  i32: 'i32',
  u32: 'u32',
  i64: 'i64',
  u64: 'u64',
  f32: 'f32',
  f64: 'f64',
};

/** The dtype that elements of `d` are searched in: wide enough for a lane of its own. */
export function searchedAs(d: DType): DType {
  if (d.half) return dtypes.float32;
  return d.itemsize < 4 ? dtypes.int32 : d;
}

/** Insertion points (int32) of keys into a sorted row; both of one dtype that `searchedAs` gives. */
export function searchRow(sorted: ArrayBase, keys: ArrayBase, right: boolean): ArrayBase {
  const d = keys.dtype;
  const out = newArray(keys.shape, dtypes.int32);
  const lane = d.parts === 2 ? undefined : searchLanes[d.lane];
  const kernel = kernelOf(`search:${d.char}:${right ? 'right' : 'left'}`, (module) => {
    if (lane === undefined) addOrderedSearch(module, orderingOf(d, false), right);
    else addSearch(module, lane, right);
  });
  const segment = primarySegment();
  const { run } = kernel.at(segment);
  const rest = [addressOf(sorted), sorted.size];
  const cost = Math.max(1, Math.log2(sorted.size + 1));
  const n = keys.size;
  const threads = n * cost < 4 * SHARED_FROM ? 1 : pool().threadsFor(segment, n);
  const length = threads === 1 ? SLICE : Math.min(SLICE, Math.ceil(n / piecesFor(threads) / 64) * 64);
  const visit = (call: (args: readonly number[]) => void): void => {
    for (let done = 0; done < n; done += length) {
      call([Math.min(length, n - done), addressOf(keys) + done * d.itemsize, addressOf(out) + 4 * done, ...rest]);
    }
  };
  if (threads === 1) visit((args) => run(...args));
  else pool().job(kernel, segment, 'run', (job) => visit((args) => job.add(args)));
  for (const a of [sorted, keys]) keepAlive(a.storage);
  return out;
}
