// Blocks that one thread takes from another's heap: the thread that governs the memory lends whole blocks, the other
// hands out pieces of them and gives them back. Both see the same WebAssembly memory, only one of them decides who may
// have how much of it. How the two talk is the business of whoever starts the thread (exec/executor).
import { MemoryError } from '../base/errors.ts';
import { LISTED } from './collector.ts';
import type { Ledger } from './ledger.ts';
import type { Zones } from './redzones.ts';
import type { Segment } from './segment.ts';
import { UNIT } from './sizes.ts';
import { type Owner, Storage } from './storage.ts';
import { report, STORAGE_KIND, type Watch, type Watched } from './watch.ts';

/** On the side that borrows: where more memory comes from. */
export interface Lender {
  /** The memory that the lender governs. */
  readonly memory: WebAssembly.Memory;
  /** A block of at least `nbytes` bytes on a boundary of units; undefined when it was refused. */
  borrow(nbytes: number): { readonly ptr: number; readonly nbytes: number } | undefined;
  /** Why the last request was refused. */
  readonly refusal: MemoryError | undefined;
}

/** On the side that lends: one block that is away. It is given back by name, or when nobody holds it any more. */
export class Loan implements Watched {
  readonly slot: number;
  readonly ptr: number;
  readonly nbytes: number;
  gone = false;

  constructor(slot: number, ptr: number, nbytes: number) {
    this.slot = slot;
    this.ptr = ptr;
    this.nbytes = nbytes;
  }

  [LISTED](): string {
    return report(this, `Loan { ptr: ${this.ptr}, nbytes: ${this.nbytes} }`);
  }
}

/** A piece of a loan that becomes a block of the lender's: whole units from `block`, the array's bytes inside them. */
export interface Kept {
  readonly block: number;
  readonly blockBytes: number;
  readonly ptr: number;
  readonly nbytes: number;
}

/** What lending needs of the heap. */
interface LendingHeap extends Owner {
  readonly segments: readonly Segment[];
  charge(nbytes: number, where: string): void;
  uncharge(nbytes: number): void;
}

/** The loans of one heap, on either side. */
export class Lending {
  readonly #heap: LendingHeap;
  readonly #watch: Watch;
  readonly #ledger: Ledger;
  readonly #zones: Zones | null;
  readonly #take: (nbytes: number) => number;

  /** `take` charges and takes a block: the slot that owns it. */
  constructor(heap: LendingHeap, watch: Watch, ledger: Ledger, zones: Zones | null, take: (nbytes: number) => number) {
    this.#heap = heap;
    this.#watch = watch;
    this.#ledger = ledger;
    this.#zones = zones;
    this.#take = take;
  }

  /** A block of the first segment, charged to the scope in force; MemoryError with nothing taken. */
  lend(nbytes: number): Loan {
    const slot = this.#take(nbytes);
    const segment = this.#heap.segments[this.#watch.segment[slot]];
    const unit = this.#watch.unit[slot];
    const loan = new Loan(slot, unit * UNIT, segment.blocks.lengthAt(unit) * UNIT);
    this.#zones?.poison(segment, loan.ptr, loan.nbytes);
    this.#watch.bind(slot, loan);
    if (segment.id === 0) return loan;
    this.repay(loan);
    throw new MemoryError(
      `${nbytes} bytes do not fit the first heap segment (at most 4 GiB), where all other threads work`,
      'dispose arrays that are no longer needed, or work on smaller pieces',
      { nbytes },
    );
  }

  /** From here on the loan is the process's own, not the scope's that it was charged to. */
  disown(loan: Loan): void {
    if (!loan.gone) this.#ledger.leave(loan.slot, loan.nbytes);
  }

  /** Takes a loan back, but for the pieces in `kept`, in order of address: each becomes a storage of this heap. */
  repay(loan: Loan, kept: readonly Kept[] = []): Storage[] {
    if (loan.gone || !this.#watch.remove(loan.slot, loan)) return [];
    loan.gone = true;
    const segment = this.#heap.segments[this.#watch.segment[loan.slot]];
    const account = this.#ledger.accountOf(loan.slot);
    this.#ledger.leave(loan.slot, loan.nbytes);
    this.#heap.uncharge(loan.nbytes);
    const gaps: number[] = [];
    const lengths: number[] = [];
    let at = loan.ptr;
    for (const { block, blockBytes } of [...kept, { block: loan.ptr + loan.nbytes, blockBytes: 0 }]) {
      if (block > at) gaps.push(at);
      for (const bytes of [block - at, blockBytes]) if (bytes > 0) lengths.push(bytes / UNIT);
      at = block + blockBytes;
    }
    segment.blocks.divide(loan.ptr / UNIT, lengths);
    const storages = kept.map(({ block, blockBytes, ptr, nbytes }) => {
      this.#heap.charge(blockBytes, 'a result of another thread'); // less than the loan was
      const slot = this.#watch.reserve(segment.id, block / UNIT, STORAGE_KIND);
      this.#ledger.enter(slot, account, blockBytes);
      const storage = new Storage(segment, ptr, nbytes, null, this.#heap, slot);
      this.#watch.bind(slot, storage);
      return storage;
    });
    for (const gap of gaps) {
      this.#zones?.poison(segment, gap, segment.blocks.lengthAt(gap / UNIT) * UNIT);
      segment.blocks.give(gap / UNIT);
    }
    return storages;
  }

  /** On the borrowing side: the block around a storage of its own, as the lender will want to know it. */
  pieceOf(storage: Storage): Kept {
    const block = storage.ptr - (this.#zones?.lead ?? 0);
    const blockBytes = (storage.segment?.blocks.lengthAt(block / UNIT) ?? 0) * UNIT;
    return { block, blockBytes, ptr: storage.ptr, nbytes: storage.nbytes };
  }

  /** On the borrowing side: forgets a storage without touching its block, which is the lender's from here on. */
  giveAway(storage: Storage, { blockBytes }: Kept): void {
    const { slot } = storage;
    if (storage.owner === null || !this.#watch.remove(slot, storage)) return;
    storage.owner = null;
    this.#heap.uncharge(blockBytes);
    this.#ledger.leave(slot, blockBytes);
  }
}
