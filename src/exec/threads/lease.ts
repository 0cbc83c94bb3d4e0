// How many of the pool's threads a piece of work may use: a lease for a function and all it starts, async work
// included. Leases nest and only ever shrink. How many threads there are at all is size.ts.

import { ContextVariable } from '../../base/context.ts';
import { ArgumentError } from '../../base/errors.ts';

const lease = new ContextVariable<number>('threads', Number.POSITIVE_INFINITY);

/** Threads that may be used here, main included. */
export const leasedThreads = (): number => lease.get();

/** The number that a lease inside the one in force comes to. */
export function leaseOf(threads: number, where: string): number {
  if (Number.isSafeInteger(threads) && threads >= 1) return Math.min(threads, lease.get());
  throw new ArgumentError(`${where}: ${threads} is not a number of threads`, 'pass a whole number from 1', { threads });
}

/** Runs a function under a lease of so many threads. */
export const withLease = <R>(threads: number, fn: () => R): R => lease.run(threads, fn);
