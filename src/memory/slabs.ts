// Small blocks: slabs of 16 or 32 blocks of one size class, handed out by raising a pointer.
// Every storage on a slab holds the slab, and only the slab is watched for its death, so a small array costs one
// addition and one object. A slab comes back when its last storage is disposed, or when all are garbage.
import { LISTED } from './collector.ts';
import type { Zones } from './redzones.ts';
import type { Segment } from './segment.ts';
import { blocksPerSlab, CLASS_SIZES } from './sizes.ts';
import type { Owner, Storage } from './storage.ts';
import { report, type Watched } from './watch.ts';

/** Who provides slabs and takes idle ones back. */
export interface SlabSource {
  close(slab: Slab): void;
}

/** A run of blocks of one class. */
export class Slab implements Owner, Watched {
  readonly pool: SlabPool;
  readonly segment: Segment | null;
  readonly base: number;
  readonly end: number;
  readonly slot: number;
  /** Address of the next block to hand out. */
  next: number;
  /** Blocks handed out and not disposed; those that became garbage still count. */
  live = 0;
  /** Set when the heap took the slab back; only storages already disposed can still point here. */
  gone = false;

  constructor(pool: SlabPool, segment: Segment | null, base: number, slot: number) {
    this.pool = pool;
    this.segment = segment;
    this.base = base;
    this.next = base;
    this.end = segment === null ? base : base + pool.regionBytes;
    this.slot = slot;
  }

  release(storage: Storage): void {
    const { pool, segment } = this;
    const block = storage.ptr - pool.lead;
    if (pool.zones !== null && segment !== null) pool.zones.retire(segment, block, pool.size);
    if (--this.live === 0) pool.idle(this);
    else if (block + pool.size === this.next) this.next = block; // the newest block: temporaries nest like a stack
  }

  [LISTED](): string {
    return report(this, `Slab { size: ${this.pool.size}, live: ${this.live} }`);
  }
}

const READY = 2; // idle slabs kept per class

/** The slabs of one size class. */
export class SlabPool {
  readonly index: number;
  readonly size: number;
  readonly regionBytes: number;
  /** Bytes between a block's start and its storage: a red zone in debug mode, else none. */
  readonly lead: number;
  readonly zones: Zones | null;
  current: Slab;
  readonly #source: SlabSource;
  readonly #ready: Slab[] = [];

  constructor(index: number, source: SlabSource, zones: Zones | null) {
    this.index = index;
    this.size = CLASS_SIZES[index];
    this.regionBytes = this.size * blocksPerSlab(this.size);
    this.zones = zones;
    this.lead = zones === null ? 0 : zones.lead;
    this.#source = source;
    this.current = new Slab(this, null, 0, -1); // full from the start, so that the first request opens a real one
  }

  /** An idle slab kept from before, if any. */
  takeReady(): Slab | undefined {
    return this.#ready.pop();
  }

  /** A slab all of whose blocks were disposed starts over. */
  idle(slab: Slab): void {
    slab.next = slab.base;
    if (slab === this.current) return;
    if (this.#ready.length < READY) this.#ready.push(slab);
    else this.#source.close(slab);
  }
}
