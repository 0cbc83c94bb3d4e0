// The k best along an axis: of every block its k best, then of the k best of neighbours again, until one block is left.
// Neighbours stand in order, and of equal elements the first are taken, so that the grid leaves no trace.

import { take_along_axis } from '../../array/take.ts';
import { dtypes } from '../../dtype/dtype.ts';
import { lazy } from '../../lazy/lazy.ts';
import { top_k } from '../../routines/sorting.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';
import { arrayOf, replaced, withStretch } from './pieces.ts';

interface Best {
  readonly axis: number;
  readonly k: number;
  readonly mode: 'largest' | 'smallest';
  /** Elements of the operand along the axis that are looked at together. */
  readonly per: number;
}

export const bestRow: OperationRow<Best> = {
  name: 'best',
  kept: true,
  eager: true,
  needs({ axis, per, k }, region, inputs) {
    const from = Math.floor(region.start[axis] / Math.max(1, k)) * per;
    return inputs.map((x) => withStretch(region, axis, from, Math.min(per, x.shape[axis] - from)));
  },
  apply({ axis, k, mode }, [x, at], _, [read]) {
    const a = arrayOf(x);
    const { values, indices } = top_k(a, Math.min(k, a.shape[axis]), { axis, mode });
    const positions =
      at === undefined
        ? lazy(indices).astype(dtypes.int64).add(BigInt(read.start[axis]))
        : lazy(take_along_axis(arrayOf(at), indices, axis));
    return [lazy(values), positions];
  },
  text: ({ axis, k }) => `best ${k} along axis ${axis}`,
};

/** Blocks of candidates that are looked at together. */
const FAN = 16;

/** The k best elements along an axis, best first, and their positions (int64). */
export function best(x: Node, axis: number, k: number, mode: Best['mode']): OpNode[] {
  let inputs: readonly Node[] = [x];
  for (let per = Math.ceil(Math.max(1, k) / x.chunks[axis]) * x.chunks[axis]; ; per = FAN * Math.max(1, k)) {
    const length = inputs[0].shape[axis];
    const groups = Math.max(1, Math.ceil(length / per));
    const left = (groups - 1) * k + Math.min(k, length - (groups - 1) * per);
    const results = [x.dtype, dtypes.int64].map((dtype) => ({ shape: replaced(x.shape, axis, left), dtype }));
    const op = operation(bestRow, { axis, k, mode, per }, inputs);
    const made = resultsOf(op, results, replaced(x.chunks, axis, Math.max(1, k)));
    if (groups === 1) return made;
    inputs = made;
  }
}
