// A segment: one WebAssembly memory of up to 4 GiB, the typed views over the whole of it, and which of its units are free.
// Views are made once per growth and handed out from a cache; addresses never move, only views go stale.
// It does not decide when to grow or what to hand out: owned_blocks.ts does.
import { config } from '../base/config.ts';
import { MemoryError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { adviseLargePages } from '../native/pages.ts';
import { Away } from './away.ts';
import { Blocks } from './blocks.ts';
import { type Bulk, bulkFor } from './bulk.ts';
import { GhostBlocks, ghostView } from './ghost.ts';
import type { Lender } from './lending.ts';
import { MAX_PAGES, PAGE, UNIT } from './sizes.ts';

/** What a segment is made with; `shared` needs SharedArrayBuffer. */
export interface SegmentOptions {
  readonly shared: boolean;
  readonly maxPages: number;
  /** Another thread governs the memory: blocks are borrowed from it. */
  readonly lender?: Lender;
  /** No memory at all: for estimates. */
  readonly ghost?: boolean;
}

/** Smaller heaps keep small pages: loading the foreign functions would cost more than the pages give. */
const LARGE_PAGES_FROM = 32 * 2 ** 20;
const SMALLEST_MAXIMUM = 4096; // pages: 256 MB of address space, below which a heap is of no use

/** One stretch of heap memory. Kernels address it from 0; `ptr` of a storage is an address in its segment. */
export class Segment {
  readonly id: number;
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  readonly maxPages: number;
  readonly blocks: Blocks;
  /** Nothing is there: see ghost.ts. */
  readonly ghost: boolean;
  /** Free pages that are with the system. */
  readonly away: Away;
  /** Bytes below this address have been handed out at least once; above it memory is still zero and not resident. */
  touched = UNIT;
  readonly #bulk: Bulk;
  readonly #lender: Lender | undefined;
  #advised = false;
  #views: Views;

  constructor(id: number, options: SegmentOptions) {
    this.id = id;
    this.shared = options.shared;
    const { lender } = options;
    const { memory, maxPages } =
      lender === undefined
        ? options.ghost === true
          ? nowhere()
          : reserve(options)
        : { memory: lender.memory, maxPages: MAX_PAGES };
    this.#lender = lender;
    this.ghost = options.ghost === true;
    this.blocks = this.ghost ? new GhostBlocks() : new Blocks();
    this.memory = memory;
    this.maxPages = maxPages;
    this.away = new Away(maxPages * PAGE);
    this.#bulk = bulkFor(memory, options.shared, maxPages);
    this.#views = this.ghost ? ghostViews() : viewsOf(memory.buffer);
    if (this.ghost) return;
    if (lender !== undefined) {
      this.touched = maxPages * PAGE; // anything may be in there
      return;
    }
    this.blocks.extend(this.nbytes / UNIT);
    this.blocks.take(1); // address 0 belongs to nobody
  }

  get buffer(): ArrayBufferLike {
    return this.#views.u8.buffer;
  }
  /** Bytes of address space that can be used now. */
  get nbytes(): number {
    return this.#views.u8.byteLength;
  }
  get u8(): Uint8Array {
    return this.#views.u8;
  }
  get i8(): Int8Array {
    return this.#views.i8;
  }
  get i16(): Int16Array {
    return this.#views.i16;
  }
  get u16(): Uint16Array {
    return this.#views.u16;
  }
  get i32(): Int32Array {
    return this.#views.i32;
  }
  get u32(): Uint32Array {
    return this.#views.u32;
  }
  get i64(): BigInt64Array {
    return this.#views.i64;
  }
  get u64(): BigUint64Array {
    return this.#views.u64;
  }
  get f32(): Float32Array {
    return this.#views.f32;
  }
  get f64(): Float64Array {
    return this.#views.f64;
  }

  /**
   * Grows so that a free block of `nbytes` exists at the top, by at least `step` bytes where the maximum allows;
   * false when it cannot. In unshared memory growth detaches every typed array made over the old buffer.
   */
  grow(nbytes: number, step: number): boolean {
    if (this.#lender !== undefined) return this.#borrow(this.#lender, nbytes);
    const pages = this.nbytes / PAGE;
    const missing = Math.ceil((nbytes - this.blocks.freeAtTop * UNIT) / PAGE);
    const room = this.maxPages - pages;
    if (missing > room) return false;
    const wanted = Math.min(room, Math.max(missing, Math.ceil(step / PAGE)));
    for (const count of wanted > missing ? [wanted, missing] : [missing]) {
      try {
        this.memory.grow(count);
      } catch {
        continue; // the engine refused: try the smaller amount
      }
      const from = this.nbytes;
      this.#views = viewsOf(this.memory.buffer);
      if (events.active['memory.grow']) events.emit('memory.grow', { segment: this.id, from, to: this.nbytes });
      this.blocks.extend((count * PAGE) / UNIT);
      if (!this.#advised && this.nbytes >= LARGE_PAGES_FROM) this.#adviseLargePages();
      return true;
    }
    return false;
  }

  #borrow(lender: Lender, nbytes: number): boolean {
    const block = lender.borrow(nbytes);
    if (block === undefined) return false;
    this.reach(block.ptr + block.nbytes);
    this.blocks.admit(block.ptr / UNIT, block.nbytes / UNIT);
    return true;
  }

  /** Sees to it that addresses below `end` can be read here, when another thread made the memory grow. */
  reach(end: number): void {
    if (end <= this.nbytes) return;
    this.memory.grow(0); // the engine tells other threads of growth some time later, and a thread that grows at once
    this.#views = viewsOf(this.memory.buffer);
  }

  // Once, for all of the reserve. Unshared memory may move when it grows, and is left alone.
  #adviseLargePages(): void {
    this.#advised = true;
    if (this.shared && config.get('memory.largePages') === 'auto') {
      adviseLargePages(this.buffer, this.maxPages * PAGE);
    }
  }

  /** Sets `nbytes` bytes at `ptr` to `byte`. */
  fill(ptr: number, nbytes: number, byte: number): void {
    if (!this.ghost) this.#bulk.fill(ptr, byte, nbytes);
  }

  /** Copies `nbytes` bytes inside this segment; the ranges may overlap. */
  copy(to: number, from: number, nbytes: number): void {
    if (!this.ghost) this.#bulk.copy(to, from, nbytes);
  }
}

type Views = ReturnType<typeof viewsOf>;

function viewsOf(buffer: ArrayBufferLike) {
  return {
    u8: new Uint8Array(buffer),
    i8: new Int8Array(buffer),
    i16: new Int16Array(buffer),
    u16: new Uint16Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    i64: new BigInt64Array(buffer),
    u64: new BigUint64Array(buffer),
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
  };
}

const nowhere = (): { memory: WebAssembly.Memory; maxPages: number } => ({
  memory: new WebAssembly.Memory({ initial: 1, maximum: 1 }),
  maxPages: MAX_PAGES,
});

const ghostViews = (): Views => ({
  u8: ghostView(Uint8Array),
  i8: ghostView(Int8Array),
  i16: ghostView(Int16Array),
  u16: ghostView(Uint16Array),
  i32: ghostView(Int32Array),
  u32: ghostView(Uint32Array),
  i64: ghostView(BigInt64Array),
  u64: ghostView(BigUint64Array),
  f32: ghostView(Float32Array),
  f64: ghostView(Float64Array),
});

/** Reserves address space: the whole of what is wanted, or half, a quarter … where the system limits it. */
function reserve(options: SegmentOptions): { memory: WebAssembly.Memory; maxPages: number } {
  let maxPages = Math.min(options.maxPages, MAX_PAGES);
  for (;;) {
    try {
      const memory = new WebAssembly.Memory({
        initial: Math.min(16, maxPages),
        maximum: maxPages,
        shared: options.shared,
      });
      return { memory, maxPages };
    } catch (cause) {
      if (maxPages / 2 < SMALLEST_MAXIMUM) {
        throw new MemoryError(
          `the engine refused to reserve ${maxPages * PAGE} bytes of address space for the heap`,
          'raise the limit on virtual memory (ulimit -v) or run fewer heaps in this process',
          { pages: maxPages, shared: options.shared },
          { cause },
        );
      }
      maxPages = Math.floor(maxPages / 2);
    }
  }
}

/** Sets `nbytes` bytes at `ptr` of a segment to `byte`. */
export function fillBytes(segment: Segment, ptr: number, nbytes: number, byte: number): void {
  segment.fill(ptr, nbytes, byte);
}

/** Copies `nbytes` bytes between two places of the heap, in one segment or across two; overlap is allowed. */
export function copyBytes(to: Segment, toPtr: number, from: Segment, fromPtr: number, nbytes: number): void {
  if (to === from) to.copy(toPtr, fromPtr, nbytes);
  else to.u8.set(from.u8.subarray(fromPtr, fromPtr + nbytes), toPtr);
}
