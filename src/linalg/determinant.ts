// np.linalg.det and slogdet: the front of determinants. L and U are a provider's, the product is lapack/determinant.ts.

import { add, log, multiply } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import { type ArrayLike, readAt } from '../exec/coerce.ts';
import { type Named, named } from '../exec/named.ts';
import { keepAlive, primarySegment, scratch } from '../memory/allocate.ts';
import { sizeOf } from '../shape/strides.ts';
import { factoredDeterminants, scaleExponent, smallDeterminants } from './lapack/determinant.ts';
import type { Field } from './lapack/language.ts';
import { run } from './provider/run.ts';
import { isSmall, lying } from './small.ts';
import { addressOf, byColumns, dtypeOf, fieldOf, jobOf, realDType, squareOperand, stackShape } from './stacks.ts';
import type { OfEach, RealOfEach } from './types.ts';

/** Factors the matrices and writes what is asked of each of their determinants to `out`. */
function find(given: NDArray, field: Field, out: readonly ArrayBase[]): void {
  const n = given.shape[given.ndim - 1];
  const stack = stackShape(given);
  const places = out.map(addressOf);
  if (isSmall('lu', n)) {
    const a = lying(given, field);
    smallDeterminants(primarySegment(), field, sizeOf(stack), n, a, a.step, places);
    keepAlive(a.array.storage);
  } else fromJob(given, field, n, stack, places);
  for (const { storage } of out) keepAlive(storage);
}

function fromJob(given: NDArray, field: Field, n: number, stack: readonly number[], places: readonly number[]): void {
  const work = byColumns(given, field);
  const { base, failed } = jobOf(field, stack);
  const { segment, count, info } = base;
  const mark = scratch.mark();
  try {
    const pivots = scratch.take(segment, 4 * n * count);
    const a = addressOf(work);
    run('lu', { ...base, m: n, n, a, pivots });
    factoredDeterminants(segment, field, count, n, [a, pivots, info], places);
  } finally {
    scratch.release(mark);
  }
  keepAlive(work.storage);
  keepAlive(failed); // it holds the infos, which were read here last
}

/** Of one matrix a JavaScript scalar, of a stack the array. */
const result = (a: ArrayBase): Scalar | NDArray => (a.ndim === 0 ? readAt(a, a.offset) : nd(a));

/**
 * Determinants of square matrices […, n, n]: of one matrix a JavaScript number (or Complex), of a stack an array. 0 of a
 * singular matrix, 1 of an empty one; infinite, or 0, where the dtype ends: use slogdet there.
 * @throws LinAlgError for matrices that are not square; DTypeError for float16.
 * @example np.linalg.det([[1, 2], [3, 4]]) // -2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.det.html
 */
export function det<X extends ArrayLike>(a: X): OfEach<X> {
  const given = squareOperand(a, 'np.linalg.det');
  const field = fieldOf(given);
  const out = newArray(stackShape(given), dtypeOf(field));
  find(given, field, [out]);
  return result(out) as OfEach<X>; // by dimensions
}

/** Sign (complex: a number of magnitude 1) and logarithm of the magnitude. */
export type SlogdetResult<X = NDArray> = Named<{ sign: OfEach<X>; logabsdet: RealOfEach<X> }>;

/**
 * Sign and logarithm of the magnitude of determinants of square matrices […, n, n], for those that overflow: det is
 * sign·exp(logabsdet). Of one matrix scalars, of a stack arrays. Singular matrices have 0 and −∞.
 * @throws LinAlgError for matrices that are not square; DTypeError for float16.
 * @example np.linalg.slogdet([[0, 1], [1, 0]]).sign // -1
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.slogdet.html
 */
export function slogdet<X extends ArrayLike>(a: X): SlogdetResult<X> {
  const given = squareOperand(a, 'np.linalg.slogdet');
  const field = fieldOf(given);
  const stack = stackShape(given);
  const sign = newArray(stack, dtypeOf(field));
  const [size, power] = [0, 1].map(() => newArray(stack, realDType(field)));
  find(given, field, [sign, size, power]);
  const taken = multiply(power, scaleExponent(field) * Math.LN2);
  const logabsdet = add(log(size), taken);
  const found = { sign: result(sign), logabsdet: result(nd(logabsdet)) };
  return named(found) as unknown as SlogdetResult<X>; // by dimensions
}
