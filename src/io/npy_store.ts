// Elements by rectangle that lie one after another in a file, as .npy has them: positional reads and writes straight
// between the file and the heap, several at once. What is around the elements is opened in npy_open.ts.

import type { NDArray } from '../array/ndarray.ts';
import { nd } from '../array/ndarray.ts';
import type { DType } from '../dtype/dtype.ts';
import { type ArrayBase, newResult, reinterpret } from '../exec/array_base.ts';
import { copyInto } from '../exec/copy.ts';
import { typedView } from '../memory/storage.ts';
import { contiguousStrides, isContiguous } from '../shape/strides.ts';
import { fillElements, swapBytes } from './npy.ts';
import type { NpyHeader } from './npy_header.ts';
import { requireRegion, requireValues } from './region.ts';
import { type ByteSource, SourceReader } from './source.ts';
import { type Cutting, type Span, spans } from './spans.ts';
import type { ArrayStore, ReadOptions, Region } from './store.ts';
import { runAsync, type Task } from './task.ts';
import { Calls, eachAtOnce } from './under_way.ts';

/** Bytes of one read or write. */
const PIECE = 2 ** 22;
/** Reads and writes under way at a time; the runtime has as many threads for them. */
const AT_ONCE = 4;
/** Bytes between rows up to which it is cheaper to read them too: what one more read costs. */
const GAP = 2 ** 14;

/** The bytes of elements, wherever they are. */
export interface ElementFile {
  readonly source: ByteSource;
  /** Where the first element is. */
  readonly start: number;
  /** Says whether the bytes are still what they were: FormatError when not. */
  require?(): void;
  /** Overwrites bytes, and puts what was written on the disk; absent where nothing may be written. */
  readonly writer?: { write(bytes: Uint8Array, at: number): Task<void>; flush(): Task<void> };
}

/** What a store is made of, beside the header. */
export interface Parts {
  readonly name: string;
  readonly format: 'npy' | 'npz';
  readonly location: string | undefined;
  /** Bytes moved from outside per byte of elements: less than 1 for compressed ones. */
  readonly cost?: number;
  /** Bytes that making the elements ready takes. */
  readonly holds?: number;
  readonly writes: boolean;
  /** Called once, when elements are first asked for. */
  elements(): Promise<ElementFile>;
  close(): Promise<void>;
}

/** Rows of a few MB: whole trailing axes, and a stretch of the one before. */
function rowsOf(shape: readonly number[], itemsize: number): number[] {
  const rows = shape.map(() => 1);
  let nbytes = itemsize;
  for (let d = shape.length - 1; d >= 0; d--) {
    rows[d] = Math.max(1, Math.min(shape[d], Math.floor(PIECE / nbytes)));
    if (rows[d] < shape[d]) break;
    nbytes *= rows[d];
  }
  return rows;
}

/** An array whose elements lie one after another, in C or Fortran order. */
export class NpyStore implements ArrayStore {
  readonly name: string;
  readonly format: 'npy' | 'npz';
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly chunks: readonly number[];
  readonly write?: (region: Region, values: NDArray) => Promise<void>;
  readonly writeMemory?: (region: Region) => number;
  readonly flush?: () => Promise<void>;
  readonly #header: NpyHeader;
  readonly #parts: Parts;
  #file: Promise<ElementFile> | undefined;
  readonly #calls: Calls;

  constructor(header: NpyHeader, parts: Parts) {
    this.name = parts.name;
    this.format = parts.format;
    this.shape = header.shape;
    this.dtype = header.dtype;
    this.#header = header;
    this.#parts = parts;
    this.#calls = new Calls(parts.name);
    this.chunks = this.#turned(rowsOf(this.#turned(header.shape), header.dtype.itemsize));
    if (!parts.writes) return;
    this.write = (region, values) => this.#during('write', (file) => this.#write(file, region, values));
    this.writeMemory = (region) => this.#roomFor(region, false);
    this.flush = () => this.#during('flush', async ({ writer }) => writer && runAsync(writer.flush()));
  }

  get location(): string | undefined {
    return this.#parts.location;
  }

  read(region: Region, { signal }: ReadOptions = {}): Promise<NDArray> {
    return this.#during('read', (file) => this.#read(file, region, signal));
  }

  readMemory(region: Region): number {
    return this.#roomFor(region, true) + (this.#parts.holds ?? 0);
  }

  readBytes(region: Region): number {
    requireRegion(this, region);
    return Math.ceil(this.#spans(region, GAP).total * (this.#parts.cost ?? 1));
  }

  async close(): Promise<void> {
    // After the calls: a file that is closed under a read gives its number to another.
    if (await this.#calls.close()) await this.#parts.close();
  }

  // In Fortran order the elements lie as those of the transposed array do in C order.
  #turned(of: readonly number[]): number[] {
    return this.#header.order === 'F' ? [...of].reverse() : [...of];
  }

  #spans({ start, shape }: Region, gap: number): Cutting {
    const box = { start: this.#turned(start), shape: this.#turned(shape) };
    return spans(this.#turned(this.shape), this.dtype.itemsize, box, PIECE, gap);
  }

  /** The part of an array of the region's shape that a span is about, with axes as they are in the file. */
  #part(a: ArrayBase, region: Region, span: Span): ArrayBase {
    const first = this.#turned(region.start);
    const strides = this.#turned(a.strides);
    const offset = span.start.reduce((at, s, d) => at + (s - first[d]) * strides[d], a.offset);
    return reinterpret(a, offset, span.shape, strides);
  }

  #during<R>(what: string, work: (file: ElementFile) => Promise<R>): Promise<R> {
    return this.#calls.during(what, () => {
      this.#file ??= this.#parts.elements();
      return this.#file.then(work);
    });
  }

  async #read(file: ElementFile, region: Region, signal: AbortSignal | undefined): Promise<NDArray> {
    requireRegion(this, region);
    signal?.throwIfAborted();
    file.require?.();
    const { itemsize } = this.dtype;
    const result = newResult(region.shape, this.dtype);
    try {
      await eachAtOnce(this.#spans(region, GAP).each(), AT_ONCE, signal, async (span) => {
        const part = this.#part(result, region, span);
        const direct = span.solid && part.contiguous;
        const lies = direct ? part : newResult([span.nbytes / itemsize], this.dtype);
        try {
          const from = file.start + span.at;
          const reader = new SourceReader(file.source, from, from + span.nbytes, this.name);
          await runAsync(fillElements(reader, this.#header, lies, span.nbytes, span.at));
          if (direct) return;
          const strides = contiguousStrides(this.#turned(this.shape), itemsize);
          copyInto(reinterpret(lies, lies.offset, span.shape, strides), part);
        } finally {
          if (!direct) lies.storage.dispose();
        }
      });
    } catch (error) {
      result.storage.dispose();
      throw error;
    }
    return nd(result);
  }

  async #write(file: ElementFile, region: Region, values: NDArray): Promise<void> {
    requireValues(this, region, values);
    file.require?.();
    const { swapped } = this.#header;
    await eachAtOnce(this.#spans(region, 0).each(), AT_ONCE, undefined, async (span) => {
      const part = this.#part(values, region, span);
      const copied = swapped || !part.contiguous || part.storage.host !== null;
      const lies = copied ? newResult(span.shape, this.dtype) : part;
      try {
        if (copied) copyInto(part, lies);
        const bytes = typedView(lies.storage, lies.offset, span.nbytes, Uint8Array);
        if (swapped) swapBytes(bytes, this.dtype.itemsize / this.dtype.parts);
        if (file.writer !== undefined) await runAsync(file.writer.write(bytes, file.start + span.at));
      } finally {
        if (copied) lies.storage.dispose();
      }
    });
  }

  /** Scratch of a read or a write: the spans under way that are not moved in one piece. */
  #roomFor(region: Region, reads: boolean): number {
    requireRegion(this, region);
    const { itemsize } = this.dtype;
    const { count, longest, solid } = this.#spans(region, reads ? GAP : 0);
    const straight = isContiguous(
      this.#turned(region.shape),
      this.#turned(contiguousStrides(region.shape, itemsize)),
      itemsize,
    );
    // Values to be written may have any layout, and are copied then.
    return reads && solid && straight ? 0 : Math.min(count, AT_ONCE) * longest;
  }
}
