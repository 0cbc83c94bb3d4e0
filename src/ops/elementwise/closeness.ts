// Nearness of values: bodies for isclose and allclose, and equality that may count NaN as equal.

import { ComplexExpr, Expr, type ExprValue } from '../../kernel/builder.ts';
import { absolute, isFinite } from '../../kernel/math/complex_arithmetic.ts';

const real = (v: ExprValue): Expr => {
  if (v instanceof Expr) return v;
  throw new TypeError('a tolerance is complex');
};

const isNaN = (v: ExprValue): Expr => v.isNaN();
const size = (v: ExprValue): Expr => (v instanceof ComplexExpr ? absolute(v) : v.abs());
const finite = (v: ExprValue): Expr => (v instanceof ComplexExpr ? isFinite(v) : v.abs().lt(Number.POSITIVE_INFINITY));

/** a = b of values of one dtype; truth values, too. */
export function same(a: ExprValue, b: ExprValue): Expr {
  if (a instanceof ComplexExpr && b instanceof ComplexExpr) return a.re.eq(b.re).and(a.im.eq(b.im));
  if (a instanceof Expr && b instanceof Expr) return a.type === 'bool' ? a.xor(b).not() : a.eq(b);
  throw new TypeError('mixed real and complex');
}

/** a = b, or both NaN. */
export const sameOrNaN = (a: ExprValue, b: ExprValue): Expr =>
  a instanceof Expr && a.type !== 'f32' && a.type !== 'f64' ? same(a, b) : same(a, b).or(isNaN(a).and(isNaN(b)));

const difference = (a: ExprValue, b: ExprValue): ExprValue => {
  if (a instanceof ComplexExpr && b instanceof ComplexExpr) return a.sub(b);
  return real(a).sub(real(b));
};

/**
 * |a - b| <= atol + rtol·|b|, of floats; infinities are near themselves alone. `rounded` is what every step is rounded by
 * where the dtype is computed wider.
 */
export function near(
  [a, b, relative, absolute]: readonly ExprValue[],
  equalNaN: boolean,
  rounded: (x: ExprValue) => ExprValue,
): Expr {
  const step = (x: ExprValue): Expr => real(rounded(x));
  const bound = step(real(absolute).add(step(real(relative).mul(size(b)))));
  const within = size(rounded(difference(a, b)))
    .le(bound)
    .and(finite(b));
  return within.or(equalNaN ? sameOrNaN(a, b) : same(a, b));
}
