// log, log2, log10, log1p, logaddexp and logaddexp2 for f64 and f32. x = 2^k (1 + f), s = f / (2 + f), and
// log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)): the arrangement of Tang and Ng (fdlibm's documentation), where only the
// small last term carries rounding errors. Subnormal, zero, negative, infinite and NaN arguments take a rare branch.

import type { Expr } from '../builder.ts';
import { fastTwoSum, halves, twoSum } from './_double.ts';
import { formatOf, outsidePositiveNormals, splitExponent } from './_format.ts';
import { parts, poly } from './_polynomial.ts';
import { exp, exp2 } from './exponential.ts';

interface Terms {
  readonly k: Expr;
  readonly f: Expr;
  /** f^2 / 2. */
  readonly half: Expr;
  /** s (f^2/2 + R). */
  readonly small: Expr;
}

function terms(k: Expr, f: Expr): Terms {
  const s = f.div(f.add(2));
  const z = s.mul(s);
  const half = f.mul(f).mul(0.5);
  return { k, f, half, small: s.mul(half.add(z.mul(poly('log', z)))) };
}

/** k ln2 + log(1 + f) + correction. */
function naturalSum({ k, f, half, small }: Terms, correction: Expr | null): Expr {
  const [high, low] = parts('ln2', f);
  const top = fastTwoSum(k.mul(high), f);
  const rest = small.add(k.mul(low));
  const lower = (correction === null ? rest : rest.add(correction)).sub(half);
  return top.hi.add(top.lo.add(lower));
}

/** Sum for another base: the logarithm of 1 + f times `factor` = [head, rest] in two pieces, plus k times `perK`. */
function scaledSum({ k, f, half, small }: Terms, factor: readonly number[], perK: readonly number[]): Expr {
  const hi = halves(f.sub(half)).hi;
  const lo = f.sub(hi).sub(half).add(small);
  const [head, rest] = factor;
  const top = fastTwoSum(perK.length > 1 ? k.mul(perK[0]) : k, hi.mul(head));
  const lower = lo.add(hi).mul(rest).add(lo.mul(head));
  return top.hi.add(top.lo.add(perK.length > 1 ? lower.add(k.mul(perK[1])) : lower));
}

/** Applies `sum` to x, and to a scaled x where x is subnormal; the special values are those of C99 log. */
function ofPositive(x: Expr, sum: (t: Terms) => Expr): Expr {
  const f = formatOf(x);
  const at = (v: Expr, shift: number): Expr => {
    const { k, m } = splitExponent(v);
    return sum(terms(shift === 0 ? k : k.sub(shift), m.sub(1)));
  };
  const up = f.mantissa + 2;
  const scaled = at(x.mul(2 ** up), up);
  const special = x.eq(0).select(x.like(-Infinity), x.like(NaN));
  const positive = x.ge(Infinity).select(x, x.lt(f.minNormal).select(scaled, at(x, 0)));
  return outsidePositiveNormals(x).rare(x.gt(0).select(positive, special), at(x, 0));
}

/** Natural logarithm. */
export const log = (x: Expr): Expr => ofPositive(x, (t) => naturalSum(t, null));

/** Logarithm to base 2; exact for powers of two. */
export const log2 = (x: Expr): Expr => ofPositive(x, (t) => scaledSum(t, parts('log2e', x), []));

/** Logarithm to base 10. */
export const log10 = (x: Expr): Expr => ofPositive(x, (t) => scaledSum(t, parts('log10e', x), parts('log10of2', x)));

/** log(u + e) for a positive normal u and |e| at most half an ULP of u. */
export function logOfSum(u: Expr, e: Expr): Expr {
  const f = formatOf(u);
  const { k, m, shift } = splitExponent(u);
  // 2^-k e: through a product, since e may be zero or subnormal.
  const down = u.like(1).bits(f.uint).sub(shift).bits(f.lane);
  const sum = fastTwoSum(m.sub(1), e.mul(down));
  return naturalSum(terms(k, sum.hi), sum.lo.sub(sum.lo.mul(sum.hi)));
}

function log1pFinite(x: Expr): Expr {
  const sum = twoSum(x.like(1), x);
  return logOfSum(sum.hi, sum.lo);
}

/** log(1 + x) without cancellation. */
export function log1p(x: Expr): Expr {
  const special = x.ge(Infinity).select(x, x.eq(-1).select(x.like(-Infinity), x.like(NaN)));
  const inside = x.gt(-1).and(x.lt(Infinity));
  const near = x.eq(0).select(x, log1pFinite(x));
  return inside.not().rare(inside.select(near, special), near);
}

/** max(x, y) + correction(-|x - y|), and twice-infinite and equal arguments as the mathematics has them. */
function addExponents(x: Expr, y: Expr, ofEqual: number, correction: (d: Expr) => Expr): Expr {
  const d = x.sub(y).abs().neg();
  const sum = x.pmax(y).add(correction(d));
  return x.eq(y).select(x.add(ofEqual), d.isNaN().select(d, sum));
}

/** log(e^x + e^y). */
export const logaddexp = (x: Expr, y: Expr): Expr => addExponents(x, y, Math.LN2, (d) => log1pFinite(exp(d)));

/** log2(2^x + 2^y). */
export const logaddexp2 = (x: Expr, y: Expr): Expr =>
  addExponents(x, y, 1, (d) => log1pFinite(exp2(d)).mul(Math.LOG2E));
