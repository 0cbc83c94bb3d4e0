// Stacks of small matrices: one call for the whole stack that reads the operand as it lies and writes the result as it is
// to lie, for which the jobs of providers are too much ceremony. Which orders are small is the provider's choice.

import type { ArrayBase } from '../exec/array_base.ts';
import { heapCopy, isResident } from '../exec/copy.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import type { Field } from './lapack/language.ts';
import type { MatrixAt } from './lapack/level3.ts';
import { orderPays } from './provider/choice.ts';
import type { RoutineName } from './provider/routines.ts';
import { addressOf, dtypeOf } from './stacks.ts';

/** Order up to which matrices are small. */
const SMALL = 32;

/** Whether matrices of this order are for the functions here: small, and not for a library. */
export const isSmall = (routine: RoutineName, order: number): boolean => order <= SMALL && !orderPays(routine, order);

/** A stack of matrices as it lies: the array that holds it, the first of them, bytes from each to the next. */
export interface Lying extends MatrixAt {
  readonly array: ArrayBase;
  readonly step: number;
}

/** The operand in the heap and in the field's dtype, with one step from each matrix of the stack to the next. */
export function lying(a: ArrayBase, field: Field): Lying {
  const dtype = dtypeOf(field);
  const fits = a.dtype === dtype && isResident(a) && (a.ndim <= 3 || a.contiguous);
  const array = fits ? a : heapCopy(a, dtype);
  const { ndim, strides } = array;
  const [m, n] = [array.shape[ndim - 2], array.shape[ndim - 1]];
  const step = ndim === 3 ? strides[0] : m * n * field.bytes;
  return { array, ptr: addressOf(array), rowStride: strides[ndim - 2], columnStride: strides[ndim - 1], step };
}

/** The same broadcast to a stack; undefined where no single step leads through it. */
export function lyingIn(a: ArrayBase, field: Field, stack: readonly number[]): Lying | undefined {
  const outer = a.shape.slice(0, -2);
  if (outer.length === stack.length && outer.every((n, d) => n === stack[d])) return lying(a, field);
  if (stack.length > 1) return undefined;
  const [step] = broadcastStrides(outer, a.strides.slice(0, -2), stack);
  return { ...lying(a, field), step: outer.length === 0 || outer[0] === 1 ? 0 : step };
}
