// Complex circular and hyperbolic functions and their inverses. Special values are C99 Annex G's as NumPy gives them.
// Forward: products of the real functions, two half exponentials where those overflow. Inverse: Kahan's formulas in
// sqrt(1 - z) and sqrt(1 + z) (Branch Cuts for Complex Elementary Functions, 1987), free of cancellation.
// Each circular function is the hyperbolic one with the axes exchanged. f32 parts are computed in f64.

import { ComplexExpr, type Expr } from '../builder.ts';
import { inDouble, isEndless, isFinitePart, rareComplex, turned } from './_complex_parts.ts';
import { sqrt } from './complex_arithmetic.ts';
import { exp } from './exponential.ts';
import { asinh as realAsinh, cosh as realCosh, sinh as realSinh } from './hyperbolic.ts';
import { atan2 } from './inverse_trigonometric.ts';
import { log, log1p } from './logarithm.ts';
import { sincos } from './trigonometric.ts';

/** ULP of each part. */
export const ulp = {
  sin: { parts: 3 },
  cos: { parts: 3 },
  tan: { parts: 6 },
  sinh: { parts: 3 },
  cosh: { parts: 3 },
  tanh: { parts: 6 },
  asin: { parts: 6 },
  acos: { parts: 6 },
  atan: { parts: 5 },
  asinh: { parts: 6 },
  acosh: { parts: 6 },
  atanh: { parts: 5 },
} as const;

const of = (re: Expr, im: Expr): ComplexExpr => new ComplexExpr(re, im);
const INF = Number.POSITIVE_INFINITY;
const NAN = Number.NaN;
/** Beyond it sinh and cosh are taken as two factors e^(|x|/2), so that a small cosine may bring them into range. */
const FAR = 700;

/** sinh or cosh of x + iy where x is large or a part is not finite. `even` is the part that does not change sign. */
function farHyperbolic(x: Expr, y: Expr, cosine: Expr, sine: Expr, isSinh: boolean): ComplexExpr {
  const half = exp(x.abs().mul(0.5));
  const scaled = (t: Expr): Expr => half.mul(half.mul(0.5).mul(t));
  const odd = (t: Expr): Expr => x.lt(0).select(t.neg(), t); // never by the sign of a NaN
  const lost = isFinitePart(y).not(); // no direction
  const [re, im] = isSinh ? [odd(scaled(cosine)), scaled(sine)] : [scaled(cosine), odd(scaled(sine))];
  const endless = lost.and(isEndless(x)).select(x.abs(), re);
  if (isSinh) return of(lost.and(x.eq(0)).select(x, endless), y.eq(0).select(y, im));
  return of(endless, y.eq(0).select(odd(y), lost.and(x.eq(0)).select(y.like(0), im)));
}

function hyperbolic(x: Expr, y: Expr, isSinh: boolean): ComplexExpr {
  const t = sincos(y);
  const [s, c] = [realSinh(x), realCosh(x)];
  const near = isSinh ? of(s.mul(t.cos), c.mul(t.sin)) : of(c.mul(t.cos), s.mul(t.sin));
  const usual = x.abs().lt(FAR).and(isFinitePart(y));
  return rareComplex(usual.not(), farHyperbolic(x, y, t.cos, t.sin, isSinh), near);
}

const sinhDouble = (z: ComplexExpr): ComplexExpr => hyperbolic(z.re, z.im, true);

/**
 * Hyperbolic sine.
 * @example sinh(z)
 */
export const sinh: (z: ComplexExpr) => ComplexExpr = inDouble(sinhDouble);

/** Hyperbolic cosine. */
export const cosh: (z: ComplexExpr) => ComplexExpr = inDouble((z) => hyperbolic(z.re, z.im, false));

/** Sine. */
export const sin: (z: ComplexExpr) => ComplexExpr = inDouble(turned(sinhDouble));

/** Cosine: cosh(iz). */
export const cos: (z: ComplexExpr) => ComplexExpr = inDouble((z) => hyperbolic(z.im.neg(), z.re, false));

/** |x| from which 1 - |tanh x| is below half an ULP. */
const FLAT = 20;

// (sinh x cosh x + i sin y cos y) / (sinh²x + cos²y): a sum of squares, nothing cancels.
function tanhDouble({ re: x, im: y }: ComplexExpr): ComplexExpr {
  const t = sincos(y);
  const inside = x.abs().lt(FLAT);
  const a = inside.select(x, 0);
  const s = realSinh(a);
  const divisor = s.mul(s).add(t.cos.mul(t.cos));
  const product = t.sin.mul(t.cos);
  const near = of(s.mul(realCosh(a)).div(divisor), product.div(divisor));
  const sign = x.like(1).copysign(x);
  const decay = exp(x.abs().neg()); // e^(-2|x|) in two factors: it underflows later
  const tail = product.mul(4).mul(decay).mul(decay);
  const side = isFinitePart(y).select(tail, x.like(0).copysign(y.isNaN().select(x.like(0), y)));
  const nan = x.like(NAN);
  const endless = of(sign, isEndless(x).and(isFinitePart(y)).select(x.like(0).copysign(product), side));
  // y without direction: NaN, but 0 keeps its real part; x NaN: NaN, but a real argument stays real.
  const undirected = of(x.eq(0).select(x, nan), nan);
  const noNumber = of(nan, y.eq(0).select(y, nan));
  const special = ComplexExpr.select(
    x.isNaN(),
    noNumber,
    ComplexExpr.select(isEndless(x).or(inside.not().and(isFinitePart(y))), endless, undirected),
  );
  return rareComplex(inside.and(isFinitePart(y)).not(), special, near);
}

/** Hyperbolic tangent. */
export const tanh: (z: ComplexExpr) => ComplexExpr = inDouble(tanhDouble);

/** Tangent. */
export const tan: (z: ComplexExpr) => ComplexExpr = inDouble(turned(tanhDouble));

/** Parts up to here may be multiplied; beyond, z stands for 1 + z and for sqrt(z^2 + 1). */
const HUGE = 2 ** 500;

/** log(2|z|) for a huge or infinite z, without overflow. */
function logTwice(x: Expr, y: Expr): Expr {
  const scale = 2 ** -540;
  const [a, b] = [x.mul(scale), y.mul(scale)];
  const logarithm = log(a.mul(a).add(b.mul(b)).sqrt()).add(541 * Math.LN2);
  return isEndless(x).or(isEndless(y)).select(x.like(INF), logarithm);
}

interface Roots {
  /** sqrt(1 - z). */
  readonly minus: ComplexExpr;
  /** sqrt(1 + z). */
  readonly plus: ComplexExpr;
}

const rootsOf = ({ re: x, im: y }: ComplexExpr): Roots => ({
  minus: sqrt(of(x.neg().add(1), y.neg())),
  plus: sqrt(of(x.add(1), y)),
});

const isHuge = (x: Expr, y: Expr): Expr => x.abs().lt(HUGE).and(y.abs().lt(HUGE)).not();

function asinDouble(z: ComplexExpr): ComplexExpr {
  const { re: x, im: y } = z;
  const { minus, plus } = rootsOf(z);
  const across = minus.re.mul(plus.re).sub(minus.im.mul(plus.im)); // a sum: the imaginary parts differ in sign
  const along = minus.re.mul(plus.im).sub(minus.im.mul(plus.re));
  const near = of(atan2(x, across), realAsinh(along));
  const nan = x.like(NAN);
  const far = of(atan2(x, y.abs()), logTwice(x, y).copysign(y));
  // With a NaN: only zero keeps its real part, and an infinite part its size on the imaginary axis.
  const noNumber = of(
    x.eq(0).select(x, nan),
    isEndless(x).or(isEndless(y)).select(isEndless(y).select(y, x.abs()), nan),
  );
  return rareComplex(isHuge(x, y), ComplexExpr.select(z.isNaN(), noNumber, far), near);
}

/**
 * Arcsine, cuts along the real axis outside [-1, 1].
 * @example asin(z)
 */
export const asin: (z: ComplexExpr) => ComplexExpr = inDouble(asinDouble);

/** Inverse hyperbolic sine, cuts along the imaginary axis outside [-i, i]. */
export const asinh: (z: ComplexExpr) => ComplexExpr = inDouble(turned(asinDouble));

function acosDouble(z: ComplexExpr): ComplexExpr {
  const { re: x, im: y } = z;
  const { minus, plus } = rootsOf(z);
  const along = minus.im.mul(plus.re).sub(plus.im.mul(minus.re));
  const near = of(atan2(minus.re, plus.re).mul(2), realAsinh(along));
  const nan = x.like(NAN);
  const far = of(atan2(y.abs(), x), logTwice(x, y).copysign(y).neg());
  const noNumber = of(
    x.eq(0).select(x.like(Math.PI / 2), nan),
    isEndless(x)
      .or(isEndless(y))
      .select(isEndless(y).select(y.neg(), x.like(-INF)), nan),
  );
  return rareComplex(isHuge(x, y), ComplexExpr.select(z.isNaN(), noNumber, far), near);
}

/** Arccosine with real part in [0, pi], cuts along the real axis outside [-1, 1]. */
export const acos: (z: ComplexExpr) => ComplexExpr = inDouble(acosDouble);

/** Inverse hyperbolic cosine with real part >= 0, cut along the real axis below 1. */
export const acosh: (z: ComplexExpr) => ComplexExpr = inDouble((z) => {
  const w = acosDouble(z);
  return of(w.im.abs(), w.re.copysign(z.im));
});

function atanhDouble(z: ComplexExpr): ComplexExpr {
  const { re: x, im: y } = z;
  const a = x.abs();
  const b = a.neg().add(1);
  const distance = b.mul(b).add(y.mul(y));
  const re = log1p(a.mul(4).div(distance)).mul(0.25);
  const near = of(re.copysign(x), atan2(y.add(y), b.mul(a.add(1)).sub(y.mul(y))).mul(0.5));
  // Next to 1 the distance underflows: the real part is log(2 / |y|) / 2; the imaginary part needs no care.
  const beside = log(y.abs()).neg().add(Math.LN2).mul(0.5);
  const pole = y.eq(0).select(y.like(INF), beside).copysign(x);
  const close = a.eq(1).and(y.abs().lt(2 ** -400));
  // Far away re = x / |z|^2, in an order that neither overflows nor underflows early.
  const big = a.pmax(y.abs());
  const [p, q] = [a.div(big), y.div(big)];
  const inverse = p.div(p.mul(p).add(q.mul(q))).div(big);
  const quarter = x.like(Math.PI / 2).copysign(y);
  const nan = x.like(NAN);
  const endless = isEndless(x).or(isEndless(y));
  const far = of(endless.select(x.like(0), inverse).copysign(x), quarter);
  const noNumber = of(x.eq(0).or(endless).select(x.like(0).copysign(x), nan), isEndless(y).select(quarter, nan));
  const corner = of(pole, y.eq(0).select(y, near.im));
  const special = ComplexExpr.select(z.isNaN(), noNumber, ComplexExpr.select(close, corner, far));
  return rareComplex(isHuge(x, y).or(close), special, near);
}

/** Inverse hyperbolic tangent, cuts along the real axis outside [-1, 1]. */
export const atanh: (z: ComplexExpr) => ComplexExpr = inDouble(atanhDouble);

/** Arctangent, cuts along the imaginary axis outside [-i, i]. */
export const atan: (z: ComplexExpr) => ComplexExpr = inDouble(turned(atanhDouble));
