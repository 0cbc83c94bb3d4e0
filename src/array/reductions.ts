// Reductions as users call them: axis, keepdims, dtype, out, where, initial settled once for every row. A reduction over
// all axes gives a JS scalar; with an axis, keepdims or out, an array. Positions and running sums are beside it
// (positions.ts, running.ts), mean and variance in statistics.ts.

import { ArgumentError, CastError, DTypeError, ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../dtype/dtype.ts';
import { canCast } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, newArray, reinterpret, requireUsable } from '../exec/array_base.ts';
import { checkOut, clashes, execute, scalarParams } from '../exec/call.ts';
import { castCopy, castInto } from '../exec/cast.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { arrayFrom, readAt, toArray } from '../exec/coerce.ts';
import { copyInto, heapCopy, isResident } from '../exec/copy.ts';
import { Deferred } from '../exec/deferred.ts';
import { isKnown, known } from '../exec/known.ts';
import type { Reducer } from '../exec/monoid.ts';
import { Options } from '../exec/options.ts';
import { reduceStates } from '../exec/reduce.ts';
import { explained } from '../exec/refused.ts';
import { atHome, liesElsewhere } from '../exec/tiles.ts';
import { timed } from '../exec/timed.ts';
import type { ReduceRow } from '../ops/reduce/define.ts';
import { broadcastShapes } from '../shape/broadcast.ts';
import { splitAxes } from '../shape/reduction.ts';
import { contiguousStrides, formatShape, normalizeAxes, sameShape } from '../shape/strides.ts';
import { reducerFor } from './masked_reducer.ts';
import type { NDArray } from './ndarray.ts';
import { reductionFaults } from './reduce_faults.ts';
import type { Axis } from './reduce_types.ts';

export type { Axis, Reducing } from './reduce_types.ts';

export interface ReduceOptions {
  /** Axes to reduce; all by default. */
  readonly axis?: Axis;
  /** Keep reduced axes with length 1. */
  readonly keepdims?: boolean;
  /** Dtype to accumulate in, and of the result. */
  readonly dtype?: DTypeLike;
  readonly out?: ArrayBase;
  /** Elements to take part. */
  readonly where?: ArrayLike;
  /** A further term. */
  readonly initial?: Scalar;
}

export const reduceOptionNames = new Options('axis', 'keepdims', 'dtype', 'out', 'where', 'initial');

/** `f(a, 0)`, `f(a, [0, 1])`, `f(a, { axis })`, `f(a, 0, { keepdims })` → options. */
export function reduceOptions<O extends { readonly axis?: Axis }>(
  axis: Axis | O | undefined,
  options: O | undefined,
  known: Options,
  where: string,
): O {
  known.check(options, where);
  if (axis === undefined || axis === null || typeof axis === 'number' || isAxisList(axis)) {
    return { ...(options as O), ...(axis !== undefined && { axis }) }; // an absent options object is empty
  }
  known.check(axis, where);
  if (options === undefined) return axis;
  throw new ArgumentError(`${where}: options are given twice`, 'pass an axis and options, or options alone', { where });
}
const isAxisList = (x: unknown): x is readonly number[] => Array.isArray(x);

/** An expression where an array is declared: what it is made of takes it as one. */
export const standingIn = (x: Deferred): NDArray => x as unknown as NDArray; // see exec/deferred.ts

/** The array, wherever it lies: what `reduceStates` reads tile by tile. */
export function usableArray(x: ArrayLike, where: string): ArrayBase {
  const a = toArray(x, where);
  requireUsable(a, where);
  return a;
}

/** The array with its bytes in the heap. */
export function residentArray(x: ArrayLike, where: string): ArrayBase {
  const a = usableArray(x, where);
  return isResident(a) ? a : heapCopy(a);
}

/** The mask of a reduction, bool and no larger than the array; undefined where all take part. */
export function maskOf(given: ArrayLike | undefined, shape: readonly number[], where: string): ArrayBase | undefined {
  if (given === undefined || given === true) return undefined;
  const mask = residentArray(given, `${where} where`);
  requireMask(mask, shape, where);
  return mask;
}

/** @throws DTypeError for a mask that is not bool, ShapeError for one that is larger than what it masks. */
export function requireMask(mask: Pick<ArrayBase, 'dtype' | 'shape'>, shape: readonly number[], where: string): void {
  if (mask.dtype !== dtypes.bool) {
    throw new DTypeError(`${where}: where must be bool, not ${mask.dtype.name}`, "compare it, or use astype('bool')", {
      where,
      dtype: mask.dtype.name,
    });
  }
  if (!sameShape(broadcastShapes([shape, mask.shape], where), shape)) {
    throw new ShapeError(
      `${where}: where of shape ${formatShape(mask.shape)} is larger than the array of shape ${formatShape(shape)}`,
      'pass a where that broadcasts to the array',
      { where: mask.shape, shape },
    );
  }
}

/** Result of a reduction with its axes settled: the array of kept shape, or its keepdims form, or a scalar. */
export function deliver(
  result: ArrayBase,
  shape: readonly number[],
  axes: readonly number[],
  options: ReduceOptions,
  name: string,
): NDArray | Scalar {
  const { keepdimsShape } = splitAxes(shape, axes);
  const shaped =
    options.keepdims === true
      ? reinterpret(result, result.offset, keepdimsShape, contiguousStrides(keepdimsShape, result.dtype.itemsize))
      : result;
  if (options.out !== undefined) {
    checkOut(name, options.out, shaped.shape, result.dtype, 'same_kind');
    castInto(shaped, options.out, true);
    return options.out as NDArray; // the user's own array
  }
  if (options.keepdims === true || (options.axis !== undefined && options.axis !== null)) return shaped as NDArray; // exec/ makes NDArrays
  return readAt(result, result.offset, 'number');
}

/** Calls a reduction row. */
export function callReduction(name: string, row: ReduceRow, x: ArrayLike, options: ReduceOptions): NDArray | Scalar {
  if (events.timing) return timed(name, callReduction, name, row, x, options);
  try {
    return reduced(name, row, x, options);
  } catch (error) {
    throw explained(error, name, [x, options.where]);
  }
}

function reduced(name: string, row: ReduceRow, x: ArrayLike, options: ReduceOptions): NDArray | Scalar {
  if (x instanceof Deferred) return standingIn(x.reduced(name, row, options));
  if (liesElsewhere(x)) return atHome([x], () => callReduction(name, row, x, options));
  if (isKnown([x, options.where, options.out])) return known(() => callReduction(name, row, x, options));
  const where = `np.${name}`;
  const a = usableArray(x, where);
  const mask = maskOf(options.where, a.shape, where);
  const { shape } = a;
  const axes = normalizeAxes(options.axis, a.ndim, where);
  const working = workingDType(name, row, a.dtype, options.dtype);
  const { monoid, result } = row.of(working);
  const reducer = reducerFor(`${monoid.name}:${working.char}`, monoid, mask !== undefined);
  const { keptShape } = splitAxes(shape, axes);
  const needsIdentity = row.empty === undefined;
  if (needsIdentity && options.initial === undefined) requireSome(name, shape, axes, mask !== undefined);
  if (options.out !== undefined && clashes(a, options.out)) return callReduction(name, row, heapCopy(a), options);
  const count = axes.reduce((n, d) => n * shape[d], 1);
  let states: ArrayBase;
  if (count === 0) states = filledStates(reducer, keptShape, row.empty ?? 0);
  else states = reduceStates(reducer, mask === undefined ? [a] : [a, mask], shape, axes);
  if (row.faults !== undefined && count > 0) {
    reductionFaults({ op: name, row, working, operands: mask === undefined ? [a] : [a, mask], shape, axes, states });
  }
  if (options.initial !== undefined) {
    const params = scalarParams(options.initial, reducer.monoid.state, where);
    if (count === 0) states = arrayOf(options.initial, reducer, keptShape, where);
    else execute(reducer.join, [states, undefined], undefined, [states], keptShape, params);
  }
  const finished = result === states.dtype ? states : castCopy(states, result);
  return deliver(finished, shape, axes, options, name);
}

/** States that are all one scalar. */
export function arrayOf(x: Scalar, reducer: Reducer, shape: readonly number[], where: string): ArrayBase {
  const out = newArray(shape, reducer.monoid.state);
  copyInto(arrayFrom(x, reducer.monoid.state, where), out);
  return out;
}

function filledStates(reducer: Reducer, shape: readonly number[], value: number | boolean): ArrayBase {
  const out = newArray(shape, reducer.monoid.state, true);
  if (value) copyInto(arrayFrom(Number(value), reducer.monoid.state, 'reduction'), out);
  return out;
}

/** The dtype that elements of `given` are accumulated in. */
export function workingDType(name: string, row: ReduceRow, given: DType, asked: DTypeLike | undefined): DType {
  const d = asked === undefined ? (row.accumulate?.(given) ?? given) : asDType(asked);
  if (asked !== undefined && !canCast(given, d, 'same_kind')) {
    throw new CastError(
      `np.${name}: cannot accumulate ${given.name} in ${d.name} with casting 'same_kind'`,
      `convert first with astype('${d.name}')`,
      { from: given.name, to: d.name },
    );
  }
  return d;
}

/** Refuses to reduce nothing where nothing has no value. */
export function requireSome(name: string, shape: readonly number[], axes: readonly number[], masks = false): void {
  if (masks) {
    throw new ShapeError(`np.${name}: where needs initial, because ${name} has no identity`, 'pass initial', { name });
  }
  const { keptShape } = splitAxes(shape, axes);
  if (keptShape.includes(0)) return; // no results, none undefined
  const empty = axes.find((d) => shape[d] === 0);
  if (empty === undefined) return;
  throw new ShapeError(
    `np.${name} of an array of shape ${formatShape(shape)} along axis ${empty}, which is empty: ${name} has no identity`,
    'check the size first, or pass initial',
    { name, shape, axis: empty },
  );
}
