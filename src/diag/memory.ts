// np.memory: what the arrays of this process take, since when, and from where; and giving memory back. The figures are
// the heap's; scopes with budgets are array/scope.ts.

import { config } from '../base/config.ts';
import { ArgumentError } from '../base/errors.ts';
import { heap, memoryFigures, scratch } from '../memory/allocate.ts';
import type { MemoryFigures } from '../memory/figures.ts';
import type { LiveBlock } from '../memory/refusal.ts';
import { settleShares } from '../memory/shares.ts';
import { tracing } from '../memory/tracing.ts';
import { whyNotNative } from '../native/ffi.ts';
import { canDropPages } from '../native/pages.ts';

/** Figures of a moment, in bytes where not said otherwise. */
export interface MemorySnapshot extends MemoryFigures {
  /** Resident memory of the whole process; NaN where the engine does not tell. */
  readonly rss: number;
  /** Arrays of more than 32 KiB, and the five largest of them. */
  readonly arrays: number;
  readonly largest: readonly LiveBlock[];
  /** Free memory can be given back to the system; if not, why. */
  readonly trimmable: true | string;
}

export interface TraceOptions {
  /** Notes every so-many-th allocation. */
  readonly sample?: number;
  /** Bytes from which allocations are noted; 1 MiB by default, never under 32 KiB. */
  readonly minimum?: number;
  /** Most that are noted in a second, for what stays on in production; no bound by default. */
  readonly perSecond?: number;
}

const processOf = globalThis as { process?: { memoryUsage?: { rss(): number } } }; // absent in browsers

/** What this process's arrays take now. */
function snapshot(): MemorySnapshot {
  const blocks = heap().liveBlocks();
  return {
    ...memoryFigures(),
    rss: processOf.process?.memoryUsage?.rss() ?? Number.NaN,
    arrays: blocks.length,
    largest: blocks.slice(0, 5),
    trimmable: canDropPages() ? true : whyNotNative(),
  };
}

type Numbers = { readonly [K in keyof MemorySnapshot as MemorySnapshot[K] extends number ? K : never]: number };

/** What changed from one snapshot to another, or to now: every figure that is a number. */
function diff(before: MemorySnapshot, after: MemorySnapshot = snapshot()): Numbers {
  const changes = Object.entries(after).flatMap(([name, value]) => {
    const from = before[name as keyof MemorySnapshot];
    return typeof value === 'number' && typeof from === 'number' ? [[name, value - from]] : [];
  });
  return Object.fromEntries(changes); // the keys are those of Numbers by the test above
}

/** Most bytes that were live at a time since the start or the last reset. */
function peak(options: { readonly reset?: boolean } = {}): number {
  const { peak: most } = memoryFigures();
  if (options.reset === true) heap().resetPeak();
  return most;
}

/** Collects, and gives free memory back to the system where that is possible (see `snapshot().trimmable`); the bytes. */
function trim(): number {
  settleShares();
  heap().reclaim();
  scratch.trim();
  return heap().trim();
}

/** Notes from where large arrays are asked for, until stopped; reports and errors name the lines then. */
function trace(options: TraceOptions = {}): Disposable & { stop(): void } {
  const { sample = 1, minimum = 2 ** 20, perSecond } = options;
  if (!(Number.isInteger(sample) && sample >= 1)) {
    throw new ArgumentError(`np.memory.trace: sample ${sample} is not a whole number from 1`, 'pass 1 for all', {
      sample,
    });
  }
  tracing.start(sample, minimum, perSecond);
  const stop = (): void => tracing.stop();
  return { stop, [Symbol.dispose]: stop };
}

/** Arrays of more than 32 KiB that outlived the scope that made them, the largest first. */
function leaks(): readonly LiveBlock[] {
  return heap()
    .liveBlocks()
    .filter((block) => block.escaped);
}

/**
 * Memory of this process's arrays.
 * @example np.memory.snapshot().live >= 0 // true
 */
export const memory = {
  snapshot,
  diff,
  peak,
  trim,
  trace,
  leaks,
  /** Bytes that all arrays together may take. Set it to bytes, a text such as '2GiB', or 'auto'. */
  get limit(): number {
    return memoryFigures().limit;
  },
  set limit(bytes: number | string) {
    config.set('memory.limit', bytes as string); // the row's parser takes both
  },
};
