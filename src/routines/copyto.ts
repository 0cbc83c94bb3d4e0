// copyto: values written into an array, cast and broadcast, all of them or those under a mask.

import { castable, valueFor } from '../array/indexing.ts';
import { ArgumentError, CastError } from '../base/errors.ts';
import { dtypes } from '../dtype/dtype.ts';
import { type Casting, canCast } from '../dtype/promotion.ts';
import { ArrayBase, requireWriteable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { copyInto, heapCopy, isResident } from '../exec/copy.ts';
import { clashes } from '../exec/execute.ts';
import { copyWhere } from '../exec/indexing/masks.ts';
import { describe, Options } from '../exec/options.ts';
import { broadcastStrides } from '../shape/broadcast.ts';

const copyOptions = new Options('casting', 'where');

/**
 * Writes values into `dst`: they broadcast to its shape and are cast to its dtype. With `where` only elements under a true
 * are written.
 * @throws CastError for a cast that `casting` (same_kind) does not allow, PrecisionError for numbers that do not fit,
 *   ShapeError for values or a mask that do not broadcast to `dst`. Nothing is written then.
 * @example np.copyto(np.zeros([2]), 3) // undefined
 * @see https://numpy.org/doc/stable/reference/generated/numpy.copyto.html
 */
export function copyto(
  dst: ArrayBase,
  src: ArrayLike,
  options: { readonly casting?: Casting; readonly where?: ArrayLike } = {},
): void {
  const where = 'np.copyto';
  copyOptions.check(options, where);
  if (!(dst instanceof ArrayBase)) {
    throw new ArgumentError(`${where}: dst is ${describe(dst)}`, 'pass an array to write into', { where });
  }
  requireWriteable(dst, where);
  const { casting = 'same_kind', where: given = true } = options;
  const from = valueFor(dst, src, where);
  broadcastStrides(from.shape, from.strides, dst.shape, where); // refuses before anything is written
  if (casting === 'same_kind') castable(dst, from, where);
  else if (!canCast(from.dtype, dst.dtype, casting)) {
    throw new CastError(
      `${where}: cannot cast ${from.dtype.name} to ${dst.dtype.name} with casting '${casting}'`,
      "convert the values first, or allow it with casting: 'unsafe'",
      { from: from.dtype.name, to: dst.dtype.name, casting },
    );
  }
  if (given === true) {
    copyInto(clashes(from, dst) ? heapCopy(from) : from, dst);
    return;
  }
  const mask = toArray(given, `${where} where`);
  broadcastStrides(mask.shape, mask.strides, dst.shape, `${where} where`);
  if (mask.dtype !== dtypes.bool) {
    throw new CastError(`${where}: where must be bool, not ${mask.dtype.name}`, 'compare it first', {
      dtype: mask.dtype.name,
    });
  }
  const values = from.dtype === dst.dtype && !clashes(from, dst) ? from : heapCopy(from, dst.dtype);
  if (isResident(dst)) {
    copyWhere(values, dst, mask);
    return;
  }
  const staged = heapCopy(dst);
  copyWhere(values, staged, mask);
  copyInto(staged, dst);
}
