// The process's own heap and the functions the layers above call. Made on first use, never at import.
import { config } from '../base/config.ts';
import { events } from '../base/events.ts';
import { platform } from '../base/platform.ts';
import { collector } from './collector.ts';
import type { MemoryFigures } from './figures.ts';
import { Heap, type HeapOptions } from './heap.ts';
import type { Lender } from './lending.ts';
import { type MemoryLimit, machineLimit } from './machine.ts';
import { DEFAULT_PRESSURE } from './pressure.ts';
import { Scratch } from './scratch.ts';
import type { Segment } from './segment.ts';
import { ALIGNMENT, MAX_PAGES, SMALL_LIMIT } from './sizes.ts';
import type { Storage } from './storage.ts';

let opened: Heap | undefined;

/** Options of the process's heap, any of them replaced: for tests, which want small or unshared heaps. */
export function heapOptions(changes: Partial<HeapOptions> = {}): HeapOptions {
  return {
    shared: platform.sharedMemory,
    maxPages: MAX_PAGES,
    redzones: config.get('debug.redzones'),
    pressure: DEFAULT_PRESSURE,
    limit: configuredLimit,
    collector,
    ...changes,
  };
}

function configuredLimit(): MemoryLimit {
  const bytes = config.get('memory.limit');
  return bytes === null ? machineLimit() : { bytes, source: `memory.limit (${config.source('memory.limit')})` };
}

/** Makes the heap of this thread borrow its memory from another thread's; before anything was allocated in it. */
export function borrowHeap(lender: Lender): Heap {
  if (opened !== undefined) throw new TypeError('this thread has a heap of its own already');
  opened = new Heap(heapOptions({ lender, shared: true, limit: () => ({ bytes: Infinity, source: 'the lender' }) }));
  return opened;
}

/** The heap of this process; for tests, with some of its options replaced, before anything else has asked for it. */
export function heap(changes?: Partial<HeapOptions>): Heap {
  if (opened !== undefined) return opened;
  const made = new Heap(heapOptions(changes));
  events.on('config.change', ({ name }) => {
    if (name === 'memory.limit') made.limitChanged();
  });
  opened = made;
  return made;
}

/**
 * Heap storage of `nbytes` bytes on a 64-byte boundary, zeroed or with undefined content. It may collect first.
 * MemoryError, with nothing taken, when the limit or the address space does not allow it.
 *
 * @example allocate(80, true).ptr % 64 // 0
 */
export function allocate(nbytes: number, zeroed: boolean): Storage {
  return heapHere().allocate(nbytes, zeroed);
}

/**
 * The same in the first segment, for what the library keeps for itself as long as the process lives: never charged to a
 * scope, which would take it back at its end.
 */
export function allocateForGood(nbytes: number, zeroed: boolean): Storage {
  const storage = heap().allocateIn(homeSegment(), nbytes);
  if (zeroed) homeSegment().fill(storage.ptr, nbytes, 0);
  return storage;
}

let home: Segment | undefined;
let working: Segment | undefined;
/** The heap that counts instead of the process's, while an estimate is made. */
let ghost: Heap | undefined;

/** The segment that kernels run in now: the first, or the one of the innermost `within`. */
export function primarySegment(): Segment {
  return working ?? homeSegment();
}

/** The first segment, whatever `within` says: where the worker pool lives. */
export function homeSegment(): Segment {
  home ??= heap().primary();
  return home;
}

/** The heap in force: the process's, or the one that only counts. */
export const heapHere = (): Heap => ghost ?? opened ?? heap();

/** Whether only counts are kept now, and nothing is computed. */
export const estimating = (): boolean => ghost !== undefined;

/** Whether kernels that run now can reach this storage; all of the heap's while an estimate is made. */
export const isHere = ({ segment }: Storage): boolean =>
  segment === primarySegment() || (ghost !== undefined && segment !== null);

/** Runs a synchronous function on a heap without memory, which it returns to be asked. */
export function onGhost(fn: (counts: Heap) => void): Heap {
  const [segment, before] = [working, ghost];
  const made = new Heap(heapOptions({ shared: false, redzones: false, ghost: true, limit: unlimited }));
  [ghost, working] = [made, made.primary()];
  try {
    fn(made);
  } finally {
    [ghost, working] = [before, segment];
  }
  return made;
}
const unlimited = (): MemoryLimit => ({ bytes: Number.POSITIVE_INFINITY, source: 'an estimate has none' });

/**
 * What `compute` says where all of `storages` have bytes, read from them even while an estimate is made; `bound` where
 * some are ghosts.
 */
export function ifKnown<R>(storages: readonly Storage[], compute: () => R, bound: () => R): R {
  if (ghost === undefined) return compute();
  if (storages.some((s) => s.segment?.ghost === true)) return bound();
  const [segment, counts] = [working, ghost];
  const own = heap();
  const before = own.live;
  [ghost, working] = [undefined, undefined];
  try {
    return compute();
  } finally {
    [ghost, working] = [counts, segment];
    counts.charge(Math.max(0, own.live - before), 'what is known'); // as if it stayed
  }
}

/**
 * Runs a synchronous function with kernels, scratch and results in `segment`, so that operands that lie there need not be
 * brought anywhere.
 */
export function within<R>(segment: Segment, fn: () => R): R {
  if (segment === working || ghost !== undefined || (working === undefined && segment === homeSegment())) return fn();
  const before = working;
  working = segment;
  try {
    return fn();
  } finally {
    working = before;
  }
}

/**
 * Storage where kernels run now. MemoryError when that segment is full, although others may not be: whoever can make do
 * with a result elsewhere asks `allocateRoomy`.
 */
export function allocateHere(nbytes: number, zeroed: boolean): Storage {
  const segment = primarySegment();
  if (ghost !== undefined) return ghost.allocate(nbytes, false);
  if (nbytes <= SMALL_LIMIT && segment.id === 0) {
    const storage = (opened ?? heap()).allocate(nbytes, zeroed);
    if (storage.segment === segment) return storage;
    storage.dispose();
  }
  return (opened ?? heap()).allocateWithin(segment, nbytes, zeroed);
}

/** Storage for a large result that may lie in any segment; where kernels run now as long as that leaves them room. */
export function allocateRoomy(nbytes: number, zeroed: boolean): Storage {
  return nbytes <= SMALL_LIMIT || ghost !== undefined
    ? allocateHere(nbytes, zeroed)
    : (opened ?? heap()).allocateRoomy(primarySegment(), nbytes, zeroed);
}

/** Whether a result of `nbytes` should be made where kernels run now: whether it leaves them room. */
export function hasRoom(nbytes: number): boolean {
  return nbytes <= SMALL_LIMIT || ghost !== undefined || (opened ?? heap()).holds(primarySegment(), nbytes);
}

/** Bytes that the library keeps in every segment where it needs them, from the first use there on. */
export class Standing {
  readonly #nbytes: number;
  readonly #bySegment: (Storage | undefined)[] = [];

  constructor(nbytes: number) {
    this.#nbytes = nbytes;
  }

  /** Their address in the segment that kernels run in now; zero at first. */
  get ptr(): number {
    const segment = primarySegment();
    if (segment.ghost) return ALIGNMENT; // nothing is read or written there
    const known = this.#bySegment[segment.id];
    return known === undefined ? this.#make(segment) : known.ptr;
  }

  #make(segment: Segment): number {
    const storage = heap().allocateIn(segment, this.#nbytes);
    segment.fill(storage.ptr, this.#nbytes, 0);
    this.#bySegment[segment.id] = storage;
    return storage.ptr;
  }
}

/** Live, pooled, committed … of the process's heap, in bytes. Walks the slabs: not for hot code. */
export function memoryFigures(): MemoryFigures {
  return heap().figures();
}

/** Scratch of the process's heap, for synchronous use only. */
export const scratch: Scratch = new Scratch(heapHere);

/**
 * Holds an object until here. A collection may happen in any call that allocates, and optimized code does not hold
 * what it no longer uses: whoever passes addresses to a kernel calls this with the operands' storages *after* the kernel.
 */
export function keepAlive(object: object): void {
  held = object;
}

/** Written and never read: a store that the compiler may not drop. */
export let held: object | undefined;
