// Reductions of operands that lie elsewhere (host memory, files, other segments), tile by tile: pieces of the reduced
// axes that are complete subtrees are reduced on their own and their states joined in pairs, so that the bits are those
// of the whole (../kernel/wasm/fold.ts). Memory is that of a few tiles and of one state per level and result.

import { broadcastStrides } from '../shape/broadcast.ts';
import { coalesce } from '../shape/coalesce.ts';
import { permute } from '../shape/permute.ts';
import { splitAxes } from '../shape/reduction.ts';
import { contiguousStrides, sizeOf } from '../shape/strides.ts';
import { type ArrayBase, newArray, reinterpret } from './array_base.ts';
import { brought, copyInto, heapCopy, isResident } from './copy.ts';
import { execute } from './execute.ts';
import type { Reducer } from './monoid.ts';
import { eachTile, tileSize } from './tiles.ts';

/** Tiles that are gathered at a time. */
const GATHERED = 16;

/** Reduces operands that are where kernels run, over the last axis. */
type ReduceHere = (operands: readonly ArrayBase[], shape: readonly number[]) => ArrayBase;

/** States of `operands`, broadcast to `shape`, reduced over `axes`, into `result`; `here` does it for a tile. */
export function reduceOutside(
  reducer: Reducer,
  operands: readonly ArrayBase[],
  shape: readonly number[],
  axes: readonly number[],
  result: ArrayBase,
  here: ReduceHere,
): void {
  const tile = tileSize();
  const copied: ArrayBase[] = [];
  const settled = operands.map((a) => {
    if (isResident(a) || a.size > tile) return a;
    const copy = heapCopy(a);
    copied.push(copy);
    return copy;
  });
  const { keptShape, kept, reduced, reducedShape } = splitAxes(shape, axes);
  const strides = settled.map((a) => broadcastStrides(a.shape, a.strides, shape));
  const { ordered } = reducer.monoid;
  const across = coalesce(keptShape, [...strides.map((s) => permute(s, kept)), result.strides]);
  const along = coalesce(
    reducedShape,
    strides.map((s) => permute(s, reduced)),
    { keepOrder: ordered },
  );
  const heads = settled.map((a, k) => reinterpret(a, a.offset, across.shape, across.strides[k]));
  const target = reinterpret(result, result.offset, across.shape, across.strides[settled.length]);
  const first = Math.max(
    0,
    settled.findIndex((a) => !isResident(a)),
  );
  const count = sizeOf(along.shape);
  // What is gathered across memory reads much that belongs to other tiles: larger ones do so less often.
  const most = along.shape.length === 1 ? tile : GATHERED * tile;
  const { results, piece } = cut(count, target.size, most, reducer, reach(across, first) >= reach(along, first));
  eachTile(
    across.shape,
    [heads[first], target],
    (part) => {
      const states = new PairJoin(reducer);
      const boxes = heads.map(part);
      for (let start = 0; start < count; start += piece) {
        const n = Math.min(piece, count - start);
        const parts = boxes.map((box, k) => stretch(box, along.shape, along.strides[k], start, n));
        states.push(here(parts, [...boxes[0].shape, n]));
        parts.forEach(({ storage }, k) => {
          if (storage !== boxes[k].storage) storage.dispose();
        });
      }
      const state = states.finish();
      copyInto(state, part(target));
      state.storage.dispose();
    },
    results,
  );
  for (const copy of copied) copy.storage.dispose();
}

interface Axes {
  readonly shape: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** How far an operand steps along these axes. */
const reach = ({ shape, strides }: Axes, k: number): number =>
  Math.max(0, ...strides[k].map((s, d) => (shape[d] > 1 ? Math.abs(s) : 0)));

/** Results of a tile, and elements of a piece: what lies together in memory is read together. */
function cut(count: number, results: number, most: number, { leaf, monoid }: Reducer, keptOutside: boolean) {
  const least = monoid.ordered ? leaf : 1;
  if (keptOutside || count <= least) {
    const together = Math.max(1, Math.floor(most / count));
    return { results: together, piece: together * count <= most ? count : pieceOf(most, least) };
  }
  // At least 64 elements of each of many results: fewer are slow.
  const together = Math.min(results, Math.max(1, Math.floor(most / Math.max(least, 64))));
  return { results: together, piece: Math.min(count, pieceOf(Math.floor(most / together), least)) };
}

/** The most elements that make a complete subtree. */
const pieceOf = (most: number, least: number): number => least * 2 ** Math.floor(Math.log2(Math.max(1, most / least)));

/** Elements start … start+n-1 of the reduced axes for a box of results, where kernels run, along one last axis. */
function stretch(
  box: ArrayBase,
  shape: readonly number[],
  strides: readonly number[],
  start: number,
  n: number,
): ArrayBase {
  const { itemsize } = box.dtype;
  if (shape.length === 1) {
    const part = reinterpret(box, box.offset + start * strides[0], [...box.shape, n], [...box.strides, strides[0]]);
    return isResident(part) ? part : brought(part);
  }
  // Several axes: gathered in logical order.
  const out = newArray([...box.shape, n], box.dtype);
  const own = out.strides.slice(0, -1);
  for (const { at, box: inner, done } of boxesBetween(shape, start, start + n)) {
    const offset = at.reduce((sum, i, d) => sum + i * strides[d], box.offset);
    const whole = [...box.shape, ...inner];
    copyInto(
      reinterpret(box, offset, whole, [...box.strides, ...strides]),
      reinterpret(out, done * itemsize, whole, [...own, ...contiguousStrides(inner, itemsize)]),
    );
  }
  return out;
}

interface InnerBox {
  /** Where it begins along each axis. */
  readonly at: readonly number[];
  readonly box: readonly number[];
  /** Elements before it. */
  readonly done: number;
}

/** Boxes that make up the elements from `start` to before `end` of a shape, in C order. */
function* boxesBetween(shape: readonly number[], start: number, end: number): Generator<InnerBox> {
  if (start >= end) return;
  if (shape.length === 1) {
    yield { at: [start], box: [end - start], done: 0 };
    return;
  }
  const rest = shape.slice(1);
  const inner = sizeOf(rest);
  const row = Math.floor(start / inner);
  const last = Math.floor(end / inner);
  function* inRow(i: number, from: number, to: number, done: number): Generator<InnerBox> {
    for (const part of boxesBetween(rest, from, to)) {
      yield { at: [i, ...part.at], box: [1, ...part.box], done: done + part.done };
    }
  }
  if (row === last) {
    yield* inRow(row, start - row * inner, end - row * inner, 0);
    return;
  }
  const lead = start === row * inner ? 0 : (row + 1) * inner - start;
  if (lead > 0) yield* inRow(row, inner - lead, inner, 0);
  const first = lead > 0 ? row + 1 : row;
  if (last > first) yield { at: [first, ...rest.map(() => 0)], box: [last - first, ...rest], done: lead };
  yield* inRow(last, 0, end - last * inner, lead + (last - first) * inner);
}

/** States that come one after another, joined in pairs of neighbours as if all were there. */
class PairJoin {
  readonly #reducer: Reducer;
  readonly #held: { readonly level: number; readonly state: ArrayBase }[] = [];

  constructor(reducer: Reducer) {
    this.#reducer = reducer;
  }

  push(state: ArrayBase): void {
    let level = 0;
    let joined = state;
    for (let top = this.#held.at(-1); top?.level === level; top = this.#held.at(-1)) {
      this.#held.pop();
      joined = this.#join(top.state, joined);
      level++;
    }
    this.#held.push({ level, state: joined });
  }

  /** The state of all; at least one was pushed. */
  finish(): ArrayBase {
    return this.#held.map(({ state }) => state).reduceRight((right, left) => this.#join(left, right));
  }

  #join(left: ArrayBase, right: ArrayBase): ArrayBase {
    execute(this.#reducer.join, [left, right], undefined, [left], left.shape, []);
    right.storage.dispose();
    return left;
  }
}
