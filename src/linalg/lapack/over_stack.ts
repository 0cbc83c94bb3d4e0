// A kernel that goes through a stack of small matrices: one call for all of them, or slices of the stack for the threads.
// Matrices do not know of each other, so cutting changes no bits.

import { type Pool, pool } from '../../exec/threads/pool.ts';
import type { Kernel } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { ALIGNMENT } from '../../memory/sizes.ts';

/** Multiplications that take as long as an addition of two elements, the unit in which the pool counts work. */
const TERMS_PER_ELEMENT = 2;
/** Multiplications from which threads pay. */
const SHARED_FROM = 2 ** 18;
const SLICES_PER_THREAD = 4;

/** An operand of every matrix: address of the first, bytes to the next. */
export type Along = readonly [ptr: number, step: number];

/** Whether threads pay for so many multiplications. */
const pays = (terms: number, count: number): boolean => count > 1 && terms * count >= SHARED_FROM;

/**
 * Runs `run(count, …addresses, …rest, work)` over `count` matrices of about `terms` multiplications each; `work` is
 * `scratchBytes` of room, for each thread its own. Returns the bits that the slices returned.
 */
export function overStack(
  segment: Segment,
  kernel: Kernel,
  count: number,
  terms: number,
  operands: readonly Along[],
  rest: readonly number[],
  scratchBytes = 0,
): number {
  const { run } = kernel.at(segment);
  const threads = pays(terms, count) ? pool().threadsFor(segment, (terms * count) / TERMS_PER_ELEMENT) : 1;
  const bytes = Math.ceil(scratchBytes / ALIGNMENT) * ALIGNMENT;
  const mark = scratch.mark();
  try {
    const work = scratch.take(segment, Math.max(ALIGNMENT, bytes * threads));
    const call = (from: number, n: number): number[] => [
      n,
      ...operands.map(([ptr, step]) => ptr + from * step),
      ...rest,
      work,
    ];
    if (threads === 1) return run(...call(0, count));
    const slice = Math.ceil(count / (threads * SLICES_PER_THREAD));
    const fill = (job: Pool): void => {
      for (let i = 0; i < count; i += slice) job.add(call(i, Math.min(slice, count - i)));
    };
    return pool().job(kernel, segment, 'run', fill, 1 + operands.length + rest.length, bytes);
  } finally {
    scratch.release(mark);
  }
}
