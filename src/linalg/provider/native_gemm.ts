// Matrix products by the system's BLAS, on the heap without copies. Transposed operands go as flags; what is neither in
// rows nor in columns is not taken. Which products go here is decided by their size alone, never by what ran before.
import { dtypes } from '../../dtype/dtype.ts';
import { Standing } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { baseOf, isBlasDType } from '../../native/blas.ts';
import type { ElementName } from '../gemm/elements.ts';
import type { MatrixAt, Update } from '../gemm/gemm.ts';
import { offsetsOf, type Stack, single } from '../gemm/stack.ts';
import { libraryFor, productPays, settleThreads } from './choice.ts';

const ROW_MAJOR = 101;
const AS_IT_IS = 111;
const TRANSPOSED = 112;
const CONJUGATED = 113; // and transposed; there is no flag for conjugation alone

/** 1, −1 and 0 in double and in single precision, for complex products. */
const factors = new Standing(128);
/** The same for real ones, which go by value. */
const reals = [1, -1, 0] as const;

/** Products from here on may be cut for threads by the library; for smaller ones their number does not matter. */
const THREADED_FROM = 2 ** 17;

/** Whether lines of `length` elements are dense, `far` bytes apart. */
const dense = (near: number, far: number, length: number, item: number): boolean =>
  (near === item || length === 1) && far % item === 0 && far >= length * item;

/**
 * Leading dimension of an operand in rows, or its negative of one in columns, which counts as transposed; 0 for other
 * strides. There is no flag for a conjugated operand in rows.
 */
function leading(a: MatrixAt, rows: number, columns: number, item: number, conj: boolean): number {
  const { rowStride, columnStride } = a;
  const byRows = rows === 1 ? columns * item : rowStride;
  if (!conj && dense(columnStride, byRows, columns, item)) return byRows / item;
  const byColumns = columns === 1 ? rows * item : columnStride;
  return dense(rowStride, byColumns, rows, item) ? -byColumns / item : 0;
}

/** Addresses of 1, −1 and 0 as complex numbers. */
function complexFactors(segment: Segment, double: boolean): readonly [number, number, number] {
  const singles = 64; // bytes from the doubles to them
  if (segment.f64[factors.ptr / 8] === 0) {
    const at = factors.ptr;
    for (const [view, from] of [
      [segment.f64, at / 8],
      [segment.f32, (at + singles) / 4],
    ] as const) {
      view[from] = 1;
      view[from + 2] = -1;
    }
  }
  const at = baseOf(segment.buffer) + factors.ptr + (double ? 0 : singles);
  const item = double ? 16 : 8;
  return [at, at + item, at + 2 * item];
}

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
  if (terms >= THREADED_FROM) settleThreads(blas);
  const base = baseOf(segment.buffer);
  const [one, minus, zero] = complex ? complexFactors(segment, name === 'complex128') : reals;
  const turnA = lda > 0 ? AS_IT_IS : flipA ? CONJUGATED : TRANSPOSED;
  const turnB = ldb > 0 ? AS_IT_IS : flipB ? CONJUGATED : TRANSPOSED;
  const [alpha, beta] = [update === -1 ? minus : one, update === 0 ? zero : one];
  const [toA, toB, toC, ld] = [base + a.ptr, base + b.ptr, base + c, ldc / item];
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
