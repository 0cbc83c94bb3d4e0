// Products of a few rows with a large matrix: which these are, and how threads share their columns; the loops are
// few_rows_kernel.ts's.

import { type Pool, pool } from '../../exec/threads/pool.ts';
import { kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { type ElementName, type ElementRow, elements, itemBytes } from './elements.ts';
import { addFewRowsKernel, fewRowsScratch } from './few_rows_kernel.ts';
import type { MatrixAt } from './gemm.ts';

const MOST_ROWS = 8;
/** Bytes of B from which it no longer stays in a cache while it is packed. */
const LEAST_BYTES = 2 ** 16;
const LEAST_COLUMNS = 64;
const SHARED_FROM = 2 ** 18;
const TERMS_PER_ELEMENT = 8;
const SLICES_PER_THREAD = 4;
const WORK_ARGUMENT = 11;

/** Whether B is better read where it lies than packed. */
export function hasFewRows(e: ElementRow, m: number, n: number, k: number, b: MatrixAt): boolean {
  const item = itemBytes(e);
  const fits = e.parts === 1 && m <= MOST_ROWS && n >= LEAST_COLUMNS && b.columnStride === item;
  return fits && n * k * item >= LEAST_BYTES;
}

/** C = A·B, or C += A·B; sizes at least 1. */
export function runFewRows(
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
  add: 0 | 1,
): void {
  const e = elements[name];
  const item = itemBytes(e);
  const key = `gemm.rows.${name}${fused ? '.fused' : ''}`;
  const kernel = kernelOf(key, (module) => addFewRowsKernel(module, e, fused));
  const terms = m * n * k;
  const threads = terms < SHARED_FROM ? 1 : pool().threadsFor(segment, terms / TERMS_PER_ELEMENT);
  const grain = 64 / item; // no two threads write to one cache line
  const columns = threads === 1 ? n : Math.ceil(n / (threads * SLICES_PER_THREAD * grain)) * grain;
  const mark = scratch.mark();
  try {
    const work = scratch.take(segment, fewRowsScratch(m) * threads);
    const left = [a.ptr, a.rowStride, a.columnStride] as const;
    if (threads === 1) {
      kernel.at(segment).run(m, n, k, ...left, b.ptr, b.rowStride, c, ldc, add, work);
      return;
    }
    const fill = (job: Pool): void => {
      for (let j = 0; j < n; j += columns) {
        const width = Math.min(columns, n - j);
        job.add([m, width, k, ...left, b.ptr + j * item, b.rowStride, c + j * item, ldc, add, work]);
      }
    };
    pool().job(kernel, segment, 'run', fill, WORK_ARGUMENT, fewRowsScratch(m));
  } finally {
    scratch.release(mark);
  }
}
