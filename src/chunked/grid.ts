// The regular grid of blocks that an array in chunks is divided into: counts, the rectangle of a block, the extents that
// users ask for. Arithmetic alone: a grid of a million blocks is as small as one of two.

import { parseBytes } from '../base/config.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import type { DType } from '../dtype/dtype.ts';
import { describe } from '../exec/options.ts';
import type { Region } from '../io/store.ts';
import { normalizeAxis } from '../shape/strides.ts';

/** Blocks of `chunks` elements along each axis, the last of an axis cut off. An empty axis has one empty block. */
export interface Grid {
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  /** Blocks along each axis. */
  readonly counts: readonly number[];
  /** Blocks in all, numbered in C order. */
  readonly blocks: number;
}

export function gridOf(shape: readonly number[], chunks: readonly number[]): Grid {
  const counts = shape.map((n, d) => Math.max(1, Math.ceil(n / chunks[d])));
  return { shape, chunks, counts, blocks: counts.reduce((a, b) => a * b, 1) };
}

/** Where along each axis a block stands. */
export function placeOf({ counts }: Grid, block: number): number[] {
  const at = new Array<number>(counts.length);
  let rest = block;
  for (let d = counts.length - 1; d >= 0; d--) {
    at[d] = rest % counts[d];
    rest = Math.floor(rest / counts[d]);
  }
  return at;
}

/** The rectangle of a block. */
export function regionOf(grid: Grid, block: number): Region {
  const { shape, chunks } = grid;
  const start = placeOf(grid, block).map((i, d) => i * chunks[d]);
  return { start, shape: start.map((s, d) => Math.min(chunks[d], shape[d] - s)) };
}

/** All of an array. */
export const wholeOf = (shape: readonly number[]): Region => ({ start: shape.map(() => 0), shape });

export const regionText = ({ start, shape }: Region): string => start.map((s, d) => `${s}:${s + shape[d]}`).join(', ');

/** What a user may ask for: extents per axis (-1 for the whole axis), one for all, an amount of memory, or 'auto'. */
export type ChunkSpec = 'auto' | number | `${number}${string}B` | readonly number[] | Readonly<Record<number, number>>;

/** Bytes of a block that nobody chose: large enough for full speed of kernels and files, little beside any budget. */
export const AUTO_BYTES = 2 ** 24;

/** Extents for a shape. @throws ArgumentError, ShapeError for what is no division of it. */
export function chunksFor(
  spec: ChunkSpec | undefined,
  shape: readonly number[],
  dtype: DType,
  where: string,
  natural?: readonly number[],
): readonly number[] {
  const bytes = typeof spec === 'string' && spec !== 'auto' ? parseBytes(spec) : AUTO_BYTES;
  if (spec === undefined || typeof spec === 'string') {
    if (typeof bytes !== 'number' || bytes < 1) throw notChunks(spec, where);
    return autoChunks(shape, dtype.itemsize, bytes, natural);
  }
  const extent = (n: number, d: number): number => {
    if (!Number.isSafeInteger(n) || n === 0 || n < -1) throw notChunks(spec, where);
    return Math.max(1, n === -1 ? shape[d] : Math.min(n, Math.max(1, shape[d])));
  };
  if (typeof spec === 'number') return shape.map((_, d) => extent(spec, d));
  if (!Array.isArray(spec)) {
    const made = [...(natural ?? shape.map((n) => Math.max(1, n)))];
    for (const [axis, n] of Object.entries(spec as Readonly<Record<string, number>>)) {
      const d = normalizeAxis(Number(axis), shape.length, where);
      made[d] = extent(n, d);
    }
    return made;
  }
  if (spec.length !== shape.length) {
    throw new ShapeError(
      `${where}: ${spec.length} extents of chunks for ${shape.length} axes`,
      'pass one per axis (-1 for a whole axis), one number for all, or an object { axis: extent }',
      { chunks: spec, shape },
    );
  }
  return spec.map(extent);
}

const notChunks = (spec: unknown, where: string): ArgumentError =>
  new ArgumentError(
    `${where}: ${describe(spec)} does not say how to divide into chunks`,
    "pass extents like [1000, -1], one number, { 0: 1000 }, an amount of memory like '16MB', or 'auto'",
    { where, chunks: spec },
  );

/**
 * Whole multiples of the natural chunks up to so many bytes: the last axes first, so that rows become whole; where chunks cut
 * rows, the first axes first, so that a chunk lies in a block as it lies in itself.
 */
function autoChunks(
  shape: readonly number[],
  itemsize: number,
  bytes: number,
  natural: readonly number[] = shape.map(() => 1),
): readonly number[] {
  const made = natural.map((n, d) => Math.max(1, Math.min(n, shape[d])));
  let size = made.reduce((a, b) => a * b, itemsize);
  const last = shape.length - 1;
  const cut = last >= 0 && made[last] > 1 && made[last] < shape[last];
  for (let i = 0; i <= last; i++) {
    const d = cut ? i : last - i;
    const times = Math.min(Math.ceil(shape[d] / made[d]), Math.floor(bytes / size));
    if (times <= 1) continue;
    size *= times;
    made[d] = Math.min(made[d] * times, shape[d]);
  }
  return made;
}
