// What an array is that lives outside of memory: in a file, an archive or a directory of chunks, read and written in
// rectangles. Not a format: each is a file of its own that makes stores. All of it is asynchronous.

import type { NDArray } from '../array/ndarray.ts';
import type { DType } from '../dtype/dtype.ts';

/** A rectangle of elements: where it begins and how far it goes along each axis. */
export interface Region {
  readonly start: readonly number[];
  readonly shape: readonly number[];
}

export interface ReadOptions {
  /** Ends the wait: rejected with the signal's reason, and nothing is held. */
  readonly signal?: AbortSignal;
}

/** An array whose elements are elsewhere. */
export interface ArrayStore {
  /** For messages: the path or address, and what it is. */
  readonly name: string;
  readonly format: 'npy' | 'npz' | 'zarr2' | 'zarr3' | 'blocks';
  readonly shape: readonly number[];
  readonly dtype: DType;
  /**
   * The regular grid of rectangles in which the elements are stored, the last of each axis cut off: whole ones are
   * cheapest to read, and the only ones written without reading. Extents are at least 1, also along empty axes.
   * Where any rectangle is as cheap as any other (.npy), rows of a few MB.
   */
  readonly chunks: readonly number[];
  /** Where it can be read again from, by another process too: what `openArray` takes. */
  readonly location: string | undefined;

  /** A new array of the region's shape, C-contiguous, in the heap. @throws FormatError for damaged data, IndexError. */
  read(region: Region, options?: ReadOptions): Promise<NDArray>;
  /**
   * Bytes that reading the region holds at its height, the result not included: compressed chunks, whole chunks of
   * which a part is wanted. What is projected before a run must not be less than what is taken.
   */
  readMemory(region: Region): number;
  /** Bytes that reading the region moves from outside, as far as is known without reading (compressed size, else plain). */
  readBytes(region: Region): number;

  /** Absent where the array cannot be written. Whole chunks appear whole or not at all. Dtype and shape must match. */
  write?(region: Region, values: NDArray): Promise<void>;
  /** Bytes that writing the region holds, the values not included. */
  writeMemory?(region: Region): number;
  /** What was written is on the disk when this returns. */
  flush?(): Promise<void>;
  /** Gives back files and mappings; twice does nothing. Use after it throws DisposedError. */
  close(): Promise<void>;
}

/** Is it one? By what it does, since stores are made elsewhere too. */
export const isStore = (x: unknown): x is ArrayStore =>
  typeof x === 'object' && x !== null && 'read' in x && 'readMemory' in x && 'location' in x;
