// A Zarr array as a store: rectangles of it are read chunk by chunk, several at once, each unpacked straight into its
// place in the result where it is one stretch of it, else through a scratch chunk; written the other way round, a chunk
// at a time and whole. The bytes come from a key store (keys.ts), their meaning from the metadata.

import { not_equal } from '../../array/functions.generated.ts';
import '../../array/layout_methods.ts';
import { type NDArray, nd } from '../../array/ndarray.ts';
import { type DType, dtypes } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { type ArrayBase, newResult, reinterpret, viewOf } from '../../exec/array_base.ts';
import { copyInto } from '../../exec/copy.ts';
import { wrapHost } from '../../memory/storage.ts';
import { contiguousStrides, isContiguous, sameShape, sizeOf } from '../../shape/strides.ts';
import { requireRegion, requireValues } from '../region.ts';
import type { ArrayStore, ReadOptions, Region } from '../store.ts';
import { Calls, eachAtOnce } from '../under_way.ts';
import { damagedChunk } from './codec/codec.ts';
import type { JsonObject } from './document.ts';
import { fillScalar } from './fill.ts';
import { countParts, gridOf, type Part, partsOf } from './grid.ts';
import type { KeyStore } from './keys.ts';
import type { ZarrMetadata } from './metadata.ts';
import { holding, Lent, Piece } from './piece.ts';
import { Shards } from './shards.ts';
import { type StoredChunks, storedChunks } from './stored_chunks.ts';

/** Chunks of one call that are read, or written, at a time: enough to keep disks and all processors busy. */
const AT_ONCE = 6;
/** Keys whose sizes are looked up to tell what a read moves; of more, as many spread over all. */
const SIZED = 512;
/** What small blocks of the heap take beside their bytes. */
const SLACK = 2 ** 16;

const hull = (part: Region, start: readonly number[]): Region => ({
  start: part.start.map((s, d) => s - start[d]),
  shape: part.shape,
});

/** The rectangle of an array, as a view. */
function viewAt(a: ArrayBase, { start, shape }: Region, strides: readonly number[] = a.strides): ArrayBase {
  const offset = start.reduce((at, s, d) => at + s * strides[d], a.offset);
  return reinterpret(a, offset, shape, strides);
}

/** One that can be written into. */
export type WritableZarrArray = ZarrArray & Required<Pick<ZarrArray, 'write' | 'writeMemory' | 'flush'>>;

/** An array in a Zarr store. */
export class ZarrArray implements ArrayStore {
  readonly name: string;
  readonly format: 'zarr2' | 'zarr3';
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly chunks: readonly number[];
  readonly location: string | undefined;
  /** What users say of it. */
  readonly attributes: JsonObject;
  readonly dimension_names: readonly (string | null)[] | undefined;
  /** What is read where no chunk is. */
  readonly fill_value: Scalar;
  /** How elements become stored bytes, for reports. */
  readonly codecs: readonly string[];
  /** The rectangle of one stored object, where that holds several chunks. */
  readonly shards: readonly number[] | undefined;
  readonly write?: (region: Region, values: NDArray) => Promise<void>;
  readonly writeMemory?: (region: Region) => number;
  readonly flush?: () => Promise<void>;
  /** Of a store that was created here: closes it and removes it; after `close` it does nothing. */
  readonly abandon?: () => Promise<void>;
  readonly #meta: ZarrMetadata;
  readonly #store: KeyStore;
  readonly #prefix: string;
  readonly #calls: Calls;
  readonly #shards: Shards | undefined;
  readonly #chunkBytes: number;
  /** Bytes that a chunk may be stored as. */
  readonly #most: number;
  /** How a chunk lies in its bytes: its shape with the stored order of axes, and its strides with its own. */
  readonly #storedShape: readonly number[];
  readonly #strides: readonly number[];
  readonly #plain: boolean;
  /** Chunks that are being written: one write at a time each. */
  readonly #writing = new Map<string, Promise<void>>();

  constructor(meta: ZarrMetadata, store: KeyStore, prefix: string, writes: boolean, remove?: () => Promise<void>) {
    const { arrangement, dtype, shape, chunks, sharding } = meta;
    this.#meta = meta;
    this.#store = store;
    this.#prefix = prefix;
    this.name = prefix === '' ? store.name : store.address(prefix.slice(0, -1));
    this.#calls = new Calls(this.name);
    this.format = meta.version === 2 ? 'zarr2' : 'zarr3';
    this.shape = shape;
    this.dtype = dtype;
    this.chunks = chunks;
    this.location = store.locate(prefix);
    this.attributes = meta.attributes;
    this.dimension_names = meta.dimension_names;
    this.fill_value = fillScalar(meta.fill, dtype);
    this.shards = sharding?.shard;
    this.#chunkBytes = sizeOf(chunks) * dtype.itemsize;
    this.#most = arrangement.chain.bound(this.#chunkBytes);
    this.#shards = sharding && new Shards(store, sharding, chunks, this.#most);
    this.#storedShape = arrangement.axes.map((axis) => chunks[axis]);
    const stored = contiguousStrides(this.#storedShape, dtype.itemsize);
    this.#strides = chunks.map((_, axis) => stored[arrangement.axes.indexOf(axis)]);
    this.#plain = sameShape(this.#strides, contiguousStrides(chunks, dtype.itemsize));
    this.codecs = [
      ...(arrangement.axes.some((axis, i) => axis !== i) ? [`transpose(${arrangement.axes.join(', ')})`] : []),
      ...(arrangement.swapped ? ['big-endian'] : []),
      ...arrangement.chain.codecs.map((codec) => codec.text),
    ];
    if (!writes) return;
    if (remove !== undefined) {
      this.abandon = async () => {
        if (await this.#calls.close()) await remove();
      };
    }
    this.write = (region, values) => this.#calls.during('write', () => this.#write(region, values));
    this.writeMemory = (region) => this.#writeMemory(region);
    this.flush = () => this.#calls.during('flush', async () => store.flush?.());
  }

  read(region: Region, { signal }: ReadOptions = {}): Promise<NDArray> {
    return this.#calls.during('read', () => this.#read(region, signal));
  }

  readMemory(region: Region): number {
    requireRegion(this, region);
    const parts = Math.min(AT_ONCE, countParts(region, this.chunks));
    const whole = region.start.every((s, d) => s % this.chunks[d] === 0 && region.shape[d] % this.chunks[d] === 0);
    const straight =
      this.#plain &&
      whole &&
      isContiguous(this.chunks, contiguousStrides(region.shape, this.dtype.itemsize), this.dtype.itemsize);
    const each =
      (straight ? 0 : this.#chunkBytes) + this.#packedMemory() + (this.#shards ? 48 * this.#shards.entries : 0);
    return each === 0 || parts === 0 ? 0 : parts * each + SLACK;
  }

  readBytes(region: Region): number {
    requireRegion(this, region);
    const extents = this.shards ?? this.chunks;
    const objects = countParts(region, extents);
    const parts = countParts(region, this.chunks);
    const step = Math.max(1, Math.floor(objects / SIZED));
    let found = 0;
    let looked = 0;
    let at = 0;
    for (const { place } of partsOf(region, extents)) {
      if (at++ % step !== 0) continue;
      const size = this.#store.sizeOf(this.#prefix + this.#meta.keyOf(place));
      if (size === undefined) return parts * this.#chunkBytes;
      found += size;
      looked++;
    }
    if (looked === 0) return 0;
    const share = this.#shards === undefined ? 1 : parts / (objects * this.#shards.entries);
    return Math.ceil((found / looked) * objects * Math.min(1, share));
  }

  /** Stored objects there are and could be, and their bytes; undefined where keys cannot be listed. */
  stored(): Promise<StoredChunks | undefined> {
    const grid = gridOf(this.shape, this.shards ?? this.chunks);
    return this.#calls.during('stored', () => storedChunks(this.#store, this.#prefix, this.#meta.keyOf, grid));
  }

  async close(): Promise<void> {
    await this.#calls.close();
  }

  /** Bytes that unpacking or packing a chunk takes, its plain bytes not included. */
  #packedMemory(): number {
    const { chain } = this.#meta.arrangement;
    return chain.codecs.length === 0 ? 0 : this.#most + chain.between(this.#chunkBytes);
  }

  async #read(region: Region, signal: AbortSignal | undefined): Promise<NDArray> {
    requireRegion(this, region);
    signal?.throwIfAborted();
    const result = newResult(region.shape, this.dtype);
    try {
      await holding([result.storage], () =>
        eachAtOnce(partsOf(region, this.chunks), AT_ONCE, signal, (part) =>
          this.#readPart(part, viewAt(result, hull(part, region.start)), signal),
        ),
      );
    } catch (error) {
      result.storage.dispose();
      throw error;
    }
    return nd(result);
  }

  async #readPart(part: Part, into: ArrayBase, signal: AbortSignal | undefined): Promise<void> {
    const straight = this.#plain && into.contiguous && sameShape(part.shape, this.chunks);
    if (straight) {
      if (!(await this.#load(part.place, into, signal))) this.#fill(into);
      return;
    }
    await this.#inChunk(async (chunk) => {
      if (await this.#load(part.place, chunk, signal)) copyInto(this.#within(chunk, part), into);
      else this.#fill(into);
    });
  }

  /** Lends memory for a chunk, as it lies when it is stored. */
  async #inChunk(work: (chunk: ArrayBase) => Promise<void>): Promise<void> {
    const chunk = newResult(this.#storedShape, this.dtype);
    try {
      await holding([chunk.storage], () => work(chunk));
    } finally {
      chunk.storage.dispose();
    }
  }

  /** A part of the array in the memory of its chunk. */
  #within(chunk: ArrayBase, part: Part): ArrayBase {
    return viewAt(chunk, hull(part, part.corner), this.#strides);
  }

  #fill(into: ArrayBase): void {
    copyInto(viewOf(wrapHost(this.#meta.fill), 0, [], [], this.dtype), into);
  }

  /** Reads a chunk's elements into contiguous memory; false where there is no such chunk. */
  async #load(place: readonly number[], into: ArrayBase, signal: AbortSignal | undefined): Promise<boolean> {
    const { keyOf, arrangement } = this.#meta;
    const key = this.#prefix + keyOf(this.#shards?.shardOf(place) ?? place);
    const inShard = await this.#shards?.find(key, place);
    if (this.#shards !== undefined && inShard === undefined) return false;
    const where =
      this.#shards === undefined ? this.#store.address(key) : `${this.#store.address(key)}, chunk ${place.join('.')}`;
    const target = new Piece(into.storage, into.offset, this.#chunkBytes);
    const request = { key, most: this.#most, range: inShard, signal };
    const there =
      arrangement.chain.codecs.length === 0
        ? await this.#take(request, target, where)
        : await this.#unpack(request, target, where, inShard?.nbytes);
    if (!there) return false;
    if (arrangement.swapped) nd(into).byteswap(true);
    if (this.dtype.kind === 'b') {
      const bytes = viewOf(into.storage, into.offset, into.shape, into.strides, dtypes.uint8);
      not_equal(nd(bytes), 0, { out: nd(into) }); // files may hold any byte, kernels count on 0 and 1
    }
    return true;
  }

  async #take(request: Parameters<KeyStore['get']>[0], target: Piece, where: string): Promise<boolean> {
    const found = await this.#store.get(request, (n) => target.part(0, n));
    if (found === undefined) return false;
    if (found.nbytes === this.#chunkBytes) return true;
    throw damagedChunk(where, `it has ${found.nbytes} bytes, where ${this.#chunkBytes} belong`);
  }

  async #unpack(
    request: Parameters<KeyStore['get']>[0],
    target: Piece,
    where: string,
    expected: number | undefined,
  ): Promise<boolean> {
    let room: Lent | undefined;
    try {
      const found = await this.#store.get(request, (n) => {
        room = new Lent(n);
        return room.piece;
      });
      if (found === undefined) return false;
      if (expected !== undefined && found.nbytes !== expected) {
        throw damagedChunk(where, `it ends after ${found.nbytes} bytes of ${expected}`);
      }
      await this.#meta.arrangement.chain.decode(found, target, where);
      return true;
    } finally {
      room?.end();
    }
  }

  async #write(region: Region, values: NDArray): Promise<void> {
    requireValues(this, region, values);
    await holding([values.storage], () =>
      eachAtOnce(partsOf(region, this.chunks), AT_ONCE, undefined, (part) =>
        this.#inTurn(this.#meta.keyOf(part.place), () =>
          this.#writePart(part, viewAt(values, hull(part, region.start))),
        ),
      ),
    );
  }

  /** One write of a chunk after the other. */
  async #inTurn(key: string, work: () => Promise<void>): Promise<void> {
    const before = this.#writing.get(key);
    const done = before === undefined ? work() : before.then(work, work);
    this.#writing.set(key, done);
    try {
      await done;
    } finally {
      if (this.#writing.get(key) === done) this.#writing.delete(key);
    }
  }

  async #writePart(part: Part, from: ArrayBase): Promise<void> {
    const { arrangement } = this.#meta;
    const full = sameShape(part.shape, this.chunks);
    if (full && this.#plain && !arrangement.swapped && from.contiguous && from.storage.segment !== null) {
      await this.#save(part.place, from);
      return;
    }
    const complete = part.shape.every((n, d) => n === Math.min(this.chunks[d], this.shape[d] - part.corner[d]));
    await this.#inChunk(async (chunk) => {
      if (!full && (complete || !(await this.#load(part.place, chunk, undefined)))) this.#fill(chunk);
      copyInto(from, this.#within(chunk, part));
      if (arrangement.swapped) nd(chunk).byteswap(true);
      await this.#save(part.place, chunk);
    });
  }

  async #save(place: readonly number[], chunk: ArrayBase): Promise<void> {
    const key = this.#prefix + this.#meta.keyOf(place);
    const plain = new Piece(chunk.storage, chunk.offset, this.#chunkBytes);
    await this.#meta.arrangement.chain.encode(plain, this.#store.address(key), async (packed) =>
      this.#store.put?.(key, packed),
    );
  }

  #writeMemory(region: Region): number {
    requireRegion(this, region);
    // Any of them may have to be read first, and values of any layout are copied.
    const parts = Math.min(AT_ONCE, countParts(region, this.chunks));
    return parts * (this.#chunkBytes + this.#packedMemory()) + SLACK;
  }
}
