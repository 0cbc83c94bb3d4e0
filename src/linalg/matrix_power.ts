// np.linalg.matrix_power: powers of square matrices by repeated squaring.

import { eye } from '../array/matrices.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { broadcast_to } from '../array/views.ts';
import { requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { checkInteger } from '../exec/options.ts';
import { inv } from './inverse.ts';
import { matmul } from './matmul.ts';
import { requireSquare } from './stacks.ts';

/**
 * Matrices […, n, n] to an integer power: the identity for 0, powers of the inverse for negative ones. The dtype stays
 * (integers wrap, as in matmul), but for negative powers, which are floating.
 * @throws LinAlgError for matrices that are not square, or singular with a negative power; ArgumentError for a power that
 * is no integer.
 * @example np.linalg.matrix_power([[1, 1], [1, 0]], 10).tolist() // [[89, 55], [55, 34]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.matrix_power.html
 */
export function matrix_power(a: ArrayLike, n: number | bigint): NDArray {
  const where = 'np.linalg.matrix_power';
  const given = nd(toArray(a, where));
  requireUsable(given, where);
  requireSquare(given, where);
  const power = typeof n === 'bigint' ? Number(n) : n;
  checkInteger(power, 'n', where);
  if (power === 0) {
    return nd(heapCopy(broadcast_to(eye(given.shape[given.ndim - 1], { dtype: given.dtype }), given.shape)));
  }
  let square = power < 0 ? inv(given) : given;
  if (power === 3) return matmul(matmul(square, square), square);
  let result: NDArray | undefined;
  for (let left = Math.abs(power); ; square = matmul(square, square)) {
    if (left % 2 === 1) result = result === undefined ? square : matmul(result, square);
    left = Math.floor(left / 2);
    if (left === 0 && result !== undefined) return result;
  }
}
