// np.threads: how many threads operations use, why, and using fewer for a piece of work. The pool is exec/threads/.

import { leaseOf, withLease } from '../exec/threads/lease.ts';
import { type ThreadFigures, threadFigures } from '../exec/threads/pool.ts';

/**
 * Runs a function whose operations use at most `threads` threads, also in the async work it starts; a lease inside a
 * lease cannot exceed it. Results do not depend on it.
 * @throws ArgumentError for anything but a whole number from 1.
 */
function limit<R>(threads: number, fn: () => R): R {
  return withLease(leaseOf(threads, 'np.threads.limit'), fn);
}

/**
 * Threads of this process.
 * @example np.threads.limit(1, () => np.sum(np.ones(10))) // 10
 */
export const threads = {
  limit,
  /** How many threads an operation may use here and why, and what the workers did so far. */
  figures: (): ThreadFigures => threadFigures(),
};
