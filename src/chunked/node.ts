// What an array in chunks is made of: nodes that say which elements of their operands a rectangle of theirs needs, and what
// is computed of these. Nothing is computed here, and nothing is decided about stages: plan.ts does.

import type { NDArray } from '../array/ndarray.ts';
import type { DType } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { ArrayStore, Region } from '../io/store.ts';
import type { Lazy } from '../lazy/lazy.ts';

interface Shaped {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Extents of the blocks that it is computed in. */
  readonly chunks: readonly number[];
}

/** Elements of an operand while a block is computed: an expression over arrays that were read, or a number. */
export type Value = Lazy<NDArray | Scalar> | Scalar;

/** Elements in a file or a directory of chunks. */
export interface SourceNode extends Shaped {
  readonly kind: 'source';
  readonly store: ArrayStore;
}

/** An array in memory, or a number as it was given. */
export interface HeldNode extends Shaped {
  readonly kind: 'held';
  readonly value: NDArray | Scalar;
}

/** One of the results of an operation. */
export interface OpNode extends Shaped {
  readonly kind: 'op';
  readonly op: Operation;
  readonly out: number;
  /** Joins arrays of floats as a JavaScript number does: a reduction of all elements. */
  readonly weak: boolean;
  /** Extents of the pieces that its blocks are kept in, where later readers want less than a block. */
  readonly parts?: readonly number[];
}

export type Node = SourceNode | HeldNode | OpNode;

/** Parameters are plain data, so that a plan can be written down: numbers, strings, lists, objects. */
export type Params = Readonly<Record<string, unknown>>;

/** What an operation does, by rectangles. All results of an operation have one shape and one grid. */
export interface OperationRow<P = Params> {
  readonly name: string;
  /**
   * For each operand, the rectangle that a rectangle of the results needs. Never outside the operand. Where it depends on
   * elements, `tables` has them; undefined before a run, when a rectangle as large as any may be is wanted.
   */
  needs(p: P, region: Region, inputs: readonly Node[], tables?: readonly NDArray[]): readonly Region[];
  /** The elements of the rectangle, of all results. What operands come in is what `needs` asked for. */
  apply(p: P, values: readonly Value[], region: Region, needed: readonly Region[]): readonly Value[];
  /** Its results are kept for all who read them, never computed again: partial results, other grids. */
  readonly kept?: true;
  /** Its operands are asked for more than once over all blocks, so that they must be there already. */
  readonly rereads?: true;
  /**
   * `apply` computes at once, of operands that are arrays: sorts, products, functions of users. No part of fused kernels;
   * maybe only where it needs such rectangles.
   */
  readonly eager?: true | ((needed: readonly Region[]) => boolean);
  /** Operands that say which rectangles of the others a block needs: read whole, once, before the first block. */
  readonly tables?: readonly number[];
  /** Its parameters hold a function of the user, so that a plan with it cannot be written down. */
  readonly local?: true;
  /** Words for reports: 'sum over axis 0'. */
  text?(p: P): string;
}

/** A row with its parameters and operands. */
export interface Operation {
  readonly name: string;
  readonly params: Params;
  readonly inputs: readonly Node[];
  readonly kept: boolean;
  readonly rereads: boolean;
  readonly local: boolean;
  /** What is read whole before the first block. */
  readonly tables: readonly Node[];
  readonly text: string;
  needs(region: Region, tables?: readonly NDArray[]): readonly Region[];
  eager(needed: readonly Region[]): boolean;
  apply(values: readonly Value[], region: Region, needed: readonly Region[]): readonly Value[];
}

export function operation<P extends object>(row: OperationRow<P>, params: P, inputs: readonly Node[]): Operation {
  return {
    name: row.name,
    params: params as Params, // a row's parameters are plain data
    inputs,
    kept: row.kept === true,
    rereads: row.rereads === true,
    local: row.local === true,
    tables: row.tables?.map((i) => inputs[i]) ?? [],
    text: row.text?.(params) ?? row.name,
    needs: (region, tables) => row.needs(params, region, inputs, tables),
    eager: (needed) => row.eager === true || row.eager?.(needed) === true,
    apply: (values, region, needed) => row.apply(params, values, region, needed),
  };
}

/** What is known of a result before anything is computed. */
export interface Result {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly weak?: boolean;
}

/** The results of an operation as nodes on one grid. */
export function resultsOf(op: Operation, results: readonly Result[], chunks: readonly number[]): OpNode[] {
  return results.map(({ shape, dtype, weak = false }, out) => ({ kind: 'op', op, out, shape, dtype, chunks, weak }));
}

/** The operands of a node. */
export const inputsOf = (n: Node): readonly Node[] => (n.kind === 'op' ? n.op.inputs : []);

/** All nodes below the roots, operands before their users. */
export function inOrder(roots: readonly Node[]): Node[] {
  const done = new Set<Node>();
  const stack: { readonly n: Node; next: number }[] = [];
  const enter = (n: Node): void => {
    if (!done.has(n)) stack.push({ n, next: 0 });
  };
  for (const root of roots) {
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const inputs = inputsOf(top.n);
      if (top.next < inputs.length) enter(inputs[top.next++]);
      else {
        stack.pop();
        done.add(top.n);
      }
    }
  }
  return [...done];
}
