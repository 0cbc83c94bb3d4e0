// np.lib: what NumPy keeps one level down. array_utils are questions about axes and memory, stride_tricks views.

import { asNDArray } from '../array/views.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import { extent } from '../shape/overlap.ts';
import { normalizeAxes, normalizeAxis } from '../shape/strides.ts';
import { as_strided, sliding_window_view } from './stride_tricks.ts';

export type { StrideOptions, WindowOptions } from './stride_tricks.ts';

const array_utils = {
  /** Lowest address of an array's elements and the first above them, in the memory that they lie in. */
  byte_bounds(a: ArrayBase): [low: number, high: number] {
    const { storage, offset, shape, strides, dtype } = asNDArray(a, 'byte_bounds');
    return extent(storage.ptr + offset, shape, strides, dtype.itemsize);
  },
  /** An axis counted from either end, as an index from 0; AxisError where there is none. */
  normalize_axis_index: (axis: number, ndim: number, msg_prefix = 'axis'): number =>
    normalizeAxis(axis, ndim, msg_prefix),
  /** The same for one or several axes, each named once unless duplicates are allowed. */
  normalize_axis_tuple: (
    axis: number | readonly number[],
    ndim: number,
    argname = 'axis',
    allow_duplicate = false,
  ): number[] =>
    allow_duplicate ? [axis].flat().map((d) => normalizeAxis(d, ndim, argname)) : normalizeAxes(axis, ndim, argname),
};

/**
 * Functions that NumPy keeps in numpy.lib.
 * @example np.lib.array_utils.normalize_axis_index(-1, 3) // 2
 * @see https://numpy.org/doc/stable/reference/routines.lib.html
 */
export const lib: {
  readonly array_utils: typeof array_utils;
  readonly stride_tricks: {
    readonly as_strided: typeof as_strided;
    readonly sliding_window_view: typeof sliding_window_view;
  };
} = { array_utils, stride_tricks: { as_strided, sliding_window_view } };
