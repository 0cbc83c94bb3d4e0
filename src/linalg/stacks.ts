// Operands of np.linalg: what dtype is computed in, square or not, and dense stacks of matrices by columns in the heap,
// which providers overwrite, and back. The functions themselves are files of their own.

import { type NDArray, nd } from '../array/ndarray.ts';
import { broadcast_to, swapaxes } from '../array/views.ts';
import { DTypeError, LinAlgError } from '../base/errors.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { type ArrayBase, newArray, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { primarySegment } from '../memory/allocate.ts';
import { formatShape, sizeOf } from '../shape/strides.ts';
import { type Field, fields } from './lapack/language.ts';

/**
 * An operand with at least `least` dimensions.
 * @throws LinAlgError for fewer, DTypeError for float16.
 */
export function linalgOperand(x: ArrayLike, where: string, least = 2): NDArray {
  const a = toArray(x, where);
  requireUsable(a, where);
  if (a.ndim < least) {
    throw new LinAlgError(
      `${where}: an operand of shape ${formatShape(a.shape)} has ${a.ndim} dimensions, at least ${least} are needed`,
      least === 2 ? 'pass a matrix, or a stack of matrices in the last two dimensions' : 'give it the axes it lacks',
      { where, shape: a.shape, least },
    );
  }
  if (a.dtype === dtypes.float16) {
    throw new DTypeError(`${where}: float16 is not computed in`, "convert it first: a.astype('float32')", {
      where,
      dtype: a.dtype.name,
    });
  }
  return nd(a);
}

/**
 * Refuses an operand whose last two dimensions are not equal.
 * @throws LinAlgError
 */
export function requireSquare(a: ArrayBase, where: string): void {
  const [m, n] = a.shape.slice(-2);
  if (a.ndim >= 2 && m === n) return;
  throw new LinAlgError(
    `${where}: the last two dimensions must be equal, the shape is ${formatShape(a.shape)}`,
    'pass square matrices',
    { where, shape: a.shape },
  );
}

/** An operand with at least two dimensions, the last two of them equal. */
export function squareOperand(x: ArrayLike, where: string): NDArray {
  const a = linalgOperand(x, where);
  requireSquare(a, where);
  return a;
}

/** The field that operands are computed in: complex if one is, single if all are; integers and booleans as float64. */
export function fieldOf(...operands: readonly ArrayBase[]): Field {
  const complex = operands.some((a) => a.dtype.kind === 'c');
  const single = operands.every((a) => a.dtype === dtypes.float32 || a.dtype === dtypes.complex64);
  return fields[complex ? (single ? 'complex64' : 'complex128') : single ? 'float32' : 'float64'];
}
export const dtypeOf = (field: Field): DType => dtypes[field.name];
/** Dtype of a field's real numbers: of singular values, norms, eigenvalues of symmetric matrices. */
export const realDType = (field: Field): DType => dtypes[field.width === 4 ? 'float32' : 'float64'];
/** Dtype of complex numbers in a field's precision. */
export const complexDType = (field: Field): DType => dtypes[field.width === 4 ? 'complex64' : 'complex128'];

/** Shape of the stack in front of an operand's matrices. */
export const stackShape = (a: ArrayBase, inner = 2): readonly number[] => a.shape.slice(0, a.ndim - inner);

/** Address of the first element of an array in the heap. */
export const addressOf = (a: ArrayBase): number => a.storage.ptr + a.offset;

/**
 * A copy that a provider may overwrite: a stack of m × n matrices, each by columns, as a C-contiguous array of shape
 * […stack, n, m]. Broadcast to `stack` where that is given.
 */
export function byColumns(a: ArrayBase, field: Field, stack: readonly number[] = stackShape(a)): ArrayBase {
  const [m, n] = a.shape.slice(-2);
  const turned = swapaxes(nd(a), -1, -2);
  const out = newArray([...stack, n, m], dtypeOf(field));
  copyInto(broadcast_to(turned, out.shape), out);
  return out;
}

/** An uninitialized stack of m × n matrices by columns: shape […stack, n, m]. */
export const newColumns = (stack: readonly number[], m: number, n: number, dtype: DType): ArrayBase =>
  newArray([...stack, n, m], dtype);

/** The stack of matrices by columns as a C-contiguous array of shape […stack, m, n]. */
export const fromColumns = (work: ArrayBase): NDArray => nd(heapCopy(swapaxes(nd(work), -1, -2)));

/** What all jobs on stacks of this shape have, and where they say how it went. */
export function jobOf(field: Field, stack: readonly number[]) {
  const info = newArray([sizeOf(stack)], dtypes.int32, true);
  return {
    base: { segment: primarySegment(), field, count: sizeOf(stack), info: addressOf(info) },
    /** Position in the stack and info of the first matrix that failed; undefined when none did. */
    failed(): { readonly index: number; readonly info: number } | undefined {
      const { segment, ptr } = info.storage;
      if (segment === null) throw new TypeError('a new array is not in the heap');
      for (let i = 0; i < info.size; i++) {
        const at = segment.i32[ptr / 4 + i];
        if (at !== 0) return { index: i, info: at };
      }
      return undefined;
    },
  };
}
