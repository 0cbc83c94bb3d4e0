// The bytes of an open file as the memory of arrays: kernels, `get` and `set` reach them by position, tile by tile, with
// calls that fail with an error when the file is not what it was. A mapping is made only when somebody asks for a typed
// array (`data`), because a mapped page that is gone ends the process instead of throwing.

import { ArgumentError, DisposedError } from '../base/errors.ts';
import { type Backing, type Storage, wrapBacked } from '../memory/storage.ts';
import { GRANULE, LARGEST_MAPPING, type Mapping, mapFile, whyNotMapped } from '../native/mapping.ts';
import { normalizeBooleans, swapBytes } from './npy.ts';
import type { NpyHeader } from './npy_header.ts';
import { OpenedFile } from './opened_file.ts';
import { type Below, PrivateBytes } from './private_bytes.ts';
import { flushFile } from './sink.ts';
import type { FileSource } from './source.ts';
import { runSync } from './task.ts';

/** 'c': what is written stays in memory, and the file as it is. */
export type AccessMode = 'r' | 'r+' | 'c';

/** Mappings begin at multiples of this, so that there are few of them. */
const GRID = 2 ** 31;

/** A file that is closed when nobody holds the arrays over it any more. */
const forgotten = new FinalizationRegistry<FileSource>((source) => source.fs.closeSync(source.fd));

/** The elements of a file, from byte `start` on. */
export class FileBytes implements Backing {
  readonly path: string;
  readonly mode: AccessMode;
  readonly #source: FileSource;
  readonly #opened: OpenedFile;
  readonly #start: number;
  readonly #header: Pick<NpyHeader, 'dtype' | 'nbytes' | 'swapped'>;
  readonly #mappings = new Map<string, Mapping & { readonly from: number }>();
  readonly #private: PrivateBytes | undefined;
  readonly #stands = new ArrayBuffer(0);
  #closed = false;

  constructor(
    source: FileSource,
    mode: AccessMode,
    start: number,
    header: Pick<NpyHeader, 'dtype' | 'nbytes' | 'swapped'>,
  ) {
    this.path = source.name;
    this.mode = mode;
    this.#source = source;
    this.#opened = new OpenedFile(source.fs, source.fd, source.name, start + header.nbytes);
    this.#start = start;
    this.#header = header;
    if (mode === 'c') this.#private = new PrivateBytes(this.#below());
    forgotten.register(this, source, this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get writeable(): boolean {
    return this.mode !== 'r';
  }

  /** The memory of an array over all elements. */
  storage(): Storage {
    return wrapBacked(this.#stands, this.#start, this.#header.nbytes, this);
  }

  require(where: string): void {
    if (this.#closed) {
      throw new DisposedError(
        `${where}: ${this.path} was closed`,
        'copy what you need before close(), or open the file again',
        { where, file: this.path },
      );
    }
    this.#opened.require();
  }

  read(at: number, into: Uint8Array): void {
    const { swapped, dtype } = this.#header;
    const width = dtype.itemsize / dtype.parts;
    const lead = (at - this.#start) % width;
    const rest = (lead + into.byteLength) % width;
    if (swapped && (lead !== 0 || rest !== 0)) {
      const whole = new Uint8Array(lead + into.byteLength + (rest === 0 ? 0 : width - rest));
      this.read(at - lead, whole);
      into.set(whole.subarray(lead, lead + into.byteLength));
      return;
    }
    if (this.#private === undefined) this.#readFile(at, into);
    else this.#private.read(at, into);
    if (swapped) inWords(into, (bytes) => swapBytes(bytes, width));
    if (dtype.kind === 'b') normalizeBooleans(into);
  }

  write(at: number, from: Uint8Array): void {
    if (!this.writeable) {
      throw new ArgumentError(
        `${this.path} is open for reading only`,
        "open it with { mode: 'r+' }, or { mode: 'c' }",
        {
          file: this.path,
        },
      );
    }
    const { swapped, dtype } = this.#header;
    const width = dtype.itemsize / dtype.parts;
    let bytes = from;
    if (swapped) {
      const lead = (at - this.#start) % width;
      if (lead !== 0 || from.byteLength % width !== 0) {
        const whole = new Uint8Array(Math.ceil((lead + from.byteLength) / width) * width);
        this.read(at - lead, whole);
        whole.set(from, lead);
        this.write(at - lead, whole);
        return;
      }
      bytes = from.slice();
      swapBytes(bytes, width);
    }
    if (this.#private !== undefined) this.#private.write(at, bytes);
    else this.#writeFile(at, bytes);
  }

  view(at: number, nbytes: number): { readonly buffer: ArrayBufferLike; readonly offset: number } {
    if (nbytes === 0) return { buffer: this.#stands, offset: 0 };
    const why = this.#header.swapped ? 'its elements are big-endian' : whyNotMapped();
    if (why !== undefined) throw this.#noView(why);
    if (nbytes > LARGEST_MAPPING) throw this.#noView(`${nbytes} bytes are more than a buffer has`);
    if (this.#private !== undefined) return this.#private.view(at);
    const { buffer, from } = this.#map(at, nbytes);
    return { buffer, offset: at - from };
  }

  /** Puts what was written on the disk. */
  flush(): void {
    this.require('flush');
    if (this.mode !== 'r+') return;
    for (const mapping of this.#mappings.values()) mapping.flush();
    runSync(flushFile(this.#source.fs, this.#source.fd));
  }

  /** Gives up mappings and the file. Typed arrays that are still held read as zeros. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const mapping of this.#mappings.values()) mapping.retire();
    this.#mappings.clear();
    this.#private?.close();
    forgotten.unregister(this);
    this.#source.fs.closeSync(this.#source.fd);
  }

  #below(): Below {
    const start = this.#start;
    const end = start + this.#header.nbytes;
    return {
      start,
      end,
      read: (at, into) => this.#readFile(at, into),
      map: () => this.#map(start, end - start),
      lost: (at) => this.#opened.truncated(at),
    };
  }

  #readFile(at: number, into: Uint8Array): void {
    const { fs, fd } = this.#source;
    for (let done = 0; done < into.byteLength; ) {
      const n = fs.readSync(fd, into, done, into.byteLength - done, at + done);
      if (n === 0) throw this.#opened.truncated(at + done);
      done += n;
    }
  }

  #writeFile(at: number, from: Uint8Array): void {
    const { fs, fd } = this.#source;
    for (let done = 0; done < from.byteLength; ) {
      done += fs.writeSync(fd, from, done, from.byteLength - done, at + done);
    }
  }

  #map(at: number, nbytes: number): Mapping & { readonly from: number } {
    const grid = Math.floor(at / GRID) * GRID;
    const reach = Math.min(this.#opened.needed - grid, LARGEST_MAPPING);
    const own = at + nbytes > grid + reach;
    const from = own ? Math.floor(at / GRANULE) * GRANULE : grid;
    const length = own ? at + nbytes - from : reach;
    const key = `${from}:${length}`;
    const known = this.#mappings.get(key);
    if (known !== undefined) return known;
    const made = length > LARGEST_MAPPING ? undefined : mapFile(this.#source.fd, from, length, this.mode === 'r+');
    if (made === undefined) throw this.#noView(`the system did not map ${length} bytes of it`);
    const mapping = { ...made, from };
    this.#mappings.set(key, mapping);
    return mapping;
  }

  #noView(why: string): ArgumentError {
    return new ArgumentError(
      `${this.path} cannot be seen as a typed array: ${why}`,
      'use a.copy().data; all functions work on the array itself',
      { file: this.path, why },
    );
  }
}

// Words of 16 or 32 bits are swapped, which need an aligned address.
function inWords(bytes: Uint8Array, work: (bytes: Uint8Array) => void): void {
  if (bytes.byteOffset % 4 === 0) {
    work(bytes);
    return;
  }
  const copy = bytes.slice();
  work(copy);
  bytes.set(copy);
}
