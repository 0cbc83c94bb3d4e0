// The work of one block of a stage: which rectangles of what is already there it reads, and what is computed of them. Found
// out from the roots down, each operation once per rectangle; computed as one expression, so that it runs fused.

import { asarray } from '../array/creation.ts';
import { getItem } from '../array/indexing.ts';
import { NDArray } from '../array/ndarray.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { Region } from '../io/store.ts';
import { compute } from '../lazy/compute.ts';
import { Lazy, lazy } from '../lazy/lazy.ts';
import { planOf } from '../lazy/plan.ts';
import { regionText } from './grid.ts';
import type { HeldNode, Node, Operation, OpNode, SourceNode, Value } from './node.ts';

/** What is there before a stage begins: a file, or what an earlier stage kept. */
export type Leaf = SourceNode | OpNode;

export interface Read {
  readonly node: Leaf;
  readonly region: Region;
}

interface Cell {
  readonly region: Region;
  /** Number of the read, or what is computed. */
  readonly read?: number;
  readonly held?: HeldNode;
  readonly op?: Operation;
  readonly needed?: readonly Region[];
  readonly inputs?: readonly { readonly cell: Cell; readonly node: Node }[];
}

export interface BlockWork {
  readonly reads: readonly Read[];
  /** Arrays of the roots' rectangles, from the arrays that were read, in their order. */
  evaluate(arrays: readonly NDArray[]): NDArray[];
}

/** What computing the rectangle of each root takes; `leafOf` says where a node's elements are, if they are there. */
export function workOf(
  roots: readonly OpNode[],
  regions: readonly Region[],
  leafOf: (n: Node) => Leaf | undefined,
): BlockWork {
  const cells = new Map<object, Map<string, Cell>>();
  const reads: Read[] = [];
  const order: Cell[] = [];

  const remembered = (key: object, region: Region, make: () => Cell): Cell => {
    let of = cells.get(key);
    if (of === undefined) {
      of = new Map();
      cells.set(key, of);
    }
    const text = regionText(region);
    let cell = of.get(text);
    if (cell === undefined) {
      cell = make();
      of.set(text, cell);
      order.push(cell);
    }
    return cell;
  };
  const cellOf = (n: Node, region: Region): Cell => {
    if (n.kind === 'held') return remembered(n, region, () => ({ region, held: n }));
    const leaf = leafOf(n);
    if (leaf !== undefined) {
      return remembered(n, region, () => ({ region, read: reads.push({ node: leaf, region }) - 1 }));
    }
    if (n.kind === 'source') throw new TypeError('a file is always there');
    return computed(n.op, region);
  };
  const computed = (op: Operation, region: Region): Cell =>
    remembered(op, region, () => {
      const needed = op.needs(region);
      return { region, op, needed, inputs: op.inputs.map((node, i) => ({ node, cell: cellOf(node, needed[i]) })) };
    });
  // Roots are computed even where they count as leaves for others.
  const tops = roots.map((n, i) => computed(n.op, regions[i]));
  return { reads, evaluate: (arrays) => evaluate(order, tops, roots, arrays) };
}

function evaluate(
  order: readonly Cell[],
  tops: readonly Cell[],
  roots: readonly OpNode[],
  arrays: readonly NDArray[],
): NDArray[] {
  const values = new Map<Cell, readonly Value[]>();
  const valueOf = (cell: Cell, n: Node): Value => {
    const made = values.get(cell) as readonly Value[]; // operands come before their users
    const value = made[n.kind === 'op' && cell.op !== undefined ? n.out : 0];
    return n.kind === 'op' && n.weak ? weakly(value) : value;
  };
  for (const cell of order) {
    const { read, held, op, inputs = [], needed = [], region } = cell;
    if (read !== undefined) values.set(cell, [lazy(arrays[read])]);
    else if (held !== undefined) values.set(cell, [heldValue(held, region)]);
    else if (op !== undefined) {
      const operands = inputs.map(({ cell: c, node }) => valueOf(c, node));
      values.set(cell, op.apply(operands, region, needed));
    }
  }
  const results = tops.map((cell, i) => asLazy((values.get(cell) as readonly Value[])[roots[i].out])); // as above
  return compute(planOf(results.map((x) => x.node)), []).map((x) => (x instanceof NDArray ? x : asarray(x)));
}

const asLazy = (v: Value): Lazy => (v instanceof Lazy ? (v as Lazy) : lazy(v)); // a number as an array of no axes

// A full reduction joins arrays of floats as the number that eager calls give: as the reduction of one element does.
const weakly = (v: Value): Value => (v instanceof Lazy ? (v.reshape(1).max() as Lazy<Scalar>) : v);

function heldValue({ value }: HeldNode, region: Region): Value {
  if (!(value instanceof NDArray)) return value;
  const index = region.start.map((s, d) => `${s}:${s + region.shape[d]}`);
  return lazy(index.length === 0 ? value : getItem(value, index));
}
