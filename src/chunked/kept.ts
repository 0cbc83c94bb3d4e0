// Results of earlier stages, for the stages that read them: small ones whole in memory, however many blocks they have, and
// others block by block in the workspace.

import { empty } from '../array/creation.ts';
import { setItem } from '../array/indexing.ts';
import type { NDArray } from '../array/ndarray.ts';
import { copyOf } from '../exec/copy.ts';
import type { Region } from '../io/store.ts';
import { typedView } from '../memory/storage.ts';
import { sameShape, sizeOf } from '../shape/strides.ts';
import { type Grid, gridOf, regionOf } from './grid.ts';
import type { OpNode } from './node.ts';
import { blocksIn, meeting, slicesOf, within } from './region.ts';
import { cutFrom, type Entry, type Taken, type Workspace } from './workspace.ts';

/** One kept result. */
export interface Kept {
  /** Takes the block over. */
  put(block: number, values: NDArray): Promise<void>;
  /** Elements of a rectangle, which nobody may write to. */
  read(region: Region): Promise<Taken>;
  /** Takes over what an earlier run has made of a block: its elements, or nothing where they are in a file. */
  found(block: number, elements: Uint8Array): void;
  /** The elements of a block for a journal; none where they are in a file. */
  elementsOf(block: number): Uint8Array;
  /** Nobody reads it any more; `keep` leaves files for a later run. */
  drop(keep: boolean): void;
}

/** Results up to so many bytes are kept whole, and those whose blocks have no more than a few elements. */
const WHOLE_BYTES = 2 ** 18;
const SMALL_BLOCK = 1024;

export const nbytesOf = ({ shape, dtype }: { readonly shape: readonly number[]; readonly dtype: OpNode['dtype'] }) =>
  sizeOf(shape) * dtype.itemsize;

/** Is a result kept whole? */
export const keptWhole = (n: OpNode): boolean =>
  nbytesOf(n) <= WHOLE_BYTES || nbytesOf({ shape: n.chunks, dtype: n.dtype }) <= SMALL_BLOCK;

export class WholeResult implements Kept {
  readonly #grid: Grid;
  readonly array: NDArray;

  constructor(node: OpNode, grid: Grid) {
    this.#grid = grid;
    this.array = empty(node.shape, { dtype: node.dtype });
  }

  async put(block: number, values: NDArray): Promise<void> {
    putInto(this.array, regionOf(this.#grid, block), values);
    values.storage.dispose();
  }
  async read(region: Region): Promise<Taken> {
    return { array: cutFrom(this.array, region), release: () => undefined };
  }
  found(block: number, elements: Uint8Array): void {
    const region = regionOf(this.#grid, block);
    const { dtype } = this.array;
    const part = empty(region.shape, { dtype });
    typedView(part.storage, part.offset, part.nbytes, Uint8Array).set(elements);
    putInto(this.array, region, part);
    part.storage.dispose();
  }
  elementsOf(block: number): Uint8Array {
    const part = copyOf(cutFrom(this.array, regionOf(this.#grid, block)));
    const bytes = typedView(part.storage, part.offset, part.nbytes, Uint8Array).slice();
    part.storage.dispose();
    return bytes;
  }
  drop(): void {
    this.array.storage.dispose();
  }
}

/** Writes the elements of a rectangle. */
export const putInto = (into: NDArray, region: Region, values: NDArray): void =>
  void setItem(
    into,
    slicesOf(
      region,
      region.start.map(() => 0),
    ),
    values,
  );

/** The name of a block's file, of the name of its result. */
export const blockFile = (result: string, block: number): string => `${result}-${block}`;

export class BlocksResult implements Kept {
  readonly #node: OpNode;
  readonly #grid: Grid;
  readonly #parts: readonly number[];
  readonly #workspace: Workspace;
  readonly #name: string;
  readonly #blocks = new Map<number, Entry>();

  /** @param name of its files @param parts extents of the pieces in which readers want it */
  constructor(node: OpNode, grid: Grid, parts: readonly number[], workspace: Workspace, name: string) {
    this.#node = node;
    this.#grid = grid;
    this.#parts = parts;
    this.#workspace = workspace;
    this.#name = name;
  }

  found(block: number): void {
    const { shape } = regionOf(this.#grid, block);
    const { itemsize } = this.#node.dtype;
    this.#blocks.set(block, this.#workspace.found(blockFile(this.#name, block), shape, this.#parts, itemsize));
  }
  elementsOf(): Uint8Array {
    return new Uint8Array(0);
  }
  async put(block: number, values: NDArray): Promise<void> {
    this.#blocks.set(block, await this.#workspace.put(blockFile(this.#name, block), values, this.#parts));
  }

  async read(region: Region): Promise<Taken> {
    const { dtype } = this.#node;
    const blocks = blocksIn(this.#grid, region);
    const takenOf = (block: number, part: Region, at: Region): Promise<Taken> => {
      const entry = this.#blocks.get(block);
      if (entry === undefined)
        throw new TypeError(`block ${block} of ${this.#node.op.text} is read before it is there`);
      return this.#workspace.take(entry, within(part, at.start), dtype);
    };
    if (blocks.length === 1) return takenOf(blocks[0], region, regionOf(this.#grid, blocks[0]));
    const whole = empty(region.shape, { dtype });
    try {
      for (const block of blocks) {
        const at = regionOf(this.#grid, block);
        const part = meeting(at, region);
        const taken = await takenOf(block, part, at);
        putInto(whole, within(part, region.start), taken.array);
        taken.release();
      }
    } catch (error) {
      whole.storage.dispose();
      throw error;
    }
    return { array: whole, release: () => whole.storage.dispose() };
  }

  drop(keep: boolean): void {
    for (const entry of this.#blocks.values()) this.#workspace.drop(entry, keep);
    this.#blocks.clear();
  }
}

/** Bytes that reading a rectangle of a kept result takes besides it: one part of a block, and one piece of a file. */
export function keptReadMemory(node: OpNode, parts: readonly number[], region: Region): number {
  if (keptWhole(node)) return 0;
  const { itemsize } = node.dtype;
  const piece = sizeOf(parts.map((n, d) => Math.min(n, node.chunks[d]))) * itemsize;
  const blocks = gridOf(node.shape, node.chunks);
  const part =
    blocksIn(blocks, region).length > 1 ? sizeOf(node.chunks.map((n, d) => Math.min(n, region.shape[d]))) : 0;
  return part * itemsize + (sameShape(region.shape, parts) ? 0 : piece);
}
