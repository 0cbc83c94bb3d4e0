// The indexes of shards: where in a stored object each of its chunks is. Read once per shard and kept, a bounded number
// of them. Source: https://zarr-specs.readthedocs.io/en/latest/v3/codecs/sharding-indexed/index.html.

import { dtypes } from '../../dtype/dtype.ts';
import { sizeOf } from '../../shape/strides.ts';
import { damagedChunk } from './codec/codec.ts';
import { numberOf } from './grid.ts';
import type { KeyStore } from './keys.ts';
import type { Sharding } from './metadata.ts';
import { Piece, withPiece } from './piece.ts';

/** Entries of all indexes that are kept, 16 bytes each. */
const KEPT = 2 ** 20;
const NOWHERE = 2n ** 64n - 1n;

/** Where a chunk is inside a shard. */
export interface Place {
  readonly from: number;
  readonly nbytes: number;
}

export class Shards {
  readonly #store: KeyStore;
  readonly #sharding: Sharding;
  /** Inner chunks along each axis of a shard. */
  readonly #grid: readonly number[];
  readonly #most: number;
  readonly #indexes = new Map<string, Promise<BigUint64Array | undefined>>();

  /** `most`: the bytes that a chunk can be stored as. */
  constructor(store: KeyStore, sharding: Sharding, chunks: readonly number[], most: number) {
    this.#store = store;
    this.#sharding = sharding;
    this.#grid = sharding.shard.map((n, d) => n / chunks[d]);
    this.#most = most;
  }

  /** Inner chunks of a shard. */
  get entries(): number {
    return sizeOf(this.#grid);
  }

  /** The place of the shard of a chunk in the grid of shards. */
  shardOf(place: readonly number[]): number[] {
    return place.map((p, d) => Math.floor(p / this.#grid[d]));
  }

  /** Where a chunk is; undefined where it is not there. @throws FormatError for an index that cannot be true. */
  async find(key: string, place: readonly number[]): Promise<Place | undefined> {
    const index = await this.#index(key);
    if (index === undefined) return undefined;
    const inner = place.map((p, d) => p % this.#grid[d]);
    const at = 2 * numberOf(inner, this.#grid);
    const [from, nbytes] = [index[at], index[at + 1]];
    if (from === NOWHERE && nbytes === NOWHERE) return undefined;
    const where = this.#store.address(key);
    if (from > BigInt(Number.MAX_SAFE_INTEGER) || nbytes > BigInt(this.#most) || nbytes === 0n) {
      throw damagedChunk(where, `its index has chunk ${inner.join('.')} at ${from}, ${nbytes} bytes long`);
    }
    return { from: Number(from), nbytes: Number(nbytes) };
  }

  /** Chunks that a shard holds. */
  async count(key: string): Promise<number> {
    const index = await this.#index(key);
    if (index === undefined) return 0;
    let n = 0;
    for (let i = 0; i < index.length; i += 2) if (index[i] !== NOWHERE || index[i + 1] !== NOWHERE) n++;
    return n;
  }

  #index(key: string): Promise<BigUint64Array | undefined> {
    let index = this.#indexes.get(key);
    if (index === undefined) {
      index = this.#read(key); // without a signal: others may wait for it too
      index.catch(() => this.#indexes.delete(key)); // asked again next time
      this.#indexes.set(key, index);
      for (const oldest of this.#indexes.keys()) {
        if (this.#indexes.size <= 1 || this.#indexes.size * this.entries <= KEPT) break;
        this.#indexes.delete(oldest);
      }
    }
    return index;
  }

  async #read(key: string): Promise<BigUint64Array | undefined> {
    const { index, location } = this.#sharding;
    const plain = this.entries * 2 * dtypes.uint64.itemsize;
    const stored = index.chain.bound(plain);
    const range = location === 'start' ? { from: 0, nbytes: stored } : { last: stored };
    return withPiece(stored + plain, async (room) => {
      const from = await this.#store.get({ key, range, most: stored }, (n) => new Piece(room.storage, 0, n));
      if (from === undefined) return undefined;
      const into = room.part(stored, plain);
      await index.chain.decode(from, into, `${this.#store.address(key)}, its index`);
      const bytes = into.bytes().slice();
      if (index.swapped) for (let i = 0; i < bytes.length; i += 8) bytes.subarray(i, i + 8).reverse();
      return new BigUint64Array(bytes.buffer);
    });
  }
}
