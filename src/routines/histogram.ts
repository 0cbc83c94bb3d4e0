// Histograms of one sample. Edges are settled in bin_edges.ts, counting is one pass of a kernel (exec/histogram.ts).

import { divide, subtract } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { sum } from '../array/reduce_functions.ts';
import { residentArray } from '../array/reductions.ts';
import { ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { histogramCounts } from '../exec/histogram.ts';
import { Options } from '../exec/options.ts';
import { timed } from '../exec/timed.ts';
import { formatShape, sameShape } from '../shape/strides.ts';
import { type BinEdgesOptions, type Bins, binArguments, sampleArray, settleBins } from './bin_edges.ts';

export interface HistogramOptions extends BinEdgesOptions {
  /** The probability density, whose integral over the range is 1, instead of counts. */
  readonly density?: boolean;
}

const histogramOptions = new Options(
  ['bins', 'value'],
  ['range', 'value'],
  ['weights', 'value'],
  ['density', 'keepdims'],
);

/**
 * Counts of the elements in bins, and the bins' edges (one more). Bins are half open but for the last, which contains
 * its end; elements outside the range are passed over. Counts are int64, sums of weights of the weights' dtype,
 * densities float64. `bins` is a number (10), edges, or a rule of {@link histogram_bin_edges}.
 * @throws ShapeError for weights of another shape, ArgumentError for what gives no bins.
 * @example np.histogram([1, 2, 1], [0, 1, 2, 3]) // [array([0, 2, 1]), array([0., 1., 2., 3.])]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.histogram.html
 */
export function histogram(
  a: ArrayLike,
  bins?: Bins | HistogramOptions,
  options?: HistogramOptions,
): [NDArray, NDArray] {
  if (events.timing) return timed('histogram', histogram, a, bins, options);
  const where = 'np.histogram';
  const o = binArguments<HistogramOptions>(bins, options, histogramOptions, where);
  const x = sampleArray(a, where);
  const weights = o.weights === undefined || o.weights === null ? undefined : weightsOf(o.weights, x, where);
  const { result, edges } = settleBins(x, o, where);
  const sums = histogramCounts([x], [edges], weights);
  const counts = nd(weights === undefined ? sums : inDType(sums, weights.dtype));
  return [o.density === true ? densityOf(counts, [result]) : counts, result];
}

// Sums of integer weights wrap where their dtype is too small.
const inDType = (sums: ArrayBase, d: DType): ArrayBase =>
  heapCopy(d.kind === 'i' || d.kind === 'u' ? heapCopy(sums, dtypes.int64) : sums, d);

/** Weights of a sample's elements. */
export function weightsOf(weights: ArrayLike, x: ArrayBase, where: string): ArrayBase {
  const w = residentArray(weights, `${where} weights`);
  if (sameShape(w.shape, x.shape)) return w;
  throw new ShapeError(
    `${where}: weights of shape ${formatShape(w.shape)} for elements of shape ${formatShape(x.shape)}`,
    'pass one weight per element',
    { weights: w.shape, shape: x.shape },
  );
}

/** Counts divided by the volumes of their bins and by their sum. */
export function densityOf(counts: NDArray, edges: readonly NDArray[]): NDArray {
  const { ndim } = counts;
  let density = counts;
  edges.forEach((e, d) => {
    const widths = nd(heapCopy(subtract(e.get('1:'), e.get(':-1')), dtypes.float64)); // as exact as the edges
    density = divide(density, widths.reshape(Array.from({ length: ndim }, (_, k) => (k === d ? -1 : 1))));
  });
  return divide(density, sum(counts, { keepdims: true }));
}
