// QR by Householder reflectors, and Q from them: small matrices column by column in one call for the whole stack, large
// ones in panels whose reflectors are applied to the rest as a block.
// Sources: Golub, Van Loan, "Matrix Computations", 5.2; LAPACK Users' Guide, "Block algorithms".

import { type Kernel, kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import type { FormQJob, QrJob } from '../provider/routines.ts';
import { applyBlockLeft, blockReflector } from './block_reflector.ts';
import { defineNumeric, type Field, type FieldName, fields } from './language.ts';
import { byColumns, from, type MatrixAt } from './level3.ts';
import { i32s } from './lu_kernel.ts';
import { type Along, overStack } from './over_stack.ts';
import { Reflectors } from './reflector.ts';
import { Vectors } from './vectors.ts';

/** Columns of a panel, and up to which a matrix is factored column by column. */
const PANEL = 32;
const SMALL = 48;

/** run(count, a, tau, m, n, ld, a's step, tau's step): R above, reflectors below the diagonal. */
const factorKernel = (field: Field): Kernel =>
  kernelOf(`qr.factor.${field.name}`, (module) => {
    const { make, applyLeftAdjoint } = new Reflectors(module, field);
    const { bytes } = field;
    defineNumeric(
      module,
      field,
      i32s(8),
      undefined,
      (r, count, a, tau, m, n, ld, step, tauStep) => {
        const k = r.let(m.lt(n).select(m, n));
        r.range(r.int(0), count, () => {
          const diagonal = r.let(a);
          const t = r.let(tau);
          r.range(r.int(0), k, (i) => {
            const below = r.let(diagonal.add(bytes));
            const rows = m.sub(i);
            r.run(make, rows, diagonal, below, t);
            r.run(applyLeftAdjoint, rows, n.sub(i).sub(1), below, t, diagonal.add(ld), ld);
            r.bump(diagonal, ld.add(bytes));
            r.bump(t, bytes);
          });
          r.bump(a, step);
          r.bump(tau, tauStep);
        });
      },
      'run',
    );
  });

/** run(count, a, tau, m, columns, k, a's step, tau's step): the reflectors' columns of Q in place; dense matrices. */
const formKernel = (field: Field): Kernel =>
  kernelOf(`qr.form.${field.name}`, (module) => {
    const vectors = new Vectors(module, field);
    const { applyLeft } = new Reflectors(module, field, vectors);
    const { bytes } = field;
    defineNumeric(
      module,
      field,
      i32s(8),
      undefined,
      (r, count, a, tau, m, columns, k, step, tauStep) => {
        const ld = r.let(m.mul(bytes));
        r.range(r.int(0), count, () => {
          r.range(k, columns, (j) => {
            const column = r.let(a.add(j.mul(ld)));
            r.fill(column, 0, ld);
            r.put(column.add(j.mul(bytes)), 1);
          });
          r.downward(k, r.int(0), (i) => {
            const column = r.let(a.add(i.mul(ld)));
            const above = r.let(i.mul(bytes));
            const diagonal = r.let(column.add(above));
            const below = r.let(diagonal.add(bytes));
            const t = r.let(tau.add(above));
            const rows = m.sub(i);
            r.run(applyLeft, rows, columns.sub(i).sub(1), below, t, diagonal.add(ld), ld);
            const factor = r.get(t);
            r.run(vectors.scale, ...r.argument(factor.neg()), rows.sub(1), below);
            r.put(diagonal, r.number(1).sub(factor));
            r.fill(column, 0, above);
          });
          r.bump(a, step);
          r.bump(tau, tauStep);
        });
      },
      'run',
    );
  });

/** One large matrix, panel after panel. */
function inPanels(segment: Segment, name: FieldName, m: number, n: number, a: MatrixAt, tau: number): void {
  const field = fields[name];
  const panel = factorKernel(field).at(segment);
  const k = Math.min(m, n);
  for (let i = 0; i < k; i += PANEL) {
    const columns = Math.min(PANEL, k - i);
    const at = from(a, i, i);
    const factors = tau + i * field.bytes;
    panel.run(1, at.ptr, factors, m - i, columns, a.columnStride, 0, 0);
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
