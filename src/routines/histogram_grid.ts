// Histograms over several axes: histogramdd of points, histogram2d of two coordinates. One pass over the points finds
// the bin on every axis and counts.

import { type NDArray, nd } from '../array/ndarray.ts';
import { residentArray } from '../array/reductions.ts';
import { transpose } from '../array/views.ts';
import { ArgumentError, CastError, ShapeError } from '../base/errors.ts';
import { dtypes } from '../dtype/dtype.ts';
import { canCast } from '../dtype/promotion.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { histogramCounts } from '../exec/histogram.ts';
import { Options } from '../exec/options.ts';
import { type BinRange, binArguments, sampleArray, settleBins } from './bin_edges.ts';
import { densityOf, weightsOf } from './histogram.ts';

/** A number of bins, or edges, for all axes or for each. */
export type GridBins = number | ArrayLike | readonly (number | ArrayLike)[];

export interface HistogramGridOptions {
  readonly bins?: GridBins;
  /** First and last edge of every axis; null where the data say. */
  readonly range?: readonly (BinRange | null)[] | null;
  readonly density?: boolean;
  readonly weights?: ArrayLike | null;
}

const gridOptions = new Options(['bins', 'value'], ['range', 'value'], ['density', 'keepdims'], ['weights', 'value']);

function countGrid(
  axes: readonly NDArray[],
  bins: readonly (number | ArrayLike)[],
  o: HistogramGridOptions,
  where: string,
): [NDArray, NDArray[]] {
  const range = o.range ?? axes.map(() => null);
  if (range.length !== axes.length) {
    throw new ArgumentError(`${where}: ${range.length} ranges for ${axes.length} axes`, 'pass one range per axis', {
      ranges: range.length,
      axes: axes.length,
    });
  }
  const weights = o.weights === undefined || o.weights === null ? undefined : weightsOf(o.weights, axes[0], where);
  if (weights !== undefined && !canCast(weights.dtype, dtypes.float64, 'same_kind')) {
    throw new CastError(`${where}: weights of ${weights.dtype.name}`, 'pass real weights', {
      dtype: weights.dtype.name,
    });
  }
  const settled = axes.map((x, k) => settleBins(x, { bins: bins[k], range: range[k] }, where));
  const counts = histogramCounts(
    axes,
    settled.map((s) => s.edges),
    weights,
  );
  const hist = nd(heapCopy(counts, dtypes.float64));
  const edges = settled.map((s) => s.result);
  return [o.density === true ? densityOf(hist, edges) : hist, edges];
}

/** Bins per axis: one for all is repeated. */
function perAxis(bins: GridBins, axes: number, where: string): (number | ArrayLike)[] {
  if (typeof bins === 'number') return new Array<number>(axes).fill(bins);
  const list = Array.isArray(bins) ? (bins as readonly (number | ArrayLike)[]) : [...toArray(bins, where).shape];
  if (list.length === axes) return [...list];
  throw new ArgumentError(`${where}: bins for ${list.length} axes of ${axes}`, 'pass a number, or one entry per axis', {
    axes,
  });
}

/**
 * Counts of points in the cells of a grid, as float64, and the edges along each axis. `sample` has one point per row, or
 * is a list with the coordinates along each axis.
 * @throws ShapeError, ArgumentError for what does not fit.
 * @example np.histogramdd([[0, 0], [1, 1], [1, 0]], { bins: 2 })[0] // array([[1., 0.], [1., 1.]])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.histogramdd.html
 */
export function histogramdd(sample: ArrayLike, options: HistogramGridOptions = {}): [NDArray, NDArray[]] {
  const where = 'np.histogramdd';
  gridOptions.check(options, where);
  const lists =
    Array.isArray(sample) && sample.length > 0 && sample.every((s) => s instanceof ArrayBase || ArrayBuffer.isView(s));
  const whole = nd(toArray(sample, where));
  const points = whole.ndim === 1 && !lists ? whole.reshape(-1, 1) : lists ? transpose(whole) : whole;
  if (points.ndim !== 2) {
    throw new ShapeError(`${where}: points of ${points.ndim} dimensions`, 'pass one point per row', {
      shape: points.shape,
    });
  }
  const x = sampleArray(points, where);
  const axes = Array.from({ length: x.shape[1] }, (_, k) => x.get(':', k));
  return countGrid(axes, perAxis(options.bins ?? 10, axes.length, where), options, where);
}

/**
 * Counts of the points (x, y) in the cells of a grid, as float64, the edges along x and those along y. `bins` is a
 * number for both axes, edges for both, or one of these for each in a list of two.
 * @throws ShapeError for coordinates of different lengths, ArgumentError for what gives no bins.
 * @example np.histogram2d([0, 1, 1], [0, 1, 0], 2)[0] // array([[1., 0.], [1., 1.]])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.histogram2d.html
 */
export function histogram2d(
  x: ArrayLike,
  y: ArrayLike,
  bins?: GridBins | HistogramGridOptions,
  more?: HistogramGridOptions,
): [NDArray, NDArray, NDArray] {
  const where = 'np.histogram2d';
  const options = binArguments<HistogramGridOptions>(bins, more, gridOptions, where);
  const axes = [x, y].map((v) => sampleArray(residentArray(v, where), where));
  if (axes[0].ndim !== 1 || axes[1].ndim !== 1 || axes[0].size !== axes[1].size) {
    throw new ShapeError(
      `${where}: coordinates of shapes (${axes[0].shape}) and (${axes[1].shape})`,
      'pass two lists of one length',
      {
        x: axes[0].shape,
        y: axes[1].shape,
      },
    );
  }
  const given = options.bins ?? 10;
  const length = typeof given === 'number' ? 0 : Array.isArray(given) ? given.length : toArray(given, where).size;
  const each = length > 2 ? [given, given] : perAxis(given, 2, where);
  const [counts, edges] = countGrid(axes, each as (number | ArrayLike)[], options, where); // a list of two, or edges
  return [counts, edges[0], edges[1]];
}
