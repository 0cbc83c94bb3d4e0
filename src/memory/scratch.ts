// Scratch: working memory for the length of one synchronous call, taken and given back like a stack.
// An arena per segment grows by chunks, so that an address stays valid until its release whatever is taken after it.
// Chunks are ordinary charged blocks. Never hold scratch across an await: another call would take from the same stack.
import type { Heap } from './heap.ts';
import type { Segment } from './segment.ts';
import { ALIGNMENT } from './sizes.ts';
import type { Storage } from './storage.ts';

const FIRST_CHUNK = 64 * 1024;
const KEPT_CHUNK = 4 * 2 ** 20; // an arena at rest keeps one chunk of at most this

/** The chunks of one segment: the last is in use up to `used`, those before it are full. */
class Arena {
  readonly segment: Segment;
  readonly chunks: Storage[] = [];
  /** Bytes in use in each chunk. */
  readonly used: number[] = [];

  constructor(segment: Segment) {
    this.segment = segment;
  }
}

/** A stack of scratch blocks over the segments of one heap. */
export class Scratch {
  readonly #heap: () => Heap;
  readonly #arenas: Arena[] = [];
  /** For every take that is not released: the arena, its number of chunks before, and the bytes used of the last before. */
  #log = new Float64Array(3 * 64);
  #depth = 0;

  constructor(heap: () => Heap) {
    this.#heap = heap;
  }

  /** The present height of the stack, to be given to `release`. */
  mark(): number {
    return this.#depth;
  }

  /** The address of `nbytes` bytes of undefined content in `segment`, on a multiple of `align` (a power of two). */
  take(segment: Segment, nbytes: number, align: number = ALIGNMENT): number {
    const arena = this.#arenaOf(segment);
    const last = arena.chunks.length - 1;
    const used = last < 0 ? 0 : arena.used[last];
    let address = 0;
    if (last >= 0) {
      const chunk = arena.chunks[last];
      address = Math.ceil((chunk.ptr + used) / align) * align;
      if (address + nbytes > chunk.ptr + chunk.nbytes) address = 0;
    }
    if (address === 0) address = this.#addChunk(arena, nbytes, align);
    const top = arena.chunks.length - 1;
    arena.used[top] = address + nbytes - arena.chunks[top].ptr;
    if (this.#depth * 3 === this.#log.length) {
      const log = new Float64Array(this.#log.length * 2);
      log.set(this.#log);
      this.#log = log;
    }
    const at = 3 * this.#depth++;
    this.#log[at] = segment.ghost ? 0 : segment.id + 1;
    this.#log[at + 1] = last + 1;
    this.#log[at + 2] = used;
    return address;
  }

  /** Gives back everything taken since `mark`. */
  release(mark: number): void {
    while (this.#depth > mark) {
      const at = 3 * --this.#depth;
      const arena = this.#arenas[this.#log[at]];
      const chunks = this.#log[at + 1];
      while (arena.chunks.length > Math.max(1, chunks)) {
        arena.used.pop();
        arena.chunks.pop()?.dispose();
      }
      arena.used[arena.chunks.length - 1] = chunks === 0 ? 0 : this.#log[at + 2];
      if (chunks === 0 && arena.chunks[0].nbytes > KEPT_CHUNK) {
        arena.used.pop();
        arena.chunks.pop()?.dispose();
      }
    }
  }

  /** Gives back the chunks kept at rest; nothing may be taken at the time. */
  trim(): void {
    this.release(0);
    for (const arena of this.#arenas) {
      for (const chunk of arena.chunks.splice(0)) chunk.dispose();
      arena.used.length = 0;
    }
  }

  // The first arena is that of the ghost in force, whichever it was before.
  #arenaOf(segment: Segment): Arena {
    const at = segment.ghost ? 0 : segment.id + 1;
    const known = this.#arenas[at];
    if (known?.segment === segment) return known;
    while (this.#arenas.length <= at) this.#arenas.push(new Arena(segment));
    this.#arenas[at] = new Arena(segment);
    return this.#arenas[at];
  }

  #addChunk(arena: Arena, nbytes: number, align: number): number {
    const before = arena.chunks.at(-1)?.nbytes ?? 0;
    const wanted = Math.max(nbytes + Math.max(0, align - ALIGNMENT), FIRST_CHUNK, Math.min(2 * before, KEPT_CHUNK));
    const chunk = this.#heap().allocateIn(arena.segment, wanted);
    arena.chunks.push(chunk);
    arena.used.push(0);
    return Math.ceil(chunk.ptr / align) * align;
  }
}
