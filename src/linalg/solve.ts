// np.linalg.solve: the front of systems of equations, their shapes and errors. The algorithm is a provider's.

import type { NDArray } from '../array/ndarray.ts';
import { reshape } from '../array/views.ts';
import { LinAlgError, ShapeError } from '../base/errors.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { broadcastOperands } from '../exec/guard.ts';
import { keepAlive } from '../memory/allocate.ts';
import { formatShape } from '../shape/strides.ts';
import { run } from './provider/run.ts';
import {
  addressOf,
  byColumns,
  fieldOf,
  fromColumns,
  jobOf,
  linalgOperand,
  squareOperand,
  stackShape,
} from './stacks.ts';

/** The error of the first singular matrix of a stack. */
export function singular(where: string, index: number, column: number, shape: readonly number[]): LinAlgError {
  const which = shape.length === 2 ? 'the matrix' : `matrix ${index} of the stack`;
  return new LinAlgError(
    `${where}: ${which} is singular: there is no pivot other than 0 in column ${column - 1}`,
    'its columns depend on each other: np.linalg.lstsq and np.linalg.pinv give least-squares answers',
    { where, index, column: column - 1, shape },
  );
}

/**
 * x of a·x = b, for square matrices `a` […, n, n] and right sides `b`: one vector [n] where it has one dimension, else
 * matrices […, n, k]; stacks broadcast. The result has b's kind of shape. LU with partial pivoting; integers give float64.
 * @throws LinAlgError for a singular matrix, or one that is not square; ShapeError for right sides that do not fit.
 * @example np.linalg.solve([[3, 1], [1, 2]], [9, 8]).tolist() // [2, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.solve.html
 */
export function solve(a: ArrayLike, b: ArrayLike): NDArray {
  const where = 'np.linalg.solve';
  const left = squareOperand(a, where);
  const given = linalgOperand(b, where, 1);
  const field = fieldOf(left, given);
  const n = left.shape[left.ndim - 1];
  const vector = given.ndim === 1;
  const right = vector ? reshape(given, [given.size, 1]) : given;
  const columns = right.shape[right.ndim - 1];
  if (right.shape[right.ndim - 2] !== n) {
    throw new ShapeError(
      `${where}: matrices of shape ${formatShape(left.shape)} do not fit right sides of shape ${formatShape(given.shape)}`,
      vector || given.shape[given.ndim - 1] !== n
        ? `b must have ${n} rows: one vector [${n}], or matrices […, ${n}, k]`
        : 'a stack of vectors needs an axis of one column: b[…, null]',
      { where, shapes: [left.shape, given.shape] },
    );
  }
  const stack = broadcastOperands([stackShape(left), stackShape(right)], where, field.bytes);
  // One matrix for a whole stack is factored once: all right sides are columns of one.
  const shared = left.ndim === 2;
  const work = byColumns(left, field, shared ? [] : stack);
  const x = byColumns(right, field, stack);
  const { base, failed } = jobOf(field, shared ? [] : stack);
  const [at, bAt] = [addressOf(work), addressOf(x)];
  const all = shared && base.count === 1 && n > 0 ? x.size / n : columns;
  run('solve', { ...base, n, columns: all, a: at, b: bAt });
  const failure = failed();
  keepAlive(work.storage);
  keepAlive(x.storage);
  if (failure !== undefined) throw singular(where, failure.index, failure.info, left.shape);
  const result = columns === 1 ? reshape(x, [...stack, n, 1]) : fromColumns(x);
  return vector ? reshape(result, [...stack, n]) : result;
}
