// Which blocks are in use by objects that may be garbage by now: one WeakRef per large storage and per slab, in a table.
// No FinalizationRegistry entry per object (it would cost as much again): one canary tells that the engine has collected,
// and the sweep after it finds the dead. Each slot is freed by remove() or by sweep(), whichever empties it first.
import type { Collector } from './collector.ts';

const FORGET_EVERY = 512; // WeakRefs made or read between two calls of forget(): 4 µs over 512 is 8 ns each

/** Kind of a watched storage of its own; a slab's kind is 1 + the index of its class. */
export const STORAGE_KIND = 0;

/** The table of watched objects. Columns are read by the heap; slots are stable while in use. */
export class Watch {
  segment = new Uint16Array(256);
  unit = new Int32Array(256);
  kind = new Uint8Array(256);
  readonly #refs: (WeakRef<object> | null)[] = [];
  readonly #collector: () => Collector;
  #free = new Int32Array(256);
  #freeCount = 0;
  #top = 0;
  #sinceForget = 0;
  #sweeping = false;

  constructor(collector: () => Collector) {
    this.#collector = collector;
  }

  /** Objects watched. */
  get count(): number {
    return this.#top - this.#freeCount;
  }

  /** Slots in use are below this. */
  get top(): number {
    return this.#top;
  }

  /** A slot for a block about to get an owner; `bind` must follow. Nothing dies in between. */
  reserve(segment: number, unit: number, kind: number): number {
    // A listener may allocate while a sweep is under way: only the top is ahead of the sweep and will be seen by it.
    const reuse = this.#freeCount > 0 && !this.#sweeping;
    if (!reuse && this.#top === this.unit.length) this.#resize(this.#top * 2);
    const slot = reuse ? this.#free[--this.#freeCount] : this.#top++;
    this.segment[slot] = segment;
    this.unit[slot] = unit;
    this.kind[slot] = kind;
    return slot;
  }

  /** Watches `target`, the owner of the slot's block. */
  bind(slot: number, target: object): void {
    this.#refs[slot] = new WeakRef(target);
    this.#tick();
  }

  /** Stops watching; false when the slot was empty already. */
  remove(slot: number): boolean {
    if (this.#refs[slot] === null) return false;
    this.#refs[slot] = null;
    this.#free[this.#freeCount++] = slot;
    return true;
  }

  /** The object in a slot, undefined when it is dead or the slot is empty. */
  target(slot: number): object | undefined {
    this.#tick();
    return this.#refs[slot]?.deref();
  }

  /** Empties every slot whose object is dead, calling `dead(slot)` for each; the number of them. */
  sweep(dead: (slot: number) => void): number {
    if (this.#sweeping) return 0;
    this.#sweeping = true;
    try {
      return this.#sweepAll(dead);
    } finally {
      this.#sweeping = false;
    }
  }

  #sweepAll(dead: (slot: number) => void): number {
    const refs = this.#refs;
    let found = 0;
    let last = -1;
    for (let slot = 0; slot < this.#top; slot++) {
      const ref = refs[slot];
      if (ref === null) continue;
      if (ref.deref() === undefined) {
        refs[slot] = null;
        found++;
        dead(slot);
      } else {
        last = slot;
        this.#tick();
      }
    }
    this.#top = last + 1;
    refs.length = this.#top;
    this.#freeCount = 0;
    for (let slot = last; slot >= 0; slot--) if (refs[slot] === null) this.#free[this.#freeCount++] = slot;
    return found;
  }

  #tick(): void {
    if (++this.#sinceForget < FORGET_EVERY) return;
    this.#sinceForget = 0;
    this.#collector().forget();
  }

  #resize(capacity: number): void {
    const unit = new Int32Array(capacity);
    unit.set(this.unit);
    this.unit = unit;
    const segment = new Uint16Array(capacity);
    segment.set(this.segment);
    this.segment = segment;
    const kind = new Uint8Array(capacity);
    kind.set(this.kind);
    this.kind = kind;
    const free = new Int32Array(capacity);
    free.set(this.#free);
    this.#free = free;
  }
}
