// Complex arithmetic, magnitude, angle, sign and square root for f64 and f32 parts. Products are the plain four-product
// form without C99's recovery of infinities, quotients are Smith's (1962), as in NumPy. The square root is Kahan's
// arrangement: one real root, the other part by division, squares scaled where they would leave the range.

import { ComplexExpr, type Expr } from '../builder.ts';
import { inDouble, isEndless, isFinitePart, rareComplex } from './_complex_parts.ts';
import { atan2 } from './inverse_trigonometric.ts';
import { hypot } from './power.ts';

/**
 * ULP of each part where `parts`, of the modulus of the result where `modulus` (cancelling sums cannot do better).
 * The sign function, like NumPy's, divides by a rounded modulus.
 */
export const ulp = {
  multiply: { modulus: 2 },
  divide: { modulus: 6 },
  reciprocal: { modulus: 4 },
  square: { modulus: 2 },
  absolute: { parts: 1 },
  angle: { parts: 1 },
  sign: { parts: 2 },
  sqrt: { parts: 2 },
} as const;

/** Squares of parts between these neither overflow nor lose bits that count. */
const LEAST = 2 ** -450;
const MOST = 2 ** 500;

const of = (re: Expr, im: Expr): ComplexExpr => new ComplexExpr(re, im);

/**
 * Product of two complex values: infinities are not recovered from NaN, as in NumPy.
 * @example multiply(z, z.conj())
 */
export const multiply = (a: ComplexExpr, b: ComplexExpr): ComplexExpr => a.mul(b);

/** z * z with the roundings of NumPy's square. */
export const square = (z: ComplexExpr): ComplexExpr => {
  const cross = z.re.mul(z.im);
  return of(z.re.mul(z.re).sub(z.im.mul(z.im)), cross.add(cross));
};

/**
 * Quotient by Smith's method; a zero divisor divides both parts by its magnitude zero.
 * @example divide(a, b)
 */
export function divide(a: ComplexExpr, b: ComplexExpr): ComplexExpr {
  const wide = b.im.abs().le(b.re.abs());
  const big = wide.select(b.re, b.im);
  const small = wide.select(b.im, b.re);
  const ratio = small.div(big);
  const scale = big.like(1).div(big.add(small.mul(ratio)));
  const first = wide.select(a.re, a.im);
  const second = wide.select(a.im, a.re);
  const cross = first.mul(ratio);
  const im = wide.select(second.sub(cross), cross.sub(second));
  const usual = of(first.add(second.mul(ratio)).mul(scale), im.mul(scale));
  const zero = b.re.abs();
  return rareComplex(zero.add(b.im.abs()).eq(0), of(a.re.div(zero), a.im.div(zero)), usual);
}

/**
 * 1/z by Smith's method; NaN for zero, as NumPy.
 * @example reciprocal(z)
 */
export function reciprocal(z: ComplexExpr): ComplexExpr {
  const wide = z.im.abs().le(z.re.abs());
  const big = wide.select(z.re, z.im);
  const small = wide.select(z.im, z.re);
  const ratio = small.div(big);
  const divisor = big.add(small.mul(ratio));
  const one = big.like(1).div(divisor);
  const other = ratio.div(divisor);
  return of(wide.select(one, other), wide.select(other, one).neg());
}

/**
 * |z|, infinite if a part is. The plain root of the sum of squares is within one ULP; only where squares leave the
 * range does it take the real hypot.
 * @example absolute(z)
 */
export function absolute({ re: x, im: y }: ComplexExpr): Expr {
  if (x.type === 'f32') return hypot(x, y);
  const square = x.mul(x).add(y.mul(y));
  return square
    .ge(LEAST * LEAST)
    .and(square.le(MOST * MOST))
    .not()
    .rare(hypot(x, y), square.sqrt());
}

/** Angle in [-pi, pi]. */
export const angle = (z: ComplexExpr): Expr => atan2(z.im, z.re);

/**
 * z / |z|; 0 for 0, a unit along the axis of an infinite part, NaN where both are infinite or z is NaN.
 * @example sign(z)
 */
export function sign(z: ComplexExpr): ComplexExpr {
  const single = z.re.type === 'f32';
  const least = single ? 2 ** -100 : 2 ** -1000;
  const length = absolute(z);
  const along = (x: Expr): Expr => isEndless(x).select(x.like(1).copysign(x), 0);
  const axis = of(along(z.re), along(z.im));
  const both = isEndless(z.re).and(isEndless(z.im));
  const nan = length.like(Number.NaN);
  // A modulus that overflows, or is subnormal and has few digits: that of a scaled value has all.
  const scaled = z.scale(length.lt(least).select(length.like(2 ** (single ? 100 : 600)), 0.25));
  const reduced = absolute(scaled);
  const far = of(scaled.re.div(reduced), scaled.im.div(reduced));
  const endless = ComplexExpr.select(isFinite(z), far, ComplexExpr.select(both, of(nan, nan), axis));
  const zero = of(length.like(0), length.like(0));
  const noNumber = ComplexExpr.select(length.isNaN(), of(nan, nan), endless);
  const special = ComplexExpr.select(length.eq(0), zero, noNumber);
  return rareComplex(length.ge(least).and(isFinitePart(length)).not(), special, of(z.re.div(length), z.im.div(length)));
}

function rootOf(z: ComplexExpr): ComplexExpr {
  const { re: x, im: y } = z;
  const [ax, ay] = [x.abs(), y.abs()];
  const total = ax.add(ay);
  const rootOfSum = (a: Expr, b: Expr): Expr => a.mul(a).add(b.mul(b)).sqrt().add(a).mul(0.5).sqrt();
  const assemble = (t: Expr): ComplexExpr => {
    const other = ay.div(t.add(t));
    const right = x.ge(0);
    return of(right.select(t, other), right.select(other, t).copysign(y));
  };
  const up = total.lt(1);
  const factor = up.select(x.like(2 ** 600), 2 ** -600);
  const scaled = rootOfSum(ax.mul(factor), ay.mul(factor)).mul(up.select(x.like(2 ** -300), 2 ** 300));
  const far = assemble(scaled);
  const inf = x.like(Number.POSITIVE_INFINITY);
  // C99: an infinite imaginary part wins over all, then an infinite real part; zero keeps the sign of its imaginary part.
  const alongAxis = of(
    x.gt(0).select(inf, y.isNaN().select(y, y.like(0))),
    x
      .gt(0)
      .select(y.isNaN().select(y, y.like(0)), inf)
      .copysign(y),
  );
  const nan = total.add(Number.NaN);
  const finite = ComplexExpr.select(
    total.eq(0),
    of(x.like(0), y),
    ComplexExpr.select(total.isNaN(), of(nan, nan), far),
  );
  const special = ComplexExpr.select(isEndless(y), of(inf, y), ComplexExpr.select(isEndless(x), alongAxis, finite));
  return rareComplex(total.ge(LEAST).and(total.le(MOST)).not(), special, assemble(rootOfSum(ax, ay)));
}

/**
 * Principal square root, continuous from above on the negative axis for +0 and from below for -0.
 * @example sqrt(z)
 */
export const sqrt: (z: ComplexExpr) => ComplexExpr = inDouble(rootOf);

export const conjugate = (z: ComplexExpr): ComplexExpr => z.conj();
export const isNaN = (z: ComplexExpr): Expr => z.isNaN();
export const isInf = (z: ComplexExpr): Expr => isEndless(z.re).or(isEndless(z.im));
export const isFinite = (z: ComplexExpr): Expr => isFinitePart(z.re).and(isFinitePart(z.im));
