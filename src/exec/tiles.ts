// What lies in different segments, or outside the heap, is computed in tiles: boxes of elements that are brought together
// in bounded scratch. Here is which segment that happens in, and how a shape is cut; who brings what is copy.ts.

import { estimating, isHere, primarySegment, within } from '../memory/allocate.ts';
import type { Segment } from '../memory/segment.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { ArrayBase, reinterpret } from './array_base.ts';

/**
 * Most elements of a tile: 2^18 where segments are as large as they can be, enough for threads to share; a tile of the
 * widest elements is a thousandth of its segment.
 */
export const tileSize = (): number => Math.max(64, primarySegment().maxPages * 4);

/** The segment that holds most bytes of these arrays; where kernels run now if none is in the heap. */
export function homeOf(arrays: readonly (ArrayBase | undefined)[]): Segment {
  let home = primarySegment();
  if (estimating()) return home;
  let most = 0;
  for (const a of arrays) {
    const { segment } = a?.storage ?? { segment: null };
    if (segment === null) continue;
    let nbytes = 0;
    for (const b of arrays) if (b?.storage.segment === segment) nbytes += b.nbytes;
    if (nbytes > most || (nbytes === most && segment === primarySegment())) [home, most] = [segment, nbytes];
  }
  return home;
}

/** Is it an array in another segment than kernels run in now? What takes one large operand runs `atHome` then. */
export const liesElsewhere = (x: unknown): x is ArrayBase =>
  x instanceof ArrayBase && x.storage.segment !== null && !isHere(x.storage);

/** Runs `fn` in the segment where most of these operands are, so that the others alone are brought over. */
export const atHome = <R>(arrays: readonly (ArrayBase | undefined)[], fn: () => R): R => within(homeOf(arrays), fn);

/**
 * Calls `visit` for every tile of a shape, with a function that gives the tile's part of an array that broadcasts to it.
 * Tiles follow the memory of the first of `along`, dimensions in an order of their own.
 */
export function eachTile(
  shape: readonly number[],
  along: readonly ArrayBase[],
  visit: (tile: (a: ArrayBase) => ArrayBase) => void,
  most: number = tileSize(),
): void {
  const strides = along.map((a) => broadcastStrides(a.shape, a.strides, shape));
  const dims = shape.map((_, d) => d);
  dims.sort((a, b) => {
    for (const s of strides) if (s[a] !== s[b]) return Math.abs(s[b]) - Math.abs(s[a]);
    return a - b;
  });
  const extents = dims.map((d) => shape[d]);
  if (extents.includes(0)) return;
  // Dimensions from `cut` on are whole, the one before in stretches.
  let cut = extents.length;
  let inner = 1;
  while (cut > 0 && inner * extents[cut - 1] <= most) inner *= extents[--cut];
  const stretch = Math.max(1, Math.floor(most / inner));
  const start = new Array<number>(extents.length).fill(0);
  const box = extents.map((n, i) => (i >= cut ? n : 1));
  const tile = (a: ArrayBase): ArrayBase => {
    const own = broadcastStrides(a.shape, a.strides, shape);
    const turned = dims.map((d) => own[d]);
    return reinterpret(
      a,
      turned.reduce((at, s, i) => at + s * start[i], a.offset),
      box.slice(),
      turned,
    );
  };
  if (cut === 0) {
    visit(tile);
    return;
  }
  for (;;) {
    for (start[cut - 1] = 0; start[cut - 1] < extents[cut - 1]; start[cut - 1] += stretch) {
      box[cut - 1] = Math.min(stretch, extents[cut - 1] - start[cut - 1]);
      visit(tile);
    }
    let d = cut - 2;
    for (; d >= 0 && ++start[d] === extents[d]; d--) start[d] = 0;
    if (d < 0) return;
  }
}
