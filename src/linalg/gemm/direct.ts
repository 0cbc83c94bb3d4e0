// Products that do not pay for packing A: which these are, their scratch, and how threads share them; the loops are
// direct_kernel.ts's. Bits are those of every other way to multiply.

import { type Pool, pool } from '../../exec/threads/pool.ts';
import { type Kernel, kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { ALIGNMENT } from '../../memory/sizes.ts';
import { addDirectKernel, directScratch } from './direct_kernel.ts';
import { type ElementName, type ElementRow, elements, itemBytes, tileColumns } from './elements.ts';
import type { MatrixAt } from './gemm.ts';
import { offsetsOf, productsOf, type Stack } from './stack.ts';

/** Terms up to which reading A in place beats packing it; fewer where its rows must be copied. */
const MOST_TERMS = 2 ** 16;
export const MOST_TERMS_COPIED = 2 ** 13;
/** Tiles of columns up to which it always does, with rows of A side by side. */
const FEW_TILES = 2;
const SHARED_FROM = 2 ** 18;
const TERMS_PER_ELEMENT = 8;
const SLICES_PER_THREAD = 4;
const WORK_ARGUMENT = 11;

/** Whether a product is better computed without packing A. Small lanes have tiles too wide for that. */
export function isDirect(e: ElementRow, m: number, n: number, k: number, a: MatrixAt, b: MatrixAt): boolean {
  if (e.width < 4) return false;
  const side = a.columnStride === itemBytes(e);
  const terms = m * n * k * e.parts;
  if (terms <= MOST_TERMS_COPIED) return true;
  if (!side) return false;
  return terms <= MOST_TERMS || (n <= FEW_TILES * tileColumns(e) && m >= k / 8 && b.columnStride !== 0);
}

const kernels: { [key in ElementName]?: Kernel }[] = [{}, {}];

/** The kernel of an element type, with fused multiply-add or without. */
export function directKernel(name: ElementName, fused: boolean): Kernel {
  const made = kernels[fused ? 1 : 0];
  const found = made[name];
  if (found !== undefined) return found;
  const key = `gemm.direct.${name}${fused ? '.fused' : ''}`;
  const kernel = kernelOf(key, (module) => addDirectKernel(module, elements[name], fused));
  made[name] = kernel;
  return kernel;
}

/** C = A·B, or C += A·B, for every product of the stack; sizes at least 1. */
export function runDirect(
  segment: Segment,
  name: ElementName,
  fused: boolean,
  m: number,
  n: number,
  k: number,
  a: MatrixAt,
  b: MatrixAt,
  c: number,
  ldc: number,
  stack: Stack,
  add: 0 | 1,
): void {
  const e = elements[name];
  const kernel = directKernel(name, fused);
  const inner = stack.shape.length - 1;
  const count = stack.shape[inner];
  const [stepA, stepB, stepC] = [stack.strides[0][inner], stack.strides[1][inner], stack.strides[2][inner]];
  const all = inner === 0 ? count : productsOf(stack);
  const terms = m * n * k * e.parts * all;
  const threads = terms < SHARED_FROM ? 1 : pool().threadsFor(segment, terms / TERMS_PER_ELEMENT);
  // Threads share the stack, or the rows of one product.
  const rows = threads === 1 || all > 1 ? m : Math.ceil(m / (threads * SLICES_PER_THREAD * e.rows)) * e.rows;
  const slice = threads === 1 ? count : Math.ceil((count * Math.max(1, count / all)) / (threads * SLICES_PER_THREAD));
  const size = directScratch(rows, n, k, e, a.columnStride !== itemBytes(e));
  const bytes = Math.ceil(size.total / ALIGNMENT) * ALIGNMENT;
  const { rowStride: rsa, columnStride: csa } = a;
  const { rowStride: rsb, columnStride: csb } = b;
  const mark = scratch.mark();
  try {
    const work = scratch.take(segment, bytes * threads);
    if (threads === 1 && inner === 0) {
      const { run } = kernel.at(segment);
      run(m, n, k, a.ptr, rsa, csa, b.ptr, rsb, csb, c, ldc, work, size.b, size.tile, add, count, stepA, stepB, stepC);
      return;
    }
    const [as, bs, cs] = [offsetsOf(stack, 0, inner), offsetsOf(stack, 1, inner), offsetsOf(stack, 2, inner)];
    const each = (call: (...args: number[]) => void): void => {
      for (let s = 0; s < cs.length; s++) {
        for (let p = 0; p < count; p += slice) {
          const [pa, pb, pc] = [a.ptr + as[s] + p * stepA, b.ptr + bs[s] + p * stepB, c + cs[s] + p * stepC];
          const products = Math.min(slice, count - p);
          for (let i = 0; i < m; i += rows) {
            const shape = [
              Math.min(rows, m - i),
              n,
              k,
              pa + i * rsa,
              rsa,
              csa,
              pb,
              rsb,
              csb,
              pc + i * ldc,
              ldc,
            ] as const;
            call(...shape, work, size.b, size.tile, add, products, stepA, stepB, stepC);
          }
        }
      }
    };
    if (threads === 1) each(kernel.at(segment).run);
    else pool().job(kernel, segment, 'run', (job: Pool) => each((...args) => job.add(args)), WORK_ARGUMENT, bytes);
  } finally {
    scratch.release(mark);
  }
}
