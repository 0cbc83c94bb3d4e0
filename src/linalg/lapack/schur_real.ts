// Eigenvalues of a real Hessenberg matrix by double-shift QR steps, which leave the real Schur form: T upper triangular
// but for 2 × 2 blocks of conjugate pairs, those standardized (equal diagonal, off-diagonals of opposite sign).
// Source: Francis, "The QR transformation", Computer J. 4, 1961/62; Ahues, Tisseur, "A new deflation criterion for the QR
// algorithm", LAPACK working note 122, 1997.

import type { Callee, Value, Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { activePart, EXCEPTIONAL } from './active_part.ts';
import { type Columns, defineNumeric, type Field, type Num } from './language.ts';
import { type Reflector, reflectOf, reflectorOf, reflectRows } from './small_reflector.ts';
import { standardized } from './standard_block.ts';
import type { Vectors } from './vectors.ts';

/**
 * schur(n, h, ld, first, end, w, z, ldz): the eigenvalues of a Hessenberg matrix, isolated ones outside `first` … `end`, as
 * complex numbers into w. With z ≠ 0, h becomes T and z is multiplied by the transformations; without, only the diagonal
 * of h is right. Returns 0, or how many eigenvalues were not found: those of the first rows.
 */
export function realSchurOf(module: ModuleCode, field: Field, vectors: Vectors): Callee {
  const { bytes, eps } = field;
  const { rotate } = vectors;
  const reflect = { 2: reflectOf(module, field, 2), 3: reflectOf(module, field, 3) };
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  return defineNumeric(module, field, params, 'i32', (r, n, ptr, ld, low, end, w, zPtr, ldz) => {
    const h: Columns = { ptr, ld };
    const z: Columns = { ptr: zPtr, ld: ldz };
    const { get, put, i, l, limit, steps, firstRow, lastColumn, split } = activePart(r, h, n, low, end);
    const eigenvalue = (i: Value, re: Num, im: Num | number): void => {
      const to = r.let(w.add(i.mul(2 * bytes)));
      r.putReal(to, re);
      r.putReal(to, im, bytes);
    };
    const allRows = r.let(zPtr.ne(0));
    // isolated eigenvalues; and what balancing left below the diagonal there is 0
    r.range(r.int(0), n, (i) => eigenvalue(i, get(i, i), 0));

    /** The two shifts: those of the last 2 × 2 block, a real pair replaced by its better half. */
    const [re1, im1, re2] = [r.variable(0), r.variable(0), r.variable(0)];
    const shifts = (sinceDeflation: Variable): void => {
      const [a, b, c, d] = [get(i, i, -1, -1), get(i, i, -1, 0), get(i, i, 0, -1), get(i, i)].map((x) => r.variable(x));
      const madeUp = (size: Num, corner: Num): void => {
        a.set(size.mul(0.75).add(corner));
        b.set(size.mul(-0.4375));
        c.set(size);
        d.set(a);
      };
      const turn = r.let(sinceDeflation.sub(sinceDeflation.div(2 * EXCEPTIONAL).mul(2 * EXCEPTIONAL)));
      r.if(turn.eq(0), () => madeUp(c.abs().add(get(i, i, -1, -2).abs()), get(i, i)));
      r.if(turn.eq(EXCEPTIONAL), () =>
        madeUp(
          get(l, l, 1, 0)
            .abs()
            .add(get(l, l, 2, 1).abs()),
          get(l, l),
        ),
      );
      const s = a.abs().add(b.abs()).add(c.abs()).add(d.abs());
      for (const x of [re1, im1, re2]) x.set(0);
      r.if(s.eq(0).isZero(), () => {
        const [p, q, u, v] = [a, b, c, d].map((x) => x.div(s));
        const mean = p.add(v).mul(0.5);
        const det = p.sub(mean).mul(v.sub(mean)).sub(q.mul(u));
        const root = det.abs().sqrt();
        r.if(
          r.number(0).le(det),
          () => {
            re1.set(mean.mul(s));
            im1.set(root.mul(s));
          },
          () => {
            const [x, y] = [mean.add(root), mean.sub(root)];
            const nearer = x.sub(v).abs().le(y.sub(v).abs());
            re1.set(r.real(nearer.select(x.re, y.re)).mul(s));
          },
        );
        re2.set(re1);
      });
    };

    /** First column of the double step from row m on, up to a factor. */
    const [v0, v1, v2] = [r.variable(0), r.variable(0), r.variable(0)];
    const m = r.local('i32');
    const start = (): void => {
      r.downward(i.sub(1), l, (k, leave) => {
        r.set(m, k);
        const [here, next] = [get(k, k), get(k, k, 1, 1)];
        const below = get(k, k, 1, 0);
        const s = here.sub(re2).abs().add(im1.abs()).add(below.abs());
        const share = below.div(s);
        const x0 = share
          .mul(get(k, k, 0, 1))
          .add(here.sub(re1).mul(here.sub(re2).div(s)))
          .add(im1.mul(im1.div(s)));
        const x1 = share.mul(here.add(next).sub(re1).sub(re2));
        const x2 = share.mul(get(k, k, 2, 1));
        const sum = x0.abs().add(x1.abs()).add(x2.abs());
        for (const [to, x] of [
          [v0, x0],
          [v1, x1],
          [v2, x2],
        ] as const)
          to.set(x.div(sum));
        leave.when(k.eq(l));
        const around = get(k, k, -1, -1).abs().add(here.abs()).add(next.abs());
        const gone = get(k, k, 0, -1).abs().mul(v1.abs().add(v2.abs()));
        leave.when(gone.le(v0.abs().mul(around).mul(eps)));
      });
    };

    const apply = (k: Variable, made: Reflector, columns: 2 | 3): void => {
      const { t, v } = made;
      reflectRows(r, made, r.at(h, k, k), ld, k, lastColumn);
      const numbers = [t.re, ...v.filter((x) => x !== undefined).map((x) => x.re)];
      const three = (at: (j: Value) => Value): Value[] =>
        Array.from({ length: columns }, (_, c) => at(c === 0 ? k : k.add(c)));
      // Rows down to one below the reflected ones, but not past the active part.
      const bottom = r.let(k.add(columns === 3 ? 4 : 2));
      r.if(i.add(1).lessSigned(bottom), () => r.set(bottom, i.add(1)));
      const of = three((j) => r.at(h, firstRow, j));
      r.run(reflect[columns], ...numbers, bottom.sub(firstRow), ...of);
      r.if(allRows, () => r.run(reflect[columns], ...numbers, n, ...three((j) => r.at(z, r.int(0), j))));
    };
    const sweep = (): void => {
      r.range(m, i, (k) => {
        const later = r.let(m.lessSigned(k));
        const last = r.let(k.add(1).eq(i));
        r.if(later, () => {
          v0.set(get(k, k, 0, -1));
          v1.set(get(k, k, 1, -1));
          r.if(last.isZero(), () => v2.set(get(k, k, 2, -1)));
        });
        const write = (made: Reflector, columns: 2 | 3): void => {
          r.if(
            later,
            () => {
              put(k, k, made.beta, 0, -1);
              put(k, k, 0, 1, -1);
              if (columns === 3) put(k, k, 0, 2, -1);
            },
            // not −h: the reflection is the identity where v is almost nothing
            () => r.if(l.lessSigned(k), () => put(k, k, get(k, k, 0, -1).mul(r.number(1).sub(made.t)), 0, -1)),
          );
          apply(k, made, columns);
        };
        r.if(
          last,
          () => write(reflectorOf(r, v0, v1), 2),
          () => write(reflectorOf(r, v0, v1, v2), 3),
        );
      });
    };

    /** The block of rows i − 1 and i stands alone. */
    const pair = (): void => {
      const j = r.let(i.sub(1));
      const { a, b, c, d, cs, sn } = standardized(r, get(j, j), get(j, j, 0, 1), get(j, j, 1, 0), get(j, j, 1, 1));
      put(j, j, a);
      put(j, j, b, 0, 1);
      put(j, j, c, 1, 0);
      put(j, j, d, 1, 1);
      const im = r.variable(0, 'real');
      r.if(c.eq(0).isZero(), () => im.set(b.abs().sqrt().mul(c.abs().sqrt())));
      eigenvalue(j, a, im);
      eigenvalue(i, d, r.number(0).sub(im)); // not −0
      r.if(allRows, () => {
        const p = r.let(r.at(h, j, i.add(1)));
        r.range(i.add(1), n, () => {
          const [x, y] = [r.get(p), r.get(p, bytes)];
          r.put(p, x.mul(cs).add(y.mul(sn)));
          r.put(p, y.mul(cs).sub(x.mul(sn)), bytes);
          r.bump(p, ld);
        });
        r.run(rotate, cs.re, sn.re, j, r.at(h, r.int(0), j), r.at(h, r.int(0), i));
        r.run(rotate, cs.re, sn.re, n, r.at(z, r.int(0), j), r.at(z, r.int(0), i));
      });
    };

    r.loop((next) => {
      r.if(i.lessSigned(low).isZero(), () => {
        r.set(steps, 0);
        r.block((alone) => {
          r.loop((again) => {
            split();
            alone.when(i.sub(1).lessSigned(l.add(1)));
            r.bump(steps, 1);
            r.bump(limit, -1);
            r.if(limit.lessSigned(0), () => r.return(i.add(1)));
            r.if(allRows.isZero(), () => {
              r.set(firstRow, l);
              r.set(lastColumn, i);
            });
            shifts(steps);
            start();
            sweep();
            again();
          });
        });
        r.if(
          l.eq(i),
          () => eigenvalue(i, get(i, i), 0),
          () => pair(),
        );
        r.set(i, l.sub(1));
        next();
      });
    });
    r.return(0);
  });
}
