// The embedded GEMM on addresses: chooses the kernel for a product's size and layout, takes its scratch, cuts it for the
// threads. No arrays, dtypes or broadcasting here (../matmul.ts). Splitting C by rows or columns changes no bits.

import { config } from '../../base/config.ts';
import { platform } from '../../base/platform.ts';
import { type Pool, pool } from '../../exec/threads/pool.ts';
import { kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { ALIGNMENT } from '../../memory/sizes.ts';
import { addBlockKernel } from './block_kernel.ts';
import { gemmScratch } from './blocking.ts';
import { isDirect, runDirect } from './direct.ts';
import { type ElementName, type ElementRow, elements, itemBytes, tileColumns } from './elements.ts';
import { hasFewRows, runFewRows } from './few_rows.ts';
import { signBits } from './signs.ts';
import { offsetsOf, productsOf, type Stack, single } from './stack.ts';

/** Fused multiply-add: where the engine has it (Node 20 does not) and determinism 'bitwise' does not forbid it. */
export const allowsFused = (e: ElementRow): boolean =>
  e.fused !== 0 && platform.relaxedSimd && config.get('determinism') !== 'bitwise';

// A term is a multiplication and an addition; sharing pays from what takes about 150 µs alone.
const SHARED_FROM = 2 ** 20;
/** Terms that take as long as an addition of two elements, the unit in which the pool counts work. */
const TERMS_PER_ELEMENT = 8;
const STRIPS_PER_THREAD = 2;
/** Every strip of rows packs all of B, so none is short. */
const SHORTEST_STRIP = 32;
/** Which argument of the kernel is scratch. */
const WORK_ARGUMENT = 11;

/** A matrix operand: address of its first element, bytes from row to row and from column to column. */
export interface MatrixAt {
  readonly ptr: number;
  readonly rowStride: number;
  readonly columnStride: number;
  /** Its elements are conjugated on the way; real ones stay. */
  readonly conj?: boolean;
}

/** What becomes of the product: C = A·B, C += A·B or C −= A·B; the last for floats only. */
export type Update = 0 | 1 | -1;

/** The kernel's `mode`. */
export function modeOf(e: ElementRow, a: MatrixAt, b: MatrixAt, update: Update): number {
  let mode = update === 0 ? 0 : signBits.accumulate;
  if (update === -1) mode |= signBits.realA | signBits.imaginaryA;
  if (e.parts === 2 && a.conj === true) mode ^= signBits.imaginaryA;
  if (e.parts === 2 && b.conj === true) mode ^= signBits.imaginaryB;
  return mode;
}

/**
 * C = A·B, with A m × k and B k × n of any strides, C with contiguous rows `ldc` bytes apart that overlaps neither.
 * Sums over k run in order, split every 256 steps, whatever the strides and the part of C: equal operands, equal bits.
 * `stack` repeats that for products of one shape. With `update`
 * every block of 256 steps is added to C, or its negative.
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
  update: Update = 0,
): void {
  const e = elements[name];
  const count = productsOf(stack);
  if (m === 0 || n === 0 || count === 0) return;
  if (k === 0) {
    for (const at of update === 0 ? offsetsOf(stack, 2) : []) {
      for (let i = 0; i < m; i++) segment.fill(c + at + i * ldc, n * itemBytes(e), 0);
    }
    return;
  }
  const { rowStride: rsa, columnStride: csa } = a;
  const { rowStride: rsb, columnStride: csb } = b;
  const mode = modeOf(e, a, b, update);
  const fused = allowsFused(e);
  const plain = (mode & ~signBits.accumulate) === 0; // no signs to flip
  if (plain && isDirect(e, m, n, k, a, b)) {
    runDirect(segment, name, fused, m, n, k, a, b, c, ldc, stack, mode === 0 ? 0 : 1);
    return;
  }
  if (plain && count === 1 && hasFewRows(e, m, n, k, b)) {
    runFewRows(segment, name, fused, m, n, k, a, b, c, ldc, mode === 0 ? 0 : 1);
    return;
  }
  const [as, bs, cs] = [offsetsOf(stack, 0), offsetsOf(stack, 1), offsetsOf(stack, 2)];
  const key = `gemm.${name}${fused ? '.fused' : ''}`;
  const kernel = kernelOf(key, (module) => addBlockKernel(module, e, fused));
  const { run } = kernel.at(segment);
  const terms = m * n * k * e.parts * count;
  const threads = terms < SHARED_FROM ? 1 : pool().threadsFor(segment, terms / TERMS_PER_ELEMENT);
  // Parts of C: of a stack its products, else strips of rows, or of columns where there are more of those.
  const byColumns = count === 1 && n > m;
  const rows = threads === 1 || count > 1 || byColumns ? m : strip(m, e.rows, threads);
  const columns = threads === 1 || !byColumns ? n : strip(n, tileColumns(e), threads);
  const size = gemmScratch(rows, columns, k, e);
  const bytes = Math.ceil(size.total / ALIGNMENT) * ALIGNMENT;
  const mark = scratch.mark();
  try {
    const work = scratch.take(segment, bytes * threads);
    const [pb, tile] = [size.a, size.a + size.b];
    if (threads === 1) {
      for (let s = 0; s < count; s++) {
        run(m, n, k, a.ptr + as[s], rsa, csa, b.ptr + bs[s], rsb, csb, c + cs[s], ldc, work, pb, tile, mode);
      }
      return;
    }
    const fill = (job: Pool): void => {
      for (let s = 0; s < count; s++) {
        for (let i = 0; i < m; i += rows) {
          for (let j = 0; j < n; j += columns) {
            const shape = [Math.min(rows, m - i), Math.min(columns, n - j), k];
            const from = [a.ptr + as[s] + i * rsa, rsa, csa, b.ptr + bs[s] + j * csb, rsb, csb];
            job.add([...shape, ...from, c + cs[s] + i * ldc + j * itemBytes(e), ldc, work, pb, tile, mode]);
          }
        }
      }
    };
    pool().job(kernel, segment, 'run', fill, WORK_ARGUMENT, bytes);
  } finally {
    scratch.release(mark);
  }
}

/** Length of the strips that a dimension is cut into, whole tiles. */
const strip = (total: number, grain: number, threads: number): number =>
  Math.min(total, Math.max(SHORTEST_STRIP, Math.ceil(total / (threads * STRIPS_PER_THREAD * grain)) * grain));
