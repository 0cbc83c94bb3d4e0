// Weighted means. Products are formed in the kernel that sums them: nothing of the array's size is allocated.

import { divide } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { all } from '../array/reduce_functions.ts';
import { type Axis, deliver, reduceOptions, residentArray, usableArray } from '../array/reductions.ts';
import { averaged } from '../array/statistics.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { promoteAll } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, newArray, reinterpret } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { reducerOf } from '../exec/monoid.ts';
import { Options } from '../exec/options.ts';
import { reduceStates } from '../exec/reduce.ts';
import { ComplexExpr, Expr } from '../kernel/builder.ts';
import type { Monoid } from '../ops/reduce/define.ts';
import { reductions } from '../ops/reduce/rows.ts';
import { splitAxes } from '../shape/reduction.ts';
import { formatShape, normalizeAxes, sameShape } from '../shape/strides.ts';

export interface AverageOptions {
  readonly axis?: Axis;
  /** Of the array's shape, or of the shape of its axes. */
  readonly weights?: ArrayLike | null;
  /** Return [average, sum of weights]. */
  readonly returned?: boolean;
  readonly keepdims?: boolean;
}

const averageOptions = new Options('axis', ['weights', 'value'], ['returned', 'keepdims'], 'keepdims');

function products(d: DType): Monoid {
  const { monoid } = reductions.sum.of(d);
  return {
    ...monoid,
    name: 'sum.products',
    ins: [d, d],
    value: ([a, b]) => {
      if (a instanceof ComplexExpr && b instanceof ComplexExpr) return a.mul(b);
      if (a instanceof Expr && b instanceof Expr) return a.mul(b);
      throw new TypeError('mixed real and complex');
    },
  };
}

/** Sums of a·b along axes, in `d`; both resident, of one shape. */
export function sumOfProducts(a: ArrayBase, b: ArrayBase, axes: readonly number[], d: DType): ArrayBase {
  if (axes.some((k) => a.shape[k] === 0)) return newArray(splitAxes(a.shape, axes).keptShape, d, true);
  const reducer = reducerOf(`sum.products:${d.char}`, () => products(d));
  const sums = reduceStates(reducer, [a, b], a.shape, axes);
  return sums.dtype === d ? sums : heapCopy(sums, d);
}

function sumOf(a: ArrayBase, axes: readonly number[], d: DType): ArrayBase {
  if (axes.some((k) => a.shape[k] === 0)) return newArray(splitAxes(a.shape, axes).keptShape, d, true);
  const sums = reduceStates(
    reducerOf(`sum:${d.char}`, () => reductions.sum.of(d).monoid),
    [a],
    a.shape,
    axes,
  );
  return sums.dtype === d ? sums : heapCopy(sums, d);
}

// Weights as a view of the array's shape: the same shape, or that of the axes in their order.
function spread(w: ArrayBase, a: ArrayBase, axis: Axis | undefined, where: string): ArrayBase {
  if (sameShape(w.shape, a.shape)) return w;
  const axes = axis === undefined || axis === null ? [] : normalizeAxes(axis, a.ndim, where);
  const list = (Array.isArray(axis) ? axis : [axis]).map((d) => (Number(d) < 0 ? Number(d) + a.ndim : Number(d)));
  const fits =
    axes.length > 0 &&
    sameShape(
      w.shape,
      list.map((d) => a.shape[d]),
    );
  if (!fits) {
    throw new ShapeError(
      `${where}: weights of shape ${formatShape(w.shape)} for an array of shape ${formatShape(a.shape)}`,
      'pass weights of the same shape, or an axis and weights along it',
      { weights: w.shape, shape: a.shape, axis },
    );
  }
  const strides = a.shape.map((_, d) => (list.includes(d) ? w.strides[list.indexOf(d)] : 0));
  return reinterpret(w, w.offset, a.shape, strides);
}

/**
 * Mean along axes, weighted: Σ a·w / Σ w. Integers are averaged in float64. With `returned`, the average and the sum of
 * the weights.
 * @throws ShapeError for weights that do not fit, ArgumentError where they add up to zero.
 * @example np.average([1, 2, 4], { weights: [2, 1, 1] }) // 2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.average.html
 */
export function average(
  a: ArrayLike,
  options: AverageOptions & { readonly returned: true },
): [NDArray | Scalar, NDArray | Scalar];
export function average(
  a: ArrayLike,
  axis: Axis,
  options: AverageOptions & { readonly returned: true },
): [NDArray | Scalar, NDArray | Scalar];
export function average(a: ArrayLike, axis?: Axis | AverageOptions, options?: AverageOptions): NDArray | Scalar;
export function average(x: ArrayLike, axis?: Axis | AverageOptions, options?: AverageOptions): unknown {
  const where = 'np.average';
  const o = reduceOptions(axis, options, averageOptions, where);
  const a = usableArray(x, where);
  const axes = normalizeAxes(o.axis, a.ndim, where);
  const asked = { axis: o.axis, keepdims: o.keepdims };
  const give = (r: ArrayBase): NDArray | Scalar => deliver(r, a.shape, axes, asked, 'average');
  const { keptShape } = splitAxes(a.shape, axes);
  if (o.weights === undefined || o.weights === null) {
    const mean = averaged('average', a, asked, false);
    if (o.returned !== true) return mean;
    const count = axes.reduce((n, d) => n * a.shape[d], 1);
    const d = a.dtype.kind === 'f' || a.dtype.kind === 'c' ? a.dtype : dtypes.float64;
    return [mean, give(filled(count, keptShape, d))];
  }
  const given = residentArray(o.weights, `${where} weights`);
  const exact = a.dtype.kind !== 'f' && a.dtype.kind !== 'c';
  const d = promoteAll([
    a.dtype === dtypes.uint64 ? dtypes.float64 : a.dtype,
    given.dtype,
    ...(exact ? [dtypes.float64] : []),
  ]);
  const weights = spread(given, a, o.axis, where);
  const sums = nd(sumOf(weights, axes, d));
  if (!all(sums.astype('bool'))) {
    throw new ArgumentError(`${where}: the weights add up to zero`, 'pass weights with another sum', { axis: o.axis });
  }
  const result = divide(nd(sumOfProducts(a, weights, axes, d)), sums);
  return o.returned === true ? [give(result), give(sums)] : give(result);
}

function filled(value: number, shape: readonly number[], d: DType): ArrayBase {
  const out = newArray(shape, d);
  const one = newArray([], dtypes.float64);
  nd(one).itemset(value);
  copyInto(one, out);
  return out;
}
