// Whether a product or quotient below the normal numbers is exact, so that nothing underflowed: multiplied out at a scale
// where no bit is lost, float32 in doubles. Method: Dekker's product with its error.

import type { Expr } from '../builder.ts';
import { twoProd } from './_double.ts';

/** Is a · b = r? */
export function exactProduct([a, b]: readonly Expr[], r: Expr): Expr {
  if (a.type === 'f32') return a.to('f64').mul(b.to('f64')).eq(r.to('f64'));
  const bLess = b.abs().lt(a.abs());
  const [less, more] = [bLess.select(b, a), bLess.select(a, b)];
  const { hi, lo } = twoProd(less.mul(2 ** 700), more.mul(2 ** -100));
  const equal = hi.eq(r.mul(2 ** 600)).and(lo.eq(0));
  return less.eq(0).or(r.ne(0).and(equal));
}

/** Is a / b = r? */
export function exactQuotient([a, b]: readonly Expr[], r: Expr): Expr {
  if (a.type === 'f32') return r.to('f64').mul(b.to('f64')).eq(a.to('f64'));
  const { hi, lo } = twoProd(r.mul(2 ** 600), b.mul(2 ** -100));
  const equal = hi.eq(a.mul(2 ** 500)).and(lo.eq(0));
  return a.eq(0).or(r.ne(0).and(equal));
}
