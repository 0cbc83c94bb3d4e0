// What a stage reads, from a sample of its blocks: bytes moved, the largest rectangle per leaf, and how much of it is read in
// vain because stored chunks and wanted rectangles do not fit. Plans and explanations are made from it; runs are not.

import type { Region } from '../io/store.ts';
import { sizeOf } from '../shape/strides.ts';
import { type BlockWork, type Leaf, workOf } from './block.ts';
import { type Grid, gridOf, placeOf, regionOf, wholeOf } from './grid.ts';
import type { Stage } from './plan.ts';
import { blocksIn } from './region.ts';

/** Blocks that are looked at. */
const SAMPLE = 24;

/** What a stage reads of one leaf, over all blocks. */
export interface Reading {
  readonly leaf: Leaf;
  /** Extents of the largest rectangle that a block wants. */
  readonly most: readonly number[];
  /** Bytes moved, and those that were wanted. */
  readonly moved: number;
  readonly wanted: number;
}

/** Numbers of some blocks: the first, the last, the corners of small grids, and others spread over the grid. */
export function sampleOf({ blocks, counts }: Grid): number[] {
  const found = new Set<number>([0, blocks - 1]);
  const corners = Math.min(2 ** counts.length, SAMPLE / 2);
  for (let corner = 0; corner < corners; corner++) {
    found.add(counts.reduce((b, n, d) => b * n + ((corner >> d) & 1 ? n - 1 : 0), 0));
  }
  // A stride without a factor in common with most counts, so that all places along each axis have a chance.
  for (let i = 1; i <= SAMPLE / 2; i++) found.add(Math.floor((blocks * i * 0.618033988749895) % blocks));
  return [...found];
}

/** The work of some blocks. */
export const sampledWork = (stage: Pick<Stage, 'roots' | 'grids' | 'leafOf'>): BlockWork[] =>
  sampleOf(stage.grids[0]).map((block) =>
    workOf(
      stage.roots,
      stage.grids.map((g) => regionOf(g, block)),
      stage.leafOf,
    ),
  );

const bytesOf = (leaf: Leaf, shape: readonly number[]): number => sizeOf(shape) * leaf.dtype.itemsize;

/** Bytes that reading a rectangle of a kept result moves: the pieces that it touches. */
function keptBytes(leaf: Leaf, region: Region, parts: readonly number[]): number {
  const grid = gridOf(leaf.shape, parts);
  if (sizeOf(region.shape) === 0) return 0;
  const corner = blocksIn(grid, { start: region.start, shape: region.shape.map(() => 1) })[0];
  const first = placeOf(grid, corner);
  const touched = region.shape.map((n, d) => Math.ceil((region.start[d] + n) / parts[d]) - first[d]);
  return bytesOf(
    leaf,
    touched.map((n, d) => Math.min(n * parts[d], leaf.shape[d])),
  );
}

/** Bytes of a leaf as it is stored. */
export const storedBytes = (leaf: Leaf): number =>
  leaf.kind === 'source' ? leaf.store.readBytes(wholeOf(leaf.shape)) : bytesOf(leaf, leaf.shape);

/** What a stage reads, per leaf. */
export function readingsOf(stage: Stage): Reading[] {
  const works = sampledWork(stage);
  const each = stage.blocks / works.length;
  const found = new Map<Leaf, { most: number[]; moved: number; wanted: number }>();
  for (const { reads } of works) {
    for (const { node, region } of reads) {
      const r = found.get(node) ?? { most: region.shape.map(() => 0), moved: 0, wanted: 0 };
      found.set(node, r);
      region.shape.forEach((n, d) => {
        r.most[d] = Math.max(r.most[d], n);
      });
      r.wanted += bytesOf(node, region.shape) * each;
      r.moved +=
        each * (node.kind === 'source' ? node.store.readBytes(region) : keptBytes(node, region, stage.partsOf(node)));
    }
  }
  return [...found].map(([leaf, r]) => ({ leaf, ...r }));
}
