// np.linalg.tensorsolve and tensorinv: equations between arrays of any shape, which are those of matrices after the axes
// of the unknown, and of the right side, are flattened.

import type { NDArray } from '../array/ndarray.ts';
import { nd } from '../array/ndarray.ts';
import { ravel, reshape, transpose } from '../array/views.ts';
import { ArgumentError, LinAlgError, ShapeError } from '../base/errors.ts';
import { requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { describe, Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import { formatShape, normalizeAxes, sizeOf } from '../shape/strides.ts';
import { inv } from './inverse.ts';
import { solve } from './solve.ts';

export interface TensorsolveOptions {
  /** Axes of `a` to move to its end first; default none. */
  readonly axes?: readonly number[] | null;
}
export interface TensorinvOptions {
  /** How many of the first axes are the right side's; default 2. */
  readonly ind?: number;
}

const solveOptions = new Options(['axes', 'axis']);
const invOptions = new Options(['ind', 'integer']);

function operand(x: ArrayLike, where: string): NDArray {
  const a = toArray(x, where);
  requireUsable(a, where);
  return nd(a);
}

function notSquare(where: string, rows: readonly number[], columns: readonly number[]): LinAlgError {
  const [r, c] = [rows, columns].map((s) => `${formatShape(s)} (${sizeOf(s)} elements)`);
  return new LinAlgError(
    `${where}: the axes of the right side ${r} and those of the unknown ${c} differ in size`,
    'their products must be equal, as the sides of a square matrix are',
    { where, rows, columns },
  );
}

/**
 * x of tensordot(a, x, x.ndim) = b: the first b.ndim axes of `a` are b's, the others those of x, as many elements in both.
 * `axes` of a are moved to its end first.
 * @throws LinAlgError when the equations are not square, or singular; ShapeError when b has not the elements asked for.
 * @example np.linalg.tensorsolve(np.eye(6).reshape(2, 3, 6), [[0, 1, 2], [3, 4, 5]]).tolist() // [0, 1, 2, 3, 4, 5]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.tensorsolve.html
 */
export function tensorsolve(a: ArrayLike, b: ArrayLike, axes?: readonly number[] | null | TensorsolveOptions): NDArray {
  const where = 'np.linalg.tensorsolve';
  const options = byName<TensorsolveOptions>(['axes'], [axes], solveOptions, where);
  const [given, right] = [operand(a, where), operand(b, where)];
  let left = given;
  if (options.axes !== undefined && options.axes !== null) {
    const last = normalizeAxes(options.axes, given.ndim, where);
    const first = Array.from({ length: given.ndim }, (_, d) => d).filter((d) => !last.includes(d));
    left = transpose(given, [...first, ...last]);
  }
  const [rows, columns] = [left.shape.slice(0, right.ndim), left.shape.slice(right.ndim)];
  const n = sizeOf(columns);
  if (right.ndim > left.ndim || sizeOf(rows) !== n) throw notSquare(where, rows, columns);
  if (right.size !== n) {
    throw new ShapeError(
      `${where}: a of shape ${formatShape(left.shape)} needs a right side of shape ${formatShape(rows)}, not ${formatShape(right.shape)}`,
      "b must have the shape of a's first axes",
      { where, shapes: [left.shape, right.shape] },
    );
  }
  return reshape(solve(reshape(left, [n, n]), ravel(right)), columns);
}

/**
 * The inverse for tensordot: tensordot(tensorinv(a, ind), a, ind) is the identity. The first `ind` axes of `a` and the
 * others have as many elements; the result has them exchanged.
 * @throws LinAlgError when they have not, or the matrix is singular; ArgumentError for an `ind` below 1.
 * @example np.linalg.tensorinv(np.eye(6).reshape(2, 3, 6)).shape // [6, 2, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.tensorinv.html
 */
export function tensorinv(a: ArrayLike, ind?: number | TensorinvOptions): NDArray {
  const where = 'np.linalg.tensorinv';
  const { ind: count = 2 } = byName<TensorinvOptions>(['ind'], [ind], invOptions, where);
  if (count < 1) {
    throw new ArgumentError(`${where}: ind is ${describe(count)}`, 'ind must be a number of axes from 1', { where });
  }
  const given = operand(a, where);
  const [rows, columns] = [given.shape.slice(0, count), given.shape.slice(count)];
  const n = sizeOf(columns);
  if (sizeOf(rows) !== n) throw notSquare(where, rows, columns);
  return reshape(inv(reshape(given, [n, n])), [...columns, ...rows]);
}
