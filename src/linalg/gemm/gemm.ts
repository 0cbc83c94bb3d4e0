// The embedded GEMM on addresses: chooses the kernel for a product's size and layout, takes its scratch, calls it.
// No arrays, dtypes or broadcasting here (../matmul.ts), no threads: whoever splits a product by rows or columns of C
// and calls this for the parts gets the same bits.

import { kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { addBlockKernel } from './block_kernel.ts';
import { gemmScratch } from './blocking.ts';
import { type ElementName, elements, itemBytes } from './elements.ts';

/** A matrix operand: address of its first element, bytes from row to row and from column to column. */
export interface MatrixAt {
  readonly ptr: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/**
 * C = A·B, with A m × k and B k × n of any strides, C with contiguous rows `ldc` bytes apart that overlaps neither.
 * Sums over k run in order, split every 256 steps, whatever the strides and the kernel: equal operands, equal bits.
 */
export function gemm(
  segment: Segment,
  name: ElementName,
  m: number,
  n: number,
  k: number,
  a: MatrixAt,
  b: MatrixAt,
  c: number,
  ldc: number,
): void {
  const e = elements[name];
  if (m === 0 || n === 0) return;
  if (k === 0) {
    for (let i = 0; i < m; i++) segment.fill(c + i * ldc, n * itemBytes(e), 0);
    return;
  }
  const kernel = kernelOf(`gemm.${name}`, (module) => addBlockKernel(module, e, false)).at(segment);
  const size = gemmScratch(m, n, k, e);
  const mark = scratch.mark();
  try {
    const pa = scratch.take(segment, size.a);
    const pb = scratch.take(segment, size.b);
    const tile = scratch.take(segment, size.tile);
    kernel.run(m, n, k, a.ptr, a.rowStride, a.columnStride, b.ptr, b.rowStride, b.columnStride, c, ldc, pa, pb, tile);
  } finally {
    scratch.release(mark);
  }
}
