// Sums, products, extremes and running sums that pass over NaN. The rows are in ops/reduce/nan.ts: NaN is replaced in
// the kernel, nothing is copied. Mean and variance are in nan_statistics.ts.

import type { NDArray } from '../array/ndarray.ts';
import { type Extreme, type Position, type PositionOptions, position } from '../array/positions.ts';
import { type Reduction, reductionOf } from '../array/reduce_functions.ts';
import { type Axis, reduceOptions } from '../array/reductions.ts';
import { type RunningOptions, running, runningOptions } from '../array/running.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { nanReductions } from '../ops/reduce/nan.ts';

/**
 * Sum of the elements that are not NaN, along axes; 0 where there are none.
 * @example np.nansum([1, NaN, 2]) // 3
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nansum.html
 */
export const nansum: Reduction = reductionOf('nansum', nanReductions.nansum);
/**
 * Product of the elements that are not NaN, along axes; 1 where there are none.
 * @example np.nanprod([2, NaN, 3]) // 6
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nanprod.html
 */
export const nanprod: Reduction = reductionOf('nanprod', nanReductions.nanprod);
/**
 * Least element that is not NaN, along axes; NaN where there are only those.
 * @throws ShapeError for nothing without `initial`.
 * @example np.nanmin([2, NaN, 3]) // 2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nanmin.html
 */
export const nanmin: Reduction = reductionOf('nanmin', nanReductions.nanmin);
/**
 * Greatest element that is not NaN, along axes; NaN where there are only those.
 * @throws ShapeError for nothing without `initial`.
 * @example np.nanmax([2, NaN, 3]) // 3
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nanmax.html
 */
export const nanmax: Reduction = reductionOf('nanmax', nanReductions.nanmax);

const over = (name: Extreme): Position =>
  ((x: ArrayLike, axis?: number | null | PositionOptions, options?: PositionOptions) =>
    position(name, x, axis, options)) as Position; // the overloads say which result comes when

/**
 * Position of the least element that is not NaN, of the first where several are; int32 along an axis.
 * @throws ArgumentError where there are only NaN, ShapeError for nothing.
 * @example np.nanargmin([NaN, 3, 1]) // 2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nanargmin.html
 */
export const nanargmin: Position = over('nanmin');
/**
 * Position of the greatest element that is not NaN, of the first where several are; int32 along an axis.
 * @throws ArgumentError where there are only NaN, ShapeError for nothing.
 * @example np.nanargmax([NaN, 3, 1]) // 1
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nanargmax.html
 */
export const nanargmax: Position = over('nanmax');

type Running = (x: ArrayLike, axis?: number | null | RunningOptions, options?: RunningOptions) => NDArray;

const runningOver =
  (name: 'nansum' | 'nanprod', where: string): Running =>
  (x, axis, options) =>
    running(
      (d) => nanReductions[name].of(d).monoid,
      where,
      x,
      reduceOptions<RunningOptions & { readonly axis?: Axis }>(axis, options, runningOptions, where) as RunningOptions, // one axis at most
    );

/**
 * Running sum along an axis, or of the flattened array, where NaN counts as 0.
 * @example np.nancumsum([1, NaN, 2]) // array([1., 1., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nancumsum.html
 */
export const nancumsum: Running = runningOver('nansum', 'np.nancumsum');
/**
 * Running product along an axis, or of the flattened array, where NaN counts as 1.
 * @example np.nancumprod([2, NaN, 3]) // array([2., 2., 6.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nancumprod.html
 */
export const nancumprod: Running = runningOver('nanprod', 'np.nancumprod');
