// log, log2, log10, log1p, logaddexp and logaddexp2 for f64 and f32. x = 2^k (1 + f), s = f / (2 + f), and
// log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)): the arrangement of Tang and Ng (fdlibm's documentation), where only the
// small last term carries rounding errors. Subnormal, zero, negative, infinite and NaN arguments take a rare branch.

import type { Expr } from '../builder.ts';
import { fastTwoSum, halves, type Pair, twoSum } from './_double.ts';
import { formatOf, outsidePositiveNormals, splitExponent } from './_format.ts';
import { parts, poly } from './_polynomial.ts';
import { exp, exp2 } from './exponential.ts';

interface Terms {
  readonly k: Expr;
  readonly f: Expr;
  /** f^2 / 2. */
  readonly half: Expr;
  /** s (f^2/2 + R), and what f itself lost. */
  readonly small: Expr;
}

function terms(k: Expr, f: Expr, lost: Expr | null): Terms {
  const s = f.div(f.add(2));
  const z = s.mul(s);
  const half = f.mul(f).mul(0.5);
  const small = s.mul(half.add(z.mul(poly('log', z))));
  return { k, f, half, small: lost === null ? small : small.add(lost) };
}

/** k ln2 + log(1 + f), unrounded. */
function naturalSum({ k, f, half, small }: Terms): Pair {
  const [high, low] = parts('ln2', f);
  const rest = small.add(k.mul(low)).sub(half);
  if (formatOf(f).lane === 'f32') return { hi: k.mul(high), lo: f.add(rest) }; // 0.2 ULP for four operations
  const top = fastTwoSum(k.mul(high), f);
  return { hi: top.hi, lo: top.lo.add(rest) };
}

/** The same to another base: log(1 + f) times `factor` = [head, rest] in two pieces, plus k times `perK`. */
function scaledSum({ k, f, half, small }: Terms, factor: readonly number[], perK: readonly number[]): Pair {
  const hi = halves(f.sub(half)).hi;
  const lo = f.sub(hi).sub(half).add(small);
  const [head, rest] = factor;
  const top = fastTwoSum(perK.length > 1 ? k.mul(perK[0]) : k, hi.mul(head));
  const lower = lo.add(hi).mul(rest).add(lo.mul(head));
  return { hi: top.hi, lo: top.lo.add(perK.length > 1 ? lower.add(k.mul(perK[1])) : lower) };
}

const rounded = (p: Pair): Expr => p.hi.add(p.lo);

/** Applies `sum` to x, and to a scaled x where x is subnormal; the special values are those of C99 log. */
function ofPositive(x: Expr, sum: (t: Terms) => Pair): Expr {
  const f = formatOf(x);
  const at = (v: Expr, shift: number): Expr => {
    const { k, m } = splitExponent(v);
    return rounded(sum(terms(shift === 0 ? k : k.sub(shift), m.sub(1), null)));
  };
  const up = f.mantissa + 2;
  const scaled = at(x.mul(2 ** up), up);
  const special = x.eq(0).select(x.like(-Infinity), x.like(NaN));
  const positive = x.ge(Infinity).select(x, x.lt(f.minNormal).select(scaled, at(x, 0)));
  return outsidePositiveNormals(x).rare(x.gt(0).select(positive, special), at(x, 0));
}

/** Natural logarithm. */
export const log = (x: Expr): Expr => ofPositive(x, naturalSum);

/** Logarithm to base 2; exact for powers of two. */
export const log2 = (x: Expr): Expr => ofPositive(x, (t) => scaledSum(t, parts('log2e', x), []));

/** Logarithm to base 10. */
export const log10 = (x: Expr): Expr => ofPositive(x, (t) => scaledSum(t, parts('log10e', x), parts('log10of2', x)));

/** log(u) for a positive normal u. */
export function logOfNormal(u: Expr): Expr {
  const { k, m } = splitExponent(u);
  return rounded(naturalSum(terms(k, m.sub(1), null)));
}

function termsOfSum(u: Expr, e: Expr): Terms {
  const f = formatOf(u);
  const { k, m, shift } = splitExponent(u);
  // 2^-k e through a product, since e may be zero or subnormal.
  const down = u.like(1).bits(f.uint).sub(shift).bits(f.lane);
  const sum = fastTwoSum(m.sub(1), e.mul(down));
  return terms(k, sum.hi, sum.lo.sub(sum.lo.mul(sum.hi)));
}

/** log(u + e) for a positive normal u below half the greatest number and |e| at most half an ULP of u. */
export const logOfSum = (u: Expr, e: Expr): Expr => rounded(naturalSum(termsOfSum(u, e)));

function log1pFinite(x: Expr): Expr {
  const sum = twoSum(x.like(1), x);
  return logOfSum(sum.hi, sum.lo);
}

/** log(1 + x) without cancellation. */
export function log1p(x: Expr): Expr {
  const small = x.lt(2 ** formatOf(x).bias);
  const large = x.ge(Infinity).select(x, logOfNormal(x));
  const special = x.gt(0).select(large, x.eq(-1).select(x.like(-Infinity), x.like(NaN)));
  const inside = x.gt(-1).and(small);
  const near = x.eq(0).select(x, log1pFinite(x));
  return inside.not().rare(inside.select(near, special), near);
}

interface Base {
  readonly power: (d: Expr) => Expr;
  readonly logarithm: (t: Terms) => Pair;
  /** Logarithms of the base and of two. */
  readonly ofBase: number;
  readonly ofTwo: number;
}

/** log(base^x + base^y) = max + log(1 + base^-|x - y|), rounded once at the end. */
function addExponents(x: Expr, y: Expr, { power, logarithm, ofBase, ofTwo }: Base): Expr {
  const greater = x.pmax(y);
  const difference = twoSum(x.pmin(y), greater.neg());
  const d = difference.hi;
  const p = power(d);
  // The rounding error of the difference matters where the result is small against the arguments.
  const exact = difference.lo
    .abs()
    .lt(1)
    .select(p.add(p.mul(difference.lo.mul(ofBase))), p);
  const one = twoSum(x.like(1), exact);
  const l = logarithm(termsOfSum(one.hi, one.lo));
  const sum = twoSum(greater, l.hi);
  const finite = d.gt(-Infinity).select(sum.hi.add(sum.lo.add(l.lo)), greater.add(0));
  const number = x.isNaN().or(y.isNaN()).select(x.add(y), finite);
  return x.eq(y).select(x.add(ofTwo), number);
}

/** log(e^x + e^y). */
export const logaddexp = (x: Expr, y: Expr): Expr =>
  addExponents(x, y, { power: exp, logarithm: naturalSum, ofBase: 1, ofTwo: Math.LN2 });

/** log2(2^x + 2^y). */
export const logaddexp2 = (x: Expr, y: Expr): Expr =>
  addExponents(x, y, {
    power: exp2,
    logarithm: (t) => scaledSum(t, parts('log2e', x), []),
    ofBase: Math.LN2,
    ofTwo: 1,
  });
