// asin, acos, atan and atan2 for f64 and f32. asin and acos use asin(t) = pi/2 - 2 asin(sqrt((1-t)/2)) above one half;
// the arctangents reduce a quotient to at most tan(pi/8) by the angle difference with pi/4. Quotients and square roots
// carry their rounding errors in f64.

import type { Expr } from '../builder.ts';
import { divPair, fastTwoSum, halves, type Pair } from './_double.ts';
import { flip, formatOf, magnitude, signed, signOf } from './_format.ts';
import { parts, poly } from './_polynomial.ts';

interface HalfSine {
  /** The magnitude is above one half, and y + small is the arcsine of sqrt((1 - t)/2) instead of t. */
  readonly big: Expr;
  readonly y: Expr;
  readonly small: Expr;
}

function arcsineParts(t: Expr): HalfSine {
  const f = formatOf(t);
  const big = t.gt(0.5);
  const z = big.select(t.like(1).sub(t).mul(0.5), t.mul(t));
  const root = z.sqrt();
  const y = big.select(root, t);
  const cubic = y.mul(z).mul(poly('asin', z));
  if (f.lane === 'f32') return { big, y, small: cubic };
  const h = halves(root);
  const lost = z.sub(h.hi.mul(h.hi)).sub(root.add(h.hi).mul(h.lo));
  const correction = lost.div(root.add(root).pmax(f.minNormal));
  return { big, y, small: big.select(cubic.add(correction), cubic) };
}

/** base + factor * (y + small), the error of the base (a multiple of pi/2 by a power of two) included. */
function assemble(base: Expr, factor: Expr, { y, small }: HalfSine): Expr {
  const [high, low] = parts('piOver2', y);
  const top = fastTwoSum(base, factor.mul(y));
  return top.hi.add(top.lo.add(base.mul(low / high).add(factor.mul(small))));
}

/** Arcsine; NaN outside [-1, 1]. */
export function asin(x: Expr): Expr {
  const t = magnitude(x);
  const p = arcsineParts(t);
  const base = p.big.select(x.like(parts('piOver2', x)[0]), 0);
  return signed(assemble(base, p.big.select(x.like(-2), 1), p), x);
}

/** Arccosine in [0, pi]; NaN outside [-1, 1]. */
export function acos(x: Expr): Expr {
  const p = arcsineParts(magnitude(x));
  const negative = x.lt(0);
  const base = p.big.select(negative.select(x.like(parts('pi', x)[0]), 0), parts('piOver2', x)[0]);
  const factor = p.big.select(x.like(2), -1);
  return assemble(base, flip(factor, signOf(x)), p);
}

/** atan(a / b) for 0 <= a <= b, b > 0 as an unrounded sum; `inverted` asks for pi/2 less that. */
function arctangent(a: Expr, b: Expr, inverted: Expr): Pair {
  const f = formatOf(a);
  const big = a.gt(b.mul(Math.SQRT2 - 1));
  const difference = fastTwoSum(b.neg(), a);
  const sum = fastTwoSum(b, a);
  const top = { hi: big.select(difference.hi, a), lo: big.select(difference.lo, 0) };
  const bottom = { hi: big.select(sum.hi, b), lo: big.select(sum.lo, 0) };
  const q: Pair = f.lane === 'f64' ? divPair(top, bottom) : { hi: top.hi.div(bottom.hi), lo: a.like(0) };
  const z = q.hi.mul(q.hi);
  const cubic = q.hi.mul(z).mul(poly('atan', z));
  const rest = f.lane === 'f64' ? q.lo.sub(cubic) : cubic.neg();
  const [high, low] = parts('piOver4', a);
  const base = big.select(a.like(high), inverted.select(a.like(2 * high), 0));
  const factor = inverted.select(a.like(-1), 1);
  const r = fastTwoSum(base, factor.mul(q.hi));
  return { hi: r.hi, lo: r.lo.add(base.mul(low / high).add(factor.mul(rest))) };
}

/** Arctangent. */
export function atan(x: Expr): Expr {
  const f = formatOf(x);
  const t = magnitude(x).pmin(f.lane === 'f64' ? 2 ** 60 : 2 ** 30); // beyond, the nearest number to pi/2
  const inverted = t.gt(1);
  const one = t.like(1);
  const p = arctangent(inverted.select(one, t), inverted.select(t, one), inverted);
  const near = signed(p.hi.add(p.lo), x);
  if (f.lane === 'f32') return near;
  // The residual of a quotient underflows; such an x is its own arctangent.
  return t.lt(2 ** -400).rare(x, near);
}

/** Angle of the point (x, y) in [-pi, pi], with C99's answers for zeros and infinities. */
export function atan2(y: Expr, x: Expr): Expr {
  const f = formatOf(y);
  const [ay, ax] = [magnitude(y), magnitude(x)];
  const inverted = ax.lt(ay);
  const [small, large] = [ay.pmin(ax), ay.pmax(ax)];
  const [high, low] = parts('pi', y);
  const negative = x.signbit();
  const whole = (p: Pair): Expr => {
    const r = fastTwoSum(y.like(high), p.hi.neg());
    return signed(negative.select(r.hi.add(r.lo.add(p.lo.neg().add(low))), p.hi.add(p.lo)), y);
  };
  const near = whole(arctangent(small, large, inverted));
  const reach = f.lane === 'f64' ? 480 : 50;
  const usual = ay
    .add(ax)
    .le(2 ** reach)
    .and(small.ge(2 ** -reach));
  // Scale; replace infinities and zeros by ordinary points of the same angle.
  const factor = large.gt(1).select(y.like(2 ** (f.lane === 'f64' ? -600 : -70)), 2 ** (f.lane === 'f64' ? 600 : 70));
  const endless = large.ge(Infinity);
  const point = (v: Expr): Expr => v.ge(Infinity).select(v.like(1), endless.select(v.like(0), v.mul(factor)));
  const b = large.eq(0).select(y.like(1), point(large));
  const far = whole(arctangent(point(small), b, inverted));
  // A tiny quotient is the angle itself, rounded once.
  const tiny = ay.lt(ax.mul(2 ** -60)).and(negative.not());
  const answer = tiny.select(y.div(x), far);
  return usual.not().rare(ay.add(ax).isNaN().select(ay.add(ax), answer), near);
}
