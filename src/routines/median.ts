// Medians by selection: the middle element, or the mean of the two middle ones.

import { type NDArray, nd } from '../array/ndarray.ts';
import { type Axis, reduceOptions } from '../array/reductions.ts';
import { events } from '../base/events.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { arrayFrom } from '../exec/coerce.ts';
import { evaluate, loopOf } from '../exec/formula.ts';
import { Options } from '../exec/options.ts';
import { timed } from '../exec/timed.ts';
import { ComplexExpr, Expr, type ExprValue } from '../kernel/builder.ts';
import { isFloating } from '../ops/reduce/define.ts';
import { quantiles } from '../ops/reduce/quantiles.ts';
import { asRows } from './ordered_rows.ts';
import { deliverPlaces, noResults, selectPlaces } from './quantile.ts';

export interface MedianOptions {
  readonly axis?: Axis;
  readonly out?: ArrayBase;
  /** The array may be reordered, which saves a copy. */
  readonly overwrite_input?: boolean;
  readonly keepdims?: boolean;
}

const medianOptions = new Options('axis', 'out', ['overwrite_input', 'keepdims'], 'keepdims');

// Mean of the middle two, which are one where their number is odd.
function middle([a, b, weight, bad]: readonly ExprValue[]): ExprValue {
  if (!(weight instanceof Expr && bad instanceof Expr)) throw new TypeError('weights are real');
  const one = weight.eq(0);
  const real = (x: Expr, y: Expr): Expr => bad.select(x.like(Number.NaN), one.select(x, x.add(y).mul(0.5)));
  if (a instanceof ComplexExpr && b instanceof ComplexExpr) return new ComplexExpr(real(a.re, b.re), real(a.im, b.im));
  if (a instanceof Expr && b instanceof Expr) return real(a, b);
  throw new TypeError('mixed real and complex');
}

const resultOf = (d: DType): DType => (isFloating(d) ? d : dtypes.float64);

function medianOf(name: string, skipsNaN: boolean): Median {
  const where = `np.${name}`;
  const call: Median = (x, axis, options) => {
    if (events.timing) return timed(name, call, x, axis, options);
    const o = reduceOptions(axis, options, medianOptions, where);
    const rows = asRows(x, o.axis, o.overwrite_input === true, where);
    const d = resultOf(rows.source.dtype);
    if (rows.n === 0) return deliverPlaces(noResults(rows, 1, d), rows, [], o, name);
    const half = nd(arrayFrom([0.5], dtypes.float64, where));
    const { below, above, weight, bad } = selectPlaces(rows, 'linear', quantiles.linear, half, skipsNaN);
    const loop = loopOf('median', [d, d, dtypes.float64, dtypes.bool], d, middle);
    return deliverPlaces(evaluate(loop, [below, above, weight, bad], [rows.rows, 1]), rows, [], o, name);
  };
  return call;
}

type Median = (x: ArrayLike, axis?: Axis | MedianOptions, options?: MedianOptions) => NDArray | Scalar;

/**
 * The middle of the elements along axes, or the mean of the middle two; NaN where there is one, and of nothing. Integers
 * give float64. One copy of the array is made, none with `overwrite_input` where the axes are the last ones.
 * @example np.median([3, 1, 2, 10]) // 2.5
 * @see https://numpy.org/doc/stable/reference/generated/numpy.median.html
 */
export const median: Median = medianOf('median', false);
/**
 * {@link median} of the elements that are not NaN; NaN where there are none.
 * @example np.nanmedian([3, NaN, 1]) // 2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.nanmedian.html
 */
export const nanmedian: Median = medianOf('nanmedian', true);
