// Statistics of arrays in chunks that are made of others: nan-versions of moments, ptp, average, covariances, histograms, comparison.

import { array } from '../../array/creation.ts';
import { logical_not } from '../../array/functions.generated.ts';
import type { Axis } from '../../array/reductions.ts';
import { where as choose } from '../../array/select.ts';
import type { MeanOptions, VarianceOptions } from '../../array/statistics.ts';
import { ArgumentError, ShapeError } from '../../base/errors.ts';
import { dtypes } from '../../dtype/dtype.ts';
import { Options } from '../../exec/options.ts';
import { binArguments, histogram_bin_edges } from '../../routines/bin_edges.ts';
import { formatShape, normalizeAxes, sameShape } from '../../shape/strides.ts';
import { ChunkedArray, type ChunkedLike, nodeOf } from '../array.ts';
import { countsOf, edgesOf } from '../operations/counts.ts';
import { fullNode } from '../operations/create.ts';
import { matmul } from './products.ts';

const of = (x: ChunkedLike, where: string): ChunkedArray => new ChunkedArray(nodeOf(x, where));
/** What a function that hands over gives. */
const handed = (x: unknown): ChunkedArray => x as ChunkedArray; // its operand is one

const numbersIn = (a: ChunkedArray): ChunkedArray =>
  a.dtype.kind === 'f' || a.dtype.kind === 'c' ? handed(logical_not(a.isnan() as never)) : a.equal(a);

type Masked<O> = Omit<O, 'out' | 'where'>;
const skipping =
  <O extends Masked<VarianceOptions>>(name: 'mean' | 'var' | 'std') =>
  (x: ChunkedLike, axis?: Axis, options?: O): ChunkedArray => {
    const a = of(x, `np.chunked.nan${name}`);
    return a[name]({ ...options, axis, where: numbersIn(a) as never } as never); // a mask in chunks is one
  };

/** The mean of the elements that are not NaN; NaN where there are none. @see https://numpy.org/doc/stable/reference/generated/numpy.nanmean.html */
export const nanmean = skipping<Masked<MeanOptions>>('mean');
/** The variance of the elements that are not NaN. @see https://numpy.org/doc/stable/reference/generated/numpy.nanvar.html */
export const nanvar = skipping<Masked<VarianceOptions>>('var');
/** The standard deviation of the elements that are not NaN. @see https://numpy.org/doc/stable/reference/generated/numpy.nanstd.html */
export const nanstd = skipping<Masked<VarianceOptions>>('std');

/** The greatest element less the least, along axes. @see https://numpy.org/doc/stable/reference/generated/numpy.ptp.html */
export function ptp(x: ChunkedLike, axis?: Axis, options: { readonly keepdims?: boolean } = {}): ChunkedArray {
  const a = of(x, 'np.chunked.ptp');
  return a.max({ ...options, axis }).subtract(a.min({ ...options, axis }));
}

const averageOptions = new Options('axis', ['weights', 'value'], 'keepdims');

/**
 * The mean with weights: of the shape of the array, or one per element of the one axis.
 * @throws ShapeError for weights of another shape.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.average.html
 */
export function average(
  x: ChunkedLike,
  options: { readonly axis?: Axis; readonly weights?: ChunkedLike; readonly keepdims?: boolean } = {},
): ChunkedArray {
  const where = 'np.chunked.average';
  averageOptions.check(options, where);
  const a = of(x, where);
  const { weights, ...rest } = options;
  if (weights === undefined) return a.mean(rest);
  const w = of(weights, where);
  const axes = normalizeAxes(options.axis, a.ndim, where);
  let wide = w;
  if (!sameShape(w.shape, a.shape)) {
    if (axes.length !== 1 || w.ndim !== 1 || w.shape[0] !== a.shape[axes[0]]) {
      throw new ShapeError(
        `${where}: weights of shape ${formatShape(w.shape)} for ${formatShape(a.shape)}`,
        'pass one per element, or one per element of the axis',
        {
          weights: w.shape,
          shape: a.shape,
        },
      );
    }
    wide = w.reshape(a.shape.map((_, d) => (d === axes[0] ? -1 : 1))).broadcast_to(a.shape);
  }
  return a.multiply(wide).sum(rest).divide(wide.sum(rest));
}

export interface CovOptions {
  /** Each row is a variable (true), or each column. */
  readonly rowvar?: boolean;
  readonly ddof?: number;
}
const covOptions = new Options(['rowvar', 'keepdims'], 'ddof');

/**
 * Covariances of variables, the rows: one product of the deviations.
 * @throws ShapeError for more than two axes.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.cov.html
 */
export function cov(x: ChunkedLike, options: CovOptions = {}): ChunkedArray {
  const where = 'np.chunked.cov';
  covOptions.check(options, where);
  const given = of(x, where);
  if (given.ndim > 2)
    throw new ShapeError(`${where} of ${given.ndim} axes`, 'pass variables and observations', { shape: given.shape });
  const rows = given.ndim < 2 ? given.reshape([1, -1]) : options.rowvar === false ? given.T : given;
  const away = rows.subtract(rows.mean(1, { keepdims: true }));
  const other = away.dtype.kind === 'c' ? away.conjugate() : away;
  const made = matmul(away, other.T).divide(rows.shape[1] - (options.ddof ?? 1));
  return given.ndim < 2 || made.shape[0] === 1 ? made.reshape([]) : made;
}

/** Correlations of variables. @see https://numpy.org/doc/stable/reference/generated/numpy.corrcoef.html */
export function corrcoef(x: ChunkedLike, options: Omit<CovOptions, 'ddof'> = {}): ChunkedArray {
  const c = cov(x, options);
  if (c.ndim === 0) return c.divide(c);
  const n = c.shape[0];
  const same = range(n).get(':', null).equal(range(n).get(null, ':'));
  const real = c.dtype.kind === 'c' ? handed(c.absolute()) : c;
  const spread = handed(choose(same as never, real as never, 0))
    .sum(0)
    .sqrt();
  return c.divide(spread.get(':', null)).divide(spread.get(null, ':'));
}
const range = (n: number): ChunkedArray => of(array(Array.from({ length: n }, (_, i) => i)), 'np.chunked.corrcoef');

export interface ClosenessOptions {
  readonly rtol?: number;
  readonly atol?: number;
  readonly equal_nan?: boolean;
}
const closenessOptions = new Options(['rtol', 'number'], ['atol', 'number'], ['equal_nan', 'keepdims']);

/** Where |a - b| ≤ atol + rtol · |b|; infinities where they are equal. @see https://numpy.org/doc/stable/reference/generated/numpy.isclose.html */
export function isclose(a: ChunkedLike, b: ChunkedLike, options: ClosenessOptions = {}): ChunkedArray {
  const where = 'np.chunked.isclose';
  closenessOptions.check(options, where);
  const { rtol = 1e-5, atol = 1e-8, equal_nan = false } = options;
  const float = (x: ChunkedArray): ChunkedArray =>
    x.dtype.kind === 'f' || x.dtype.kind === 'c' ? x : x.astype(dtypes.float64);
  const [x, y] = [a, b].map((v) => float(of(v, where)));
  const near = x.subtract(y).absolute().less_equal(y.absolute().multiply(rtol).add(atol));
  const close = near.logical_and(y.isfinite()).logical_or(x.equal(y));
  return equal_nan ? close.logical_or(x.isnan().logical_and(y.isnan())) : close;
}

/** Are all elements close? @see https://numpy.org/doc/stable/reference/generated/numpy.allclose.html */
export const allclose = (a: ChunkedLike, b: ChunkedLike, options: ClosenessOptions = {}): ChunkedArray =>
  isclose(a, b, options).all();

/** Have both one shape and the same elements? @see https://numpy.org/doc/stable/reference/generated/numpy.array_equal.html */
export function array_equal(a: ChunkedLike, b: ChunkedLike): ChunkedArray {
  const [x, y] = [a, b].map((v) => of(v, 'np.chunked.array_equal'));
  if (sameShape(x.shape, y.shape)) return x.equal(y).all();
  return new ChunkedArray({ ...fullNode([], { value: false, dtype: 'bool' }, []), weak: true });
}

export interface ChunkedHistogramOptions {
  readonly bins?: number | readonly number[];
  readonly range?: readonly [number, number];
  readonly weights?: ChunkedLike;
  readonly density?: boolean;
}
const histogramOptions = new Options(
  ['bins', 'value'],
  ['range', 'value'],
  ['weights', 'value'],
  ['density', 'keepdims'],
);

/**
 * Counts of the elements in bins, and the edges of the bins. `bins` is a number or edges; without a range, a first pass finds
 * the least and the greatest element.
 * @throws ArgumentError for what gives no bins.
 * @example (await np.chunked.histogram(np.chunked.arange(6, undefined, 1, { chunks: 2 }), 3)[0].compute()).tolist() // [2, 2, 2]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.histogram.html
 */
export function histogram(
  x: ChunkedLike,
  given?: number | readonly number[] | ChunkedHistogramOptions,
  more?: ChunkedHistogramOptions,
): [ChunkedArray, ChunkedArray] {
  const where = 'np.chunked.histogram';
  const options = binArguments<ChunkedHistogramOptions>(given as never, more, histogramOptions, where); // either of the two
  const { bins = 10 } = options;
  if (typeof bins === 'string') {
    throw new ArgumentError(`${where}: the rule '${bins}'`, 'pass a number of bins, or edges', { bins });
  }
  const sample = of(x, where);
  const a = sample.ndim === 0 ? sample.ravel() : sample;
  const { range, weights, density = false } = options;
  const known = typeof bins !== 'number' || range !== undefined || a.size === 0;
  const edges = known ? histogram_bin_edges([0, 1], bins as number, { range: range as [number, number] }) : undefined;
  const ends = known ? [] : [a.min().astype('float64').node, a.max().astype('float64').node];
  const w = weights === undefined ? undefined : of(weights, where);
  if (w !== undefined && !sameShape(w.shape, sample.shape)) {
    throw new ShapeError(
      `${where}: weights of shape ${formatShape(w.shape)} for ${formatShape(sample.shape)}`,
      'pass one per element',
      {},
    );
  }
  const p = {
    name: 'histogram',
    bins,
    range: known && typeof bins === 'number' ? (range ?? [0, 1]) : undefined,
    weighted: w !== undefined,
  } as const;
  const inputs = [a.node, ...(w === undefined ? [] : [w.node]), ...ends];
  const counts = summed(countsOf(p, inputs, w?.dtype ?? dtypes.int64), a.ndim);
  const found = edges === undefined ? new ChunkedArray(edgesOf(ends, bins as number)) : of(edges, where); // a number, see above
  if (!density) return [counts, found];
  const widths = found.get('1:').subtract(found.get(':-1'));
  return [counts.divide(widths).divide(counts.sum()), found];
}

const summed = (counts: ReturnType<typeof countsOf>, axes: number): ChunkedArray =>
  new ChunkedArray(counts).sum(
    Array.from({ length: axes }, (_, d) => d),
    { dtype: counts.dtype },
  );

const bincountOptions = new Options(['length', 'count'], ['weights', 'value']);

/**
 * How often each integer from 0 to `length` - 1 occurs, or the sums of their weights. The length must be said, as it is the
 * shape of the result.
 * @throws ArgumentError for elements beyond it when it is computed, or for no length.
 * @example (await np.chunked.bincount(np.chunked.from(np.array([0, 2, 2], { dtype: 'int32' }), { chunks: 2 }), { length: 4 }).compute()).tolist() // [1, 0, 2, 0]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.bincount.html
 */
export function bincount(
  x: ChunkedLike,
  options: { readonly length: number; readonly weights?: ChunkedLike },
): ChunkedArray {
  const where = 'np.chunked.bincount';
  bincountOptions.check(options, where);
  if (options?.length === undefined)
    throw new ArgumentError(`${where} without a length`, 'pass { length: greatest + 1 }', {});
  const a = of(x, where);
  if (a.ndim !== 1) throw new ShapeError(`${where}: ${a.ndim} axes`, 'flatten it with ravel', { shape: a.shape });
  const w = options.weights === undefined ? undefined : of(options.weights, where);
  if (w !== undefined && !sameShape(w.shape, a.shape)) {
    throw new ShapeError(`${where}: weights of shape ${formatShape(w.shape)}`, 'pass one per element', {
      shape: a.shape,
    });
  }
  const p = { name: 'bincount', bins: options.length, range: undefined, weighted: w !== undefined } as const;
  const inputs = w === undefined ? [a.node] : [a.node, w.node];
  return summed(countsOf(p, inputs, w === undefined ? dtypes.int64 : dtypes.float64), 1);
}
