// Order of arrays in chunks: sort, argsort, partition, the k best, quantiles, distinct values.

import { ones } from '../../array/creation.ts';
import type { NDArray } from '../../array/ndarray.ts';
import { reduceOptions } from '../../array/reductions.ts';
import { where as choose } from '../../array/select.ts';
import { moveaxis, squeeze } from '../../array/views.ts';
import { ArgumentError, ShapeError } from '../../base/errors.ts';
import { type DType, dtypes } from '../../dtype/dtype.ts';
import { Options } from '../../exec/options.ts';
import { quantile as quantileOf } from '../../routines/quantile.ts';
import { normalizeAxes, normalizeAxis } from '../../shape/strides.ts';
import { ChunkedArray, type ChunkedLike, nodeOf } from '../array.ts';
import { type ComputeOptions, computeAll } from '../compute.ts';
import { gridOf } from '../grid.ts';
import { type AlongName, alongNode } from '../operations/along.ts';
import { mergeSorted } from '../operations/merge_sort.ts';
import { fromSummary } from '../operations/summary.ts';
import { best } from '../operations/top.ts';
import { levelsOf, treeStates } from '../operations/tree.ts';
import { take } from './arrange.ts';

/** Bytes of a line along an axis that is sorted in one block. */
const LINE = 2 ** 26;

export interface ChunkedSortOptions {
  readonly axis?: number | null;
  readonly stable?: boolean;
  readonly descending?: boolean;
  /** How: whole lines in a block, merged from sorted blocks, or by the length of a line (64 MB). */
  readonly method?: 'whole' | 'merge' | 'auto';
}
const sortOptions = new Options('axis', 'stable', 'descending', ['method', 'value']);

interface Asked {
  readonly a: ChunkedArray;
  readonly axis: number;
  readonly merged: boolean;
  readonly options: { readonly stable?: boolean; readonly descending?: boolean };
}

function settle(
  x: ChunkedLike,
  axis: number | null | ChunkedSortOptions | undefined,
  more: ChunkedSortOptions | undefined,
  where: string,
): Asked {
  const o = reduceOptions<ChunkedSortOptions>(axis, more, sortOptions, where);
  const given = new ChunkedArray(nodeOf(x, where));
  const a = o.axis === null ? given.ravel() : given;
  const d = o.axis === null ? 0 : normalizeAxis(o.axis ?? -1, a.ndim, where);
  const { method = 'auto', stable, descending } = o;
  if (!['whole', 'merge', 'auto'].includes(method)) {
    throw new ArgumentError(`${where}: no method '${method}'`, "use 'whole', 'merge' or 'auto'", { method });
  }
  return {
    a,
    axis: d,
    merged: method === 'merge' || (method === 'auto' && isLong(a, d)),
    options: { stable, descending },
  };
}
const isLong = (a: ChunkedArray, axis: number): boolean =>
  a.shape[axis] * a.dtype.itemsize > LINE && a.chunks[axis] < a.shape[axis];

/** Extents of runs: blocks of the operand, or larger ones where those are small. */
const runOf = (a: ChunkedArray, axis: number, method: boolean): number => {
  const own = a.chunks[axis];
  if (!method) return own;
  const most = Math.floor(RUN / a.dtype.itemsize);
  return Math.min(a.shape[axis], own >= most ? own : most - (most % own));
};
const RUN = 2 ** 24;

interface Sort {
  (x: ChunkedLike, axis?: number | null, options?: ChunkedSortOptions): ChunkedArray;
  (x: ChunkedLike, options: ChunkedSortOptions): ChunkedArray;
}

/**
 * A sorted copy along an axis, the last one by default; NaN last. A line that is longer than a block is sorted in blocks and
 * merged: two passes over the data, memory of two blocks.
 * @throws AxisError, ArgumentError for options that do not exist.
 * @example (await np.chunked.sort(np.chunked.from([3, 1, 2], { chunks: 2 })).compute()).tolist() // [1, 2, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.sort.html
 */
export const sort: Sort = (x: ChunkedLike, axis?: number | null | ChunkedSortOptions, more?: ChunkedSortOptions) => {
  const { a, axis: d, merged, options } = settle(x, axis, more, 'np.chunked.sort');
  if (!merged || a.size === 0) return new ChunkedArray(alongNode(a.node, 'sort', d, options));
  return new ChunkedArray(mergeSorted(a.node, d, runOf(a, d, isLong(a, d)), options, false)[0]);
};

/**
 * The positions (int64) that sort along an axis; equal elements keep their order.
 * @throws as sort.
 * @example (await np.chunked.argsort([3, 1, 2]).compute()).tolist() // [1, 2, 0]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.argsort.html
 */
export const argsort: Sort = (x: ChunkedLike, axis?: number | null | ChunkedSortOptions, more?: ChunkedSortOptions) => {
  const { a, axis: d, merged, options } = settle(x, axis, more, 'np.chunked.argsort');
  if (!merged || a.size === 0) return new ChunkedArray(alongNode(a.node, 'argsort', d, options, dtypes.int64));
  return new ChunkedArray(mergeSorted(a.node, d, runOf(a, d, isLong(a, d)), options, true)[1]);
};

/** So that elements before and after the places `kth` are less and greater: by sorting. @see https://numpy.org/doc/stable/reference/generated/numpy.partition.html */
export const partition = (x: ChunkedLike, kth: number | readonly number[], axis = -1): ChunkedArray =>
  placed(x, kth, axis, 'partition');
/** The positions of `partition`, as int64. @see https://numpy.org/doc/stable/reference/generated/numpy.argpartition.html */
export const argpartition = (x: ChunkedLike, kth: number | readonly number[], axis = -1): ChunkedArray =>
  placed(x, kth, axis, 'argpartition');

function placed(
  x: ChunkedLike,
  kth: number | readonly number[],
  axis: number,
  name: 'partition' | 'argpartition',
): ChunkedArray {
  const where = `np.chunked.${name}`;
  const { a, axis: d, merged } = settle(x, axis, undefined, where);
  const n = a.shape[d];
  const places = typeof kth === 'number' ? [kth] : kth;
  if (places.some((k) => !Number.isSafeInteger(k) || k >= n || k < -n)) {
    throw new ArgumentError(`${where}: kth ${kth} of an axis of ${n}`, `places go from ${-n} to ${n - 1}`, {
      kth,
      size: n,
    });
  }
  if (merged) return name === 'partition' ? sort(a, d) : argsort(a, d);
  return new ChunkedArray(alongNode(a.node, name, d, places, name === 'partition' ? a.dtype : dtypes.int64));
}

export interface TopOptions {
  readonly axis?: number | null;
  readonly mode?: 'largest' | 'smallest';
}
const topOptions = new Options('axis', ['mode', 'topMode']);

/**
 * The k largest (or smallest) elements along an axis, or of all, best first, and their positions (int64); NaN last, of equal
 * elements the first. One pass: memory for k elements per block.
 * @throws ArgumentError for a k that is no integer from 0 to the number of elements, AxisError.
 * @example (await np.chunked.top_k(np.chunked.arange(5), 2).values.compute()).tolist() // [4, 3]
 */
export function top_k(
  x: ChunkedLike,
  k: number,
  options: TopOptions = {},
): { values: ChunkedArray; indices: ChunkedArray } {
  const where = 'np.chunked.top_k';
  topOptions.check(options, where);
  const given = new ChunkedArray(nodeOf(x, where));
  const flat = options.axis === undefined || options.axis === null;
  const a = flat ? given.ravel() : given;
  const d = flat ? 0 : normalizeAxis(options.axis ?? 0, a.ndim, where);
  if (!Number.isSafeInteger(k) || k < 0 || k > a.shape[d]) {
    throw new ArgumentError(`${where}: k is ${k}`, `pass an integer from 0 to ${a.shape[d]}`, { k, size: a.shape[d] });
  }
  const [values, indices] = best(a.node, d, k, options.mode ?? 'largest').map((n) => new ChunkedArray(n));
  return { values, indices };
}

export interface ChunkedQuantileOptions {
  readonly axis?: number | readonly number[] | null;
  /** One of NumPy's definitions ('linear'), or 'sketch': approximate, of all elements, in one pass. */
  readonly method?: string;
  readonly keepdims?: boolean;
  /** Of 'sketch': how far the rank of a result may be from the one asked for, as a part of all elements; 0.001. */
  readonly error?: number;
}
const quantileOptions = new Options('axis', ['method', 'value'], 'keepdims', ['error', 'number']);

// The axes as one, the last; and how it comes back.
function asLine(
  a: ChunkedArray,
  axis: ChunkedQuantileOptions['axis'],
  where: string,
): { line: ChunkedArray; axes: readonly number[] } {
  const axes = normalizeAxes(axis, a.ndim, where);
  if (axes.length === a.ndim) return { line: a.ravel(), axes };
  const rest = a.shape.flatMap((_, d) => (axes.includes(d) ? [] : [d]));
  const turned = a.transpose([...rest, ...axes]);
  return { line: axes.length === 1 ? turned : turned.reshape([...rest.map((d) => a.shape[d]), -1]), axes };
}

function quantiles(
  x: ChunkedLike,
  q: readonly number[],
  o: ChunkedQuantileOptions,
  skips: boolean,
  where: string,
): { made: ChunkedArray; axes: readonly number[]; ndim: number } {
  const a = new ChunkedArray(nodeOf(x, where));
  const { method = 'linear' } = o;
  if (q.some((p) => !(p >= 0 && p <= 1))) throw new ArgumentError(`${where}: q outside of its range`, 'check q', { q });
  if (a.dtype.kind === 'c')
    throw new ArgumentError(`${where} of complex numbers`, 'take the real part', { dtype: a.dtype.name });
  if (method === 'sketch') {
    const axes = normalizeAxes(o.axis, a.ndim, where);
    if (axes.length < a.ndim) {
      throw new ArgumentError(
        `${where}: a sketch along an axis`,
        'leave axis out; along an axis the exact methods take a block at a time',
        { axis: o.axis },
      );
    }
    return { made: sketched(a, q, o.error ?? 0.001, skips, where), axes, ndim: a.ndim };
  }
  const { line, axes } = asLine(a, o.axis, where);
  const d = line.ndim - 1;
  const n = line.shape[d];
  if (n === 0) throw new ShapeError(`${where} of no elements`, 'check the size first', { shape: a.shape });
  const { dtype } = quantileOf(ones([1], { dtype: a.dtype }), [0.5], { method } as never) as NDArray; // refuses methods that there are not
  if (!isLong(line, d)) {
    const made = alongNode(line.node, skips ? 'nanquantile' : 'quantile', d, { q, method }, dtype, q.length);
    return { made: moveaxis(new ChunkedArray(made) as never, -1, 0) as unknown as ChunkedArray, axes, ndim: a.ndim }; // a view hands over
  }
  if (skips || !['linear', 'lower', 'higher', 'midpoint'].includes(method)) {
    throw new ArgumentError(
      `${where}: method '${method}'${skips ? ' without NaN' : ''} along ${n} elements, too many for a block`,
      "use 'linear', 'lower', 'higher' or 'midpoint', or 'sketch' for a result within an error",
      { method, size: n },
    );
  }
  return { made: ranked(line, q, method, dtype), axes, ndim: a.ndim };
}

// Elements at places of the sorted line, of which only the blocks with these places are merged.
function ranked(line: ChunkedArray, q: readonly number[], method: string, dtype: DType): ChunkedArray {
  const d = line.ndim - 1;
  const n = line.shape[d];
  const sorted = sort(line, d);
  const at = q.map((p) => p * (n - 1));
  const last = sorted.get('...', '-1:').astype(dtype);
  const side = (round: (x: number) => number): ChunkedArray => take(sorted, at.map(round), d).astype(dtype);
  const [below, above] = [side(Math.floor), side(Math.ceil)];
  const share = at.map((h) =>
    method === 'lower'
      ? 0
      : method === 'higher'
        ? Math.ceil(h) - Math.floor(h)
        : method === 'midpoint' && h !== Math.floor(h)
          ? 0.5
          : h - Math.floor(h),
  );
  const made = below.add(above.subtract(below).multiply(share).astype(dtype));
  const exact = choose(share.map((s) => s === 0) as never, below as never, made as never) as unknown as ChunkedArray; // hands over
  const checked = dtype.kind === 'f' ? choose(last.isnan() as never, Number.NaN, exact as never) : exact;
  return moveaxis(checked as never, -1, 0) as unknown as ChunkedArray; // as above
}

function sketched(a: ChunkedArray, q: readonly number[], error: number, skips: boolean, where: string): ChunkedArray {
  if (!(error > 0 && error < 1))
    throw new ArgumentError(`${where}: error ${error}`, 'pass a number between 0 and 1', { error });
  const line = a.ndim === 0 ? a.ravel() : a;
  const { counts } = gridOf(line.shape, line.chunks);
  const all = line.shape.map((_, d) => d);
  let size = 2;
  for (let levels = 0; ; levels++) {
    size = Math.max(size, Math.ceil((levels + 1) / error) + 1);
    if (levels >= levelsOf(counts, size * 16)) break;
  }
  const states = treeStates('summary', { size, skips }, [line.node], all);
  return new ChunkedArray(fromSummary(states, q));
}

type AxisGiven = number | readonly number[] | null;
/** `f(x, axis, options)` or `f(x, options)` as options. */
const withAxis = <O extends { readonly axis?: AxisGiven }>(given: AxisGiven | O | undefined, more: O | undefined): O =>
  typeof given === 'number' || given === null || Array.isArray(given)
    ? ({ ...more, axis: given } as O) // with what it takes
    : ((given ?? {}) as O); // no axis, as just seen

interface Quantile {
  (x: ChunkedLike, q: number | readonly number[], axis: AxisGiven, options?: ChunkedQuantileOptions): ChunkedArray;
  (x: ChunkedLike, q: number | readonly number[], options?: ChunkedQuantileOptions): ChunkedArray;
}
const quantileFunction =
  (name: string, percent: boolean, skips: boolean): Quantile =>
  (
    x: ChunkedLike,
    q: number | readonly number[],
    axis?: AxisGiven | ChunkedQuantileOptions,
    more?: ChunkedQuantileOptions,
  ) => {
    const where = `np.chunked.${name}`;
    const options = withAxis<ChunkedQuantileOptions>(axis, more);
    quantileOptions.check(options, where);
    const list = (typeof q === 'number' ? [q] : q).map((p) => (percent ? p / 100 : p));
    const { made, axes, ndim } = quantiles(x, list, options, skips, where);
    const wide =
      options.keepdims === true
        ? made.get(
            ...[
              ':',
              ...axes.reduce(
                (index: (string | null)[], d) => index.toSpliced(d, 0, null),
                new Array(ndim - axes.length).fill(':'),
              ),
            ],
          )
        : made;
    return typeof q === 'number' ? wide.get(0) : wide;
  };

/**
 * Quantiles along axes, or of all elements: exact, of lines sorted in blocks or merged. `method: 'sketch'` asks for a result
 * whose rank is within `error` of the one asked for, in one pass and little memory.
 * @throws ArgumentError for a q outside of 0 to 1 or a method that there is not, AxisError.
 * @example await np.chunked.quantile(np.chunked.arange(5), 0.5).compute() // array(2.)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.quantile.html
 */
export const quantile: Quantile = quantileFunction('quantile', false, false);
/** Quantiles in percent. @see https://numpy.org/doc/stable/reference/generated/numpy.percentile.html */
export const percentile: Quantile = quantileFunction('percentile', true, false);
/** Quantiles of the elements that are not NaN. @see https://numpy.org/doc/stable/reference/generated/numpy.nanquantile.html */
export const nanquantile: Quantile = quantileFunction('nanquantile', false, true);
/** The same in percent. @see https://numpy.org/doc/stable/reference/generated/numpy.nanpercentile.html */
export const nanpercentile: Quantile = quantileFunction('nanpercentile', true, true);

type MedianOptions = Omit<ChunkedQuantileOptions, 'method'> & { readonly method?: 'sketch' };
interface Median {
  (x: ChunkedLike, axis: AxisGiven, options?: MedianOptions): ChunkedArray;
  (x: ChunkedLike, options?: MedianOptions): ChunkedArray;
}
const medianFunction =
  (name: AlongName & ('median' | 'nanmedian')): Median =>
  (x: ChunkedLike, axis?: AxisGiven | MedianOptions, more?: MedianOptions): ChunkedArray => {
    const where = `np.chunked.${name}`;
    const options = withAxis<MedianOptions>(axis, more);
    quantileOptions.check(options, where);
    const a = new ChunkedArray(nodeOf(x, where));
    const { line, axes } = asLine(a, options.axis, where);
    const d = line.ndim - 1;
    const whole = options.method === undefined && !isLong(line, d) && line.shape[d] > 0 && a.dtype.kind !== 'c';
    if (!whole) return (name === 'median' ? quantile : nanquantile)(a, 0.5, options);
    const dtype = a.dtype.kind === 'f' ? a.dtype : dtypes.float64;
    const made = new ChunkedArray(alongNode(line.node, name, d, null, dtype, 1));
    const gone = squeeze(made as never, d) as unknown as ChunkedArray; // a view hands over
    if (options.keepdims !== true) return gone;
    return gone.get(
      ...axes.reduce((index: (string | null)[], at) => index.toSpliced(at, 0, null), new Array(gone.ndim).fill(':')),
    );
  };
/** The median along axes, or of all elements, as quantile. @see https://numpy.org/doc/stable/reference/generated/numpy.median.html */
export const median = medianFunction('median');
/** The median of the elements that are not NaN. @see https://numpy.org/doc/stable/reference/generated/numpy.nanmedian.html */
export const nanmedian = medianFunction('nanmedian');

export interface UniqueOptions extends ComputeOptions {
  /** Most distinct values: so much is held of every block. */
  readonly limit?: number;
  readonly return_counts?: boolean;
}

/**
 * The distinct values in ascending order, NaN last, and with `return_counts` how often each occurs: in memory, as how many
 * there are is known only then.
 * @throws ArgumentError where there are more than `limit` (65,536).
 * @example (await np.chunked.unique(np.chunked.from([3, 1, 3], { chunks: 1 }))).tolist() // [1, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.unique.html
 */
export async function unique(
  x: ChunkedLike,
  options: UniqueOptions & { readonly return_counts: true },
): Promise<[NDArray, NDArray]>;
export async function unique(x: ChunkedLike, options?: UniqueOptions): Promise<NDArray>;
export async function unique(x: ChunkedLike, options: UniqueOptions = {}): Promise<NDArray | [NDArray, NDArray]> {
  const where = 'np.chunked.unique';
  const { limit = 2 ** 16, return_counts: counted, ...rest } = options;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new ArgumentError(`${where}: limit ${limit}`, 'pass an integer from 1', { limit });
  const given = new ChunkedArray(nodeOf(x, where));
  const a = given.ndim === 0 ? given.ravel() : given;
  const states = treeStates(
    'distinct',
    { limit },
    [a.node],
    a.shape.map((_, d) => d),
  );
  const [values, counts] = (await computeAll(states, rest)).map((s) => (s as NDArray).reshape(-1)); // states have axes
  const some = counts.greater(0);
  return counted === true ? [values.get(some), counts.get(some)] : values.get(some);
}
