// Loops over indices in JavaScript: ndindex, ndenumerate. For printing and tests; arithmetic belongs in functions of
// whole arrays.

import { asNDArray } from '../array/views.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayLike, elements } from '../exec/coerce.ts';
import { checkShape } from '../shape/strides.ts';

/**
 * All indices of a shape in C order, each a new list. The shape is one list, or its lengths one by one.
 * @throws ShapeError for lengths that are no integers from 0.
 * @example [...np.ndindex(2, 2)] // [[0, 0], [0, 1], [1, 0], [1, 1]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.ndindex.html
 */
export function ndindex(...shape: (number | readonly number[])[]): Generator<number[]> {
  return indices(checkShape(shape.flat(), 'np.ndindex'));
}

function* indices(shape: readonly number[]): Generator<number[]> {
  if (shape.includes(0)) return;
  const at = new Array<number>(shape.length).fill(0);
  for (;;) {
    yield at.slice();
    let d = shape.length - 1;
    while (d >= 0 && ++at[d] === shape[d]) at[d--] = 0;
    if (d < 0) return;
  }
}

/**
 * Pairs of index and element in C order.
 * @example [...np.ndenumerate([[1, 2]])] // [[[0, 0], 1], [[0, 1], 2]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.ndenumerate.html
 */
export function* ndenumerate(x: ArrayLike): Generator<[index: number[], element: Scalar]> {
  const a = asNDArray(x, 'np.ndenumerate');
  const values = elements(a);
  for (const index of indices(a.shape)) {
    const { value, done } = values.next();
    if (!done) yield [index, value];
  }
}
