// Summaries of sorted data for approximate quantiles, and of distinct values: states of trees that are computed at once.
// A summary is so many elements at equal distances in the sorted block, the least and the greatest among them, each standing
// for as many elements; merging sorts two weighted summaries and takes elements at equal distances again. Every level of the
// tree may move the rank of an element by n / size, so that an error in ranks is promised, for any data and the same for
// every run. Source: Manku, Rajagopalan, Lindsay (1998), "Approximate medians and other quantiles in one pass and with
// limited memory"; mergeable: Agarwal et al. (2012), "Mergeable summaries".

import { array, zeros } from '../../array/creation.ts';
import { add } from '../../array/functions.generated.ts';
import type { NDArray } from '../../array/ndarray.ts';
import { sort } from '../../array/sorting.ts';
import { ArgumentError, EstimateError } from '../../base/errors.ts';
import { dtypes } from '../../dtype/dtype.ts';
import { type Lazy, lazy } from '../../lazy/lazy.ts';
import { estimating } from '../../memory/allocate.ts';
import { concatenate } from '../../routines/join.ts';
import { unique } from '../../routines/unique.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';
import type { TreeRow } from './tree.ts';

export interface Summary {
  readonly size: number;
  /** NaN is left out; otherwise it is the greatest. */
  readonly skips: boolean;
}

const arrayOf = (x: Lazy): NDArray => x.compute();
const stateOf = (values: Float64Array, weights: Float64Array, axes: number): Lazy[] =>
  [values, weights].map((v) => lazy(array(v)).reshape([...new Array(axes).fill(1), v.length]));

/** Elements at equal distances among sorted ones with weights, both ends among them. */
function thinned(values: Float64Array, weights: Float64Array, size: number): [Float64Array, Float64Array] {
  let total = 0;
  for (const w of weights) total += w;
  const made = new Float64Array(size).fill(Number.NaN);
  const of = new Float64Array(size);
  if (total === 0) return [made, of];
  let last = values.length - 1;
  while (weights[last] === 0) last--;
  let [i, before] = [0, 0];
  for (let k = 0; k < size; k++) {
    const rank = (k / (size - 1)) * total;
    while (i < last && before + weights[i] <= rank) before += weights[i++];
    made[k] = k === size - 1 ? values[last] : values[i];
    of[k] = total / size;
  }
  return [made, of];
}

export const summaryRow: TreeRow<Summary> = {
  text: () => 'summary of ranks',
  eager: true,
  dtypes: () => [dtypes.float64, dtypes.float64],
  extra: ({ size }) => [size],
  partial({ size, skips }, [x], axes) {
    const sorted = sort(arrayOf(x.reshape(-1).astype('float64')));
    const values = sorted.data as Float64Array; // just cast
    let n = values.length;
    if (skips) while (n > 0 && Number.isNaN(values[n - 1])) n--;
    const made = new Float64Array(size).fill(Number.NaN);
    const weights = new Float64Array(size);
    for (let k = 0; k < size && n > 0; k++) {
      made[k] = values[Math.round((k / (size - 1)) * (n - 1))];
      weights[k] = n / size;
    }
    return stateOf(made, weights, axes.length);
  },
  combine({ size }, [values, weights], axes) {
    const [v, w] = [values, weights].map((s) => arrayOf(s.reshape(-1)));
    const order = v.argsort();
    const [sorted, by] = [v, w].map((s) => s.get(order).data as Float64Array); // states are float64
    return stateOf(...thinned(sorted, by, size), axes.length);
  },
  finish: (_, [values]) => values,
};

export interface Distinct {
  readonly limit: number;
}

// So many values at most, with their counts; what is left of the row has count 0.
function rowOf(values: NDArray, counts: NDArray, limit: number, axes: number): Lazy[] {
  const n = values.shape[0];
  if (n > limit) {
    throw new ArgumentError(
      `np.chunked.unique: more than ${limit} distinct values`,
      'pass a larger limit, which is held for every block, or sort the array',
      { limit },
    );
  }
  return [values, counts].map((a) => padded(a, limit).reshape([...new Array(axes).fill(1), limit]));
}

const padded = (a: NDArray, limit: number): Lazy =>
  lazy(a.shape[0] === limit ? a : concatenate([a, zeros([limit - a.shape[0]], { dtype: a.dtype })]));

// How many values there are is not known of arrays without elements.
function refuseGhost(): void {
  if (estimating()) throw new EstimateError('np.chunked.unique: its size depends on elements', 'nothing', {});
}

export const distinctRow: TreeRow<Distinct> = {
  text: () => 'distinct values',
  eager: true,
  dtypes: (_, [d]) => [d, dtypes.int64],
  extra: ({ limit }) => [limit],
  partial({ limit }, [x], axes) {
    refuseGhost();
    const { values, counts } = counted(arrayOf(x).reshape(-1));
    return rowOf(values, counts, limit, axes.length);
  },
  combine({ limit }, [values, counts], axes) {
    refuseGhost();
    const [v, c] = [values, counts].map((s) => arrayOf(s).reshape(-1));
    const some = c.greater(0);
    const [all, weights] = [v.get(some), c.get(some)];
    const [found, inverse] = unique(all, { return_inverse: true, equal_nan: true }) as NDArray[];
    const sums = zeros(found.shape, { dtype: 'int64' });
    add.at(sums, inverse.reshape(-1), weights);
    return rowOf(found, sums, limit, axes.length);
  },
  finish: (_, [values]) => values,
};

function counted(x: NDArray): { values: NDArray; counts: NDArray } {
  const [values, counts] = unique(x, { return_counts: true }) as NDArray[];
  return { values, counts: counts.astype('int64') };
}

/** Quantiles of what two states summarize. */
export const quantilesRow: OperationRow<{ readonly q: readonly number[] }> = {
  name: 'quantiles of a summary',
  eager: true,
  needs: (_, _region, inputs) => inputs.map((n) => ({ start: n.shape.map(() => 0), shape: n.shape })),
  apply({ q }, states, region) {
    const [values, weights] = states.map(
      (s) =>
        arrayOf(s as Lazy)
          .reshape(-1)
          .copy().data as Float64Array,
    ); // states are float64
    const last = values.length - 1;
    const none = weights[last] === 0 || Number.isNaN(values[last]);
    const made = q.map((p) => {
      const at = p * last;
      const [below, above] = [values[Math.floor(at)], values[Math.ceil(at)]];
      return none ? Number.NaN : below === above ? below : below + (above - below) * (at - Math.floor(at));
    });
    return [lazy(array(made.slice(region.start[0], region.start[0] + region.shape[0])))];
  },
};

export const fromSummary = (states: readonly Node[], q: readonly number[]): OpNode =>
  resultsOf(
    operation(quantilesRow, { q }, states),
    [{ shape: [q.length], dtype: dtypes.float64 }],
    [Math.max(1, q.length)],
  )[0];
