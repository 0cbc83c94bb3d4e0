// Arithmetic of rectangles: what two share, the blocks that one touches, the slices of one within another.

import type { Region } from '../io/store.ts';
import type { Grid } from './grid.ts';

/** Slices of a rectangle within another that begins at `origin`. */
export const slicesOf = ({ start, shape }: Region, origin: readonly number[]): string[] =>
  start.map((s, d) => `${s - origin[d]}:${s - origin[d] + shape[d]}`);

/** What two rectangles share. */
export function meeting(a: Region, b: Region): Region {
  const start = a.start.map((s, d) => Math.max(s, b.start[d]));
  return { start, shape: start.map((s, d) => Math.min(a.start[d] + a.shape[d], b.start[d] + b.shape[d]) - s) };
}

/** A rectangle as seen from one that begins at `origin`. */
export const within = ({ start, shape }: Region, origin: readonly number[]): Region => ({
  start: start.map((s, d) => s - origin[d]),
  shape,
});

/** The blocks of a grid that a rectangle touches. */
export function blocksIn(grid: Grid, { start, shape }: Region): number[] {
  let found = [0];
  for (let d = 0; d < shape.length; d++) {
    const first = Math.floor(start[d] / grid.chunks[d]);
    const last = shape[d] === 0 ? first : Math.floor((start[d] + shape[d] - 1) / grid.chunks[d]);
    const next: number[] = [];
    for (const b of found) for (let i = first; i <= last; i++) next.push(b * grid.counts[d] + i);
    found = next;
  }
  return found;
}
