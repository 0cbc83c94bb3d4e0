// np.linalg.cholesky: the front of the factorization, its operands and errors. The algorithm is a provider's.

import { nd } from '../array/ndarray.ts';
import { LinAlgError } from '../base/errors.ts';
import { newArray } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { Options } from '../exec/options.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { sizeOf } from '../shape/strides.ts';
import { smallCholesky } from './lapack/cholesky.ts';
import { clearTriangle } from './lapack/clear_triangle.ts';
import { run } from './provider/run.ts';
import { isSmall, lying } from './small.ts';
import { addressOf, dtypeOf, fieldOf, jobOf, squareOperand, stackShape } from './stacks.ts';
import type { SameShape } from './types.ts';

export interface CholeskyOptions {
  /** The factor above the diagonal, U of a = Uᴴ·U, from the upper triangle of `a`; default L of a = L·Lᴴ from the lower. */
  readonly upper?: boolean;
}

const choleskyOptions = new Options(['upper', 'flag']);

/**
 * Cholesky factor of Hermitian (real: symmetric) positive definite matrices […, n, n]: L with a = L·Lᴴ, or U with
 * a = Uᴴ·U. Only that triangle of `a` is read; imaginary parts on its diagonal are ignored. Integers give float64.
 * @throws LinAlgError for matrices that are not square, or not positive definite; DTypeError for float16.
 * @example np.linalg.cholesky([[4, 2], [2, 5]]).tolist() // [[2, 0], [1, 2]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.cholesky.html
 */
export function cholesky<X extends ArrayLike>(a: X, options?: CholeskyOptions): SameShape<X> {
  const where = 'np.linalg.cholesky';
  choleskyOptions.check(options, where);
  const given = squareOperand(a, where);
  const field = fieldOf(given);
  const lower = options?.upper !== true;
  const n = given.shape[given.ndim - 1];
  if (isSmall('cholesky', n)) {
    const x = lying(given, field);
    const result = newArray(given.shape, dtypeOf(field));
    const segment = primarySegment();
    const done = smallCholesky(segment, field, sizeOf(stackShape(given)), n, lower, x, x.step, addressOf(result));
    keepAlive(x.array.storage);
    if (done) return nd(result); // else the other way tells which matrix is not positive definite
  }
  // By rows as they come: to the provider that is the transpose, whose other triangle has the factor's transpose.
  const out = heapCopy(given, dtypeOf(field));
  const { base, failed } = jobOf(field, stackShape(out));
  const at = addressOf(out);
  run('cholesky', { ...base, n, a: at, lower: !lower });
  const failure = failed();
  if (failure !== undefined) throw notPositive(where, failure.index, failure.info, out.shape);
  clearTriangle(base.segment, field, base.count, at, n, n, lower ? 'below' : 'above');
  keepAlive(out.storage);
  return nd(out);
}

function notPositive(where: string, index: number, minor: number, shape: readonly number[]): LinAlgError {
  const which = shape.length === 2 ? 'the matrix' : `matrix ${index} of the stack`;
  return new LinAlgError(
    `${where}: ${which} is not positive definite: its leading minor of order ${minor} is not positive`,
    'make it Hermitian and positive definite, as a.mT @ a plus a small multiple of the identity is',
    { where, index, minor, shape },
  );
}
