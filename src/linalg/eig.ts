// np.linalg.eig and eigvals: the front of general eigenproblems, their operands, results and errors. The algorithm is a
// provider's. Results are real where all eigenvalues of the whole stack are.

import { real } from '../array/complex_parts.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { LinAlgError } from '../base/errors.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { type Named, named } from '../exec/named.ts';
import { keepAlive } from '../memory/allocate.ts';
import type { Segment } from '../memory/segment.ts';
import { formatShape } from '../shape/strides.ts';
import type { Field } from './lapack/language.ts';
import { anyNonFinite } from './provider/finite.ts';
import { run } from './provider/run.ts';
import {
  addressOf,
  byColumns,
  complexDType,
  fieldOf,
  fromColumns,
  jobOf,
  newColumns,
  squareOperand,
  stackShape,
} from './stacks.ts';

interface Solved {
  /** Complex numbers […, n]. */
  readonly values: ArrayBase;
  /** Complex matrices by columns, where asked for. */
  readonly vectors: ArrayBase | undefined;
  /** Are all eigenvalues real, of a real operand? */
  readonly real: boolean;
}

function solve(a: ArrayLike, wantVectors: boolean, where: string): Solved {
  const given = squareOperand(a, where);
  const field = fieldOf(given);
  const stack = stackShape(given);
  const n = given.shape[given.ndim - 1];
  const work = byColumns(given, field);
  const { base, failed } = jobOf(field, stack);
  requireFinite(base.segment, field, work, n, where);
  const dtype = complexDType(field);
  const values = newArray([...stack, n], dtype);
  const vectors = wantVectors ? newColumns(stack, n, n, dtype) : undefined;
  const v = vectors === undefined ? 0 : addressOf(vectors);
  if (work.size > 0) run('eig', { ...base, n, a: addressOf(work), w: addressOf(values), vectors: wantVectors, v });
  keepAlive(work.storage);
  const failure = failed();
  if (failure !== undefined) throw notConverged(where, failure.index, failure.info, given.shape);
  return { values, vectors, real: !field.complex && allReal(base.segment, field, values) };
}

function requireFinite(segment: Segment, field: Field, work: ArrayBase, n: number, where: string): void {
  const address = addressOf(work);
  if (!anyNonFinite(segment, field, address, work.size)) return;
  const one = n * n * field.bytes;
  let index = 0;
  while (!anyNonFinite(segment, field, address + index * one, n * n)) index++;
  throw new LinAlgError(
    `${where}: ${which(work.shape, index)} contains NaN or infinities`,
    'remove or replace them, as np.nan_to_num does',
    { where, index, shape: work.shape },
  );
}

function notConverged(where: string, index: number, count: number, shape: readonly number[]): LinAlgError {
  return new LinAlgError(
    `${where}: ${count} eigenvalues of ${which(shape, index)} did not converge`,
    'scale the matrix, or perturb it by rounding',
    { where, index, unconverged: count, shape },
  );
}

const which = (shape: readonly number[], index: number): string =>
  shape.length === 2 ? `the matrix of shape ${formatShape(shape)}` : `matrix ${index} of the stack`;

function allReal(segment: Segment, field: Field, values: ArrayBase): boolean {
  const view = field.width === 8 ? segment.f64 : segment.f32;
  const first = addressOf(values) / field.width;
  for (let i = 0; i < values.size; i++) if (view[first + 2 * i + 1] !== 0) return false;
  return true;
}

/** Complex numbers, or their real parts where that is all. */
const result = (x: ArrayBase, isReal: boolean): NDArray => (isReal ? nd(heapCopy(nd(real(nd(x))))) : nd(x));

/**
 * Eigenvalues […, n] of general square matrices […, n, n], each as often as it is one, in no order. Real where all of a
 * real stack are real, else complex. Integers give float64 and complex128.
 * @throws LinAlgError for matrices that are not square, or hold NaN or infinities; DTypeError for float16.
 * @example np.linalg.eigvals([[2, 0], [0, 3]]) // array([2., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.eigvals.html
 */
export function eigvals(a: ArrayLike): NDArray {
  const { values, real: isReal } = solve(a, false, 'np.linalg.eigvals');
  return result(values, isReal);
}

/** Eigenvalues […, n], and in the columns of […, n, n] the right eigenvector of each, of length 1. */
export type EigResult = Named<{ eigenvalues: NDArray; eigenvectors: NDArray }>;

/**
 * Eigenvalues and right eigenvectors of general square matrices […, n, n]: a·v = w·v for each column v of `eigenvectors`,
 * which has length 1. Both are real where all eigenvalues of a real stack are, else complex. Of a matrix that has fewer
 * than n eigenvectors, some columns are nearly equal. For Hermitian matrices see eigh.
 * @throws LinAlgError for matrices that are not square, or hold NaN or infinities; DTypeError for float16.
 * @example np.linalg.eig([[2, 0], [0, 3]]).eigenvalues // array([2., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.eig.html
 */
export function eig(a: ArrayLike): EigResult {
  const { values, vectors, real: isReal } = solve(a, true, 'np.linalg.eig');
  if (vectors === undefined) throw new TypeError('eigenvectors were asked for');
  const eigenvectors = fromColumns(isReal ? (real(nd(vectors)) as NDArray) : vectors);
  return named({ eigenvalues: result(values, isReal), eigenvectors });
}
