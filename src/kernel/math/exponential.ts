// exp, exp2 and expm1 for f64 and f32. x = n ln2 + r with |r| <= ln2/2 (Cody and Waite 1980), a polynomial in r, and n
// added to the exponent field. Where the result may be subnormal, infinite or NaN a rare branch scales in two steps.

import type { Expr } from '../builder.ts';
import { fastTwoSum, halves } from './_double.ts';
import { beyond, type Format, formatOf, powerOfTwo, scale } from './_format.ts';
import { parts, poly, polyAfter } from './_polynomial.ts';

/** x = n ln2 + r + rest; t holds n in its low bits. */
export interface ExpReduction {
  readonly t: Expr;
  readonly n: Expr;
  readonly r: Expr;
  readonly rest: Expr;
}

/** Reduction of a finite |x| < 2^10 (f32: 2^8) to |r| <= ln2/2. */
export function reduceByLn2(x: Expr): ExpReduction {
  const f = formatOf(x);
  const [high, low] = parts('ln2', x);
  const t = x.mul(parts('log2ePair', x)[0]).add(f.magic);
  const n = t.sub(f.magic);
  const a = x.sub(n.mul(high));
  const b = n.mul(low);
  const r = a.sub(b);
  return { t, n, r, rest: a.sub(r).sub(b) };
}

/** y * 2^n for any n of an exponential: zero, subnormal and infinite results included. */
export function scaleFar(y: Expr, n: Expr): Expr {
  const f = formatOf(y);
  const t = n.mul(0.5).add(f.magic);
  const rest = n.sub(t.sub(f.magic)).add(f.magic);
  return y.mul(powerOfTwo(t)).mul(powerOfTwo(rest));
}

/** y * 2^n, or 0 or infinity; one addition up to |x| = `safe`. The limits are those of 2^(x*perUnit). */
function finish(x: Expr, y: Expr, t: Expr, n: Expr, safe: number, perUnit: number): Expr {
  const f = formatOf(x);
  const most = (f.bias + 2) / perUnit;
  const least = -(f.bias + f.mantissa + 1) / perUnit;
  const far = x.gt(most).select(x.like(Infinity), x.lt(least).select(x.like(0), scaleFar(y, n)));
  return beyond(x, safe).rare(far, scale(y, t));
}

/** e^(r + rest) for a reduced r: without `rest` within 0.81 ULP in f64 and 0.96 in f32, with it 0.56. */
export function expReduced(r: Expr, rest: Expr | null): Expr {
  const tail = r.mul(r).mul(polyAfter([0.5], 'exp', r));
  if (formatOf(r).lane === 'f32') return r.add(tail).add(1);
  const s = fastTwoSum(r.like(1), r);
  return s.hi.add((rest === null ? s.lo : s.lo.add(rest)).add(tail));
}

/** e^x. */
export function exp(x: Expr): Expr {
  const reduced = reduceByLn2(x);
  return finish(x, expReduced(reduced.r, null), reduced.t, reduced.n, formatOf(x).expSafe, Math.LOG2E);
}

function exp2Reduced(r: Expr, f: Format): Expr {
  const tail = poly('exp2', r);
  if (f.lane === 'f32') return tail.mul(r).add(parts('ln2Pair', r)[0]).mul(r).add(1);
  const [high, low] = parts('ln2Heads', r);
  const h = halves(r);
  const s = fastTwoSum(r.like(1), h.hi.mul(high));
  const small = h.lo.mul(parts('ln2Pair', r)[0]).add(h.hi.mul(low));
  return s.hi.add(s.lo.add(small).add(r.mul(r).mul(tail)));
}

/** 2^x; exact for integers. */
export function exp2(x: Expr): Expr {
  const f = formatOf(x);
  const t = x.add(f.magic);
  const n = t.sub(f.magic);
  return finish(x, exp2Reduced(x.sub(n), f), t, n, f.bias - 1, 1);
}

/** 2^n e^r - 1 as a pair, where s = 2^n: hi is (s - 1) + s r, which loses nothing. */
export function expm1Scaled({ r, rest }: ExpReduction, s: Expr): { readonly hi: Expr; readonly lo: Expr } {
  const q = rest.add(r.mul(r).mul(poly('expm1', r).mul(r).add(0.5)));
  const sum = fastTwoSum(s.sub(1), s.mul(r));
  return { hi: sum.hi, lo: sum.lo.add(s.mul(q)) };
}

/** e^x - 1 without cancellation. */
export function expm1(x: Expr): Expr {
  const f = formatOf(x);
  const reduced = reduceByLn2(x.pmax(-(f.mantissa + 8)));
  const s = powerOfTwo(reduced.t);
  const near = expm1Scaled(reduced, s);
  const lost = s.sub(s.sub(1)).sub(1); // of 2^n - 1, for n just above the bits of the significand
  const far = x
    .gt((f.bias + 2) * Math.LN2)
    .select(x.like(Infinity), scaleFar(expReduced(reduced.r, reduced.rest), reduced.n));
  return x.gt(f.expSafe).rare(far, x.eq(0).select(x, near.hi.add(near.lo.add(lost))));
}
