// Edges of histogram bins: given ones, a number of equal bins over a range, or a rule that chooses the number.
// Rules: Sturges 1926; Doane 1976; Scott 1979; Freedman, Diaconis 1981; Stone 1984; Rice and square root as in textbooks.

import { greater_equal, less_equal, subtract } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { linspace } from '../array/ranges.ts';
import { max, min, sum } from '../array/reduce_functions.ts';
import { residentArray } from '../array/reductions.ts';
import { mean, std } from '../array/statistics.ts';
import { ravel } from '../array/views.ts';
import { ArgumentError, DTypeError, ShapeError } from '../base/errors.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { promote } from '../dtype/promotion.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { type ArrayLike, readAt, toArray } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { type Edges, histogramCounts } from '../exec/histogram.ts';
import { describe, Options } from '../exec/options.ts';
import { percentile } from './quantile.ts';

/** A number of bins, their edges, or a rule that finds the number. */
export type Bins = number | ArrayLike | BinRule;
/** First and last edge. */
export type BinRange = readonly [number, number];

export interface BinEdgesOptions {
  readonly bins?: Bins;
  /** First and last edge; the least and greatest element by default. */
  readonly range?: BinRange | null;
  readonly weights?: ArrayLike | null;
}

// The elements within a range.
function inside(x: NDArray, low: number, high: number): NDArray {
  return x.get(greater_equal(x, low).logical_and(less_equal(x, high)));
}

/** What a rule sees of the data. */
interface Sample {
  readonly x: NDArray;
  readonly n: number;
  /** Greatest less least. */
  readonly spread: number;
}

const number = (x: unknown): number => Number(x);
const sturges = ({ n, spread }: Sample): number => spread / (Math.log2(n) + 1);
const squareRoot = ({ n, spread }: Sample): number => spread / Math.sqrt(n);

function freedmanDiaconis({ x, n }: Sample): number {
  const quartiles = nd(percentile(x, [75, 25]) as NDArray); // a list gives an array
  return (2 * (number(quartiles.item(0)) - number(quartiles.item(1)))) / Math.cbrt(n);
}

function doane({ x, n, spread }: Sample): number {
  const sigma = n > 2 ? number(std(x)) : 0;
  if (sigma === 0) return 0;
  const wide = x.dtype.kind === 'f' ? x : x.astype('float64');
  const scaled = subtract(wide, number(mean(x))).divide(sigma);
  const skewness = number(mean(scaled.multiply(scaled).multiply(scaled)));
  const error = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  return spread / (1 + Math.log2(n) + Math.log2(1 + Math.abs(skewness) / error));
}

// Least estimated loss among 1 to max(100, root of n) bins.
function stone({ x, n, spread }: Sample): number {
  if (n <= 1 || spread === 0) return 0;
  const most = Math.max(100, Math.floor(Math.sqrt(n)));
  const low = number(min(x));
  let best = { loss: Number.POSITIVE_INFINITY, bins: 1 };
  for (let bins = 1; bins <= most; bins++) {
    const { edges } = equalBins(x, low, low + spread, bins);
    const shares = nd(histogramCounts([x], [edges])).divide(n);
    const loss = ((2 - (n + 1) * number(sum(shares.multiply(shares)))) * bins) / spread;
    if (loss < best.loss) best = { loss, bins };
  }
  return spread / best.bins;
}

/** Width of bins by rule. */
const rules = {
  // Long tails must not give millions of bins, nor a spread of 0 one.
  auto: (s: Sample): number => Math.min(Math.max(freedmanDiaconis(s), squareRoot(s) / 2), sturges(s)),
  doane,
  fd: freedmanDiaconis,
  rice: ({ n, spread }: Sample): number => spread / (2 * Math.cbrt(n)),
  scott: ({ x, n }: Sample): number => Math.cbrt((24 * Math.sqrt(Math.PI)) / n) * number(std(x)),
  sqrt: squareRoot,
  stone,
  sturges,
} as const;

export type BinRule = keyof typeof rules;
const isRule = (x: unknown): x is BinRule => typeof x === 'string' && Object.hasOwn(rules, x);

/** Edges as the user gets them, and as the counting kernel takes them. */
export interface Binning {
  readonly result: NDArray;
  readonly edges: Edges;
}

/** Dtype in which samples and edges are compared. */
const comparing = (d: DType): DType =>
  d.kind === 'f' ? dtypes.float64 : d.kind === 'u' || d.kind === 'b' ? dtypes.uint64 : dtypes.int64;

/** Samples of a histogram: real, resident. */
export function sampleArray(x: ArrayLike, where: string): NDArray {
  const a = residentArray(x, where);
  if (a.dtype.kind !== 'c') return nd(a);
  throw new DTypeError(
    `${where}: ${a.dtype.name} has no order to make bins by`,
    'pass the real or the imaginary part',
    {
      dtype: a.dtype.name,
    },
  );
}

function equalBins(a: ArrayBase, low: number, high: number, bins: number): Binning {
  const dtype = a.dtype.kind === 'f' ? a.dtype : dtypes.float64;
  const result = linspace(low, high, bins + 1, { dtype });
  return { result, edges: { at: heapCopy(result, dtypes.float64), through: dtype, uniform: true } };
}

function givenEdges(a: ArrayBase, bins: ArrayBase, where: string): Binning {
  if (bins.ndim !== 1 || bins.size < 1) {
    throw new ShapeError(
      `${where}: edges of ${bins.ndim} dimensions and ${bins.size} elements`,
      'pass a list of edges',
      {
        shape: bins.shape,
      },
    );
  }
  const result = nd(sampleArray(bins, where));
  const clash =
    [a.dtype, bins.dtype].some((d) => d === dtypes.uint64) && (a.dtype.kind === 'i' || bins.dtype.kind === 'i');
  const common = clash ? dtypes.float64 : promote(a.dtype, bins.dtype);
  const at = heapCopy(result, comparing(common));
  const rising = subtract(result.get('1:'), 0);
  if (bins.size > 1 && !rising.greater_equal(result.get(':-1')).all()) {
    throw new ArgumentError(`${where}: the edges do not rise`, 'sort them first', {});
  }
  return { result, edges: { at, through: common, uniform: false } };
}

function outerEdges(a: NDArray, range: BinRange | null | undefined, where: string): [number, number] {
  let [low, high] = range ?? [0, 1];
  if (range !== undefined && range !== null) {
    if (!Array.isArray(range) || range.length !== 2 || low > high) {
      throw new ArgumentError(`${where}: range is ${describe(range)}`, 'pass [low, high], low not above high', {
        range,
      });
    }
  } else if (a.size > 0) [low, high] = [min(a), max(a)].map(number);
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new ArgumentError(
      `${where}: the range ${low} to ${high} is not finite`,
      'pass a finite range; NaN and infinities among the elements are outside of every bin',
      { low, high },
    );
  }
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

function ruledBins(a: NDArray, rule: BinRule, low: number, high: number, ranged: boolean): number {
  let x = a.ndim === 1 ? a : ravel(a);
  if (ranged) x = inside(x, low, high);
  if (x.size === 0) return 1;
  const spread = number(max(x)) - number(min(x));
  let width = rules[rule]({ x, n: x.size, spread });
  if (a.dtype.kind !== 'f' && width < 1) width = width > 0 ? 1 : 0;
  return width > 0 ? Math.ceil((high - low) / width) : 1;
}

/** Settles bins for samples. @throws ArgumentError for what gives no bins. */
export function settleBins(a: NDArray, o: BinEdgesOptions, where: string): Binning {
  const { bins = 10, range, weights } = o;
  if (typeof bins === 'string') {
    if (!isRule(bins)) {
      throw new ArgumentError(`${where}: there is no rule '${bins}'`, `use ${Object.keys(rules).join(', ')}`, { bins });
    }
    if (weights !== undefined && weights !== null) {
      throw new ArgumentError(`${where}: rules do not take weights`, 'pass a number of bins, or edges', { bins });
    }
    const [low, high] = outerEdges(a, range, where);
    return equalBins(a, low, high, ruledBins(a, bins, low, high, range !== undefined && range !== null));
  }
  const given = typeof bins === 'number' ? bins : toArray(bins, `${where} bins`);
  if (given instanceof ArrayBase && given.ndim > 0) return givenEdges(a, given, where);
  const count = number(given instanceof ArrayBase ? readAt(given, given.offset) : given);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new ArgumentError(`${where}: ${count} bins`, 'pass an integer from 1, edges, or the name of a rule', {
      bins: count,
    });
  }
  const [low, high] = outerEdges(a, range, where);
  return equalBins(a, low, high, count);
}

const edgesOptions = new Options(['bins', 'value'], ['range', 'value'], ['weights', 'value']);

/**
 * The edges that {@link histogram} would use: for a number of bins (10 by default) or a rule (`auto`, `fd`, `doane`,
 * `scott`, `stone`, `rice`, `sturges`, `sqrt`) equal bins over the range, as float64 or the samples' float dtype.
 * @throws ArgumentError for unknown rules, ranges that are not finite, edges that do not rise.
 * @example np.histogram_bin_edges([0, 1, 4], 2) // array([0., 2., 4.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.histogram_bin_edges.html
 */
export function histogram_bin_edges(a: ArrayLike, bins?: Bins | BinEdgesOptions, options?: BinEdgesOptions): NDArray {
  const where = 'np.histogram_bin_edges';
  return settleBins(sampleArray(a, where), binArguments<BinEdgesOptions>(bins, options, edgesOptions, where), where)
    .result;
}

/** `f(a, bins, options)` or `f(a, options)` as options. */
export function binArguments<O extends { readonly bins?: unknown }>(
  bins: O['bins'] | O,
  options: O | undefined,
  known: Options,
  where: string,
): O {
  const alone =
    typeof bins === 'object' && !Array.isArray(bins) && !ArrayBuffer.isView(bins) && !(bins instanceof ArrayBase);
  const o = (alone ? bins : { ...options, ...(bins !== undefined && { bins }) }) as O; // checked just below
  known.check(o, where);
  if (alone && options !== undefined) known.check(null, where);
  return o;
}
