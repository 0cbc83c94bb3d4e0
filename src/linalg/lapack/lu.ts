// LU with partial pivoting, solutions and inverses of stacks of matrices: small ones in one call for the whole stack, large
// ones by halving the columns, so that nearly all of the work is products of matrices.
// Source: Toledo, "Locality of reference in LU decomposition with partial pivoting", SIAM J. Matrix Anal. 18(4), 1997.

import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import type { InverseJob, LuJob, SolveJob } from '../provider/routines.ts';
import { type Field, type FieldName, fields } from './language.ts';
import { byColumns, from, type MatrixAt, multiplyInto } from './level3.ts';
import { factorKernel, inverseKernel, solveKernel, swapRowsKernel } from './lu_kernel.ts';
import { overStack } from './over_stack.ts';
import { triangularSolve } from './triangular_solve.ts';

/** Order up to which a matrix is factored column by column, and columns of the panels of larger ones. */
const SMALL = 32;
const PANEL = 16;

const unitLower = (a: MatrixAt) => ({ ...a, lower: true, unit: true });
const upper = (a: MatrixAt) => ({ ...a, lower: false });

function swapRows(segment: Segment, field: Field, columns: number, a: MatrixAt, pivots: number, count: number): void {
  swapRowsKernel(field).at(segment).run(columns, a.ptr, a.columnStride, pivots, count);
}

/** L and U of one m × n matrix in place; 0, or the first column whose pivot is 0. */
function halve(segment: Segment, name: FieldName, m: number, n: number, a: MatrixAt, pivots: number): number {
  const field = fields[name];
  const k = Math.min(m, n);
  if (n <= PANEL) {
    const mark = scratch.mark();
    try {
      const info = scratch.take(segment, 4);
      factorKernel(field).at(segment).run(1, a.ptr, pivots, info, m, n, a.columnStride, 0, 0, 0);
      return segment.i32[info / 4];
    } finally {
      scratch.release(mark);
    }
  }
  const h = k <= PANEL ? k : Math.ceil(k / (2 * PANEL)) * PANEL;
  const rest = n - h;
  const first = halve(segment, name, m, h, a, pivots);
  const right = from(a, 0, h);
  swapRows(segment, field, rest, right, pivots, h);
  triangularSolve(segment, name, h, rest, unitLower(a), right);
  if (h === m) return first;
  const second = from(a, h, h);
  multiplyInto(segment, name, m - h, rest, h, from(a, h, 0), right, second, -1);
  const below = pivots + 4 * h;
  const later = halve(segment, name, m - h, rest, second, below);
  swapRows(segment, field, h, from(a, h, 0), below, k - h);
  for (let i = 0; i < k - h; i++) segment.i32[below / 4 + i] += h;
  return first !== 0 ? first : later === 0 ? 0 : h + later;
}

/** The embedded getrf. */
export function lu({ segment, field, count, info, m, n, a, pivots }: LuJob): void {
  const k = Math.min(m, n);
  const step = m * n * field.bytes;
  if (k <= SMALL && Math.max(m, n) <= 4 * SMALL) {
    const operands = [
      [a, step],
      [pivots, 4 * k],
      [info, 4],
    ] as const;
    overStack(segment, factorKernel(field), count, m * n * k, operands, [m, n, m * field.bytes, step, 4 * k]);
    return;
  }
  for (let i = 0; i < count; i++) {
    const failed = halve(segment, field.name, m, n, byColumns(field.name, a + i * step, m), pivots + 4 * k * i);
    segment.i32[info / 4 + i] = failed;
  }
}

/** The embedded gesv. */
export function solve({ segment, field, count, info, n, columns, a, b }: SolveJob): void {
  const [step, stepB] = [n * n * field.bytes, n * columns * field.bytes];
  if (n <= SMALL && columns <= 2 * SMALL) {
    const operands = [
      [a, step],
      [b, stepB],
      [info, 4],
    ] as const;
    overStack(segment, solveKernel(field), count, n * n * (n + columns), operands, [n, columns], 4 * n);
    return;
  }
  const { name } = field;
  const mark = scratch.mark();
  try {
    const pivots = scratch.take(segment, 4 * n);
    for (let i = 0; i < count; i++) {
      const [l, x] = [byColumns(name, a + i * step, n), byColumns(name, b + i * stepB, n)];
      const failed = halve(segment, name, n, n, l, pivots);
      segment.i32[info / 4 + i] = failed;
      if (failed !== 0) continue;
      swapRows(segment, field, columns, x, pivots, n);
      triangularSolve(segment, name, n, columns, unitLower(l), x);
      triangularSolve(segment, name, n, columns, upper(l), x);
    }
  } finally {
    scratch.release(mark);
  }
}

/** Order of the triangles that are inverted as they stand. */
const LEAF = 32;

/** Y = L⁻¹ of a lower triangle with ones on its diagonal; Y is all zeros before. */
function invertUnitLower(segment: Segment, field: Field, n: number, l: MatrixAt, y: MatrixAt): void {
  const { name } = field;
  if (n <= LEAF) {
    const lane = field.width === 4 ? segment.f32 : segment.f64;
    for (let i = 0; i < n; i++) lane[from(y, i, i).ptr / field.width] = 1;
    triangularSolve(segment, name, n, n, unitLower(l), y);
    return;
  }
  const h = Math.ceil(n / (2 * LEAF)) * LEAF;
  const [below, second] = [from(y, h, 0), from(l, h, h)];
  invertUnitLower(segment, field, h, l, y);
  multiplyInto(segment, name, n - h, h, h, from(l, h, 0), y, below, -1);
  triangularSolve(segment, name, n - h, h, unitLower(second), below);
  invertUnitLower(segment, field, n - h, second, from(y, h, h));
}

/** The embedded getrf and getri: U⁻¹·L⁻¹, its columns exchanged back. */
export function inverse({ segment, field, count, info, n, a }: InverseJob): void {
  const { name, bytes } = field;
  const size = n * n * bytes;
  if (n <= SMALL) {
    const operands = [
      [a, size],
      [info, 4],
    ] as const;
    overStack(segment, inverseKernel(field), count, n * n * n, operands, [n], size + 4 * n);
    return;
  }
  const mark = scratch.mark();
  try {
    const pivots = scratch.take(segment, 4 * n);
    const y = byColumns(name, scratch.take(segment, size), n);
    for (let i = 0; i < count; i++) {
      const l = byColumns(name, a + i * size, n);
      const failed = halve(segment, name, n, n, l, pivots);
      segment.i32[info / 4 + i] = failed;
      if (failed !== 0) continue;
      segment.fill(y.ptr, size, 0);
      invertUnitLower(segment, field, n, l, y);
      triangularSolve(segment, name, n, n, upper(l), y);
      // The exchanges undone, as an order of whole columns.
      const order = Int32Array.from({ length: n }, (_, j) => j);
      for (let j = n - 1; j >= 0; j--) {
        const other = segment.i32[pivots / 4 + j] - 1;
        [order[j], order[other]] = [order[other], order[j]];
      }
      for (let j = 0; j < n; j++) segment.copy(from(l, 0, j).ptr, from(y, 0, order[j]).ptr, n * bytes);
    }
  } finally {
    scratch.release(mark);
  }
}
