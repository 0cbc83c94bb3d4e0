// Matrix products by the system's BLAS, on the heap without copies. Transposed operands go as flags; what is neither in
// rows nor in columns is not taken. Which products go here is decided by their size alone, never by what ran before.
import { Standing } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { baseOf, isBlasDType } from '../../native/blas.ts';
import type { MatrixAt, Update } from '../gemm/gemm.ts';
import { libraryFor, productPays, settleThreads } from './choice.ts';

const ROW_MAJOR = 101;
const AS_IT_IS = 111;
const TRANSPOSED = 112;
const CONJUGATED = 113; // and transposed; there is no flag for conjugation alone

/** 1, −1 and 0 in double and in single precision, for complex products. */
const factors = new Standing(128);

interface Leading {
  readonly flag: number;
  readonly ld: number;
}

/** Flag and leading dimension of an operand in rows (or in columns: transposed); undefined for other strides. */
function leading(a: MatrixAt, rows: number, columns: number, item: number, conj: boolean): Leading | undefined {
  const { rowStride, columnStride } = a;
  const dense = (near: number, far: number, length: number): boolean =>
    (near === item || length === 1) && far % item === 0 && far >= length * item;
  if (!conj && dense(columnStride, rows === 1 ? columns * item : rowStride, columns)) {
    return { flag: AS_IT_IS, ld: rows === 1 ? columns : rowStride / item };
  }
  if (dense(rowStride, columns === 1 ? rows * item : columnStride, rows)) {
    return { flag: conj ? CONJUGATED : TRANSPOSED, ld: columns === 1 ? rows : columnStride / item };
  }
  return undefined;
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

/** Whether products of so many terms of this dtype are for the system's BLAS, and there is one. */
export const wantsNative = (segment: Segment, name: string, terms: number): boolean =>
  productPays(terms) && isBlasDType(name) && libraryFor(segment) !== null;

/** C = A·B, or its sum or difference with C, rows of C `ldc` bytes apart; false for strides that BLAS does not take. */
export function nativeGemm(
  segment: Segment,
  name: string,
  item: number,
  m: number,
  n: number,
  k: number,
  a: MatrixAt,
  b: MatrixAt,
  c: number,
  ldc: number,
  update: Update = 0,
): boolean {
  const blas = libraryFor(segment);
  const complex = name === 'complex64' || name === 'complex128';
  const left = leading(a, m, k, item, complex && a.conj === true);
  const right = leading(b, k, n, item, complex && b.conj === true);
  const call = isBlasDType(name) ? blas?.routine('gemm', name) : undefined;
  if (blas === null || left === undefined || right === undefined || call === undefined) return false;
  settleThreads(blas);
  const base = baseOf(segment.buffer);
  const [one, minus, zero] = complex ? complexFactors(segment, name === 'complex128') : [1, -1, 0];
  const [alpha, beta] = [update === -1 ? minus : one, update === 0 ? zero : one];
  const at = [base + a.ptr, left.ld, base + b.ptr, right.ld] as const;
  call(ROW_MAJOR, left.flag, right.flag, m, n, k, alpha, ...at, beta, base + c, ldc / item);
  return true;
}
