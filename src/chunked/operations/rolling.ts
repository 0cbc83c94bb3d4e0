// Reductions of all windows of neighbours along an axis: a block reads as many elements more as a window has, less one.

import type { NDArray } from '../../array/ndarray.ts';
import { max, min, prod, sum } from '../../array/reduce_functions.ts';
import { mean, std, var as variance } from '../../array/statistics.ts';
import type { DType } from '../../dtype/dtype.ts';
import { lazy } from '../../lazy/lazy.ts';
import { median } from '../../routines/median.ts';
import { sliding_window_view } from '../../routines/stride_tricks.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';
import { arrayOf, replaced, withStretch } from './pieces.ts';

const windows = { sum, prod, min, max, mean, median, std, var: variance } as const;
export type RollingName = keyof typeof windows;
export const rollingNames = Object.keys(windows) as RollingName[]; // its keys

type Reduce = (x: NDArray, options: { readonly axis: number }) => unknown;

interface Rolling {
  readonly name: RollingName;
  readonly axis: number;
  readonly size: number;
}

export const rollingRow: OperationRow<Rolling> = {
  name: 'rolling',
  eager: true,
  needs: ({ axis, size }, region) => [
    withStretch(region, axis, region.start[axis], region.shape.includes(0) ? 0 : region.shape[axis] + size - 1),
  ],
  apply: (p, [x], region) => [lazy(rolled(p, arrayOf(x))).reshape(region.shape)],
  text: ({ name, axis, size }) => `${name} of ${size} along axis ${axis}`,
};

/** A reduction of all windows of an array in memory; of no elements, none. */
export const rolled = ({ name, axis, size }: Rolling, x: NDArray): NDArray =>
  x.shape[axis] < size ? x : ((windows[name] as Reduce)(sliding_window_view(x, size, axis), { axis: -1 }) as NDArray); // along an axis

export const rollingNode = (x: Node, p: Rolling, dtype: DType): OpNode =>
  resultsOf(
    operation(rollingRow, p, [x]),
    [{ shape: replaced(x.shape, p.axis, x.shape[p.axis] - p.size + 1), dtype }],
    x.chunks.map((c, d) => (d === p.axis ? Math.max(1, Math.min(c, x.shape[d] - p.size + 1)) : c)),
  )[0];
