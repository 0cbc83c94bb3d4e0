// Stores of .npy files: opened, or made under a temporary name beside the final one. The elements are moved by
// npy_store.ts; members of archives are in npz_store.ts.

import { ArgumentError } from '../base/errors.ts';
import { asDType, type DTypeLike, dtypes } from '../dtype/dtype.ts';
import { Options } from '../exec/options.ts';
import { checkShape, type Order, sizeOf } from '../shape/strides.ts';
import { refuseTruncated } from './npy.ts';
import { headerBytes, type NpyHeader, readHeader } from './npy_header.ts';
import { type ElementFile, NpyStore } from './npy_store.ts';
import { OpenedFile } from './opened_file.ts';
import { FileSink, flushFile, NewFile } from './sink.ts';
import {
  type ByteSource,
  type Bytes,
  type FilePath,
  FileSource,
  isPath,
  openFile,
  openSource,
  SourceReader,
} from './source.ts';
import type { ArrayStore } from './store.ts';
import { runAsync } from './task.ts';

export interface OpenStoreOptions {
  /** 'r' to read (default), 'r+' to write into what is there. */
  readonly mode?: 'r' | 'r+';
}

export interface CreateStoreOptions {
  readonly shape: number | readonly number[];
  readonly dtype?: DTypeLike;
  readonly order?: Order;
}

/** A store whose file has not taken its name yet: `close` gives it, `abandon` removes the file. */
export interface NewArrayStore extends ArrayStore {
  /** Closes and removes what was written; after `close` it does nothing. */
  abandon(): Promise<void>;
}

/** @internal */
export const openOptions = new Options(['mode', 'storeMode']);
const createOptions = new Options('shape', 'dtype', 'order');

/** @internal A source for a store, and what is written into. */
export async function openForStore(
  from: FilePath | Bytes,
  options: OpenStoreOptions,
  where: string,
): Promise<ByteSource> {
  openOptions.check(options, where);
  const mode = options.mode ?? 'r';
  if (isPath(from)) return runAsync(openFile(from, where, mode));
  if (mode === 'r') return runAsync(openSource(from, where));
  const fix = 'write into an array made of them, or pass a path';
  throw new ArgumentError(`${where}: mode 'r+' is for files, not for bytes`, fix, { where, mode });
}

/**
 * The elements of a .npy file by rectangle, read straight into the heap; with mode 'r+' written too, in place. Data comes
 * from a path, a file: URL, bytes or a Blob.
 * @throws FormatError for damaged or truncated files, DTypeError for element types there are not, and the system's own errors.
 */
export async function openNpyStore(from: FilePath | Bytes, options: OpenStoreOptions = {}): Promise<ArrayStore> {
  return npyStoreOn(await openForStore(from, options, 'openNpyStore'), options.mode === 'r+');
}

/** @internal The same on an open source, which the store then owns. */
export async function npyStoreOn(source: ByteSource, writes: boolean): Promise<ArrayStore> {
  const close = (): Promise<void> => runAsync(source.close());
  try {
    const { name } = source;
    const reader = new SourceReader(source);
    const header = await runAsync(readHeader(reader));
    refuseTruncated(reader, header);
    const location = source instanceof FileSource ? name : undefined;
    const elements = elementsOn(source, header, 0, writes);
    return new NpyStore(header, { name, format: 'npy', location, writes, elements: async () => elements, close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** @internal The elements of a .npy file that begins at `at`. */
export function elementsOn(source: ByteSource, header: NpyHeader, at: number, writes: boolean): ElementFile {
  const start = at + header.offset;
  if (!(source instanceof FileSource)) return { source, start };
  const { fs, fd, name } = source;
  const opened = new OpenedFile(fs, fd, name, start + header.nbytes);
  const sink = new FileSink(fs, fd);
  const writer = {
    write: (bytes: Uint8Array, to: number) => sink.patch(bytes, to),
    flush: () => flushFile(fs, fd),
  };
  return { source, start, require: () => opened.require(), ...(writes && { writer }) };
}

/**
 * A new .npy file of zeros, to be filled by rectangle in any order. It lies under a temporary name beside its final one
 * (`location` says where) until `close` puts it on the disk and renames it; `abandon` removes it.
 * @throws ArgumentError where there are no files, and the system's own errors.
 */
export async function createNpyStore(path: FilePath, options: CreateStoreOptions): Promise<NewArrayStore> {
  const where = 'createNpyStore';
  createOptions.check(options, where);
  const shape = checkShape(options.shape, where);
  const dtype = asDType(options.dtype ?? dtypes.float64);
  const order = options.order ?? 'C';
  const bytes = headerBytes(dtype, shape, order);
  const nbytes = sizeOf(shape) * dtype.itemsize;
  const made = new NewFile(path, where);
  try {
    const { fs, fd, temporary } = made;
    const sink = new FileSink(fs, fd);
    await runAsync(sink.write(bytes));
    const size = bytes.byteLength + nbytes;
    fs.ftruncateSync(fd, size);
    const header = { dtype, shape, order, nbytes, swapped: false, version: '1.0', offset: bytes.byteLength };
    const source = new FileSource(fs, temporary, fd, size);
    return new NewNpyStore(header, made, elementsOn(source, header, 0, true));
  } catch (error) {
    made.abandon();
    throw error;
  }
}

class NewNpyStore extends NpyStore implements NewArrayStore {
  readonly #end: { kept: boolean; done: boolean };

  constructor(header: NpyHeader, made: NewFile, elements: ElementFile) {
    const end = { kept: true, done: false };
    super(header, {
      name: made.path,
      format: 'npy',
      get location() {
        return end.done ? made.path : made.temporary;
      },
      writes: true,
      elements: async () => elements,
      async close() {
        if (end.kept) await runAsync(made.finish());
        else made.abandon();
        end.done = true;
      },
    });
    this.#end = end;
  }

  async abandon(): Promise<void> {
    if (this.#end.done) return;
    this.#end.kept = false;
    await this.close();
  }
}
