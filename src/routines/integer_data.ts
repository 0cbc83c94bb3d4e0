// Integers from what users pass where only integers make sense: numbers in lists are float64 by themselves.

import { type NDArray, nd } from '../array/ndarray.ts';
import { residentArray } from '../array/reductions.ts';
import { CastError } from '../base/errors.ts';
import { dtypes } from '../dtype/dtype.ts';
import { ArrayBase } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';

/**
 * An array of bool or integers; lists of whole numbers become int64.
 * @throws CastError for fractions, and for arrays of another kind, which are to be converted by who has them.
 */
export function integerArray(x: ArrayLike, where: string): NDArray {
  const a = nd(residentArray(x, where));
  if (a.dtype.kind === 'b' || a.dtype.kind === 'i' || a.dtype.kind === 'u') return a;
  const isList = !(x instanceof ArrayBase) && !ArrayBuffer.isView(x);
  if (isList && a.dtype === dtypes.float64) {
    const whole = nd(heapCopy(a, dtypes.int64));
    if (whole.equal(a).all()) return whole;
  }
  throw new CastError(`${where}: ${a.dtype.name} where integers are needed`, "convert them first: astype('int64')", {
    dtype: a.dtype.name,
  });
}
