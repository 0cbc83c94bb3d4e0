// Which chunks a rectangle of an array touches, and what of each: arithmetic only.

import { sizeOf } from '../../shape/strides.ts';
import type { Region } from '../store.ts';

/** What a rectangle and a chunk have in common, in the array's coordinates. */
export interface Part extends Region {
  /** The chunk's place in the grid. */
  readonly place: readonly number[];
  /** Its first element. */
  readonly corner: readonly number[];
}

/** Chunks that a rectangle touches. */
export function countParts({ start, shape }: Region, chunks: readonly number[]): number {
  if (sizeOf(shape) === 0) return 0;
  return start.reduce(
    (n, from, d) => n * (Math.floor((from + shape[d] - 1) / chunks[d]) - Math.floor(from / chunks[d]) + 1),
    1,
  );
}

/** The parts of a rectangle, chunk by chunk in C order. */
export function* partsOf(region: Region, chunks: readonly number[]): Generator<Part> {
  if (sizeOf(region.shape) === 0) return;
  const first = region.start.map((from, d) => Math.floor(from / chunks[d]));
  const last = region.start.map((from, d) => Math.floor((from + region.shape[d] - 1) / chunks[d]));
  const place = [...first];
  while (true) {
    const corner = place.map((p, d) => p * chunks[d]);
    const start = corner.map((c, d) => Math.max(c, region.start[d]));
    const end = corner.map((c, d) => Math.min(c + chunks[d], region.start[d] + region.shape[d]));
    yield { place: [...place], corner, start, shape: end.map((e, d) => e - start[d]) };
    let d = place.length - 1;
    for (; d >= 0; d--) {
      if (++place[d] <= last[d]) break;
      place[d] = first[d];
    }
    if (d < 0) return;
  }
}

/** Chunks along each axis of an array. */
export const gridOf = (shape: readonly number[], chunks: readonly number[]): number[] =>
  shape.map((n, d) => Math.ceil(n / chunks[d]));

/** The number of a place of a grid in C order. */
export const numberOf = (place: readonly number[], grid: readonly number[]): number =>
  place.reduce((n, p, d) => n * grid[d] + p, 0);
