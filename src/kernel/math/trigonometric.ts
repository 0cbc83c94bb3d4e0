// sin, cos, sincos and tan for f64 and f32: reduction to |r| <= pi/4, both kernels, and a choice by quadrant. Large f32
// arguments go through f64 in a rare branch.

import type { Expr } from '../builder.ts';
import { polynomials } from './_coefficients.ts';
import { divPair, fastTwoSum, type Pair } from './_double.ts';
import { flip, formatOf } from './_format.ts';
import { estrin, poly } from './_polynomial.ts';
import { beyondSmall, type Quadrant, reduceLarge, reduceSmall } from './_reduction.ts';

/** sin(r - tail) as r - correction. */
function sinCorrection({ r, tail }: Quadrant, z: Expr): Expr {
  const cubic = r.mul(z).mul(poly('sin', z));
  // Adding to a positive zero keeps sin(-0) = -0 - (+0 + -0) = -0.
  return formatOf(r).lane === 'f64' ? tail.sub(tail.mul(z.mul(0.5))).add(cubic) : cubic.add(0);
}

/** cos(r - tail) as hi + lo. */
function cosPair({ r, tail }: Quadrant, z: Expr): Pair {
  const half = z.mul(0.5);
  const quartic = z.mul(z).mul(poly('cos', z));
  if (formatOf(r).lane === 'f32') return { hi: half.like(1), lo: quartic.sub(half) };
  const hi = half.like(1).sub(half);
  return {
    hi,
    lo: hi
      .like(1)
      .sub(hi)
      .sub(half)
      .add(quartic.add(r.mul(tail))),
  };
}

/** Bits of the quadrant: odd quadrants swap the kernels; the sign is that of the second bit. */
const odd = (t: Expr): Expr => t.bits(formatOf(t).int).and(1).eq(1);

function signBit(t: Expr): Expr {
  const f = formatOf(t);
  return t
    .bits(f.uint)
    .shlk(f.lane === 'f64' ? 62 : 30)
    .and(f.sign);
}

function sinOf(q: Quadrant): Expr {
  const z = q.r.mul(q.r);
  const c = cosPair(q, z);
  return flip(odd(q.t).select(c.hi.add(c.lo), q.r.sub(sinCorrection(q, z))), signBit(q.t));
}

function cosOf(q: Quadrant): Expr {
  const f = formatOf(q.r);
  const z = q.r.mul(q.r);
  const c = cosPair(q, z);
  const even = odd(q.t).select(q.r.sub(sinCorrection(q, z)), c.hi.add(c.lo));
  // Negative in the quadrants 1 and 2: the second bit of n + 1.
  return flip(even, signBit(q.t.bits(f.uint).add(1).bits(f.lane)));
}

/** sin/cos or -cos/sin, the quotient corrected by its residual. */
function tanOf(q: Quadrant): Expr {
  const z = q.r.mul(q.r);
  const c = cosPair(q, z);
  const swap = odd(q.t);
  const sign = q.t.bits('u64').shlk(63);
  const sine = fastTwoSum(q.r, sinCorrection(q, z).neg());
  const cosine = fastTwoSum(c.hi, c.lo);
  const top = { hi: swap.select(cosine.hi, sine.hi), lo: swap.select(cosine.lo, sine.lo) };
  const bottom = { hi: swap.select(sine.hi, cosine.hi), lo: swap.select(sine.lo, cosine.lo) };
  const quotient = divPair(top, bottom);
  return flip(q.r.eq(0).select(q.r, quotient.hi.add(quotient.lo)), sign); // keeps -0
}

/** The same for a result that is rounded to f32: short polynomials, no residuals. */
function tanSingle({ t, r }: Quadrant): Expr {
  const z = r.mul(r);
  const sine = r.sub(r.mul(z).mul(estrin(z, polynomials.sin.f32)).add(0));
  const cosine = z.mul(z).mul(estrin(z, polynomials.cos.f32)).sub(z.mul(0.5)).add(1);
  const swap = odd(t);
  return flip(swap.select(cosine, sine).div(swap.select(sine, cosine)), t.bits('u64').shlk(63));
}

function withRanges(x: Expr, of: (q: Quadrant) => Expr): Expr {
  const f = formatOf(x);
  const large = f.lane === 'f64' ? reduceLarge(x, of) : reduceLarge(x.to('f64'), of).to('f32');
  return beyondSmall(x).rare(large, of(reduceSmall(x)));
}

/** Sine; NaN for infinities. */
export const sin = (x: Expr): Expr => withRanges(x, sinOf);

/** Cosine; NaN for infinities. */
export const cos = (x: Expr): Expr => withRanges(x, cosOf);

/** Both, sharing the reduction and the kernels. */
export const sincos = (x: Expr): { readonly sin: Expr; readonly cos: Expr } => ({ sin: sin(x), cos: cos(x) });

/** Tangent; NaN for infinities. */
export const tan = (x: Expr): Expr =>
  x.type === 'f32' ? withRanges(x.to('f64'), tanSingle).to('f32') : withRanges(x, tanOf);
