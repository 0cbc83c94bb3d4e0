// Counts over all elements: histograms and occurrences of integers. Each block gives its counts, as a row; rows are summed as
// any array in chunks is. Edges that depend on the data come as operands, from a pass of their own.

import type { NDArray } from '../../array/ndarray.ts';
import { max } from '../../array/reduce_functions.ts';
import { broadcast_to } from '../../array/views.ts';
import { ArgumentError } from '../../base/errors.ts';
import { type DType, dtypes } from '../../dtype/dtype.ts';
import { lazy } from '../../lazy/lazy.ts';
import { histogram_bin_edges } from '../../routines/bin_edges.ts';
import { bincount } from '../../routines/bincount.ts';
import { histogram } from '../../routines/histogram.ts';
import { gridOf } from '../grid.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';
import { broadcastRegion } from './elementwise.ts';
import { arrayOf } from './pieces.ts';

/** How blocks are counted, as plain data. */
interface Counts {
  readonly name: CounterName;
  /** Number of bins, or their edges. */
  readonly bins: number | readonly number[];
  /** Where the bins lie; undefined where the least and the greatest element come as operands. */
  readonly range: readonly [number, number] | undefined;
  readonly weighted: boolean;
}

type Counter = (p: Counts, x: NDArray, weights: NDArray | undefined, ends: readonly NDArray[]) => NDArray;

const endsOf = (p: Counts, ends: readonly NDArray[]): [number, number] | undefined =>
  p.range === undefined && ends.length === 2
    ? [Number(ends[0].item()), Number(ends[1].item())]
    : (p.range as [number, number]);

const counters = {
  histogram: (p, x, weights, ends) => histogram(x, p.bins as number, { range: endsOf(p, ends), weights })[0],
  bincount(p, x, weights) {
    const length = p.bins as number;
    if (x.size > 0 && Number(max(x)) >= length) {
      throw new ArgumentError(`np.chunked.bincount: an element beyond the ${length} counters`, 'pass a larger length', {
        length,
      });
    }
    return bincount(x.reshape(-1), { weights: weights?.reshape(-1), minlength: length });
  },
} satisfies Record<string, Counter>;
export type CounterName = keyof typeof counters;

/** The counts of each block, as a row. */
export const countRow: OperationRow<Counts & { readonly chunks: readonly number[] }> = {
  name: 'counts of blocks',
  eager: true,
  needs({ chunks, weighted }, region, inputs) {
    const [x] = inputs;
    const start = x.shape.map((_, d) => region.start[d] * chunks[d]);
    const own = { start, shape: start.map((s, d) => Math.min(chunks[d] * region.shape[d], x.shape[d] - s)) };
    return inputs.map((n, i) =>
      i === 0 ? own : weighted && i === 1 ? broadcastRegion(own, n.shape) : { start: [], shape: [] },
    );
  },
  apply(p, values, region) {
    const [x, ...more] = values.map(arrayOf);
    const given = p.weighted ? more.shift() : undefined;
    const weights = given === undefined ? undefined : (broadcast_to(given, x.shape) as NDArray); // of an array
    const made = (counters[p.name] as Counter)(p, x, weights, more);
    return [lazy(made).reshape(region.shape)];
  },
  text: ({ name }) => `${name} of blocks`,
};

/** The counts of each block: an axis per axis of the operand, and the bins. */
export function countsOf(p: Counts, inputs: readonly Node[], dtype: DType): OpNode {
  const [x] = inputs;
  const { counts } = gridOf(x.shape, x.chunks);
  const bins = typeof p.bins === 'number' ? p.bins : p.bins.length - 1;
  return resultsOf(
    operation(countRow, { ...p, chunks: x.chunks }, inputs),
    [{ shape: [...counts, bins], dtype }],
    [...counts.map(() => 1), Math.max(1, bins)],
  )[0];
}

/** Edges of bins between the least and the greatest element. */
export const edgesRow: OperationRow<{ readonly bins: number }> = {
  name: 'edges',
  kept: true,
  eager: true,
  needs: (_, _region, inputs) => inputs.map(() => ({ start: [], shape: [] })),
  apply({ bins }, ends, region) {
    const [low, high] = ends.map((v) => Number(arrayOf(v).item()));
    const made = histogram_bin_edges(arrayOf(ends[0]).reshape(1), bins, { range: [low, high] });
    return [lazy(made).get(`${region.start[0]}:${region.start[0] + region.shape[0]}`)];
  },
};
export const edgesOf = (ends: readonly Node[], bins: number): OpNode =>
  resultsOf(operation(edgesRow, { bins }, ends), [{ shape: [bins + 1], dtype: dtypes.float64 }], [bins + 1])[0];
