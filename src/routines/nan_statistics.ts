// Mean, variance and standard deviation of the elements that are not NaN: the functions of array/statistics.ts with NaN
// left out of sums and counts, in the kernels. Where there are no numbers the result is NaN.

import { type Axis, type Reducing, reduceOptions } from '../array/reductions.ts';
import {
  averaged,
  type MeanOptions,
  meanOptions,
  type VarianceOptions,
  variance,
  varianceOptions,
} from '../array/statistics.ts';
import type { ArrayLike } from '../exec/coerce.ts';

/**
 * Mean of the elements that are not NaN, along axes; NaN where there are none.
 * @example np.nanmean([1, NaN, 3]) // 2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nanmean.html
 */
export const nanmean = ((x: ArrayLike, axis?: Axis | MeanOptions, options?: MeanOptions) =>
  averaged('nanmean', x, reduceOptions(axis, options, meanOptions, 'np.nanmean'), true)) as Reducing<MeanOptions>; // the overloads say which of the two results comes when

const spread = (name: string, root: boolean): Reducing<VarianceOptions> =>
  ((x: ArrayLike, axis?: Axis | VarianceOptions, options?: VarianceOptions) =>
    variance(name, x, reduceOptions(axis, options, varianceOptions, `np.${name}`), {
      root,
      numbersOnly: true,
    })) as Reducing<VarianceOptions>; // as for nanmean

/**
 * Variance of the elements that are not NaN, along axes (divisor: their number - ddof); NaN where that is not positive.
 * @example np.nanvar([1, NaN, 3]) // 1
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nanvar.html
 */
export const nanvar: Reducing<VarianceOptions> = spread('nanvar', false);
/**
 * Standard deviation of the elements that are not NaN, along axes: the root of {@link nanvar}.
 * @example np.nanstd([1, NaN, 3]) // 1
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nanstd.html
 */
export const nanstd: Reducing<VarianceOptions> = spread('nanstd', true);
