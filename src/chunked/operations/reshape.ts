// Other shapes for the same elements in C order. Axes that stay apart are left alone; each group of axes that others take the
// place of is read in runs: a run of elements in C order is a few rectangles of the operand, so that every element is read
// once, whatever the blocks are.

import { zeros } from '../../array/creation.ts';
import { getItem } from '../../array/indexing.ts';
import type { NDArray } from '../../array/ndarray.ts';
import { squeeze } from '../../array/views.ts';
import type { ArrayBase } from '../../exec/array_base.ts';
import type { Region } from '../../io/store.ts';
import { type Lazy, lazy } from '../../lazy/lazy.ts';
import { concatenate } from '../../routines/join.ts';
import { inferShape } from '../../shape/reshape.ts';
import { sameShape, sizeOf } from '../../shape/strides.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf, type Value } from '../node.ts';
import { fullNode } from './create.ts';
import { viewNode } from './view.ts';

/** Axes of the operand from `axis` on, with extents `from`, become axes with extents `to`. */
interface Reshape {
  readonly axis: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Elements from one number up to another, in C order of a shape. */
type Run = readonly [number, number];

/** The least run of whole rows that has a rectangle in it, as a rectangle: fixed places, some, whole axes. */
function runAround({ start, shape }: Region, full: readonly number[]): Region {
  const first = shape.findIndex((n) => n !== 1);
  if (first < 0) return { start, shape };
  return {
    start: start.map((s, d) => (d <= first ? s : 0)),
    shape: shape.map((n, d) => (d <= first ? n : full[d])),
  };
}

function runOf({ start, shape }: Region, full: readonly number[]): Run {
  const first = full.reduce((at, n, d) => at * n + start[d], 0);
  return [first, first + sizeOf(shape)];
}

/** A run as rectangles, in order: at most two fewer than twice the axes, and one. */
function rectangles([a, b]: Run, full: readonly number[]): Region[] {
  if (full.length === 1) return [{ start: [a], shape: [b - a] }];
  const rest = sizeOf(full.slice(1));
  const [i, last] = [Math.floor(a / rest), Math.floor((b - 1) / rest)];
  const within = (row: number, run: Run): Region[] =>
    rectangles(run, full.slice(1)).map((r) => ({ start: [row, ...r.start], shape: [1, ...r.shape] }));
  if (i === last && b - a < rest) return within(i, [a - i * rest, b - i * rest]);
  const made: Region[] = [];
  const head = a % rest;
  if (head > 0) made.push(...within(i, [head, rest]));
  const [from, to] = [head > 0 ? i + 1 : i, Math.floor(b / rest)];
  if (to > from) {
    const inner = full.slice(1);
    made.push({ start: [from, ...inner.map(() => 0)], shape: [to - from, ...inner] });
  }
  if (b % rest > 0) made.push(...within(to, [0, b % rest]));
  return made;
}

const part = ({ start, shape }: Region, from: number, to: number): Region => ({
  start: start.slice(from, to),
  shape: shape.slice(from, to),
});
/** A rectangle with others axes from `from` to `to`. */
const spliced = ({ start, shape }: Region, from: number, to: number, by: Region): Region => ({
  start: [...start.slice(0, from), ...by.start, ...start.slice(to)],
  shape: [...shape.slice(0, from), ...by.shape, ...shape.slice(to)],
});

export const reshapeRow: OperationRow<Reshape> = {
  name: 'reshape',
  eager: (needed) => needed.filter((r) => !r.shape.includes(0)).length > 1,
  needs({ axis, from, to }, region, inputs) {
    const end = axis + to.length;
    const none: Region = { start: from.map(() => 0), shape: from.map(() => 0) };
    const pieces = region.shape.includes(0) ? [] : rectangles(runOf(runAround(part(region, axis, end), to), to), from);
    return inputs.map((_, i) => spliced(region, axis, end, pieces[i] ?? none));
  },
  apply({ axis, to }, values, region, needed) {
    const end = axis + to.length;
    const inner = part(region, axis, end);
    const around = runAround(inner, to);
    const { shape } = spliced(region, axis, end, around);
    const flat = (shape: readonly number[], count: number): number[] => [
      ...shape.slice(0, axis),
      sizeOf(shape.slice(axis, axis + count)),
      ...shape.slice(axis + count),
    ];
    const pieces = values.flatMap((v, i) =>
      needed[i].shape.includes(0)
        ? []
        : [asLazy(v).reshape(flat(needed[i].shape, needed[i].shape.length - shape.length + to.length))],
    );
    if (pieces.length === 0) return [lazy(zeros(region.shape)).astype(asLazy(values[0]).dtype)];
    const whole = pieces.length === 1 ? pieces[0] : lazy(concatenate(pieces as never, axis)); // functions take expressions
    const made = whole.reshape(shape);
    if (sameShape(shape, region.shape)) return [made];
    const index = region.shape.map((n, d) => {
      const at = d >= axis && d < end ? region.start[d] - around.start[d - axis] : 0;
      return `${at}:${at + n}`;
    });
    return [made.get(...index)];
  },
  text: ({ from, to }) => `reshape (${from.join(', ')}) to (${to.join(', ')})`,
};

const asLazy = (v: Value): Lazy => lazy(v as never); // an operand with axes is no number

/** Which axes become which: neighbours on both sides with equal products. No extent is 0 or 1. */
function groupsOf(
  from: readonly number[],
  to: readonly number[],
): { from: readonly number[]; to: readonly number[] }[] {
  const made: { from: readonly number[]; to: readonly number[] }[] = [];
  for (let i = 0, j = 0; i < from.length; ) {
    let [a, b, m, n] = [i + 1, j + 1, from[i], to[j]];
    while (m !== n) {
      if (m < n) m *= from[a++];
      else n *= to[b++];
    }
    made.push({ from: from.slice(i, a), to: to.slice(j, b) });
    [i, j] = [a, b];
  }
  return made;
}

/** Extents of blocks of about so many elements that are runs. */
function runChunks(shape: readonly number[], elements: number): number[] {
  let left = Math.max(1, elements);
  return shape
    .map((_, d) => shape[shape.length - 1 - d])
    .map((n) => {
      const extent = Math.max(1, Math.min(n, Math.floor(left)));
      left /= extent < n ? Number.POSITIVE_INFINITY : n;
      return extent;
    })
    .reverse();
}

const ones = (n: Node, shape: readonly number[]): Node => {
  let next = 0;
  const index = shape.map((m) => (m === 1 ? null : ':'));
  for (const m of shape) if (m !== 1) next++;
  if (next === shape.length) return n;
  return viewNode(n, { text: `expand_dims to (${shape.join(', ')})`, of: (a) => getItem(a, index), keepsAxes: true });
};

/** The elements of a node in a new shape, in C order. @throws ShapeError for another number of elements. */
export function reshaped(x: Node, asked: number | readonly number[]): Node {
  const shape = inferShape(typeof asked === 'number' ? [asked] : asked, sizeOf(x.shape), 'reshape');
  if (sameShape(shape, x.shape)) return x;
  if (shape.includes(0)) {
    return fullNode(
      shape,
      { value: x.dtype.kind === 'b' ? false : 0, dtype: x.dtype.name },
      shape.map((n) => Math.max(1, n)),
    );
  }
  const long = x.shape.filter((n) => n !== 1);
  const step = {
    text: 'squeeze()',
    of: (a: ArrayBase) => squeeze(a as NDArray), // every array is an NDArray
    keepsAxes: true,
  };
  let made: Node = long.length === x.shape.length ? x : viewNode(x, step);
  let axis = 0;
  for (const { from, to } of groupsOf(
    long,
    shape.filter((n) => n !== 1),
  )) {
    if (!sameShape(from, to)) made = dealt(made, { axis, from, to });
    axis += to.length;
  }
  return ones(made, shape);
}

function dealt(x: Node, p: Reshape): OpNode {
  const { axis, from, to } = p;
  const end = axis + from.length;
  const elements = sizeOf(x.chunks.slice(axis, end));
  const changed = (list: readonly number[], by: readonly number[]): number[] => [
    ...list.slice(0, axis),
    ...by,
    ...list.slice(end),
  ];
  const inputs = new Array<Node>(2 * from.length - 1).fill(x);
  return resultsOf(
    operation(reshapeRow, p, inputs),
    [{ shape: changed(x.shape, to), dtype: x.dtype }],
    changed(x.chunks, runChunks(to, elements)),
  )[0];
}
