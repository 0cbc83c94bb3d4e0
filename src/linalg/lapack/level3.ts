// The matrix product as decompositions call it: on addresses, C by rows or by columns, operands transposed by their
// strides and conjugated by a mark. Who multiplies is the provider's business (../provider/gemm.ts); triangular and
// Hermitian products are built on this one (triangular_solve.ts, triangular_multiply.ts, rank_update.ts).

import type { Segment } from '../../memory/segment.ts';
import { elements } from '../gemm/elements.ts';
import type { MatrixAt, Update } from '../gemm/gemm.ts';
import { gemv, takesConjugate } from '../gemm/gemv.ts';
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
 * as in gemm, with one row or column of C as in gemv; scratch is taken and given back, nothing else allocated.
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
  const e = elements[name];
  if (n === 1 && c.rowStride === item && (a.conj !== true || takesConjugate(e, a))) {
    gemv(segment, name, m, k, a, { ptr: b.ptr, stride: b.rowStride, conj: b.conj }, c.ptr, update);
  } else if (m === 1 && c.columnStride === item && (b.conj !== true || takesConjugate(e, transposed(b)))) {
    gemv(segment, name, n, k, transposed(b), { ptr: a.ptr, stride: a.columnStride, conj: a.conj }, c.ptr, update);
  } else if (c.columnStride === item || n === 1) {
    gemm(segment, name, m, n, k, a, b, c.ptr, c.rowStride, undefined, update);
  } else {
    // Cᵀ = Bᵀ·Aᵀ
    gemm(segment, name, n, m, k, transposed(b), transposed(a), c.ptr, c.columnStride, undefined, update);
  }
}
