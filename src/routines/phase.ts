// Angles without jumps: unwrap. One kernel finds the correction of each step, a running sum adds them up.

import { type NDArray, nd } from '../array/ndarray.ts';
import { cumsum } from '../array/running.ts';
import { ArgumentError, DTypeError } from '../base/errors.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { checkScalar } from '../dtype/scalars.ts';
import { newArray, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { copyInto } from '../exec/copy.ts';
import { evaluate, loopOf } from '../exec/formula.ts';
import { describe, Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import type { Expr } from '../kernel/builder.ts';
import { floatMod, intMod } from '../kernel/math/division.ts';
import { asReal } from '../ops/define.ts';
import { normalizeAxis } from '../shape/strides.ts';
import { stretch } from './differences.ts';

export interface UnwrapOptions {
  /** Steps of less than this stay as they are; half a period by default. */
  readonly discont?: number | null;
  /** The axis to go along; the last by default. */
  readonly axis?: number;
  /** Size of the range over which values wrap: 2π, or a bigint to compute integers as integers. */
  readonly period?: number | bigint;
}

const unwrapOptions = new Options(['discont', 'value'], ['axis', 'integer'], ['period', 'value']);

/** (left, right, period, half a period, least step to correct) → what is to be added from right on. */
function correction(left: Expr, right: Expr, period: Expr, half: Expr, least: Expr, ambiguous: boolean): Expr {
  const step = right.sub(left);
  const mod = left.type === 'f64' || left.type === 'f32' ? floatMod : intMod;
  const folded = mod(step.add(half), period).sub(half);
  const low = half.neg();
  // A step of exactly half a period keeps its direction.
  const kept = ambiguous ? folded.eq(low).and(step.gt(0)).select(half, folded) : folded;
  return step.abs().lt(least).select(step.like(0), kept.sub(step));
}

const floating = (d: DType): boolean => d.kind === 'f';

/**
 * Angles along an axis with multiples of the period added, so that no step is larger than half a period.
 * Integers with a bigint period stay integers; otherwise they give float64.
 * @throws DTypeError for complex and bool arrays; ArgumentError for a period or discont that is no positive number.
 * @example np.unwrap([0, 3, 6.5, 0.5], { period: 7 }) // array([0. , 3. , 6.5, 7.5])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.unwrap.html
 */
export function unwrap(
  x: ArrayLike,
  discont?: number | null | UnwrapOptions,
  axis?: number | UnwrapOptions,
  options?: UnwrapOptions,
): NDArray {
  const where = 'np.unwrap';
  const o = byName<UnwrapOptions>(['discont', 'axis'], [discont, axis, options], unwrapOptions, where);
  const p = toArray(x, where);
  requireUsable(p, where);
  if (p.dtype.kind === 'c' || p.dtype.kind === 'b') {
    throw new DTypeError(`${where} of ${p.dtype.name}`, 'pass angles as real numbers', { dtype: p.dtype.name });
  }
  const along = normalizeAxis(o.axis ?? -1, p.ndim, where);
  const period = o.period ?? 2 * Math.PI;
  const whole = typeof period === 'bigint' && !floating(p.dtype);
  if (!(Number(period) > 0)) {
    throw new ArgumentError(`${where}: period is ${describe(period)}`, 'pass a positive number', { period });
  }
  const half = whole ? Number(period / 2n) : Number(period) / 2;
  const least = o.discont ?? Number(period) / 2;
  if (typeof least !== 'number' || Number.isNaN(least)) {
    throw new ArgumentError(`${where}: discont is ${describe(least)}`, 'pass a number', { discont: describe(least) });
  }
  const dtype = whole || floating(p.dtype) ? p.dtype : dtypes.float64;
  // Small integers would lose what the corrections add up to.
  const working = whole ? dtypes.int64 : dtype;
  if (whole) checkScalar(period, dtype, where);
  const out = newArray(p.shape, dtype);
  copyInto(p, out);
  const n = p.shape[along];
  if (n < 2) return nd(out);
  const ambiguous = !whole || period % 2n === 0n;
  const loop = loopOf(`unwrap${ambiguous ? '' : '.odd'}`, new Array(5).fill(working), working, (v) => {
    const [left, right, q, h, l] = v.map(asReal);
    return correction(left, right, q, h, l, ambiguous);
  });
  const shape = p.shape.map((m, d) => (d === along ? n - 1 : m));
  const threshold = whole ? Math.ceil(Math.max(Number(period) / 2, least)) : Math.max(least, Number(period) / 2);
  const steps = [stretch(p, along, 0, n - 1), stretch(p, along, 1, n - 1), Number(period), half, threshold];
  const sums = cumsum(nd(evaluate(loop, steps, shape)), along);
  const rest = stretch(out, along, 1, n - 1);
  const add = loopOf('unwrap.add', [dtype, sums.dtype], dtype, ([v, c]) => {
    const value = asReal(v);
    return value.add(asReal(c).to(value.type));
  });
  evaluate(add, [rest, sums], shape, rest);
  return nd(out);
}
