// What can be said about an array in numbers: shape, dtype, layout, and statistics of its elements. NaN and infinities
// are counted and left out of the rest.
import * as np from '../../src/index.ts';
import { orderOf } from '../../src/io/npy.ts';

/** A number, or the text of one that JSON cannot hold (complex, or an integer beyond 2^53). */
export type Value = number | string | null;

export interface Statistics {
  readonly min?: Value;
  readonly max?: Value;
  readonly mean: Value;
  readonly std: Value;
  readonly nan: number;
  readonly inf: number;
  /** Elements that are not zero: of bools, those that are true. */
  readonly nonzero: number;
}

export interface Description {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly order: 'C' | 'F';
  readonly bytes: number;
  /** None for arrays without elements, or without finite ones. */
  readonly statistics?: Statistics;
}

export function describe(a: np.NDArray): Description {
  const statistics = statisticsOf(a);
  return {
    shape: a.shape,
    dtype: a.dtype.name,
    order: orderOf(a),
    bytes: a.nbytes,
    ...(statistics !== undefined && { statistics }),
  };
}

export function statisticsOf(a: np.NDArray): Statistics | undefined {
  if (a.size === 0) return undefined;
  const { kind } = a.dtype;
  const inexact = kind === 'f' || kind === 'c';
  const nan = inexact ? Number(np.count_nonzero(np.isnan(a))) : 0;
  const inf = inexact ? Number(np.count_nonzero(np.isinf(a))) : 0;
  const nonzero = Number(np.count_nonzero(a));
  if (nan + inf >= a.size) return { mean: null, std: null, nan, inf, nonzero };
  const where = nan + inf > 0 ? np.isfinite(a) : undefined;
  const dtype = kind === 'c' ? 'complex128' : 'float64'; // float16 and float32 would lose digits in a long sum
  const [mean, std] = [np.mean(a, { dtype, where }), np.std(a, { dtype, where })].map((x) => valueOf(x));
  const ordered = kind !== 'c' && kind !== 'b';
  return { ...(ordered && extremes(a, where)), mean, std, nan, inf, nonzero };
}

function extremes(a: np.NDArray, where: np.NDArray | undefined): { min: Value; max: Value } {
  const of = (f: typeof np.min, initial: number): Value => {
    const found = f(a, { keepdims: true, ...(where !== undefined && { where, initial }) });
    return valueOf(found.item({ as: 'bigint' }));
  };
  return { min: of(np.min, Number.POSITIVE_INFINITY), max: of(np.max, Number.NEGATIVE_INFINITY) };
}

function valueOf(x: unknown): Value {
  if (typeof x === 'bigint') return Number.isSafeInteger(Number(x)) ? Number(x) : String(x);
  if (typeof x === 'number') return Number.isFinite(x) ? x : String(x);
  return x === null ? null : String(x);
}
