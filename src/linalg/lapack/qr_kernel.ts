// QR by Householder reflectors column after column, and Q from them, inside WebAssembly: for panels and small matrices.
// Large matrices: qr.ts.
// Source: Golub, Van Loan, "Matrix Computations", 5.2.

import type { Callee, Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, i32s, type NumberRoutine } from './language.ts';
import { perField } from './per_field.ts';
import { Reflectors } from './reflector.ts';
import { addTransfer } from './transfer.ts';
import { Vectors } from './vectors.ts';

/** factor(m, n, a, ld, tau): R above, reflectors below the diagonal. */
function addFactor(module: ModuleCode, field: Field, { make, applyLeftAdjoint }: Reflectors): Callee {
  const { bytes } = field;
  return defineNumeric(module, field, i32s(5), undefined, (r, m, n, a, ld, tau) => {
    r.range(r.int(0), m.lt(n).select(m, n), (i) => {
      const below = r.let(a.add(bytes));
      const rows = m.sub(i);
      r.run(make, rows, a, below, tau);
      r.run(applyLeftAdjoint, rows, n.sub(i).sub(1), below, tau, a.add(ld), ld);
      r.bump(a, ld.add(bytes));
      r.bump(tau, bytes);
    });
  });
}

/** form(m, columns, k, a, tau): the first columns of Q in place of k reflectors in the dense a. */
function addForm(module: ModuleCode, field: Field, vectors: Vectors, { applyLeft }: Reflectors): Callee {
  const { bytes } = field;
  return defineNumeric(module, field, i32s(5), undefined, (r, m, columns, k, a, tau) => {
    const ld = r.let(m.mul(bytes));
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
  });
}

/** run(count, a, tau, m, n, ld, a's step, tau's step, work): R and reflectors of every matrix of a stack. */
export const factorKernel = perField('qr.factor', (module, field) => {
  const factor = addFactor(module, field, new Reflectors(module, field));
  const write = (r: NumberRoutine, ...params: Variable[]): void => {
    const [count, a, tau, m, n, ld, step, tauStep] = params;
    r.range(r.int(0), count, () => {
      r.run(factor, m, n, a, ld, tau);
      r.bump(a, step);
      r.bump(tau, tauStep);
    });
  };
  defineNumeric(module, field, i32s(9), undefined, write, 'run');
});

/** run(count, a, tau, m, columns, k, a's step, tau's step, work): columns of Q in place of reflectors; dense matrices. */
export const formKernel = perField('qr.form', (module, field) => {
  const vectors = new Vectors(module, field);
  const form = addForm(module, field, vectors, new Reflectors(module, field, vectors));
  const write = (r: NumberRoutine, ...params: Variable[]): void => {
    const [count, a, tau, m, columns, k, step, tauStep] = params;
    r.range(r.int(0), count, () => {
      r.run(form, m, columns, k, a, tau);
      r.bump(a, step);
      r.bump(tau, tauStep);
    });
  };
  defineNumeric(module, field, i32s(9), undefined, write, 'run');
});

/**
 * run(count, a, q, r, m, n, columns, rows, a's row, column and step, q's step, r's step, work): factors by rows of matrices
 * as they lie: `columns` of Q, or none; `rows` of R. `work` has room for m × max(n, columns) elements and those of tau.
 */
export const smallKernel = perField('small.qr', (module, field) => {
  const vectors = new Vectors(module, field);
  const reflectors = new Reflectors(module, field, vectors);
  const factor = addFactor(module, field, reflectors);
  const form = addForm(module, field, vectors, reflectors);
  const transfer = addTransfer(module, field);
  const { bytes } = field;
  const write = (r: NumberRoutine, ...params: Variable[]): void => {
    const [count, a, q, upper, m, n, columns, rows, row, column, step, qStep, upperStep, work] = params;
    const ld = r.let(m.mul(bytes));
    const tau = r.let(work.add(n.lt(columns).select(columns, n).mul(ld)));
    const k = r.let(m.lt(n).select(m, n));
    r.range(r.int(0), count, () => {
      r.run(transfer, m, n, a, row, column, work, r.int(bytes), ld);
      r.run(factor, m, n, work, ld, tau);
      const from = r.let(work);
      const to = r.let(upper);
      r.fill(upper, 0, rows.mul(n).mul(bytes));
      r.range(r.int(0), n, (j) => {
        const length = r.let(j.lt(k).select(j.add(1), k));
        r.run(transfer, length, r.int(1), from, r.int(bytes), ld, to, n.mul(bytes), r.int(bytes));
        r.bump(from, ld);
        r.bump(to, bytes);
      });
      r.if(columns, () => {
        r.run(form, m, columns, k, work, tau);
        r.run(transfer, m, columns, work, r.int(bytes), ld, q, columns.mul(bytes), r.int(bytes));
      });
      r.bump(a, step);
      r.bump(q, qStep);
      r.bump(upper, upperStep);
    });
  };
  defineNumeric(module, field, i32s(14), undefined, write, 'run');
});
