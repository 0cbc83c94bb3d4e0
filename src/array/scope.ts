// Scopes: a budget and an end for the arrays that a piece of work makes. What it returns stays, the rest is given back.
// The charging is memory/account.ts; here are the user's function, its result, and the end of both.

import { parseBytes } from '../base/config.ts';
import { ArgumentError } from '../base/errors.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { describe, Options } from '../exec/options.ts';
import { leaseOf, withLease } from '../exec/threads/lease.ts';
import { type Account, accountHere, openAccount } from '../memory/account.ts';
import { heapHere } from '../memory/allocate.ts';
import { type Storage, storageOf } from '../memory/storage.ts';

export interface ScopeOptions {
  /** Most bytes that arrays and scratch of the scope may take at a time: a number, or '512MB', '2GiB'. */
  readonly memory?: number | string;
  /** The name in errors and reports. */
  readonly tag?: string;
  /** Threads that operations of the scope may use at most. */
  readonly threads?: number;
  /** Whether arrays that are not returned are given back at the end; true by default. */
  readonly free?: boolean;
}

const scopeOptions = new Options(['memory', 'value'], ['tag', 'value'], ['threads', 'value'], ['free', 'copy']);

function budgetOf(memory: number | string | undefined): number {
  if (memory === undefined) return Number.POSITIVE_INFINITY;
  const nbytes = parseBytes(memory);
  if (nbytes !== undefined && nbytes !== null) return nbytes;
  throw new ArgumentError(
    `np.scope: ${describe(memory)} is not an amount of memory`,
    "pass bytes as a number, or a text with a unit: '512MB', '2GiB'",
    { memory },
  );
}

const isPromise = (x: unknown): x is PromiseLike<unknown> =>
  typeof x === 'object' && x !== null && typeof (x as PromiseLike<unknown>).then === 'function';

/** The storages of a function's result. */
export function storagesIn(result: unknown): Set<Storage> {
  const found = new Set<Storage>();
  collect(result, found, new Set());
  return found;
}

/** Adds the storages reachable from a result: arrays, typed arrays over them, and what lists and plain objects hold. */
function collect(value: unknown, into: Set<Storage>, seen: Set<unknown>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof ArrayBase) {
    into.add(value.storage);
  } else if (ArrayBuffer.isView(value)) {
    const storage = storageOf(value);
    if (storage !== undefined) into.add(storage);
  } else if (value instanceof Map) {
    for (const [k, v] of value) for (const x of [k, v]) collect(x, into, seen);
  } else if (value instanceof Set || Array.isArray(value)) {
    for (const x of value) collect(x, into, seen);
  } else {
    for (const x of Object.values(value)) collect(x, into, seen);
  }
}

function close(account: Account, free: boolean, result: unknown): void {
  const kept = storagesIn(free ? result : undefined);
  heapHere().closeAccount(account, free ? kept : undefined);
}

/**
 * Runs a function with a memory budget of its own and a lease of threads, and gives back at its end what the function made and did not
 * return (lists, Maps, Sets and plain objects are searched for arrays; arrays under 32 KiB are left to the garbage
 * collector). Follows async functions to their end; scopes nest, and an inner one's arrays count for the outer too.
 * @throws MemoryError inside the function where an array would pass the budget, after collecting; ArgumentError.
 * @example np.scope({ memory: '64MB', tag: 'report' }, () => np.sum(np.ones([1000, 1000]))) // 1000000
 */
export function scope<R>(fn: () => R): R;
export function scope<R>(options: ScopeOptions, fn: () => R): R;
export function scope<R>(given: ScopeOptions | (() => R), then?: () => R): R {
  const options = typeof given === 'function' ? {} : given;
  const fn = typeof given === 'function' ? given : then;
  scopeOptions.check(options, 'np.scope');
  if (typeof fn !== 'function') {
    throw new ArgumentError('np.scope: there is no function to run', 'call np.scope(options, () => …)', {});
  }
  const { memory, tag = 'scope', free = true, threads } = options;
  const lease = threads === undefined ? undefined : leaseOf(threads, 'np.scope');
  const account = openAccount(tag, budgetOf(memory));
  let result: R;
  try {
    result = accountHere.run(account, lease === undefined ? fn : () => withLease(lease, fn));
  } catch (error) {
    close(account, free, undefined);
    throw error;
  }
  if (!isPromise(result)) {
    close(account, free, result);
    return result;
  }
  const ended = Promise.resolve(result).then(
    (value) => {
      close(account, free, value);
      return value;
    },
    (error: unknown) => {
      close(account, free, undefined);
      throw error;
    },
  );
  return ended as R; // R is a promise of the same value
}
