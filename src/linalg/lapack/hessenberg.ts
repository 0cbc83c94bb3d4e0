// A general matrix brought to Hessenberg form (zero below the first subdiagonal) by Householder reflectors, and the
// unitary matrix of their product; inside WebAssembly, one reflector at a time.
// Source: Golub, Van Loan, "Matrix Computations", 7.4.2; storage as LAPACK's gehrd.

import type { Callee } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { type Columns, defineNumeric, type Field } from './language.ts';
import type { Reflectors } from './reflector.ts';

/**
 * reduce(n, a, ld, first, end, tau, work): rows and columns from `first` below `end` become Hessenberg, the reflectors'
 * vectors below the subdiagonal, their factors in tau (n elements). `work`: n elements.
 */
export function reduceOf(module: ModuleCode, field: Field, reflectors: Reflectors): Callee {
  const { make, applyLeftAdjoint, applyRight } = reflectors;
  const { bytes } = field;
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  return defineNumeric(module, field, params, undefined, (r, n, ptr, ld, first, end, tau, work) => {
    const a: Columns = { ptr, ld };
    r.range(first, end.sub(1), (k) => {
      const row = r.let(k.add(1));
      const order = r.let(end.sub(row));
      const alpha = r.let(r.at(a, row, k));
      const v = r.let(alpha.add(bytes));
      const factor = r.let(tau.add(k.mul(bytes)));
      r.run(make, order, alpha, v, factor);
      r.run(applyRight, end, order, v, factor, r.at(a, r.int(0), row), ld, work);
      r.run(applyLeftAdjoint, order, n.sub(row), v, factor, r.at(a, row, row), ld);
    });
  });
}

/** form(n, a, ld, first, end, tau, q): Q (n × n, dense) from the reflectors in a, which are replaced by zeros. */
export function formOf(module: ModuleCode, field: Field, reflectors: Reflectors): Callee {
  const { applyLeft } = reflectors;
  const { bytes } = field;
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  return defineNumeric(module, field, params, undefined, (r, n, ptr, ld, first, end, tau, to) => {
    const a: Columns = { ptr, ld };
    const q: Columns = { ptr: to, ld: r.let(n.mul(bytes)) };
    r.if(to.ne(0), () => {
      r.fill(to, 0, n.mul(q.ld));
      r.range(r.int(0), n, (i) => r.put(r.at(q, i, i), 1));
      r.downward(end.sub(1), first, (k) => {
        const row = r.let(k.add(1));
        const order = r.let(end.sub(row));
        const v = r.at(a, k.add(2), k);
        r.run(applyLeft, order, order, v, tau.add(k.mul(bytes)), r.at(q, row, row), q.ld);
      });
    });
    r.range(first, end.sub(2), (k) => r.fill(r.at(a, k.add(2), k), 0, end.sub(k).sub(2).mul(bytes)));
  });
}
