// Reductions over blocks: partial results per block, combined in groups of neighbours until one is left along each axis,
// then finished. What a reduction does at the three points is a row (reductions.ts); the tree depends on the grid alone,
// never on who computes what when.

import type { DType } from '../../dtype/dtype.ts';
import type { Region } from '../../io/store.ts';
import { Lazy, lazy } from '../../lazy/lazy.ts';
import { slotOf } from '../../lazy/node.ts';
import { sizeOf } from '../../shape/strides.ts';
import { AUTO_BYTES, gridOf } from '../grid.ts';
import { type Node, type OperationRow, type OpNode, operation, type Params, resultsOf, type Value } from '../node.ts';
import { broadcastRegion, standIn } from './elementwise.ts';
import { trees } from './trees.ts';

export type State = readonly Lazy[];

/** The rows by name. */
export type TreeName = keyof typeof trees;
type ParamsOf<T extends TreeName> = (typeof trees)[T] extends TreeRow<infer P> ? P : never;

/** What a reduction does. States keep the reduced axes, with `extent` elements of them per block. */
export interface TreeRow<P = Params> {
  /** Words for reports; the row's name if not said. */
  text?(p: P): string;
  /** States of a block. The further operands (masks, edges) come as they broadcast to the first. */
  partial(p: P, values: readonly Lazy[], axes: readonly number[], at: Region): State;
  /** One state of several, which stand side by side along the axes. */
  combine(p: P, states: State, axes: readonly number[]): State;
  /** The result, with the reduced axes still there. */
  finish(p: P, states: State, axes: readonly number[]): Lazy;
  /** Elements of a state along a reduced axis, 1 if not said. */
  extent?(p: P): number;
  /** Axes that states have after those of the operand. */
  extra?(p: P): readonly number[];
  /** States are computed at once, not as expressions; then `dtypes` says of what dtypes they are. */
  readonly eager?: true;
  dtypes?(p: P, inputs: readonly DType[]): readonly DType[];
}

interface Tree {
  readonly tree: TreeName;
  readonly params: Params;
  readonly axes: readonly number[];
  /** How many neighbours along each axis; 1 along those that stay. */
  readonly fan: readonly number[];
  readonly name: string;
}

/** Partial results that are combined at once. */
const FAN = 32;

const asLazy = (v: Value): Lazy => lazy(v as never); // operands of reductions have elements

// Where the block at a rectangle of states lies in what is `fan` blocks of it along each axis.
function sourceRegion(
  region: Region,
  extent: number,
  per: readonly number[],
  input: readonly number[],
  axes: readonly number[],
): Region {
  const start = input.map((_, d) => (axes.includes(d) ? (region.start[d] / extent) * per[d] : region.start[d]));
  const shape = input.map((n, d) => (axes.includes(d) ? Math.min(per[d], n - start[d]) : region.shape[d]));
  return { start, shape };
}

const rowOf = (name: TreeName): TreeRow => trees[name] as unknown as TreeRow; // its parameters stand beside its name

const extentOf = ({ tree, params }: Tree): number => rowOf(tree).extent?.(params) ?? 1;

export const partial: OperationRow<Tree> = {
  name: 'partial',
  kept: true,
  needs(t, region, inputs) {
    const [x] = inputs;
    const first = sourceRegion(region, extentOf(t), t.fan, x.shape, t.axes);
    return inputs.map((n, i) => (i === 0 ? first : broadcastRegion(first, n.shape)));
  },
  apply: ({ tree, params, axes }, values, _, needed) =>
    rowOf(tree).partial(params, values.map(asLazy), axes, needed[0]),
  text: (t) => `${t.name}, by blocks`,
};

export const combine: OperationRow<Tree> = {
  name: 'combine',
  kept: true,
  needs(t, region, inputs) {
    const per = t.fan.map((f) => f * extentOf(t));
    return inputs.map((n) =>
      withExtra(sourceRegion(region, extentOf(t), per, n.shape.slice(0, t.fan.length), t.axes), n.shape),
    );
  },
  apply: ({ tree, params, axes }, values) => rowOf(tree).combine(params, values.map(asLazy), axes),
  text: (t) => `${t.name}, combined`,
};

export const finish: OperationRow<Tree> = {
  name: 'finish',
  needs: (t, region, inputs) =>
    inputs.map((n) => ({
      start: n.shape.map((_, d) => (t.axes.includes(d) || d >= region.start.length ? 0 : region.start[d])),
      shape: n.shape.map((m, d) => (t.axes.includes(d) || d >= region.shape.length ? m : region.shape[d])),
    })),
  apply: ({ tree, params, axes }, values) => [rowOf(tree).finish(params, values.map(asLazy), axes)],
  text: (t) => t.name,
};

export const partialAtOnce: OperationRow<Tree> = { ...partial, name: 'partial at once', eager: true };
export const combineAtOnce: OperationRow<Tree> = { ...combine, name: 'combine at once', eager: true };

const withExtra = ({ start, shape }: Region, full: readonly number[]): Region => ({
  start: [...start, ...full.slice(start.length).map(() => 0)],
  shape: [...shape, ...full.slice(shape.length)],
});

/** The states of all blocks together; reduced axes have `extent` elements. */
export function treeStates<T extends TreeName>(
  tree: T,
  params: ParamsOf<T>,
  inputs: readonly Node[],
  axes: readonly number[],
): OpNode[] {
  const [x] = inputs;
  const row = trees[tree] as unknown as TreeRow<ParamsOf<T>>; // its parameters are of its own type
  const base = baseOf(tree, params, axes);
  const extent = row.extent?.(params) ?? 1;
  const extra = row.extra?.(params) ?? [];
  let counts = gridOf(x.shape, x.chunks).counts;
  // Shapes of states: `extent` elements per block along the axes, the operand's own elsewhere.
  const stateShape = (): number[] => [...x.shape.map((n, d) => (axes.includes(d) ? counts[d] * extent : n)), ...extra];
  const chunks = [...x.chunks.map((c, d) => (axes.includes(d) ? extent : c)), ...extra.map((n) => Math.max(1, n))];
  const dtypes = statesOf(row, params, inputs, axes);
  const settled = (r: OperationRow<Tree>, fan: readonly number[], over: readonly Node[]): OpNode[] =>
    resultsOf(
      operation(r, { ...base, fan }, over),
      dtypes.map((dtype) => ({ shape: stateShape(), dtype })),
      chunks,
    );

  let states = settled(row.eager ? partialAtOnce : partial, x.chunks, inputs);
  const bytes = dtypes.reduce((n, d) => n + sizeOf(chunks) * d.itemsize, 0);
  const each = neighbours(
    axes.map((d) => counts[d]),
    bytes,
  );
  while (axes.some((d) => counts[d] > 1)) {
    const fan = counts.map((n, d) => (axes.includes(d) ? Math.min(each, n) : 1));
    counts = counts.map((n, d) => Math.ceil(n / fan[d]));
    states = settled(row.eager ? combineAtOnce : combine, fan, states);
  }
  return states;
}

/** Blocks along each axis whose states are combined at once: 32 in all, or as many as a block of memory has room for. */
function neighbours(counts: readonly number[], bytes: number): number {
  const some = Math.min(FAN, AUTO_BYTES / Math.max(1, bytes));
  return Math.max(2, Math.floor(some ** (1 / Math.max(1, counts.filter((n) => n > 1).length))));
}

/** How many times states of so many bytes are combined. */
export function levelsOf(counts: readonly number[], bytes: number): number {
  const each = neighbours(counts, bytes);
  let levels = 0;
  for (let most = Math.max(1, ...counts); most > 1; most = Math.ceil(most / each)) levels++;
  return levels;
}

const baseOf = <T extends TreeName>(tree: T, params: ParamsOf<T>, axes: readonly number[]) => ({
  tree,
  params: params as Params,
  axes,
  name: `${rowOf(tree).text?.(params as Params) ?? tree} over ${axes.length === 1 ? 'axis' : 'axes'} ${axes.join(', ')}`,
});

/** A reduction of the first operand over axes; the axes stay, with what `finish` leaves of them. */
export function reduceTree<T extends TreeName>(
  tree: T,
  params: ParamsOf<T>,
  inputs: readonly Node[],
  axes: readonly number[],
): OpNode {
  const [x] = inputs;
  const states = treeStates(tree, params, inputs, axes);
  const last = rowOf(tree).finish(params as Params, states.map(standIn).map(asLazy), axes);
  return resultsOf(
    operation(finish, { ...baseOf(tree, params, axes), fan: [] }, states),
    [last],
    last.shape.map((n, d) => Math.max(1, axes.includes(d) || d >= x.shape.length ? n : x.chunks[d])),
  )[0];
}

/** Dtypes of the states, found out on a block without elements. */
function statesOf<P>(row: TreeRow<P>, params: P, inputs: readonly Node[], axes: readonly number[]): readonly DType[] {
  const known = row.dtypes?.(
    params,
    inputs.map((n) => n.dtype),
  );
  if (known !== undefined) return known;
  const [x] = inputs;
  const at = { start: x.shape.map(() => 0), shape: x.shape.map((n, d) => Math.min(n, x.chunks[d])) };
  const values = inputs.map((n, i) => {
    const shape = broadcastRegion(at, n.shape).shape;
    return new Lazy(slotOf(i, i === 0 ? at.shape : shape, n.dtype));
  });
  return row.partial(params, values, axes, at).map((s) => s.dtype);
}
