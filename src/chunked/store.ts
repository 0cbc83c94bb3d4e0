// Arrays in chunks written to files: .npy or Zarr by the name, or into a store that is there. What is half written when a run
// ends early is removed, unless the run is to be resumed.

import { ArgumentError, DTypeError, ShapeError } from '../base/errors.ts';
import { createStore, type NewStore, type StoreFormat, type StoreFormatOptions } from '../io/create_store.ts';
import { type FilePath, pathText } from '../io/source.ts';
import type { ArrayStore } from '../io/store.ts';
import { formatShape, sameShape } from '../shape/strides.ts';
import { type ComputeOptions, resultNode, runAll } from './compute.ts';
import { type ChunkSpec, chunksFor } from './grid.ts';
import { inOrder, type Node, type OpNode } from './node.ts';
import { regrid } from './operations/regrid.ts';
import type { Target } from './target.ts';

export interface StoreOptions extends ComputeOptions, StoreFormatOptions {
  /** By the ending of the name where it is not said: .npy, .zarr. */
  readonly format?: StoreFormat;
  /** Extents of the chunks that are stored; the array's own by default. */
  readonly chunks?: ChunkSpec;
}

/** Blocks that fill whole chunks: no chunk is written by two. */
function fitting(n: Node, chunks: readonly number[]): OpNode {
  const fits = n.chunks.every((c, d) => c % chunks[d] === 0 || c >= n.shape[d]);
  return fits ? resultNode(n) : regrid(n, chunks);
}

/** Computes an array into a file. */
export async function storeAt(node: Node, to: FilePath, options: StoreOptions): Promise<void> {
  const { format, chunks, memory, signal, retries, onProgress, workspace, resume, executor, ...own } = options;
  const run = { memory, signal, retries, onProgress, workspace, resume, executor };
  const { shape, dtype } = node;
  const extents = chunks === undefined ? node.chunks : chunksFor(chunks, shape, dtype, 'store');
  refuseOwn(node, pathText(to, 'store'));
  const store = await createStore(to, { shape, dtype, chunks: extents }, format, own);
  try {
    await into(node, store, extents, run);
    await store.flush?.();
  } catch (error) {
    await store.abandon();
    throw error;
  }
  await store.close();
}

// A directory that is replaced before it was read would be lost.
function refuseOwn(node: Node, path: string): void {
  const plain = (p: string): string => p.replace(/^file:\/\//, '').replace(/\/+$/, '');
  for (const n of inOrder([node])) {
    if (n.kind !== 'source' || n.store.location === undefined) continue;
    if (plain(n.store.location) !== plain(path)) continue;
    throw new ArgumentError(`store: ${path} is what the array is computed from`, 'store it at another path', { path });
  }
}

/** Computes an array into a store that is there, which stays open. */
export async function storeInto(node: Node, store: ArrayStore, options: ComputeOptions): Promise<void> {
  if (store.write === undefined || store.writeMemory === undefined) {
    throw new ArgumentError(
      `store: ${store.name} cannot be written`,
      "open it with { mode: 'r+' }, or store at a path",
      {
        store: store.name,
      },
    );
  }
  if (!sameShape(store.shape, node.shape)) {
    throw new ShapeError(
      `store: an array of ${formatShape(node.shape)} into ${store.name}, which is ${formatShape(store.shape)}`,
      'make the store of the shape of the array',
      { shape: node.shape, expected: store.shape },
    );
  }
  if (store.dtype !== node.dtype) {
    throw new DTypeError(
      `store: ${node.dtype.name} into ${store.name}, which holds ${store.dtype.name}`,
      `convert first: a.astype('${store.dtype.name}')`,
      { dtype: node.dtype.name, expected: store.dtype.name },
    );
  }
  await into(node, store as NewStore, store.chunks, options); // it can be written, as just seen
  await store.flush?.();
}

const into = async (
  node: Node,
  store: Pick<NewStore, 'name' | 'write' | 'writeMemory' | 'flush' | 'format'>,
  chunks: readonly number[],
  options: ComputeOptions,
): Promise<void> => {
  // Files of elements one after another take any rectangle.
  const result = store.format === 'npy' ? resultNode(node) : fitting(node, chunks);
  const target: Target = {
    name: store.name,
    write: (region, values) => store.write(region, values),
    writeMemory: (region) => store.writeMemory(region),
    flush: store.flush && (() => store.flush?.() ?? Promise.resolve()),
  };
  await runAll(new Map([[result, target]]), options, 'store');
};
