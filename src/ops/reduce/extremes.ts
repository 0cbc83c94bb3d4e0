// Which extreme a position is asked for: its monoid, when one state comes before another, and how its element is known
// again. Those with 'nan' before them pass over NaN; the others find the first NaN before all.

import type { DType } from '../../dtype/dtype.ts';
import { ComplexExpr, Expr, type ExprValue } from '../../kernel/builder.ts';
import { isFloating, type Monoid } from './define.ts';
import { isNaNValue, nanReductions } from './nan.ts';
import { isBefore, reductions } from './rows.ts';

const rows = {
  min: reductions.min,
  max: reductions.max,
  nanmin: nanReductions.nanmin,
  nanmax: nanReductions.nanmax,
};

export type ExtremeName = keyof typeof rows;

/** One extreme of elements of one dtype. */
export interface Extreme {
  readonly name: ExtremeName;
  readonly monoid: Monoid;
  /** Does it pass over NaN? Then there may be none. */
  readonly skips: boolean;
  /** Does `b` come before `a`? Not where they are equal. */
  readonly better: (a: ExprValue, b: ExprValue) => Expr;
  /** Ways for an element to be the extreme, the likely first. */
  readonly same: readonly ((element: ExprValue, extreme: ExprValue) => Expr)[];
}

const equal = (a: ExprValue, b: ExprValue): Expr => {
  if (a instanceof ComplexExpr && b instanceof ComplexExpr) return a.re.eq(b.re).and(a.im.eq(b.im));
  if (a instanceof Expr && b instanceof Expr) return a.eq(b);
  throw new TypeError('mixed real and complex');
};

/** The extreme of this name of elements of dtype `d`. */
export function extremeOf(name: ExtremeName, d: DType): Extreme {
  const least = name === 'min' || name === 'nanmin';
  const skips = name === 'nanmin' || name === 'nanmax';
  const floating = isFloating(d);
  const better = (a: ExprValue, b: ExprValue): Expr => {
    const before = least ? isBefore(b, a) : isBefore(a, b);
    if (!floating) return before;
    const [winning, losing] = skips ? [b, a] : [a, b];
    return isNaNValue(winning)
      .not()
      .and(before.or(isNaNValue(losing)));
  };
  const both = (x: ExprValue, best: ExprValue): Expr => isNaNValue(x).and(isNaNValue(best));
  return { name, monoid: rows[name].of(d).monoid, skips, better, same: floating && !skips ? [equal, both] : [equal] };
}
