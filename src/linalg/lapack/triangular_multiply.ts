// Products with a triangle, in place: B = op(T)·B and B·op(T), by halving T as triangular_solve.ts does.

import type { Segment } from '../../memory/segment.ts';
import type { FieldName } from './language.ts';
import { from, type MatrixAt, multiplyInto, transposed } from './level3.ts';
import { halfOf, onBlock, type Triangle, transposedTriangle } from './triangle.ts';
import { BLOCK } from './triangular_kernel.ts';

/** B = T·B, T n × n, B n × columns with rows or columns side by side. */
export function triangularMultiply(
  segment: Segment,
  name: FieldName,
  n: number,
  columns: number,
  t: Triangle,
  b: MatrixAt,
): void {
  if (n === 0 || columns === 0) return;
  if (n <= BLOCK) {
    onBlock(segment, name, 'multiply', n, columns, t, b);
    return;
  }
  const h = halfOf(n);
  const t22: Triangle = { ...t, ...from(t, h, h) };
  const b2 = from(b, h, 0);
  if (t.lower) {
    triangularMultiply(segment, name, n - h, columns, t22, b2);
    multiplyInto(segment, name, n - h, columns, h, from(t, h, 0), b, b2, 1);
    triangularMultiply(segment, name, h, columns, t, b);
  } else {
    triangularMultiply(segment, name, h, columns, t, b);
    multiplyInto(segment, name, h, columns, n - h, from(t, 0, h), b2, b, 1);
    triangularMultiply(segment, name, n - h, columns, t22, b2);
  }
}

/** B = B·T, T n × n, B rows × n. */
export function triangularMultiplyRight(
  segment: Segment,
  name: FieldName,
  rows: number,
  n: number,
  t: Triangle,
  b: MatrixAt,
): void {
  triangularMultiply(segment, name, n, rows, transposedTriangle(t), transposed(b));
}
