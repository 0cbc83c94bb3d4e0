// Which blocks are in use by objects that may be garbage by now: large storages and slabs, each in a slot of a table.
// A watched object starts young. Minor collections find the young dead; what outlives two becomes old, behind a WeakRef,
// and is found by full collections. No FinalizationRegistry entry per object: it would cost as much again.
// Each slot is emptied by remove() or by a sweep, whichever comes first, and never by both.
import { type Collector, LISTED } from './collector.ts';

const FORGET_EVERY = 512; // WeakRefs made or read between two calls of forget(): 4 µs over 512 is 8 ns each
const OLD_AGE = 2; // minor collections survived: V8 has moved the object out of the young generation by then

/** An object that can be watched. */
export interface Watched {
  readonly slot: number;
  /** True once its block was given back by name; its slot may belong to another by then. */
  readonly gone: boolean;
  [LISTED](): string;
}

/** Kind of a watched storage of its own; a slab's kind is 1 + the index of its class. */
export const STORAGE_KIND = 0;
/** Kind of a block that another thread has. */
export const LOAN_KIND = 255;

const MOST_FAILURES = 4; // listings cut short in a row, after which new objects get WeakRefs at once

const EMPTY = 0;
const LIVE = 1;

/** Whom a listing reports to; null while nobody lists, so that printing an object does nothing else. */
let listing: ((object: Watched) => void) | null = null;

/** What [LISTED] of a watched object returns: it reports the object alive when a sweep is listing, else describes it. */
export function report(object: Watched, description: string): string {
  if (listing === null) return description;
  listing(object);
  return 'x'; // short and without a comma: entries are counted in the result
}

/** Proves that a listing was complete: one of these goes in first, one last. */
class Sentinel implements Watched {
  readonly slot = -1;
  readonly gone = false;
  [LISTED](): string {
    return report(this, 'Sentinel');
  }
}

/** The table of watched objects. Columns are read by the heap; slots are stable while in use. */
export class Watch {
  segment = new Uint16Array(256);
  unit = new Int32Array(256);
  kind = new Uint8Array(256);
  #state = new Uint8Array(256);
  #age = new Uint8Array(256);
  /** Round of the listing in which the slot's object was last reported alive. */
  #seen = new Uint32Array(256);
  /** 1 while the slot stands in #young. */
  #listed = new Uint8Array(256);
  #young = new Int32Array(256);
  #youngCount = 0;
  #youngSet = new WeakSet<object>();
  #sentinels: readonly Sentinel[] = [];
  readonly #refs: (WeakRef<Watched> | null)[] = [];
  #collector: Collector | undefined;
  #usesSet = false;
  /** Whether anything young is found by listing rather than by a WeakRef. */
  #inSet = false;
  #failures = 0;
  #round = 0;
  #free = new Int32Array(256);
  #freeCount = 0;
  #top = 0;
  #sinceForget = 0;
  #sweeping = false;

  /** Tells how the dead are found from now on. Before that WeakRefs are made: to ask the engine costs milliseconds. */
  open(collector: Collector): void {
    if (this.#collector !== undefined) return;
    this.#collector = collector;
    this.#usesSet = collector.youngSight === 'weakset';
    this.#openSet();
  }

  /** Objects watched. */
  get count(): number {
    return this.#top - this.#freeCount;
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
  bind(slot: number, target: Watched): void {
    this.#state[slot] = LIVE;
    this.#age[slot] = 0;
    if (this.#listed[slot] === 0) {
      if (this.#youngCount === this.#young.length) this.#young = grown(this.#young, 2 * this.#youngCount);
      this.#young[this.#youngCount++] = slot;
      this.#listed[slot] = 1;
    }
    if (this.#usesSet && this.#failures < MOST_FAILURES) {
      this.#inSet = true;
      this.#refs[slot] = null;
      this.#youngSet.add(target);
    } else {
      this.#refs[slot] = new WeakRef(target);
      this.#tick();
    }
  }

  /** Stops watching the slot's object; false when the slot was empty already. */
  remove(slot: number, target: Watched): boolean {
    if (this.#state[slot] === EMPTY) return false;
    if (this.#refs[slot] === null) this.#youngSet.delete(target);
    this.#state[slot] = EMPTY;
    this.#refs[slot] = null;
    this.#free[this.#freeCount++] = slot;
    return true;
  }

  /** Empties the slot of every young object that is dead, calling `dead(slot)` for each; the number of them. */
  sweepYoung(dead: (slot: number) => void): number {
    if (this.#sweeping) return 0;
    this.#sweeping = true;
    try {
      return this.#sweepYoung(dead, OLD_AGE);
    } finally {
      this.#sweeping = false;
    }
  }

  /** The same for all objects; the survivors are old from then on. */
  sweep(dead: (slot: number) => void): number {
    if (this.#sweeping) return 0;
    this.#sweeping = true;
    let found = 0;
    try {
      found = this.#sweepYoung(dead, 0);
      for (let slot = 0; slot < this.#top; slot++) {
        const ref = this.#refs[slot];
        if (this.#state[slot] === EMPTY || ref === null || !this.#isCleared(ref)) continue;
        this.#bury(slot, dead);
        found++;
      }
    } finally {
      this.#sweeping = false;
      this.#compact();
    }
    return found;
  }

  /** Calls `visit` for every object that is not known to be dead; all are old after a `sweep`, so call that first. */
  each(visit: (slot: number, object: Watched) => void): void {
    for (let slot = 0; slot < this.#top; slot++) {
      this.#tick();
      const object = this.#state[slot] === EMPTY ? undefined : this.#refs[slot]?.deref();
      if (object !== undefined) visit(slot, object);
    }
  }

  #sweepYoung(dead: (slot: number) => void, oldAge: number): number {
    const whole = !this.#inSet || this.#list(oldAge);
    const count = this.#youngCount;
    let kept = 0;
    let found = 0;
    for (let i = 0; i < count; i++) {
      const slot = this.#young[i];
      this.#listed[slot] = 0;
      if (this.#state[slot] === EMPTY) continue;
      const ref = this.#refs[slot];
      if (ref === null ? whole && this.#seen[slot] < this.#round : this.#isCleared(ref)) {
        this.#bury(slot, dead);
        found++;
      } else if (ref === null || ++this.#age[slot] < oldAge) {
        this.#listed[slot] = 1;
        this.#young[kept++] = slot;
      }
    }
    // Slots bound by listeners during the sweep stand behind `count`.
    this.#young.copyWithin(kept, count, this.#youngCount);
    this.#youngCount += kept - count;
    return found;
  }

  #isCleared(ref: WeakRef<Watched>): boolean {
    this.#tick();
    return ref.deref() === undefined;
  }

  /**
   * Marks the young that are alive; those of `oldAge` get a WeakRef, the others join the next set. When the listing
   * was cut short (a stack overflow deep in the user's recursion, say) it says false and the old set stays: an object
   * that was not reported is dead only if the list is known to be whole.
   */
  #list(oldAge: number): boolean {
    const round = ++this.#round;
    const set = this.#youngSet;
    const before = this.#sentinels;
    const last = new Sentinel();
    set.add(last);
    this.#openSet();
    let reports = 0;
    let witnesses = 0;
    let entries = -1;
    this.#inSet = false;
    listing = (object) => {
      reports++;
      if (object.slot < 0) {
        witnesses++;
      } else if (!object.gone) {
        this.#seen[object.slot] = round;
        if (++this.#age[object.slot] < oldAge) {
          this.#inSet = true;
          this.#youngSet.add(object);
        } else this.#refs[object.slot] = new WeakRef(object);
      }
    };
    try {
      entries = this.#collector?.list(set) ?? -1;
    } catch {
      entries = -1; // taken as cut short
    } finally {
      listing = null;
    }
    if (entries === reports && witnesses === before.length + 1) {
      this.#failures = 0;
      return true;
    }
    this.#failures++;
    this.#inSet = true;
    this.#youngSet = set;
    this.#sentinels = [...before, last];
    return false;
  }

  #openSet(): void {
    const first = new Sentinel();
    this.#sentinels = [first];
    this.#youngSet = new WeakSet([first]);
  }

  #bury(slot: number, dead: (slot: number) => void): void {
    this.#state[slot] = EMPTY;
    this.#refs[slot] = null;
    this.#free[this.#freeCount++] = slot;
    dead(slot);
  }

  /** After a full sweep: gives up empty slots at the top and orders the free ones so that the lowest go first. */
  #compact(): void {
    while (this.#top > 0 && this.#state[this.#top - 1] === EMPTY && this.#listed[this.#top - 1] === 0) this.#top--;
    this.#refs.length = this.#top;
    this.#freeCount = 0;
    for (let slot = this.#top - 1; slot >= 0; slot--) {
      if (this.#state[slot] === EMPTY) this.#free[this.#freeCount++] = slot;
    }
  }

  #tick(): void {
    if (++this.#sinceForget < FORGET_EVERY) return;
    this.#sinceForget = 0;
    this.#collector?.forget();
  }

  #resize(capacity: number): void {
    this.segment = grown(this.segment, capacity);
    this.unit = grown(this.unit, capacity);
    this.kind = grown(this.kind, capacity);
    this.#state = grown(this.#state, capacity);
    this.#age = grown(this.#age, capacity);
    this.#seen = grown(this.#seen, capacity);
    this.#listed = grown(this.#listed, capacity);
    this.#free = grown(this.#free, capacity);
  }
}

type Column = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

function grown<A extends Column>(from: A, capacity: number): A {
  const to = new (from.constructor as new (length: number) => A)(capacity); // the same kind of typed array, longer
  to.set(from);
  return to;
}
