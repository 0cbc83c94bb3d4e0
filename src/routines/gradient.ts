// Derivatives by spacing: gradient. Central differences inside, one-sided ones at the ends, each one kernel that writes
// its part of the result. Source: Fornberg, "Generation of Finite Difference Formulas on Arbitrarily Spaced Grids",
// Mathematics of Computation 51, 1988; the formulas are NumPy's, term by term, so that results agree to the bit.

import { equal } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { all } from '../array/reduce_functions.ts';
import { ArgumentError, DTypeError, ShapeError } from '../base/errors.ts';
import { realOf } from '../dtype/category.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { promote } from '../dtype/promotion.ts';
import { ArrayBase, newArray, reinterpret, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, operandOf, readAt, toArray } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { evaluate, loopOf } from '../exec/formula.ts';
import { describe, Options } from '../exec/options.ts';
import type { Expr, ExprValue } from '../kernel/builder.ts';
import { difference, over, scaled, sum } from '../ops/bodies.ts';
import { asReal } from '../ops/define.ts';
import { formatShape, normalizeAxes } from '../shape/strides.ts';
import { diff, stretch } from './differences.ts';

export interface GradientOptions {
  /** The axes to differentiate along; all by default. */
  readonly axis?: number | readonly number[] | null;
  /** Accuracy of the one-sided differences at the ends: 1 or 2. */
  readonly edge_order?: 1 | 2;
}

/** Distance of the samples along an axis, or the coordinates of each. */
export type Spacing = number | ArrayLike;

const gradientOptions = new Options('axis', 'edge_order');

type Body = (x: readonly ExprValue[]) => ExprValue;
const weighted = (v: readonly ExprValue[], w: readonly Expr[]): ExprValue =>
  sum(sum(scaled(v[0], w[0]), scaled(v[1], w[1])), scaled(v[2], w[2]));

/** (before, after, twice the distance) → slope */
const central: Body = ([a, b, h]) => over(difference(b, a), asReal(h));
/** (before, at, after, distance to the one before, to the one after) → slope */
const unequal: Body = ([a, b, c, x, y]) => {
  const [dx, dy] = [asReal(x), asReal(y)];
  const both = dx.add(dy);
  return weighted([a, b, c], [dy.neg().div(dx.mul(both)), dy.sub(dx).div(dx.mul(dy)), dx.div(dy.mul(both))]);
};
/** (first, second, distance) → slope */
const oneSided: Body = central;
/** Three elements from an end inwards, or to it, with weights settled before. */
const threePoint: Body = ([a, b, c, u, v, w]) => weighted([a, b, c], [asReal(u), asReal(v), asReal(w)]);

/** Samples of one axis: their distance, or the distances between neighbours. */
type Steps = number | ArrayBase;

function stepsOf(spacing: Spacing, n: number, axis: number): Steps {
  const where = 'np.gradient';
  const v = operandOf(spacing, where);
  if (typeof v === 'number' || typeof v === 'bigint') return Number(v);
  const x = v instanceof ArrayBase ? v : toArray(v, where);
  if (x.dtype.kind === 'c') {
    throw new DTypeError(`${where}: spacings are complex`, 'pass real distances or coordinates', { axis });
  }
  if (x.ndim === 0) return Number(readAt(x, x.offset));
  if (x.ndim !== 1 || x.shape[0] !== n) {
    throw new ShapeError(
      `${where}: coordinates of shape ${formatShape(x.shape)} for axis ${axis} of length ${n}`,
      `pass a number, or one coordinate for each of the ${n} positions`,
      { axis, shape: x.shape, length: n },
    );
  }
  // Of unsigned and bool coordinates differences would wrap.
  const steps = diff(nd(x.dtype.kind === 'f' ? x : heapCopy(x, x.dtype.kind === 'i' ? dtypes.int64 : dtypes.float64)));
  const first = nd(steps).get('0:1');
  return all(equal(steps, first)) ? Number(readAt(first, first.offset)) : steps;
}

interface Axis {
  readonly f: ArrayBase;
  readonly out: ArrayBase;
  readonly axis: number;
  /** The dtype that slopes are computed in. */
  readonly working: DType;
  readonly weights: DType;
}

/** Runs a body on parts of the array along the axis, into a part of the result. */
function slopes(
  name: string,
  body: Body,
  on: Axis,
  at: number,
  length: number,
  starts: readonly number[],
  steps: readonly (ArrayBase | number)[],
): void {
  const { f, out, axis, working, weights } = on;
  const ins = [...starts.map(() => working), ...steps.map(() => weights)];
  const target = stretch(out, axis, at, length);
  const parts = starts.map((s) => stretch(f, axis, s, length));
  evaluate(loopOf(`gradient.${name}`, ins, working, body), [...parts, ...steps], target.shape, target);
}

/** Weights of the three elements at the lower end, or the upper one, from the distances there. */
function endWeights(d1: number, d2: number, upper: boolean): [number, number, number] {
  if (upper) return [d2 / (d1 * (d1 + d2)), -(d2 + d1) / (d1 * d2), (2 * d2 + d1) / (d2 * (d1 + d2))];
  return [-(2 * d1 + d2) / (d1 * (d1 + d2)), (d1 + d2) / (d1 * d2), -d1 / (d2 * (d1 + d2))];
}

function along(on: Axis, steps: Steps, order: 1 | 2): void {
  const n = on.f.shape[on.axis];
  const uniform = typeof steps === 'number';
  const step = (i: number): number =>
    uniform ? steps : Number(readAt(steps, steps.offset + (i < 0 ? n - 1 + i : i) * steps.strides[0]));
  if (uniform) slopes('central', central, on, 1, n - 2, [0, 2], [2 * steps]);
  else {
    // Distances lie along the axis and are the same for every position of the others.
    const lain = (start: number): ArrayBase =>
      reinterpret(
        steps,
        steps.offset + start * steps.strides[0],
        on.f.shape.map((_, d) => (d === on.axis ? n - 2 : 1)),
        on.f.shape.map((_, d) => (d === on.axis ? steps.strides[0] : 0)),
      );
    slopes('unequal', unequal, on, 1, n - 2, [0, 1, 2], [lain(0), lain(1)]);
  }
  if (order === 1) {
    slopes('oneSided', oneSided, on, 0, 1, [0, 1], [step(0)]);
    slopes('oneSided', oneSided, on, n - 1, 1, [n - 2, n - 1], [step(-1)]);
    return;
  }
  const low = uniform ? [-1.5 / steps, 2 / steps, -0.5 / steps] : endWeights(step(0), step(1), false);
  const high = uniform ? [0.5 / steps, -2 / steps, 1.5 / steps] : endWeights(step(-2), step(-1), true);
  slopes('threePoint', threePoint, on, 0, 1, [0, 1, 2], low);
  slopes('threePoint', threePoint, on, n - 1, 1, [n - 3, n - 2, n - 1], high);
}

/**
 * Derivatives along axes by central differences, one-sided at the ends. After the array come spacings: none (1), one
 * number for all axes, or one number or list of coordinates per axis. Integers give float64. One axis gives an array,
 * several a list with one array per axis.
 * @throws ShapeError for an axis shorter than edge_order + 1 or coordinates of another length; ArgumentError for another
 *   number of spacings than one or one per axis.
 * @example np.gradient([1, 2, 4, 7, 11]) // array([1. , 1.5, 2.5, 3.5, 4. ])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.gradient.html
 */
export function gradient(x: ArrayLike, options: GradientOptions & { readonly axis: number }): NDArray;
export function gradient(x: ArrayLike, spacing: Spacing, options: GradientOptions & { readonly axis: number }): NDArray;
export function gradient(x: ArrayLike, ...given: readonly (Spacing | GradientOptions)[]): NDArray | NDArray[];
export function gradient(x: ArrayLike, ...given: readonly (Spacing | GradientOptions)[]): NDArray | NDArray[] {
  const where = 'np.gradient';
  const last = given[given.length - 1];
  const options = isOptions(last) ? last : {};
  gradientOptions.check(options, where);
  const spacings = given.filter((g): g is Spacing => g !== options && g !== undefined);
  const f = toArray(x, where);
  requireUsable(f, where);
  const axes = normalizeAxes(options.axis, f.ndim, where);
  if (spacings.length > 1 && spacings.length !== axes.length) {
    throw new ArgumentError(
      `${where}: ${spacings.length} spacings for ${axes.length} axes`,
      'pass none, one for all axes, or one per axis',
      { spacings: spacings.map(describe), axes },
    );
  }
  if (spacings.length === 1 && axes.length > 1 && toArray(spacings[0], where).ndim > 0) {
    throw new ArgumentError(`${where}: coordinates for one of ${axes.length} axes`, 'pass coordinates for each axis', {
      axes,
    });
  }
  const order = options.edge_order ?? 1;
  for (const d of axes) {
    if (f.shape[d] > order) continue;
    throw new ShapeError(
      `${where}: axis ${d} has ${f.shape[d]} elements, and edge_order ${order} needs ${order + 1}`,
      'pass a longer array or leave the axis out',
      { axis: d, shape: f.shape },
    );
  }
  const result = f.dtype.kind === 'f' || f.dtype.kind === 'c' ? f.dtype : dtypes.float64;
  const all = axes.map((axis, i) => stepsOf(spacings[spacings.length > 1 ? i : 0] ?? 1, f.shape[axis], axis));
  const made = axes.map((axis, i) => {
    const steps = all[i];
    // A number is weak; coordinates bring their own precision.
    const weights = realOf(typeof steps === 'number' ? result : promote(result, steps.dtype));
    const working = typeof steps === 'number' ? result : promote(result, weights);
    const out = newArray(f.shape, result);
    along({ f, out, axis, working, weights }, steps, order);
    return nd(out);
  });
  return made.length === 1 ? made[0] : made;
}

const isOptions = (x: unknown): x is GradientOptions =>
  typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;
