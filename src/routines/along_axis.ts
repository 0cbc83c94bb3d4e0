// Functions of the user's applied to parts of an array: apply_along_axis, apply_over_axes, piecewise. They cost a
// JavaScript call per vector, axis or piece; nothing is called per element.

import { zeros_like } from '../array/creation.ts';
import { logical_not, logical_or } from '../array/functions.generated.ts';
import { assign } from '../array/indexing.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { asNDArray, expand_dims, moveaxis, transpose } from '../array/views.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { requireList } from '../exec/arguments.ts';
import { newArray } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { normalizeAxis, sameShape } from '../shape/strides.ts';
import { ndindex } from './iterate.ts';

/**
 * The results of a function of the vectors along an axis, which its own dimensions take the place of. The first result
 * settles dtype and shape.
 * @throws ShapeError for an empty array, or when results differ in shape; CastError when later ones do not fit the dtype.
 * @example np.apply_along_axis((v) => v.max(), 0, [[1, 5], [4, 2]]) // array([4., 5.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.apply_along_axis.html
 */
export function apply_along_axis(
  f: (vector: NDArray, ...args: never[]) => ArrayLike,
  axis: number,
  x: ArrayLike,
  ...args: unknown[]
): NDArray {
  const where = 'np.apply_along_axis';
  const a = asNDArray(x, where);
  const d = normalizeAxis(axis, a.ndim, where);
  const vectors = moveaxis(a, d, -1);
  const outer = vectors.shape.slice(0, -1);
  if (outer.includes(0)) {
    throw new ShapeError(`${where}: there is no vector to call the function with`, 'check the size first', {
      shape: a.shape,
    });
  }
  let out: NDArray | undefined;
  let inner: readonly number[] = [];
  for (const at of ndindex(outer)) {
    const made = asNDArray(f(vectors.get(...at), ...(args as never[])), where); // the caller knows its function
    if (out === undefined) {
      inner = made.shape;
      out = nd(newArray([...outer, ...inner], made.dtype));
    }
    if (!sameShape(made.shape, inner)) {
      throw new ShapeError(`${where}: results of shape (${inner}) and (${made.shape})`, 'return equal shapes', {
        shapes: [inner, made.shape],
      });
    }
    assign(out.get(...at), made, where);
  }
  if (out === undefined) throw new TypeError('there was a vector');
  const before = outer.map((_, k) => k);
  const own = inner.map((_, k) => outer.length + k);
  return transpose(out, [...before.slice(0, d), ...own, ...before.slice(d)]);
}

/**
 * A function of an array and an axis applied over several axes one after another; results that lost the axis get it back.
 * @throws ShapeError when a result has neither as many dimensions as before nor one fewer.
 * @example np.apply_over_axes(np.sum, [[1, 2], [3, 4]], [0, 1]).tolist() // [[10]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.apply_over_axes.html
 */
export function apply_over_axes(
  f: (a: NDArray, axis: number) => ArrayLike,
  x: ArrayLike,
  axes: number | readonly number[],
): NDArray {
  const where = 'np.apply_over_axes';
  let a = asNDArray(x, where);
  const { ndim } = a;
  for (const axis of [axes].flat()) {
    const d = normalizeAxis(axis, ndim, where);
    const made = asNDArray(f(a, d), where);
    const kept = made.ndim === ndim ? made : made.ndim === ndim - 1 ? expand_dims(made, d) : undefined;
    if (kept === undefined) {
      throw new ShapeError(
        `${where}: the function gave ${made.ndim} dimensions for ${ndim}`,
        'return as many dimensions, or one fewer',
        { ndim, result: made.ndim },
      );
    }
    a = kept;
  }
  return a;
}

/** What a piece is: a value, or a function of the elements where its condition holds. */
export type PieceOf = ArrayLike | ((x: NDArray, ...args: never[]) => ArrayLike);

/**
 * A function by cases: under each condition the value, or the function of the elements there; where several hold the last
 * counts. One more function than conditions is for where none holds, else those are 0. The result has the dtype of `x`.
 * @throws ArgumentError for another number of functions, ShapeError for conditions of another shape than `x`.
 * @example np.piecewise([-2, 3], [[true, false], [false, true]], [(v) => v.negative(), 0]) // array([2., 0.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.piecewise.html
 */
export function piecewise(
  x: ArrayLike,
  conditions: ArrayLike | readonly ArrayLike[],
  functions: readonly PieceOf[],
  ...args: unknown[]
): NDArray {
  const where = 'np.piecewise';
  requireList(functions, 'functions', where);
  const a = asNDArray(x, where);
  const list: readonly ArrayLike[] =
    Array.isArray(conditions) && !conditions.every((c) => typeof c === 'boolean')
      ? conditions
      : [conditions as ArrayLike]; // one alone
  const masks = list.map((c) => {
    const given = asNDArray(c, where);
    const mask = given.dtype.kind === 'b' ? given : given.astype('bool');
    if (sameShape(mask.shape, a.shape)) return mask;
    throw new ShapeError(
      `${where}: a condition of shape (${mask.shape}) for x of shape (${a.shape})`,
      'compare x itself',
      {
        condition: mask.shape,
        shape: a.shape,
      },
    );
  });
  if (functions.length !== masks.length && functions.length !== masks.length + 1) {
    throw new ArgumentError(
      `${where}: ${functions.length} functions for ${masks.length} conditions`,
      'pass one function per condition, and one more for the rest if wanted',
      { functions: functions.length, conditions: masks.length },
    );
  }
  if (functions.length > masks.length) masks.push(remaining(masks, a));
  const out = zeros_like(a) as NDArray; // of an array
  functions.forEach((piece, i) => {
    if (typeof piece !== 'function') {
      out.set([masks[i]], piece);
      return;
    }
    const part = a.get(masks[i]);
    if (part.size > 0) out.set([masks[i]], piece(part, ...(args as never[]))); // the caller knows its function
  });
  return out;
}

const remaining = (masks: readonly NDArray[], a: NDArray): NDArray =>
  masks.length === 0
    ? (zeros_like(a, { dtype: 'bool' }) as NDArray)
    : (logical_not(masks.reduce((p, q) => logical_or(p, q) as NDArray)) as NDArray);
