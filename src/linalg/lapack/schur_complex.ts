// Eigenvalues of a complex Hessenberg matrix by single-shift QR steps of rotations, which leave its Schur form.
// Source: Golub, Van Loan, "Matrix Computations", 7.5 and 7.6; Wilkinson's shift; the deflation criterion of Ahues,
// Tisseur, LAPACK working note 122, 1997.

import type { Callee, Value, Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { activePart, EXCEPTIONAL } from './active_part.ts';
import { type Columns, defineNumeric, type Field, type Num, type NumberRoutine } from './language.ts';
import { alongColumns, VectorFactor } from './vectors.ts';

/** Square root of a complex number, with a real part that is not negative. */
function complexRoot(r: NumberRoutine, x: Num): Num {
  const size = x.abs();
  const [re, im] = [x.real(), x.imag()];
  // The half that does not cancel first.
  const more = size.add(re.abs()).mul(0.5).sqrt();
  const result = r.variable(0);
  r.if(more.eq(0).isZero(), () => {
    const other = im.div(more.mul(2));
    const right = re.lt(0).isZero();
    const a = right.select(more.re, other.re.abs());
    const b = right.select(other.re, more.re.copysign(im.re));
    result.set(r.complex(r.real(a), r.real(b)));
  });
  return result;
}

/** rotate(c, re, im, n, x, y): the columns (x, y) become (c·x + s·y, c·y − conj(s)·x) with s = re + i·im. */
function rotateOf(module: ModuleCode, field: Field): Callee {
  const { lane } = field;
  return defineNumeric(
    module,
    field,
    [lane, lane, lane, 'i32', 'i32', 'i32'],
    undefined,
    (r, c, re, im, n, ...columns) => {
      const s = r.numberOf(re, im);
      const [cs, forward, back] = [r.let(c.splat()), new VectorFactor(r, s), new VectorFactor(r, s.conj())];
      alongColumns(
        r,
        n,
        columns,
        ([p, q], o) => {
          const [x, y] = [r.let(r.loadVector(p, o)), r.let(r.loadVector(q, o))];
          r.storeVector(p, cs.lanes('mul', lane, x).lanes('add', lane, forward.times(y)), o);
          r.storeVector(q, cs.lanes('mul', lane, y).lanes('sub', lane, back.times(x)), o);
        },
        ([p, q]) => {
          const [x, y] = [r.get(p), r.get(q)];
          r.put(p, s.mul(y).add(x.mul(r.numberOf(c))));
          r.put(q, y.mul(r.numberOf(c)).sub(s.conj().mul(x)));
        },
      );
    },
  );
}

/**
 * schur(n, h, ld, first, end, w, z, ldz): the eigenvalues of a Hessenberg matrix, isolated ones outside `first` … `end`,
 * into w. With z ≠ 0, h becomes T and z is multiplied by the transformations; without, only the diagonal of h is right.
 * Returns 0, or how many eigenvalues were not found: those of the first rows.
 */
export function complexSchurOf(module: ModuleCode, field: Field): Callee {
  const { bytes, eps } = field;
  const rotate = rotateOf(module, field);
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  return defineNumeric(module, field, params, 'i32', (r, n, ptr, ld, low, end, w, zPtr, ldz) => {
    const h: Columns = { ptr, ld };
    const z: Columns = { ptr: zPtr, ld: ldz };
    const { get, put, i, l, limit, steps, firstRow, lastColumn, split } = activePart(r, h, n, low, end);
    const eigenvalue = (i: Value, x: Num): void => r.put(w.add(i.mul(bytes)), x);
    const allRows = r.let(zPtr.ne(0));
    r.range(r.int(0), n, (i) => eigenvalue(i, get(i, i)));

    /** The eigenvalue of the last 2 × 2 block nearer to its last element. */
    const shift = r.variable(0);
    const choose = (sinceDeflation: Variable): void => {
      const turn = r.let(sinceDeflation.sub(sinceDeflation.div(2 * EXCEPTIONAL).mul(2 * EXCEPTIONAL)));
      shift.set(get(i, i));
      const u = complexRoot(r, get(i, i, -1, 0)).mul(complexRoot(r, get(i, i, 0, -1)));
      r.if(u.eq(0).isZero(), () => {
        const x = get(i, i, -1, -1).sub(shift).mul(0.5);
        const [sx, su] = [x.abs1(), u.abs1()];
        const s = sx.max(su);
        const [p, q] = [x.div(s), u.div(s)];
        const y = r.variable(complexRoot(r, p.mul(p).add(q.mul(q))).mul(s));
        const along = x.real().mul(y.real()).add(x.imag().mul(y.imag()));
        r.if(along.lt(0), () => y.set(y.neg()));
        shift.set(shift.sub(u.mul(u.div(x.add(y)))));
      });
      r.if(turn.eq(0), () => shift.set(get(i, i, 0, -1).abs1().mul(0.75).add(get(i, i))));
      r.if(turn.eq(EXCEPTIONAL), () => shift.set(get(l, l, 1, 0).abs1().mul(0.75).add(get(l, l))));
    };

    const [x, y] = [r.variable(0), r.variable(0)];
    const m = r.local('i32');
    const start = (): void => {
      r.downward(i, l, (k, leave) => {
        r.set(m, k);
        const [here, next] = [get(k, k), get(k, k, 1, 1)];
        const below = get(k, k, 1, 0);
        const moved = here.sub(shift);
        const s = moved.abs1().add(below.abs1());
        x.set(moved.div(s));
        y.set(below.div(s));
        leave.when(k.eq(l));
        const around = here.abs1().add(next.abs1());
        const gone = get(k, k, 0, -1).abs1().mul(y.abs1());
        leave.when(gone.le(x.abs1().mul(around).mul(eps)));
      });
    };

    const sweep = (): void => {
      r.range(m, i, (k) => {
        const later = r.let(m.lessSigned(k));
        r.if(later, () => {
          x.set(get(k, k, 0, -1));
          y.set(get(k, k, 1, -1));
        });
        // c real, s: (x, y) becomes (c·x + s·y, 0)
        const c = r.variable(1, 'real');
        const s = r.variable(0);
        const top = r.variable(x);
        r.if(y.eq(0).isZero(), () => {
          const [ax, ay] = [x.abs(), y.abs()];
          const length = r.complex(ax, ay).abs();
          c.set(ax.div(length));
          const phase = r.variable(1);
          r.if(ax.eq(0).isZero(), () => phase.set(x.div(ax)));
          s.set(phase.mul(y.conj().div(length)));
          top.set(phase.mul(length));
        });
        r.if(
          later,
          () => {
            put(k, k, top, 0, -1);
            put(k, k, 0, 1, -1);
          },
          () => r.if(l.lessSigned(k), () => put(k, k, get(k, k, 0, -1).mul(c), 0, -1)),
        );
        const p = r.let(r.at(h, k, k));
        r.range(k, lastColumn.add(1), () => {
          const [a, b] = [r.get(p), r.get(p, bytes)];
          r.put(p, s.mul(b).add(a.mul(c)));
          r.put(p, b.mul(c).sub(s.conj().mul(a)), bytes);
          r.bump(p, ld);
        });
        const bottom = r.let(k.add(3));
        r.if(i.add(1).lessSigned(bottom), () => r.set(bottom, i.add(1)));
        const numbers = [c.re, ...r.argument(s.conj())];
        r.run(rotate, ...numbers, bottom.sub(firstRow), r.at(h, firstRow, k), r.at(h, firstRow, k.add(1)));
        r.if(allRows, () => r.run(rotate, ...numbers, n, r.at(z, r.int(0), k), r.at(z, r.int(0), k.add(1))));
      });
    };

    r.loop((next) => {
      r.if(i.lessSigned(low).isZero(), () => {
        r.set(steps, 0);
        r.block((alone) => {
          r.loop((again) => {
            split();
            alone.when(l.eq(i));
            r.bump(steps, 1);
            r.bump(limit, -1);
            r.if(limit.lessSigned(0), () => r.return(i.add(1)));
            r.if(allRows.isZero(), () => {
              r.set(firstRow, l);
              r.set(lastColumn, i);
            });
            choose(steps);
            start();
            sweep();
            again();
          });
        });
        eigenvalue(i, get(i, i));
        r.bump(i, -1);
        next();
      });
    });
    r.return(0);
  });
}
