// Ranges written as text, 'start:stop:step', for grids and r_: what np.mgrid[0:3:0.5] says in brackets. Numbers without
// point or exponent are integers (int64), as in Python; a step like '5j' is a number of points, the last included.

import { add, multiply } from '../array/functions.generated.ts';
import type { NDArray } from '../array/ndarray.ts';
import { arange } from '../array/ranges.ts';
import { ArgumentError } from '../base/errors.ts';
import type { DType } from '../dtype/dtype.ts';
import { dtypes } from '../dtype/dtype.ts';
import { describe } from '../exec/options.ts';

export interface Range {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  /** Number of points. */
  readonly count: number;
  /** The points were counted: the last one is `stop`. */
  readonly counted: boolean;
  readonly dtype: DType;
}

const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const pattern = new RegExp(String.raw`^\s*(${number})?\s*:\s*(${number})\s*(?::\s*(${number})(j)?\s*)?$`);

/**
 * The range that a text says.
 * @throws ArgumentError for other texts and for a step of 0.
 * @example parseRange('0:1:5j', 'np.mgrid').step // 0.25
 */
export function parseRange(text: string, where: string): Range {
  const m = pattern.exec(String(text));
  if (m === null) {
    throw new ArgumentError(
      `${where}: ${describe(text)} is not a range`,
      "write 'start:stop', 'start:stop:step' or 'start:stop:5j' for 5 points, both ends included",
      { range: text },
    );
  }
  const given = [m[1], m[2], m[3]].filter((x) => x !== undefined);
  const [start, stop, third] = [Number(m[1] ?? 0), Number(m[2]), Number(m[3] ?? 1)];
  if (m[4] === 'j') {
    const count = Math.floor(Math.abs(third));
    const step = count > 1 ? (stop - start) / (count - 1) : Number.NaN;
    return { start, stop, step: count > 1 ? step : 0, count, counted: true, dtype: dtypes.float64 };
  }
  if (third === 0) throw new ArgumentError(`${where}: the step of '${text}' is 0`, 'use another step', { range: text });
  const count = Math.max(0, Math.ceil((stop - start) / third));
  const dtype = given.every((x) => /^[-+]?\d+$/.test(x)) ? dtypes.int64 : dtypes.float64;
  return { start, stop, step: third, count, counted: false, dtype };
}

/** The points of a range in a dtype, int64 or float64. */
export function pointsOf({ start, step, count }: Range, dtype: DType): NDArray {
  if (dtype === dtypes.int64) return arange(0n, BigInt(count)).multiply(step).add(start) as NDArray; // of an array
  return add(multiply(arange(count), step), start) as NDArray;
}
