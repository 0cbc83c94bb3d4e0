// Copy on write: what is written over a file's bytes is kept here, in pieces in the governed heap, and the file stays as
// it is. Once somebody asks for a typed array the pieces move into a private mapping of the file.

import { allocateForGood } from '../memory/allocate.ts';
import { type Storage, typedView } from '../memory/storage.ts';
import type { Mapping } from '../native/mapping.ts';

/** Bytes of a piece. */
const PIECE = 2 ** 16;

/** The file that is written over. */
export interface Below {
  /** Bytes that belong to the array. */
  readonly start: number;
  readonly end: number;
  read(at: number, into: Uint8Array): void;
  /** A private mapping of all of them, from byte `from` of the file on. */
  map(): Mapping & { readonly from: number };
  /** The error of a mapping whose file does not have its bytes any more. */
  lost(at: number): Error;
}

/** Bytes over a file that differ from it where they were written. */
export class PrivateBytes {
  readonly #below: Below;
  /** The file's pieces as they were changed, by their number. */
  readonly #pieces = new Map<number, Storage>();
  #mapped: (Mapping & { readonly from: number }) | undefined;

  constructor(below: Below) {
    this.#below = below;
  }

  read(at: number, into: Uint8Array): void {
    if (this.#mapped !== undefined) {
      if (!this.#mapped.read(at - this.#mapped.from, into)) throw this.#below.lost(at);
      return;
    }
    this.#below.read(at, into);
    for (const { piece, from, length, done } of partsOf(at, into.byteLength)) {
      const held = this.#pieces.get(piece);
      if (held !== undefined) into.set(typedView(held, from, length, Uint8Array), done);
    }
  }

  write(at: number, bytes: Uint8Array): void {
    if (this.#mapped !== undefined) {
      if (!this.#mapped.write(at - this.#mapped.from, bytes)) throw this.#below.lost(at);
      return;
    }
    for (const { piece, from, length, done } of partsOf(at, bytes.byteLength)) {
      const held = this.#pieces.get(piece) ?? this.#copied(piece);
      typedView(held, from, length, Uint8Array).set(bytes.subarray(done, done + length));
    }
  }

  /** The bytes in a private mapping, where from now on all of them are. */
  view(at: number): { readonly buffer: ArrayBuffer; readonly offset: number } {
    const mapped = this.#mapped ?? this.#moved();
    return { buffer: mapped.buffer, offset: at - mapped.from };
  }

  close(): void {
    for (const piece of this.#pieces.values()) piece.dispose();
    this.#pieces.clear();
  }

  #moved(): Mapping & { readonly from: number } {
    const mapped = this.#below.map();
    for (const [piece, held] of this.#pieces) {
      const { at, length } = this.#reach(piece);
      if (!mapped.write(at - mapped.from, typedView(held, at - piece * PIECE, length, Uint8Array))) {
        throw this.#below.lost(at);
      }
    }
    this.#mapped = mapped;
    this.close();
    return mapped;
  }

  /** The part of a piece that belongs to the array. */
  #reach(piece: number): { at: number; length: number } {
    const at = Math.max(piece * PIECE, this.#below.start);
    return { at, length: Math.min((piece + 1) * PIECE, this.#below.end) - at };
  }

  #copied(piece: number): Storage {
    const { at, length } = this.#reach(piece);
    const held = allocateForGood(PIECE, false); // whose scope it is does not matter: it lives as long as the file is open
    try {
      this.#below.read(at, typedView(held, at - piece * PIECE, length, Uint8Array));
    } catch (error) {
      held.dispose();
      throw error;
    }
    this.#pieces.set(piece, held);
    return held;
  }
}

/** Bytes at a position, cut at the borders of pieces. */
function* partsOf(at: number, nbytes: number) {
  for (let done = 0; done < nbytes; ) {
    const piece = Math.floor((at + done) / PIECE);
    const from = at + done - piece * PIECE;
    const length = Math.min(PIECE - from, nbytes - done);
    yield { piece, from, length, done };
    done += length;
  }
}
