// Arrays for a user's own threads: what `np.share` gives can be posted, `np.receive` makes an array of it there, over the
// same bytes. Who may let them go, and when, is memory/shares.ts.

import { ArgumentError } from '../base/errors.ts';
import { asDType, type DTypeName } from '../dtype/dtype.ts';
import { ArrayBase, requireUsable, viewOf } from '../exec/array_base.ts';
import { describe, Options } from '../exec/options.ts';
import { heap } from '../memory/allocate.ts';
import { giveBytes, type SharedBytes, takeBytes } from '../memory/shares.ts';
import type { NDArray } from './ndarray.ts';

/** An array as plain data that can be posted to another thread. Its form is not part of the interface. */
export interface SharedArray {
  readonly orthant: 'array';
  readonly bytes: SharedBytes;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly dtype: DTypeName;
  readonly writeable: boolean;
}

export interface ShareOptions {
  /** How often it will be received; once by default. */
  readonly receivers?: number;
  /** The thread it goes to: if it is terminated, it has let go. */
  readonly worker?: { once(event: 'exit', listener: () => void): unknown };
}

const shareOptions = new Options(['receivers', 'value'], ['worker', 'value']);

/**
 * An array as something to post to another thread (worker_threads, web workers), where `np.receive` makes an array of the
 * same elements, not of a copy. The bytes stay until every receiver has disposed its array or lost it to the garbage
 * collector, whatever happens to this one. Both sides may write: who does when is theirs to agree on.
 * @throws ArgumentError where the bytes are not in shared memory (an array over a plain typed array, a page without
 * cross-origin isolation); DisposedError.
 * @example np.receive(np.share(np.array([1, 2, 3]))).tolist() // [1, 2, 3]
 */
export function share(a: NDArray, options: ShareOptions = {}): SharedArray {
  shareOptions.check(options, 'np.share');
  const { receivers = 1, worker } = options;
  if (!(Number.isSafeInteger(receivers) && receivers >= 1)) {
    throw new ArgumentError(`np.share: receivers cannot be ${describe(receivers)}`, 'give a whole number from 1', {
      receivers,
    });
  }
  if (!(a instanceof ArrayBase)) {
    throw new ArgumentError(`np.share: ${describe(a)} is not an array`, 'pass an array: np.array(…)', {});
  }
  requireUsable(a, 'np.share');
  const { offset, shape, strides, dtype, writeable, storage } = a;
  const bytes = giveBytes(storage, receivers, worker && ((ended) => void worker.once('exit', ended)));
  return { orthant: 'array', bytes, offset, shape, strides, dtype: dtype.name, writeable };
}

/**
 * The array that another thread shared, over the same bytes. Dispose it, or let the collector find it, to let them go.
 * @throws DisposedError when it was received as often as it was shared for; ArgumentError for anything else.
 * @example np.receive(np.share(np.eye(2))).get(1).tolist() // [0, 1]
 */
export function receive(shared: SharedArray): NDArray {
  if (shared?.orthant !== 'array' || !(shared.bytes?.count instanceof SharedArrayBuffer)) {
    throw new ArgumentError(`np.receive: ${describe(shared)} was not shared`, 'pass what np.share gave, posted', {});
  }
  const { bytes, offset, shape, strides, dtype, writeable } = shared;
  const made = viewOf(takeBytes(bytes, heap().segments), offset, shape, strides, asDType(dtype));
  made.writeable = writeable;
  return made as NDArray; // the class that array/ registered
}
