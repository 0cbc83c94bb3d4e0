// Sets of elements in a hash table: the distinct ones of an array in order of appearance, with what else is wanted of
// them, and membership. Elements of four or eight bytes; others are converted or sorted by whoever calls.

import { type DType, dtypes } from '../dtype/dtype.ts';
import { kernelOf } from '../kernel/compile.ts';
import {
  addCompact,
  addContains,
  addDistinct,
  type DistinctWants,
  type HashLane,
  keyBytes,
} from '../kernel/table/distinct.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { type ArrayBase, newArray, rawView, reinterpret, viewOf } from './array_base.ts';
import { copyInto } from './copy.ts';
import { SLICE } from './run.ts';

/** How a dtype is hashed; undefined where it must be converted first. */
export function hashLane(d: DType): HashLane | undefined {
  if (d.parts === 2 || d.half) return undefined;
  if (d.lane === 'f32' || d.lane === 'f64') return d.lane;
  return d.itemsize === 4 ? 'i32' : d.itemsize === 8 ? 'i64' : undefined;
}

/** Distinct elements in order of appearance. */
export interface Found {
  /** Of the array's dtype; equal elements are one (−0 is 0, NaN is one NaN). */
  readonly values: ArrayBase;
  /** For every element the number of its value, int32. */
  readonly inverse: ArrayBase | undefined;
  /** How often each value occurs, int32. */
  readonly counts: ArrayBase | undefined;
  /** Where each value occurs first, int32. */
  readonly first: ArrayBase | undefined;
}

/** A hash set that is asked for membership. */
export interface HashSet {
  readonly lane: HashLane;
  readonly slots: ArrayBase;
  readonly shift: number;
  readonly values: ArrayBase;
}

const addressOf = (a: ArrayBase): number => a.storage.ptr + a.offset;

/**
 * Slots of the tables in turn, as powers of two. The first is a sample, so that many distinct elements are noticed soon;
 * the next fit the first cache, the second, and what lies beyond.
 */
const FIRST = 9;
const GROWTH = 3;

interface Table {
  readonly slots: ArrayBase;
  readonly numbers: ArrayBase;
  readonly list: ArrayBase;
  readonly counts: ArrayBase;
  readonly first: ArrayBase;
  readonly shift: number;
  readonly limit: number;
}

const none = (): ArrayBase => newArray([0], dtypes.int32);

function table(lane: HashLane, log: number, wants: DistinctWants, before: Table | undefined, seen: number): Table {
  const bits = keyBytes[lane] === 4 ? dtypes.uint32 : dtypes.uint64;
  const size = 2 ** log;
  const limit = size / 2;
  const grown = (old: ArrayBase | undefined, d: DType): ArrayBase => {
    const made = newArray([limit], d);
    if (old !== undefined)
      copyInto(reinterpret(old, 0, [seen], old.strides), reinterpret(made, 0, [seen], made.strides));
    return made;
  };
  const { int32 } = dtypes;
  return {
    slots: newArray([size], bits),
    numbers: wants.numbers ? newArray([size], int32, true) : none(),
    list: grown(before?.list, bits),
    counts: wants.counts ? grown(before?.counts, int32) : none(),
    first: wants.first ? grown(before?.first, int32) : none(),
    shift: keyBytes[lane] * 8 - log,
    limit,
  };
}

// The first element's key, as the kernel makes it.
function firstKey(a: ArrayBase, lane: HashLane, list: ArrayBase): void {
  const bits = rawView(list);
  const x = rawView(a)[0];
  if (lane === 'f32' || lane === 'f64') {
    const value = Number(x) + 0;
    if (Number.isNaN(value))
      bits[0] = (lane === 'f32' ? 0x7fc00000 : 0x7ff8000000000000n) as never; // of its width
    else rawView(viewOf(list.storage, 0, [1], list.strides, a.dtype))[0] = value as never; // a float
  } else rawView(viewOf(list.storage, 0, [1], list.strides, a.dtype))[0] = x as never; // an element of the same dtype
}

/**
 * The distinct elements of a contiguous array of at least one element, in order of appearance. Undefined where there
 * are so many that a table does not pay: more than `most`, or than every other element.
 */
export function distinctByHash(
  a: ArrayBase,
  lane: HashLane,
  wanted: Omit<DistinctWants, 'numbers'>,
  most: number,
): Found | undefined {
  const made = enter(a, lane, { ...wanted, numbers: wanted.inverse || wanted.counts }, most, true);
  if (made === undefined) return undefined;
  const { table: t, seen, inverse } = made;
  const cut = (x: ArrayBase): ArrayBase => reinterpret(x, 0, [seen], x.strides);
  return {
    values: viewOf(t.list.storage, 0, [seen], t.list.strides, a.dtype),
    inverse,
    counts: wanted.counts ? cut(t.counts) : undefined,
    first: wanted.first ? cut(t.first) : undefined,
  };
}

/** The set of a contiguous array's elements, of which there is one at least. */
export function hashSet(a: ArrayBase, lane: HashLane): HashSet {
  const made = enter(a, lane, { numbers: false, inverse: false, counts: false, first: false }, a.size, false);
  if (made === undefined) throw new TypeError('a set without a bound on its size was not made');
  return { lane, slots: made.table.slots, shift: made.table.shift, values: made.table.list };
}

interface Entered {
  readonly table: Table;
  readonly seen: number;
  readonly inverse: ArrayBase | undefined;
}

function enter(
  a: ArrayBase,
  lane: HashLane,
  wants: DistinctWants,
  most: number,
  givesUp: boolean,
): Entered | undefined {
  const segment = primarySegment();
  const kernel = (w: DistinctWants) => {
    const flags = Object.values(w).map(Number).join('');
    return kernelOf(`distinct:${lane}:${flags}`, (module) => void addDistinct(module, lane, w)).at(segment);
  };
  const bytes = keyBytes[lane];
  const inverse = wants.inverse ? newArray([a.size], dtypes.int32) : undefined;
  const state = newArray([1], dtypes.int32);
  const count = rawView(state);
  let log = FIRST;
  let t = table(lane, log, wants, undefined, 0);
  firstKey(a, lane, t.list);
  count[0] = 1;
  if (wants.counts) rawView(t.counts)[0] = 0;
  if (wants.first) rawView(t.first)[0] = 0;
  const call = (w: DistinctWants, n: number, from: number, at: number): number => {
    const args = [n, from, addressOf(t.slots), t.shift, addressOf(t.list), t.limit, addressOf(state)];
    if (w.numbers) args.push(addressOf(t.numbers));
    if (w.inverse && inverse !== undefined) args.push(addressOf(inverse) + 4 * at);
    if (w.counts) args.push(addressOf(t.counts));
    if (w.first) args.push(addressOf(t.first), at);
    return kernel(w).run(...args);
  };
  const clear = (): void => copyInto(reinterpret(t.list, 0, [], []), t.slots);
  clear();
  for (let done = 0; done < a.size; ) {
    const n = Math.min(SLICE, a.size - done);
    const left = call(wants, n, addressOf(a) + done * bytes, done);
    done += n - left;
    if (left === 0) continue;
    const seen = Number(count[0]);
    if (givesUp && (seen >= most || seen * 2 > done)) return undefined;
    log += GROWTH;
    t = table(lane, log, wants, t, seen);
    clear();
    // The list itself is entered again: its values get the same numbers.
    count[0] = 1;
    const again = { numbers: wants.numbers, inverse: false, counts: false, first: false };
    for (let at = 0; at < seen; at += SLICE) call(again, Math.min(SLICE, seen - at), addressOf(t.list) + at * bytes, 0);
  }
  for (const x of [a, state, t.slots, t.list, t.numbers, t.counts, t.first]) keepAlive(x.storage);
  if (inverse !== undefined) keepAlive(inverse.storage);
  return { table: t, seen: Number(count[0]), inverse };
}

/** For every element of a contiguous array: is it in the set (or, inverted, not)? NaN is in no set. */
export function contains(set: HashSet, a: ArrayBase, invert: boolean): ArrayBase {
  const out = newArray(a.shape, dtypes.bool);
  const { lane, slots, shift, values } = set;
  const bytes = keyBytes[lane];
  const { run } = kernelOf(`contains:${lane}`, (module) => void addContains(module, lane)).at(primarySegment());
  for (let done = 0; done < a.size; done += SLICE) {
    run(
      Math.min(SLICE, a.size - done),
      addressOf(a) + done * bytes,
      addressOf(slots),
      shift,
      addressOf(values),
      addressOf(out) + done,
      Number(invert),
    );
  }
  for (const x of [a, slots, values, out]) keepAlive(x.storage);
  return out;
}

/**
 * Moves the distinct elements of a sorted row to its beginning; their number. `starts` (int32, as long as the row) takes
 * where each of them was.
 */
export function compact(a: ArrayBase, lane: HashLane, nanDiffers: boolean, starts?: ArrayBase): number {
  const bytes = keyBytes[lane];
  const key = `compact:${lane}:${nanDiffers}:${starts !== undefined}`;
  const kernel = kernelOf(key, (module) => void addCompact(module, lane, nanDiffers, starts !== undefined));
  const segment = primarySegment();
  if (segment.ghost) return a.size; // all may differ
  const { run } = kernel.at(segment);
  const start = addressOf(a);
  let to = start;
  for (let done = 0; done < a.size; done += SLICE) {
    const args = [Math.min(SLICE, a.size - done), start + done * bytes, to, done === 0 ? 0 : to - bytes];
    if (starts !== undefined) args.push(addressOf(starts) + ((to - start) / bytes) * 4, done);
    to = run(...args) >>> 0;
  }
  keepAlive(a.storage);
  if (starts !== undefined) keepAlive(starts.storage);
  return (to - start) / bytes;
}
