// Functions over arrays in chunks that are methods too, as they are of arrays in memory.

import type { ArrayLike } from '../exec/coerce.ts';
import { ChunkedArray, type ChunkedLike } from './array.ts';
import { compress, repeat, take } from './functions/arrange.ts';
import { type BlockFunction, type MapOptions, mapBlocks, mapOverlap, type OverlapOptions } from './functions/blocks.ts';
import { argsort, type ChunkedSortOptions } from './functions/order.ts';
import { dot, matmul } from './functions/products.ts';
import { cumprod, cumsum, type Running } from './functions/running.ts';

type Rest<F> = F extends (x: ChunkedLike, ...rest: infer R) => ChunkedArray ? (...rest: R) => ChunkedArray : never;

interface FunctionMethods {
  readonly cumsum: Rest<Running>;
  readonly cumprod: Rest<Running>;
  readonly take: (indices: ArrayLike, axis?: number | null) => ChunkedArray;
  readonly compress: (condition: ArrayLike, axis?: number | null) => ChunkedArray;
  readonly repeat: (repeats: number | readonly number[], axis?: number | null) => ChunkedArray;
  readonly argsort: (axis?: number | null, options?: ChunkedSortOptions) => ChunkedArray;
  readonly dot: (b: ChunkedLike) => ChunkedArray;
  readonly matmul: (b: ChunkedLike) => ChunkedArray;
  /** What a function gives of each block. @see np.chunked.mapBlocks */
  readonly mapBlocks: (fn: BlockFunction, options?: MapOptions) => ChunkedArray;
  /** What a function gives of each block and its neighbours. @see np.chunked.mapOverlap */
  readonly mapOverlap: (fn: BlockFunction, options: OverlapOptions) => ChunkedArray;
}

declare module './array.ts' {
  interface ChunkedArray extends FunctionMethods {}
}

const methods = {
  cumsum(...rest) {
    return (cumsum as (x: ChunkedLike, ...rest: unknown[]) => ChunkedArray)(this, ...rest);
  },
  cumprod(...rest) {
    return (cumprod as (x: ChunkedLike, ...rest: unknown[]) => ChunkedArray)(this, ...rest);
  },
  take(indices, axis) {
    return take(this, indices, axis);
  },
  compress(condition, axis) {
    return compress(condition, this, axis);
  },
  repeat(repeats, axis) {
    return repeat(this, repeats, axis);
  },
  argsort(axis, options) {
    return argsort(this, axis, options);
  },
  dot(b) {
    return dot(this, b);
  },
  matmul(b) {
    return matmul(this, b);
  },
  mapBlocks(fn, options) {
    return mapBlocks(fn, this, options);
  },
  mapOverlap(fn, options) {
    return mapOverlap(fn, this, options);
  },
} satisfies FunctionMethods & ThisType<ChunkedArray>;

for (const [name, value] of Object.entries(methods)) {
  Object.defineProperty(ChunkedArray.prototype, name, { value, writable: true, configurable: true });
}
