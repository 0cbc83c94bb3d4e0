// The embedded GEMM on addresses: chooses the kernel for a product's size and layout, takes its scratch, calls it.
// No arrays, dtypes or broadcasting here (../matmul.ts), no threads: whoever splits a product by rows or columns of C
// and calls this for the parts gets the same bits.

import { config } from '../../base/config.ts';
import { platform } from '../../base/platform.ts';
import { kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { addBlockKernel } from './block_kernel.ts';
import { gemmScratch } from './blocking.ts';
import { type ElementName, type ElementRow, elements, itemBytes } from './elements.ts';

/** Products of one shape: bytes from the first A, B and C to each. */
export interface Stack {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly c: readonly number[];
}

const single: Stack = { a: [0], b: [0], c: [0] };

/** Fused multiply-add: where the engine has it (Node 20 does not) and determinism 'bitwise' does not forbid it. */
const allowsFused = (e: ElementRow): boolean =>
  e.fused !== 0 && platform.relaxedSimd && config.get('determinism') !== 'bitwise';

/** A matrix operand: address of its first element, bytes from row to row and from column to column. */
export interface MatrixAt {
  readonly ptr: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/**
 * C = A·B, with A m × k and B k × n of any strides, C with contiguous rows `ldc` bytes apart that overlaps neither.
 * Sums over k run in order, split every 256 steps, whatever the strides and the part of C: equal operands, equal bits.
 * `stack` repeats that for products of one shape, given by the bytes to add to the addresses of A, B and C.
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
  stack: Stack = single,
): void {
  const e = elements[name];
  const count = stack.c.length;
  if (m === 0 || n === 0 || count === 0) return;
  if (k === 0) {
    for (let s = 0; s < count; s++) {
      for (let i = 0; i < m; i++) segment.fill(c + stack.c[s] + i * ldc, n * itemBytes(e), 0);
    }
    return;
  }
  const fused = allowsFused(e);
  const key = `gemm.${name}${fused ? '.fused' : ''}`;
  const { run } = kernelOf(key, (module) => addBlockKernel(module, e, fused)).at(segment);
  const { rowStride: rsa, columnStride: csa } = a;
  const { rowStride: rsb, columnStride: csb } = b;
  const size = gemmScratch(m, n, k, e);
  const mark = scratch.mark();
  try {
    const work = scratch.take(segment, size.total);
    const pb = work + size.a;
    const tile = pb + size.b;
    for (let s = 0; s < count; s++) {
      run(m, n, k, a.ptr + stack.a[s], rsa, csa, b.ptr + stack.b[s], rsb, csb, c + stack.c[s], ldc, work, pb, tile);
    }
  } finally {
    scratch.release(mark);
  }
}
