// Plane rotations inside WebAssembly: the one that turns (f, g) into (r, 0), without overflow or underflow on the way.
// Applying one to columns: vectors.ts.
// Source: Anderson, "Algorithm 978: safe scaling in the level 1 BLAS", TOMS 44(1), 2017.

import type { Num, NumberRoutine } from './language.ts';

/** c·f + s·g = r, c·g − s·f = 0, c² + s² = 1. */
export interface Rotation {
  readonly c: Num;
  readonly s: Num;
  readonly r: Num;
}

/** The rotation of two real numbers; c = 1 where both are 0. */
export function rotationOf(r: NumberRoutine, f: Num, g: Num): Rotation {
  const { tiny, eps } = r.field;
  const [c, s, length] = [r.variable(1, 'real'), r.variable(0, 'real'), r.variable(0, 'real')];
  const into = (x: Num, y: Num, square: Num, scale: Num | undefined): void => {
    const root = square.sqrt().copysign(x);
    c.set(x.div(root));
    s.set(y.div(root));
    length.set(scale === undefined ? root : root.mul(scale));
  };
  const square = f.mul(f).add(g.mul(g));
  r.if(
    r
      .number(tiny / eps)
      .le(square)
      .and(square.lt(Number.POSITIVE_INFINITY)),
    () => into(f, g, square, undefined),
    () => {
      const scale = f.abs().max(g.abs());
      r.if(scale.eq(0).isZero(), () => {
        const [x, y] = [f.div(scale), g.div(scale)];
        into(x, y, x.mul(x).add(y.mul(y)), scale);
      });
    },
  );
  return { c, s, r: length };
}
