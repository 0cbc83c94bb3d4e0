// Complex exponentials, logarithms and powers. Special values are those of C99 Annex G as NumPy gives them. The modulus
// inside the logarithms is carried as an unevaluated sum, so that log keeps its accuracy where |z| is near 1.
// f32 parts are computed in f64.

import { ComplexExpr, type Expr } from '../builder.ts';
import { inDouble, inDouble2, isEndless, isFinitePart, rareComplex, sumOfSquares } from './_complex_parts.ts';
import { type Pair, twoProd, twoSum } from './_double.ts';
import { divide, multiply } from './complex_arithmetic.ts';
import { exp as realExp, exp2 as realExp2, expm1 as realExpm1 } from './exponential.ts';
import { atan2 } from './inverse_trigonometric.ts';
import { logOfSum } from './logarithm.ts';
import { sin as realSin, sincos } from './trigonometric.ts';

/**
 * ULP of each part, or of the modulus of the result. A power loses as many bits as the exponent times the logarithm
 * has before the point: `perUnit` ULP of the modulus for each unit of |w log z| more.
 */
export const ulp = {
  exp: { parts: 3 },
  exp2: { parts: 3 },
  expm1: { modulus: 3 },
  log: { parts: 2 },
  log2: { parts: 3 },
  log10: { parts: 3 },
  log1p: { modulus: 2 },
  power: { modulus: 4, perUnit: 2.5 },
} as const;

const of = (re: Expr, im: Expr): ComplexExpr => new ComplexExpr(re, im);
const INF = Number.POSITIVE_INFINITY;
/** From here on e^x is taken in two factors, so that a small cosine may bring it back into range. */
const FAR = 700;

// e^x (c + i s) for any x, y: two half powers; zeros and non-finite parts by Annex G.
function specialExp(x: Expr, y: Expr, half: Expr, c: Expr, s: Expr): ComplexExpr {
  const far = of(half.mul(half.mul(c)), half.mul(half.mul(s)));
  const vanished = x.eq(-INF);
  const overflowed = x.eq(INF);
  const odd = isFinitePart(y).not(); // no direction
  const re = odd.and(vanished.or(overflowed)).select(vanished.select(x.like(0), x), far.re);
  return of(re, y.eq(0).select(y, odd.and(vanished).select(y.lt(0).select(y.like(-0), 0), far.im)));
}

/**
 * e^z.
 * @example exp(z)
 */
export const exp: (z: ComplexExpr) => ComplexExpr = inDouble(({ re: x, im: y }) => {
  const t = sincos(y);
  const e = realExp(x);
  const usual = x.abs().lt(FAR).and(isFinitePart(y));
  return rareComplex(usual.not(), specialExp(x, y, realExp(x.mul(0.5)), t.cos, t.sin), of(e.mul(t.cos), e.mul(t.sin)));
});

const LN2_LOW = 2.3190468138462996e-17;

/**
 * 2^z; the angle im z · ln 2 is carried to twice the precision.
 * @example exp2(z)
 */
export const exp2: (z: ComplexExpr) => ComplexExpr = inDouble(({ re: x, im: y }) => {
  const product = twoProd(y, y.like(Math.LN2));
  const low = product.lo.add(y.mul(LN2_LOW));
  const t = sincos(product.hi);
  const turn = low
    .abs()
    .lt(2 ** -8)
    .select(low, 0); // else NaN, or |im z| past 2^45: no care is taken there
  const square = turn.mul(turn);
  const sine = turn.sub(turn.mul(square).mul(1 / 6));
  const versine = square.mul(0.5);
  const c = t.cos.sub(t.sin.mul(sine).add(t.cos.mul(versine)));
  const s = y.eq(0).select(y, t.sin.add(t.cos.mul(sine).sub(t.sin.mul(versine))));
  const e = realExp2(x);
  const usual = x.abs().lt(FAR).and(isFinitePart(y));
  return rareComplex(usual.not(), specialExp(x, y, realExp2(x.mul(0.5)), c, s), of(e.mul(c), e.mul(s)));
});

/**
 * e^z - 1; the real part as expm1(x) cos y - 2 sin²(y/2), whose two terms may cancel.
 * @example expm1(z)
 */
export const expm1: (z: ComplexExpr) => ComplexExpr = inDouble(({ re: x, im: y }) => {
  const t = sincos(y);
  const h = realSin(y.mul(0.5));
  const minus = realExpm1(x).mul(t.cos).sub(h.mul(h).mul(2));
  const im = realExp(x).mul(t.sin);
  const usual = x.abs().lt(FAR).and(isFinitePart(y));
  const whole = specialExp(x, y, realExp(x.mul(0.5)), t.cos, t.sin);
  const real = y.eq(0).select(realExpm1(x), whole.re.sub(1));
  return rareComplex(usual.not(), of(real, whole.im), of(minus, im));
});

/** Moduli between these have squares, and errors of squares, in range. */
const LEAST = 2 ** -450;
const MOST = 2 ** 500;

// log|z| from |z|^2 as a pair; the argument's scaling is taken off again as an exact multiple of ln 2.
function logModulus(x: Expr, y: Expr): Expr {
  const total = x.abs().add(y.abs());
  const half = (p: Pair): Expr => logOfSum(p.hi, p.lo).mul(0.5);
  const up = total.lt(1);
  const factor = up.select(x.like(2 ** 600), 2 ** -600);
  const offset = up.select(x.like(-600 * Math.LN2), 600 * Math.LN2);
  const far = half(sumOfSquares(x.mul(factor), y.mul(factor))).add(offset);
  const endless = isEndless(x).or(isEndless(y)).select(x.like(INF), total.add(Number.NaN));
  const special = isFinitePart(x)
    .and(isFinitePart(y))
    .select(total.eq(0).select(x.like(-INF), far), endless);
  const usual = total.ge(LEAST).and(total.le(MOST));
  return usual.not().rare(special, half(sumOfSquares(x, y)));
}

const logDouble = ({ re: x, im: y }: ComplexExpr): ComplexExpr => of(logModulus(x, y), atan2(y, x));

/**
 * Principal logarithm, the cut along the negative axis; accurate also where |z| is near 1.
 * @example log(z)
 */
export const log: (z: ComplexExpr) => ComplexExpr = inDouble(logDouble);

/** log z / ln 2. */
export const log2: (z: ComplexExpr) => ComplexExpr = inDouble((z) => logDouble(z).scale(Math.LOG2E));

/** log z / ln 10. */
export const log10: (z: ComplexExpr) => ComplexExpr = inDouble((z) => logDouble(z).scale(Math.LOG10E));

/**
 * log(1 + z) without cancellation near 0.
 * @example log1p(z)
 */
export const log1p: (z: ComplexExpr) => ComplexExpr = inDouble(({ re: x, im: y }) => {
  const one = twoSum(x.like(1), x);
  // Near 0: 1 + (2x + x^2 + y^2), the bracket summed on its own. Elsewhere (1 + x)^2 + y^2.
  const near = x.abs().lt(0.5).and(y.abs().lt(1));
  const squares = sumOfSquares(near.select(x, one.hi), y);
  const bracket = twoSum(near.select(x.add(x), 0), squares.hi);
  const { hi, lo: lost } = twoSum(near.select(x.like(1), 0), bracket.hi);
  const lo = lost.add(bracket.lo.add(squares.lo)).add(near.select(x.like(0), one.hi.mul(one.lo).mul(2)));
  const usual = one.hi.abs().add(y.abs());
  const inside = usual.ge(LEAST).and(usual.le(MOST));
  const re = inside.not().rare(logModulus(one.hi, y), logOfSum(hi, lo).mul(0.5));
  return of(re, atan2(y, one.hi));
});

/** Integer powers up to this magnitude are repeated products, as NumPy's; one more needs the logarithm. */
const LADDER = 100;

// z^n for an integer-valued |n| < LADDER by squarings, bits of n from the lowest, in NumPy's order: powers past the
// third start from a multiplication by 1 (which shows in signs of zeros and in infinities), negative ones divide 1.
function ladder(z: ComplexExpr, n: Expr): ComplexExpr {
  const count = n.abs().pmin(LADDER).to('i32');
  const one = of(z.re.like(1), z.re.like(0));
  let power = z;
  let answer = one;
  for (let bit = 1; bit < LADDER; bit *= 2) {
    answer = ComplexExpr.select(count.and(bit).ne(0), multiply(answer, power), answer);
    if (bit * 2 < LADDER) power = multiply(power, power);
  }
  const second = multiply(z, z);
  const low = ComplexExpr.select(n.eq(1), z, ComplexExpr.select(n.eq(2), second, multiply(z, second)));
  const positive = ComplexExpr.select(n.ge(1).and(n.le(3)), low, answer);
  return rareComplex(n.lt(0), divide(one, answer), positive);
}

/**
 * z^w = e^(w log z). z^0 = 1 for every z; 0^w is 0 where re w > 0, else NaN; small integer powers are products.
 * @example power(z, w)
 */
export const power: (z: ComplexExpr, w: ComplexExpr) => ComplexExpr = inDouble2((z, w) => {
  const l = logDouble(z);
  const general = exp(multiply(w, l));
  const zero = z.re.eq(0).and(z.im.eq(0));
  const nan = of(z.re.like(Number.NaN), z.re.like(Number.NaN));
  const ofZero = ComplexExpr.select(w.re.gt(0), of(z.re.like(0), z.re.like(0)), nan);
  const small = w.im.eq(0).and(w.re.trunc().eq(w.re)).and(w.re.abs().lt(LADDER));
  const product = ladder(z, small.select(w.re, 1));
  const direct = small.and(zero.not().or(w.re.eq(0)));
  return rareComplex(direct.not(), ComplexExpr.select(zero, ofZero, general), product);
});
