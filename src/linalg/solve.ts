// np.linalg.solve: the front of systems of equations, their shapes and errors. The algorithm is a provider's.

import { type NDArray, nd } from '../array/ndarray.ts';
import { reshape } from '../array/views.ts';
import { LinAlgError, ShapeError } from '../base/errors.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { broadcastOperands } from '../exec/guard.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { formatShape, sizeOf } from '../shape/strides.ts';
import type { Field } from './lapack/language.ts';
import { smallSolveKernel } from './lapack/lu_kernel.ts';
import { overStack } from './lapack/over_stack.ts';
import { writtenSolve } from './lapack/unrolled.ts';
import { run } from './provider/run.ts';
import { isSmall, lyingIn } from './small.ts';
import {
  addressOf,
  byColumns,
  dtypeOf,
  fieldOf,
  fromColumns,
  jobOf,
  linalgOperand,
  squareOperand,
  stackShape,
} from './stacks.ts';
import type { Solved } from './types.ts';

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
export function solve<A extends ArrayLike, B extends ArrayLike>(a: A, b: B): Solved<A, B> {
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
  if (columns === 0 && sizeOf(stack) > 0) {
    solve(left, newArray([n, 1], dtypeOf(field), true)); // nothing to find, but a singular matrix is one
    return nd(newArray([...stack, n, 0], dtypeOf(field)));
  }
  if (isSmall('solve', n) && columns <= 2 * n && (left.ndim > 2 || stack.length === 0)) {
    const out = ofSmall(left, right, field, stack);
    if (out !== undefined) return vector ? reshape(nd(out), [...stack, n]) : nd(out);
  }
  // One matrix for a whole stack is factored once: all right sides are columns of one.
  const shared = left.ndim === 2 && sizeOf(stack) > 0;
  const work = byColumns(left, field, shared ? [] : stack);
  const x = byColumns(right, field, stack);
  const { base, failed } = jobOf(field, shared ? [] : stack);
  const [at, bAt] = [addressOf(work), addressOf(x)];
  const all = shared && n > 0 ? x.size / n : columns;
  run('solve', { ...base, n, columns: all, a: at, b: bAt });
  const failure = failed();
  keepAlive(work.storage);
  keepAlive(x.storage);
  if (failure !== undefined) throw singular(where, failure.index, failure.info, left.shape);
  const result = columns === 1 ? reshape(x, [...stack, n, 1]) : fromColumns(x);
  return vector ? reshape(result, [...stack, n]) : result;
}

/** The solutions; undefined where a matrix is singular or the stacks do not lie so, which the other way takes. */
function ofSmall(left: NDArray, right: NDArray, field: Field, stack: readonly number[]): ArrayBase | undefined {
  const [n, columns] = right.shape.slice(-2);
  const a = lyingIn(left, field, stack);
  const b = lyingIn(right, field, stack);
  if (a === undefined || b === undefined) return undefined;
  const out = newArray([...stack, n, columns], dtypeOf(field));
  const size = n * columns * field.bytes;
  const failed = overStack(
    primarySegment(),
    writtenSolve(field, n) ?? smallSolveKernel(field),
    sizeOf(stack),
    n * n * (n + columns),
    [
      [a.ptr, a.step],
      [b.ptr, b.step],
      [addressOf(out), size],
    ],
    [n, columns, a.rowStride, a.columnStride, a.step, b.rowStride, b.columnStride, b.step, size],
    n * n * field.bytes + size + 4 * n,
  );
  keepAlive(a.array.storage);
  keepAlive(b.array.storage);
  return failed === 0 ? out : undefined;
}
