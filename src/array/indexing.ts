// get and set: any mixture of integers, slices, ellipsis, new axes, index arrays and masks. Basic indices give views,
// arrays and masks copies; assignment broadcasts, casts and writes nothing when it refuses.

import { CastError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { dtypes } from '../dtype/dtype.ts';
import { canCast } from '../dtype/promotion.ts';
import { checkScalar, isScalar } from '../dtype/scalars.ts';
import { ArrayBase, reinterpret, requireUsable, requireWriteable } from '../exec/array_base.ts';
import { castInto } from '../exec/cast.ts';
import { arrayFrom, operandOf } from '../exec/coerce.ts';
import { contiguousIn, copyInto, heapCopy, isResident } from '../exec/copy.ts';
import { clashes, overlaps } from '../exec/execute.ts';
import { fillWhere, putRows, takeRows } from '../exec/indexing/direct.ts';
import { countTrue, packed, unpack } from '../exec/indexing/masks.ts';
import {
  gather,
  type Index,
  isBasic,
  isReadyArray,
  type ReadyIndex,
  readyIndex,
  scatter,
} from '../exec/indexing/select.ts';
import { atHome, liesElsewhere } from '../exec/tiles.ts';
import { timed } from '../exec/timed.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { resolveIndex, select } from '../shape/selection.ts';
import { MAX_NDIM, sameShape } from '../shape/strides.ts';
import type { NDArray } from './ndarray.ts';

export type { Index };

export function getItem(a: ArrayBase, index: readonly Index[]): NDArray {
  if (events.timing && !isBasic(index)) return timed('get', getItem, a, index);
  requireUsable(a, 'get');
  if (liesElsewhere(a) && !isBasic(index)) return atHome([a], () => getItem(a, index));
  const [only] = index;
  if (index.length === 1 && only instanceof ArrayBase) {
    const rows = takeRows(a, only, 'get');
    if (rows !== undefined) return rows as NDArray; // as below
  }
  return (isBasic(index) ? viewOf(a, index) : copyOf(a, readyIndex(index, 'get'))) as NDArray; // exec/ makes what ndarray.ts registered
}

function viewOf(a: ArrayBase, index: Parameters<typeof resolveIndex>[0]): ArrayBase {
  const v = resolveIndex(index, a.shape, a.strides, a.offset);
  return reinterpret(a, v.offset, v.shape, v.strides);
}

function copyOf(given: ArrayBase, items: ReadyIndex): ArrayBase {
  const [only] = items;
  if (items.length === 1 && isReadyArray(only) && only.counted === undefined) {
    const rows = takeRows(given, only.array, 'get');
    if (rows !== undefined) return rows;
  }
  const v = select(items, given.shape, given.strides, given.offset);
  if (v.indexed.length === 0) return heapCopy(reinterpret(given, v.offset, v.shape, v.strides));
  const { array, counted } = v.indexed[0].array;
  if (items.length === 1 && counted !== undefined && array.ndim === given.ndim && array.ndim > 0)
    return packed(contiguousIn(given), array, counted);
  if (isResident(given)) return gather(given, v, 'get');
  const a = heapCopy(given);
  return gather(a, select(items, a.shape, a.strides, a.offset), 'get');
}

export function setItem(a: ArrayBase, index: readonly Index[], value: unknown): void {
  if (events.timing) {
    timed('set', setItem, a, index, value);
    return;
  }
  requireWriteable(a, 'set');
  if (liesElsewhere(a) && !isBasic(index)) {
    atHome([a], () => setItem(a, index, value));
    return;
  }
  const [only] = index;
  if (index.length === 1 && only instanceof ArrayBase) {
    if (only.dtype === dtypes.bool) {
      requireUsable(only, 'set');
      if (sameShape(only.shape, a.shape) && underMask(a, only, value)) return;
    } else if (value instanceof ArrayBase && putRows(a, only, value, 'set')) return;
  }
  if (isBasic(index)) assign(viewOf(a, index), value, 'set');
  else store(a, readyIndex(index, 'set'), value);
}

// One value, or one for each true element, under a mask of the whole array; false where that takes more.
function underMask(a: ArrayBase, mask: ArrayBase, value: unknown): boolean {
  if (isScalar(value)) return fillWhere(a, mask, value, 'set');
  const fits = value instanceof ArrayBase && value.ndim === 1 && value.dtype === a.dtype && value.contiguous;
  if (!fits || !mask.contiguous || !a.contiguous || ![a, mask, value].every(isResident)) return false;
  requireUsable(value, 'set');
  const counted = countTrue(mask);
  if (value.size === 1 || value.size !== counted.total || overlaps(value, a) || overlaps(mask, a)) return false;
  unpack(value, mask, counted, a);
  return true;
}

function store(given: ArrayBase, items: ReadyIndex, value: unknown): void {
  const v = select(items, given.shape, given.strides, given.offset);
  if (v.indexed.length === 0) {
    assign(reinterpret(given, v.offset, v.shape, v.strides), value, 'set');
    return;
  }
  const from = assignable(given, v.shape, value, 'set');
  const usable = from.dtype === given.dtype && from.contiguous && isResident(from) && !overlaps(from, given);
  const values = usable ? from : heapCopy(from, given.dtype);
  if (isResident(given)) {
    scatter(given, v, values, 'set');
    return;
  }
  const a = heapCopy(given);
  scatter(a, select(items, a.shape, a.strides, a.offset), values, 'set');
  copyInto(a, given);
}

/**
 * Writes a value into an array: broadcast, cast with same_kind, safe against overlap. Scalars, also in nested lists, take
 * the target's dtype and must be representable in it.
 */
export function assign(target: ArrayBase, value: unknown, where: string): void {
  const from = assignable(target, target.shape, value, where);
  castInto(clashes(from, target) ? heapCopy(from) : from, target, true);
}

/** The value as an array that may be written over `shape` of the target: leading axes of length 1 do not count. */
function assignable(target: ArrayBase, shape: readonly number[], value: unknown, where: string): ArrayBase {
  let from = valueFor(target, value, where);
  let extra = 0;
  while (from.ndim - extra > shape.length && from.shape[extra] === 1) extra++;
  if (extra > 0) from = reinterpret(from, from.offset, from.shape.slice(extra), from.strides.slice(extra));
  broadcastStrides(from.shape, from.strides, shape, where); // refuses before anything is written
  return castable(target, from, where);
}

/** The value itself, if it may be cast to the target's dtype. */
export function castable(target: ArrayBase, from: ArrayBase, where: string): ArrayBase {
  if (!canCast(from.dtype, target.dtype, 'same_kind')) {
    throw new CastError(
      `${where}: cannot assign ${from.dtype.name} to an array of ${target.dtype.name}`,
      `convert the value first with astype('${target.dtype.name}')`,
      { from: from.dtype.name, to: target.dtype.name },
    );
  }
  return from;
}

// Scalars and lists of them only, nested as deep as arrays go (a list may hold itself).
function holdsScalars(list: readonly unknown[], depth: number): boolean {
  return depth > 0 && list.every((x) => isScalar(x) || (Array.isArray(x) && holdsScalars(x, depth - 1)));
}

/** What is to be assigned, as an array; scalars, also in nested lists, in the target's dtype. */
export function valueFor(target: ArrayBase, value: unknown, where: string): ArrayBase {
  if (Array.isArray(value) && holdsScalars(value, MAX_NDIM)) {
    return arrayFrom(value, target.dtype, where);
  }
  const x = operandOf(value, where);
  return x instanceof ArrayBase ? x : arrayFrom(checkScalar(x, target.dtype, where), target.dtype, where);
}
