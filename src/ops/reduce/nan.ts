// Reductions that pass over NaN: monoids made from others by what they see in place of it, and extremes that prefer any
// number to NaN. Nothing is copied: the replacement happens in the kernel that reduces.

import { type DType, dtypes } from '../../dtype/dtype.ts';
import { ComplexExpr, Expr, type ExprValue, konst } from '../../kernel/builder.ts';
import { altered, either, isFloating, type Monoid, type ReduceRow } from './define.ts';
import { isBefore, reductions } from './rows.ts';

/** Is a value NaN, in either part? Never for integers and truth values. */
export const isNaNValue = (v: ExprValue): Expr =>
  v instanceof ComplexExpr || v.type === 'f32' || v.type === 'f64' ? v.isNaN() : konst('bool', false);

const number = (like: ExprValue, x: number): ExprValue =>
  like instanceof ComplexExpr ? new ComplexExpr(like.re.like(x), like.im.like(0)) : like.like(x);

const choose = (c: Expr, a: ExprValue, b: ExprValue): ExprValue => {
  if (a instanceof ComplexExpr && b instanceof ComplexExpr) return ComplexExpr.select(c, a, b);
  if (a instanceof Expr && b instanceof Expr) return c.select(a, b);
  throw new TypeError('a reduction mixed real and complex values');
};

/** The same monoid over values that are `instead` where the element is NaN. */
export function skippingNaN(monoid: Monoid, instead: number): Monoid {
  const [element] = monoid.ins;
  if (!isFloating(element)) return monoid;
  const value = (x: readonly ExprValue[]): ExprValue => {
    const v = monoid.value(x);
    return choose(isNaNValue(x[0]), number(v, instead), v);
  };
  return altered(monoid, { name: `${monoid.name}.numbers`, value });
}

// NaN is the neutral element here: what has no number stays NaN.
function extremeNumber(d: DType, name: 'min' | 'max'): Monoid {
  const { monoid } = reductions[name].of(d);
  if (!isFloating(d)) return monoid;
  const least = name === 'min';
  const combine = either(
    (a, b) => a.isNaN().select(b, least ? a.pmin(b) : a.pmax(b)),
    (a, b) => {
      const better = least ? isBefore(b, a) : isBefore(a, b);
      return ComplexExpr.select(a.isNaN().or(b.isNaN().not().and(better)), b, a);
    },
  );
  const identity = monoid.identity.map(() => Number.NaN);
  return altered(monoid, { name: `${name}.numbers`, combine, identity });
}

/** How many elements are numbers. */
export const countingNumbers = (d: DType): Monoid => ({
  name: 'count.numbers',
  ins: [d],
  state: dtypes.int64,
  value: ([v]) => isNaNValue(v).not().to('i64'),
  combine: either(
    (a, b) => a.add(b),
    (a) => a,
  ),
  identity: [0n],
  ordered: false,
});

const passing =
  (name: 'sum' | 'prod', instead: number): ReduceRow['of'] =>
  (d) => ({ monoid: skippingNaN(reductions[name].of(d).monoid, instead), result: d });

/** The reductions that pass over NaN and are one monoid. */
export const nanReductions = {
  nansum: {
    ...reductions.sum,
    summary: 'Sum of the elements that are not NaN; 0 where there are none.',
    example: ['np.nansum([1, NaN, 2])', '3'],
    of: passing('sum', 0),
  },
  nanprod: {
    ...reductions.prod,
    summary: 'Product of the elements that are not NaN; 1 where there are none.',
    example: ['np.nanprod([2, NaN, 3])', '6'],
    of: passing('prod', 1),
  },
  nanmin: {
    summary: 'Least element that is not NaN; NaN where there is none.',
    example: ['np.nanmin([2, NaN, 3])', '2'],
    of: (d) => ({ monoid: extremeNumber(d, 'min'), result: d }),
  },
  nanmax: {
    summary: 'Greatest element that is not NaN; NaN where there is none.',
    example: ['np.nanmax([2, NaN, 3])', '3'],
    of: (d) => ({ monoid: extremeNumber(d, 'max'), result: d }),
  },
} as const satisfies Record<string, ReduceRow>;
