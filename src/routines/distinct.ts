// The distinct elements of a row in ascending order, with what else is wanted of them. Three ways: a table indexed by the
// element, for integers in a small range; a hash table, where few are distinct; sorting, which always works. The choice
// does not show in the result.

import { type NDArray, nd } from '../array/ndarray.ts';
import { flatnonzero } from '../array/nonzero.ts';
import { arange } from '../array/ranges.ts';
import { cumsum } from '../array/running.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { type ArrayBase, newArray, rawView, reinterpret } from '../exec/array_base.ts';
import { readAt } from '../exec/coerce.ts';
import { contiguousIn, heapCopy } from '../exec/copy.ts';
import { evaluate, loopOf } from '../exec/formula.ts';
import { compact, distinctByHash, hashLane } from '../exec/hash_set.ts';
import { marks, tally } from '../exec/histogram.ts';
import { reducerOf } from '../exec/monoid.ts';
import { reduceStates } from '../exec/reduce.ts';
import { applyRows, orderRows, sortRows } from '../exec/sort.ts';
import { Expr, type ExprValue } from '../kernel/builder.ts';
import { estimating, ifKnown } from '../memory/allocate.ts';
import { same, sameOrNaN } from '../ops/elementwise/closeness.ts';
import { countingNumbers } from '../ops/reduce/nan.ts';
import { reductions } from '../ops/reduce/rows.ts';

/** What is wanted beside the values. */
export interface Wants {
  readonly index: boolean;
  readonly inverse: boolean;
  readonly counts: boolean;
}

/** Distinct elements, ascending; what was not wanted is undefined. */
export interface Distinct {
  readonly values: NDArray;
  /** Where each occurs first, int32. */
  readonly index?: NDArray | undefined;
  /** For every element the number of its value, int32. */
  readonly inverse?: NDArray | undefined;
  /** How often each occurs, int64. */
  readonly counts?: NDArray | undefined;
}

const { int32, int64, float32, bool } = dtypes;

/** Most values of a hash table: beyond, its cache misses cost more than sorting. */
const HASHED = 2 ** 17;

/** A dtype with a 4- or 8-byte machine type that holds all elements; complex stays. */
function wideEnough(d: DType): DType {
  if (d.half) return float32;
  return d.itemsize < 4 ? int32 : d;
}

/** The distinct elements of a row; NaN is one value where `equalNaN`, else every NaN is one of its own. */
export function distinct(given: ArrayBase, wants: Wants, equalNaN: boolean): Distinct {
  const n = given.size;
  if (n === 0) {
    const empty = (d: DType): NDArray => nd(newArray([0], d));
    return { values: empty(given.dtype), index: empty(int32), inverse: empty(int32), counts: empty(int64) };
  }
  const small = byTable(given, wants);
  if (small !== undefined) return small;
  const a = contiguousIn(given, wideEnough(given.dtype));
  const found = byHash(a, wants, equalNaN) ?? bySorting(a, wants, equalNaN);
  const { dtype } = given;
  return a.dtype === dtype ? found : { ...found, values: nd(heapCopy(found.values, dtype)) };
}

const isInteger = (d: DType): boolean => d.kind === 'b' || d.kind === 'i' || d.kind === 'u';

/** Least and greatest element of integers or bools. */
export function integerRange(a: ArrayBase): [bigint, bigint] {
  const axes = a.shape.map((_, d) => d);
  const extreme = (name: 'min' | 'max'): bigint => {
    const reducer = reducerOf(`${name}:${a.dtype.char}`, () => reductions[name].of(a.dtype).monoid);
    const state = reduceStates(reducer, [a], a.shape, axes);
    return BigInt(readAt(state, state.offset) as number | bigint); // of integers
  };
  // While only memory is counted: a range for which a table just pays.
  return ifKnown(
    [a.storage],
    () => [extreme('min'), extreme('max')],
    () => [0n, BigInt(Math.max(1024, 4 * a.size)) - 1n],
  );
}

/** A bigint as a 0-d int64 array (modulo 2^64), which joins integers without checks. */
export function int64Scalar(x: bigint): ArrayBase {
  const out = newArray([], int64);
  (rawView(out) as BigInt64Array)[0] = BigInt.asIntN(64, x); // by dtype
  return out;
}

const real = (v: ExprValue): Expr => {
  if (v instanceof Expr) return v;
  throw new TypeError('integers are real');
};

/** Integers less a number, as places in a table. */
export function placesIn(a: ArrayBase, least: bigint): NDArray {
  const loop = loopOf('places', [int64, int64], int32, ([x, low]) => real(x).sub(real(low)).to('i32'));
  return nd(evaluate(loop, [a, int64Scalar(least)], a.shape));
}

function byTable(a: ArrayBase, wants: Wants): Distinct | undefined {
  if (!isInteger(a.dtype)) return undefined;
  const [low, high] = integerRange(a);
  if (high - low >= BigInt(Math.max(1024, 4 * a.size))) return undefined;
  const size = Number(high - low) + 1;
  const all = wants.counts ? tally(a, size, undefined, low) : undefined;
  const present = all === undefined ? marks(a, size, low) : heapCopy(all, bool);
  const found = flatnonzero(present);
  const back = loopOf('values', [int64, int64], int64, ([x, least]) => real(x).add(real(least)));
  const values = evaluate(back, [found, int64Scalar(low)], found.shape);
  const places = wants.index || wants.inverse ? placesIn(a, low) : undefined;
  let index: NDArray | undefined;
  let inverse: NDArray | undefined;
  if (places !== undefined && wants.index) {
    const first = nd(newArray([size], int32));
    first.set([places.get('::-1')], arange(a.size - 1, -1, -1, { dtype: int32 })); // the last written stays
    index = first.get(found);
  }
  if (places !== undefined && wants.inverse) inverse = cumsum(present, { dtype: int32 }).subtract(1).get(places);
  return { values: nd(heapCopy(values, a.dtype)), index, inverse, counts: all && nd(all).get(found) };
}

function hasNaN(a: ArrayBase): boolean {
  if (a.dtype.kind !== 'f' && a.dtype.kind !== 'c') return false;
  const reducer = reducerOf(`count.numbers:${a.dtype.char}`, () => countingNumbers(a.dtype));
  return readAt(reduceStates(reducer, [a], [a.size], [0]), 0) !== a.size;
}

function byHash(a: ArrayBase, wants: Wants, equalNaN: boolean): Distinct | undefined {
  const lane = hashLane(a.dtype);
  if (lane === undefined || estimating() || (!equalNaN && hasNaN(a))) return undefined; // the way that takes more is counted
  const wanted = { inverse: wants.inverse, counts: wants.counts, first: wants.index };
  const found = distinctByHash(a, lane, wanted, HASHED);
  if (found === undefined) return undefined;
  const { values } = found;
  if (!wants.index && !wants.inverse && !wants.counts) {
    const sorted = newArray(values.shape, values.dtype); // the list it was found in is longer
    sortRows(values, sorted);
    return { values: nd(sorted) };
  }
  const order = nd(orderRows(values));
  const rank = nd(newArray([values.size], int32));
  rank.set([order], arange(values.size, { dtype: int32 }));
  return {
    values: nd(values).get(order),
    index: found.first && nd(found.first).get(order),
    inverse: found.inverse && rank.get(nd(found.inverse)),
    counts: found.counts && nd(found.counts).get(order).astype(int64),
  };
}

function bySorting(a: ArrayBase, wants: Wants, equalNaN: boolean): Distinct {
  const n = a.size;
  const sorted = newArray([n], a.dtype);
  const lane = hashLane(a.dtype);
  if (lane !== undefined && !wants.index && !wants.inverse) {
    sortRows(a, sorted);
    const starts = wants.counts ? newArray([n], int32) : undefined;
    const k = compact(sorted, lane, !equalNaN, starts);
    const values = reinterpret(sorted, 0, [k], sorted.strides);
    const counts = starts && lengths(reinterpret(starts, 0, [k], starts.strides), n);
    return { values: nd(k * 2 < n ? heapCopy(values) : values), counts };
  }
  const order = orderRows(a);
  applyRows(a, order, sorted);
  const starts = nd(newArray([n], bool, true));
  starts.set(0, true);
  const part = (from: number): ArrayBase => reinterpret(sorted, from * sorted.itemsize, [n - 1], sorted.strides);
  const equal = equalNaN ? sameOrNaN : same;
  const differs = loopOf(`differs.${equalNaN}`, [a.dtype, a.dtype], bool, ([x, y]) => equal(x, y).not());
  if (n > 1) evaluate(differs, [part(1), part(0)], [n - 1], starts.get('1:'));
  const found = flatnonzero(starts);
  let inverse: NDArray | undefined;
  if (wants.inverse) {
    inverse = nd(newArray([n], int32));
    inverse.set([nd(order)], cumsum(starts, { dtype: int32 }).subtract(1));
  }
  const counts = wants.counts ? lengths(found, n) : undefined;
  return { values: nd(sorted).get(found), index: nd(order).get(found), inverse, counts };
}

// From where runs begin to how long they are, the last one up to n.
function lengths(starts: ArrayBase, n: number): NDArray {
  const ends = nd(newArray([starts.size + 1], int64));
  ends.set(':-1', nd(starts));
  ends.set(-1, n);
  return ends.get('1:').subtract(ends.get(':-1'));
}
