// np.linalg.pinv, matrix_rank and cond: what singular values tell of matrices.

import { conjugate, divide, greater, isnan, multiply } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { any, count_nonzero, max } from '../array/reduce_functions.ts';
import { where as select } from '../array/select.ts';
import { broadcast_to, expand_dims, swapaxes } from '../array/views.ts';
import { ArgumentError, LinAlgError } from '../base/errors.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { newArray } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { copyInto } from '../exec/copy.ts';
import { errstate } from '../exec/errstate/state.ts';
import { Options } from '../exec/options.ts';
import { formatShape } from '../shape/strides.ts';
import { matmul } from './matmul.ts';
import { matrix_norm, type NormOrder } from './norm.ts';
import { run } from './provider/run.ts';
import {
  addressOf,
  byColumns,
  dtypeOf,
  fieldOf,
  jobOf,
  linalgOperand,
  realDType,
  squareOperand,
  stackShape,
} from './stacks.ts';
import { singularValues, svd } from './svd.ts';

const array = (x: ArrayLike): NDArray => nd(toArray(x, 'np.linalg'));
/** A number, or an array of them, with an axis more. */
const column = (x: ArrayLike): NDArray => array(expand_dims(array(x), -1));
/** The greatest singular value of each matrix, 0 of none, with axis kept. */
const greatest = (s: NDArray): NDArray => array(max(s, { axis: -1, keepdims: true, initial: 0 }));

export interface PinvOptions {
  /** Singular values up to this share of the greatest count as 0; one number, or one per matrix. Default 1e-15. */
  readonly rcond?: ArrayLike | null;
  /** The same; null stands for the machine's epsilon times max(m, n). */
  readonly rtol?: ArrayLike | null;
  /** The matrices are Hermitian (real: symmetric), which is faster. */
  readonly hermitian?: boolean;
}
const pinvOptions = new Options(['rcond', 'tolerance'], ['rtol', 'tolerance'], ['hermitian', 'flag']);

const isOptions = <O extends object>(x: ArrayLike | O | null | undefined): x is O =>
  typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;

/**
 * Moore–Penrose pseudo-inverse […, n, m] of matrices […, m, n], by their singular values. Integers give float64.
 * @throws LinAlgError for arrays of fewer than two dimensions, or matrices with NaN or infinities; DTypeError for float16.
 * @example np.linalg.pinv([[2, 0], [0, 0]]).tolist() // [[0.5, 0], [0, 0]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.pinv.html
 */
export function pinv(a: ArrayLike, rcond?: ArrayLike | PinvOptions | null): NDArray {
  const where = 'np.linalg.pinv';
  const options: PinvOptions = isOptions<PinvOptions>(rcond) ? rcond : rcond === undefined ? {} : { rcond };
  pinvOptions.check(options, where);
  if (options.rtol !== undefined && (options.rcond ?? null) !== null) {
    throw new ArgumentError(`${where}: both rcond and rtol are given`, 'they mean the same: leave one out', { where });
  }
  const given = linalgOperand(a, where);
  const field = fieldOf(given);
  const [m, n] = given.shape.slice(-2);
  if (given.size === 0) return nd(newArray([...stackShape(given), n, m], dtypeOf(field)));
  const share = options.rtol === null ? Math.max(m, n) * field.eps : (options.rtol ?? options.rcond ?? 1e-15);
  const { U, S, Vh } = svd(given, { full_matrices: false, hermitian: options.hermitian === true });
  const kept = greater(S, multiply(column(share), greatest(S)));
  const inverses = select(kept, divide(1, select(kept, S, array(1).astype(S.dtype))), array(0).astype(S.dtype));
  const adjoint = (x: NDArray): NDArray => array(conjugate(swapaxes(x, -1, -2)));
  return matmul(adjoint(Vh), multiply(column(inverses), adjoint(U)));
}

export interface MatrixRankOptions {
  /** Singular values above this count; one number, or one per matrix. */
  readonly tol?: ArrayLike | null;
  /** Singular values above this share of the greatest count; default the machine's epsilon times max(m, n). */
  readonly rtol?: ArrayLike | null;
  /** The matrices are Hermitian (real: symmetric), which is faster. */
  readonly hermitian?: boolean;
}
const matrixRankOptions = new Options(['tol', 'tolerance'], ['rtol', 'tolerance'], ['hermitian', 'flag']);

/**
 * Rank of matrices […, m, n]: how many singular values are above a tolerance. A number of one matrix, else an array of
 * int64. Of arrays of fewer than two dimensions whether they have an element other than 0.
 * @throws LinAlgError for matrices with NaN or infinities; DTypeError for float16.
 * @example np.linalg.matrix_rank([[1, 2], [2, 4]]) // 1
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.matrix_rank.html
 */
export function matrix_rank(A: ArrayLike, tol?: ArrayLike | MatrixRankOptions | null): NDArray | Scalar {
  const where = 'np.linalg.matrix_rank';
  const options: MatrixRankOptions = isOptions<MatrixRankOptions>(tol) ? tol : tol === undefined ? {} : { tol };
  matrixRankOptions.check(options, where);
  const a = linalgOperand(A, where, 0);
  if ((options.tol ?? null) !== null && (options.rtol ?? null) !== null) {
    throw new ArgumentError(`${where}: both tol and rtol are given`, 'leave one out', { where });
  }
  if (a.ndim < 2) return any(a) === true ? 1 : 0;
  const s = singularValues(a, where, options.hermitian);
  const share = options.rtol ?? Math.max(...a.shape.slice(-2)) * fieldOf(a).eps;
  const least = (options.tol ?? null) === null ? multiply(column(share), greatest(s)) : column(options.tol ?? 0);
  const ranks = array(count_nonzero(greater(s, least), { axis: -1 }));
  return ranks.ndim === 0 ? ranks.item() : ranks;
}

/**
 * Condition number of matrices: by default the greatest singular value over the least, of matrices […, m, n]; with another
 * order p the norm of each square matrix times that of its inverse. Infinity of singular matrices.
 * @throws LinAlgError for empty matrices, matrices that are not square where p asks for the inverse, or NaN and infinities.
 * @example np.linalg.cond([[2, 0], [0, 1]]) // 2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.cond.html
 */
export function cond(x: ArrayLike, p: NormOrder = null): NDArray | Scalar {
  const where = 'np.linalg.cond';
  const a = linalgOperand(x, where);
  if (a.size === 0 && a.shape.slice(-2).includes(0)) {
    throw new LinAlgError(`${where}: an empty matrix, of shape ${formatShape(a.shape)}`, 'check the size first', {
      where,
      shape: a.shape,
    });
  }
  const bySpectrum = p === null || p === 2 || p === -2;
  const numbers = errstate({ all: 'ignore' }, () =>
    bySpectrum ? spectral(a, p === -2, where) : byInverse(a, p, where),
  );
  // 0/0 and 0·∞ are of matrices without an inverse, unless there is a NaN in them.
  const unknown = any(array(isnan(a)), { axis: [-2, -1] });
  const undefinedHere = greater(isnan(numbers), unknown);
  const result = select(undefinedHere, array(Number.POSITIVE_INFINITY).astype(numbers.dtype), numbers);
  return result.ndim === 0 ? result.item() : result;
}

/** Ratios of the extreme singular values. */
function spectral(a: NDArray, inverted: boolean, where: string): NDArray {
  const s = singularValues(a, where);
  const [over, under] = inverted ? [-1, 0] : [0, -1];
  return array(divide(s.get('...', over), s.get('...', under)));
}

/** Norms times norms of the inverses, of which singular matrices have infinite ones. */
function byInverse(x: NDArray, p: NormOrder, where: string): NDArray {
  const a = squareOperand(x, where);
  const field = fieldOf(a);
  const n = a.shape[a.ndim - 1];
  const work = byColumns(a, field);
  const { base } = jobOf(field, stackShape(a));
  run('inverse', { ...base, n, a: addressOf(work) });
  const inverses = nd(work);
  const stacked = inverses.reshape([base.count, n, n]);
  for (let i = 0; i < base.count; i++) {
    if (base.segment.i32[base.info / 4 + i] !== 0) {
      copyInto(broadcast_to(array(Number.POSITIVE_INFINITY), [n, n]), stacked.get(i));
    }
  }
  // The transpose of the inverse lies there: its columns are rows.
  const norms = [array(matrix_norm(a, { ord: p })), array(matrix_norm(swapaxes(inverses, -1, -2), { ord: p }))];
  return array(multiply(norms[0], norms[1])).astype(realDType(field));
}
