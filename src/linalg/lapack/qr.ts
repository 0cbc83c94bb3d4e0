// QR by Householder reflectors, and Q from them: small matrices column by column in one call for the whole stack, large
// ones in panels whose reflectors are applied to the rest as a block.
// Sources: Golub, Van Loan, "Matrix Computations", 5.2; LAPACK Users' Guide, "Block algorithms".

import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import type { FormQJob, QrJob } from '../provider/routines.ts';
import { applyBlockLeft, blockReflector } from './block_reflector.ts';
import { type Field, type FieldName, fields } from './language.ts';
import { byColumns, from, type MatrixAt } from './level3.ts';
import { type Along, overStack } from './over_stack.ts';
import { factorKernel, formKernel, smallKernel } from './qr_kernel.ts';

/** Columns of a panel, and up to which a matrix is factored column by column. */
const PANEL = 32;
const SMALL = 48;

/** One large matrix, panel after panel. */
function inPanels(segment: Segment, name: FieldName, m: number, n: number, a: MatrixAt, tau: number): void {
  const field = fields[name];
  const panel = factorKernel(field).at(segment);
  const k = Math.min(m, n);
  for (let i = 0; i < k; i += PANEL) {
    const columns = Math.min(PANEL, k - i);
    const at = from(a, i, i);
    const factors = tau + i * field.bytes;
    panel.run(1, at.ptr, factors, m - i, columns, a.columnStride, 0, 0, 0);
    const rest = n - i - columns;
    if (rest === 0) return;
    const mark = scratch.mark();
    try {
      const h = blockReflector(segment, name, m - i, columns, at, factors);
      applyBlockLeft(segment, name, h, rest, from(at, 0, columns), true);
    } finally {
      scratch.release(mark);
    }
  }
}

/** The embedded geqrf. */
export function qr({ segment, field, count, m, n, a, tau }: QrJob): void {
  const k = Math.min(m, n);
  const [step, tauStep] = [m * n * field.bytes, k * field.bytes];
  if (k <= SMALL) {
    const operands: Along[] = [
      [a, step],
      [tau, tauStep],
    ];
    overStack(segment, factorKernel(field), count, 2 * m * n * k, operands, [m, n, m * field.bytes, step, tauStep]);
    return;
  }
  for (let i = 0; i < count; i++) {
    inPanels(segment, field.name, m, n, byColumns(field.name, a + i * step, m), tau + i * tauStep);
  }
}

/** Columns from..to of the identity, in place of `a`'s. */
function unitColumns(segment: Segment, field: Field, m: number, first: number, end: number, a: MatrixAt): void {
  const lane = field.width === 4 ? segment.f32 : segment.f64;
  segment.fill(from(a, 0, first).ptr, (end - first) * m * field.bytes, 0);
  for (let j = first; j < end; j++) lane[from(a, j, j).ptr / field.width] = 1;
}

/** The embedded orgqr: blocks of reflectors from the last on, each applied to the columns from its own on. */
export function formQ({ segment, field, count, m, columns, k, a, tau }: FormQJob): void {
  const [step, tauStep] = [m * columns * field.bytes, k * field.bytes];
  if (k <= SMALL) {
    const operands: Along[] = [
      [a, step],
      [tau, tauStep],
    ];
    overStack(segment, formKernel(field), count, 2 * m * columns * k, operands, [m, columns, k, step, tauStep]);
    return;
  }
  const { name } = field;
  for (let s = 0; s < count; s++) {
    const q = byColumns(name, a + s * step, m);
    unitColumns(segment, field, m, k, columns, q);
    for (let i = Math.floor((k - 1) / PANEL) * PANEL; i >= 0; i -= PANEL) {
      const wide = Math.min(PANEL, k - i);
      const at = from(q, i, i);
      const mark = scratch.mark();
      try {
        const h = blockReflector(segment, name, m - i, wide, at, tau + s * tauStep + i * field.bytes);
        unitColumns(segment, field, m, i, i + wide, q);
        applyBlockLeft(segment, name, h, columns - i, at, false);
      } finally {
        scratch.release(mark);
      }
    }
  }
}

/** What is wanted of small matrices: `columns` of Q at `q`, none for 0, and `rows` of R at `r`, both by rows. */
export interface SmallFactors {
  readonly columns: number;
  readonly rows: number;
  readonly q: number;
  readonly r: number;
}

/** Factors of `count` small m × n matrices as they lie, `step` bytes from one to the next. */
export function smallQr(
  segment: Segment,
  field: Field,
  count: number,
  m: number,
  n: number,
  a: MatrixAt,
  step: number,
  { columns, rows, q, r }: SmallFactors,
): void {
  const { bytes } = field;
  const operands: Along[] = [
    [a.ptr, step],
    [q, m * columns * bytes],
    [r, rows * n * bytes],
  ];
  const steps = [step, m * columns * bytes, rows * n * bytes];
  const rest = [m, n, columns, rows, a.rowStride, a.columnStride, ...steps];
  const room = (m * Math.max(n, columns) + Math.min(m, n)) * bytes;
  overStack(segment, smallKernel(field), count, 2 * m * n * Math.min(m, n), operands, rest, room);
}
