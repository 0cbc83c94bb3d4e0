// Sums and products with their rounding errors (Knuth, Dekker 1971), for numbers carried as an unevaluated hi + lo.
// There is no fused multiply-add, so products split their factors into halves by masking bits (Veltkamp's purpose,
// without his overflow).

import type { Expr } from '../builder.ts';
import { formatOf } from './_format.ts';

/** An unevaluated sum hi + lo, lo small against hi. */
export interface Pair {
  readonly hi: Expr;
  readonly lo: Expr;
}

/** a + b exactly. */
export function twoSum(a: Expr, b: Expr): Pair {
  const hi = a.add(b);
  const v = hi.sub(a);
  return { hi, lo: a.sub(hi.sub(v)).add(b.sub(v)) };
}

/** a + b exactly where |a| >= |b| or a = 0. */
export function fastTwoSum(a: Expr, b: Expr): Pair {
  const hi = a.add(b);
  return { hi, lo: b.sub(hi.sub(a)) };
}

/** The upper half of the significand and the exact rest. */
export function halves(a: Expr): Pair {
  const f = formatOf(a);
  const hi = a.bits(f.uint).and(f.head).bits(f.lane);
  return { hi, lo: a.sub(hi) };
}

/** a * b with its error (but for the last bit of the error). */
export function twoProd(a: Expr, b: Expr): Pair {
  const p = a.mul(b);
  const x = halves(a);
  const y = halves(b);
  const lo = x.hi.mul(y.hi).sub(p).add(x.hi.mul(y.lo)).add(x.lo.mul(y.hi)).add(x.lo.mul(y.lo));
  return { hi: p, lo };
}

/** (a.hi + a.lo) * (b.hi + b.lo). */
export function mulPair(a: Pair, b: Pair): Pair {
  const p = twoProd(a.hi, b.hi);
  return fastTwoSum(p.hi, p.lo.add(a.hi.mul(b.lo).add(a.lo.mul(b.hi))));
}

/** n / d as a pair, n and d pairs, one division. */
export function divPair(n: Pair, d: Pair): Pair {
  const inverse = d.hi.like(1).div(d.hi);
  const q = n.hi.mul(inverse);
  const a = halves(q);
  const b = halves(d.hi);
  const rest = n.hi.sub(a.hi.mul(b.hi)).sub(a.hi.mul(b.lo)).sub(a.lo.mul(d.hi));
  return { hi: q, lo: rest.add(n.lo).sub(q.mul(d.lo)).mul(inverse) };
}
