// Differences of neighbours: diff, ediff1d. Each order is one pass of the subtracting kernel over two shifted views.
// Derivatives by spacing are in gradient.ts.

import { not_equal, subtract } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { ravel } from '../array/views.ts';
import { CastError, ShapeError } from '../base/errors.ts';
import { canCast } from '../dtype/promotion.ts';
import { ArrayBase, newArray, reinterpret, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, arrayFrom, operandOf, toArray } from '../exec/coerce.ts';
import { copyInto } from '../exec/copy.ts';
import { Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import { formatShape, normalizeAxis } from '../shape/strides.ts';
import { concatenate } from './join.ts';

export interface DiffOptions {
  /** How many times differences are taken. */
  readonly n?: number;
  /** The axis to take them along; the last by default. */
  readonly axis?: number;
  /** Elements in front of the array: a scalar, or an array that differs in length along the axis alone. */
  readonly prepend?: ArrayLike;
  /** Elements behind it. */
  readonly append?: ArrayLike;
}

const diffOptions = new Options(['n', 'count'], ['axis', 'integer'], ['prepend', 'value'], ['append', 'value']);

/** `length` positions along an axis from `start` on: a view. */
export function stretch(a: ArrayBase, axis: number, start: number, length: number): ArrayBase {
  const shape = a.shape.map((m, d) => (d === axis ? length : m));
  return reinterpret(a, a.offset + start * a.strides[axis], shape, a.strides);
}

/** An array with further elements along an axis; a scalar stands for one position and takes the array's dtype. */
function extended(a: ArrayBase, axis: number, { prepend, append }: DiffOptions): ArrayBase {
  if (prepend === undefined && append === undefined) return a;
  const member = (x: ArrayLike): ArrayBase => {
    const v = operandOf(x, 'np.diff');
    const array = v instanceof ArrayBase ? v : arrayFrom(v, a.dtype, 'np.diff');
    if (array.ndim === a.ndim) return array;
    if (array.ndim > 0) {
      throw new ShapeError(
        `np.diff: elements of shape ${formatShape(array.shape)} beside an array of shape ${formatShape(a.shape)}`,
        `pass a scalar or an array of ${a.ndim} dimensions`,
        { shapes: [array.shape, a.shape] },
      );
    }
    return reinterpret(
      array,
      array.offset,
      a.shape.map((m, d) => (d === axis ? 1 : m)),
      a.shape.map(() => 0),
    );
  };
  const parts = [
    ...(prepend === undefined ? [] : [member(prepend)]),
    a,
    ...(append === undefined ? [] : [member(append)]),
  ];
  return concatenate(parts, axis);
}

/**
 * Differences of neighbours along an axis, `n` times over: each order has one element less. Integers wrap; of bools it
 * tells where neighbours differ.
 * @throws ShapeError for an array without dimensions; AxisError for an axis it does not have.
 * @example np.diff([1, 4, 9, 16], 2) // array([2., 2.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.diff.html
 */
export function diff(
  x: ArrayLike,
  n?: number | DiffOptions,
  axis?: number | DiffOptions,
  options?: DiffOptions,
): NDArray {
  const o = byName<DiffOptions>(['n', 'axis'], [n, axis, options], diffOptions, 'np.diff');
  const given = toArray(x, 'np.diff');
  requireUsable(given, 'np.diff');
  if (given.ndim === 0)
    throw new ShapeError('np.diff of a 0-d array', 'pass an array with an axis to take differences along');
  const along = normalizeAxis(o.axis ?? -1, given.ndim, 'np.diff');
  const order = o.n ?? 1;
  if (order === 0) return nd(given);
  const subtracting = given.dtype.kind === 'b' ? not_equal : subtract;
  let a = extended(given, along, o);
  for (let i = 0; i < order; i++) {
    const length = Math.max(0, a.shape[along] - 1);
    const next = subtracting(
      nd(stretch(a, along, Math.min(1, a.shape[along]), length)),
      nd(stretch(a, along, 0, length)),
    );
    if (i > 0) a.storage.dispose(); // a difference of lower order, made here
    a = next;
  }
  return nd(a);
}

export interface EdgeOptions {
  /** Elements behind the differences. */
  readonly to_end?: ArrayLike;
  /** Elements in front of them. */
  readonly to_begin?: ArrayLike;
}

const edgeOptions = new Options(['to_end', 'value'], ['to_begin', 'value']);

/**
 * Differences of neighbours of the flattened array, with elements put around them.
 * @throws CastError for elements whose dtype does not fit the array's within its kind; DTypeError for bools.
 * @example np.ediff1d([1, 2, 4], { to_begin: 0 }) // array([0., 1., 2.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.ediff1d.html
 */
export function ediff1d(x: ArrayLike, to_end?: ArrayLike | EdgeOptions, to_begin?: ArrayLike | EdgeOptions): NDArray {
  const where = 'np.ediff1d';
  const o = byName<EdgeOptions>(['to_end', 'to_begin'], [to_end, to_begin], edgeOptions, where);
  const a = ravel(nd(toArray(x, where)));
  const edge = (e: ArrayLike | undefined): ArrayBase | undefined => {
    if (e === undefined) return undefined;
    const v = operandOf(e, where);
    const array = v instanceof ArrayBase ? v : arrayFrom(v, a.dtype, where);
    if (!canCast(array.dtype, a.dtype, 'same_kind')) {
      throw new CastError(
        `${where}: elements of ${array.dtype.name} do not fit among differences of ${a.dtype.name}`,
        `convert them with astype('${a.dtype.name}'), or the array first`,
        { from: array.dtype.name, to: a.dtype.name },
      );
    }
    return ravel(nd(array));
  };
  const [first, last] = [edge(o.to_begin), edge(o.to_end)];
  const length = Math.max(0, a.size - 1);
  const [before, after] = [first?.size ?? 0, last?.size ?? 0];
  const out = newArray([before + length + after], a.dtype);
  subtract(nd(stretch(a, 0, Math.min(1, a.size), length)), nd(stretch(a, 0, 0, length)), {
    out: stretch(out, 0, before, length),
  });
  if (first !== undefined) copyInto(first, stretch(out, 0, 0, before));
  if (last !== undefined) copyInto(last, stretch(out, 0, before + length, after));
  return nd(out);
}
