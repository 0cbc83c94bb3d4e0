// Blocks in memory.

import type { NDArray } from '../array/ndarray.ts';
import { IndexError } from '../base/errors.ts';
import type { BlockShelf } from './kept.ts';

/** A shelf without an end. */
export class MemoryShelf implements BlockShelf {
  readonly #blocks = new Map<number, NDArray>();

  async get(block: number): Promise<NDArray> {
    const values = this.#blocks.get(block);
    if (values !== undefined) return values;
    throw new IndexError(`block ${block} is not there`, 'this is a defect of the plan: please report it', { block });
  }
  async put(block: number, values: NDArray): Promise<void> {
    this.#blocks.set(block, values);
  }
  async drop(): Promise<void> {
    for (const values of this.#blocks.values()) values.dispose();
    this.#blocks.clear();
  }
}
