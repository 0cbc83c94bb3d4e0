// Conversions between dtypes and memory orders: astype and copy.

import { CastError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import type { DType } from '../dtype/dtype.ts';
import { type Casting, canCast } from '../dtype/promotion.ts';
import { type ArrayBase, arranged, newResult, requireUsable } from '../exec/array_base.ts';
import { castInto } from '../exec/cast.ts';
import { timed } from '../exec/timed.ts';
import { contiguousStrides } from '../shape/strides.ts';
import type { NDArray } from './ndarray.ts';

/** `order: 'K'` keeps the order of the strides where the array is F-contiguous. */
export type CopyOrder = 'C' | 'F' | 'K';

/** A new heap array with the same elements in another dtype and order. */
export function castCopy(a: ArrayBase, dtype: DType, order: CopyOrder): NDArray {
  if (events.timing) return timed(a.dtype === dtype ? 'copy' : 'astype', castCopy, a, dtype, order);
  requireUsable(a, 'copy');
  const fortran = order === 'F' || (order === 'K' && !a.contiguous && isFortran(a));
  const out = newResult(a.shape, dtype);
  const target = fortran ? arranged(out, a.shape, contiguousStrides(a.shape, dtype.itemsize, 'F')) : out;
  castInto(a, target, false);
  if (a.dtype !== dtype && events.active['exec.cast']) {
    events.emit('exec.cast', { op: 'astype', from: a.dtype.name, to: dtype.name, size: a.size });
  }
  return target as NDArray; // exec/ makes what ndarray.ts registered
}

const isFortran = (a: ArrayBase): boolean => {
  const f = contiguousStrides(a.shape, a.dtype.itemsize, 'F');
  return a.strides.every((s, d) => a.shape[d] <= 1 || s === f[d]);
};

/** @throws CastError where the rule forbids the conversion. */
export function requireCast(from: DType, to: DType, casting: Casting): void {
  if (canCast(from, to, casting)) return;
  throw new CastError(
    `astype: cannot cast from ${from.name} to ${to.name} with casting '${casting}'`,
    "allow it with { casting: 'unsafe' }, or choose a dtype that holds the values",
    { from: from.name, to: to.name, casting },
  );
}

export function convert(a: NDArray, dtype: DType, casting: Casting, copy: boolean): NDArray {
  requireCast(a.dtype, dtype, casting);
  return !copy && a.dtype === dtype ? a : castCopy(a, dtype, 'K');
}

export const copyOf = (a: NDArray, order: CopyOrder): NDArray => castCopy(a, a.dtype, order);
