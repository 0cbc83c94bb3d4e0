// What a codec is: bytes to bytes, as a chunk passes through one after another. Each has a file of its own here; which
// there are is ../codecs.ts.

import { FormatError } from '../../../base/errors.ts';
import type { Piece } from '../piece.ts';

/** One step between a chunk's elements and what is stored. */
export interface Codec {
  /** As documents name it. */
  readonly name: string;
  /** With what matters of its settings, for reports: 'blosc(lz4, level 5, shuffle)'. */
  readonly text: string;
  /** Bytes that `n` bytes become at most. */
  bound(n: number): number;
  /** Bytes beside the heap that unpacking to `n` bytes takes. */
  outside(n: number): number;
  /** Unpacks, and gives the bytes written. @throws FormatError for damaged bytes, or more of them than there is room for. */
  decode(from: Piece, into: Piece, where: string): Promise<number>;
  /** Packs, and gives the bytes written. */
  encode(from: Piece, into: Piece, where: string): Promise<number>;
}

export const damagedChunk = (where: string, why: string, cause?: unknown): FormatError =>
  new FormatError(
    `${where}: ${why}`,
    'the chunk is damaged or was not written to its end: copy it again, or write it again',
    { chunk: where },
    cause === undefined ? undefined : { cause },
  );

/** Copies what came out beside the heap into its place. */
export function deliver(made: Uint8Array, into: Piece, where: string, name: string): number {
  if (made.byteLength > into.nbytes) {
    throw damagedChunk(where, `${name} unpacks to ${made.byteLength} bytes, where ${into.nbytes} belong`);
  }
  into.bytes().set(made);
  return made.byteLength;
}
