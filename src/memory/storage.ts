// Storage: who owns a range of bytes. Heap storage owns a block of a segment, host storage points at bytes that live in
// a JavaScript buffer. It is the only thing a block's life hangs on: arrays hold a storage, views hold it through a WeakMap.
// It knows nothing of how blocks are found; its owner (a slab, the heap, a host buffer) takes them back.
import { ArgumentError, DisposedError, MemoryError } from '../base/errors.ts';
import { LISTED } from './collector.ts';
import type { Segment } from './segment.ts';
import { report, type Watched } from './watch.ts';

/** Whoever takes a block back when its storage is disposed. Called once per storage at most. */
export interface Owner {
  release(storage: Storage): void;
  /** Of bytes outside the heap: whoever watches over them. */
  readonly backing?: Backing | undefined;
}

/**
 * Bytes that are reached by position, as those of a file. Arrays over them are host arrays without a buffer: bytes are
 * copied in and out, and become a buffer only when somebody asks for a typed array.
 */
export interface Backing {
  /** Nobody may use them any more. */
  readonly closed: boolean;
  readonly writeable: boolean;
  /** @throws DisposedError after they were closed, FormatError when they are not what they were. */
  require(where: string): void;
  /** Copies bytes from a position on. */
  read(at: number, into: Uint8Array): void;
  write(at: number, from: Uint8Array): void;
  /** The bytes themselves: a buffer, and where in it they begin. @throws ArgumentError where they cannot be had. */
  view(at: number, nbytes: number): { readonly buffer: ArrayBufferLike; readonly offset: number };
}

const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** A range of bytes with an owner; made by `allocate` and `wrapHost`, never directly. */
export class Storage implements Watched {
  readonly segment: Segment | null;
  /** Byte address in the segment; for host storage the byte offset in `host`. */
  readonly ptr: number;
  readonly nbytes: number;
  readonly host: ArrayBufferLike | null;
  /** The token of ownership: whoever sets it to null frees the block, and nobody can do so twice. For memory/ only. */
  owner: Owner | null;
  /** Where the heap watches this storage, -1 when it watches the slab instead. For memory/ only. */
  readonly slot: number;

  constructor(
    segment: Segment | null,
    ptr: number,
    nbytes: number,
    host: ArrayBufferLike | null,
    owner: Owner,
    slot: number,
  ) {
    this.segment = segment;
    this.ptr = ptr;
    this.nbytes = nbytes;
    this.host = host;
    this.owner = owner;
    this.slot = slot;
  }

  get disposed(): boolean {
    return this.owner === null || this.owner.backing?.closed === true;
  }

  /** The same, in the words of watch.ts. */
  get gone(): boolean {
    return this.owner === null;
  }

  /** Gives the bytes back at once instead of when the collector finds them; a second call does nothing. */
  dispose(): void {
    const owner = this.owner;
    if (owner === null) return;
    this.owner = null;
    owner.release(this);
  }

  [DISPOSE](): void {
    this.dispose();
  }

  [LISTED](): string {
    return report(this, `Storage { nbytes: ${this.nbytes}, disposed: ${this.disposed} }`);
  }
}

/** Throws DisposedError when the storage was disposed, or when the host buffer under it was detached or shrunk. */
export function requireLive(storage: Storage, where: string): void {
  if (storage.owner === null) {
    throw new DisposedError(
      `${where}: this array's storage was disposed`,
      'copy what you need before dispose(), or let the garbage collector free it',
      { where, nbytes: storage.nbytes },
    );
  }
  const host = storage.host;
  const backing = host === null ? undefined : storage.owner.backing;
  if (backing !== undefined) backing.require(where);
  else if (host !== null && host.byteLength < storage.ptr + storage.nbytes) {
    throw new DisposedError(
      `${where}: the buffer under this array was detached or shrunk`,
      'do not transfer a buffer (postMessage, structuredClone) while an array uses it; copy it first',
      { where, nbytes: storage.nbytes, offset: storage.ptr, bufferBytes: host.byteLength },
    );
  }
}

/** Throws DisposedError for a detached buffer, which otherwise looks like an empty one. */
export function requireAttached(buffer: ArrayBufferLike, where: string): void {
  try {
    new Uint8Array(buffer); // a TypeError is the only sign that Node 20 gives
  } catch (cause) {
    throw new DisposedError(
      `${where}: the buffer was detached`,
      'do not transfer a buffer (postMessage, structuredClone) that is still needed; copy it first',
      { where },
      { cause },
    );
  }
}

/** Host bytes belong to their buffer: nothing to give back. */
const hostOwner: Owner = { release() {} };

/** A view handed out over heap bytes, wrapped again: keeps the storage it came from. */
class Borrowed implements Owner {
  readonly from: Storage;
  constructor(from: Storage) {
    this.from = from;
  }
  release(): void {}
}

const storageOfView = new WeakMap<ArrayBufferView, Storage>();

/**
 * Storage over a typed array's bytes, without a copy. A view that came from an array's `data` gives heap storage on
 * the same bytes; any other gives host storage. DisposedError when the buffer is detached.
 *
 * @example wrapHost(new Float64Array([1, 2, 3])).nbytes // 24
 */
export function wrapHost(bytes: ArrayBufferView): Storage {
  const { buffer, byteOffset, byteLength } = bytes;
  const from = storageOfView.get(bytes);
  if (from !== undefined) {
    requireLive(from, 'wrapHost');
    if (from.segment !== null) return new Storage(from.segment, byteOffset, byteLength, null, new Borrowed(from), -1);
    if (from.owner?.backing !== undefined) return partOf(from, 0, byteLength);
  }
  if (byteLength === 0) requireAttached(buffer, 'wrapHost');
  const storage = new Storage(null, byteOffset, byteLength, buffer, hostOwner, -1);
  requireLive(storage, 'wrapHost');
  return storage;
}

/** Storage over bytes from a position on; `stands` is an empty buffer that stands for where they are, one for all of them. */
export function wrapBacked(stands: ArrayBuffer, at: number, nbytes: number, backing: Backing): Storage {
  return new Storage(null, at, nbytes, stands, { release() {}, backing }, -1);
}

/** The storage that a typed array handed out by `typedView` looks at. */
export const storageOf = (view: ArrayBufferView): Storage | undefined => storageOfView.get(view);

/** A constructor of typed arrays over a buffer. */
export type ViewConstructor<V extends ArrayBufferView> = {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): V;
  readonly BYTES_PER_ELEMENT: number;
};

/**
 * A typed array over `length` elements from byte `offset` of a storage; it keeps the storage alive for as long as the
 * view itself is reachable (not views made from it with `subarray`, which share nothing but the buffer).
 * DisposedError after dispose, MemoryError when the range passes the storage's end.
 *
 * @example typedView(allocate(24, true), 0, 3, Float64Array) // Float64Array [0, 0, 0]
 */
export function typedView<V extends ArrayBufferView>(
  storage: Storage,
  offset: number,
  length: number,
  ctor: ViewConstructor<V>,
): V {
  requireLive(storage, 'typedView');
  const nbytes = length * ctor.BYTES_PER_ELEMENT;
  if (!(offset >= 0 && length >= 0 && offset + nbytes <= storage.nbytes)) {
    throw new MemoryError(
      `a view of ${nbytes} bytes at offset ${offset} does not fit a storage of ${storage.nbytes} bytes`,
      'ask for a range inside the storage',
      { offset, nbytes, storageBytes: storage.nbytes },
    );
  }
  if (storage.segment?.ghost === true) return new ctor(new ArrayBuffer(nbytes), 0, length); // zeros, which nobody sees
  const backing = storage.owner?.backing;
  if (backing !== undefined) {
    const bytes = backing.view(storage.ptr + offset, nbytes);
    const seen = alignedView(ctor, bytes.buffer, bytes.offset, length);
    storageOfView.set(seen, partOf(storage, offset, nbytes));
    return seen;
  }
  const buffer = storage.host ?? storage.segment?.buffer;
  if (buffer === undefined) throw new TypeError('storage has neither a segment nor a host buffer');
  const view = alignedView(ctor, buffer, storage.ptr + offset, length);
  storageOfView.set(view, storage);
  return view;
}

function alignedView<V extends ArrayBufferView>(
  ctor: ViewConstructor<V>,
  buffer: ArrayBufferLike,
  at: number,
  length: number,
): V {
  if (at % ctor.BYTES_PER_ELEMENT === 0) return new ctor(buffer, at, length);
  throw new ArgumentError(
    `elements at byte ${at} are not aligned for a typed array of ${ctor.BYTES_PER_ELEMENT} bytes each`,
    'copy them first: a.copy().data',
    { at, width: ctor.BYTES_PER_ELEMENT },
  );
}

/** A part of bytes that are reached by position. */
const partOf = ({ ptr, host, owner }: Storage, offset: number, nbytes: number): Storage =>
  new Storage(null, ptr + offset, nbytes, host, owner ?? hostOwner, -1);

/** Bytes of a storage: a view where that is safe, otherwise a copy. */
export function bytesOf(storage: Storage, offset: number, nbytes: number): Uint8Array {
  if (storage.owner?.backing === undefined) return typedView(storage, offset, nbytes, Uint8Array);
  const bytes = new Uint8Array(nbytes);
  readBytes(storage, offset, bytes);
  return bytes;
}

/** Copies bytes of a storage, from byte `offset` on. */
export function readBytes(storage: Storage, offset: number, into: Uint8Array): void {
  requireLive(storage, 'read');
  const backing = storage.owner?.backing;
  if (backing === undefined) into.set(typedView(storage, offset, into.byteLength, Uint8Array));
  else backing.read(storage.ptr + offset, into);
}

/** The other way round. */
export function writeBytes(storage: Storage, offset: number, from: Uint8Array): void {
  requireLive(storage, 'write');
  const backing = storage.owner?.backing;
  if (backing === undefined) typedView(storage, offset, from.byteLength, Uint8Array).set(from);
  else backing.write(storage.ptr + offset, from);
}
