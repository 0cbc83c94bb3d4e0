// Where results go: an array in memory, or a store.

import { empty } from '../array/creation.ts';
import type { NDArray } from '../array/ndarray.ts';
import type { ArrayStore, Region } from '../io/store.ts';
import { putInto } from './kept.ts';
import type { OpNode } from './node.ts';

/** Takes the elements of a result, rectangle by rectangle; no two overlap. */
export interface Target extends Pick<ArrayStore, 'writeMemory' | 'flush'> {
  readonly name: string;
  write(region: Region, values: NDArray): Promise<void>;
  /** The result stays in memory. */
  readonly inMemory?: boolean;
  /** The result, where it is in memory. */
  readonly array?: NDArray;
}

export type Targets = ReadonlyMap<OpNode, Target>;

/** A result in memory, which is there from the first block on. */
export class ArrayTarget implements Target {
  readonly name = 'the result in memory';
  readonly inMemory = true;
  readonly #node: OpNode;
  #array: NDArray | undefined;

  constructor(node: OpNode) {
    this.#node = node;
  }
  get array(): NDArray {
    this.#array ??= empty(this.#node.shape, { dtype: this.#node.dtype });
    return this.#array;
  }
  async write(region: Region, values: NDArray): Promise<void> {
    putInto(this.array, region, values);
  }
  dispose(): void {
    this.#array?.storage.dispose();
  }
}
