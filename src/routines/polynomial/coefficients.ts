// Lists of coefficients between arrays and the numbers that series.ts works on.

import { array } from '../../array/creation.ts';
import { type NDArray, nd } from '../../array/ndarray.ts';
import { ShapeError } from '../../base/errors.ts';
import { Complex } from '../../dtype/complex.ts';
import { type DType, dtypes } from '../../dtype/dtype.ts';
import { requireUsable } from '../../exec/array_base.ts';
import { type ArrayLike, elements, toArray } from '../../exec/coerce.ts';
import { formatShape } from '../../shape/strides.ts';
import type { Series } from './series.ts';

/** An array, its elements at least float64 unless they are floats or complex. */
export function floatArray(x: ArrayLike, where: string): NDArray {
  const a = toArray(x, where);
  requireUsable(a, where);
  return a.dtype.kind === 'f' || a.dtype.kind === 'c' ? nd(a) : nd(a).astype(dtypes.float64);
}

/** The same of one list, or one number. */
export function floatList(x: ArrayLike, where: string): NDArray {
  const a = floatArray(x, where);
  if (a.ndim > 1) {
    throw new ShapeError(`${where}: a list of shape ${formatShape(a.shape)}`, 'pass one list of numbers', {
      shape: a.shape,
    });
  }
  return a.ravel();
}

export const toSeries = (a: NDArray): Series =>
  [...elements(a)].map((v) => (v instanceof Complex ? ([v.re, v.im] as const) : ([Number(v), 0] as const)));

export function fromSeries(s: Series, dtype: DType): NDArray {
  const values = dtype.kind === 'c' ? s.map(([re, im]) => new Complex(re, im)) : s.map(([re]) => re);
  return array(values).astype(dtype);
}
