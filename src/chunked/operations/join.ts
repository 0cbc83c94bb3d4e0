// Arrays side by side along an axis. A block within one of them is that one's, and stays part of a fused kernel.

import { zeros } from '../../array/creation.ts';
import { asDType, type DTypeName } from '../../dtype/dtype.ts';
import { promoteAll } from '../../dtype/promotion.ts';
import { type Lazy, lazy } from '../../lazy/lazy.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';
import { arrayOf, joinedAlong, replaced, withStretch } from './pieces.ts';

interface Join {
  readonly axis: number;
  readonly dtype: DTypeName;
}

export const joinRow: OperationRow<Join> = {
  name: 'concatenate',
  eager: (needed) => needed.filter((r) => !r.shape.includes(0)).length > 1,
  needs({ axis }, region, inputs) {
    const [from, to] = [region.start[axis], region.start[axis] + region.shape[axis]];
    let at = 0;
    return inputs.map(({ shape }) => {
      const [a, b] = [Math.max(from - at, 0), Math.min(to - at, shape[axis])];
      at += shape[axis];
      if (b > a && !region.shape.includes(0)) return withStretch(region, axis, a, b - a);
      return { start: shape.map(() => 0), shape: replaced(region.shape, axis, 0) };
    });
  },
  apply({ axis, dtype }, values, region, needed) {
    const d = asDType(dtype);
    const some = values.filter((_, i) => !needed[i].shape.includes(0)) as Lazy[]; // operands with axes are no numbers
    if (some.length === 0) return [lazy(zeros(region.shape, { dtype: d }))];
    const pieces = some.map((x) => (x.dtype === d ? x : x.astype(d)));
    return [pieces.length === 1 ? pieces[0] : lazy(joinedAlong(pieces.map(arrayOf), axis))];
  },
  text: ({ axis }) => `concatenate along axis ${axis}`,
};

/** Nodes side by side; their shapes differ along the axis at most. */
export function joined(inputs: readonly Node[], axis: number): OpNode {
  const [first] = inputs;
  const dtype = promoteAll(inputs.map((x) => x.dtype));
  const length = inputs.reduce((n, x) => n + x.shape[axis], 0);
  const blocks = inputs.filter((x) => x.kind !== 'held');
  const chunks = first.shape.map((n, d) => {
    const extents = blocks.map((x) => x.chunks[d]);
    return Math.max(1, d === axis ? Math.max(...extents, 1) : Math.min(...extents, Math.max(1, n)));
  });
  const p = { axis, dtype: dtype.name };
  return resultsOf(operation(joinRow, p, inputs), [{ shape: replaced(first.shape, axis, length), dtype }], chunks)[0];
}
