// np.threads: how many threads operations use, why, and using fewer for a piece of work. The pool is exec/threads/.

import { type ExecutorFigures, executors } from '../exec/executor/executors.ts';
import { whyNoExecutors } from '../exec/executor/start.ts';
import { leaseOf, withLease } from '../exec/threads/lease.ts';
import { pool, type ThreadFigures, threadFigures } from '../exec/threads/pool.ts';

/** Figures of the pool, and of the threads behind np.async. */
export interface AllThreadFigures extends ThreadFigures {
  readonly async: ExecutorFigures & {
    /** Why np.async computes on this very thread, between turns; undefined where it has threads. */
    readonly here: string | undefined;
  };
}

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
  /** How many threads an operation may use here and why, and what the workers and the threads of np.async did so far. */
  figures: (): AllThreadFigures => ({
    ...threadFigures(),
    async: { ...executors().figures(), here: whyNoExecutors() },
  }),
  /** Ends threads that have nothing to do, as happens by itself after some seconds; they come back when there is work. */
  rest: async (): Promise<void> => {
    pool().rest();
    await executors().rest();
  },
};
