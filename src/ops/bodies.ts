// Arithmetic of bodies that are written for real and complex values alike: formulas of composed functions.

import { ComplexExpr, type Expr, type ExprValue } from '../kernel/builder.ts';
import { multiply } from '../kernel/math/complex_arithmetic.ts';
import { either } from './reduce/define.ts';

export const sum: (a: ExprValue, b: ExprValue) => ExprValue = either(
  (a, b) => a.add(b),
  (a, b) => a.add(b),
);
export const difference: (a: ExprValue, b: ExprValue) => ExprValue = either(
  (a, b) => a.sub(b),
  (a, b) => a.sub(b),
);
export const product: (a: ExprValue, b: ExprValue) => ExprValue = either((a, b) => a.mul(b), multiply);

/** A value times a real factor. */
export const scaled = (v: ExprValue, by: Expr | number): ExprValue =>
  v instanceof ComplexExpr ? v.scale(by) : v.mul(by);
/** A value over a real divisor. */
export const over = (v: ExprValue, by: Expr): ExprValue =>
  v instanceof ComplexExpr ? new ComplexExpr(v.re.div(by), v.im.div(by)) : v.div(by);
