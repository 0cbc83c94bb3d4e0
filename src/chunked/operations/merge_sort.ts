// Sorting along an axis that is too long for a block: blocks are sorted and kept as runs, with every so manieth element as a
// sample; from the samples of all runs follows which stretch of each run a block of the result may need, at most as much
// again as the block itself; these stretches are sorted together, and the block cut out. Two passes over the data, exact,
// stable, the same for every grid. Source: sampling of runs for exact splitting as in Varman, Scheufler, Iyer, Ricard (1991),
// "Merging multiple lists on hierarchical-memory multiprocessors".

import { empty } from '../../array/creation.ts';
import type { NDArray } from '../../array/ndarray.ts';
import { argsort, sort } from '../../array/sorting.ts';
import { take_along_axis } from '../../array/take.ts';
import { dtypes } from '../../dtype/dtype.ts';
import type { Region } from '../../io/store.ts';
import { type Lazy, lazy } from '../../lazy/lazy.ts';
import { estimating } from '../../memory/allocate.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';
import { arrayOf, cut, joinedAlong, replaced, withStretch } from './pieces.ts';

interface Merge {
  readonly axis: number;
  /** Elements along the axis, of a run, between two samples. */
  readonly length: number;
  readonly extent: number;
  readonly step: number;
  readonly options: { readonly stable?: boolean; readonly descending?: boolean };
  /** Positions instead of elements. */
  readonly positions: boolean;
}

const orderOf = ({ axis, options }: Merge, x: NDArray): NDArray => argsort(x, { ...options, stable: true, axis });

/** A sorted block, and where its elements were. */
export const runRow: OperationRow<Merge> = {
  name: 'sorted block',
  eager: true,
  needs: (_, region) => [region],
  apply(p, [x], region) {
    const a = arrayOf(x);
    if (!p.positions) return [lazy(sort(a, { ...p.options, axis: p.axis }))];
    const order = orderOf(p, a);
    const from = lazy(order).astype(dtypes.int64).add(BigInt(region.start[p.axis]));
    return [lazy(take_along_axis(a, order, p.axis)), from];
  },
};

/** Runs, kept for all who merge them. */
export const keepRow: OperationRow<Merge> = {
  name: 'sorted runs',
  kept: true,
  needs: (_, region, inputs) => inputs.map(() => region),
  apply: (_, values) => values,
  text: ({ axis }) => `sorted runs along axis ${axis}`,
};

export const sampleRow: OperationRow<Merge> = {
  name: 'samples of runs',
  kept: true,
  needs({ axis, extent, step, length }, region) {
    const from = (region.start[axis] / Math.ceil(extent / step)) * extent;
    return [withStretch(region, axis, from, Math.min(extent, length - from))];
  },
  apply: ({ axis, step }, [x]) => [
    (x as Lazy).get(...(x as Lazy).shape.map((_, d) => (d === axis ? `::${step}` : ':'))), // it has the axis
  ],
};

/** Of each block of the result: where the stretch of each run begins and ends. */
interface Cuts {
  readonly from: readonly Int32Array[];
  readonly to: readonly Int32Array[];
}

const known = new WeakMap<NDArray, Cuts[]>();

/** Cuts of every line, in C order of the lines. */
function cutsOf(p: Merge, samples: NDArray): Cuts[] {
  const found = known.get(samples);
  if (found !== undefined) return found;
  const last = samples.ndim - 1;
  const order = orderOf(p, samples).swapaxes(p.axis, last).reshape(-1, samples.shape[p.axis]);
  const made: Cuts[] = [];
  for (let line = 0; line < order.shape[0]; line++) made.push(lineCuts(p, order.get(line).copy().data as Int32Array)); // argsort gives int32
  known.set(samples, made);
  return made;
}

function lineCuts({ length, extent, step }: Merge, order: Int32Array): Cuts {
  const runs = Math.ceil(length / extent);
  const each = Math.ceil(extent / step);
  const seen = new Int32Array(runs);
  const sizeOf = (run: number): number => Math.min(extent, length - run * extent);
  const least = (run: number): number => (seen[run] === 0 ? 0 : (seen[run] - 1) * step + 1);
  const most = (run: number): number => Math.min(seen[run] * step, sizeOf(run));
  const from: Int32Array[] = [];
  const to: Int32Array[] = [];
  // Elements that are surely, and that may be, before the sample that is looked at.
  let [sure, maybe] = [0, 0];
  const now = (of: (run: number) => number): Int32Array => Int32Array.from(seen, (_, run) => of(run));
  for (let i = 0; i <= order.length; i++) {
    const run = i < order.length ? Math.floor(order[i] / each) : 0;
    const after = i < order.length ? maybe - most(run) + Math.min((seen[run] + 1) * step, sizeOf(run)) : length + 1;
    while (from.length < runs && after > from.length * extent) from.push(now(least));
    while (to.length < runs && sure >= Math.min((to.length + 1) * extent, length)) to.push(now(most));
    if (i === order.length) break;
    maybe = after;
    sure -= least(run);
    seen[run]++;
    sure += least(run);
  }
  while (to.length < runs) to.push(now(sizeOf));
  return { from, to };
}

/** Stretches of runs for the blocks `first` to `last` of some lines. */
function stretches(cuts: readonly Cuts[], run: number, first: number, last: number): readonly [number, number] {
  let [from, to] = [Number.POSITIVE_INFINITY, 0];
  for (const line of cuts) {
    from = Math.min(from, line.from[first][run]);
    to = Math.max(to, line.to[last][run]);
  }
  return [from, Math.max(from, to)];
}

// The lines of a rectangle, as numbers in C order with the axis last, as `cutsOf` counts them.
function linesIn({ axis }: Merge, { start, shape }: Region, full: readonly number[]): number[] {
  const swap = (list: readonly number[]): number[] => {
    const made = [...list];
    [made[axis], made[made.length - 1]] = [made[made.length - 1], made[axis]];
    return made.slice(0, -1);
  };
  const [from, n, all] = [swap(start), swap(shape), swap(full)];
  let found = [0];
  for (let d = 0; d < n.length; d++) {
    found = found.flatMap((line) => Array.from({ length: n[d] }, (_, i) => line * all[d] + from[d] + i));
  }
  return found;
}

export const mergeRow: OperationRow<Merge> = {
  name: 'merge',
  eager: true,
  rereads: true,
  tables: [0],
  needs(p, region, inputs, tables) {
    const { axis, length, extent, step } = p;
    const runs = Math.ceil(length / extent);
    const none = { start: region.shape.map(() => 0), shape: replaced(region.shape, axis, 0) };
    if (region.shape.includes(0)) return inputs.map(() => none);
    const first = Math.floor(region.start[axis] / extent);
    const last = Math.ceil((region.start[axis] + region.shape[axis]) / extent) - 1;
    const cuts =
      tables === undefined
        ? undefined
        : linesIn(p, region, replaced(inputs[0].shape, axis, length)).map((line) => cutsOf(p, tables[0])[line]);
    return inputs.map((_, i) => {
      if (i === 0) return none;
      const run = (i - 1) % runs;
      const most = Math.min(extent, length - run * extent);
      const [from, to] =
        cuts === undefined
          ? [0, Math.min(most, Math.ceil(((last - first + 1) * extent) / runs) + 2 * step)]
          : stretches(cuts, run, first, last);
      return withStretch(region, axis, run * extent + from, to - from);
    });
  },
  apply(p, values, region, needed) {
    const { axis, extent, length } = p;
    const runs = Math.ceil(length / extent);
    const whole = (from: number): NDArray => joinedAlong(values.slice(from, from + runs).map(arrayOf), axis);
    const before = needed
      .slice(1, 1 + runs)
      .reduce((n, r, run) => n + (r.shape[axis] === 0 && r.start[axis] === 0 ? 0 : r.start[axis] - run * extent), 0);
    const from = region.start[axis] - before;
    const end = from + region.shape[axis];
    const all = whole(1);
    if (estimating()) {
      // Without tables the stretches are as long as any may be, and not those of this block.
      const made = p.positions ? [take_along_axis(all, orderOf(p, all), axis), whole(1 + runs)] : [sort(all, { axis })];
      return made.map((a) => lazy(empty(region.shape, { dtype: a.dtype })));
    }
    if (!p.positions) return [lazy(cut(sort(all, { ...p.options, axis }), axis, from, end))];
    const order = cut(orderOf(p, all), axis, from, end);
    return [lazy(take_along_axis(all, order, axis)), lazy(take_along_axis(whole(1 + runs), order, axis))];
  },
  text: ({ axis }) => `merge of sorted runs along axis ${axis}`,
};

/** A node sorted along an axis: its elements and, where they are asked for, their positions (int64). */
export function mergeSorted(
  x: Node,
  axis: number,
  extent: number,
  options: Merge['options'],
  positions: boolean,
): OpNode[] {
  const length = x.shape[axis];
  const runs = Math.ceil(length / extent);
  const step = Math.max(1, Math.floor(extent / (4 * runs)));
  const p: Merge = { axis, length, extent, step, options, positions };
  const chunks = x.shape.map((_, d) => (d === axis ? extent : 1));
  const results = [
    { shape: x.shape, dtype: x.dtype },
    { shape: x.shape, dtype: dtypes.int64 },
  ].slice(0, positions ? 2 : 1);
  const sorted = resultsOf(operation(runRow, p, [x]), results, chunks);
  const kept = resultsOf(operation(keepRow, p, sorted), results, chunks);
  const each = Math.ceil(extent / step);
  const count = (runs - 1) * each + Math.ceil((length - (runs - 1) * extent) / step);
  const [samples] = resultsOf(
    operation(sampleRow, p, sorted.slice(0, 1)),
    [{ shape: replaced(x.shape, axis, count), dtype: x.dtype }],
    replaced(chunks, axis, each),
  );
  const inputs = [samples, ...kept.flatMap((n) => new Array<OpNode>(runs).fill(n))];
  return resultsOf(operation(mergeRow, p, inputs), results, chunks);
}
