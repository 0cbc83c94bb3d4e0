// The cross product of vectors of three (or two) components: one kernel per component, straight into the result.

import { type NDArray, nd } from '../array/ndarray.ts';
import { moveaxis } from '../array/views.ts';
import { DTypeError, ShapeError } from '../base/errors.ts';
import type { DType } from '../dtype/dtype.ts';
import { promote } from '../dtype/promotion.ts';
import { type ArrayBase, newArray, reinterpret, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { evaluate, loopOf } from '../exec/formula.ts';
import { Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import type { ExprValue } from '../kernel/builder.ts';
import { difference, product } from '../ops/bodies.ts';
import { broadcastShapes } from '../shape/broadcast.ts';
import { formatShape, normalizeAxis } from '../shape/strides.ts';

export interface CrossOptions {
  /** The axis of the vectors in `a`, in `b` and in the result; the last by default. */
  readonly axisa?: number;
  readonly axisb?: number;
  readonly axisc?: number;
  /** All three at once. */
  readonly axis?: number;
}

const crossOptions = new Options(['axisa', 'integer'], ['axisb', 'integer'], ['axisc', 'integer'], ['axis', 'integer']);

const negated = (v: ExprValue): ExprValue => v.neg();

/** out = p·q − r·s, where a product that a missing third component belongs to is left out. */
function component(dtype: DType, out: ArrayBase, first: readonly ArrayBase[], second: readonly ArrayBase[]): void {
  const [name, body] =
    first.length === 0
      ? ['negated', ([r, s]: readonly ExprValue[]) => negated(product(r, s))]
      : second.length === 0
        ? ['product', ([p, q]: readonly ExprValue[]) => product(p, q)]
        : ['difference', ([p, q, r, s]: readonly ExprValue[]) => difference(product(p, q), product(r, s))];
  const operands = [...first, ...second];
  const loop = loopOf(
    `cross.${name}`,
    operands.map(() => dtype),
    dtype,
    body as (x: readonly ExprValue[]) => ExprValue, // one of the three above
  );
  evaluate(loop, operands, out.shape, out);
}

function vectors(x: ArrayLike, axis: number, which: string): NDArray {
  const a = toArray(x, 'np.cross');
  requireUsable(a, 'np.cross');
  const moved = moveaxis(a, normalizeAxis(axis, a.ndim, `np.cross ${which}`), -1);
  const n = moved.shape[moved.ndim - 1];
  if (n === 2 || n === 3) return moved;
  throw new ShapeError(
    `np.cross: vectors of ${n} components in shape ${formatShape(a.shape)}`,
    'pass vectors of three components (or two), and name their axis where it is not the last',
    { shape: a.shape, axis },
  );
}

/**
 * Cross product of vectors along the last axes, broadcast against each other. Vectors of two components have a third
 * that is zero; of two such vectors the result is that of the third component alone.
 * @throws ShapeError for vectors of another length or shapes that do not broadcast; DTypeError for bools.
 * @example np.cross([1, 2, 3], [4, 5, 6]) // array([-3.,  6., -3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.cross.html
 */
export function cross(
  a: ArrayLike,
  b: ArrayLike,
  axisa?: number | CrossOptions,
  axisb?: number | CrossOptions,
  axisc?: number | CrossOptions,
  options?: CrossOptions,
): NDArray {
  const o = byName<CrossOptions>(['axisa', 'axisb', 'axisc'], [axisa, axisb, axisc, options], crossOptions, 'np.cross');
  const x = vectors(a, o.axis ?? o.axisa ?? -1, 'axisa');
  const y = vectors(b, o.axis ?? o.axisb ?? -1, 'axisb');
  const dtype = promote(x.dtype, y.dtype);
  if (dtype.kind === 'b')
    throw new DTypeError('np.cross of bools', "convert them with astype('int8')", { dtype: 'bool' });
  const of = (v: NDArray, i: number): ArrayBase =>
    reinterpret(v, v.offset + i * v.strides[v.ndim - 1], v.shape.slice(0, -1), v.strides.slice(0, -1));
  const shape = broadcastShapes([x.shape.slice(0, -1), y.shape.slice(0, -1)], 'np.cross');
  const lengths = [x.shape[x.ndim - 1], y.shape[y.ndim - 1]];
  const pair = (i: number, j: number): ArrayBase[] => (i < lengths[0] && j < lengths[1] ? [of(x, i), of(y, j)] : []);
  if (lengths[0] === 2 && lengths[1] === 2) {
    const out = newArray(shape, dtype);
    component(dtype, out, pair(0, 1), pair(1, 0));
    return nd(out);
  }
  const axis = normalizeAxis(o.axis ?? o.axisc ?? -1, shape.length + 1, 'np.cross axisc');
  const out = nd(newArray([...shape, 3], dtype));
  for (let c = 0; c < 3; c++) {
    const [i, j] = [(c + 1) % 3, (c + 2) % 3];
    component(dtype, of(out, c), pair(i, j), pair(j, i));
  }
  return moveaxis(out, -1, axis);
}
