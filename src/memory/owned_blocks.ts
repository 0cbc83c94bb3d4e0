// Blocks and their owners: taken from a segment, bound to a storage or a slab, given back when it is disposed or dead.
// Each is charged before it is taken and given back exactly once. Who may have how much is charges.ts, which segment
// segments.ts; small blocks on slabs never come here.
import { events } from '../base/events.ts';
import { anyAccounts } from './account.ts';
import type { Charges } from './charges.ts';
import type { Ledger } from './ledger.ts';
import type { Zones } from './redzones.ts';
import type { Segment } from './segment.ts';
import type { Segments } from './segments.ts';
import { CLASS_SIZES, UNIT, unitsFor } from './sizes.ts';
import { LOAN_KIND, STORAGE_KIND, type Watch, type Watched } from './watch.ts';

/** Where a block may come from. */
export interface Place {
  /** The one segment; any where undefined. */
  readonly within?: Segment | undefined;
  /** Another segment will do when that one is full. */
  readonly elsewhereToo?: boolean;
  /** The library keeps it for itself: charged to no scope, and outlives it. */
  readonly libraryOwn?: boolean;
}

/** In any segment, charged to the scope in force. */
export const anywhere: Place = {};

/** The blocks of one heap that have owners, by slot of its watch. */
export class OwnedBlocks {
  /** The largest that was ever taken. */
  largest = 0;
  /** How many bytes of the block taken last may be other than zero: a second result of `take`, without an object. */
  dirtyBytes = 0;
  readonly #watch: Watch;
  readonly #ledger: Ledger;
  readonly #segments: Segments;
  readonly #charges: Charges;
  readonly #zones: Zones | null;

  constructor(watch: Watch, ledger: Ledger, segments: Segments, charges: Charges, zones: Zones | null) {
    this.#watch = watch;
    this.#ledger = ledger;
    this.#segments = segments;
    this.#charges = charges;
    this.#zones = zones;
  }

  /** Charges and takes `nbytes` (rounded up to units): the slot that now owns them. Nothing is taken when it throws. */
  take(nbytes: number, where: string, kind: number, { within, elsewhereToo, libraryOwn }: Place): number {
    const units = unitsFor(nbytes);
    const bytes = units * UNIT;
    const charges = this.#charges;
    const account = anyAccounts() ? charges.admit(bytes, where) : null;
    charges.charge(bytes, where);
    const segments = this.#segments;
    let unit = segments.take(units, within);
    if (unit < 0 && elsewhereToo === true) unit = segments.take(units, undefined);
    if (unit < 0) {
      charges.reclaim();
      unit = segments.take(units, within);
    }
    const segment = segments.found;
    if (unit < 0 || segment === undefined) {
      charges.uncharge(bytes);
      const full = within === undefined ? 'the heap could not grow' : `segment ${within.id} of the heap is full`;
      throw segments.lender?.refusal ?? charges.refuse(bytes, where, full);
    }
    const start = unit * UNIT;
    charges.takenSinceCollection += bytes;
    if (bytes > this.largest) this.largest = bytes;
    this.dirtyBytes = Math.max(0, Math.min(bytes, segment.touched - start));
    segment.touched = Math.max(segment.touched, start + bytes);
    segment.away.claim(start, start + bytes);
    const slot = this.#watch.reserve(segment.id, unit, kind);
    // What the library keeps for itself must fit the budget, and outlives the scope.
    this.#ledger.enter(slot, libraryOwn === true ? null : account, bytes);
    return slot;
  }

  /** The segment of a slot's block. */
  segmentOf(slot: number): Segment {
    return this.#segments.at(this.#watch.segment[slot]);
  }

  /** The address of a slot's block. */
  startOf(slot: number): number {
    return this.#watch.unit[slot] * UNIT;
  }

  /** From here on the block's life hangs on `owner`. */
  bind(slot: number, owner: Watched): void {
    this.#watch.bind(slot, owner);
    if (events.active['memory.allocate']) {
      const { id, blocks } = this.segmentOf(slot);
      const unit = this.#watch.unit[slot];
      events.emit('memory.allocate', { nbytes: blocks.lengthAt(unit) * UNIT, segment: id, ptr: unit * UNIT });
    }
  }

  /** A slot's owner is dead: its block comes back. */
  bury(slot: number): void {
    const zones = this.#zones;
    if (zones !== null) this.#eachBlock(slot, (segment, block, size) => zones.retire(segment, block, size));
    this.#giveBack(slot);
  }

  /** The owner gives its block up by name; nothing happens when it was taken from it before. */
  free(owner: Watched): void {
    const { slot } = owner;
    if (!this.#watch.remove(slot, owner)) return;
    // Only a large block still wears its zones.
    if (this.#watch.kind[slot] === STORAGE_KIND) this.bury(slot);
    else this.#giveBack(slot);
  }

  /** Verifies the red zones of all blocks that are not known to be dead. */
  verify(zones: Zones): void {
    this.#watch.each((slot) => this.#eachBlock(slot, (segment, block, size) => zones.verify(segment, block, size)));
  }

  #giveBack(slot: number): void {
    const { id, blocks } = this.segmentOf(slot);
    const unit = this.#watch.unit[slot];
    const nbytes = blocks.lengthAt(unit) * UNIT;
    this.#charges.uncharge(nbytes);
    this.#ledger.leave(slot, nbytes);
    blocks.give(unit);
    if (events.active['memory.free']) events.emit('memory.free', { nbytes, segment: id, ptr: unit * UNIT });
  }

  #eachBlock(slot: number, visit: (segment: Segment, block: number, size: number) => void): void {
    const segment = this.segmentOf(slot);
    const start = this.startOf(slot);
    const bytes = segment.blocks.lengthAt(this.#watch.unit[slot]) * UNIT;
    const kind = this.#watch.kind[slot];
    if (kind === LOAN_KIND) return; // its borrower looks after it
    const size = kind === STORAGE_KIND ? bytes : CLASS_SIZES[kind - 1];
    for (let block = start; block < start + bytes; block += size) visit(segment, block, size);
  }
}
