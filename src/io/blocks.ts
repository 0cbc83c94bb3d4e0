// Arrays outside of memory, block by block: for what looks at every element once and keeps little, whatever the size.
// Not random access (store.ts): a block is one of a sequence, and an archive's member is unpacked as it goes.

import { empty } from '../array/creation.ts';
import type { NDArray } from '../array/ndarray.ts';
import type { DType } from '../dtype/dtype.ts';
import { type Order, sizeOf } from '../shape/strides.ts';
import { fillElements } from './npy.ts';
import type { NpyHeader } from './npy_header.ts';
import type { ByteReader } from './source.ts';
import type { ArrayStore, Region } from './store.ts';
import { runAsync } from './task.ts';

/** A rectangle of an array: where it begins, and its elements, which the next block may overwrite. */
export interface Block {
  readonly start: readonly number[];
  readonly data: NDArray;
}

/** An array whose elements come block by block, each once. */
export interface StoredArray {
  /** For messages. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** How the elements lie; 'F': the first axis runs fastest. */
  readonly order: Order;
  /** From the beginning, each time. */
  blocks(): AsyncIterable<Block>;
}

/** Elements of a block: enough for full speed, and a few MB with the temporaries that statistics take. */
const MOST = 2 ** 19;

/**
 * Rectangles that cover a shape in C order, whole chunks each: as many as have `most` elements together, at least one.
 * In a grid of single elements (`chunks` all 1) each follows the one before without a gap.
 */
export function* regionsOf(shape: readonly number[], chunks: readonly number[], most = MOST): Generator<Region> {
  if (sizeOf(shape) === 0) return;
  const extents = chunks.map((extent, axis) => Math.min(extent, shape[axis]));
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const times = Math.floor(most / sizeOf(extents));
    if (times > 1) extents[axis] = Math.min(shape[axis], times * extents[axis]);
    if (extents[axis] < shape[axis]) break;
  }
  const start = shape.map(() => 0);
  while (true) {
    yield { start: [...start], shape: extents.map((extent, axis) => Math.min(extent, shape[axis] - start[axis])) };
    let axis = shape.length - 1;
    for (; axis >= 0; axis--) {
      start[axis] += extents[axis];
      if (start[axis] < shape[axis]) break;
      start[axis] = 0;
    }
    if (axis < 0) return;
  }
}

const ones = (shape: readonly number[]): number[] => shape.map(() => 1);

/** The elements that follow a .npy header. @throws FormatError where the file ends early. */
export async function* npyBlocks(reader: ByteReader, header: NpyHeader): AsyncGenerator<Block> {
  const { dtype, order } = header;
  const turned = <T>(of: readonly T[]): readonly T[] => (order === 'F' ? [...of].reverse() : of);
  const shape = turned(header.shape); // as the elements lie
  const room = empty([Math.min(MOST, sizeOf(shape))], { dtype });
  let done = 0;
  try {
    for (const region of regionsOf(shape, ones(shape))) {
      const n = sizeOf(region.shape);
      await runAsync(fillElements(reader, header, room, n * dtype.itemsize, done));
      done += n * dtype.itemsize;
      const block: NDArray = room.get(`:${n}`).reshape(region.shape);
      yield { start: turned(region.start), data: order === 'F' ? block.transpose() : block };
    }
  } finally {
    room.dispose();
  }
}

/** A store as blocks; what is blocks already, as it is. */
export function storedArray(from: ArrayStore | StoredArray): StoredArray {
  if (!('read' in from)) return from;
  const { name, shape, dtype } = from;
  return { name, shape, dtype, order: 'C', blocks: () => storeBlocks(from) }; // as its blocks are
}

/** The elements of a store: whole chunks, several where they are small. */
async function* storeBlocks(store: ArrayStore): AsyncGenerator<Block> {
  for (const region of regionsOf(store.shape, store.chunks)) {
    const data = await store.read(region);
    yield { start: region.start, data };
    data.dispose();
  }
}
