// np.linalg.inv: the front of inverses, their operands and errors. The algorithm is a provider's.

import { nd } from '../array/ndarray.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import type { Field } from './lapack/language.ts';
import { smallInverseKernel } from './lapack/lu_kernel.ts';
import { overStack } from './lapack/over_stack.ts';
import { writtenInverse } from './lapack/unrolled.ts';
import { run } from './provider/run.ts';
import { isSmall, lying } from './small.ts';
import { singular } from './solve.ts';
import { addressOf, byColumns, dtypeOf, fieldOf, fromColumns, jobOf, squareOperand, stackShape } from './stacks.ts';
import type { SameShape } from './types.ts';

/**
 * Inverses of square matrices […, n, n]. To solve equations, np.linalg.solve is faster and more accurate. Integers give
 * float64.
 * @throws LinAlgError for a singular matrix, or one that is not square; DTypeError for float16.
 * @example np.linalg.inv([[2, 0], [0, 4]]).tolist() // [[0.5, 0], [0, 0.25]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.inv.html
 */
export function inv<X extends ArrayLike>(a: X): SameShape<X> {
  const where = 'np.linalg.inv';
  const given = squareOperand(a, where);
  const field = fieldOf(given);
  const n = given.shape[given.ndim - 1];
  if (isSmall('inverse', n)) {
    const out = ofSmall(given, field, n);
    if (out !== undefined) return nd(out);
  }
  const work = byColumns(given, field);
  const { base, failed } = jobOf(field, stackShape(given));
  run('inverse', { ...base, n, a: addressOf(work) });
  const failure = failed();
  keepAlive(work.storage);
  if (failure !== undefined) throw singular(where, failure.index, failure.info, given.shape);
  return fromColumns(work);
}

/** The inverses; undefined where a matrix is singular, which the slower way tells more of. */
function ofSmall(given: ArrayBase, field: Field, n: number): ArrayBase | undefined {
  const a = lying(given, field);
  const out = newArray(given.shape, dtypeOf(field));
  const size = n * n * field.bytes;
  const failed = overStack(
    primarySegment(),
    writtenInverse(field, n) ?? smallInverseKernel(field),
    n === 0 ? 0 : out.size / (n * n),
    n * n * n,
    [
      [a.ptr, a.step],
      [addressOf(out), size],
    ],
    [n, a.rowStride, a.columnStride, a.step, size],
    2 * size + 4 * n,
  );
  keepAlive(a.array.storage);
  return failed === 0 ? out : undefined;
}
