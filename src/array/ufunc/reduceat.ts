// `reduceat` of a ufunc: reductions over stretches of an axis that begin at given positions.

import { type ArrayBase, newArray, rawView } from '../../exec/array_base.ts';
import { checkOut } from '../../exec/call.ts';
import type { ArrayLike } from '../../exec/coerce.ts';
import { heapCopy } from '../../exec/copy.ts';
import { reduceStretches } from '../../exec/stretches.ts';
import type { Ufunc } from '../../exec/ufunc.ts';
import { normalizeAxis } from '../../shape/strides.ts';
import type { NDArray } from '../ndarray.ts';
import { reduceOptions, residentArray } from '../reductions.ts';
import { positionsIn } from './positions.ts';
import { type AccumulateOptions, accumulateOptions, foldingOf, into, refuseLater, requireBinary } from './reduce.ts';

/** `ufunc.reduceat`: folds a[indices[i] … indices[i + 1] - 1], or a[indices[i]] alone where the next is not greater. */
export function reduceat(
  ufunc: Ufunc,
  x: ArrayLike,
  indices: ArrayLike,
  axis?: number | AccumulateOptions,
  options?: AccumulateOptions,
): NDArray {
  const name = `${ufunc.name}.reduceat`;
  requireBinary(ufunc, 'reduceat');
  const given = reduceOptions(axis, options, accumulateOptions, `np.${name}`);
  const a = residentArray(x, `np.${name}`);
  const along = normalizeAxis(given.axis ?? 0, a.ndim, `np.${name}`);
  const starts = Array.from(rawView(positionsIn(indices, a.shape[along], `np.${name}`, 0)), Number);
  const { reducer, result, working } = foldingOf(ufunc, a.dtype, given.dtype, 'reduceat');
  const shape = a.shape.map((n, d) => (d === along ? starts.length : n));
  const { out } = given;
  if (out !== undefined) checkOut(name, out, shape, result, 'same_kind');
  refuseLater(ufunc, a, along, working);
  const states: ArrayBase = newArray(shape, reducer.monoid.state);
  // A stretch of one element is that element, which its identity might change (the sign of what hypot folds).
  reduceStretches(reducer, typeof ufunc.row.folds === 'string', a, along, starts, states);
  return into(result === states.dtype ? states : heapCopy(states, result), out);
}
