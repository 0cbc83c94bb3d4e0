// What is live in a heap and how much more may be: every block is charged before it is taken. A charge that passes the
// ceiling collects first, one that passes the limit or a scope's budget is refused. When to collect is computed in
// pressure.ts, who is dead in watch.ts; blocks themselves are owned_blocks.ts.
import type { MemoryError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { type Account, accountHere } from './account.ts';
import type { Collector } from './collector.ts';
import { segmentFigures } from './figures.ts';
import type { Ledger } from './ledger.ts';
import type { MemoryLimit } from './machine.ts';
import { Pressure, type PressureOptions } from './pressure.ts';
import { type Budget, type LiveBlock, refusal } from './refusal.ts';
import { Residency } from './residency.ts';
import type { Segment } from './segment.ts';
import type { Watch } from './watch.ts';

/** What charging depends on. */
export interface ChargeOptions {
  readonly pressure: PressureOptions;
  readonly limit: () => MemoryLimit;
  readonly collector: () => Collector;
}

/** What charging asks its heap to do. */
export interface Charged {
  readonly segments: readonly Segment[];
  /** The owner of the slot's block is dead. */
  bury(slot: number): void;
  trim(): number;
}

/** The charges of one heap. */
export class Charges {
  /** Bytes charged now; raised by `charge` only. */
  live = 0;
  /** The most there were. */
  peak = 0;
  reclaims = 0;
  youngReclaims = 0;
  reclaimMilliseconds = 0;
  /** Bytes taken since the last full collection. */
  takenSinceCollection = Number.POSITIVE_INFINITY;
  readonly #options: ChargeOptions;
  readonly #watch: Watch;
  readonly #ledger: Ledger;
  readonly #heap: Charged;
  readonly #pressure: Pressure;
  readonly #residency = new Residency();
  readonly #bury: (slot: number) => void;
  #canary: FinalizationRegistry<undefined> | undefined;
  #limit: MemoryLimit | undefined;
  #ceiling = 0; // the first charge looks up the limit
  /** Assumed until the first pressure asks the engine. */
  #seesYoung = true;

  constructor(options: ChargeOptions, watch: Watch, ledger: Ledger, heap: Charged) {
    this.#options = options;
    this.#watch = watch;
    this.#ledger = ledger;
    this.#heap = heap;
    this.#pressure = new Pressure(options.pressure);
    this.#bury = (slot) => heap.bury(slot);
  }

  /**
   * Accounts for `nbytes` about to be allocated; the only way to raise the live count. Collects when the ceiling is
   * passed, throws MemoryError when the limit would be.
   */
  charge(nbytes: number, where: string): void {
    const after = this.live + nbytes;
    if (after > this.#ceiling) this.#relieve(nbytes, where);
    this.live += nbytes;
    if (this.live > this.peak) this.peak = this.live;
    this.#residency.note(this.live);
  }

  /** Takes a charge back. */
  uncharge(nbytes: number): void {
    this.live -= nbytes;
  }

  /** The scope that a block of `nbytes` will be charged to, after collecting for it; MemoryError past a budget. */
  admit(nbytes: number, where: string): Account | null {
    const account = accountHere.get();
    if (account === null || account.tight(nbytes) === null) return account;
    for (const collect of [() => this.reclaimYoung(), () => this.reclaim(), undefined]) {
      const tight = account.tight(nbytes);
      if (tight === null) break;
      if (collect !== undefined) {
        this.#watch.open(this.#options.collector());
        collect();
        continue;
      }
      throw this.refuse(nbytes, where, `the budget of scope '${tight.tag}' would be passed`, {
        live: tight.live,
        peak: tight.peak,
        limit: tight.limit,
        limitSource: `scope '${tight.tag}'`,
      });
    }
    return account;
  }

  /** The error of a request that cannot be met, with the figures of `of` or else of the heap. */
  refuse(requested: number, where: string, why: string, of?: Budget): MemoryError {
    const limit = this.limit;
    const { committed } = segmentFigures(this.#heap.segments);
    const budget = of ?? { live: this.live, peak: this.peak, limit: limit.bytes, limitSource: limit.source };
    const largest = this.liveBlocks().slice(0, 5);
    return refusal({ where, why, requested, committed, largest, ...budget });
  }

  /** Blocks in use, the largest first: what storages hold, slabs left out. Not for hot code. */
  liveBlocks(): LiveBlock[] {
    this.sweep();
    const blocks = this.#ledger.blocks();
    this.#options.collector().forget();
    return blocks;
  }

  /** The limit on live bytes. */
  get limit(): MemoryLimit {
    this.#limit ??= this.#options.limit();
    return this.#limit;
  }

  /** Asks for the limit anew; what is live already stays. */
  limitChanged(): void {
    this.#limit = undefined;
    this.#setCeiling();
  }

  /** Collects and frees what is dead; the bytes freed. */
  reclaim(): number {
    const before = this.live;
    const collector = this.#options.collector();
    this.#watch.open(collector);
    const startedAt = performance.now();
    collector.collect();
    this.takenSinceCollection = 0;
    this.#watch.sweep(this.#bury);
    collector.forget();
    const endedAt = performance.now();
    this.#pressure.settle(this.live, startedAt, endedAt);
    this.#setCeiling();
    this.#settle();
    if (collector.synchronous) this.reclaims++;
    return this.#reclaimed(before, endedAt - startedAt);
  }

  /** Frees what died young, by a minor collection; the bytes freed. */
  reclaimYoung(): number {
    const before = this.live;
    const collector = this.#options.collector();
    const startedAt = performance.now();
    collector.collectYoung();
    this.#watch.sweepYoung(this.#bury);
    collector.forget();
    const endedAt = performance.now();
    this.#pressure.settleYoung(before, this.live, startedAt, endedAt);
    this.#setCeiling();
    this.youngReclaims++;
    return this.#reclaimed(before, endedAt - startedAt);
  }

  #reclaimed(before: number, milliseconds: number): number {
    this.reclaimMilliseconds += milliseconds;
    const freed = before - this.live;
    if (events.active['memory.reclaim']) events.emit('memory.reclaim', { freed, live: this.live, milliseconds });
    return freed;
  }

  /** Frees what the engine has found dead by itself; the bytes freed. */
  sweep(): number {
    const before = this.live;
    if (this.#watch.sweep(this.#bury) > 0) {
      this.#pressure.rest(this.live);
      this.#setCeiling();
    }
    return before - this.live;
  }

  /** From here on the heap sweeps whenever the engine has collected by itself. */
  watchEngine(): void {
    this.#canary ??= this.#armCanary();
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

  // After a collection: a program that fell from its peak a while ago gives pages back without being asked.
  #settle(): void {
    const { touched, returned } = segmentFigures(this.#heap.segments);
    if (this.#residency.excessive(touched - returned, this.live, performance.now())) this.#heap.trim();
  }

  #relieve(nbytes: number, where: string): void {
    this.#setCeiling();
    const limit = this.limit.bytes;
    if (this.live + nbytes > this.#ceiling) {
      const collector = this.#options.collector();
      this.#watch.open(collector);
      this.#seesYoung = collector.youngSight !== 'none';
      const hard = Math.min(limit, this.#pressure.ceiling);
      if (this.#seesYoung) this.reclaimYoung();
      if (this.live + nbytes > hard) this.reclaim();
    }
    if (this.live + nbytes > limit) throw this.refuse(nbytes, where, 'the memory limit would be passed');
  }

  #setCeiling(): void {
    const { ceiling, youngCeiling } = this.#pressure;
    this.#ceiling = Math.min(this.limit.bytes, ceiling, this.#seesYoung ? youngCeiling : ceiling);
  }
}
