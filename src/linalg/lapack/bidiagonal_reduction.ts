// Matrices m × n, m ≥ n, to real upper bidiagonal ones, QᴴAP = B, inside WebAssembly. The update by the last pair of
// reflectors, the products with the next column's reflector, the row that results and the sum of columns weighted by
// that row go through the matrix in one pass; the product with the row's reflector follows from that sum.
// Sources: Golub, Kahan, "Calculating the singular values and pseudo-inverse of a matrix", SIAM J. Numer. Anal. 2(2), 1965;
// Howell et al., "Cache efficient bidiagonalization using BLAS 2.5 operators", TOMS 34(3), 2008.

import type { Callee } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field } from './language.ts';
import type { Reflectors } from './reflector.ts';
import { alongColumns, DotSums, VectorFactor, type Vectors } from './vectors.ts';

const i32s = (n: number): WasmType[] => new Array<WasmType>(n).fill('i32');

/**
 * sweep(m, n, A, ld, u, q, next, tau, p, v, newP, row, y): for each column j, A −= u·pⱼ + q·conj(vⱼ), newPⱼ = conj(tau)·nextᴴA
 * (tau at an address), rowⱼ = conj(A₀ⱼ − newPⱼ), y += A·rowⱼ.
 */
function sweepOf(module: ModuleCode, field: Field): Callee {
  const { lane, bytes, complex } = field;
  return defineNumeric(module, field, i32s(13), undefined, (r, m, n, a, ld, u, q, next, tau, p, v, newP, row, y) => {
    const left = r.let(n);
    const t = r.get(tau).conj();
    const group = (count: number): void => {
      const offsets = Array.from({ length: count }, (_, c) => c);
      const ps = offsets.map((c) => r.get(p, c * bytes));
      const vs = offsets.map((c) => r.get(v, c * bytes).conj());
      const columns = offsets.map((c) => (c === 0 ? a : r.let(a.add(ld.mul(c)))));
      const rests = offsets.map(() => r.variable(0));
      const sums = new DotSums(r, count);
      const [byU, byQ] = [ps, vs].map((xs) => xs.map((x) => new VectorFactor(r, x)));
      alongColumns(
        r,
        m,
        [u, q, next, ...columns],
        ([pu, pq, pn, ...pa], o) => {
          const [xu, xq, xn] = [pu, pq, pn].map((at) => r.let(r.loadVector(at, o)));
          pa.forEach((at, c) => {
            const x = r.let(
              r.loadVector(at, o).lanes('sub', lane, byU[c].times(xu)).lanes('sub', lane, byQ[c].times(xq)),
            );
            r.storeVector(at, x, o);
            sums.add(xn, x, c);
          });
        },
        ([pu, pq, pn, ...pa]) => {
          const [xu, xq, xn] = [pu, pq, pn].map((at) => r.get(at));
          pa.forEach((at, c) => {
            const x = r.get(at).sub(xu.mul(ps[c])).sub(xq.mul(vs[c]));
            r.put(at, x);
            rests[c].set(rests[c].add(xn.conj().mul(x)));
          });
        },
        1,
      );
      const weights = offsets.map((c) => {
        const x = t.mul(sums.one(c, true).add(rests[c]));
        r.put(newP.add(c * bytes), x);
        const w = r.get(columns[c]).sub(x).conj();
        r.put(row.add(c * bytes), w);
        return w;
      });
      const factors = weights.map((x) => new VectorFactor(r, x));
      alongColumns(
        r,
        m,
        [y, ...columns],
        ([py, ...pa], o) => {
          const to = r.let(r.loadVector(py, o));
          pa.forEach((at, c) => {
            r.set(to, to.lanes('add', lane, factors[c].times(r.loadVector(at, o))));
          });
          r.storeVector(py, to, o);
        },
        ([py, ...pa]) => {
          let to = r.get(py);
          pa.forEach((at, c) => {
            to = to.add(r.get(at).mul(weights[c]));
          });
          r.put(py, to);
        },
        1,
      );
      for (const x of [p, v, newP, row]) r.bump(x, count * bytes);
      r.bump(a, ld.mul(count));
      r.set(left, left.sub(count));
    };
    if (!complex) r.while(r.int(1).lessSigned(left), () => group(2));
    r.while(r.int(0).lessSigned(left), () => group(1));
  });
}

/** Bytes of `work` below. */
export const bidiagonalScratch = (m: number, n: number, { bytes }: Field): number => bytes * (3 * m + 3 * n);

/**
 * reduce(m, n, A, ld, d, e, tauQ, tauP, V, work): B's diagonal d and superdiagonal e (real). Reflectors of Q below A's
 * diagonal, their first elements (1) on it; those of P below the diagonal of the n × n matrix V, the ones of column k
 * from row k + 1 on; n and n − 1 factors.
 */
export function bidiagonalReductionOf(
  module: ModuleCode,
  field: Field,
  { axpy, scale, dot, addColumns }: Vectors,
  { make }: Reflectors,
): Callee {
  const { bytes, width, tiny } = field;
  const sweep = sweepOf(module, field);
  return defineNumeric(module, field, i32s(10), undefined, (r, m, n, a, ld, d, e, tauQ, tauP, vs, work) => {
    const [tall, wide] = [r.let(m.mul(bytes)), r.let(n.mul(bytes))];
    r.fill(work, 0, tall.add(wide).mul(3));
    // Zero vectors for the first step: u and q of `zeros`, p and v as well.
    const zeros = r.let(work);
    const [q, y] = [r.let(zeros), r.let(zeros.add(tall))];
    const other = r.let(y.add(tall));
    const zeroRow = r.let(other.add(tall));
    const [p, newP, otherP] = [r.let(zeroRow), r.let(zeroRow.add(wide)), r.local('i32')];
    r.set(otherP, newP.add(wide));
    const [u, v] = [r.let(zeros), r.let(zeroRow)];
    const diagonal = r.let(a);
    const row = r.let(vs.add(bytes));
    const [rows, columns] = [r.let(m), r.let(n)];
    r.block((done) => {
      r.loop((again) => {
        r.run(axpy, ...r.argument(r.get(p).neg()), rows, u, diagonal);
        r.run(axpy, ...r.argument(r.get(v).conj().neg()), rows, q, diagonal);
        r.run(make, rows, diagonal, diagonal.add(bytes), tauQ);
        r.putReal(d, r.get(diagonal).real());
        r.put(diagonal, 1);
        r.bump(columns, -1);
        done.when(columns.lessSigned(1));
        r.fill(y, 0, rows.mul(bytes));
        const second = r.let(diagonal.add(ld));
        for (const x of [p, v]) r.bump(x, bytes);
        r.run(sweep, rows, columns, second, ld, u, q, diagonal, tauQ, p, v, newP, row, y);
        const alpha = r.get(row);
        r.run(make, columns, row, row.add(bytes), tauP);
        const beta = r.get(row).real();
        r.putReal(e, beta);
        r.put(row, 1);
        const t = r.get(tauP);
        // y = A·v with v = (row − beta·e₁)/(alpha − beta), anew where that lost digits.
        const apart = alpha.sub(beta);
        r.if(t.eq(0).isZero(), () => {
          r.if(
            apart.abs1().lt(Math.sqrt(tiny)),
            () => {
              r.fill(y, 0, rows.mul(bytes));
              r.run(addColumns, ...r.argument(r.number(1)), rows, columns, second, ld, row, r.int(bytes), y);
            },
            () => {
              r.run(axpy, ...r.argument(beta.neg()), rows, second, y);
              r.run(scale, ...r.argument(r.number(1).div(apart)), rows, y);
            },
          );
          const share = r.numberFrom(r.call(dot, columns, newP, row));
          r.run(axpy, ...r.argument(share.neg()), rows, diagonal, y);
        });
        r.run(scale, ...r.argument(t), rows, y);
        r.set(u, diagonal.add(bytes));
        r.set(q, y.add(bytes));
        r.set(y, other);
        r.set(other, q.sub(bytes));
        r.set(p, newP);
        r.set(newP, otherP);
        r.set(otherP, p);
        r.set(v, row);
        r.bump(diagonal, ld.add(bytes));
        r.bump(row, wide.add(bytes));
        r.bump(d, width);
        r.bump(e, width);
        r.bump(tauQ, bytes);
        r.bump(tauP, bytes);
        r.bump(rows, -1);
        again();
      });
    });
  });
}
