// np.chunked: arrays larger than memory.

import type { NDArray } from '../array/ndarray.ts';
import { ArgumentError } from '../base/errors.ts';
import { asDType, type DTypeLike } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { toArray } from '../exec/coerce.ts';
import { Options } from '../exec/options.ts';
import { MappedArray } from '../io/memmap.ts';
import { openStore, type StoreLocation } from '../io/open_store.ts';
import { isStore } from '../io/store.ts';
import { ChunkedArray, nodeOf } from './array.ts';
import { type ComputeOptions, computeAll, explainAll } from './compute.ts';
import type { ChunkedExplanation } from './explain.ts';
import { type ChunkSpec, chunksFor } from './grid.ts';
import './methods.ts';
import { fullNode, rangeNode } from './operations/create.ts';
import { regrid } from './operations/regrid.ts';
import { fromWritten, type WrittenPlan, written } from './written.ts';

export * from './functions/arrange.ts';
export * from './functions/blocks.ts';
export * from './functions/create.ts';
export * from './functions/order.ts';
export * from './functions/products.ts';
export * from './functions/running.ts';
export * from './functions/statistics.ts';

export interface CreateOptions {
  readonly dtype?: DTypeLike;
  readonly chunks?: ChunkSpec;
}

export const full = (shape: readonly number[], value: Scalar, options: CreateOptions = {}): ChunkedArray => {
  const dtype = asDType(options.dtype ?? toArray(value, 'np.chunked.full').dtype);
  return new ChunkedArray(
    fullNode(shape, { value, dtype: dtype.name }, chunksFor(options.chunks, shape, dtype, 'np.chunked.full')),
  );
};
export const zeros = (shape: readonly number[], options: CreateOptions = {}): ChunkedArray =>
  full(shape, 0, { dtype: 'float64', ...options });
export const ones = (shape: readonly number[], options: CreateOptions = {}): ChunkedArray =>
  full(shape, 1, { dtype: 'float64', ...options });

/** Numbers from `start` in steps, as np.arange. */
export function arange(start: number, stop?: number, step = 1, options: CreateOptions = {}): ChunkedArray {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const n = Math.max(0, Math.ceil((to - from) / step));
  if (!Number.isSafeInteger(n)) {
    throw new ArgumentError(
      `np.chunked.arange: from ${from} to ${to} in steps of ${step} are ${n} elements`,
      'pass finite numbers, and a step that is not 0',
      { start: from, stop: to, step },
    );
  }
  const dtype = asDType(options.dtype ?? 'float64');
  return new ChunkedArray(
    rangeNode(n, { start: from, step, dtype: dtype.name }, chunksFor(options.chunks, [n], dtype, 'np.chunked.arange')),
  );
}

/**
 * The array at a path or address, without its elements: a .npy file, an array of an archive ('runs.npz#x'), a directory or URL
 * of a Zarr array. `chunks` are what is computed at a time; what is stored in chunks is read in whole ones.
 * @throws FormatError for damaged or hostile files, ArgumentError for what holds no array, and the system's own errors.
 * @example const x = await np.chunked.open('x.npy')
 */
export async function open(
  location: StoreLocation,
  options: { readonly chunks?: ChunkSpec } = {},
): Promise<ChunkedArray> {
  openOptions.check(options, 'np.chunked.open');
  return from(await openStore(location), options);
}
const openOptions = new Options(['chunks', 'value']);

/** An array in memory or over a file, or a store, in chunks. */
export function from(x: unknown, options: { readonly chunks?: ChunkSpec } = {}): ChunkedArray {
  const where = 'np.chunked.from';
  if (x instanceof MappedArray) return from(x.asStore(), options);
  if (isStore(x)) {
    const { shape, dtype } = x;
    return new ChunkedArray({
      kind: 'source',
      store: x,
      shape,
      dtype,
      chunks: chunksFor(options.chunks, shape, dtype, where, x.chunks),
    });
  }
  const node = nodeOf(x, where);
  return new ChunkedArray(regrid(node, chunksFor(options.chunks, node.shape, node.dtype, where)));
}

/** The values of several arrays, computed together: what they share is read once. */
export const compute = (arrays: readonly ChunkedArray[], options: ComputeOptions = {}): Promise<(NDArray | Scalar)[]> =>
  computeAll(
    arrays.map((a) => a.node),
    options,
  );

/** What computing several arrays together would do. */
export const explain = (
  arrays: readonly ChunkedArray[],
  options: Pick<ComputeOptions, 'memory'> = {},
): ChunkedExplanation =>
  explainAll(
    arrays.map((a) => a.node),
    options,
  );

/**
 * Arrays in chunks as plain data, for another process: files by location, operations by name and parameters.
 * @throws ArgumentError for functions of yours, and for what is in no file.
 * @example JSON.parse(JSON.stringify(np.chunked.toJSON([np.chunked.ones([4])]))).version // 1
 */
export const toJSON = (arrays: readonly ChunkedArray[]): WrittenPlan => written(arrays.map((a) => a.node));

/**
 * The arrays that `toJSON` has written, their files opened.
 * @throws ArgumentError for what is no such plan, and what opening files throws.
 * @example await (await np.chunked.fromJSON(np.chunked.toJSON([np.chunked.ones([4]).sum()])))[0].compute() // 4
 */
export const fromJSON = async (plan: WrittenPlan): Promise<ChunkedArray[]> =>
  (await fromWritten(plan)).map((n) => new ChunkedArray(n));

export type { ComputeOptions } from './compute.ts';
export { type Executor, type Job, runJob } from './executor.ts';
export type { Progress } from './progress.ts';
export type { StoreOptions } from './store.ts';
