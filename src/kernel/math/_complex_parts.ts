// What the complex functions share: single precision computed through double, swapping of parts (the relation between
// circular and hyperbolic functions), and selections on both parts at once.

import { ComplexExpr, type Expr } from '../builder.ts';
import { fastTwoSum, type Pair, twoSum } from './_double.ts';

type ComplexFunction = (z: ComplexExpr) => ComplexExpr;

const widen = (z: ComplexExpr): ComplexExpr => new ComplexExpr(z.re.to('f64'), z.im.to('f64'));

/** A body for f64 parts as a body for either lane: f32 parts are computed in f64 and rounded once at the end. */
export const inDouble =
  (body: ComplexFunction): ComplexFunction =>
  (z) => {
    if (z.re.type === 'f64') return body(z);
    const w = body(widen(z));
    return new ComplexExpr(w.re.to('f32'), w.im.to('f32'));
  };

/** The same for two arguments. */
export const inDouble2 =
  (body: (a: ComplexExpr, b: ComplexExpr) => ComplexExpr) =>
  (a: ComplexExpr, b: ComplexExpr): ComplexExpr => {
    if (a.re.type === 'f64') return body(a, b);
    const w = body(widen(a), widen(b));
    return new ComplexExpr(w.re.to('f32'), w.im.to('f32'));
  };

/** Real and imaginary part exchanged: i times the conjugate. */
export const swapped = (z: ComplexExpr): ComplexExpr => new ComplexExpr(z.im, z.re);

/** f with the roles of the axes exchanged: sin from sinh, asinh from asin, and so on for odd functions. */
export const turned =
  (f: ComplexFunction): ComplexFunction =>
  (z) =>
    swapped(f(swapped(z)));

/** condition ? r : z, r evaluated only when needed. */
export const rareComplex = (condition: Expr, r: ComplexExpr, z: ComplexExpr): ComplexExpr =>
  new ComplexExpr(condition.rare(r.re, z.re), condition.rare(r.im, z.im));

export const isFinitePart = (x: Expr): Expr => x.abs().lt(Number.POSITIVE_INFINITY);
export const isEndless = (x: Expr): Expr => x.abs().eq(Number.POSITIVE_INFINITY);

/** x^2 with its exact error, |x| below 2^500: Veltkamp's splitting, whose halves have exact products. */
function exactSquare(x: Expr): Pair {
  const c = x.mul(2 ** 27 + 1);
  const high = c.sub(c.sub(x));
  const low = x.sub(high);
  const hi = x.mul(x);
  return { hi, lo: high.mul(high).sub(hi).add(high.mul(low).mul(2)).add(low.mul(low)) };
}

/** x^2 + y^2 as an unevaluated sum whose second part is rounded once, so that |z| = 1 shows to the last bit. */
export function sumOfSquares(x: Expr, y: Expr): Pair {
  const a = exactSquare(x);
  const b = exactSquare(y);
  const s = twoSum(a.hi, b.hi);
  const errors = twoSum(a.lo, b.lo);
  const lower = twoSum(s.lo, errors.hi);
  const sum = fastTwoSum(s.hi, lower.hi);
  return { hi: sum.hi, lo: sum.lo.add(lower.lo.add(errors.lo)) };
}
