// Hermitian matrices to real tridiagonal ones, QᴴAQ = T, inside WebAssembly. The update by the last reflector and the
// product with the next one go through the triangle in one pass: every element is loaded and stored once per column
// that is cleared, which is what the reduction costs; blocks (latrd) would save the stores and add products.
// Sources: Golub, Van Loan, "Matrix Computations", 8.3.1; the pass as in Howell et al., "Cache efficient
// bidiagonalization using BLAS 2.5 operators", TOMS 34(3), 2008. Conventions of LAPACK's hetd2, lower triangle.

import type { Callee, Value } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field } from './language.ts';
import type { Reflectors } from './reflector.ts';
import { alongColumns, DotSums, VectorFactor, type Vectors } from './vectors.ts';

const i32s = (n: number): WasmType[] => new Array<WasmType>(n).fill('i32');

/**
 * sweep(m, A, ld, p, q, v, y): A −= p·qᴴ + q·pᴴ in the lower triangle, y += A·v with the new A. Vectors have m elements.
 */
function sweepOf(module: ModuleCode, field: Field): Callee {
  const { lane, bytes, complex } = field;
  return defineNumeric(module, field, i32s(7), undefined, (r, m, a, ld, p, q, v, y) => {
    const left = r.let(m);
    const group = (count: number): void => {
      const offsets = Array.from({ length: count }, (_, c) => c);
      const [ps, qs, vs] = [p, q, v].map((x) => offsets.map((c) => r.get(x, c * bytes)));
      const columns = offsets.map((c) => (c === 0 ? a : r.let(a.add(ld.mul(c)))));
      const rests = offsets.map(() => r.variable(0));
      offsets.forEach((c) => {
        for (let i = c; i < count; i++) {
          const at = r.let(columns[c].add(i * bytes));
          const x = r.get(at).sub(ps[i].mul(qs[c].conj())).sub(qs[i].mul(ps[c].conj()));
          r.put(at, i === c ? x.real() : x);
          const to = y.add(i * bytes);
          if (i === c) r.put(to, r.get(to).add(vs[c].mul(x.real())));
          else {
            r.put(to, r.get(to).add(x.mul(vs[c])));
            rests[c].set(rests[c].add(x.conj().mul(vs[i])));
          }
        }
      });
      const sums = new DotSums(r, count);
      const factors = offsets.map((c) => ({
        p: new VectorFactor(r, qs[c].conj()),
        q: new VectorFactor(r, ps[c].conj()),
        y: new VectorFactor(r, vs[c]),
      }));
      const below = (x: Value): Value => x.add(count * bytes);
      alongColumns(
        r,
        left.sub(count),
        [...[p, q, v, y].map(below), ...columns.map(below)],
        ([pp, pq, pv, py, ...pa], o) => {
          const [xp, xq, xv] = [pp, pq, pv].map((at) => r.let(r.loadVector(at, o)));
          const to = r.let(r.loadVector(py, o));
          pa.forEach((at, c) => {
            const { p: byP, q: byQ, y: byY } = factors[c];
            const updated = r.let(
              r.loadVector(at, o).lanes('sub', lane, byP.times(xp)).lanes('sub', lane, byQ.times(xq)),
            );
            r.storeVector(at, updated, o);
            r.set(to, to.lanes('add', lane, byY.times(updated)));
            sums.add(updated, xv, c);
          });
          r.storeVector(py, to, o);
        },
        ([pp, pq, pv, py, ...pa]) => {
          const [xp, xq, xv] = [pp, pq, pv].map((at) => r.get(at));
          let to = r.get(py);
          pa.forEach((at, c) => {
            const x = r.get(at).sub(xp.mul(qs[c].conj())).sub(xq.mul(ps[c].conj()));
            r.put(at, x);
            to = to.add(x.mul(vs[c]));
            rests[c].set(rests[c].add(x.conj().mul(xv)));
          });
          r.put(py, to);
        },
        1,
      );
      offsets.forEach((c) => {
        const to = y.add(c * bytes);
        r.put(to, r.get(to).add(sums.one(c, true)).add(rests[c]));
      });
      for (const x of [p, q, v, y]) r.bump(x, count * bytes);
      r.bump(a, ld.mul(count).add(count * bytes));
      r.set(left, left.sub(count));
    };
    if (!complex) r.while(r.int(1).lessSigned(left), () => group(2));
    r.while(r.int(0).lessSigned(left), () => group(1));
  });
}

/** Elements of scratch per row. */
export const REDUCTION_SCRATCH = 3;

/**
 * reduce(n, A, ld, d, e, tau, work): the lower triangle of A becomes T's diagonal d and subdiagonal e (real) and the
 * reflectors below the subdiagonal, their first elements (1) on it, with n − 1 factors tau. `work`: 3n elements.
 */
export function tridiagonalReductionOf(
  module: ModuleCode,
  field: Field,
  { axpy, scale, dotConjugated }: Vectors,
  { make }: Reflectors,
): Callee {
  const { bytes, width } = field;
  const sweep = sweepOf(module, field);
  return defineNumeric(module, field, i32s(7), undefined, (r, n, a, ld, d, e, tau, work) => {
    const row = r.let(n.mul(bytes));
    r.fill(work, 0, row.mul(REDUCTION_SCRATCH));
    const [p, q] = [r.let(work), r.let(work)];
    const [y, other] = [r.let(work.add(row)), r.let(work.add(row.mul(2)))];
    const diagonal = r.let(a);
    const m = r.let(n);
    r.block((done) => {
      r.loop((again) => {
        r.run(axpy, ...r.argument(r.get(q).conj().neg()), m, p, diagonal);
        r.run(axpy, ...r.argument(r.get(p).conj().neg()), m, q, diagonal);
        r.putReal(d, r.get(diagonal).real());
        r.bump(m, -1);
        done.when(m.lessSigned(1));
        const v = r.let(diagonal.add(bytes));
        r.run(make, m, v, v.add(bytes), tau);
        r.putReal(e, r.get(v).real());
        r.put(v, 1);
        r.bump(diagonal, ld.add(bytes));
        r.fill(y, 0, m.mul(bytes));
        r.run(sweep, m, diagonal, ld, p.add(bytes), q.add(bytes), v, y);
        const t = r.get(tau);
        r.run(scale, ...r.argument(t), m, y);
        const share = t.mul(-0.5).mul(r.numberFrom(r.call(dotConjugated, m, y, v)));
        r.run(axpy, ...r.argument(share), m, v, y);
        r.set(p, v);
        r.set(q, y);
        r.set(y, other);
        r.set(other, q);
        r.bump(d, width);
        r.bump(e, width);
        r.bump(tau, bytes);
        again();
      });
    });
  });
}
