// The work of one block of a stage: which rectangles of what is already there it reads, and what is computed of them. Found
// out from the roots down, each operation once per rectangle, as one expression, so that it runs fused. Running is program.ts.

import { zeros } from '../array/creation.ts';
import { getItem } from '../array/indexing.ts';
import { NDArray } from '../array/ndarray.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { Region } from '../io/store.ts';
import { compute } from '../lazy/compute.ts';
import { Lazy, lazy } from '../lazy/lazy.ts';
import { planOf } from '../lazy/plan.ts';
import type { HeldNode, Node, Operation, OpNode, SourceNode, Value } from './node.ts';

/** What is there before a stage begins: a file, or what an earlier stage kept. */
export type Leaf = SourceNode | OpNode;

export interface Read {
  readonly node: Leaf;
  readonly region: Region;
}

/** A rectangle of a node in a block: read, held in memory, or computed of other cells. */
export interface Cell {
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
  readonly roots: readonly OpNode[];
  /** Operands before their users. */
  readonly cells: readonly Cell[];
  /** The cell of each root. */
  readonly tops: readonly Cell[];
}

/** What operations were told to read before the first block. */
export type Tables = ReadonlyMap<Operation, readonly NDArray[]>;

/**
 * What computing the rectangle of each root takes; `leafOf` says where a node's elements are, if they are there. Without
 * tables, what it takes at most.
 */
export function workOf(
  roots: readonly OpNode[],
  regions: readonly Region[],
  leafOf: (n: Node) => Leaf | undefined,
  tables?: Tables,
): BlockWork {
  const known = new Map<object, Map<string, Cell>>();
  const reads: Read[] = [];
  const cells: Cell[] = [];

  const remembered = (key: object, region: Region, make: () => Cell): Cell => {
    let of = known.get(key);
    if (of === undefined) {
      of = new Map();
      known.set(key, of);
    }
    const text = regionKey(region);
    let cell = of.get(text);
    if (cell === undefined) {
      cell = make();
      of.set(text, cell);
      cells.push(cell);
    }
    return cell;
  };
  const cellOf = (n: Node, region: Region): Cell => {
    if (n.kind === 'held') return remembered(n, region, () => ({ region, held: n }));
    if (region.shape.includes(0)) return remembered(n, region, () => nothing(n, region));
    const leaf = leafOf(n);
    if (leaf !== undefined) {
      return remembered(n, region, () => ({ region, read: reads.push({ node: leaf, region }) - 1 }));
    }
    if (n.kind === 'source') throw new TypeError('a file is always there');
    return computed(n.op, region);
  };
  const computed = (op: Operation, region: Region): Cell =>
    remembered(op, region, () => {
      const needed = op.needs(region, tables?.get(op));
      return { region, op, needed, inputs: op.inputs.map((node, i) => ({ node, cell: cellOf(node, needed[i]) })) };
    });
  // Roots are computed even where they count as leaves for others.
  const tops = roots.map((n, i) => computed(n.op, regions[i]));
  return { reads, roots, cells, tops };
}

const regionKey = ({ start, shape }: Region): string => `${start}|${shape}`;

/** Gives the elements of a rectangle that is read or held: an array, an expression that stands for one, a number. */
export type Found = (cell: Cell) => Value;

/** The expressions of the roots' rectangles. */
export function expressionsOf({ cells, tops, roots }: BlockWork, found: Found, region = regionAsIs): Lazy[] {
  const values = new Map<Cell, readonly Value[]>();
  const valueOf = (cell: Cell, n: Node): Value => {
    const made = values.get(cell) as readonly Value[]; // operands come before their users
    const value = made[n.kind === 'op' && cell.op !== undefined ? n.out : 0];
    return n.kind === 'op' && n.weak ? weakly(value) : value;
  };
  for (const cell of cells) {
    const { op, inputs = [], needed = [] } = cell;
    if (op === undefined) values.set(cell, [found(cell)]);
    else {
      const operands = inputs.map(({ cell: c, node }) => valueOf(c, node));
      values.set(
        cell,
        op.apply(
          op.eager(needed) ? computed(operands) : operands,
          region(op, cell.region),
          needed.map((r) => region(op, r)),
        ),
      );
    }
  }
  return tops.map((cell, i) => asLazy((values.get(cell) as readonly Value[])[roots[i].out])); // as above
}

const regionAsIs = (_: Operation, region: Region): Region => region;

// The operands as arrays, computed together.
function computed(operands: readonly Value[]): Value[] {
  const waiting = operands.filter((v): v is Lazy => v instanceof Lazy);
  const made = compute(planOf(waiting.map((x) => x.node)), []);
  return operands.map((v) => (v instanceof Lazy ? lazy(made[waiting.indexOf(v as Lazy)]) : v));
}

// Where nothing is needed of an operand, nothing is read.
const nothing = ({ dtype }: Node, { shape }: Region): Cell => {
  const held: HeldNode = { kind: 'held', value: zeros(shape, { dtype }), shape, dtype, chunks: shape };
  return { region: { start: shape.map(() => 0), shape }, held };
};

/** Operations of a stage that want tables, each once. */
export function withTables(roots: readonly OpNode[], leafOf: (n: Node) => Leaf | undefined): Operation[] {
  const found = new Set<Operation>();
  const seen = new Set<Node>();
  const visit = (n: Node, top: boolean): void => {
    if (seen.has(n) || n.kind !== 'op' || (!top && leafOf(n) !== undefined)) return;
    seen.add(n);
    if (n.op.tables.length > 0) found.add(n.op);
    for (const x of n.op.inputs) visit(x, false);
  };
  for (const n of roots) visit(n, true);
  return [...found];
}

const asLazy = (v: Value): Lazy => (v instanceof Lazy ? (v as Lazy) : lazy(v)); // a number as an array of no axes

// A full reduction joins arrays of floats as the number that eager calls give: as the reduction of one element does.
const weakly = (v: Value): Value => (v instanceof Lazy ? (v.reshape(1).max() as Lazy<Scalar>) : v);

/** The elements of a rectangle of what is held in memory; a number is itself. */
export function heldValue({ value }: HeldNode, region: Region): NDArray | Scalar {
  if (!(value instanceof NDArray) || region.start.length === 0) return value;
  return getItem(
    value,
    region.start.map((s, d) => `${s}:${s + region.shape[d]}`),
  );
}
