// Elementwise operations on blocks: whatever the namespace does with expressions element by element, each as the rectangle of
// operands that broadcast to it and the call itself. Dtypes and shapes come from the call on expressions without values.

import type { NDArray } from '../../array/ndarray.ts';
import type { DType } from '../../dtype/dtype.ts';
import { dtypes } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import type { Region } from '../../io/store.ts';
import { Lazy } from '../../lazy/lazy.ts';
import { slotOf } from '../../lazy/node.ts';
import {
  type Node,
  type Operation,
  type OperationRow,
  type OpNode,
  operation,
  resultsOf,
  type Value,
} from '../node.ts';

/** The rectangle of an operand that broadcasts to a rectangle of the result. */
export function broadcastRegion(region: Region, to: readonly number[]): Region {
  const skip = region.shape.length - to.length;
  const at = (i: number): number => (to[i] === 1 ? 0 : region.start[i + skip]);
  return { start: to.map((_, i) => at(i)), shape: to.map((n, i) => (n === 1 ? 1 : region.shape[i + skip])) };
}

/** A call on expressions by its name and what it takes besides. */
export interface Elementwise {
  /** For reports and for plans that are written down. */
  readonly name: string;
  readonly options?: unknown;
  readonly call: (values: readonly Value[]) => Value | readonly Value[];
}

const row: OperationRow<Elementwise> = {
  name: 'elementwise',
  needs: (_, region, inputs) => inputs.map((n) => broadcastRegion(region, n.shape)),
  apply: (p, values) => listOf(p.call(values)),
  text: (p) => p.name,
};

const listOf = (made: Value | readonly Value[]): readonly Value[] =>
  Array.isArray(made) ? (made as readonly Value[]) : [made as Value]; // no value is a list

const example = (d: DType): Scalar => (d.kind === 'f' ? 1.5 : d.kind === 'b' ? true : 1);

/** What stands for an operand while its dtype and shape alone are looked at. */
export function standIn(n: Node, slot: number): Value {
  if (n.kind === 'held' && !isArray(n.value)) return n.value;
  const weak = n.kind === 'op' && n.weak;
  return new Lazy(weak ? slotOf(slot, [], n.dtype, example(n.dtype)) : slotOf(slot, n.shape, n.dtype));
}

const isArray = (x: NDArray | Scalar): x is NDArray => typeof x === 'object' && 'storage' in x;

/** Extents of the result's blocks: of the operand that decides along each axis, the smallest. */
export function meetingChunks(inputs: readonly Node[], shape: readonly number[]): readonly number[] {
  return shape.map((n, d) => {
    let extent = Math.max(1, n);
    for (const x of inputs) {
      const i = d - (shape.length - x.shape.length);
      if (x.kind !== 'held' && i >= 0 && x.shape[i] === n) extent = Math.min(extent, x.chunks[i]);
    }
    return extent;
  });
}

/** The results of a call on operands. @throws whatever the call throws for operands of these dtypes and shapes. */
export function elementwise(p: Elementwise, inputs: readonly Node[]): OpNode[] {
  const made = listOf(p.call(inputs.map(standIn)));
  const op: Operation = operation(row, p, inputs);
  const results = made.map((x) =>
    x instanceof Lazy
      ? { shape: x.shape, dtype: x.dtype, weak: x.node.weak }
      : { shape: [], dtype: dtypes.float64, weak: true },
  );
  return resultsOf(op, results, meetingChunks(inputs, results[0].shape));
}
