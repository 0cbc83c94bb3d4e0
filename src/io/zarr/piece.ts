// Bytes of the heap for the time of asynchronous work on them: by address for native code, as a view for the rest. Held
// so that neither a scope's end nor a collection gives them to somebody else meanwhile.

import { allocateRoomy, keepAlive } from '../../memory/allocate.ts';
import { pin } from '../../memory/pins.ts';
import { type Storage, typedView } from '../../memory/storage.ts';
import { baseOf } from '../../native/blas.ts';
import type { Span } from '../../native/compression.ts';

/** A range of a storage. */
export class Piece {
  readonly storage: Storage;
  readonly offset: number;
  readonly nbytes: number;

  constructor(storage: Storage, offset: number, nbytes: number) {
    this.storage = storage;
    this.offset = offset;
    this.nbytes = nbytes;
  }

  /** A view, good until the next wait: unshared memory may move. */
  bytes(): Uint8Array {
    return typedView(this.storage, this.offset, this.nbytes, Uint8Array);
  }

  /** The memory does not move. */
  get stays(): boolean {
    return this.storage.segment?.shared === true;
  }

  /** By address; undefined where memory may move. */
  get span(): Span | undefined {
    const { segment, ptr } = this.storage;
    if (segment === null || !segment.shared) return undefined;
    return { address: BigInt(baseOf(segment.buffer) + ptr + this.offset), nbytes: this.nbytes };
  }

  part(from: number, nbytes: number): Piece {
    return new Piece(this.storage, this.offset + from, nbytes);
  }

  /** A view that stays good over waits: a copy where memory may move. */
  lasting(): Uint8Array {
    return this.stays ? this.bytes() : this.bytes().slice();
  }
}

/** Keeps storages for as long as `work` takes. */
export async function holding<R>(storages: readonly Storage[], work: () => Promise<R>): Promise<R> {
  const unpin = storages.map(pin);
  try {
    return await work();
  } finally {
    for (const end of unpin) end();
    for (const storage of storages) keepAlive(storage);
  }
}

/** Memory of the heap until `end`. */
export class Lent {
  readonly piece: Piece;
  readonly #unpin: () => void;

  constructor(nbytes: number) {
    const storage = allocateRoomy(nbytes, false);
    this.#unpin = pin(storage);
    this.piece = new Piece(storage, 0, nbytes);
  }

  end(): void {
    const { storage } = this.piece;
    this.#unpin();
    keepAlive(storage);
    storage.dispose();
  }
}

/** Memory of the heap for as long as `work` takes. */
export async function withPiece<R>(nbytes: number, work: (piece: Piece) => Promise<R>): Promise<R> {
  const lent = new Lent(nbytes);
  try {
    return await work(lent.piece);
  } finally {
    lent.end();
  }
}
