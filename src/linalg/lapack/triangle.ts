// A triangular operand and what both triangular problems share: halving it until the diagonal blocks fit the kernel
// (triangular_kernel.ts), whose columns the threads divide among themselves.

import { type Pool, pool } from '../../exec/threads/pool.ts';
import { kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { type FieldName, fields } from './language.ts';
import { adjoint, type MatrixAt, transposed } from './level3.ts';
import {
  addTriangularKernel,
  BLOCK,
  type TriangularTask,
  triangleBits,
  triangularScratch,
} from './triangular_kernel.ts';

/** A triangle of a square matrix; the other one is not read, nor the diagonal where `unit` says that it is one. */
export interface Triangle extends MatrixAt {
  readonly lower: boolean;
  readonly unit?: boolean;
}

/** The transpose of a triangle: the other triangle. */
export const transposedTriangle = (t: Triangle): Triangle => ({ ...transposed(t), lower: !t.lower, unit: t.unit });

/** The conjugate transpose of a triangle. */
export const adjointTriangle = (t: Triangle): Triangle => ({ ...adjoint(t), lower: !t.lower, unit: t.unit });

/** Multiplications of a diagonal block from which threads pay. */
const SHARED_FROM = 2 ** 18;
const SHORTEST_STRIP = 64;
const WORK_ARGUMENT = 9;

/** B = T⁻¹·B or T·B for a triangle of at most BLOCK rows. */
export function onBlock(
  segment: Segment,
  name: FieldName,
  task: TriangularTask,
  n: number,
  columns: number,
  t: Triangle,
  b: MatrixAt,
): void {
  const field = fields[name];
  const kernel = kernelOf(`triangle.${task}.${name}`, (module) => addTriangularKernel(module, field, task));
  const mode = (t.unit === true ? triangleBits.unit : 0) | (t.conj === true ? triangleBits.conjugate : 0);
  // An upper triangle is a lower one from its last row and column on.
  const down = t.lower ? 1 : -1;
  const last = t.lower ? 0 : n - 1;
  const at = t.ptr + last * (t.rowStride + t.columnStride);
  const first = b.ptr + last * b.rowStride;
  const [rows, across] = [down * t.rowStride, down * t.columnStride];
  const terms = (n * n * columns) / 2;
  const threads = terms < SHARED_FROM ? 1 : pool().threadsFor(segment, terms / 4);
  const size = triangularScratch(field);
  const mark = scratch.mark();
  try {
    const work = scratch.take(segment, size * threads);
    const { run } = kernel.at(segment);
    if (threads === 1) {
      run(n, columns, at, rows, across, first, down * b.rowStride, b.columnStride, mode, work);
      return;
    }
    const strip = Math.max(SHORTEST_STRIP, Math.ceil(columns / (2 * threads * 16)) * 16);
    const fill = (job: Pool): void => {
      for (let j = 0; j < columns; j += strip) {
        const part = [Math.min(strip, columns - j), at, rows, across, first + j * b.columnStride];
        job.add([n, ...part, down * b.rowStride, b.columnStride, mode, work]);
      }
    };
    pool().job(kernel, segment, 'run', fill, WORK_ARGUMENT, size);
  } finally {
    scratch.release(mark);
  }
}

/** Where a triangle of more than BLOCK rows is cut: at about half, whole blocks. */
export const halfOf = (n: number): number => Math.ceil(n / (2 * BLOCK)) * BLOCK;
