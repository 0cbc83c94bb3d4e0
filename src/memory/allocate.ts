// The process's own heap and the functions the layers above call. Made on first use, never at import.
import { config } from '../base/config.ts';
import { events } from '../base/events.ts';
import { platform } from '../base/platform.ts';
import { accountHere, anyAccounts } from './account.ts';
import { collector } from './collector.ts';
import type { MemoryFigures } from './figures.ts';
import { Heap, type HeapOptions } from './heap.ts';
import { type MemoryLimit, machineLimit } from './machine.ts';
import { DEFAULT_PRESSURE } from './pressure.ts';
import { Scratch } from './scratch.ts';
import type { Segment } from './segment.ts';
import { MAX_PAGES } from './sizes.ts';
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

/** The heap of this process. */
export function heap(): Heap {
  if (opened !== undefined) return opened;
  const made = new Heap(heapOptions());
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
  return (opened ?? heap()).allocate(nbytes, zeroed);
}

/**
 * The same for what the library keeps for itself as long as the process lives: never charged to a scope, which would
 * take it back at its end.
 */
export function allocateForGood(nbytes: number, zeroed: boolean): Storage {
  return anyAccounts() ? accountHere.run(null, () => allocate(nbytes, zeroed)) : allocate(nbytes, zeroed);
}

/** The first segment, where kernels run by default. */
export function primarySegment(): Segment {
  return heap().primary();
}

/** Live, pooled, committed … of the process's heap, in bytes. Walks the slabs: not for hot code. */
export function memoryFigures(): MemoryFigures {
  return heap().figures();
}

/** Scratch of the process's heap, for synchronous use only. */
export const scratch: Scratch = new Scratch(heap);

/**
 * Holds an object until here. A collection may happen in any call that allocates, and optimized code does not hold
 * what it no longer uses: whoever passes addresses to a kernel calls this with the operands' storages *after* the kernel.
 */
export function keepAlive(object: object): void {
  held = object;
}

/** Written and never read: a store that the compiler may not drop. */
export let held: object | undefined;
