// Which free pages of a segment were given back to the system, in pieces of 2 MB (a large page). A piece is away from the
// moment it is dropped until a block that reaches into it is taken. It does not decide when to drop: heap.ts does.
import { dropPages } from '../native/pages.ts';
import type { Blocks } from './blocks.ts';
import { UNIT } from './sizes.ts';

const PIECE = 2 * 2 ** 20;

/** The pieces of one segment that are with the system. */
export class Away {
  readonly #pieces: Uint8Array;
  #count = 0;

  constructor(nbytes: number) {
    this.#pieces = new Uint8Array(Math.ceil(nbytes / PIECE));
  }

  /** Bytes that are away. */
  get nbytes(): number {
    return this.#count * PIECE;
  }

  /** Takes notice that bytes are in use again. */
  claim(from: number, to: number): void {
    if (this.#count === 0) return;
    for (let piece = Math.floor(from / PIECE); piece * PIECE < to; piece++) {
      this.#count -= this.#pieces[piece];
      this.#pieces[piece] = 0;
    }
  }

  /** Drops every piece below `touched` that lies in one free block whole; the bytes given back. */
  drop(buffer: ArrayBufferLike, blocks: Blocks, touched: number): number {
    const before = this.#count;
    blocks.eachFree((unit, length) => {
      const end = Math.floor(Math.min((unit + length) * UNIT, touched) / PIECE);
      let from = Math.ceil((unit * UNIT) / PIECE);
      while (from < end) {
        while (from < end && this.#pieces[from] === 1) from++;
        let to = from;
        while (to < end && this.#pieces[to] === 0) to++;
        if (to > from && dropPages(buffer, from * PIECE, (to - from) * PIECE)) {
          this.#pieces.fill(1, from, to);
          this.#count += to - from;
        }
        from = to;
      }
    });
    return (this.#count - before) * PIECE;
  }
}
