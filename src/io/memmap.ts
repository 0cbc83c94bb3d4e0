// Arrays over files: `memmap` for raw elements, `openArray` for .npy files and for members of archives that are stored
// without compression. What reads and writes the bytes is file_bytes.ts.

import { getItem, type Index, setItem } from '../array/indexing.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { ArgumentError, FormatError, MemoryError } from '../base/errors.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../dtype/dtype.ts';
import { viewOf } from '../exec/array_base.ts';
import { Options } from '../exec/options.ts';
import { reserveFile } from '../native/mapping.ts';
import { checkShape, contiguousStrides, formatShape, type Order, sizeOf } from '../shape/strides.ts';
import { FileBytes } from './file_bytes.ts';
import { kindOf, located } from './location.ts';
import { refuseTruncated } from './npy.ts';
import { headerBytes, type NpyHeader, readHeader } from './npy_header.ts';
import { elementsOn } from './npy_open.ts';
import { NpyStore } from './npy_store.ts';
import { memberOf, namesOf, onlyName } from './npz.ts';
import { FileSink, NewFile } from './sink.ts';
import { type ByteSource, type FilePath, type FileSource, openFile, SourceReader } from './source.ts';
import type { ArrayStore } from './store.ts';
import { runSync } from './task.ts';
import { memberStart, readDirectory } from './zip_read.ts';

/**
 * 'r' to read, 'r+' to read and write, 'w+' to make a new file of zeros in place of what was there, 'c' to write into
 * memory only and leave the file as it is.
 */
export type MapMode = 'r' | 'r+' | 'w+' | 'c';

export interface OpenArrayOptions {
  readonly mode?: MapMode;
  /** Of a new file, which 'w+' needs the shape of. */
  readonly shape?: number | readonly number[];
  readonly dtype?: DTypeLike;
  readonly order?: Order;
}

export interface MemmapOptions extends OpenArrayOptions {
  /** Bytes before the first element. */
  readonly offset?: number;
}

const openOptions = new Options(['mode', 'mapMode'], 'shape', 'dtype', 'order');
const memmapOptions = new Options(['mode', 'mapMode'], 'shape', 'dtype', 'order', 'offset');

const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** Elements that an array may have: positions in one are 32-bit integers. */
const MOST_ELEMENTS = 2 ** 31 - 1;

/** What is known of the elements in a file. */
type Elements = Pick<NpyHeader, 'dtype' | 'shape' | 'order' | 'nbytes' | 'swapped'> & { readonly start: number };

/**
 * An array over a file. Views of it (`get`, `array`) read the file when they are used and, with mode 'r+', write it; the
 * memory they take is that of a tile. Close it, or declare it with `using`: views throw DisposedError from then on.
 */
export class MappedArray implements Disposable {
  readonly path: string;
  readonly mode: 'r' | 'r+' | 'c';
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly order: Order;
  /** Bytes in the file before the first element. */
  readonly offset: number;
  /** Where another process opens it again: the path, and the name in an archive. */
  readonly location: string;
  readonly #bytes: FileBytes;
  readonly #source: FileSource;
  readonly #elements: Elements;
  #whole: NDArray | undefined;

  /** @internal Made by `openArray` and `memmap`. */
  constructor(source: FileSource, mode: 'r' | 'r+' | 'c', elements: Elements, location = source.name) {
    this.path = source.name;
    this.mode = mode;
    this.shape = elements.shape;
    this.dtype = elements.dtype;
    this.order = elements.order;
    this.offset = elements.start;
    this.location = location;
    this.#source = source;
    this.#elements = elements;
    this.#bytes = new FileBytes(source, mode, elements.start, elements);
  }

  get ndim(): number {
    return this.shape.length;
  }
  get size(): number {
    return sizeOf(this.shape);
  }
  get itemsize(): number {
    return this.dtype.itemsize;
  }
  get nbytes(): number {
    return this.#elements.nbytes;
  }
  /** After `close`. */
  get closed(): boolean {
    return this.#bytes.closed;
  }

  /**
   * The whole as an array. Functions take it as any other and read it in tiles.
   * @throws ArgumentError over 2^31 - 1 elements: take parts with `get`, or use `np.chunked.from`.
   */
  get array(): NDArray {
    this.#bytes.require('array');
    if (this.size > MOST_ELEMENTS) {
      throw new ArgumentError(
        `${this.path} has ${this.size} elements, more than the 2^31 - 1 of one array`,
        'take parts of it with get, or compute over all of it with np.chunked.from',
        { file: this.path, size: this.size },
      );
    }
    if (this.#whole === undefined || this.#whole.storage.disposed) this.#whole = this.#all();
    return this.#whole;
  }

  /** A part, selected as `NDArray.get` does: a view of the file; a copy with lists, arrays or masks among the indices. */
  get(...index: readonly Index[]): NDArray {
    this.#bytes.require('get');
    return getItem(this.#all(), index);
  }

  /** One element as a JS scalar. */
  item(...index: number[]): ReturnType<NDArray['item']> {
    this.#bytes.require('item');
    return this.#all().item(...index);
  }

  /** Assigns to a part, as `NDArray.set` does. @throws ArgumentError in mode 'r'. */
  set(index: Index | readonly Index[], value: unknown): void {
    this.#bytes.require('set');
    setItem(this.#all(), Array.isArray(index) ? (index as readonly Index[]) : [index as Index], value); // a list is the whole index
  }

  /** The elements by rectangle, asynchronously: what `np.chunked.from` computes over. It lives as long as this does. */
  asStore(): ArrayStore {
    const bytes = this.#bytes;
    const { start, swapped } = this.#elements;
    const inFile = this.mode !== 'c';
    const header: NpyHeader = { ...this.#elements, swapped: inFile && swapped, version: '1.0', offset: start };
    const elements = inFile
      ? elementsOn(this.#source, header, 0, this.mode === 'r+')
      : { source: sourceOver(bytes), start };
    return new NpyStore(header, {
      name: this.location,
      format: this.location === this.path ? 'npy' : 'npz',
      location: inFile ? this.location : undefined,
      writes: this.mode === 'r+',
      elements: async () => ({ ...elements, require: () => bytes.require('read') }),
      close: async () => {},
    });
  }

  /** What was written is on the disk when this returns; with modes 'r' and 'c' it does nothing. */
  flush(): void {
    this.#bytes.flush();
  }

  /** Gives the file up; twice does nothing. What was written reaches the disk when the system sees fit: `flush` before. */
  close(): void {
    this.#bytes.close();
  }
  [DISPOSE](): void {
    this.close();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const state = this.closed ? ', closed' : '';
    return `MappedArray(${this.location}, shape=${formatShape(this.shape)}, dtype=${this.dtype.name}, mode='${this.mode}'${state})`;
  }

  #all(): NDArray {
    const { shape, dtype, order } = this;
    const made = viewOf(this.#bytes.storage(), 0, shape, contiguousStrides(shape, dtype.itemsize, order), dtype);
    made.writeable = this.mode !== 'r';
    return nd(made);
  }
}

/** Bytes that are partly in memory, as a source. */
const sourceOver = (bytes: FileBytes): ByteSource => ({
  name: bytes.path,
  size: Number.MAX_SAFE_INTEGER,
  // biome-ignore lint/correctness/useYield: it never waits
  *read(into, at) {
    const target = into();
    bytes.read(at, target);
    return target.byteLength;
  },
  *close() {},
});

/**
 * The array in a .npy file, or stored without compression in an archive ('runs.npz#x'), without reading it. Mode 'r' by
 * default; 'w+' makes a new file of zeros and needs the shape.
 * @throws FormatError for damaged or truncated files, also later when the file changes; ArgumentError for compressed
 *   members, and the system's own errors.
 * @example
 * using m = np.openArray('x.npy', { mode: 'w+', shape: [1000, 1000] });
 * m.set('0', 7);
 * m.get(0, ':3').sum() // 21
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.open_memmap.html
 */
export function openArray(path: FilePath, options: OpenArrayOptions = {}): MappedArray {
  const where = 'openArray';
  openOptions.check(options, where);
  const mode = options.mode ?? 'r';
  const { location, part } = located(path, where);
  if (mode === 'w+') {
    const { shape, dtype, order } = forNewFile(options, dtypes.float64, where);
    newFile(location, headerBytes(dtype, shape, order), sizeOf(shape) * dtype.itemsize, where);
  }
  return onOpenFile(location, mode, where, (source) => {
    if (part === undefined && runSync(kindOf(source)) === 'npy') {
      const reader = new SourceReader(source);
      const header = runSync(readHeader(reader));
      refuseTruncated(reader, header);
      return [{ ...header, start: header.offset }, location];
    }
    return memberElements(source, part, mode, where);
  });
}

/**
 * An array over the bytes of a file, from `offset` on, as NumPy's memmap: 'uint8' and mode 'r+' by default. Without a shape
 * it is 1-d and goes to the file's end; 'r+' makes a file longer that is too short for the shape.
 * @throws FormatError for files that are too short or no whole number of elements, ArgumentError for 'w+' without a shape.
 * @example
 * using m = np.memmap('x.f32', { dtype: 'float32', mode: 'w+', shape: [3] });
 * m.set('1:', 5);
 * m.array.tolist() // [0, 5, 5]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.memmap.html
 */
export function memmap(path: FilePath, options: MemmapOptions = {}): MappedArray {
  const where = 'memmap';
  memmapOptions.check(options, where);
  const { mode = 'r+', offset = 0, order = 'C' } = options;
  const dtype = asDType(options.dtype ?? dtypes.uint8);
  const asked = options.shape === undefined ? undefined : checkShape(options.shape, where);
  if (mode === 'w+') {
    const { shape } = forNewFile(options, dtype, where);
    newFile(path, new Uint8Array(0), offset + sizeOf(shape) * dtype.itemsize, where);
  }
  return onOpenFile(path, mode, where, (source) => {
    const room = Math.max(0, source.size - offset);
    const shape = asked ?? [Math.floor(room / dtype.itemsize)];
    const nbytes = sizeOf(shape) * dtype.itemsize;
    if (nbytes > room && mode === 'r+') source.fs.ftruncateSync(source.fd, offset + nbytes);
    else if (nbytes > room || (asked === undefined && nbytes !== room)) {
      throw new FormatError(
        `${source.name}: the ${room} bytes from offset ${offset} on are not ${asked === undefined ? 'whole' : formatShape(shape)} elements of ${dtype.name}`,
        'check dtype, shape and offset, or whether the file is complete',
        { file: source.name, expected: nbytes, found: room, offset },
      );
    }
    return [{ dtype, shape, order, nbytes, swapped: false, start: offset }, source.name];
  });
}

function onOpenFile(
  path: FilePath,
  mode: MapMode,
  where: string,
  describe: (source: FileSource) => [Elements, string],
): MappedArray {
  const access = mode === 'w+' ? 'r+' : mode;
  const source = runSync(openFile(path, where, access === 'r+' ? 'r+' : 'r'));
  try {
    return new MappedArray(source, access, ...describe(source));
  } catch (error) {
    runSync(source.close());
    throw error;
  }
}

function memberElements(
  source: FileSource,
  part: string | undefined,
  mode: MapMode,
  where: string,
): [Elements, string] {
  const { name: archive } = source;
  const entries = runSync(readDirectory(source));
  const name = part ?? onlyName(namesOf(entries), archive);
  const entry = memberOf(entries, name, archive);
  const why = entry.deflated
    ? ['is compressed, which has no elements in place', 'np.load it, or open it with np.chunked.open']
    : mode === 'r+'
      ? ['is in an archive, whose checksums would not hold any more', "open it with mode 'r' or 'c'"]
      : undefined;
  if (why !== undefined)
    throw new ArgumentError(`${where}: ${archive}[${name}] ${why[0]}`, why[1], { archive, name, mode });
  const begin = runSync(memberStart(source, entry));
  const reader = new SourceReader(source, begin, begin + entry.packed, `${archive}[${name}]`);
  const header = runSync(readHeader(reader));
  refuseTruncated(reader, header);
  return [{ ...header, start: begin + header.offset }, `${archive}#${name}`];
}

function forNewFile(options: OpenArrayOptions, fallback: DType, where: string) {
  const { shape, order = 'C' } = options;
  if (shape === undefined) {
    throw new ArgumentError(`${where}: mode 'w+' without a shape`, 'pass the shape of the new array', { where });
  }
  return { shape: checkShape(shape, where), dtype: asDType(options.dtype ?? fallback), order };
}

/** A file of zeros behind some first bytes, which takes its name when it has its size. Others keep what they have open. */
function newFile(path: FilePath, first: Uint8Array, nbytes: number, where: string): void {
  const made = new NewFile(path, where);
  const { fs, fd, temporary } = made;
  const size = first.byteLength + nbytes;
  try {
    runSync(new FileSink(fs, fd).write(first));
    fs.ftruncateSync(fd, size);
    // A write through a typed array to a disk that is full would end the process.
    if (!reserveFile(fd, size)) {
      const { bavail, bsize } = fs.statfsSync(temporary);
      if (bavail * bsize < size) {
        throw new MemoryError(
          `${where}: ${size} bytes do not fit the disk of ${made.path}`,
          'free room, or write elsewhere',
          {
            file: made.path,
            requested: size,
            available: bavail * bsize,
          },
        );
      }
    }
  } catch (error) {
    made.abandon();
    throw error;
  }
  runSync(made.finish());
}
