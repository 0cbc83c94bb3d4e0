// The segments of a heap: which of them a block is taken from, when they grow, when the next one is opened, and where a
// large result should lie so that kernels keep room to work in. Nothing is charged here: owned_blocks.ts does that first.
import { MemoryError } from '../base/errors.ts';
import type { Lender } from './lending.ts';
import { Segment, type SegmentOptions } from './segment.ts';
import { PAGE, UNIT } from './sizes.ts';

const MB = 2 ** 20;
const GHOST = 4096;
/** Share of a segment that large results leave free: for temporaries, scratch and what must lie beside its operands. */
const KEPT_FREE = 1 / 8;
/** Results under this share of a segment are placed without a look (1 MiB of 4 GiB). */
const SMALL_SHARE = 1 / 4096;

/** The segments of one heap. */
export class Segments {
  readonly list: Segment[] = [];
  /** Where the block found last lies: a second result of `take`, without an object. */
  found: Segment | undefined;
  readonly #options: SegmentOptions;
  readonly #opened: () => void;
  /** The number of the first: ghosts have numbers of their own, since much is kept by segment. */
  readonly #first: number;

  constructor(options: SegmentOptions, opened: () => void) {
    this.#options = options;
    this.#opened = opened;
    this.#first = options.ghost === true ? GHOST : 0;
  }

  /** The segment kernels use by default, made when first asked for. */
  home(): Segment {
    return this.list[0] ?? this.#open();
  }

  /** Whose memory it is, where it is another thread's. */
  get lender(): Lender | undefined {
    return this.#options.lender;
  }

  /** The segment of this number. */
  at(id: number): Segment {
    return this.list[id - this.#first];
  }

  /** Bytes that `segment` could still hand out, in whatever pieces. */
  room({ maxPages, blocks }: Segment): number {
    return maxPages * PAGE - (blocks.units - blocks.free) * UNIT;
  }

  /** Whether `nbytes` in `segment` leave it room to work in. */
  holds(segment: Segment, nbytes: number): boolean {
    const most = segment.maxPages * PAGE;
    if (this.#options.lender !== undefined || segment.ghost) return true; // another heap decides, or nothing is there
    return nbytes < most * SMALL_SHARE || this.room(segment) - nbytes >= most * KEPT_FREE;
  }

  /** A segment for a large result: one that holds it and keeps room, or a further one; `first` if there is none. */
  placeFor(nbytes: number, first: Segment): Segment {
    for (const segment of [first, ...this.list]) if (this.holds(segment, nbytes)) return segment;
    if (nbytes > this.#options.maxPages * PAGE - UNIT) return first;
    try {
      return this.#open();
    } catch (error) {
      if (error instanceof MemoryError) return first; // no address space: what there is must do
      throw error;
    }
  }

  /** Takes `units` in `within`, or in any segment: the first unit, or -1. */
  take(units: number, within: Segment | undefined): number {
    for (const segment of within === undefined ? this.list : [within]) {
      const unit = segment.blocks.take(units);
      if (unit < 0) continue;
      this.found = segment;
      return unit;
    }
    const grown = this.#growFor(units * UNIT, within);
    if (grown === undefined) return -1;
    this.found = grown;
    return grown.blocks.take(units);
  }

  // The segment that has a free block of `bytes` after growing, or undefined.
  #growFor(bytes: number, within: Segment | undefined): Segment | undefined {
    const { shared, maxPages, lender } = this.#options;
    // Growing detaches every view in unshared memory, so there it is done rarely and by much.
    const grow = (at: Segment): boolean =>
      at.grow(bytes, shared ? Math.min(64 * MB, Math.max(4 * MB, at.nbytes / 8)) : Math.max(16 * MB, at.nbytes / 2));
    for (const segment of within === undefined ? this.list : [within]) if (grow(segment)) return segment;
    if (within !== undefined || lender !== undefined || bytes > maxPages * PAGE - UNIT) return undefined;
    try {
      const segment = this.#open();
      return segment.blocks.largestFree * UNIT >= bytes || grow(segment) ? segment : undefined;
    } catch (error) {
      if (error instanceof MemoryError) return undefined; // address space is exhausted: the caller says what was asked
      throw error;
    }
  }

  #open(): Segment {
    const segment = new Segment(this.#first + this.list.length, this.#options);
    this.list.push(segment);
    this.#opened();
    return segment;
  }
}
