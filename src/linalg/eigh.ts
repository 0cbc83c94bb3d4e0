// np.linalg.eigh, eigvalsh: the front of the Hermitian eigenproblem, operands, results and errors. The algorithm is a
// provider's.

import { type NDArray, nd } from '../array/ndarray.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { type Named, named } from '../exec/named.ts';
import { Options } from '../exec/options.ts';
import { keepAlive } from '../memory/allocate.ts';
import { transposeSquares } from './lapack/transpose_squares.ts';
import { iterate } from './not_converged.ts';
import { run } from './provider/run.ts';
import { addressOf, byColumns, dtypeOf, fieldOf, realDType, squareOperand, stackShape } from './stacks.ts';

/** Which triangle of the matrix is read. */
export type Triangle = 'L' | 'U';
export interface EighOptions {
  /** The triangle that is read: 'L' below the diagonal (default) or 'U' above. */
  readonly UPLO?: Triangle;
}
const eighOptions = new Options('UPLO');

/** Eigenvalues, ascending, and the eigenvectors in the columns; also `const [w, v] = eigh(a)`. */
export type EighResult = Named<{ eigenvalues: NDArray; eigenvectors: NDArray }>;

function triangleOf(given: EighOptions | Triangle | undefined, where: string): Triangle {
  const options = typeof given === 'string' ? { UPLO: given } : given;
  eighOptions.check(options, where);
  return options?.UPLO ?? 'L';
}

function solve(x: ArrayLike, given: EighOptions | Triangle | undefined, where: string, vectors: boolean) {
  const triangle = triangleOf(given, where);
  const a = squareOperand(x, where);
  const field = fieldOf(a);
  const stack = stackShape(a);
  const n = a.shape[a.ndim - 1];
  // Rows as they come are the columns of the transpose: the same matrix or its conjugate, whose vectors are conjugated.
  const turned = vectors && field.complex;
  const work: ArrayBase = turned ? byColumns(a, field) : heapCopy(a, dtypeOf(field));
  const lower = (triangle === 'L') === turned;
  const w = newArray([...stack, n], realDType(field));
  iterate(field, stack, 'eigenvalues', a.shape, where, (job) => {
    const at = addressOf(work);
    run('eigh', { ...job, n, a: at, w: addressOf(w), lower, vectors });
    if (vectors) transposeSquares(job.segment, field, job.count, n, at);
  });
  keepAlive(w.storage);
  keepAlive(work.storage);
  return { work, w: nd(w) };
}

/**
 * Eigenvalues (ascending, real) and eigenvectors of Hermitian (real: symmetric) matrices […, n, n]: `a @ v = v * w` with
 * orthonormal columns v. Only one triangle is read; imaginary parts on the diagonal are ignored. Integers give float64.
 * @throws LinAlgError for matrices that are not square, or have NaN or infinities; DTypeError for float16.
 * @example np.linalg.eigh([[2, 1], [1, 2]]).eigenvalues.round(12).tolist() // [1, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.eigh.html
 */
export function eigh(a: ArrayLike, UPLO?: EighOptions | Triangle): EighResult {
  const { work, w } = solve(a, UPLO, 'np.linalg.eigh', true);
  return named({ eigenvalues: w, eigenvectors: nd(work) });
}

/**
 * Eigenvalues (ascending, real) of Hermitian (real: symmetric) matrices […, n, n], shape […, n].
 * @throws LinAlgError for matrices that are not square, or have NaN or infinities; DTypeError for float16.
 * @example np.linalg.eigvalsh([[2, 1], [1, 2]]).round(12).tolist() // [1, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.eigvalsh.html
 */
export function eigvalsh(a: ArrayLike, UPLO?: EighOptions | Triangle): NDArray {
  return solve(a, UPLO, 'np.linalg.eigvalsh', false).w;
}
