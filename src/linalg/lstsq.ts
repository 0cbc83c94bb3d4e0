// np.linalg.lstsq: the front of least squares, operands, results and errors. The algorithm is a provider's.

import { real } from '../array/complex_parts.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { LinAlgError } from '../base/errors.ts';
import { dtypes } from '../dtype/dtype.ts';
import { newArray, viewOf } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { type Named, named } from '../exec/named.ts';
import { Options } from '../exec/options.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { formatShape } from '../shape/strides.ts';
import { iterate } from './not_converged.ts';
import { run } from './provider/run.ts';
import { addressOf, byColumns, dtypeOf, fieldOf, linalgOperand, realDType } from './stacks.ts';
import { vecdot } from './tensor.ts';

export interface LstsqOptions {
  /** Singular values up to this share of the greatest count as 0; default the machine's epsilon times max(m, n). */
  readonly rcond?: number | null;
}
const lstsqOptions = new Options(['rcond', 'tolerance']);

/** Solution, squared lengths of what is left, rank, singular values; also `const [x, residuals, rank, s] = lstsq(a, b)`. */
export type LstsqResult = Named<{ x: NDArray; residuals: NDArray; rank: number; s: NDArray }>;

/**
 * Least squares: x of least norm that makes ‖b − a·x‖ least, for a matrix `a` [m, n] and a vector `b` [m] or the columns
 * of a matrix [m, k]. `residuals` are the squared norms, one per column, and empty where a's rank is below n or m ≤ n.
 * Integers give float64.
 * @throws LinAlgError for other shapes, or matrices with NaN or infinities; DTypeError for float16.
 * @example np.linalg.lstsq([[1, 0], [1, 1], [1, 2]], [1, 3, 5]).x.round(12).tolist() // [1, 2]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.lstsq.html
 */
export function lstsq(a: ArrayLike, b: ArrayLike, rcond?: LstsqOptions | number | null): LstsqResult {
  const where = 'np.linalg.lstsq';
  const options = typeof rcond === 'number' || rcond === null ? { rcond } : rcond;
  lstsqOptions.check(options, where);
  const [left, right] = [linalgOperand(a, where), linalgOperand(b, where, 1)];
  const [m, n] = left.shape;
  if (left.ndim !== 2 || right.ndim > 2 || right.shape[0] !== m) {
    throw new LinAlgError(
      `${where}: a matrix of shape ${formatShape(left.shape)} does not fit a right side of shape ${formatShape(right.shape)}`,
      'pass a [m, n] and b [m] or [m, k]; there are no stacks',
      { where, shapes: [left.shape, right.shape] },
    );
  }
  const field = fieldOf(left, right);
  const isVector = right.ndim === 1;
  const columns = isVector ? 1 : right.shape[1];
  const [rows, least] = [Math.max(m, n), Math.min(m, n)];
  // By columns: the right side above, room for the solution.
  const dtype = dtypeOf(field);
  const x = newArray([Math.max(1, columns), rows], dtype, m < n || columns === 0); // LAPACK wants a right side
  const part = (length: number, from = 0) =>
    nd(
      viewOf(x.storage, x.offset + from * dtype.itemsize, [length, columns], [dtype.itemsize, x.strides[0]], dtype, x),
    );
  if (right.size > 0) copyInto(isVector ? right.get(null).mT : right, part(m));
  const s = newArray([least], realDType(field));
  const segment = primarySegment();
  const rank = newArray([1], dtypes.int32, true);
  const share = options?.rcond ?? field.eps * rows;
  if (least > 0) {
    const work = byColumns(left, field);
    const at = { a: addressOf(work), b: addressOf(x), s: addressOf(s), rank: addressOf(rank) };
    iterate(field, [], 'singular values', left.shape, where, (job) => {
      const cut = share < 0 ? field.eps : share;
      run('leastSquares', { ...job, m, n, columns: Math.max(1, columns), ...at, rcond: cut });
    });
    keepAlive(work.storage);
  }
  const found = segment.i32[addressOf(rank) / 4];
  const rest = nd(heapCopy(part(Math.max(0, m - n), n).mT));
  const residuals =
    found === n && m > n ? nd(heapCopy(toArray(real(vecdot(rest, rest)), where))) : nd(newArray([0], realDType(field)));
  const solution = heapCopy(isVector ? part(n).get(':', 0) : part(n));
  return named({ x: nd(solution), residuals, rank: found, s: nd(s) });
}
