// The heap: hands out blocks and takes them back. Small ones come from slabs, all others from the segments' free lists.
// It puts together what the other files do: how much may be live and when to collect (charges.ts), blocks and their
// owners (owned_blocks.ts), where they lie (segments.ts). The process's own heap is in allocate.ts.
import { MemoryError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { type Account, accountHere, anyAccounts } from './account.ts';
import { type Charged, type ChargeOptions, Charges } from './charges.ts';
import { type MemoryFigures, segmentFigures } from './figures.ts';
import { Ledger } from './ledger.ts';
import { Lending } from './lending.ts';
import { anywhere, OwnedBlocks, type Place } from './owned_blocks.ts';
import { Zones } from './redzones.ts';
import type { LiveBlock } from './refusal.ts';
import type { Segment, SegmentOptions } from './segment.ts';
import { Segments } from './segments.ts';
import { ALIGNMENT, CLASS_OF_LINES, CLASS_SIZES, SMALL_LIMIT, UNIT, unitsFor } from './sizes.ts';
import { Slab, SlabPool, type SlabSource } from './slabs.ts';
import { type Owner, Storage } from './storage.ts';
import { LOAN_KIND, STORAGE_KIND, Watch } from './watch.ts';

/** What a heap is made with. */
export interface HeapOptions extends SegmentOptions, ChargeOptions {
  readonly redzones: boolean;
}

/** A heap over one or more segments. */
export class Heap implements SlabSource, Owner, Charged {
  readonly options: HeapOptions;
  readonly #segments: Segments;
  readonly #pools: SlabPool[];
  readonly #zones: Zones | null;
  readonly #watch = new Watch();
  readonly #ledger = new Ledger(this.#watch);
  readonly #charges: Charges;
  readonly #blocks: OwnedBlocks;
  /** Blocks that other threads have. */
  readonly lending: Lending;

  constructor(options: HeapOptions) {
    this.options = options;
    this.#zones = options.redzones ? new Zones() : null;
    this.#charges = new Charges(options, this.#watch, this.#ledger, this);
    this.#segments = new Segments(options, () => this.#charges.watchEngine());
    this.#blocks = new OwnedBlocks(this.#watch, this.#ledger, this.#segments, this.#charges, this.#zones);
    this.#pools = this.#makePools();
    this.lending = new Lending(this, this.#watch, this.#ledger, this.#zones, (nbytes) =>
      this.#blocks.take(nbytes, 'a block for another thread', LOAN_KIND, anywhere),
    );
  }

  get segments(): readonly Segment[] {
    return this.#segments.list;
  }

  #makePools(): SlabPool[] {
    return CLASS_SIZES.map((_, index) => new SlabPool(index, this, this.#zones));
  }

  /** Slabs for small blocks: the process's, or those of the scope in force. */
  #poolsHere(): readonly SlabPool[] {
    const account = anyAccounts() ? accountHere.get() : null;
    if (account === null) return this.#pools;
    account.pools ??= this.#makePools();
    return account.pools;
  }

  /** A block of `nbytes` bytes on a 64-byte boundary, zero where asked; MemoryError, with nothing taken, when there is none. */
  allocate(nbytes: number, zeroed: boolean): Storage {
    if (this.#zones !== null) return this.#allocateGuarded(this.#zones, nbytes, zeroed);
    if (nbytes <= SMALL_LIMIT && nbytes >= 0) {
      const pools = anyAccounts() ? this.#poolsHere() : this.#pools;
      const pool = pools[CLASS_OF_LINES[(nbytes + (ALIGNMENT - 1)) >>> 6]];
      let slab = pool.current;
      if (slab.next === slab.end) slab = this.#open(pool);
      const ptr = slab.next;
      slab.next = ptr + pool.size;
      slab.live++;
      if (zeroed) slab.segment?.fill(ptr, nbytes, 0);
      return new Storage(slab.segment, ptr, nbytes, null, slab, -1);
    }
    return this.#allocateLarge(nbytes, zeroed, anywhere);
  }

  /** As `allocate` without zeroing, in one given segment, never charged to a scope: scratch and constants. */
  allocateIn(segment: Segment, nbytes: number): Storage {
    return this.#allocateLarge(nbytes, false, { within: segment, libraryOwn: true });
  }

  /** As `allocate`, in one given segment: for operands and results of what kernels do there. */
  allocateWithin(segment: Segment, nbytes: number, zeroed: boolean): Storage {
    return this.#allocateLarge(nbytes, zeroed, { within: segment });
  }

  /**
   * Storage for a result that may lie anywhere: in `near` while that keeps room to work in, else in another segment. It
   * collects before it leaves `near`, once in a while.
   */
  allocateRoomy(near: Segment, nbytes: number, zeroed: boolean): Storage {
    const segments = this.#segments;
    if (!segments.holds(near, nbytes) && this.#charges.takenSinceCollection > segments.room(near) / 4) this.reclaim();
    return this.#allocateLarge(nbytes, zeroed, { within: segments.placeFor(nbytes, near), elsewhereToo: true });
  }

  /** Whether a result of `nbytes` leaves `segment` room to work in. */
  holds(segment: Segment, nbytes: number): boolean {
    return this.#segments.holds(segment, nbytes);
  }

  /** The segment kernels use by default, made when first asked for. */
  primary(): Segment {
    return this.#segments.home();
  }

  #allocateLarge(nbytes: number, zeroed: boolean, place: Place): Storage {
    if (!(Number.isSafeInteger(nbytes) && nbytes >= 0)) {
      throw new MemoryError(`cannot allocate ${nbytes} bytes`, 'ask for a non-negative integer of bytes', {
        requested: nbytes,
      });
    }
    const zones = this.#zones;
    const lead = zones === null ? 0 : zones.lead;
    const gross = zones === null ? nbytes : nbytes + zones.extra;
    const blocks = this.#blocks;
    const slot = blocks.take(gross, 'allocate', STORAGE_KIND, place);
    const segment = blocks.segmentOf(slot);
    const block = blocks.startOf(slot);
    const known = blocks.dirtyBytes;
    const storage = new Storage(segment, block + lead, nbytes, null, this, slot);
    if (zones !== null) zones.arm(segment, block, unitsFor(gross) * UNIT, nbytes, known);
    if (zeroed) segment.fill(block + lead, Math.min(nbytes, Math.max(0, known - lead)), 0);
    blocks.bind(slot, storage);
    return storage;
  }

  #allocateGuarded(zones: Zones, nbytes: number, zeroed: boolean): Storage {
    const gross = nbytes + zones.extra;
    if (!(gross <= SMALL_LIMIT && nbytes >= 0)) return this.#allocateLarge(nbytes, zeroed, anywhere);
    const pool = this.#poolsHere()[CLASS_OF_LINES[(gross + (ALIGNMENT - 1)) >>> 6]];
    let slab = pool.current;
    if (slab.next === slab.end) slab = this.#open(pool);
    const { segment } = slab;
    if (segment === null) throw new TypeError('a slab in use has a segment');
    const block = slab.next;
    slab.next = block + pool.size;
    slab.live++;
    zones.arm(segment, block, pool.size, nbytes, pool.size);
    if (zeroed) segment.fill(block + zones.lead, nbytes, 0);
    return new Storage(segment, block + zones.lead, nbytes, null, slab, -1);
  }

  /** A slab with room, now the pool's current one. */
  #open(pool: SlabPool): Slab {
    let slab = pool.takeReady();
    if (slab === undefined) {
      const blocks = this.#blocks;
      const slot = blocks.take(pool.regionBytes, 'small arrays', 1 + pool.index, anywhere);
      const segment = blocks.segmentOf(slot);
      slab = new Slab(pool, segment, blocks.startOf(slot), slot);
      this.#zones?.poison(segment, slab.base, pool.regionBytes);
      blocks.bind(slot, slab);
    }
    pool.current = slab;
    return slab;
  }

  /** Takes back a large block; called by its storage, once. */
  release(storage: Storage): void {
    this.#blocks.free(storage);
  }

  /** Takes back an idle slab. */
  close(slab: Slab): void {
    slab.gone = true;
    this.#blocks.free(slab);
  }

  /** Takes back the block of a dead owner; called by a sweep. */
  bury(slot: number): void {
    this.#blocks.bury(slot);
  }

  /** Bytes charged now. */
  get live(): number {
    return this.#charges.live;
  }

  /** The largest block that was ever taken. */
  get largest(): number {
    return this.#blocks.largest;
  }

  /** Accounts for bytes about to be allocated: see charges.ts. */
  charge(nbytes: number, where: string): void {
    this.#charges.charge(nbytes, where);
  }

  /** Takes a charge back. */
  uncharge(nbytes: number): void {
    this.#charges.uncharge(nbytes);
  }

  /** Asks for the limit on live bytes anew; what is live already stays. */
  limitChanged(): void {
    this.#charges.limitChanged();
  }

  /** From here on the peak is counted anew. */
  resetPeak(): void {
    this.#charges.peak = this.#charges.live;
  }

  /** Collects and frees what is dead; the bytes freed. */
  reclaim(): number {
    return this.#charges.reclaim();
  }

  /** Frees what the engine has found dead by itself; the bytes freed. */
  sweep(): number {
    return this.#charges.sweep();
  }

  /** Blocks in use, the largest first: what storages hold, slabs left out. Not for hot code. */
  liveBlocks(): LiveBlock[] {
    return this.#charges.liveBlocks();
  }

  /**
   * Ends a scope: what it still holds is given back, but for the storages in `kept` and for small blocks in use; all of
   * it stays where `kept` is undefined.
   */
  closeAccount(account: Account, kept: ReadonlySet<Storage> | undefined): void {
    account.closed = true;
    account.pools = null;
    if (account.live === 0 || kept === undefined) return;
    this.#watch.open(this.options.collector());
    this.sweep(); // from here on all that live have weak references
    for (const owner of this.#ledger.heldBy(account)) {
      if (owner instanceof Storage) {
        if (!kept.has(owner)) owner.dispose();
      } else if (owner instanceof Slab && owner.live === 0) this.close(owner);
    }
    this.options.collector().forget();
  }

  /** Gives free pages back to the system; the bytes. None with red zones, whose poison must stay. */
  trim(): number {
    if (this.#zones !== null || this.options.lender !== undefined) return 0;
    let nbytes = 0;
    for (const { away, buffer, blocks, touched } of this.segments) nbytes += away.drop(buffer, blocks, touched);
    if (nbytes > 0 && events.active['memory.trim']) events.emit('memory.trim', { nbytes });
    return nbytes;
  }

  /** Verifies every red zone (debug mode only); MemoryError names the first block with a stray write. */
  verify(): void {
    if (this.#zones === null) return;
    this.sweep();
    this.#blocks.verify(this.#zones);
  }

  /** Counts; sweeps first, so that what is known to be dead does not count. Not for hot code. */
  figures(): MemoryFigures {
    this.sweep();
    const inSegments = segmentFigures(this.segments);
    const charges = this.#charges;
    let live = charges.live;
    this.#watch.each((_, object) => {
      if (object instanceof Slab) live -= object.pool.regionBytes - object.live * object.pool.size;
    });
    this.options.collector().forget();
    const limit = charges.limit;
    return {
      live,
      ...inSegments,
      pooled: inSegments.touched - inSegments.returned - live,
      peak: charges.peak,
      limit: limit.bytes,
      limitSource: limit.source,
      segments: this.segments.length,
      reclaims: charges.reclaims,
      youngReclaims: charges.youngReclaims,
      reclaimMilliseconds: charges.reclaimMilliseconds,
      synchronous: this.options.collector().synchronous,
    };
  }
}
