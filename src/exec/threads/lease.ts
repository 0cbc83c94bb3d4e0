// How many of the pool's threads a piece of work may use: a lease for a function and all it starts, async work
// included. Leases nest and only ever shrink. How many threads there are at all is size.ts.

import { ContextVariable } from '../../base/context.ts';
import { ArgumentError } from '../../base/errors.ts';

/** One lease in force. */
export interface Lease {
  readonly threads: number;
  readonly parent: Lease | null;
  /** Threads that executors use for it at the moment: exec/executor keeps the sum of its jobs within the lease. */
  inUse: number;
}

const lease = new ContextVariable<Lease | null>('threads', null);

/** The innermost lease. */
export const leaseHere = (): Lease | null => lease.get();

/** Threads that may be used here, main included. */
export const leasedThreads = (): number => lease.get()?.threads ?? Number.POSITIVE_INFINITY;

/** The number that a lease inside the one in force comes to. */
export function leaseOf(threads: number, where: string): number {
  if (Number.isSafeInteger(threads) && threads >= 1) return Math.min(threads, leasedThreads());
  throw new ArgumentError(`${where}: ${threads} is not a number of threads`, 'pass a whole number from 1', { threads });
}

/** Runs a function under a lease of so many threads. */
export const withLease = <R>(threads: number, fn: () => R): R =>
  lease.run({ threads, parent: lease.get(), inUse: 0 }, fn);
