// np.linalg.svd, svdvals: the front of the singular value decomposition, operands, results and errors. The algorithm is a
// provider's, which is given the transposes of matrices that are not tall.

import { absolute, conjugate, copysign, multiply } from '../array/functions.generated.ts';
import { eye } from '../array/matrices.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { argsort, sort } from '../array/sorting.ts';
import { take_along_axis } from '../array/take.ts';
import { broadcast_to, expand_dims, flip, swapaxes } from '../array/views.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { type Named, named } from '../exec/named.ts';
import { Options } from '../exec/options.ts';
import { keepAlive } from '../memory/allocate.ts';
import { eigh, eigvalsh } from './eigh.ts';
import { iterate } from './not_converged.ts';
import { run } from './provider/run.ts';
import {
  addressOf,
  byColumns,
  dtypeOf,
  fieldOf,
  fromColumns,
  linalgOperand,
  newColumns,
  realDType,
  stackShape,
} from './stacks.ts';

export interface SvdOptions {
  /** All columns of U and rows of Vh (default), or only the min(m, n) that belong to singular values. */
  readonly full_matrices?: boolean;
  /** Vectors too (default), or singular values only. */
  readonly compute_uv?: boolean;
  /** The matrices are Hermitian (real: symmetric), which is faster; their lower triangle is read. */
  readonly hermitian?: boolean;
}
const svdOptions = new Options(['full_matrices', 'flag'], ['compute_uv', 'flag'], ['hermitian', 'flag']);

/** Left vectors in the columns, singular values (descending), right vectors in the rows; also `const [u, s, vh] = svd(a)`. */
export type SvdResult = Named<{ U: NDArray; S: NDArray; Vh: NDArray }>;

/** Singular values, and vectors where they are wanted, by a provider. */
function decompose(a: NDArray, vectors: 'none' | 'thin' | 'full', where: string) {
  const field = fieldOf(a);
  const stack = stackShape(a);
  const [m, n] = a.shape.slice(-2);
  // Aᵀ = U·S·V gives A = Vᵀ·S·Uᵀ: what lies by columns there lies by rows here, so that nothing need be turned.
  const turned = m <= n;
  const [rows, columns] = turned ? [n, m] : [m, n];
  const dtype = dtypeOf(field);
  const s = newArray([...stack, columns], realDType(field));
  const left = vectors === 'full' ? rows : columns;
  const make = (height: number, width: number): ArrayBase | undefined =>
    vectors === 'none' ? undefined : newColumns(stack, height, width, dtype);
  const [u, vt] = [make(rows, left), make(columns, columns)];
  if (columns > 0) {
    const work = turned ? heapCopy(a, dtype) : byColumns(a, field);
    const at = (x: ArrayBase | undefined): number => (x === undefined ? 0 : addressOf(x));
    const to = { s: addressOf(s), u: at(u), vt: at(vt) };
    iterate(field, stack, 'singular values', a.shape, where, (job) => {
      run('svd', { ...job, m: rows, n: columns, a: addressOf(work), vectors, ...to });
    });
    keepAlive(work.storage);
  } else if (u !== undefined) copyIdentity(u);
  const pair = [u, vt].map((x) => (x === undefined ? undefined : turned ? nd(x) : fromColumns(x)));
  return { s: nd(s), u: turned ? pair[1] : pair[0], vh: turned ? pair[0] : pair[1] };
}

/** Vectors of matrices without elements. */
function copyIdentity(u: ArrayBase): void {
  const n = u.shape[u.ndim - 1];
  if (u.size > 0) copyInto(broadcast_to(eye(n), u.shape), u);
}

/** Of Hermitian matrices: magnitudes of the eigenvalues, the signs with the right vectors. */
function hermitianSvd(a: ArrayLike): SvdResult {
  const { eigenvalues, eigenvectors } = eigh(a);
  const where = 'np.linalg.svd';
  const array = (x: ArrayLike): NDArray => nd(toArray(x, where));
  const order = array(flip(argsort(array(absolute(eigenvalues)), { axis: -1 }), -1));
  const values = take_along_axis(eigenvalues, order, -1);
  const u = take_along_axis(eigenvectors, expand_dims(order, -2), -1);
  const signed = array(multiply(u, array(expand_dims(array(copysign(1, values)), -2))));
  const Vh = nd(heapCopy(array(conjugate(swapaxes(signed, -1, -2)))));
  return named({ U: u, S: array(absolute(values)), Vh });
}

/**
 * Singular value decomposition of matrices […, m, n]: `a = U @ diag(S) @ Vh`, U and Vh unitary, S real and descending.
 * U is m × m and Vh n × n; with `{ full_matrices: false }` m × k and k × n, k = min(m, n). Integers give float64. With
 * `{ compute_uv: false }` the result is S alone.
 * @throws LinAlgError for arrays of fewer than two dimensions, or matrices with NaN or infinities; DTypeError for float16.
 * @example np.linalg.svd([[3, 0], [0, -4]]).S.tolist() // [4, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.svd.html
 */
export function svd(a: ArrayLike, options: SvdOptions & { readonly compute_uv: false }): NDArray;
export function svd(a: ArrayLike, options?: SvdOptions & { readonly compute_uv?: true }): SvdResult;
export function svd(a: ArrayLike, options?: SvdOptions): SvdResult | NDArray;
export function svd(a: ArrayLike, options?: SvdOptions): SvdResult | NDArray {
  const where = 'np.linalg.svd';
  svdOptions.check(options, where);
  if (options?.compute_uv === false) return singularValues(linalgOperand(a, where), where, options.hermitian);
  if (options?.hermitian === true) return hermitianSvd(a);
  const { s, u, vh } = decompose(linalgOperand(a, where), options?.full_matrices === false ? 'thin' : 'full', where);
  if (u === undefined || vh === undefined) throw new TypeError('vectors were asked for');
  return named({ U: u, S: s, Vh: vh });
}

/**
 * Singular values (descending, real) of matrices […, m, n], shape […, min(m, n)].
 * @throws LinAlgError for arrays of fewer than two dimensions, or matrices with NaN or infinities; DTypeError for float16.
 * @example np.linalg.svdvals([[3, 0], [0, -4]]).tolist() // [4, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.svdvals.html
 */
export function svdvals(a: ArrayLike): NDArray {
  return singularValues(linalgOperand(a, 'np.linalg.svdvals'), 'np.linalg.svdvals');
}

/** Singular values of a checked operand, for norms, ranks and condition numbers; errors name `where`. */
export function singularValues(a: NDArray, where: string, hermitian = false): NDArray {
  if (!hermitian) return decompose(a, 'none', where).s;
  const magnitudes = nd(toArray(absolute(eigvalsh(a)), where));
  return nd(heapCopy(flip(nd(toArray(sort(magnitudes, { axis: -1 }), where)), -1)));
}
