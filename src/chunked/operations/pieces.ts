// What operations share that compute at once: operands as arrays, cutting along an axis and putting together again.

import { getItem } from '../../array/indexing.ts';
import { NDArray } from '../../array/ndarray.ts';
import type { Region } from '../../io/store.ts';
import { type Lazy, lazy } from '../../lazy/lazy.ts';
import { concatenate } from '../../routines/join.ts';
import type { Node, Value } from '../node.ts';

/** The array of an operand of an eager operation. */
export function arrayOf(v: Value): NDArray {
  const made = (v as Lazy).compute(); // such operands were computed before
  return made instanceof NDArray ? made : (lazy(made).compute() as NDArray); // a number as an array of no axes
}

/** Part of an array along an axis. */
export const cut = (a: NDArray, axis: number, from: number, to: number): NDArray =>
  from === 0 && to === a.shape[axis]
    ? a
    : getItem(
        a,
        a.shape.map((_, d) => (d === axis ? `${from}:${to}` : ':')),
      );

/** Pieces side by side along an axis. */
export const joinedAlong = (pieces: readonly NDArray[], axis: number): NDArray =>
  pieces.length === 1 ? pieces[0] : concatenate(pieces, axis);

/** A rectangle with another stretch along an axis. */
export const withStretch = ({ start, shape }: Region, axis: number, from: number, length: number): Region => ({
  start: start.map((s, d) => (d === axis ? from : s)),
  shape: shape.map((n, d) => (d === axis ? length : n)),
});

export const replaced = (list: readonly number[], at: number, by: number): number[] =>
  list.map((n, d) => (d === at ? by : n));

/** Extents of blocks that have all of an axis, about as large as the operand's, 16 MB at least. */
export function wholeAlong(x: Node, axis: number): number[] {
  const chunks = replaced(x.chunks, axis, Math.max(1, x.shape[axis]));
  const most = Math.max(
    MEMORY,
    x.chunks.reduce((a, b) => a * b, x.dtype.itemsize),
  );
  let bytes = chunks.reduce((a, b) => a * b, x.dtype.itemsize);
  for (let d = 0; d < chunks.length && bytes > most; d++) {
    if (d === axis) continue;
    const less = Math.max(1, Math.floor(chunks[d] / Math.ceil(bytes / most)));
    bytes = (bytes / chunks[d]) * less;
    chunks[d] = less;
  }
  return chunks;
}
const MEMORY = 2 ** 24;
