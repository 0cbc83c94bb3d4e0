// The modified Bessel function of the first kind and order zero, I0, in f64 (other lanes go through it). To 8 its power
// series, whose terms are all positive; beyond, exp(x) / sqrt(x) times a polynomial in 1/x.
// Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 9.6.12 and 9.7.1.

import type { Expr } from '../builder.ts';
import { i0Tail } from './_bessel_coefficients.ts';
import { estrin } from './_polynomial.ts';
import { exp } from './exponential.ts';

/** (x/2)^(2k) / (k!)^2: what is left out at x = 8 is below half a unit in the last place. */
const series: number[] = [1];
for (let k = 1; k <= 25; k++) series.push(series[k - 1] / (4 * k * k));

/** I0(x); even, 1 at 0, infinite from about 714 on. */
export function i0(x: Expr): Expr {
  if (x.type !== 'f64') return i0(x.to('f64')).to(x.type);
  const a = x.abs();
  // By Horner, not Estrin: powers of x² up to the 16th would carry their rounding into the sum.
  const z = a.mul(a);
  const near = series.reduceRight((sum, c) => sum.mul(z).add(c), a.like(0));
  const tail = estrin(a.like(16).div(a).sub(1), i0Tail);
  // exp(x) would overflow before the product does; a - 8 is exact, and e^8 is in the polynomial.
  const far = a.eq(Number.POSITIVE_INFINITY).select(a, exp(a.sub(8)).mul(tail.div(a.sqrt())));
  return a.le(8).select(near, far);
}
