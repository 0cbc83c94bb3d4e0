// Counting of small integers: how often each occurs, or the sums of their weights. One pass over table and elements.

import { type NDArray, nd } from '../array/ndarray.ts';
import { max, min } from '../array/reduce_functions.ts';
import { residentArray } from '../array/reductions.ts';
import { ArgumentError, CastError, ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { dtypes } from '../dtype/dtype.ts';
import { canCast } from '../dtype/promotion.ts';
import { newArray } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { lengthUsed, occurringBits, tally } from '../exec/histogram.ts';
import { checkInteger, Options } from '../exec/options.ts';
import { timed } from '../exec/timed.ts';
import { integerArray } from './integer_data.ts';

export interface BincountOptions {
  /** What each occurrence adds, instead of 1. */
  readonly weights?: ArrayLike | null;
  /** Least number of counters. */
  readonly minlength?: number;
}

const bincountOptions = new Options(['weights', 'value'], ['minlength', 'value']);

/**
 * How often each integer from 0 to the greatest occurs in `x`, as int64; with weights the sums of those, as float64.
 * @throws ArgumentError for negative elements, CastError for elements that are no integers, ShapeError for more than
 *   one dimension or weights of another length.
 * @example np.bincount([0, 2, 2]) // array([1, 0, 2])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.bincount.html
 */
export function bincount(x: ArrayLike, options: BincountOptions = {}): NDArray {
  if (events.timing) return timed('bincount', bincount, x, options);
  const where = 'np.bincount';
  bincountOptions.check(options, where);
  const { weights, minlength = 0 } = options;
  checkInteger(minlength, 'minlength', where, 0);
  const a = integerArray(x, where);
  if (a.ndim !== 1)
    throw new ShapeError(`${where}: ${a.ndim} dimensions`, 'flatten it with ravel first', { shape: a.shape });
  const w = weights === undefined || weights === null ? undefined : residentArray(weights, `${where} weights`);
  if (w !== undefined && !canCast(w.dtype, dtypes.float64, 'same_kind')) {
    throw new CastError(`${where}: weights of ${w.dtype.name}`, 'pass the real and the imaginary part one by one', {
      dtype: w.dtype.name,
    });
  }
  if (w !== undefined && (w.ndim !== 1 || w.size !== a.size)) {
    throw new ShapeError(
      `${where}: ${a.size} elements and weights of shape (${w.shape})`,
      'pass one weight per element',
      {
        shape: a.shape,
        weights: w.shape,
      },
    );
  }
  if (a.size === 0) return nd(newArray([minlength], w === undefined ? dtypes.int64 : dtypes.float64, true));
  const bits = Number(occurringBits(a));
  if (bits < 0) {
    const least = Number(min(a));
    throw new ArgumentError(`${where}: ${least} among the elements`, 'pass integers from 0; subtract the least first', {
      least,
    });
  }
  // A table for all these bits is at most twice too long: what it saves is a search for the greatest element.
  if (w !== undefined || bits > SMALL) return nd(tally(a, Math.max(minlength, Number(max(a)) + 1), w));
  const counts = nd(tally(a, Math.max(minlength, bits + 1)));
  return counts.get(`:${Math.max(minlength, lengthUsed(counts))}`);
}

const SMALL = 2 ** 16;
