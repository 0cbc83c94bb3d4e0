// What pad's modes work on: the options of pad, and one axis of the array that is being padded.

import { type NDArray, nd } from '../array/ndarray.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { reinterpret } from '../exec/array_base.ts';
import type { Pair, PairsLike } from './pairs.ts';

/** Fills the borders of a vector, which is a view: `widths` elements before and after belong to the border. */
export type PadFunction = (vector: NDArray, widths: Pair<number>, axis: number, options: PadOptions) => void;

export type PadMode =
  | 'constant'
  | 'edge'
  | 'linear_ramp'
  | 'maximum'
  | 'mean'
  | 'median'
  | 'minimum'
  | 'reflect'
  | 'symmetric'
  | 'wrap'
  | 'empty';

export interface PadOptions {
  /** What the borders hold; default 'constant'. */
  readonly mode?: PadMode | PadFunction;
  /** Values of the borders in mode 'constant' (0). */
  readonly constant_values?: PairsLike<Scalar>;
  /** Values at the outer ends in mode 'linear_ramp' (0). */
  readonly end_values?: PairsLike<Scalar>;
  /** How many elements next to the border the statistic is taken of; null (default): all. */
  readonly stat_length?: PairsLike<number | null>;
  /** 'odd': mirrored at the edge's value too, as for a point. */
  readonly reflect_type?: 'even' | 'odd';
  /** Whatever a function as mode needs. */
  readonly [option: string]: unknown;
}

/** The array that is being padded, and one axis of it. */
export interface Side {
  /** The result, on later axes cut to the array's own place. */
  readonly region: NDArray;
  readonly axis: number;
  readonly widths: Pair<number>;
  readonly options: PadOptions;
}

/** `length` positions from `start` on along the axis. */
export function strip({ region, axis }: Side, start: number, length: number): NDArray {
  const shape = region.shape.slice();
  shape[axis] = length;
  return nd(reinterpret(region, region.offset + start * region.strides[axis], shape, region.strides));
}
