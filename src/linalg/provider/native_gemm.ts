// Matrix products by the system's BLAS, on the heap without copies. Transposed operands go as flags; what is neither in
// rows nor in columns is not taken. Which products go here is decided by their size alone, never by what ran before.
import { dtypes } from '../../dtype/dtype.ts';
import type { Segment } from '../../memory/segment.ts';
import { baseOf, isBlasDType } from '../../native/blas.ts';
import type { ElementName } from '../gemm/elements.ts';
import type { MatrixAt, Update } from '../gemm/gemm.ts';
import { offsetsOf, type Stack, single } from '../gemm/stack.ts';
import { fields } from '../lapack/language.ts';
import { libraryFor, productPays, settleThreads } from './choice.ts';
import { mirrorUpper } from './mirror.ts';
import { AS_IT_IS, CONJUGATED, factorsOf, leading, ROW_MAJOR, TRANSPOSED, UPPER } from './operands.ts';

/** From this order on A·Aᵀ is computed as half a product and its mirror image. */
const SYMMETRIC_FROM = 64;

/** Whether B is A with rows and columns exchanged. */
const isTranspose = (a: MatrixAt, b: MatrixAt): boolean =>
  a.ptr === b.ptr && a.rowStride === b.columnStride && a.columnStride === b.rowStride;

/**
 * Products of a stack as gemm/gemm.ts describes them, by the system's BLAS; false where they are not for it, by their
 * dtype, size or strides, or where there is none.
 */
export function nativeGemm(
  segment: Segment,
  name: ElementName,
  m: number,
  n: number,
  k: number,
  a: MatrixAt,
  b: MatrixAt,
  c: number,
  ldc: number,
  stack: Stack,
  update: Update,
): boolean {
  const terms = m * n * k;
  if (!productPays(terms) || !isBlasDType(name)) return false;
  const blas = libraryFor(segment);
  const call = blas?.routine('gemm', name);
  if (blas === null || call === undefined) return false;
  const complex = name === 'complex64' || name === 'complex128';
  const { itemsize: item } = dtypes[name];
  const [flipA, flipB] = [complex && a.conj === true, complex && b.conj === true];
  const lda = leading(a, m, k, item, flipA);
  const ldb = leading(b, k, n, item, flipB);
  if (lda === 0 || ldb === 0) return false;
  if (segment.ghost) return true; // no scratch to count
  settleThreads(blas, terms);
  const base = baseOf(segment.buffer);
  const [one, minus, zero] = factorsOf(segment, name);
  const turnA = lda > 0 ? AS_IT_IS : flipA ? CONJUGATED : TRANSPOSED;
  const turnB = ldb > 0 ? AS_IT_IS : flipB ? CONJUGATED : TRANSPOSED;
  const [alpha, beta] = [update === -1 ? minus : one, update === 0 ? zero : one];
  const [toA, toB, toC, ld] = [base + a.ptr, base + b.ptr, base + c, ldc / item];
  if (m >= SYMMETRIC_FROM && update === 0 && stack === single && !flipA && !flipB && isTranspose(a, b)) {
    const half = blas.routine('syrk', name);
    if (half !== undefined) {
      half(ROW_MAJOR, UPPER, turnA, m, k, one, toA, Math.abs(lda), zero, toC, ld);
      const { width } = fields[name];
      mirrorUpper(segment, width, item / width, m, c, ldc);
      return true;
    }
  }
  const product = (x: number, y: number, z: number): void => {
    call(ROW_MAJOR, turnA, turnB, m, n, k, alpha, toA + x, Math.abs(lda), toB + y, Math.abs(ldb), beta, toC + z, ld);
  };
  if (stack === single) product(0, 0, 0);
  else {
    const [as, bs, cs] = [offsetsOf(stack, 0), offsetsOf(stack, 1), offsetsOf(stack, 2)];
    for (let s = 0; s < cs.length; s++) product(as[s], bs[s], cs[s]);
  }
  return true;
}
