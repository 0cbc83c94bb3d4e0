// Where a quantile lies among n sorted numbers: the thirteen definitions in use as expressions of n and q (0 to 1),
// counted from 0. Between two elements a weight decides. No sorting and no arrays here.
// Source: Hyndman, Fan, "Sample quantiles in statistical packages", The American Statistician 50(4), 1996.

import type { DType } from '../../dtype/dtype.ts';
import { Expr, type ExprValue, konst } from '../../kernel/builder.ts';
import { settled } from '../../kernel/element.ts';

export interface QuantileRow {
  /** Position among the sorted elements, from 0; it may lie outside. */
  readonly position: (n: Expr, q: Expr) => Expr;
  /** Weight of the element after the position's whole part, given its fraction; the fraction itself by default. */
  readonly weight?: (fraction: Expr) => Expr;
  /** Always an element itself: the position is whole. */
  readonly discrete?: true;
}

const f64 = (x: number): Expr => konst('f64', x);
const along = (n: Expr, q: Expr): Expr => n.sub(1).mul(q);
/** Hyndman and Fan's family: n·q + m, where m = alpha + q·(1 - alpha - beta). */
const family =
  (alpha: number, beta: number) =>
  (n: Expr, q: Expr): Expr =>
    n
      .mul(q)
      .add(q.mul(1 - alpha - beta).add(alpha))
      .sub(1);

// Half a step down; a position in the middle goes to the even one of its neighbours, counted from 1.
function closest(n: Expr, q: Expr): Expr {
  const at = n.mul(q).sub(1.5);
  const floor = at.floor();
  const odd = floor.sub(floor.mul(0.5).floor().mul(2)).eq(1);
  return at.eq(floor).and(odd).select(floor, floor.add(1));
}

export const quantiles = {
  inverted_cdf: { position: (n, q) => n.mul(q).sub(1).ceil(), discrete: true },
  averaged_inverted_cdf: {
    position: (n, q) => n.mul(q).sub(1),
    weight: (fraction) => fraction.eq(0).select(f64(0.5), 1),
  },
  closest_observation: { position: closest, discrete: true },
  interpolated_inverted_cdf: { position: family(0, 1) },
  hazen: { position: family(0.5, 0.5) },
  weibull: { position: family(0, 0) },
  linear: { position: along },
  median_unbiased: { position: family(1 / 3, 1 / 3) },
  normal_unbiased: { position: family(3 / 8, 3 / 8) },
  lower: { position: (n, q) => along(n, q).floor(), discrete: true },
  higher: { position: (n, q) => along(n, q).ceil(), discrete: true },
  midpoint: { position: along, weight: (fraction) => fraction.eq(0).select(f64(0), 0.5) },
  nearest: { position: (n, q) => along(n, q).nearest(), discrete: true },
} as const satisfies Record<string, QuantileRow>;

export type QuantileMethod = keyof typeof quantiles;

/**
 * [n, q, start of the row] → [element before, element after, weight of the latter]; both within the row's n elements.
 */
export function neighbours(row: QuantileRow, [n, q, start]: readonly ExprValue[]): Expr[] {
  if (!(n instanceof Expr && q instanceof Expr && start instanceof Expr)) throw new TypeError('positions are real');
  const at = row.position(n, q);
  const floor = at.floor();
  const fraction = at.sub(floor);
  const last = n.sub(1).pmax(0);
  const inside = (x: Expr): Expr => start.add(x.pmax(0).pmin(last).to('i32'));
  const within = at.ge(0);
  const after = within.select(floor.add(1), floor);
  return [inside(floor), inside(after), row.weight?.(fraction) ?? fraction];
}

/** Between two elements by weight, from the nearer one; NaN where the row is `bad`. Differences are in the elements' dtype. */
export const between =
  (d: DType) =>
  ([a, b, weight, bad]: readonly ExprValue[]): Expr => {
    if (!(a instanceof Expr && b instanceof Expr && weight instanceof Expr && bad instanceof Expr)) {
      throw new TypeError('quantiles are real');
    }
    const difference = settled(b.sub(a), d);
    if (!(difference instanceof Expr)) throw new TypeError('quantiles are real');
    const [low, high, step] = [a, b, difference].map((x) => x.to(weight.type));
    const value = weight.ge(0.5).select(high.sub(step.mul(weight.neg().add(1))), low.add(step.mul(weight)));
    return bad.select(value.like(Number.NaN), value);
  };
