// get and set: basic indexing (integers, slices, ellipsis, new axes) as views, assignment through them.

import { CastError } from '../base/errors.ts';
import { canCast } from '../dtype/promotion.ts';
import { checkScalar, isScalar } from '../dtype/scalars.ts';
import { ArrayBase, reinterpret, requireUsable } from '../exec/array_base.ts';
import { clashes } from '../exec/call.ts';
import { arrayFrom, operandOf } from '../exec/coerce.ts';
import { copyInto, heapCopy } from '../exec/copy.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { type IndexItem, resolveIndex } from '../shape/slicing.ts';
import { MAX_NDIM } from '../shape/strides.ts';
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

/**
 * Writes a value into an array: broadcast, cast with same_kind, safe against overlap. Scalars, also in nested lists, take
 * the target's dtype and must be representable in it.
 */
export function assign(target: ArrayBase, value: unknown, where: string): void {
  const from = valueFor(target, value, where);
  broadcastStrides(from.shape, from.strides, target.shape, where); // refuses before anything is written
  if (!canCast(from.dtype, target.dtype, 'same_kind')) {
    throw new CastError(
      `${where}: cannot assign ${from.dtype.name} to an array of ${target.dtype.name}`,
      `convert the value first with astype('${target.dtype.name}')`,
      { from: from.dtype.name, to: target.dtype.name },
    );
  }
  copyInto(clashes(from, target) ? heapCopy(from) : from, target);
}

// Scalars and lists of them only, nested as deep as arrays go (a list may hold itself).
function holdsScalars(list: readonly unknown[], depth: number): boolean {
  return depth > 0 && list.every((x) => isScalar(x) || (Array.isArray(x) && holdsScalars(x, depth - 1)));
}

function valueFor(target: ArrayBase, value: unknown, where: string): ArrayBase {
  if (Array.isArray(value) && holdsScalars(value, MAX_NDIM)) {
    return arrayFrom(value, target.dtype, where);
  }
  const x = operandOf(value, where);
  return x instanceof ArrayBase ? x : arrayFrom(checkScalar(x, target.dtype, where), target.dtype, where);
}
