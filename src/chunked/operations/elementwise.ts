// Elementwise operations on blocks: whatever the namespace does with expressions element by element, each as the rectangle of
// operands that broadcast to it and the call itself. Dtypes and shapes come from the call on expressions without values.

import type { NDArray } from '../../array/ndarray.ts';
import { where as choose } from '../../array/select.ts';
import { ufuncNamed } from '../../array/ufuncs.ts';
import { asDType, type DType, type DTypeName, dtypes } from '../../dtype/dtype.ts';
import type { Casting } from '../../dtype/promotion.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import type { UfuncOptions } from '../../exec/call.ts';
import type { Ufunc } from '../../exec/ufunc.ts';
import type { Region } from '../../io/store.ts';
import { Lazy } from '../../lazy/lazy.ts';
import { slotOf } from '../../lazy/node.ts';
import { sizeOf } from '../../shape/strides.ts';
import { AUTO_BYTES } from '../grid.ts';
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

/** A call on expressions as plain data: which kind of call, the name, and what it takes besides its operands. */
export interface Elementwise {
  readonly call: CallName;
  readonly name: string;
  /** A mask is the last operand. */
  readonly masked?: boolean;
  readonly options?: UfuncOptions | ConvertOptions;
  /** A function of the user. */
  readonly ufunc?: Ufunc;
}

interface ConvertOptions {
  readonly dtype: string;
  readonly casting: Casting;
}

type Call = (p: Elementwise, values: readonly Value[]) => Value | readonly Value[];

const calls = {
  ufunc(p, values) {
    const ufunc = p.ufunc ?? (ufuncNamed(p.name) as Ufunc); // the name of a row otherwise
    const asked = p.masked ? { ...p.options, where: values[ufunc.nin] } : p.options;
    const first = values.find((v): v is Lazy => v instanceof Lazy) as Lazy; // one of them is an expression
    return first.applied(ufunc, values.slice(0, ufunc.nin), asked as UfuncOptions) as Lazy | Lazy[]; // a row's options
  },
  where: (_, [c, a, b]) => choose(c as never, a as never, b as never) as never, // the function takes expressions
  astype(p, [x]) {
    const { dtype, casting } = p.options as ConvertOptions;
    return (x as Lazy).converted(asDType(dtype as DTypeName), casting); // this is no number
  },
} satisfies Record<string, Call>;
type CallName = keyof typeof calls;

export const elementwiseRow: OperationRow<Elementwise> = {
  name: 'elementwise',
  needs: (_, region, inputs) => inputs.map((n) => broadcastRegion(region, n.shape)),
  apply: (p, values) => listOf((calls[p.call] as Call)(p, values)),
  text: (p) => p.name,
};
const ownRow: OperationRow<Elementwise> = { ...elementwiseRow, name: 'own elementwise', local: true };

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

/**
 * Extents of the result's blocks: along each axis those of the largest operand that has it, so that a row or a column of another
 * grid does not cut a matrix into pieces. Where operands stretch each other, blocks stay as small as any operand's, or usual.
 */
export function meetingChunks(inputs: readonly Node[], shape: readonly number[], itemsize: number): readonly number[] {
  const bySize = inputs.filter((x) => x.kind !== 'held').sort((a, b) => sizeOf(b.shape) - sizeOf(a.shape));
  const chunks = shape.map((n, d) => {
    const along = (x: Node): number => d - (shape.length - x.shape.length);
    const first = bySize.find((x) => along(x) >= 0 && x.shape[along(x)] === n);
    return first === undefined ? Math.max(1, n) : first.chunks[along(first)];
  });
  const most = Math.max(AUTO_BYTES, ...bySize.map((x) => sizeOf(x.chunks) * x.dtype.itemsize));
  while (sizeOf(chunks) * itemsize > most) {
    const longest = chunks.indexOf(Math.max(...chunks));
    chunks[longest] = Math.ceil(chunks[longest] / 2);
  }
  return chunks;
}

/** The results of a call on operands. @throws whatever the call throws for operands of these dtypes and shapes. */
export function elementwise(p: Elementwise, inputs: readonly Node[]): OpNode[] {
  const made = listOf((calls[p.call] as Call)(p, inputs.map(standIn)));
  const op: Operation = operation(p.ufunc === undefined ? elementwiseRow : ownRow, p, inputs);
  const results = made.map((x) =>
    x instanceof Lazy
      ? { shape: x.shape, dtype: x.dtype, weak: x.node.weak }
      : { shape: [], dtype: dtypes.float64, weak: true },
  );
  return resultsOf(op, results, meetingChunks(inputs, results[0].shape, results[0].dtype.itemsize));
}
