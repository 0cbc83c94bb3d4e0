// The lexicographic order of complex values, real parts first, with NumPy's treatment of NaN: comparisons with a NaN
// part are false, maximum and minimum hand on the first operand that has one, fmax and fmin the other operand.
// The order of sorting, NaN last, is not this one.

import { ComplexExpr, type Expr } from '../builder.ts';

const hasNoNaN = (x: Expr, y: Expr): Expr => x.eq(x).and(y.eq(y));

function ordered(a: ComplexExpr, b: ComplexExpr, orEqual: boolean): Expr {
  const tie = a.re.eq(b.re).and(orEqual ? a.im.le(b.im) : a.im.lt(b.im));
  return a.re.lt(b.re).and(hasNoNaN(a.im, b.im)).or(tie);
}

export const equal = (a: ComplexExpr, b: ComplexExpr): Expr => a.re.eq(b.re).and(a.im.eq(b.im));
export const notEqual = (a: ComplexExpr, b: ComplexExpr): Expr => a.re.ne(b.re).or(a.im.ne(b.im));
export const less = (a: ComplexExpr, b: ComplexExpr): Expr => ordered(a, b, false);
export const lessEqual = (a: ComplexExpr, b: ComplexExpr): Expr => ordered(a, b, true);
export const greater = (a: ComplexExpr, b: ComplexExpr): Expr => ordered(b, a, false);
export const greaterEqual = (a: ComplexExpr, b: ComplexExpr): Expr => ordered(b, a, true);

/**
 * The greater of two values in lexicographic order; the first one with a NaN part if there is one.
 * @example maximum(a, b)
 */
export const maximum = (a: ComplexExpr, b: ComplexExpr): ComplexExpr =>
  ComplexExpr.select(a.isNaN().or(greaterEqual(a, b)), a, b);

/** The lesser of two values; the first one with a NaN part if there is one. */
export const minimum = (a: ComplexExpr, b: ComplexExpr): ComplexExpr =>
  ComplexExpr.select(a.isNaN().or(lessEqual(a, b)), a, b);

/** The greater of two values; a value with a NaN part only if both have one. */
export const fmax = (a: ComplexExpr, b: ComplexExpr): ComplexExpr =>
  ComplexExpr.select(b.isNaN().or(greaterEqual(a, b)), a, b);

/** The lesser of two values; a value with a NaN part only if both have one. */
export const fmin = (a: ComplexExpr, b: ComplexExpr): ComplexExpr =>
  ComplexExpr.select(b.isNaN().or(lessEqual(a, b)), a, b);
