// The matrix product as decompositions call it: on addresses, C by rows or by columns, operands transposed by their
// strides and conjugated by a mark. Who multiplies is the provider's business (../provider/gemm.ts); triangular and
// Hermitian products are built on this one (triangular_solve.ts, triangular_multiply.ts, rank_update.ts).

import type { Segment } from '../../memory/segment.ts';
import type { MatrixAt, Update } from '../gemm/gemm.ts';
import { gemm } from '../provider/gemm.ts';
import { type FieldName, fields } from './language.ts';

export type { MatrixAt, Update } from '../gemm/gemm.ts';

/** The transpose of an operand: its strides exchanged. */
export const transposed = ({ ptr, rowStride, columnStride, conj }: MatrixAt): MatrixAt => ({
  ptr,
  rowStride: columnStride,
  columnStride: rowStride,
  conj,
});

/** The conjugate transpose of an operand; of a real one its transpose. */
export const adjoint = ({ ptr, rowStride, columnStride, conj }: MatrixAt): MatrixAt => ({
  ptr,
  rowStride: columnStride,
  columnStride: rowStride,
  conj: !conj,
});

/** A matrix by columns, `ld` elements from one to the next, as LAPACK holds it. */
export const byColumns = (name: FieldName, ptr: number, ld: number): MatrixAt => {
  const item = fields[name].bytes;
  return { ptr, rowStride: item, columnStride: ld * item };
};

/** The part of an operand that begins at row i and column j. */
export const from = (a: MatrixAt, i: number, j: number): MatrixAt => ({
  ...a,
  ptr: a.ptr + i * a.rowStride + j * a.columnStride,
});

/**
 * C = A·B, C += A·B or C −= A·B, with A m × k and B k × n of any strides, C by rows or by columns, apart from both. Sums
 * as in gemm; scratch is taken and given back, nothing else allocated.
 */
export function multiplyInto(
  segment: Segment,
  name: FieldName,
  m: number,
  n: number,
  k: number,
  a: MatrixAt,
  b: MatrixAt,
  c: MatrixAt,
  update: Update = 0,
): void {
  const item = fields[name].bytes;
  if (c.columnStride === item || n === 1) gemm(segment, name, m, n, k, a, b, c.ptr, c.rowStride, undefined, update);
  // Cᵀ = Bᵀ·Aᵀ
  else gemm(segment, name, n, m, k, transposed(b), transposed(a), c.ptr, c.columnStride, undefined, update);
}
