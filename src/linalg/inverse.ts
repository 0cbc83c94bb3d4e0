// np.linalg.inv: the front of inverses, their operands and errors. The algorithm is a provider's.

import type { NDArray } from '../array/ndarray.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { keepAlive } from '../memory/allocate.ts';
import { run } from './provider/run.ts';
import { singular } from './solve.ts';
import { addressOf, byColumns, fieldOf, fromColumns, jobOf, squareOperand, stackShape } from './stacks.ts';

/**
 * Inverses of square matrices […, n, n]. To solve equations, np.linalg.solve is faster and more accurate. Integers give
 * float64.
 * @throws LinAlgError for a singular matrix, or one that is not square; DTypeError for float16.
 * @example np.linalg.inv([[2, 0], [0, 4]]).tolist() // [[0.5, 0], [0, 0.25]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.inv.html
 */
export function inv(a: ArrayLike): NDArray {
  const where = 'np.linalg.inv';
  const given = squareOperand(a, where);
  const field = fieldOf(given);
  const work = byColumns(given, field);
  const { base, failed } = jobOf(field, stackShape(given));
  run('inverse', { ...base, n: given.shape[given.ndim - 1], a: addressOf(work) });
  const failure = failed();
  keepAlive(work.storage);
  if (failure !== undefined) throw singular(where, failure.index, failure.info, given.shape);
  return fromColumns(work);
}
