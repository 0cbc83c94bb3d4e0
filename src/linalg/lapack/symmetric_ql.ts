// Eigenvalues and vectors of real symmetric tridiagonal matrices by implicit QL steps with Wilkinson's shift, inside
// WebAssembly. A block is worked on from its smaller end, so that graded matrices keep their small eigenvalues: going the
// other way round is the same code with the indices reversed.
// Sources: Dubrulle, Martin, Wilkinson, "The implicit QL algorithm", Numer. Math. 12, 1968; conventions of LAPACK's steqr.

import type { Callee, Value } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, type Num } from './language.ts';
import { rotationOf } from './rotation.ts';
import type { Vectors } from './vectors.ts';

/** Steps per eigenvalue before the matrix is given up. */
const STEPS = 30;

const i32s = (n: number): WasmType[] => new Array<WasmType>(n).fill('i32');

/**
 * ql(n, d, e, z, ld, rows): d becomes the eigenvalues, ascending; e is destroyed. The n columns of z (`rows` elements of
 * the field each) are multiplied by the eigenvectors; none where z is 0. Returns how many off-diagonals did not vanish.
 */
export function implicitQlOf(module: ModuleCode, field: Field, { rotate, swap }: Vectors): Callee {
  const { width, eps, tiny } = field;
  return defineNumeric(module, field, i32s(6), 'i32', (r, n, d, e, z, ld, rows) => {
    const place = (from: Value, i: Value): Value => from.add(i.mul(width));
    const diagonal = (i: Value): Num => r.getReal(place(d, i));
    /** Whether the off-diagonal at `at` between elements i and j is none next to them. */
    const negligible = (at: Value, i: Value, j: Value): Value => {
      const off = r.getReal(at);
      const near = diagonal(i)
        .abs()
        .mul((eps / 2) ** 2)
        .mul(diagonal(j).abs());
      return off.mul(off).le(near.add(tiny));
    };
    const [next, l, m, end, direction, shift] = Array.from({ length: 6 }, () => r.local('i32'));
    const steps = r.let(n.mul(STEPS));
    const between = (i: Value): Value => place(e, i.add(shift));
    /** Moves `m` on as long as the off-diagonal behind it counts, `last` at most; clears the one that does not. */
    const run = (last: Value): void => {
      r.block((found) => {
        r.loop((again) => {
          found.when(m.eq(last));
          const at = r.let(between(m));
          r.if(negligible(at, m, m.add(direction)), () => {
            r.putReal(at, 0);
            found();
          });
          r.bump(m, direction);
          again();
        });
      });
    };

    /** One step on the block from l to m. */
    const step = (): void => {
      const start = diagonal(l);
      const off = r.getReal(between(l));
      const half = diagonal(l.add(direction)).sub(start).div(off.mul(2));
      const root = rotationOf(r, half, r.number(1)).r.abs();
      const g = r.variable(
        diagonal(m)
          .sub(start)
          .add(off.div(half.add(root.copysign(half)))),
        'real',
      );
      const [s, c, p] = [r.variable(1, 'real'), r.variable(1, 'real'), r.variable(0, 'real')];
      const i = r.let(m);
      r.while(i.ne(l), () => {
        const j = r.let(i);
        r.set(i, i.sub(direction));
        const at = r.let(between(i));
        const x = r.getReal(at);
        const [f, b] = [s.mul(x), c.mul(x)];
        const turn = rotationOf(r, g, f);
        r.if(j.ne(m), () => r.putReal(between(j), turn.r));
        c.set(turn.c);
        s.set(turn.s);
        const upper = diagonal(j).sub(p);
        const mixed = diagonal(i).sub(upper).mul(s).add(c.mul(b).mul(2));
        p.set(s.mul(mixed));
        r.putReal(place(d, j), upper.add(p));
        g.set(c.mul(mixed).sub(b));
        r.if(z, () => {
          r.run(rotate, c.re, s.re, rows, z.add(j.mul(ld)), z.add(i.mul(ld)));
        });
      });
      r.putReal(place(d, l), start.sub(p));
      r.putReal(between(l), g);
    };

    r.while(next.lessSigned(n), () => {
      r.set(l, next);
      r.set(direction, 1);
      r.set(shift, 0);
      r.set(m, next);
      run(n.sub(1));
      r.set(end, m);
      r.set(next, m.add(1));
      r.if(diagonal(end).abs().lt(diagonal(l).abs()), () => {
        r.set(m, l);
        r.set(l, end);
        r.set(end, m);
        r.set(direction, -1);
        r.set(shift, -1);
      });
      r.block((done) => {
        r.loop((again) => {
          r.set(m, l);
          run(end);
          r.if(
            m.eq(l),
            () => {
              done.when(l.eq(end));
              r.bump(l, direction);
            },
            () => {
              r.if(steps.eq(0), () => {
                const left = r.let(r.int(0));
                r.range(r.int(0), n.sub(1), (k) => {
                  r.bump(left, r.getReal(place(e, k)).eq(0).isZero());
                });
                r.return(left);
              });
              r.bump(steps, -1);
              step();
            },
          );
          again();
        });
      });
    });

    // Into ascending order.
    r.range(r.int(0), n.sub(1), (i) => {
      const best = r.variable(diagonal(i), 'real');
      const found = r.let(i);
      r.range(i.add(1), n, (j) => {
        const x = diagonal(j);
        r.if(x.lt(best), () => {
          best.set(x);
          r.set(found, j);
        });
      });
      r.if(found.ne(i), () => {
        r.putReal(place(d, found), diagonal(i));
        r.putReal(place(d, i), best);
        r.if(z, () => r.run(swap, rows, z.add(i.mul(ld)), z.add(found.mul(ld))));
      });
    });
    r.return(0);
  });
}
