// Who multiplies a matrix and a vector: the system's BLAS where there is one and the matrix is large, else the embedded
// kernels. Like gemm.ts, by settings, size, dtype and strides alone.

import { dtypes } from '../../dtype/dtype.ts';
import { baseOf, isBlasDType } from '../../native/blas.ts';
import { gemv as embedded } from '../gemm/gemv.ts';
import { libraryFor, settleThreads, vectorProductPays } from './choice.ts';
import { AS_IT_IS, factorsOf, leading, ROW_MAJOR, TRANSPOSED } from './operands.ts';

type Gemv = typeof embedded;

/** The same by the system's BLAS; false where it is not for it. */
function native(...[segment, name, m, k, a, x, y, update = 0]: Parameters<Gemv>): boolean {
  if (!vectorProductPays(m * k) || !isBlasDType(name) || a.conj === true || x.conj === true) return false;
  const blas = libraryFor(segment);
  const call = blas?.routine('gemv', name);
  if (blas === null || call === undefined) return false;
  const { itemsize: item } = dtypes[name];
  const lda = leading(a, m, k, item, false);
  const step = k === 1 ? 1 : x.stride / item;
  if (lda === 0 || step === 0 || !Number.isInteger(step)) return false;
  if (segment.ghost) return true; // no scratch to count
  settleThreads(blas, m * k);
  const base = baseOf(segment.buffer);
  const [one, minus, zero] = factorsOf(segment, name);
  // Of steps that are negative BLAS wants to know the end of the vector that is lowest in memory.
  const first = base + x.ptr + (step < 0 ? (k - 1) * x.stride : 0);
  const [alpha, beta] = [update === -1 ? minus : one, update === 0 ? zero : one];
  // Of a matrix in columns BLAS sees the transpose, k × m, in rows.
  const [turn, rows, columns] = lda > 0 ? ([AS_IT_IS, m, k] as const) : ([TRANSPOSED, k, m] as const);
  call(ROW_MAJOR, turn, rows, columns, alpha, base + a.ptr, Math.abs(lda), first, step, beta, base + y, 1);
  return true;
}

/** y = A·x, y += A·x or y −= A·x, as gemm/gemv.ts describes it. */
export const gemv: Gemv = (segment, name, m, k, a, x, y, update = 0) => {
  if (!native(segment, name, m, k, a, x, y, update)) embedded(segment, name, m, k, a, x, y, update);
};
