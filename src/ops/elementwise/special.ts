// Functions of signal processing that are elementwise: sinc, i0.

import { ComplexExpr, type Expr } from '../../kernel/builder.ts';
import { i0 } from '../../kernel/math/bessel.ts';
import { divide } from '../../kernel/math/complex_arithmetic.ts';
import { sin as complexSin } from '../../kernel/math/complex_trigonometric.ts';
import { sin } from '../../kernel/math/trigonometric.ts';
import { complex, defineRows, real } from '../define.ts';
import { faults } from './_faults.ts';

/** sin(πx) / (πx); the whole part of |x| goes into the sign first, so that whole numbers give exact zeros. */
function sinc(x: Expr): Expr {
  const a = x.abs();
  const whole = a.nearest();
  const sine = sin(a.sub(whole).mul(Math.PI));
  const even = whole.mul(0.5).floor().mul(2).eq(whole);
  return a.eq(0).select(a.like(1), even.select(sine, sine.neg()).add(0).div(a.mul(Math.PI)));
}

export const special = defineRows({
  sinc: {
    nin: 1,
    summary: 'sin(πx) / (πx), and 1 at zero; of integers in float64.',
    example: ['np.sinc([0, 0.5, 1])', 'array([1.        , 0.63661977, 0.        ])'],
    exactAs: 'float64',
    ulp: { f32: 4, f64: 4 },
    domain: [-20, 20],
    loops: [
      real('floats', sinc),
      complex((z) => {
        const y = z.scale(Math.PI);
        const zero = y.re.eq(0).and(y.im.eq(0));
        const one = new ComplexExpr(y.re.like(1), y.re.like(0));
        return ComplexExpr.select(zero, one, divide(complexSin(y), y));
      }),
    ],
  },
  i0: {
    nin: 1,
    summary: 'Modified Bessel function of the first kind, order zero; of integers in float64.',
    example: ['np.i0([0, 1])', 'array([1.        , 1.26606588])'],
    exactAs: 'float64',
    ulp: { f32: 1, f64: 6 },
    domain: [-20, 20],
    faults: faults.growth,
    loops: [real('floats', i0)],
  },
});
