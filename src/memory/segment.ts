// A segment: one WebAssembly memory of up to 4 GiB, the typed views over the whole of it, and which of its units are free.
// Views are made once per growth and handed out from a cache; addresses never move, only views go stale.
// It does not decide when to grow or what to hand out: heap.ts does.
import { MemoryError } from '../base/errors.ts';
import { Blocks } from './blocks.ts';
import { type Bulk, bulkFor } from './bulk.ts';
import { MAX_PAGES, PAGE, UNIT } from './sizes.ts';

/** What a segment is made with; `shared` needs SharedArrayBuffer. */
export interface SegmentOptions {
  readonly shared: boolean;
  readonly maxPages: number;
}

const SMALLEST_MAXIMUM = 4096; // pages: 256 MB of address space, below which a heap is of no use

/** One stretch of heap memory. Kernels address it from 0; `ptr` of a storage is an address in its segment. */
export class Segment {
  readonly id: number;
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  readonly maxPages: number;
  readonly blocks = new Blocks();
  /** Bytes below this address have been handed out at least once; above it memory is still zero and not resident. */
  touched = UNIT;
  readonly #bulk: Bulk;
  #u8!: Uint8Array; // set by #refresh(), which the constructor calls
  #views: Partial<Views> = {};

  constructor(id: number, options: SegmentOptions) {
    this.id = id;
    this.shared = options.shared;
    const { memory, maxPages } = reserve(options);
    this.memory = memory;
    this.maxPages = maxPages;
    this.#bulk = bulkFor(memory, options.shared, maxPages);
    this.#refresh();
    this.blocks.extend((this.#u8.byteLength / UNIT) | 0);
    this.blocks.take(1); // address 0 belongs to nobody
  }

  get buffer(): ArrayBufferLike {
    return this.#u8.buffer;
  }
  /** Bytes of address space that can be used now. */
  get nbytes(): number {
    return this.#u8.byteLength;
  }
  get u8(): Uint8Array {
    return this.#u8;
  }
  get i8(): Int8Array {
    return (this.#views.i8 ??= new Int8Array(this.buffer));
  }
  get i16(): Int16Array {
    return (this.#views.i16 ??= new Int16Array(this.buffer));
  }
  get u16(): Uint16Array {
    return (this.#views.u16 ??= new Uint16Array(this.buffer));
  }
  get i32(): Int32Array {
    return (this.#views.i32 ??= new Int32Array(this.buffer));
  }
  get u32(): Uint32Array {
    return (this.#views.u32 ??= new Uint32Array(this.buffer));
  }
  get i64(): BigInt64Array {
    return (this.#views.i64 ??= new BigInt64Array(this.buffer));
  }
  get u64(): BigUint64Array {
    return (this.#views.u64 ??= new BigUint64Array(this.buffer));
  }
  get f32(): Float32Array {
    return (this.#views.f32 ??= new Float32Array(this.buffer));
  }
  get f64(): Float64Array {
    return (this.#views.f64 ??= new Float64Array(this.buffer));
  }

  /**
   * Grows so that a free block of `nbytes` exists at the top, by at least `step` bytes where the maximum allows;
   * false when it cannot. In unshared memory growth detaches every typed array made over the old buffer.
   */
  grow(nbytes: number, step: number): boolean {
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
      this.#refresh();
      this.blocks.extend((count * PAGE) / UNIT);
      return true;
    }
    return false;
  }

  /** Sets `nbytes` bytes at `ptr` to `byte`. */
  fill(ptr: number, nbytes: number, byte: number): void {
    this.#bulk.fill(ptr, byte, nbytes);
  }

  /** Copies `nbytes` bytes inside this segment; the ranges may overlap. */
  copy(to: number, from: number, nbytes: number): void {
    this.#bulk.copy(to, from, nbytes);
  }

  #refresh(): void {
    this.#u8 = new Uint8Array(this.memory.buffer);
    this.#views = {};
  }
}

interface Views {
  i8: Int8Array;
  i16: Int16Array;
  u16: Uint16Array;
  i32: Int32Array;
  u32: Uint32Array;
  i64: BigInt64Array;
  u64: BigUint64Array;
  f32: Float32Array;
  f64: Float64Array;
}

/** Reserves address space: the whole of what is wanted, or half, a quarter … where the system limits it. */
function reserve(options: SegmentOptions): { memory: WebAssembly.Memory; maxPages: number } {
  let maxPages = Math.min(options.maxPages, MAX_PAGES);
  for (;;) {
    try {
      const memory = new WebAssembly.Memory({ initial: Math.min(16, maxPages), maximum: maxPages, shared: options.shared });
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
