// A real 2 × 2 block in standard form, by a rotation: upper triangular where its eigenvalues are real, else with an equal
// diagonal and off-diagonal elements of opposite sign.
// Source: Bai, Demmel, "On swapping diagonal blocks in real Schur form", LAA 186, 1993; the cases of LAPACK's lanv2.

import type { Value } from '../../kernel/wasm/assembler.ts';
import type { Num, NumberRoutine, NumVariable } from './language.ts';

/** A 2 × 2 block made standard: its new elements, the rotation that did it. */
export interface Standard {
  readonly a: NumVariable;
  readonly b: NumVariable;
  readonly c: NumVariable;
  readonly d: NumVariable;
  readonly cs: NumVariable;
  readonly sn: NumVariable;
}

/** Does the sign of one number differ from the other's? */
const differ = (x: Num, y: Num): Value => x.in.number(1).copysign(x).eq(x.in.number(1).copysign(y)).isZero();

export function standardized(r: NumberRoutine, ...elements: readonly Num[]): Standard {
  const [a, b, c, d] = elements.map((x) => r.variable(x, 'real'));
  const cs = r.variable(1, 'real');
  const sn = r.variable(0, 'real');
  const { eps } = r.field;
  const swapped = (): void => {
    const was = [a, b, c, d].map((x) => r.real(x.re));
    a.set(was[3]);
    b.set(was[2].neg());
    c.set(0);
    d.set(was[0]);
  };
  const general = (): void => {
    const p = a.sub(d).mul(0.5);
    const [bs, cm] = [b.abs(), c.abs()];
    const more = bs.max(cm);
    const one = r.number(1);
    const less = bs.min(cm).mul(one.copysign(b)).mul(one.copysign(c));
    const scale = p.abs().max(more);
    const z = p.div(scale).mul(p).add(more.div(scale).mul(less));
    r.if(
      r.number(4 * eps).le(z),
      () => {
        // two real eigenvalues apart
        const root = p.add(scale.sqrt().mul(z.sqrt()).copysign(p));
        const old = r.real(c.re);
        a.set(d.add(root));
        d.set(d.sub(more.div(root).mul(less)));
        const tau = r.complex(old, root).abs();
        cs.set(root.div(tau));
        sn.set(old.div(tau));
        b.set(b.sub(old));
        c.set(0);
      },
      () => {
        // complex, or nearly equal: first an equal diagonal
        const sigma = b.add(c);
        const gap = a.sub(d);
        const tau = r.complex(sigma, gap).abs();
        cs.set(sigma.abs().div(tau).add(1).mul(0.5).sqrt());
        sn.set(gap.mul(0.5).div(tau.mul(cs)).neg().mul(one.copysign(sigma)));
        const [aa, bb] = [a.mul(cs).add(b.mul(sn)), b.mul(cs).sub(a.mul(sn))];
        const [cc, dd] = [c.mul(cs).add(d.mul(sn)), d.mul(cs).sub(c.mul(sn))];
        const mean = aa
          .mul(cs)
          .add(cc.mul(sn))
          .add(dd.mul(cs).sub(bb.mul(sn)))
          .mul(0.5);
        b.set(bb.mul(cs).add(dd.mul(sn)));
        c.set(cc.mul(cs).sub(aa.mul(sn)));
        a.set(mean);
        d.set(mean);
        r.if(c.eq(0).isZero(), () => {
          r.if(
            b.eq(0),
            () => {
              b.set(c.neg());
              c.set(0);
              const old = r.real(cs.re);
              cs.set(sn.neg());
              sn.set(old);
            },
            () => {
              r.if(differ(b, c).isZero(), () => {
                // real after all
                const [rb, rc] = [b.abs().sqrt(), c.abs().sqrt()];
                const q = rb.mul(rc).copysign(c);
                const inverse = r.number(1).div(b.add(c).abs().sqrt());
                a.set(mean.add(q));
                d.set(mean.sub(q));
                b.set(b.sub(c));
                c.set(0);
                const [c1, s1] = [rb.mul(inverse), rc.mul(inverse)];
                const turned = cs.mul(c1).sub(sn.mul(s1));
                sn.set(cs.mul(s1).add(sn.mul(c1)));
                cs.set(turned);
              });
            },
          );
        });
      },
    );
  };
  r.if(c.eq(0).isZero(), () => {
    r.if(
      b.eq(0),
      () => {
        cs.set(0);
        sn.set(1);
        swapped();
      },
      () => r.if(a.eq(d).and(differ(b, c)).isZero(), general),
    );
  });
  return { a, b, c, d, cs, sn };
}
