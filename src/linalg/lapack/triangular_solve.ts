// Triangular systems with many right sides, in place: op(T)·X = B and X·op(T) = B, by halving T, so that nearly all of
// the work is matrix products. Transposition is in T's strides, the right side in those of B.
// Source: Elmroth, Gustavson, Jonsson, Kågström, "Recursive blocked algorithms", SIAM Review 46(1), 2004.

import { kernelOf } from '../../kernel/compile.ts';
import type { Segment } from '../../memory/segment.ts';
import { addColumnSolve } from './column_solve.ts';
import { type FieldName, fields } from './language.ts';
import { from, type MatrixAt, multiplyInto, transposed } from './level3.ts';
import { halfOf, onBlock, type Triangle, transposedTriangle } from './triangle.ts';
import { BLOCK, triangleBits } from './triangular_kernel.ts';

/** B = T⁻¹·B, T n × n, B n × columns with rows or columns side by side. A zero on the diagonal gives infinities. */
export function triangularSolve(
  segment: Segment,
  name: FieldName,
  n: number,
  columns: number,
  t: Triangle,
  b: MatrixAt,
): void {
  if (n === 0 || columns === 0) return;
  if (columns === 1 && solveColumn(segment, name, n, t, b)) return;
  if (n <= BLOCK) {
    onBlock(segment, name, 'solve', n, columns, t, b);
    return;
  }
  const h = halfOf(n);
  const [t11, t22]: readonly Triangle[] = [t, { ...t, ...from(t, h, h) }];
  const b2 = from(b, h, 0);
  if (t.lower) {
    triangularSolve(segment, name, h, columns, t11, b);
    multiplyInto(segment, name, n - h, columns, h, from(t, h, 0), b, b2, -1);
    triangularSolve(segment, name, n - h, columns, t22, b2);
  } else {
    triangularSolve(segment, name, n - h, columns, t22, b2);
    multiplyInto(segment, name, h, columns, n - h, from(t, 0, h), b2, b, -1);
    triangularSolve(segment, name, h, columns, t11, b);
  }
}

/** One right side, where its elements are neighbours and T lies by rows or by columns; else false. */
function solveColumn(segment: Segment, name: FieldName, n: number, t: Triangle, b: MatrixAt): boolean {
  const field = fields[name];
  const conjugated = field.complex && t.conj === true;
  const byRows = t.columnStride === field.bytes;
  if (b.rowStride !== field.bytes || !(byRows || (t.rowStride === field.bytes && !conjugated))) return false;
  const kind = !byRows ? 'columns' : conjugated ? 'conjugatedRows' : 'rows';
  const kernel = kernelOf(`triangle.column.${kind}.${name}`, (module) => addColumnSolve(module, field, kind)).at(
    segment,
  );
  const step = byRows ? t.rowStride : t.columnStride;
  const solve = t.lower ? kernel.run : kernel.nest;
  solve(n, t.ptr, step, b.ptr, t.unit === true ? triangleBits.unit : 0);
  return true;
}

/** B = B·T⁻¹, T n × n, B rows × n. */
export function triangularSolveRight(
  segment: Segment,
  name: FieldName,
  rows: number,
  n: number,
  t: Triangle,
  b: MatrixAt,
): void {
  triangularSolve(segment, name, n, rows, transposedTriangle(t), transposed(b));
}
