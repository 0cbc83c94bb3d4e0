// Running reductions as users call them: cumsum, cumprod and the standard's cumulative_sum, cumulative_prod.

import { AxisError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../dtype/dtype.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import { newArray, reinterpret } from '../exec/array_base.ts';
import { checkOut } from '../exec/call.ts';
import { castCopy, castInto } from '../exec/cast.ts';
import { type ArrayLike, arrayFrom } from '../exec/coerce.ts';
import { copyInto, heapCopy, isResident } from '../exec/copy.ts';
import { Options } from '../exec/options.ts';
import { scanStates } from '../exec/scan.ts';
import { atHome, liesElsewhere } from '../exec/tiles.ts';
import { timed } from '../exec/timed.ts';
import type { ElementwiseRow } from '../ops/define.ts';
import { type Monoid, wideAccumulator } from '../ops/reduce/define.ts';
import { reductions } from '../ops/reduce/rows.ts';
import { elementwise } from '../ops/rows.ts';
import { normalizeAxis } from '../shape/strides.ts';
import { reducerFor } from './masked_reducer.ts';
import { type NDArray, nd } from './ndarray.ts';
import { runningFaults } from './reduce_faults.ts';
import { reduceOptions, residentArray } from './reductions.ts';
import { ravel } from './views.ts';

export interface RunningOptions {
  /** The axis to run along; the flattened array without one. */
  readonly axis?: number | null;
  readonly dtype?: DTypeLike;
  readonly out?: ArrayBase;
}

const cumulativeOptions = new Options('axis', 'dtype', 'out', 'include_initial');
const of = {
  sum: (d: DType): Monoid => reductions.sum.of(d).monoid,
  prod: (d: DType): Monoid => reductions.prod.of(d).monoid,
};

const rows = { sum: elementwise.add, prod: elementwise.multiply } as const;

export const runningOptions = new Options('axis', 'dtype', 'out');

/**
 * Running states of the monoid for the working dtype, along an axis; options settled. `row` is the operation of the
 * monoid where its faults shall be told.
 */
export function running(
  monoidOf: (d: DType) => Monoid,
  where: string,
  x: ArrayLike,
  options: RunningOptions,
  row?: ElementwiseRow,
): NDArray {
  if (events.timing) return timed(where.slice(3), running, monoidOf, where, x, options, row);
  if (liesElsewhere(x)) return atHome([x], () => running(monoidOf, where, x, options, row));
  const given = residentArray(x, where);
  const flat = options.axis === undefined || options.axis === null;
  const flattened = flat ? ravel(given) : given;
  const a = isResident(flattened) ? flattened : heapCopy(flattened);
  const axis = flat ? 0 : normalizeAxis(options.axis ?? 0, a.ndim, where);
  const working = options.dtype === undefined ? wideAccumulator(a.dtype) : asDType(options.dtype);
  const monoid = monoidOf(working);
  const states = scanStates(reducerFor(`${monoid.name}:${working.char}`, monoid, false), a, axis);
  if (row !== undefined) runningFaults({ op: where.slice(3), row, working, a, axis, states });
  const result = states.dtype === working ? states : castCopy(states, working);
  if (options.out === undefined) return nd(result);
  checkOut(where.slice(3), options.out, result.shape, result.dtype, 'same_kind');
  castInto(result, options.out, true);
  return nd(options.out);
}

/**
 * Running sum along an axis, or of the flattened array; left to right.
 * @example np.cumsum([1, 2, 3]) // array([1., 3., 6.])
 */
export const cumsum = (x: ArrayLike, axis?: number | null | RunningOptions, options?: RunningOptions): NDArray =>
  running(of.sum, 'np.cumsum', x, reduceOptions(axis, options, runningOptions, 'np.cumsum'), rows.sum);

/** Running product along an axis, or of the flattened array; left to right. */
export const cumprod = (x: ArrayLike, axis?: number | null | RunningOptions, options?: RunningOptions): NDArray =>
  running(of.prod, 'np.cumprod', x, reduceOptions(axis, options, runningOptions, 'np.cumprod'), rows.prod);

export interface CumulativeOptions extends RunningOptions {
  /** Put the identity before the first element. */
  readonly include_initial?: boolean;
}

function cumulative(name: 'sum' | 'prod', x: ArrayLike, options: CumulativeOptions): NDArray {
  const where = `np.cumulative_${name}`;
  cumulativeOptions.check(options, where);
  if (liesElsewhere(x)) return atHome([x], () => cumulative(name, x, options));
  const a = residentArray(x, where);
  if (a.ndim !== 1 && (options.axis === undefined || options.axis === null)) {
    throw new AxisError(
      `${where} of ${a.ndim} dimensions needs an axis`,
      'pass { axis: 0 }, or flatten with ravel first',
      { ndim: a.ndim },
    );
  }
  const axis = normalizeAxis(options.axis ?? 0, a.ndim, where);
  const { out, include_initial: initial, ...rest } = options;
  if (initial !== true) return running(of[name], where, a, { ...options, axis }, rows[name]);
  const sums = running(of[name], where, a, { ...rest, axis }, rows[name]);
  const shape = sums.shape.map((n, d) => (d === axis ? n + 1 : n));
  const result = newArray(shape, sums.dtype);
  const head = reinterpret(
    result,
    0,
    shape.map((n, d) => (d === axis ? 1 : n)),
    result.strides,
  );
  const tail = reinterpret(result, result.strides[axis], sums.shape, result.strides);
  copyInto(arrayFrom(name === 'sum' ? 0 : 1, dtypes.float64, where), head);
  copyInto(sums, tail);
  if (out === undefined) return nd(result);
  checkOut(where.slice(3), out, shape, result.dtype, 'same_kind');
  copyInto(result, out);
  return nd(out);
}

/** Running sum along an axis (required beyond one dimension), as the array API standard has it. */
export const cumulative_sum = (x: ArrayLike, options: CumulativeOptions = {}): NDArray => cumulative('sum', x, options);
/** Running product along an axis, as the array API standard has it. */
export const cumulative_prod = (x: ArrayLike, options: CumulativeOptions = {}): NDArray =>
  cumulative('prod', x, options);
