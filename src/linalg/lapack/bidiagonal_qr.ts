// Singular values and vectors of real upper bidiagonal matrices by implicit QR steps, inside WebAssembly: small values as
// accurate, relative to themselves, as large ones (zero shift). Chasing from the bottom is the same code on the matrix
// transposed and reversed, which is upper bidiagonal too, left and right vectors exchanged.
// Source: Demmel, Kahan, "Accurate singular values of bidiagonal matrices", SIAM J. Sci. Stat. Comput. 11(5), 1990;
// tolerances of LAPACK's bdsqr.

import type { Callee, Value, Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, type Num, type NumberRoutine } from './language.ts';
import { type Rotation, rotationOf } from './rotation.ts';
import type { Vectors } from './vectors.ts';

/** Steps per value before the matrix is given up. */
const STEPS = 40;

const i32s = (n: number): WasmType[] => new Array<WasmType>(n).fill('i32');

/** The smaller singular value of [f g; 0 h], without loss. */
function smallerOf(r: NumberRoutine, f: Num, g: Num, h: Num): Num {
  const [a, b, off] = [f.abs(), h.abs(), g.abs()];
  const [less, more] = [a.min(b), a.max(b)];
  const result = r.variable(0, 'real');
  r.if(less.eq(0).isZero(), () => {
    const sum = less.div(more).add(1);
    const difference = more.sub(less).div(more);
    r.if(
      off.lt(more),
      () => {
        const square = off.div(more).mul(off.div(more));
        const roots = sum.mul(sum).add(square).sqrt().add(difference.mul(difference).add(square).sqrt());
        result.set(less.mul(r.number(2).div(roots)));
      },
      () => {
        const ratio = more.div(off);
        const [x, y] = [sum.mul(ratio), difference.mul(ratio)];
        const roots = x.mul(x).add(1).sqrt().add(y.mul(y).add(1).sqrt());
        result.set(less.div(roots).mul(ratio).mul(2));
      },
    );
  });
  return result;
}

/**
 * qr(n, d, e, u, ldU, rowsU, v, ldV, rowsV, extra): d becomes the singular values, descending; e is destroyed. Columns of u
 * and v (of the field; none where 0) are multiplied by the left and right vectors. With `extra` = 1 the matrix has one
 * column more (e has n elements), whose vector is the last column of v. Returns how many off-diagonals did not vanish.
 */
export function bidiagonalQrOf(module: ModuleCode, field: Field, { rotate, swap, scaleReal }: Vectors): Callee {
  const { width, eps, tiny } = field;
  const half = eps / 2;
  const tolerance = Math.max(10, Math.min(100, half ** -0.125)) * half;
  return defineNumeric(module, field, i32s(10), 'i32', (r, n, d, e, u, ldU, rowsU, v, ldV, rowsV, extra) => {
    const place = (from: Value, i: Value): Value => from.add(i.mul(width));
    const diagonal = (i: Value): Num => r.getReal(place(d, i));
    const put = (at: Value, x: Num | number): void => r.putReal(at, x);
    const turn = (t: Rotation, base: Value, ld: Value, rows: Value, i: Value, j: Value): void =>
      r.if(base, () => {
        r.run(rotate, t.c.re, t.s.re, rows, base.add(i.mul(ld)), base.add(j.mul(ld)));
      });

    r.if(extra, () => {
      // The last column is turned away, from the bottom up.
      const x = r.variable(r.getReal(place(e, n.sub(1))), 'real');
      r.downward(n, r.int(0), (i) => {
        const t = rotationOf(r, diagonal(i), x);
        put(place(d, i), t.r);
        r.if(i, () => {
          const at = r.let(place(e, i.sub(1)));
          const above = r.getReal(at);
          x.set(t.s.neg().mul(above));
          put(at, t.c.mul(above));
        });
        turn(t, v, ldV, rowsV, i, n);
      });
    });

    // What counts as zero: a share of a lower bound of the least singular value.
    const bound = r.variable(diagonal(r.int(0)).abs(), 'real');
    const run = r.variable(bound, 'real');
    /** The bound that continues `from` with the off-diagonal at `off` and the next diagonal element. */
    const continued = (from: Num, next: Num, off: Num): Num => {
      const result = r.variable(0, 'real');
      r.if(from.eq(0).isZero(), () => result.set(next.mul(from.div(from.add(off)))));
      return result;
    };
    r.range(r.int(1), n, (i) => {
      run.set(continued(run, diagonal(i).abs(), r.getReal(place(e, i.sub(1))).abs()));
      bound.set(bound.min(run));
    });
    const size = r.real(n.float(field.lane));
    const zero = bound
      .div(size.sqrt())
      .mul(tolerance)
      .max(size.mul(size).mul(6 * tiny));

    const [l, m, first, direction, shiftOf] = Array.from({ length: 5 }, () => r.local('i32'));
    const end = r.let(n.sub(1));
    const [oldFirst, oldEnd] = [r.let(r.int(-1)), r.let(r.int(-1))];
    // Left and right vectors of the matrix as it is gone through.
    const [left, ldLeft, rowsLeft, right, ldRight, rowsRight] = Array.from({ length: 6 }, () => r.local('i32'));
    const between = (i: Value): Value => place(e, i.add(shiftOf));
    const steps = r.let(n.mul(STEPS).add(40));

    const zeroShift = (): void => {
      const [c, oldC, oldS] = [r.variable(1, 'real'), r.variable(1, 'real'), r.variable(0, 'real')];
      const i = r.let(l);
      r.while(i.ne(m), () => {
        const j = r.let(i.add(direction));
        const byRight = rotationOf(r, diagonal(i).mul(c), r.getReal(between(i)));
        r.if(i.ne(l), () => put(between(i.sub(direction)), oldS.mul(byRight.r)));
        c.set(byRight.c);
        const byLeft = rotationOf(r, oldC.mul(byRight.r), diagonal(j).mul(byRight.s));
        put(place(d, i), byLeft.r);
        oldC.set(byLeft.c);
        oldS.set(byLeft.s);
        turn(byRight, right, ldRight, rowsRight, i, j);
        turn(byLeft, left, ldLeft, rowsLeft, i, j);
        r.set(i, j);
      });
      const h = diagonal(m).mul(c);
      put(place(d, m), h.mul(oldC));
      put(between(m.sub(direction)), h.mul(oldS));
    };
    const shifted = (shift: Num): void => {
      const start = diagonal(l);
      const f = r.variable(
        start
          .abs()
          .sub(shift)
          .mul(r.number(1).copysign(start).add(shift.div(start))),
        'real',
      );
      const g = r.variable(r.getReal(between(l)), 'real');
      const i = r.let(l);
      r.while(i.ne(m), () => {
        const j = r.let(i.add(direction));
        const byRight = rotationOf(r, f, g);
        r.if(i.ne(l), () => put(between(i.sub(direction)), byRight.r));
        const [x, off, y] = [diagonal(i), r.getReal(between(i)), diagonal(j)];
        const offNow = byRight.c.mul(off).sub(byRight.s.mul(x));
        const below = byRight.c.mul(y);
        const byLeft = rotationOf(r, byRight.c.mul(x).add(byRight.s.mul(off)), byRight.s.mul(y));
        put(place(d, i), byLeft.r);
        f.set(byLeft.c.mul(offNow).add(byLeft.s.mul(below)));
        put(place(d, j), byLeft.c.mul(below).sub(byLeft.s.mul(offNow)));
        r.if(j.ne(m), () => {
          const at = r.let(between(j));
          const next = r.getReal(at);
          g.set(byLeft.s.mul(next));
          put(at, byLeft.c.mul(next));
        });
        turn(byRight, right, ldRight, rowsRight, i, j);
        turn(byLeft, left, ldLeft, rowsLeft, i, j);
        r.set(i, j);
      });
      put(between(m.sub(direction)), f);
    };

    const exchange = (to: readonly Variable[], from: readonly Value[]): void => {
      for (let i = 0; i < to.length; i++) r.set(to[i], from[i]);
    };
    const ways = [left, ldLeft, rowsLeft, right, ldRight, rowsRight];

    /** One look at the last block: splits it, takes a value from it or makes a step. */
    const look = (again: () => void): void => {
      // The block that ends at `end`: first … end.
      const most = r.variable(diagonal(end).abs(), 'real');
      r.set(first, end);
      r.block((found) => {
        r.loop((more) => {
          found.when(first.eq(0));
          const at = r.let(place(e, first.sub(1)));
          const off = r.getReal(at).abs();
          r.if(off.le(zero), () => {
            put(at, 0);
            found();
          });
          r.bump(first, -1);
          most.set(most.max(off).max(diagonal(first).abs()));
          more();
        });
      });
      r.if(first.eq(end), () => {
        r.bump(end, -1);
        again();
      });
      // From the greater end to the smaller one; decided anew for a new block only.
      r.if(oldEnd.lessSigned(first).or(end.lessSigned(oldFirst)).or(oldEnd.eq(-1)), () => {
        r.set(direction, diagonal(first).abs().lt(diagonal(end).abs()).select(r.int(-1), r.int(1)));
      });
      r.set(oldFirst, first);
      r.set(oldEnd, end);
      r.if(
        direction.eq(1),
        () => {
          exchange([l, m, shiftOf], [first, end, r.int(0)]);
          exchange(ways, [u, ldU, rowsU, v, ldV, rowsV]);
        },
        () => {
          exchange([l, m, shiftOf], [end, first, r.int(-1)]);
          exchange(ways, [v, ldV, rowsV, u, ldU, rowsU]);
        },
      );
      // Off-diagonals that are small next to what they would change.
      const last = r.let(between(m.sub(direction)));
      r.if(r.getReal(last).abs().le(diagonal(m).abs().mul(tolerance)), () => {
        put(last, 0);
        again();
      });
      const mu = r.variable(diagonal(l).abs(), 'real');
      const least = r.variable(mu, 'real');
      const i = r.let(l);
      r.while(i.ne(m), () => {
        const at = r.let(between(i));
        const off = r.getReal(at).abs();
        r.if(off.le(mu.mul(tolerance)), () => {
          put(at, 0);
          again();
        });
        r.bump(i, direction);
        mu.set(continued(mu, diagonal(i).abs(), off));
        least.set(least.min(mu));
      });
      r.if(steps.eq(0), () => {
        const open = r.let(r.int(0));
        r.range(r.int(0), n.sub(1), (k) => r.bump(open, r.getReal(place(e, k)).eq(0).isZero()));
        r.return(open);
      });
      r.bump(steps, -1);
      // A shift would cost small values digits.
      const shift = r.variable(0, 'real');
      r.if(
        size
          .mul(tolerance)
          .mul(least.div(most))
          .le(Math.max(half, 0.01 * tolerance))
          .isZero(),
        () => {
          const before = m.sub(direction);
          shift.set(smallerOf(r, diagonal(before), r.getReal(between(before)), diagonal(m)));
          const start = diagonal(l).abs();
          const ratio = shift.div(start);
          r.if(ratio.mul(ratio).lt(half), () => shift.set(0));
        },
      );
      r.if(shift.eq(0), zeroShift, () => shifted(shift));
      const at = r.let(between(m.sub(direction)));
      r.if(r.getReal(at).abs().le(zero), () => put(at, 0));
    };
    r.block((done) => {
      r.loop((again) => {
        done.when(end.lessSigned(1));
        look(again);
        again();
      });
    });

    // No negative ones, descending order.
    r.range(r.int(0), n, (i) => {
      const at = r.let(place(d, i));
      const x = r.getReal(at);
      r.if(x.lt(0), () => {
        r.if(v, () => r.run(scaleReal, r.number(-1).re, rowsV, v.add(i.mul(ldV))));
      });
      put(at, x.abs());
    });
    r.range(r.int(0), n.sub(1), (i) => {
      const best = r.variable(diagonal(i), 'real');
      const found = r.let(i);
      r.range(i.add(1), n, (j) => {
        const x = diagonal(j);
        r.if(best.lt(x), () => {
          best.set(x);
          r.set(found, j);
        });
      });
      r.if(found.ne(i), () => {
        put(place(d, found), diagonal(i));
        put(place(d, i), best);
        r.if(u, () => r.run(swap, rowsU, u.add(i.mul(ldU)), u.add(found.mul(ldU))));
        r.if(v, () => r.run(swap, rowsV, v.add(i.mul(ldV)), v.add(found.mul(ldV))));
      });
    });
    r.return(0);
  });
}
