// What a heap tells about itself, in numbers. Reports with call sites and scopes are made elsewhere.
import type { Segment } from './segment.ts';
import { UNIT } from './sizes.ts';

/** Figures of a heap, in bytes where not said otherwise. */
export interface MemoryFigures {
  /** In blocks that someone owns. */
  readonly live: number;
  /** Freed, kept for reuse, and still resident as far as the heap knows. */
  readonly pooled: number;
  /** Freed and given back to the system. */
  readonly returned: number;
  /** Ever handed out: an upper bound on the heap's share of RSS. */
  readonly touched: number;
  /** Address space the segments have grown to. */
  readonly committed: number;
  /** Highest charge so far; slabs count whole. */
  readonly peak: number;
  readonly limit: number;
  readonly limitSource: string;
  /** Largest block that could be taken without growing. */
  readonly largestFree: number;
  readonly segments: number;
  /** Full and minor collections made under pressure, and the milliseconds both took. */
  readonly reclaims: number;
  readonly youngReclaims: number;
  readonly reclaimMilliseconds: number;
  /** Whether garbage of this very turn can be found (see collector.ts). */
  readonly synchronous: boolean;
}

/** The figures that the segments alone tell. */
export function segmentFigures(
  segments: readonly Segment[],
): Pick<MemoryFigures, 'committed' | 'touched' | 'returned' | 'largestFree' | 'segments'> {
  let committed = 0;
  let touched = 0;
  let returned = 0;
  let largestFree = 0;
  for (const segment of segments) {
    committed += segment.nbytes;
    touched += segment.touched - UNIT; // the first unit belongs to nobody
    returned += segment.away.nbytes;
    largestFree = Math.max(largestFree, segment.blocks.largestFree * UNIT);
  }
  return { committed, touched, returned, largestFree, segments: segments.length };
}
