// sinh, cosh, tanh and their inverses for f64 and f32. With x = n ln2 + r, sinh x = S cosh r + C sinh r where
// S, C = (2^n -+ 2^-n) / 2 are exact or nearly, so no division is needed; tanh is E / (E + 2), E = e^2x - 1. The
// inverses feed the logarithm with an unrounded sum.

import type { Expr } from '../builder.ts';
import { divPair, fastTwoSum, twoSum } from './_double.ts';
import { formatOf, magnitude, powerOfTwo, signed, splitExponent } from './_format.ts';
import { parts, poly } from './_polynomial.ts';
import { expm1Scaled, expReduced, reduceByLn2, scaleFar } from './exponential.ts';
import { logOfNormal, logOfSum } from './logarithm.ts';

/** sinh and cosh of a magnitude, each a rounded sum. */
function both(a: Expr, which: 'sinh' | 'cosh'): Expr {
  const f = formatOf(a);
  const { t, n, r, rest } = reduceByLn2(a);
  const z = r.mul(r);
  const odd = rest.add(r.mul(z).mul(poly('sinh', z))); // sinh r - r
  const even = z.mul(poly('cosh', z)); // cosh r - 1
  const up = powerOfTwo(t);
  const one = a.like(1).bits(f.uint);
  const down = one.sub(t.bits(f.uint).shlk(f.mantissa)).bits(f.lane);
  // first cosh r + second sinh r; 2^n r is exact, so only small terms are rounded before the last sum.
  const minus = which === 'sinh' ? down.neg() : down;
  const first = fastTwoSum(up, minus);
  const second = up.sub(minus);
  const top = fastTwoSum(first.hi, up.mul(r));
  const lower = first.hi.mul(even).add(second.mul(odd)).sub(minus.mul(r));
  const near = top.hi.add(top.lo.add(first.lo.add(lower))).mul(0.5);
  // Beyond, e^-a is nothing: half of e^a, scaled in two steps.
  const far = scaleFar(r.add(odd).add(even).add(1), n.sub(1));
  return a.gt(f.expSafe).rare(a.gt((f.bias + 3) * Math.LN2).select(a.like(Infinity), far), near);
}

/** Hyperbolic sine. */
export const sinh = (x: Expr): Expr => signed(both(magnitude(x), 'sinh'), x);

/** Hyperbolic cosine. */
export const cosh = (x: Expr): Expr => both(magnitude(x), 'cosh');

// 1 - 2 / (e^2a + 1), and a polynomial where that would cancel.
function tanhSingle(x: Expr): Expr {
  const a = magnitude(x);
  const reduced = reduceByLn2(a.add(a).pmin(20));
  const power = expReduced(reduced.r, null).mul(powerOfTwo(reduced.t)); // a product, since NaN must stay one
  const z = x.mul(x);
  const near = a.sub(a.mul(z).mul(poly('tanh', z)));
  const far = x.like(1).sub(x.like(2).div(power.add(1)));
  return signed(a.lt(0.625).select(near, far), x);
}

/** Hyperbolic tangent. */
export function tanh(x: Expr): Expr {
  const f = formatOf(x);
  if (f.lane === 'f32') return tanhSingle(x);
  const reduced = reduceByLn2(magnitude(x).mul(2).pmin(44));
  const e = expm1Scaled(reduced, powerOfTwo(reduced.t));
  const top = fastTwoSum(e.hi, e.lo);
  const bottom = twoSum(top.hi, top.hi.like(2));
  const q = divPair(top, { hi: bottom.hi, lo: bottom.lo.add(top.lo) });
  return signed(q.hi.add(q.lo), x);
}

/** Inverse hyperbolic sine: log(a + sqrt(a^2 + 1)), a + a^2 / (1 + sqrt(a^2 + 1)) + 1 as an unrounded sum. */
export function asinh(x: Expr): Expr {
  const f = formatOf(x);
  const a = magnitude(x);
  const square = a.mul(a);
  const excess = square.div(square.add(1).sqrt().add(1));
  const one = twoSum(a.like(1), a);
  const sum = twoSum(one.hi, excess);
  const near = logOfSum(sum.hi, sum.lo.add(one.lo));
  const large = 2 ** (f.mantissa / 2 + 2);
  const answer = a.eq(0).select(x, signed(near, x));
  const far = a.lt(Infinity).select(signed(logOfNormal(a).add(Math.LN2), x), x);
  return a.le(large).not().rare(a.le(large).select(answer, far), answer);
}

/** Inverse hyperbolic cosine: log1p(t + sqrt(2t + t^2)), t = x - 1; NaN below 1. */
export function acosh(x: Expr): Expr {
  const f = formatOf(x);
  const t = x.sub(1);
  const root = t.mul(2).add(t.mul(t)).sqrt();
  const one = twoSum(x, root);
  const near = logOfSum(one.hi, one.lo);
  const large = 2 ** (f.mantissa / 2 + 2);
  const far = x.lt(Infinity).select(logOfNormal(x).add(Math.LN2), x);
  const special = x.gt(large).select(far, x.ge(1).select(near, x.like(NaN)));
  return x.ge(1).and(x.le(large)).not().rare(special, near);
}

/** Inverse hyperbolic tangent: half of k ln2 + log((1+s)/(1-s)), (1+a)/(1-a) = 2^k (1+s)/(1-s); infinite at 1. */
export function atanh(x: Expr): Expr {
  const f = formatOf(x);
  const a = magnitude(x);
  const one = a.like(1);
  const plus = fastTwoSum(one, a);
  const minus = fastTwoSum(one, a.neg());
  const { k, shift } = splitExponent(plus.hi.div(minus.hi.pmax(f.minNormal)));
  const power = shift.add(one.bits(f.uint)).bits(f.lane);
  const below = minus.hi.mul(power);
  const belowLost = minus.lo.mul(power);
  // Within a factor of two of each other, so the difference is exact.
  const top = fastTwoSum(plus.hi.sub(below), plus.lo.sub(belowLost));
  const bottom = twoSum(plus.hi, below);
  const s = divPair(top, { hi: bottom.hi, lo: bottom.lo.add(plus.lo.add(belowLost)) });
  const z = s.hi.mul(s.hi);
  const tail = s.hi.mul(z).mul(poly('log', z)).mul(0.5).add(s.lo);
  const [high, low] = parts('ln2', x);
  const sum = fastTwoSum(k.mul(high * 0.5), s.hi);
  const near = signed(sum.hi.add(sum.lo.add(tail.add(k.mul(low * 0.5)))), x);
  const special = a.eq(1).select(signed(x.like(Infinity), x), x.like(NaN));
  return a.lt(1).not().rare(a.lt(1).select(near, special), near);
}
