// get and set: basic indexing (integers, slices, ellipsis, new axes) as views, assignment through them.

import { CastError } from '../base/errors.ts';
import { canCast } from '../dtype/promotion.ts';
import { checkScalar } from '../dtype/scalars.ts';
import { ArrayBase, reinterpret, requireUsable } from '../exec/array_base.ts';
import { clashes } from '../exec/call.ts';
import { arrayFrom, operandOf } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { type IndexItem, resolveIndex } from '../shape/slicing.ts';
import type { NDArray } from './ndarray.ts';

export type Index = IndexItem;

export function getItem(a: ArrayBase, index: readonly Index[]): NDArray {
  requireUsable(a, 'get');
  const v = resolveIndex(index, a.shape, a.strides, a.offset);
  return reinterpret(a, v.offset, v.shape, v.strides) as NDArray; // exec/ makes what ndarray.ts registered
}

export function setItem(a: ArrayBase, index: readonly Index[], value: unknown): void {
  const target = getItem(a, index);
  assign(target, value, 'set');
}

/** Writes a value into an array: broadcast, cast with same_kind, safe against overlap. */
export function assign(target: ArrayBase, value: unknown, where: string): void {
  const x = operandOf(value, where);
  const from = x instanceof ArrayBase ? x : arrayFrom(checkScalar(x, target.dtype, where), target.dtype, where);
  if (!canCast(from.dtype, target.dtype, 'same_kind')) {
    throw new CastError(
      `${where}: cannot assign ${from.dtype.name} to an array of ${target.dtype.name}`,
      `convert the value first with astype('${target.dtype.name}')`,
      { from: from.dtype.name, to: target.dtype.name },
    );
  }
  copyInto(clashes(from, target) ? heapCopy(from) : from, target);
}
