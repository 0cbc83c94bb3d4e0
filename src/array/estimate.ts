// What a function would take, found out without taking it: the function runs on a heap that only counts, with kernels that
// do nothing. Shapes and dtypes are real, elements are not.

import { ArgumentError } from '../base/errors.ts';
import { accountHere, anyAccounts } from '../memory/account.ts';
import { estimating, onGhost } from '../memory/allocate.ts';
import { storagesIn } from './scope.ts';

/** Bytes that a function would take, beside what is live already. */
export interface Estimate {
  /** Most at a time, temporaries and scratch included. */
  readonly peak: number;
  /** In the arrays that the function returns. */
  readonly result: number;
  /** The largest single block. */
  readonly largest: number;
}

/** What a first call may add beside its arrays: code of kernels for the workers, tables of constants, slabs. */
export const KEPT: number = 256 * 1024;

/**
 * What a function would take of memory, without computing anything and without taking it. Its arrays have shapes and
 * dtypes but no elements: scalars that functions return are 0, and where the size of a result depends on elements (masks,
 * `nonzero`, `unique`) it is the largest possible. Arrays from outside keep theirs and are not written to.
 * @throws EstimateError where elements are asked for (`item`, `tolist`, iteration); ArgumentError for an async function.
 * @example np.estimate(() => np.add(np.ones([1000, 1000]), 1)).peak >= 16_000_000 // true
 */
export function estimate(fn: () => unknown): Estimate {
  if (typeof fn !== 'function') throw new ArgumentError('np.estimate: there is no function', 'pass () => …', {});
  if (estimating()) throw new ArgumentError('np.estimate inside np.estimate', 'estimate the whole at once', {});
  let result = 0;
  const counts = onGhost(() => {
    const value = anyAccounts() ? accountHere.run(null, fn) : fn();
    if (value instanceof Promise) {
      throw new ArgumentError('np.estimate: the function is async', 'estimate the synchronous part', {});
    }
    for (const { segment, nbytes } of storagesIn(value)) if (segment?.ghost === true) result += nbytes;
  });
  return { peak: counts.figures().peak + KEPT, result, largest: counts.largest };
}
