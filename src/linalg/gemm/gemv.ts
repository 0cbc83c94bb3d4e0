// The embedded matrix-vector product and dot product on addresses: by rows or by columns, as the matrix lies.
// No arrays or dtypes here (../matmul.ts).

import { kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { addColumnKernel } from './column_kernel.ts';
import { type ElementName, elements, itemBytes } from './elements.ts';
import type { MatrixAt } from './gemm.ts';
import { addRowKernel, rowScratch } from './row_kernel.ts';

/** A vector operand: address of its first element, bytes from one to the next. */
export interface VectorAt {
  readonly ptr: number;
  readonly stride: number;
}

/**
 * y = A·x, with A m × k and x of any strides, y of m neighbouring elements that overlap neither. A vector times a matrix
 * is this with A's strides exchanged. Where rows of A lie side by side sums run in order of k, otherwise by spans of
 * SPAN elements; the number of rows changes no bits.
 */
export function gemv(
  segment: Segment,
  name: ElementName,
  m: number,
  k: number,
  a: MatrixAt,
  x: VectorAt,
  y: number,
): void {
  const e = elements[name];
  const item = itemBytes(e);
  if (m === 0) return;
  if (k === 0) {
    segment.fill(y, m * item, 0);
    return;
  }
  if (a.rowStride === item && a.columnStride !== item) {
    const kernel = kernelOf(`gemv.columns.${name}`, (module) => addColumnKernel(module, e)).at(segment);
    kernel.run(m, k, a.ptr, a.columnStride, x.ptr, x.stride, y);
    return;
  }
  runRows(segment, name, m, k, a, x, y, false);
}

/** y = Σ a·x over n elements, of complex types Σ conj(a)·x when asked; y is an address that overlaps neither. */
export function dot(
  segment: Segment,
  name: ElementName,
  n: number,
  a: VectorAt,
  x: VectorAt,
  y: number,
  conjugate = false,
): void {
  if (n === 0) segment.fill(y, itemBytes(elements[name]), 0);
  else runRows(segment, name, 1, n, { ptr: a.ptr, rowStride: 0, columnStride: a.stride }, x, y, conjugate);
}

function runRows(
  segment: Segment,
  name: ElementName,
  m: number,
  k: number,
  a: MatrixAt,
  x: VectorAt,
  y: number,
  conjugate: boolean,
): void {
  const e = elements[name];
  const item = itemBytes(e);
  const conj = conjugate && e.parts === 2;
  const kernel = kernelOf(`gemv.rows.${name}${conj ? '.conjugate' : ''}`, (module) => addRowKernel(module, e, conj));
  const { run } = kernel.at(segment);
  if (a.columnStride === item && x.stride === item) {
    run(m, k, a.ptr, a.rowStride, a.columnStride, x.ptr, x.stride, y, 0);
    return;
  }
  const mark = scratch.mark();
  try {
    const at = scratch.take(segment, rowScratch(k, e));
    run(m, k, a.ptr, a.rowStride, a.columnStride, x.ptr, x.stride, y, at);
  } finally {
    scratch.release(mark);
  }
}
