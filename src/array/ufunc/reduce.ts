// `reduce` and `accumulate` of a ufunc of two operands. Rows whose order is free go the way of all reductions; the others
// are folded from left to right, which is a running reduction that keeps its last state.

import { ArgumentError, AxisError } from '../../base/errors.ts';
import { inCategory } from '../../dtype/category.ts';
import type { DType, DTypeLike } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { ArrayBase, newArray, reinterpret } from '../../exec/array_base.ts';
import { checkOut, isTrue, refuseElements } from '../../exec/call.ts';
import type { ArrayLike } from '../../exec/coerce.ts';
import { copyInto, heapCopy } from '../../exec/copy.ts';
import { clashes } from '../../exec/execute.ts';
import type { Reducer } from '../../exec/monoid.ts';
import { Options } from '../../exec/options.ts';
import { scanInto, scanStates } from '../../exec/scan.ts';
import type { Ufunc } from '../../exec/ufunc.ts';
import { broadcastStrides } from '../../shape/broadcast.ts';
import { splitAxes } from '../../shape/reduction.ts';
import { normalizeAxes, normalizeAxis } from '../../shape/strides.ts';
import { reducerFor } from '../masked_reducer.ts';
import { type NDArray, nd } from '../ndarray.ts';
import { type Reduction, reductionOf } from '../reduce_functions.ts';
import {
  type Axis,
  arrayOf,
  callReduction,
  deliver,
  maskOf,
  type ReduceOptions,
  reduceOptionNames,
  reduceOptions,
  requireSome,
  residentArray,
  workingDType,
} from '../reductions.ts';

export interface AccumulateOptions {
  readonly axis?: number;
  /** Dtype to accumulate in, and of the result. */
  readonly dtype?: DTypeLike;
  readonly out?: ArrayBase;
}

export const accumulateOptions = new Options('axis', 'dtype', 'out');

/** Refuses ufuncs that have no methods of two operands. */
export function requireBinary(ufunc: Ufunc, method: string): void {
  if (ufunc.nin === 2 && ufunc.nout === 1 && ufunc.row.fixed === undefined) return;
  const why =
    ufunc.nin !== 2
      ? `takes ${ufunc.nin} operand${ufunc.nin === 1 ? '' : 's'}`
      : ufunc.nout !== 1
        ? `has ${ufunc.nout} results`
        : 'takes operands of two kinds';
  throw new ArgumentError(
    `np.${ufunc.name}.${method}: np.${ufunc.name} ${why}`,
    'use a ufunc of two operands of one kind with one result, such as np.add',
    { op: ufunc.name, method },
  );
}

/** How elements of a dtype are folded: in what dtype, by which reducer, to which result. */
export interface Folding {
  readonly working: DType;
  readonly result: DType;
  readonly reducer: Reducer;
}

/** The folding of a ufunc for elements of `given`, accumulated in the dtype asked for, if any. */
export function foldingOf(ufunc: Ufunc, given: DType, asked: DTypeLike | undefined, method: string): Folding {
  const row = ufunc.reduction;
  const working = workingDType(`${ufunc.name}.${method}`, row, given, asked);
  const { monoid, result } = row.of(working);
  return { working, result, reducer: reducerFor(`${monoid.name}:${working.char}`, monoid, false) };
}

/** Looks for elements that the row refuses as second operand: all but the first along the axis. */
export function refuseLater(ufunc: Ufunc, a: ArrayBase, axis: number, working: DType, all = false): void {
  const { refuses } = ufunc.row;
  if (refuses === undefined || !inCategory(working, refuses.on) || a.shape[axis] === 0) return;
  if (all) {
    refuseElements(ufunc.name, refuses, a, undefined);
    return;
  }
  const shape = a.shape.map((n, d) => (d === axis ? n - 1 : n));
  refuseElements(ufunc.name, refuses, reinterpret(a, a.offset + a.strides[axis], shape, a.strides), undefined);
}

// The axes of a reduction: the first one where none is named; none of an array without dimensions.
function axesOf(ufunc: Ufunc, axis: Axis | undefined, ndim: number, where: string): number[] {
  if (ndim === 0 && (axis === undefined || axis === 0 || axis === -1)) return [];
  const axes = normalizeAxes(axis === undefined ? 0 : axis, ndim, where);
  if (axes.length > 1 && ufunc.row.folds === undefined) {
    throw new AxisError(
      `${where}: the order of the elements matters, so there is one axis at most`,
      'reduce one axis after the other, or flatten with ravel',
      { axes },
    );
  }
  return axes;
}

const functions = new WeakMap<Ufunc, Reduction>();

// The reduction that the row is, as a function of its own name with its short paths.
function functionFor(ufunc: Ufunc, name: string): Reduction {
  const made = functions.get(ufunc) ?? reductionOf(name, ufunc.reduction);
  functions.set(ufunc, made);
  return made;
}

/** `ufunc.reduce`: folds along the first axis, those named, or all for null. */
export function reduce(
  ufunc: Ufunc,
  x: ArrayLike,
  axis?: Axis | ReduceOptions,
  options?: ReduceOptions,
): NDArray | Scalar {
  const name = `${ufunc.name}.reduce`;
  requireBinary(ufunc, 'reduce');
  if (options === undefined && (axis === undefined || typeof axis === 'number')) {
    if (typeof ufunc.row.folds === 'string' && x instanceof ArrayBase && x.ndim > 0) {
      const reduced = functionFor(ufunc, name);
      return axis === undefined && x.ndim === 1 ? reduced(x) : reduced(x, axis ?? 0);
    }
  }
  const asked = reduceOptions(axis, options, reduceOptionNames, `np.${name}`);
  const given = ufunc.row.truth && asked.initial !== undefined ? { ...asked, initial: isTrue(asked.initial) } : asked;
  const a = residentArray(x, `np.${name}`);
  const axes = axesOf(ufunc, given.axis, a.ndim, `np.${name}`);
  // One element is left of an array of one dimension: a scalar, unless the axis was named.
  const whole = given.axis === null || (given.axis === undefined && a.ndim <= 1);
  const { folds, identity } = ufunc.row;
  if (folds === undefined) return foldLeft(ufunc, a, axes, { ...given, axis: whole ? null : axes }, name);
  const settled = whole && axes.length === a.ndim ? { ...given, axis: null } : { ...given, axis: axes };
  if (typeof folds === 'string' || identity === undefined || given.initial !== undefined) {
    return callReduction(name, ufunc.reduction, a, settled);
  }
  // A fold starts from the identity: the greatest common divisor of -4 alone is 4.
  const initial = folds(workingDType(name, ufunc.reduction, a.dtype, given.dtype));
  return callReduction(name, ufunc.reduction, a, { ...settled, initial });
}

function foldLeft(ufunc: Ufunc, a: ArrayBase, axes: readonly number[], options: ReduceOptions, name: string) {
  const where = `np.${name}`;
  const { initial, out } = options;
  const mask = maskOf(options.where, a.shape, where);
  const { reducer, result, working } = foldingOf(ufunc, a.dtype, options.dtype, 'reduce');
  if (initial === undefined && ufunc.row.identity === undefined) requireSome(name, a.shape, axes, mask !== undefined);
  if (out !== undefined && clashes(a, out)) return foldLeft(ufunc, heapCopy(a), axes, options, name);
  const start =
    initial ?? (mask !== undefined || (axes.length === 1 && a.shape[axes[0]] === 0) ? ufunc.row.identity : undefined);
  const { keptShape } = splitAxes(a.shape, axes);
  const states =
    start === undefined ? newArray(keptShape, reducer.monoid.state) : arrayOf(start, reducer, keptShape, where);
  // Without an axis every element is a fold of its own, along an axis of length one.
  const axis = axes.length === 0 ? 0 : axes[0];
  const widened = (x: ArrayBase, stride: number, n: number): ArrayBase =>
    reinterpret(x, x.offset, insert(x.shape, axis, n), insert(x.strides, axis, stride));
  const from = axes.length === 0 ? widened(a, 0, 1) : a;
  refuseLater(ufunc, from, axis, working, start !== undefined);
  const broad = mask && reinterpret(mask, mask.offset, a.shape, broadcastStrides(mask.shape, mask.strides, a.shape));
  const chosen = broad && (axes.length === 0 ? widened(broad, 0, 1) : broad);
  const to = widened(states, 0, from.shape[axis]);
  scanInto(reducer, from, axis, to, { started: start !== undefined, ...(chosen !== undefined && { mask: chosen }) });
  return deliver(result === states.dtype ? states : heapCopy(states, result), a.shape, axes, options, name);
}

const insert = (list: readonly number[], at: number, x: number): number[] => [
  ...list.slice(0, at),
  x,
  ...list.slice(at),
];

/** `ufunc.accumulate`: the results of folding ever more elements along an axis, the first where none is named. */
export function accumulate(
  ufunc: Ufunc,
  x: ArrayLike,
  axis?: number | AccumulateOptions,
  options?: AccumulateOptions,
): NDArray {
  const name = `${ufunc.name}.accumulate`;
  requireBinary(ufunc, 'accumulate');
  const given = reduceOptions(axis, options, accumulateOptions, `np.${name}`);
  const a = residentArray(x, `np.${name}`);
  const along = normalizeAxis(given.axis ?? 0, a.ndim, `np.${name}`);
  const { reducer, result, working } = foldingOf(ufunc, a.dtype, given.dtype, 'accumulate');
  const { out } = given;
  if (out !== undefined) checkOut(name, out, a.shape, result, 'same_kind');
  refuseLater(ufunc, a, along, working);
  const states = scanStates(reducer, a, along);
  return into(result === states.dtype ? states : heapCopy(states, result), out);
}

/** The result itself, or written to `out`. */
export function into(result: ArrayBase, out: ArrayBase | undefined): NDArray {
  if (out === undefined) return nd(result);
  copyInto(result, out);
  return nd(out);
}
