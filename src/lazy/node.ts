// The nodes of expressions: immutable, each with the shape and dtype that the array would have. A node says what is
// computed, never how: stages, kernels and tiles are made of nodes by plan.ts. What calls mean is in build.ts.

import type { DType } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, viewOf } from '../exec/array_base.ts';
import { arrayFrom } from '../exec/coerce.ts';
import type { ViewStep } from '../exec/deferred.ts';
import { wrapHost } from '../memory/storage.ts';
import type { LoopTypes } from '../ops/define.ts';
import type { Monoid, ReduceRow } from '../ops/reduce/define.ts';
import { contiguousStrides } from '../shape/strides.ts';

interface Value {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Comes out as a JavaScript scalar, and joins arrays of floats as one: a reduction of all elements. */
  readonly weak: boolean;
}

/** An array or number that is there before anything is computed: held, or given with each run. */
export interface Source extends Value {
  readonly kind: 'source';
  readonly held: ArrayBase | undefined;
  /** Number of the argument it comes from; -1 where it is held. */
  readonly slot: number;
  /** A number, not an array; it takes the dtype it joins. */
  readonly scalar: Scalar | undefined;
}

/** One elementwise operation; several outputs share it. */
export interface Step {
  readonly name: string;
  /** Equal keys compute the same of equal operands. */
  readonly key: string;
  readonly types: LoopTypes;
  readonly args: readonly Node[];
  /** Elements of an operand that it must not see, looked for before it runs. */
  readonly refused: Refused | undefined;
}

export interface Refused {
  /** Is there such an element? A bool. */
  readonly met: Node;
  readonly error: () => Error;
}

export interface MapNode extends Value {
  readonly kind: 'map';
  readonly step: Step;
  readonly out: number;
}

/** Operands, broadcast to `over`, reduced along axes. The result has the kept axes and the dtype of the state. */
export interface ReduceNode extends Value {
  readonly kind: 'reduce';
  readonly name: string;
  readonly key: string;
  readonly monoid: Monoid;
  readonly args: readonly Node[];
  readonly over: readonly number[];
  readonly axes: readonly number[];
  /** Sums and products: what looks for their faults. */
  readonly faults: { readonly row: ReduceRow; readonly working: DType } | undefined;
}

export interface ViewNode extends Value {
  readonly kind: 'view';
  readonly step: ViewStep;
  readonly of: Node;
}

/** A function of arrays along one axis that needs its operand whole there: positions of extremes. */
export interface AlongNode extends Value {
  readonly kind: 'along';
  readonly name: string;
  readonly arg: Node;
  readonly axis: number;
  readonly run: (a: ArrayBase) => ArrayBase;
}

export type Node = Source | MapNode | ReduceNode | ViewNode | AlongNode;
/** What a stage of its own may compute. */
export type Computed = MapNode | ReduceNode | AlongNode;

/** The operands of a node. */
export function operandsOf(n: Node): readonly Node[] {
  switch (n.kind) {
    case 'source':
      return [];
    case 'map':
      return n.step.args;
    case 'reduce':
      return n.args;
    case 'view':
      return [n.of];
    case 'along':
      return [n.arg];
  }
}

/** All nodes below the roots, operands before their users. */
export function inOrder(roots: readonly Node[]): Node[] {
  const seen = new Set<Node>();
  const out: Node[] = [];
  const stack: { readonly n: Node; readonly of: readonly Node[]; next: number }[] = [];
  const enter = (n: Node): void => {
    if (seen.has(n)) return;
    seen.add(n);
    stack.push({ n, of: operandsOf(n), next: 0 });
  };
  for (const r of roots) {
    enter(r);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (top.next < top.of.length) enter(top.of[top.next++]);
      else {
        out.push(top.n);
        stack.pop();
      }
    }
  }
  return out;
}

/** An array that is there. */
export const sourceOf = (held: ArrayBase): Source => ({
  kind: 'source',
  shape: held.shape,
  dtype: held.dtype,
  weak: false,
  held,
  slot: -1,
  scalar: undefined,
});

/** A number that joined an operation in dtype `d`, checked there. */
export const literal = (x: Scalar, d: DType, where: string): Source => ({
  kind: 'source',
  shape: [],
  dtype: d,
  weak: false,
  held: arrayFrom(x, d, where),
  slot: -1,
  scalar: x,
});

/** What comes with each run: an array of this shape, or (`scalar`, an example) a number. */
export const slotOf = (slot: number, shape: readonly number[], dtype: DType, scalar?: Scalar): Source => ({
  kind: 'source',
  shape,
  dtype,
  weak: scalar !== undefined,
  held: undefined,
  slot,
  scalar,
});

let nothing: ReturnType<typeof wrapHost> | undefined;

/** An array of a shape without bytes, of which views can be taken to see what they do. */
export function probe(shape: readonly number[], dtype: DType): ArrayBase {
  nothing ??= wrapHost(new Uint8Array(64));
  return viewOf(nothing, 0, shape, contiguousStrides(shape, dtype.itemsize), dtype);
}

/** A view of what a node computes. @throws as the view of an array of its shape. */
export function viewNode(of: Node, step: ViewStep): Node {
  const { shape } = step.of(probe(of.shape, of.dtype));
  return { kind: 'view', step, of, shape, dtype: of.dtype, weak: of.weak && shape.length === 0 };
}
