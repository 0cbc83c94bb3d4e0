// What the complex functions share: single precision computed through double, swapping of parts (the relation between
// circular and hyperbolic functions), and selections on both parts at once.

import { ComplexExpr, type Expr } from '../builder.ts';
import { type Pair, twoProd, twoSum } from './_double.ts';

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

/** x^2 + y^2 as an unevaluated sum, the greater square first or not; no care for the range. */
export function sumOfSquares(x: Expr, y: Expr): Pair {
  const a = twoProd(x, x);
  const b = twoProd(y, y);
  const s = twoSum(a.hi, b.hi);
  const lo = s.lo.add(a.lo.add(b.lo));
  return { hi: s.hi, lo };
}
