// Running sums, products and extremes, and differences, of arrays in chunks.

import { reduceOptions } from '../../array/reductions.ts';
import { type RunningOptions, runningOptions } from '../../array/running.ts';
import { AxisError, ShapeError } from '../../base/errors.ts';
import { asDType } from '../../dtype/dtype.ts';
import { Options } from '../../exec/options.ts';
import { normalizeAxis } from '../../shape/strides.ts';
import { ChunkedArray, type ChunkedLike, nodeOf, refuseOut } from '../array.ts';
import { fullNode } from '../operations/create.ts';
import { type ScanName, scanned } from '../operations/scan.ts';
import { concatenate } from './arrange.ts';

/** A function that runs along an axis. */
export interface Running {
  (x: ChunkedLike, axis?: number | null, options?: Omit<RunningOptions, 'out'>): ChunkedArray;
  (x: ChunkedLike, options: Omit<RunningOptions, 'out'>): ChunkedArray;
}

const runningOver =
  (name: ScanName): Running =>
  (x: ChunkedLike, axis?: number | null | RunningOptions, options?: RunningOptions): ChunkedArray => {
    const where = `np.chunked.${name}`;
    const o = reduceOptions<RunningOptions>(axis, options, runningOptions, where);
    refuseOut(o.out, where);
    const given = new ChunkedArray(nodeOf(x, where));
    const flat = o.axis === undefined || o.axis === null;
    const a = flat ? given.ravel() : given;
    const d = flat ? 0 : normalizeAxis(o.axis ?? 0, a.ndim, where);
    return new ChunkedArray(scanned(a.node, name, d, o.dtype === undefined ? undefined : asDType(o.dtype)));
  };

/**
 * Running sums along an axis, or of the flattened array. Integers are exact; a sum of floats is the total of the blocks before
 * and the running sum of its own block.
 * @throws AxisError.
 * @example String(await np.chunked.cumsum(np.chunked.ones([4], { chunks: 2 })).compute()) // '[1. 2. 3. 4.]'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.cumsum.html
 */
export const cumsum: Running = runningOver('cumsum');
/** Running products along an axis, or of the flattened array. @see https://numpy.org/doc/stable/reference/generated/numpy.cumprod.html */
export const cumprod: Running = runningOver('cumprod');
/** Running sums in which NaN counts as 0. @see https://numpy.org/doc/stable/reference/generated/numpy.nancumsum.html */
export const nancumsum: Running = runningOver('nancumsum');
/** Running products in which NaN counts as 1. @see https://numpy.org/doc/stable/reference/generated/numpy.nancumprod.html */
export const nancumprod: Running = runningOver('nancumprod');
/** The greatest element so far along an axis: `np.maximum.accumulate`. */
export const cummax: Running = runningOver('cummax');
/** The least element so far along an axis: `np.minimum.accumulate`. */
export const cummin: Running = runningOver('cummin');

export interface CumulativeOptions extends Omit<RunningOptions, 'out'> {
  /** Put the identity before the first element. */
  readonly include_initial?: boolean;
}
const cumulativeOptions = new Options('axis', 'dtype', 'include_initial');

const cumulative =
  (name: 'cumsum' | 'cumprod', where: string) =>
  (x: ChunkedLike, options: CumulativeOptions = {}): ChunkedArray => {
    cumulativeOptions.check(options, where);
    const a = new ChunkedArray(nodeOf(x, where));
    if (a.ndim !== 1 && (options.axis === undefined || options.axis === null)) {
      throw new AxisError(`${where} of ${a.ndim} dimensions needs an axis`, 'pass { axis: 0 }', { ndim: a.ndim });
    }
    const axis = normalizeAxis(options.axis ?? 0, a.ndim, where);
    const made = new ChunkedArray(
      scanned(a.node, name, axis, options.dtype === undefined ? undefined : asDType(options.dtype)),
    );
    if (options.include_initial !== true) return made;
    const shape = made.shape.map((n, d) => (d === axis ? 1 : n));
    const first = fullNode(shape, { value: name === 'cumsum' ? 0 : 1, dtype: made.dtype.name }, made.chunks);
    return concatenate([new ChunkedArray(first), made], axis);
  };
/** Running sums along an axis (required beyond one dimension), as the array API standard has them. */
export const cumulative_sum = cumulative('cumsum', 'np.chunked.cumulative_sum');
/** Running products along an axis, as the array API standard has them. */
export const cumulative_prod = cumulative('cumprod', 'np.chunked.cumulative_prod');

/**
 * Differences of neighbours along an axis, `n` times over.
 * @throws ShapeError for arrays without axes, AxisError.
 * @example String(await np.chunked.diff([1, 4, 9]).compute()) // '[3. 5.]'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.diff.html
 */
export function diff(x: ChunkedLike, n = 1, axis = -1): ChunkedArray {
  const where = 'np.chunked.diff';
  let a = new ChunkedArray(nodeOf(x, where));
  if (a.ndim === 0) throw new ShapeError(`${where} of an array without axes`, 'reshape it first', {});
  const d = normalizeAxis(axis, a.ndim, where);
  const along = (slice: string): string[] => a.shape.map((_, i) => (i === d ? slice : ':'));
  for (let i = 0; i < n; i++) {
    const [after, before] = [a.get(...along('1:')), a.get(...along(':-1'))];
    a = a.dtype.kind === 'b' ? after.not_equal(before) : after.subtract(before);
  }
  return a;
}
