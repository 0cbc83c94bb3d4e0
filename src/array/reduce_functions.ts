// The reduction rows as public functions: sum, prod, min, max, any, all, count_nonzero.

import { events } from '../base/events.ts';
import type { DType } from '../dtype/dtype.ts';
import { castScalar, narrowInteger, type Scalar } from '../dtype/scalars.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import type { Reducer } from '../exec/monoid.ts';
import { isSmall, reduceAlong } from '../exec/reduce_small.ts';
import { isWhole, reduceWhole } from '../exec/reduce_whole.ts';
import { timed } from '../exec/timed.ts';
import type { ReduceRow } from '../ops/reduce/define.ts';
import { type ReductionName, reductions } from '../ops/reduce/rows.ts';
import { reducerFor } from './masked_reducer.ts';
import { type NDArray, nd } from './ndarray.ts';
import { mayBeFaulty, someMayBeFaulty } from './reduce_faults.ts';
import type { ReduceRule } from './reduce_types.ts';
import {
  type Axis,
  callReduction,
  type ReduceOptions,
  type Reducing,
  reduceOptionNames,
  reduceOptions,
} from './reductions.ts';

interface Whole {
  readonly reducer: Reducer;
  readonly result: DType;
}

/** What `name` of all elements of a dtype comes down to. */
export function wholeOf(name: string, row: ReduceRow, d: DType): Whole {
  const working = row.accumulate?.(d) ?? d;
  const { monoid, result } = row.of(working);
  return { reducer: reducerFor(`${name}:${working.char}`, monoid, false), result };
}

// { keepdims: true } and nothing else.
function isKeepdims(options: ReduceOptions): boolean {
  if (options === null || typeof options !== 'object' || options.keepdims !== true) return false;
  for (const name in options) if (name !== 'keepdims') return false;
  return true;
}

export type Reduction<Rule extends ReduceRule = 'other'> = Reducing<ReduceOptions, Rule>;

/** The public function of a row. */
export function reductionOf<Rule extends ReduceRule = 'other'>(name: string, row: ReduceRow): Reduction<Rule> {
  const whole: (Whole | undefined)[] = [];
  const shortFor = (d: DType): Whole => {
    const short = whole[d.id] ?? wholeOf(name, row, d);
    whole[d.id] = short;
    return short;
  };
  const along = (x: ArrayLike, axis: Axis | ReduceOptions | undefined, keepdims: boolean): NDArray | undefined => {
    if (typeof axis !== 'number' || !isSmall(x, axis)) return undefined;
    const { reducer, result } = shortFor(x.dtype);
    if (result !== reducer.monoid.state || (row.faults !== undefined && !x.contiguous)) return undefined;
    const states = reduceAlong(reducer, x, axis, keepdims);
    return row.faults === undefined || !someMayBeFaulty(x, states) ? nd(states) : undefined;
  };
  const call = (x: ArrayLike, axis?: Axis | ReduceOptions, options?: ReduceOptions): NDArray | Scalar => {
    if (events.timing) return timed(name, call, x, axis, options);
    if ((axis !== undefined && axis !== null) || options !== undefined || !isWhole(x)) {
      return (
        (options === undefined || isKeepdims(options) ? along(x, axis, options !== undefined) : undefined) ??
        callReduction(name, row, x, reduceOptions(axis, options, reduceOptionNames, `np.${name}`))
      );
    }
    const { reducer, result } = shortFor(x.dtype);
    const state = reduceWhole(reducer, x);
    if (row.faults !== undefined && mayBeFaulty(x, state)) return callReduction(name, row, x, {});
    if (result.kind === 'f' && !result.half) return state;
    const value = castScalar(state, reducer.monoid.state, result);
    return typeof value === 'bigint' ? narrowInteger(value, result, 'number') : value;
  };
  Object.defineProperty(call, 'name', { value: name });
  return call as Reduction<Rule>; // the overloads say which of the two results comes when
}

const reduction = <Rule extends ReduceRule>(name: ReductionName): Reduction<Rule> =>
  reductionOf(name, reductions[name]);

/**
 * Sum of the elements along axes. Bool and small integers accumulate in int64 or uint64, floats by a fixed pairwise
 * tree: the same bits for every layout, axis and thread count.
 * @example np.sum([[1, 2], [3, 4]], 0) // array([4., 6.])
 */
export const sum = reduction<'wide'>('sum');
/** Product of the elements along axes. @example np.prod([1, 2, 3]) // 6 */
export const prod = reduction<'wide'>('prod');
/** Least element along axes; NaN where there is one. @throws ShapeError for nothing without `initial`. */
export const min = reduction<'same'>('min');
/** Greatest element along axes; NaN where there is one. @throws ShapeError for nothing without `initial`. */
export const max = reduction<'same'>('max');
/** Is some element along axes true? @example np.any([0, 2]) // true */
export const any = reduction<'bool'>('any');
/** Are all elements along axes true? @example np.all([0, 2]) // false */
export const all = reduction<'bool'>('all');
/** Number of elements along axes that are not zero. @example np.count_nonzero([0, 2]) // 1 */
export const count_nonzero = reduction<'int64'>('count_nonzero');
export const amin = min;
export const amax = max;
