// Running sums, products and extremes along an axis: the total of every block, the totals of all blocks before each, and the
// running values of each block joined with those. Integers are exact; floats are what adding the total before a block to the
// block's own running sums gives: the blocks along the axis decide on the rounding, and nothing else.

import type { NDArray } from '../../array/ndarray.ts';
import { cumprod, cumsum } from '../../array/running.ts';
import { accumulate } from '../../array/ufunc/reduce.ts';
import { ufuncs } from '../../array/ufuncs.ts';
import { asDType, type DType, type DTypeName } from '../../dtype/dtype.ts';
import { callUfunc } from '../../exec/call.ts';
import { lazy } from '../../lazy/lazy.ts';
import { wideAccumulator } from '../../ops/reduce/define.ts';
import { nancumprod, nancumsum } from '../../routines/nan_reductions.ts';
import { gridOf } from '../grid.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';
import { arrayOf, cut, joinedAlong, replaced, withStretch } from './pieces.ts';
import { reduced } from './reductions.ts';

const running = (name: 'maximum' | 'minimum') => (x: NDArray, axis: number) => accumulate(ufuncs[name], x, { axis });

/** What runs along an axis: the running values, the total, and how two stretches join. */
const scans = {
  cumsum: { along: cumsum, total: 'sum', join: 'add', wide: true },
  cumprod: { along: cumprod, total: 'prod', join: 'multiply', wide: true },
  nancumsum: { along: nancumsum, total: 'nansum', join: 'add', wide: true },
  nancumprod: { along: nancumprod, total: 'nanprod', join: 'multiply', wide: true },
  cummax: { along: running('maximum'), total: 'max', join: 'maximum', wide: false },
  cummin: { along: running('minimum'), total: 'min', join: 'minimum', wide: false },
} as const;
export type ScanName = keyof typeof scans;

interface Scan {
  readonly name: ScanName;
  readonly axis: number;
  readonly dtype: DTypeName;
  /** Extents of the operand's blocks along the axis. */
  readonly extent: number;
}

const typed = ({ name, dtype }: Scan) => (scans[name].wide ? { dtype: asDType(dtype) } : {});
const runningOf = (p: Scan, x: NDArray): NDArray =>
  scans[p.name].along(x, p.axis as never, typed(p) as never) as NDArray; // extremes take no dtype
const join = (name: ScanName, a: NDArray, b: NDArray): NDArray =>
  callUfunc(ufuncs[scans[name].join], [a, b]) as NDArray; // arrays

/** The total of each block. */
export const totalRow: OperationRow<Scan> = {
  name: 'totals of blocks',
  kept: true,
  needs: ({ axis, extent }, region, [x]) => {
    const from = region.start[axis] * extent;
    return [withStretch(region, axis, from, Math.min(extent * region.shape[axis], x.shape[axis] - from))];
  },
  apply: (p, [x]) => [
    reduced(scans[p.name].total, lazy(x as never), { axis: p.axis, keepdims: true, ...typed(p) }), // it has an axis
  ],
  text: (p) => `${p.name}: totals of blocks`,
};

/** The totals of all blocks up to each. */
export const beforeRow: OperationRow<Scan> = {
  name: 'totals before blocks',
  kept: true,
  eager: true,
  needs: ({ axis }, region, [x]) => [withStretch(region, axis, 0, x.shape[axis])],
  apply(p, [totals], region) {
    const from = region.start[p.axis];
    return [lazy(cut(runningOf(p, arrayOf(totals)), p.axis, from, from + region.shape[p.axis]))];
  },
  text: (p) => `${p.name}: totals before blocks`,
};

export const scanRow: OperationRow<Scan> = {
  name: 'scan',
  eager: true,
  rereads: true,
  needs({ axis, extent }, region, [x]) {
    const end = region.start[axis] + region.shape[axis];
    if (region.shape.includes(0)) {
      const none = { start: x.shape.map(() => 0), shape: region.shape };
      return [none, none];
    }
    const first = Math.floor(region.start[axis] / extent);
    const last = Math.ceil(end / extent);
    const skip = Math.max(0, first - 1);
    return [
      withStretch(region, axis, first * extent, end - first * extent),
      withStretch(region, axis, skip, last - 1 - skip),
    ];
  },
  apply(p, [x, before], region, [read]) {
    const { axis, extent } = p;
    const a = arrayOf(x);
    if (region.shape.includes(0)) return [lazy(runningOf(p, a)).reshape(region.shape)];
    const [from, n] = [read.start[axis], read.shape[axis]];
    const first = from / extent;
    const skip = Math.max(0, first - 1);
    const pieces: NDArray[] = [];
    for (let at = 0; at < n; at += extent) {
      const own = runningOf(p, cut(a, axis, at, Math.min(n, at + extent)));
      const block = first + at / extent;
      pieces.push(block === 0 ? own : join(p.name, cut(arrayOf(before), axis, block - 1 - skip, block - skip), own));
    }
    const made = joinedAlong(pieces, axis);
    return [lazy(cut(made, axis, region.start[axis] - from, region.start[axis] - from + region.shape[axis]))];
  },
  text: (p) => `${p.name} along axis ${p.axis}`,
};

/** Running values along an axis. */
export function scanned(x: Node, name: ScanName, axis: number, asked: DType | undefined): OpNode {
  const dtype = scans[name].wide ? (asked ?? wideAccumulator(x.dtype)) : x.dtype;
  const extent = x.chunks[axis];
  const p: Scan = { name, axis, dtype: dtype.name, extent };
  const blocks = gridOf(x.shape, x.chunks).counts[axis];
  const totals = resultsOf(
    operation(totalRow, p, [x]),
    [{ shape: replaced(x.shape, axis, x.shape[axis] === 0 ? 0 : blocks), dtype }],
    replaced(x.chunks, axis, 1),
  );
  const before = resultsOf(
    operation(beforeRow, p, totals),
    [{ shape: totals[0].shape, dtype }],
    replaced(x.chunks, axis, blocks),
  );
  return resultsOf(operation(scanRow, p, [x, ...before]), [{ shape: x.shape, dtype }], x.chunks)[0];
}
