// `outer` of a ufunc: every element of the first operand with every element of the second.

import { ArrayBase, reinterpret } from '../../exec/array_base.ts';
import { callUfunc, type UfuncOptions } from '../../exec/call.ts';
import { type ArrayLike, operandOf } from '../../exec/coerce.ts';
import type { Ufunc } from '../../exec/ufunc.ts';
import { requireBinary } from './reduce.ts';

/** The ufunc of all pairs: shapes are joined, those of the first operand before those of the second. */
export function outer(ufunc: Ufunc, a: ArrayLike, b: ArrayLike, options?: UfuncOptions): unknown {
  if (ufunc.nin !== 2) requireBinary(ufunc, 'outer');
  const where = `np.${ufunc.name}.outer`;
  const x = operandOf(a, where);
  const y = operandOf(b, where);
  if (!(x instanceof ArrayBase) || !(y instanceof ArrayBase)) return callUfunc(ufunc, [x, y], options);
  const added = new Array<number>(y.ndim);
  const tall = reinterpret(x, x.offset, [...x.shape, ...added.fill(1)], [...x.strides, ...added.fill(0)]);
  return callUfunc(ufunc, [tall, y], options);
}
