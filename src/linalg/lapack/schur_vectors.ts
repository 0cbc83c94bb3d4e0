// Eigenvectors of a Schur form by back substitution, scaled on the way so that nothing overflows: eigenvalues that are
// equal or nearly so are taken as apart by rounding. Inside WebAssembly.
// Source: Golub, Van Loan, "Matrix Computations", 7.6.4; the scaling as in LAPACK's trevc.

import type { Callee, Value, Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { type Columns, defineNumeric, type Field, type Num, type NumberRoutine, NumVariable } from './language.ts';
import type { Vectors } from './vectors.ts';

/** The columns of a vector: real and imaginary part in a real field, both together in a complex one. */
class Unknown {
  readonly #r: NumberRoutine;
  readonly columns: readonly Value[];

  constructor(r: NumberRoutine, columns: readonly Value[]) {
    this.#r = r;
    this.columns = columns;
  }
  #addresses(i: Value): Variable[] {
    return this.columns.map((c) => this.#r.let(c.add(i.mul(this.#r.field.bytes))));
  }
  get(i: Value): Num {
    const parts = this.#addresses(i).map((at) => this.#r.get(at));
    return parts.length === 1 ? parts[0] : this.#r.complex(parts[0], parts[1]);
  }
  put(i: Value, x: Num): void {
    const addresses = this.#addresses(i);
    if (addresses.length === 1) this.#r.put(addresses[0], x);
    else
      [x.real(), x.imag()].forEach((part, p) => {
        this.#r.put(addresses[p], part);
      });
  }
}

/**
 * vectors(n, t, ld, w, x, sums): the columns of x (n × n, dense) become the eigenvectors of the Schur form t, upper
 * triangular; of a conjugate pair of a real one the real part and the imaginary part. `sums`: n reals.
 */
export function schurVectorsOf(module: ModuleCode, field: Field, { axpy, scaleReal }: Vectors): Callee {
  const { bytes, width, eps, tiny, complex, lane } = field;
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  return defineNumeric(module, field, params, undefined, (r, n, ptr, ld, w, to, sums) => {
    const t: Columns = { ptr, ld };
    const x: Columns = { ptr: to, ld: r.let(n.mul(bytes)) };
    const least = r.real(n.float(lane)).mul(tiny / eps);
    const most = r.number(1 - eps).div(least);
    const get = (i: Value, j: Value): Num => r.get(r.at(t, i, j));
    const sumOf = (j: Value): Num => r.getReal(sums.add(j.mul(width)));
    r.range(r.int(0), n, (j) => {
      const sum = r.variable(0, 'real');
      const p = r.let(r.at(t, r.int(0), j));
      r.range(r.int(0), j, () => {
        sum.set(sum.add(r.get(p).abs1()));
        r.bump(p, bytes);
      });
      r.putReal(sums.add(j.mul(width)), sum);
    });

    /** Solves for the elements of `u` before row `end`, which hold the right side; `length` elements belong to it. */
    const substitute = (u: Unknown, end: Value, length: Value, value: Num): void => {
      const floor = value.abs1().mul(eps).max(least);
      const times = (s: Num): void => {
        for (const c of u.columns) r.run(scaleReal, s.re, length, c);
      };
      const safe = (d: Num): Num => {
        const result = new NumVariable(r, r.local(lane), d.im && r.local(lane));
        result.set(d);
        r.if(d.abs1().lt(floor), () => result.set(floor));
        return result;
      };
      /** Makes room where the quotient by d would be too large. */
      const before = (size: Num, d: Num): void => {
        const pivot = d.abs1();
        r.if(pivot.lt(1).and(pivot.mul(most).lt(size)), () => times(r.number(1).div(size)));
      };
      /** Makes room where adding multiples of columns would. */
      const after = (size: Num, sum: Num): void => {
        r.if(r.number(1).lt(size).and(most.div(size).lt(sum)), () => times(r.number(1).div(size)));
      };
      const eliminate = (j: Value, rows: Value): void => {
        const solved = u.get(j).neg();
        const column = r.let(r.at(t, r.int(0), j));
        if (u.columns.length === 1) r.run(axpy, ...r.argument(solved), rows, column, u.columns[0]);
        else
          [solved.real(), solved.imag()].forEach((s, p) => {
            r.run(axpy, s.re, rows, column, u.columns[p]);
          });
      };
      const one = (j: Variable): void => {
        const d = safe(get(j, j).sub(value));
        before(u.get(j).abs1(), d);
        u.put(j, u.get(j).div(d));
        after(u.get(j).abs1(), sumOf(j));
        eliminate(j, j);
      };
      const two = (j: Variable): void => {
        const i = r.let(j.sub(1));
        const [p, q, below, last] = [get(i, i), get(i, j), get(j, i), get(j, j)];
        const [first, second] = [p.sub(value), last.sub(value)];
        const solve = (top: readonly Num[], bottom: readonly Num[], rows: readonly Value[]): void => {
          const factor = bottom[0].div(top[0]);
          const d = safe(bottom[1].sub(factor.mul(top[1])));
          before(u.get(i).abs1().max(u.get(j).abs1()), d);
          const y = u
            .get(rows[1])
            .sub(factor.mul(u.get(rows[0])))
            .div(d);
          const z = u.get(rows[0]).sub(top[1].mul(y)).div(top[0]);
          u.put(j, y);
          u.put(i, z);
        };
        r.if(
          below.abs().le(first.abs1()),
          () => solve([first, q], [below, second], [i, j]),
          () => solve([below, second], [first, q], [j, i]),
        );
        after(u.get(i).abs1().max(u.get(j).abs1()), sumOf(i).max(sumOf(j)));
        eliminate(j, i);
        eliminate(i, i);
      };
      const j = r.let(end.sub(1));
      r.while(j.lessSigned(0).isZero(), () => {
        if (complex) one(j);
        else {
          const single = r.let(r.int(1));
          r.if(r.int(0).lessSigned(j), () => r.set(single, get(j, j.sub(1)).eq(0)));
          r.if(
            single,
            () => one(j),
            () => {
              two(j);
              r.bump(j, -1);
            },
          );
        }
        r.bump(j, -1);
      });
    };

    /** The right side: minus column j of t above row `end`; 0 below. */
    const rightSide = (j: Value, end: Value, factor?: Num): Variable => {
      const column = r.let(r.at(x, r.int(0), j));
      r.fill(column, 0, x.ld);
      r.run(axpy, ...r.argument(factor?.neg() ?? r.number(-1)), end, r.at(t, r.int(0), j), column);
      return column;
    };
    const k = r.let(n.sub(1));
    r.while(k.lessSigned(0).isZero(), () => {
      const alone = (): void => {
        const u = new Unknown(r, [rightSide(k, k)]);
        u.put(k, r.number(1));
        substitute(u, k, k.add(1), complex ? r.get(w.add(k.mul(bytes))) : get(k, k));
      };
      const paired = (): void => {
        const j = r.let(k.sub(1));
        const value = r.complex(get(j, j), r.getReal(w.add(j.mul(2 * bytes)), bytes));
        const [across, below] = [get(j, k), get(k, j)];
        const [first, second] = [r.variable(1), r.variable(1)];
        r.if(
          below.abs().le(across.abs()),
          () => second.set(value.imag().div(across)),
          () => first.set(value.imag().div(below).neg()),
        );
        const columns = [rightSide(j, j, first), rightSide(k, j, second)];
        r.put(columns[0].add(j.mul(bytes)), first);
        r.put(columns[1].add(k.mul(bytes)), second);
        substitute(new Unknown(r, columns), j, k.add(1), value);
        r.bump(k, -1);
      };
      if (complex) alone();
      else {
        const single = r.let(r.int(1));
        r.if(r.int(0).lessSigned(k), () => r.set(single, get(k, k.sub(1)).eq(0)));
        r.if(single, alone, paired);
      }
      r.bump(k, -1);
    });
  });
}
