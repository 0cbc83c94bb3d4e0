// Results of earlier stages, block by block, for the stages that read them. They stay in memory as long as the budget of
// the workspace allows, and go to disk after that (workspace.ts).

import { empty } from '../array/creation.ts';
import { getItem, setItem } from '../array/indexing.ts';
import type { NDArray } from '../array/ndarray.ts';
import type { Region } from '../io/store.ts';
import { sameShape } from '../shape/strides.ts';
import { type Grid, placeOf, regionOf } from './grid.ts';
import type { OpNode } from './node.ts';

/** Slices of a rectangle within another that begins at `origin`. */
export const slicesOf = ({ start, shape }: Region, origin: readonly number[]): string[] =>
  start.map((s, d) => `${s - origin[d]}:${s - origin[d] + shape[d]}`);

/** What two rectangles share. */
function meeting(a: Region, b: Region): Region {
  const start = a.start.map((s, d) => Math.max(s, b.start[d]));
  return { start, shape: start.map((s, d) => Math.min(a.start[d] + a.shape[d], b.start[d] + b.shape[d]) - s) };
}

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

/** Where blocks of one result are. */
export interface BlockShelf {
  get(block: number): Promise<NDArray>;
  put(block: number, values: NDArray): Promise<void>;
  /** Nobody reads it any more. */
  drop(): Promise<void>;
}

/** One kept result. */
export class Kept {
  readonly node: OpNode;
  readonly grid: Grid;
  readonly shelf: BlockShelf;

  constructor(node: OpNode, grid: Grid, shelf: BlockShelf) {
    this.node = node;
    this.grid = grid;
    this.shelf = shelf;
  }

  /** The elements of a rectangle: a block as it is kept, or put together from several. */
  async read(region: Region): Promise<NDArray> {
    const blocks = blocksIn(this.grid, region);
    if (blocks.length === 1) {
      const at = regionOf(this.grid, blocks[0]);
      const made = await this.shelf.get(blocks[0]);
      if (sameShape(at.shape, region.shape)) return made;
      return getItem(made, slicesOf(region, at.start));
    }
    const whole = empty(region.shape, { dtype: this.node.dtype });
    for (const block of blocks) {
      const at = regionOf(this.grid, block);
      const part = meeting(at, region);
      const from = getItem(await this.shelf.get(block), slicesOf(part, at.start));
      setItem(whole, slicesOf(part, region.start), from);
    }
    return whole;
  }

  /** Bytes that a read holds besides its result: a block at a time, where it is not the block itself. */
  readMemory(region: Region): number {
    const { chunks } = this.grid;
    const block = chunks.reduce((a, b) => a * b, this.node.dtype.itemsize);
    return sameShape(region.shape, chunks) ? 0 : block;
  }
}

/** Where a block stands, for messages. */
export const placeText = (grid: Grid, block: number): string => `(${placeOf(grid, block).join(', ')})`;
