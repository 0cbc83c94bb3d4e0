// pow, cbrt and hypot for f64 and f32. pow is 2^(y log2 x) with the logarithm and the product carried to about 66 bits
// by products of heads (the arrangement of fdlibm's documentation); f32 goes through f64. cbrt iterates on the inverse
// root without divisions; hypot squares the larger side exactly.

import type { Expr } from '../builder.ts';
import { polynomials } from './_coefficients.ts';
import { fastTwoSum, halves, type Pair } from './_double.ts';
import {
  beyond,
  flip,
  formatOf,
  magnitude,
  outsidePositiveNormals,
  scale,
  signed,
  signOf,
  splitExponent,
} from './_format.ts';
import { estrin, parts, poly } from './_polynomial.ts';
import { expReduced, scaleFar } from './exponential.ts';

const head = (a: Expr): Expr => halves(a).hi;

/** log2 of a positive normal f64 scaled by 2^up, as a pair of a head and a rest. */
function log2Pair(a: Expr, up: number): Pair {
  const { k, m } = splitExponent(a);
  const u = m.sub(1);
  const v = m.add(1);
  const inverse = u.like(1).div(v);
  const s = u.mul(inverse);
  const sh = head(s);
  const vh = head(v);
  const vl = m.sub(vh.sub(1));
  const sl = u.sub(sh.mul(vh)).sub(sh.mul(vl)).mul(inverse);
  // log m = 2/3 s (3 + s^2 + r), the bracket as a head and a rest.
  const square = sh.mul(sh);
  const rest = sl.mul(sh.add(s));
  const z = square.add(rest);
  const r = z.mul(z).mul(poly('logTail', z)).add(rest);
  const th = head(square.add(3).add(r));
  const tl = r.sub(th.sub(3).sub(square));
  const p = sh.mul(th);
  const q = sl.mul(th).add(tl.mul(s));
  const ph = head(p.add(q));
  const pl = q.sub(ph.sub(p));
  const [factor, factorRest] = parts('twoThirdsLog2e', a);
  const zh = ph.mul(factor);
  const zl = ph.mul(factorRest).add(pl.mul(factor + factorRest));
  const n = up === 0 ? k : k.sub(up);
  const hi = head(zh.add(zl).add(n));
  return { hi, lo: zl.sub(hi.sub(n).sub(zh)) };
}

/** y log2(x) with y split, so that the head product is exact. */
function exponentOf(y: Expr, log: Pair): Pair {
  const h = halves(y);
  return { hi: h.hi.mul(log.hi), lo: h.lo.mul(log.hi).add(y.mul(log.lo)) };
}

/** 2^(p.hi + p.lo) = e * 2^n with t holding n. */
function exp2Pair(p: Pair): { readonly e: Expr; readonly n: Expr; readonly t: Expr } {
  const f = formatOf(p.hi);
  const sum = p.hi.add(p.lo);
  const t = sum.add(f.magic);
  const n = t.sub(f.magic);
  const d = p.hi.sub(n);
  const h = head(d.add(p.lo));
  const [high, low] = parts('ln2Heads', p.hi);
  const u = h.mul(high);
  const v = p.lo
    .sub(h.sub(d))
    .mul(high + low)
    .add(h.mul(low));
  const r = u.add(v);
  return { e: expReduced(r, v.sub(r.sub(u))), n, t };
}

/** pow's special cases around a magnitude |x|^y. */
function withSpecialCases(x: Expr, y: Expr, size: Expr): Expr {
  const a = magnitude(x);
  const rising = y.gt(0);
  const ofZero = rising.select(x.like(0), x.like(Infinity));
  const ofInfinity = rising.select(x.like(Infinity), x.like(0));
  const value = a.eq(0).select(ofZero, a.ge(Infinity).select(ofInfinity, size));
  const half = y.mul(0.5);
  const integer = y.floor().eq(y);
  const oddInteger = integer.and(half.floor().ne(half)).and(y.abs().lt(Infinity));
  const negativeBase = x.lt(0).and(x.gt(-Infinity));
  const real = oddInteger.select(flip(value, signOf(x)), negativeBase.and(integer.not()).select(x.like(NaN), value));
  const number = x.isNaN().or(y.isNaN()).select(x.add(y), real);
  return y.eq(0).or(x.eq(1)).select(x.like(1), number);
}

function powDouble(x: Expr, y: Expr): Expr {
  const a = magnitude(x);
  const log = log2Pair(a, 0);
  const near = exponentOf(y, log);
  const power = exp2Pair(near);
  // Any other argument: |y| beyond 2^65 changes nothing but the sign of the exponent.
  const limited = y.pmax(-(2 ** 65)).pmin(2 ** 65);
  const farFrom = (l: Pair): Expr => {
    const p = exponentOf(limited, l);
    const { e, n } = exp2Pair(p);
    const size = p.hi.gt(1030).select(x.like(Infinity), p.hi.lt(-1080).select(x.like(0), scaleFar(e, n)));
    return withSpecialCases(x, y, size);
  };
  const far = a.lt(2 ** -1022).rare(farFrom(log2Pair(a.mul(2 ** 54), 54)), farFrom(log));
  const unusual = outsidePositiveNormals(x).or(beyond(near.hi, 1021));
  return unusual.rare(far, scale(power.e, power.t));
}

// Half the length suffices where the result is rounded to f32.
function powSingle(x: Expr, y: Expr): Expr {
  const a = magnitude(x);
  const { k, m } = splitExponent(a);
  const s = m.sub(1).div(m.add(1));
  const z = s.mul(s);
  const log = s.mul(estrin(z, polynomials.log2Single.f64)).add(k);
  const f = formatOf(x);
  const p = y.mul(log).pmax(-1000).pmin(1000);
  const t = p.add(f.magic);
  const r = p.sub(t.sub(f.magic));
  const size = scale(estrin(r, polynomials.exp2Single.f64), t);
  return outsidePositiveNormals(x)
    .or(p.isNaN())
    .rare(withSpecialCases(x, y, a.eq(1).select(a, size)), size);
}

/** x^y with C99's table of special values. */
export const pow = (x: Expr, y: Expr): Expr =>
  x.type === 'f32' ? powSingle(x.to('f64'), y.to('f64')).to('f32') : powDouble(x, y);

/** Cube root of a positive normal f64. */
function cubeRoot(a: Expr, single: boolean): Expr {
  const f = formatOf(a);
  // Dividing the upper bits by -3 gives the inverse root to 3.5 %.
  const high = a.bits('u64').shrk(32).or(0x4330000000000000n).bits('f64').sub(f.integers);
  const guess = high
    .mul(-1 / 3)
    .add(f.integers + 0x553ee800)
    .bits('u64')
    .shlk(32)
    .bits('f64');
  const error = (g: Expr): Expr => a.like(1).sub(a.mul(g).mul(g).mul(g));
  const better = guess.mul(poly('cubeRoot', error(guess)));
  if (single) {
    const root = a.mul(better).mul(better);
    return root.add(root.mul(error(better)).mul(2 / 3));
  }
  const e = error(better);
  const inverse = better.add(better.mul(e).mul(e.mul(2 / 9).add(1 / 3)));
  const root = a.mul(inverse).mul(inverse);
  // One Newton step from a root of 26 bits, whose cube is subtracted exactly.
  const short = head(root);
  const square = halves(short.mul(short));
  const rest = a.sub(square.hi.mul(short)).sub(square.lo.mul(short));
  const slope = inverse.mul(inverse).mul(1 / 3);
  const step = rest.mul(slope);
  return short.add(step.add(step.mul(root.sub(short).mul(inverse))));
}

function cbrtDouble(x: Expr): Expr {
  const a = magnitude(x);
  const far = cubeRoot(a.mul(2 ** 54), false).mul(2 ** -18);
  const special = a.eq(0).or(a.lt(Infinity).not());
  return outsidePositiveNormals(a).rare(special.select(x, signed(far, x)), signed(cubeRoot(a, false), x));
}

function cbrtSingle(x: Expr): Expr {
  const a = magnitude(x);
  return outsidePositiveNormals(a).rare(x, signed(cubeRoot(a, true), x));
}

/** Real cube root. */
export const cbrt = (x: Expr): Expr => (x.type === 'f32' ? cbrtSingle(x.to('f64')).to('f32') : cbrtDouble(x));

/** sqrt(b^2 + a^2), b >= a in f64: squares with their errors, and one correction of the root. */
function lengthOf(b: Expr, a: Expr): Expr {
  const square = (v: Expr): Pair => {
    const h = halves(v);
    return { hi: h.hi.mul(h.hi), lo: h.lo.mul(v.add(h.hi)) };
  };
  const [bb, aa] = [square(b), square(a)];
  const sum = fastTwoSum(bb.hi, aa.hi);
  const total = fastTwoSum(sum.hi, sum.lo.add(bb.lo.add(aa.lo)));
  const root = total.hi.sqrt();
  const r = square(root);
  const residual = total.hi.sub(r.hi).sub(r.lo).add(total.lo);
  return root.add(residual.div(root.add(root).pmax(2 ** -1022)));
}

function hypotDouble(x: Expr, y: Expr): Expr {
  const [ax, ay] = [magnitude(x), magnitude(y)];
  const total = ax.add(ay);
  const [b, a] = [ax.pmax(ay), ax.pmin(ay)];
  const up = total.lt(1);
  const factor = up.select(x.like(2 ** 600), 2 ** -600);
  const far = lengthOf(b.mul(factor), a.mul(factor)).mul(up.select(x.like(2 ** -600), 2 ** 600));
  const endless = ax.ge(Infinity).or(ay.ge(Infinity));
  const special = endless.select(x.like(Infinity), total.isNaN().select(total, far));
  return total
    .ge(2 ** -450)
    .and(total.le(2 ** 500))
    .not()
    .rare(special, lengthOf(b, a));
}

function hypotSingle(x: Expr, y: Expr): Expr {
  const length = x.mul(x).add(y.mul(y)).sqrt();
  const endless = x.abs().ge(Infinity).or(y.abs().ge(Infinity));
  return length
    .lt(Infinity)
    .not()
    .rare(endless.select(x.like(Infinity), length), length);
}

/** sqrt(x^2 + y^2) without overflow; infinite if a side is. */
export const hypot = (x: Expr, y: Expr): Expr =>
  x.type === 'f32' ? hypotSingle(x.to('f64'), y.to('f64')).to('f32') : hypotDouble(x, y);
