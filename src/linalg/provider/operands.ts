// Operands of matrix products as the C interface of BLAS takes them: in rows, or in columns as transposed ones; factors.

import { Standing } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { type BlasDType, baseOf } from '../../native/blas.ts';
import type { MatrixAt } from '../gemm/gemm.ts';

export const ROW_MAJOR = 101;
export const UPPER = 121;
export const AS_IT_IS = 111;
export const TRANSPOSED = 112;
export const CONJUGATED = 113; // and transposed; there is no flag for conjugation alone

/** 1, −1 and 0 in double and in single precision, for complex products. */
const factors = new Standing(128);
/** The same for real ones, which go by value. */
const reals = [1, -1, 0] as const;

/** Whether lines of `length` elements are dense, `far` bytes apart. */
const dense = (near: number, far: number, length: number, item: number): boolean =>
  (near === item || length === 1) && far % item === 0 && far >= length * item;

/**
 * Leading dimension of an operand in rows, or its negative of one in columns, which counts as transposed; 0 for other
 * strides. There is no flag for a conjugated operand in rows.
 */
export function leading(a: MatrixAt, rows: number, columns: number, item: number, conj: boolean): number {
  const { rowStride, columnStride } = a;
  const byRows = rows === 1 ? columns * item : rowStride;
  if (!conj && dense(columnStride, byRows, columns, item)) return byRows / item;
  const byColumns = columns === 1 ? rows * item : columnStride;
  return dense(rowStride, byColumns, rows, item) ? -byColumns / item : 0;
}

/** 1, −1 and 0 as the C interface takes factors: numbers of real dtypes, addresses of complex ones. */
export function factorsOf(segment: Segment, name: BlasDType): readonly [number, number, number] {
  if (!name.startsWith('complex')) return reals;
  const double = name === 'complex128';
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
