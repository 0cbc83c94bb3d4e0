// Arrays in .npy format: elements go between the file and the heap directly, in pieces, with no copy of the whole.
// The header is in npy_header.ts. Not memory mapping.

import { ascontiguousarray, empty } from '../array/creation.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { FormatError } from '../base/errors.ts';
import { type ArrayBase, viewOf } from '../exec/array_base.ts';
import { bytesOf, typedView } from '../memory/storage.ts';
import { isContiguous, type Order } from '../shape/strides.ts';
import { headerBytes, type NpyHeader, readHeader } from './npy_header.ts';
import type { ByteSink } from './sink.ts';
import type { ByteReader } from './source.ts';
import type { Task } from './task.ts';

/** Bytes per piece: enough for full speed, little enough to copy. */
const PIECE = 2 ** 24;

/** Reads one array; what follows it in the file is left alone. */
export function* readNpy(reader: ByteReader): Task<NDArray> {
  const header = yield* readHeader(reader);
  const { dtype, shape, nbytes, order } = header;
  refuseTruncated(reader, header);
  const a = empty(shape, { dtype, order });
  try {
    yield* fillElements(reader, header, a, nbytes);
  } catch (error) {
    a.dispose();
    throw error;
  }
  return a;
}

/** Before anything is allocated: a header may claim any shape. @throws FormatError where the bytes are not there. */
export function refuseTruncated({ name, left }: ByteReader, header: NpyHeader): void {
  if (header.nbytes > left) throw truncated(name, header, left);
}

/** Fills the first bytes of contiguous memory with the elements that come next, after `before` bytes of the array. */
export function* fillElements(
  reader: ByteReader,
  header: NpyHeader,
  into: ArrayBase,
  length: number,
  before = 0,
): Task<void> {
  const { dtype, swapped } = header;
  for (let done = 0; done < length; ) {
    const at = done;
    const size = Math.min(PIECE, length - at);
    const piece = () => typedView(into.storage, into.offset + at, size, Uint8Array);
    const n = yield* reader.fill(piece);
    if (n < size) throw truncated(reader.name, header, before + at + n);
    if (swapped) swapBytes(piece(), dtype.itemsize / dtype.parts);
    if (dtype.kind === 'b') normalizeBooleans(piece());
    done += n;
  }
}

function truncated(name: string, { nbytes: expected, shape, dtype }: NpyHeader, found: number): FormatError {
  return new FormatError(
    `${name}: shape (${shape.join(', ')}) of ${dtype.name} needs ${expected} bytes of data, the file has ${found}`,
    'the file is truncated or still being written: copy it again, or write it again with np.save',
    { file: name, expected, found, shape, dtype: dtype.name },
  );
}

/** Reverses the bytes of every component, in place; `bytes` begins on a component's boundary. */
export function swapBytes(bytes: Uint8Array, width: number): void {
  const { buffer, byteOffset, byteLength } = bytes;
  if (width === 2) {
    const words = new Uint16Array(buffer, byteOffset, byteLength / 2);
    for (let i = 0; i < words.length; i++) words[i] = (words[i] << 8) | (words[i] >>> 8);
    return;
  }
  const words = new Uint32Array(buffer, byteOffset, byteLength / 4);
  for (let i = 0; i < words.length; i++) {
    const x = words[i];
    words[i] = (x << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24);
  }
  if (width === 4) return;
  for (let i = 0; i < words.length; i += 2) {
    const low = words[i];
    words[i] = words[i + 1];
    words[i + 1] = low;
  }
}

/** Kernels count on 0 and 1; files may hold any byte. */
export function normalizeBooleans(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] > 1) bytes[i] = 1;
}

/** Fortran order only for arrays that are not in C order as well, as NumPy decides it. */
export const orderOf = (a: ArrayBase): Order =>
  !a.contiguous && isContiguous(a.shape, a.strides, a.dtype.itemsize, 'F') ? 'F' : 'C';

/** Bytes of the .npy file of an array. */
export const npySize = (a: ArrayBase): number => headerBytes(a.dtype, a.shape, orderOf(a)).byteLength + a.nbytes;

/** Writes one array: header, then elements in C order, or as they lie if that is Fortran order. */
export function* writeNpy(a: ArrayBase, write: (bytes: Uint8Array) => Task<void>): Task<void> {
  const order = orderOf(a);
  yield* write(headerBytes(a.dtype, a.shape, order));
  if (a.contiguous || order === 'F') yield* writeBytes(a, write);
  else yield* writeStrided(a, write);
}

/** To a sink. */
export const saveNpy = (a: ArrayBase, sink: ByteSink): Task<void> => writeNpy(a, (bytes) => sink.write(bytes));

/** The bytes of an array as they lie. */
export function* writeBytes(a: ArrayBase, write: (bytes: Uint8Array) => Task<void>): Task<void> {
  for (let at = 0; at < a.nbytes; at += PIECE) {
    yield* write(bytesOf(a.storage, a.offset + at, Math.min(PIECE, a.nbytes - at)));
  }
}

/** Copies of a strided array, a piece at a time: as many rows of the first axis as a piece holds. */
export function* writeStrided(a: ArrayBase, write: (bytes: Uint8Array) => Task<void>): Task<void> {
  if (a.size === 0) return;
  if (a.contiguous || a.nbytes <= PIECE) {
    const copy = ascontiguousarray(nd(a));
    yield* writeBytes(copy, write);
    if (copy.storage !== a.storage) copy.dispose();
    return;
  }
  const [n, ...rest] = a.shape;
  const [stride, ...strides] = a.strides;
  const rows = Math.floor(PIECE / (a.nbytes / n));
  for (let i = 0; i < n; i += Math.max(rows, 1)) {
    const at = a.offset + i * stride;
    const part =
      rows === 0
        ? viewOf(a.storage, at, rest, strides, a.dtype)
        : viewOf(a.storage, at, [Math.min(rows, n - i), ...rest], a.strides, a.dtype);
    yield* writeStrided(part, write);
  }
}
