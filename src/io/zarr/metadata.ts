// What the metadata of an array says, in either version, and what both have in common to check. The documents are
// metadata_v2.ts and metadata_v3.ts.

import { DTypeError } from '../../base/errors.ts';
import type { DType } from '../../dtype/dtype.ts';
import { MAX_NDIM, sizeOf } from '../../shape/strides.ts';
import type { Chain } from './codecs.ts';
import { damaged, type Fields, type JsonObject } from './document.ts';
import type { FillBytes } from './fill.ts';

/** How a chunk's elements lie in its bytes. */
export interface Arrangement {
  /** The chunk's axes in the order in which they are stored. */
  readonly axes: readonly number[];
  /** Most significant byte first. */
  readonly swapped: boolean;
  readonly chain: Chain;
}

/** Several chunks in one stored object, with an index of where each is. */
export interface Sharding {
  /** The rectangle of one stored object. */
  readonly shard: readonly number[];
  readonly index: Arrangement;
  readonly location: 'start' | 'end';
}

/** An array's metadata. */
export interface ZarrMetadata {
  readonly version: 2 | 3;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** The rectangle that is decoded at once: of a shard, one of its inner chunks. */
  readonly chunks: readonly number[];
  readonly arrangement: Arrangement;
  readonly sharding?: Sharding;
  readonly fill: FillBytes;
  /** The name of a stored object by its place in the grid. */
  readonly keyOf: (place: readonly number[]) => string;
  readonly attributes: JsonObject;
  readonly dimension_names?: readonly (string | null)[];
}

const MOST_BYTES = 2 ** 31 - 1;

/** Shape and chunks that agree, and chunks that fit into memory. */
export function checkGrid(
  fields: Fields,
  shape: readonly number[],
  chunks: readonly number[],
  itemsize: number,
  what: string,
): void {
  if (shape.length > MAX_NDIM) {
    throw damaged(fields.file, `${shape.length} dimensions are more than ${MAX_NDIM}`, { dimensions: shape.length });
  }
  if (chunks.length !== shape.length) {
    throw damaged(fields.file, `${what} have ${chunks.length} dimensions, and the shape ${shape.length}`, {
      chunks,
      shape,
    });
  }
  if (!Number.isSafeInteger(sizeOf(shape) * itemsize)) {
    throw damaged(fields.file, `the shape (${shape.join(', ')}) has more elements than can be counted`, { shape });
  }
  if (!(sizeOf(chunks) * itemsize <= MOST_BYTES)) {
    throw damaged(fields.file, `${what} of (${chunks.join(', ')}) take more than ${MOST_BYTES} bytes`, { chunks });
  }
}

export const unknownType = (file: string, name: string): DTypeError =>
  new DTypeError(
    `${file}: there is no dtype here for elements of type '${name}'`,
    'convert the array where it was written, to one of bool, int8 … uint64, float16 … float64, complex64, complex128',
    { file, type: name },
  );
