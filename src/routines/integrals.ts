// The area under samples: trapezoid. One reduction over shifted views; nothing of the input's size is made.

import { reducerFor } from '../array/masked_reducer.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { deliver } from '../array/reductions.ts';
import { ShapeError } from '../base/errors.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { promote, promoteAll } from '../dtype/promotion.ts';
import { type Scalar, weakPromote } from '../dtype/scalars.ts';
import { ArrayBase, newArray, reinterpret, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, arrayFrom, operandOf, toArray } from '../exec/coerce.ts';
import { heapCopy, isResident } from '../exec/copy.ts';
import { Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import { reduceStates } from '../exec/reduce.ts';
import { product, scaled, sum } from '../ops/bodies.ts';
import { type Monoid, stateOf } from '../ops/reduce/define.ts';
import { broadcastShapes, broadcastStrides } from '../shape/broadcast.ts';
import { splitAxes } from '../shape/reduction.ts';
import { normalizeAxis } from '../shape/strides.ts';
import { diff, stretch } from './differences.ts';

export interface TrapezoidOptions {
  /** Coordinates of the samples: one list for all, or an array that broadcasts against them. */
  readonly x?: ArrayLike | null;
  /** Distance of the samples where there are no coordinates. */
  readonly dx?: ArrayLike;
  /** The axis to integrate along; the last by default. */
  readonly axis?: number;
}

const trapezoidOptions = new Options(['x', 'value'], ['dx', 'value'], ['axis', 'integer']);

/** Sum of (width · (left + right)) / 2. */
function areas(working: DType): Monoid {
  const state = stateOf(working);
  return {
    name: 'sum.areas',
    ins: [state, state, state],
    state,
    value: ([left, right, width]) => scaled(product(width, sum(left, right)), 0.5),
    combine: sum,
    identity: working.parts === 2 ? [-0, -0] : [-0],
    ordered: true,
  };
}

/** Widths of the intervals, laid out against samples of `shape`. */
function widths(o: TrapezoidOptions, y: ArrayBase, axis: number, where: string): ArrayBase {
  if (o.x === undefined || o.x === null) {
    const v = operandOf(o.dx ?? 1, where);
    const floating = y.dtype.kind === 'f' || y.dtype.kind === 'c' ? y.dtype : dtypes.float64;
    return v instanceof ArrayBase ? v : arrayFrom(v, weakPromote(floating, v), where);
  }
  const x = toArray(o.x, where);
  if (x.ndim !== 1) return diff(nd(x), { axis });
  const d = diff(nd(x));
  if (d.size !== Math.max(0, y.shape[axis] - 1)) {
    throw new ShapeError(
      `${where}: ${x.size} coordinates for ${y.shape[axis]} samples along axis ${axis}`,
      'pass one coordinate per sample',
      { coordinates: x.size, shape: y.shape, axis },
    );
  }
  const shape = y.shape.map((_, k) => (k === axis ? d.size : 1));
  return reinterpret(
    d,
    d.offset,
    shape,
    y.shape.map((_, k) => (k === axis ? d.strides[0] : 0)),
  );
}

/**
 * The area under samples along an axis by the trapezoidal rule, at coordinates `x` or at a distance of `dx` (1).
 * Integers are computed in float64. One axis gives a scalar, further ones an array.
 * @throws ShapeError for coordinates that do not fit the samples; AxisError for an axis that does not exist.
 * @example np.trapezoid([1, 2, 3], [4, 6, 8]) // 8
 * @see https://numpy.org/doc/stable/reference/generated/numpy.trapezoid.html
 */
export function trapezoid(
  y: ArrayLike,
  x?: ArrayLike | null | TrapezoidOptions,
  dx?: ArrayLike | TrapezoidOptions,
  axis?: number | TrapezoidOptions,
  options?: TrapezoidOptions,
): NDArray | Scalar {
  const where = 'np.trapezoid';
  const o = byName<TrapezoidOptions>(['x', 'dx', 'axis'], [x, dx, axis, options], trapezoidOptions, where);
  const samples = toArray(y, where);
  requireUsable(samples, where);
  const d = normalizeAxis(o.axis ?? -1, samples.ndim, where);
  const w = widths(o, samples, d, where);
  const n = Math.max(0, samples.shape[d] - 1);
  const floating = promoteAll([samples.dtype, w.dtype]);
  const working = floating.kind === 'f' || floating.kind === 'c' ? floating : promote(floating, dtypes.float64);
  const shape = broadcastShapes([samples.shape.map((m, k) => (k === d ? n : m)), w.shape], where);
  const along = d + shape.length - samples.ndim;
  const laid = (a: ArrayBase): ArrayBase => {
    const b = isResident(a) ? a : heapCopy(a);
    return reinterpret(b, b.offset, shape, broadcastStrides(b.shape, b.strides, shape));
  };
  const inputs = [stretch(samples, d, 0, n), stretch(samples, d, Math.min(1, samples.shape[d]), n), w].map(laid);
  const monoid = areas(working);
  const states =
    shape[along] === 0
      ? newArray(splitAxes(shape, [along]).keptShape, monoid.state, true)
      : reduceStates(reducerFor(`areas:${working.char}`, monoid, false), inputs, shape, [along]);
  const result = states.dtype === working ? states : heapCopy(states, working);
  return deliver(result, shape, [along], shape.length === 1 ? {} : { axis: along }, 'trapezoid');
}
