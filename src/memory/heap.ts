// The heap: segments, what is live in them, and who may have more. Small blocks come from slabs, all others from the
// segment's free lists; every block is charged before it is taken and freed exactly once, by dispose or by a sweep.
// It does not know arrays, dtypes or scopes; the process's own heap is in allocate.ts.
import { MemoryError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { type Account, accountHere, anyAccounts } from './account.ts';
import type { Collector } from './collector.ts';
import { type MemoryFigures, segmentFigures } from './figures.ts';
import { Ledger } from './ledger.ts';
import { type Lender, Lending } from './lending.ts';
import type { MemoryLimit } from './machine.ts';
import { Pressure, type PressureOptions } from './pressure.ts';
import { Zones } from './redzones.ts';
import { type Budget, type LiveBlock, refusal } from './refusal.ts';
import { Residency } from './residency.ts';
import type { Segment } from './segment.ts';
import { Segments } from './segments.ts';
import { ALIGNMENT, CLASS_OF_LINES, CLASS_SIZES, SMALL_LIMIT, UNIT, unitsFor } from './sizes.ts';
import { Slab, SlabPool, type SlabSource } from './slabs.ts';
import { type Owner, Storage } from './storage.ts';
import { LOAN_KIND, STORAGE_KIND, Watch } from './watch.ts';

/** What a heap is made with. */
export interface HeapOptions {
  readonly shared: boolean;
  readonly maxPages: number;
  readonly redzones: boolean;
  readonly pressure: PressureOptions;
  readonly limit: () => MemoryLimit;
  readonly collector: () => Collector;
  /** Another thread's heap that this one borrows from; it has one segment then, and the lender counts. */
  readonly lender?: Lender;
  /** A heap without memory, which only counts. */
  readonly ghost?: boolean;
}

/** A heap over one or more segments. */
export class Heap implements SlabSource, Owner {
  readonly options: HeapOptions;
  readonly #segments: Segments;
  readonly #pools: SlabPool[];
  readonly #zones: Zones | null;
  readonly #watch = new Watch();
  readonly #ledger = new Ledger(this.#watch);
  readonly #pressure: Pressure;
  readonly #buryBound = (slot: number): void => this.#bury(slot);
  #limit: MemoryLimit | undefined;
  #canary: FinalizationRegistry<undefined> | undefined;
  #live = 0;
  #peak = 0;
  #ceiling: number;
  #reclaims = 0;
  #youngReclaims = 0;
  /** Assumed until the first pressure asks the engine. */
  #seesYoung = true;
  #reclaimMilliseconds = 0;
  #takenSinceCollection = Number.POSITIVE_INFINITY;
  readonly #residency = new Residency();
  /** The largest block that was ever taken. */
  largest = 0;
  /** Blocks that other threads have. */
  readonly lending: Lending;

  constructor(options: HeapOptions) {
    this.options = options;
    this.#segments = new Segments(options, () => {
      this.#canary ??= this.#armCanary();
    });
    this.#zones = options.redzones ? new Zones() : null;
    this.#pressure = new Pressure(options.pressure);
    this.#ceiling = 0; // the first charge looks up the limit
    this.#pools = this.#makePools();
    this.lending = new Lending(this, this.#watch, this.#ledger, this.#zones, (nbytes) =>
      this.#take(nbytes, 'a block for another thread', LOAN_KIND, undefined),
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
    return this.#allocateLarge(nbytes, zeroed, undefined);
  }

  /** As `allocate` without zeroing, in one given segment, never charged to a scope: scratch and constants. */
  allocateIn(segment: Segment, nbytes: number): Storage {
    return this.#allocateLarge(nbytes, false, segment, true);
  }

  /** As `allocate`, in one given segment: for operands and results of what kernels do there. */
  allocateWithin(segment: Segment, nbytes: number, zeroed: boolean): Storage {
    return this.#allocateLarge(nbytes, zeroed, segment);
  }

  /**
   * Storage for a result that may lie anywhere: in `near` while that keeps room to work in, else in another segment. It
   * collects before it leaves `near`, once in a while.
   */
  allocateRoomy(near: Segment, nbytes: number, zeroed: boolean): Storage {
    if (!this.#segments.holds(near, nbytes) && this.#takenSinceCollection > this.#segments.room(near) / 4) {
      this.reclaim();
    }
    return this.#allocateLarge(nbytes, zeroed, this.#segments.placeFor(nbytes, near), false, true);
  }

  /** Bytes charged now. */
  get live(): number {
    return this.#live;
  }

  /** Whether a result of `nbytes` leaves `segment` room to work in. */
  holds(segment: Segment, nbytes: number): boolean {
    return this.#segments.holds(segment, nbytes);
  }

  /** The segment kernels use by default, made when first asked for. */
  primary(): Segment {
    return this.#segments.home();
  }

  /**
   * Accounts for `nbytes` about to be allocated; the only way to raise the live count. Collects when the ceiling is
   * passed, throws MemoryError when the limit would be.
   */
  charge(nbytes: number, where: string): void {
    const after = this.#live + nbytes;
    if (after > this.#ceiling) this.#relieve(nbytes, where);
    this.#live += nbytes;
    if (this.#live > this.#peak) this.#peak = this.#live;
    this.#residency.note(this.#live);
  }

  /** Takes a charge back. */
  uncharge(nbytes: number): void {
    this.#live -= nbytes;
  }

  /** The scope that a block of `nbytes` will be charged to, after collecting for it; MemoryError past a budget. */
  #admit(nbytes: number, where: string): Account | null {
    const account = accountHere.get();
    if (account === null || account.tight(nbytes) === null) return account;
    for (const collect of [() => this.reclaimYoung(), () => this.reclaim(), undefined]) {
      const tight = account.tight(nbytes);
      if (tight === null) break;
      if (collect !== undefined) {
        this.#watch.open(this.options.collector());
        collect();
        continue;
      }
      throw this.#refuse(nbytes, where, `the budget of scope '${tight.tag}' would be passed`, {
        live: tight.live,
        peak: tight.peak,
        limit: tight.limit,
        limitSource: `scope '${tight.tag}'`,
      });
    }
    return account;
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

  /** Blocks in use, the largest first: what storages hold, slabs left out. Not for hot code. */
  liveBlocks(): LiveBlock[] {
    this.sweep();
    const blocks = this.#ledger.blocks();
    this.options.collector().forget();
    return blocks;
  }

  /** Gives free pages back to the system; the bytes. None with red zones, whose poison must stay. */
  trim(): number {
    if (this.#zones !== null || this.options.lender !== undefined) return 0;
    let nbytes = 0;
    for (const { away, buffer, blocks, touched } of this.segments) nbytes += away.drop(buffer, blocks, touched);
    if (nbytes > 0 && events.active['memory.trim']) events.emit('memory.trim', { nbytes });
    return nbytes;
  }

  // After a collection: a program that fell from its peak a while ago gives pages back without being asked.
  #settle(): void {
    const { touched, returned } = segmentFigures(this.segments);
    if (this.#residency.excessive(touched - returned, this.#live, performance.now())) this.trim();
  }

  /** From here on the peak is counted anew. */
  resetPeak(): void {
    this.#peak = this.#live;
  }

  /** Collects and frees what is dead; the bytes freed. */
  reclaim(): number {
    const before = this.#live;
    const collector = this.options.collector();
    this.#watch.open(collector);
    const startedAt = performance.now();
    collector.collect();
    this.#takenSinceCollection = 0;
    this.#watch.sweep(this.#buryBound);
    collector.forget();
    const endedAt = performance.now();
    this.#pressure.settle(this.#live, startedAt, endedAt);
    this.#setCeiling();
    this.#settle();
    if (collector.synchronous) this.#reclaims++;
    this.#reclaimMilliseconds += endedAt - startedAt;
    const freed = before - this.#live;
    if (events.active['memory.reclaim']) {
      events.emit('memory.reclaim', { freed, live: this.#live, milliseconds: endedAt - startedAt });
    }
    return freed;
  }

  /** Frees what died young, by a minor collection; the bytes freed. */
  reclaimYoung(): number {
    const before = this.#live;
    const collector = this.options.collector();
    const startedAt = performance.now();
    collector.collectYoung();
    this.#watch.sweepYoung(this.#buryBound);
    collector.forget();
    const endedAt = performance.now();
    this.#pressure.settleYoung(before, this.#live, startedAt, endedAt);
    this.#setCeiling();
    const milliseconds = endedAt - startedAt;
    this.#youngReclaims++;
    this.#reclaimMilliseconds += milliseconds;
    const freed = before - this.#live;
    if (events.active['memory.reclaim']) events.emit('memory.reclaim', { freed, live: this.#live, milliseconds });
    return freed;
  }

  /** Frees what the engine has found dead by itself; the bytes freed. */
  sweep(): number {
    const before = this.#live;
    if (this.#watch.sweep(this.#buryBound) > 0) {
      this.#pressure.rest(this.#live);
      this.#setCeiling();
    }
    return before - this.#live;
  }

  /** Asks for the limit on live bytes anew; what is live already stays. */
  limitChanged(): void {
    this.#limit = undefined;
    this.#setCeiling();
  }

  /** Verifies every red zone (debug mode only); MemoryError names the first block with a stray write. */
  verify(): void {
    const zones = this.#zones;
    if (zones === null) return;
    this.sweep();
    this.#watch.each((slot) => this.#eachBlock(slot, (segment, block, size) => zones.verify(segment, block, size)));
  }

  /** Counts; sweeps first, so that what is known to be dead does not count. Not for hot code. */
  figures(): MemoryFigures {
    this.sweep();
    const inSegments = segmentFigures(this.segments);
    let live = this.#live;
    this.#watch.each((_, object) => {
      if (object instanceof Slab) live -= object.pool.regionBytes - object.live * object.pool.size;
    });
    this.options.collector().forget();
    const limit = this.#currentLimit();
    return {
      live,
      ...inSegments,
      pooled: inSegments.touched - inSegments.returned - live,
      peak: this.#peak,
      limit: limit.bytes,
      limitSource: limit.source,
      segments: this.segments.length,
      reclaims: this.#reclaims,
      youngReclaims: this.#youngReclaims,
      reclaimMilliseconds: this.#reclaimMilliseconds,
      synchronous: this.options.collector().synchronous,
    };
  }

  /** Takes back a large block; called by its storage, once. */
  release(storage: Storage): void {
    if (this.#watch.remove(storage.slot, storage)) this.#free(storage.slot);
  }

  /** Takes back an idle slab. */
  close(slab: Slab): void {
    slab.gone = true;
    if (this.#watch.remove(slab.slot, slab)) this.#free(slab.slot);
  }

  /** A slab with room, now the pool's current one. */
  #open(pool: SlabPool): Slab {
    let slab = pool.takeReady();
    if (slab === undefined) {
      const slot = this.#take(pool.regionBytes, 'small arrays', 1 + pool.index, undefined);
      const segment = this.#segments.at(this.#watch.segment[slot]);
      slab = new Slab(pool, segment, this.#watch.unit[slot] * UNIT, slot);
      this.#zones?.poison(segment, slab.base, pool.regionBytes);
      this.#bind(slot, slab);
    }
    pool.current = slab;
    return slab;
  }

  #allocateLarge(
    nbytes: number,
    zeroed: boolean,
    within: Segment | undefined,
    libraryOwn = false,
    elsewhereToo = false,
  ): Storage {
    if (!(Number.isSafeInteger(nbytes) && nbytes >= 0)) {
      throw new MemoryError(`cannot allocate ${nbytes} bytes`, 'ask for a non-negative integer of bytes', {
        requested: nbytes,
      });
    }
    const zones = this.#zones;
    const lead = zones === null ? 0 : zones.lead;
    const gross = zones === null ? nbytes : nbytes + zones.extra;
    const slot = this.#take(gross, 'allocate', STORAGE_KIND, within, libraryOwn, elsewhereToo);
    const segment = this.#segments.at(this.#watch.segment[slot]);
    const block = this.#watch.unit[slot] * UNIT;
    const known = this.#dirtyBytes;
    const storage = new Storage(segment, block + lead, nbytes, null, this, slot);
    if (zones !== null) zones.arm(segment, block, unitsFor(gross) * UNIT, nbytes, known);
    if (zeroed) segment.fill(block + lead, Math.min(nbytes, Math.max(0, known - lead)), 0);
    this.#bind(slot, storage);
    return storage;
  }

  #allocateGuarded(zones: Zones, nbytes: number, zeroed: boolean): Storage {
    const gross = nbytes + zones.extra;
    if (!(gross <= SMALL_LIMIT && nbytes >= 0)) return this.#allocateLarge(nbytes, zeroed, undefined);
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

  /** How many bytes of the block taken last may be other than zero: a second result of #take, without an object. */
  #dirtyBytes = 0;

  /** From here on the block's life hangs on `owner`. */
  #bind(slot: number, owner: Slab | Storage): void {
    this.#watch.bind(slot, owner);
    if (events.active['memory.allocate']) {
      const { id, blocks } = this.#segments.at(this.#watch.segment[slot]);
      const unit = this.#watch.unit[slot];
      events.emit('memory.allocate', { nbytes: blocks.lengthAt(unit) * UNIT, segment: id, ptr: unit * UNIT });
    }
  }

  /** Charges and takes `nbytes` (rounded up to units): the slot that now owns them. Nothing is taken when it throws. */
  #take(
    nbytes: number,
    where: string,
    kind: number,
    within: Segment | undefined,
    libraryOwn = false,
    elsewhereToo = false,
  ): number {
    const units = unitsFor(nbytes);
    const bytes = units * UNIT;
    const account = anyAccounts() ? this.#admit(bytes, where) : null;
    this.charge(bytes, where);
    const segments = this.#segments;
    let unit = segments.take(units, within);
    if (unit < 0 && elsewhereToo) unit = segments.take(units, undefined);
    if (unit < 0) {
      this.reclaim();
      unit = segments.take(units, within);
    }
    const segment = segments.found;
    if (unit < 0 || segment === undefined) {
      this.uncharge(bytes);
      const full = within === undefined ? 'the heap could not grow' : `segment ${within.id} of the heap is full`;
      throw this.options.lender?.refusal ?? this.#refuse(bytes, where, full);
    }
    const start = unit * UNIT;
    this.#takenSinceCollection += bytes;
    if (bytes > this.largest) this.largest = bytes;
    this.#dirtyBytes = Math.max(0, Math.min(bytes, segment.touched - start));
    segment.touched = Math.max(segment.touched, start + bytes);
    segment.away.claim(start, start + bytes);
    const slot = this.#watch.reserve(segment.id, unit, kind);
    // What the library keeps for itself must fit the budget, and outlives the scope.
    this.#ledger.enter(slot, libraryOwn ? null : account, bytes);
    return slot;
  }

  /** An object nobody holds: when it is gone the engine has collected, so others may be gone too. */
  #armCanary(): FinalizationRegistry<undefined> {
    const registry = new FinalizationRegistry<undefined>(() => {
      this.sweep();
      this.#settle();
      registry.register({}, undefined);
    });
    registry.register({}, undefined);
    return registry;
  }

  /** A slot's owner is dead: its block comes back. */
  #bury(slot: number): void {
    const zones = this.#zones;
    if (zones !== null) this.#eachBlock(slot, (segment, block, size) => zones.retire(segment, block, size));
    this.#giveBack(slot);
  }

  /** A slot's owner gave its block up: only a large block still wears its zones. */
  #free(slot: number): void {
    const zones = this.#zones;
    if (zones !== null && this.#watch.kind[slot] === STORAGE_KIND) {
      this.#eachBlock(slot, (segment, block, size) => zones.retire(segment, block, size));
    }
    this.#giveBack(slot);
  }

  #giveBack(slot: number): void {
    const { id, blocks } = this.#segments.at(this.#watch.segment[slot]);
    const unit = this.#watch.unit[slot];
    const nbytes = blocks.lengthAt(unit) * UNIT;
    this.uncharge(nbytes);
    this.#ledger.leave(slot, nbytes);
    blocks.give(unit);
    if (events.active['memory.free']) events.emit('memory.free', { nbytes, segment: id, ptr: unit * UNIT });
  }

  #eachBlock(slot: number, visit: (segment: Segment, block: number, size: number) => void): void {
    const segment = this.#segments.at(this.#watch.segment[slot]);
    const start = this.#watch.unit[slot] * UNIT;
    const bytes = segment.blocks.lengthAt(this.#watch.unit[slot]) * UNIT;
    const kind = this.#watch.kind[slot];
    if (kind === LOAN_KIND) return; // its borrower looks after it
    const size = kind === STORAGE_KIND ? bytes : this.#pools[kind - 1].size;
    for (let block = start; block < start + bytes; block += size) visit(segment, block, size);
  }

  #relieve(nbytes: number, where: string): void {
    this.#setCeiling();
    const limit = this.#currentLimit().bytes;
    if (this.#live + nbytes > this.#ceiling) {
      const collector = this.options.collector();
      this.#watch.open(collector);
      this.#seesYoung = collector.youngSight !== 'none';
      const hard = Math.min(limit, this.#pressure.ceiling);
      if (this.#seesYoung) this.reclaimYoung();
      if (this.#live + nbytes > hard) this.reclaim();
    }
    if (this.#live + nbytes > limit) throw this.#refuse(nbytes, where, 'the memory limit would be passed');
  }

  #refuse(requested: number, where: string, why: string, of?: Budget): MemoryError {
    const limit = this.#currentLimit();
    const { committed } = segmentFigures(this.segments);
    const budget = of ?? { live: this.#live, peak: this.#peak, limit: limit.bytes, limitSource: limit.source };
    const largest = this.liveBlocks().slice(0, 5);
    return refusal({ where, why, requested, committed, largest, ...budget });
  }

  #currentLimit(): MemoryLimit {
    this.#limit ??= this.options.limit();
    return this.#limit;
  }

  #setCeiling(): void {
    const { ceiling, youngCeiling } = this.#pressure;
    this.#ceiling = Math.min(this.#currentLimit().bytes, ceiling, this.#seesYoung ? youngCeiling : ceiling);
  }
}
