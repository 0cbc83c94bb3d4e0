// trace: the sum along a diagonal.

import type { NDArray } from '../array/ndarray.ts';
import { sum } from '../array/reduce_functions.ts';
import { diagonal } from '../array/views.ts';
import type { DTypeLike } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { readAt, toArray } from '../exec/coerce.ts';
import { Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';

export interface TraceOptions {
  /** Which diagonal: above the main one if positive. */
  readonly offset?: number;
  readonly axis1?: number;
  readonly axis2?: number;
  readonly dtype?: DTypeLike;
  readonly out?: ArrayBase;
}
const traceOptions = new Options(['offset', 'k'], ['axis1', 'k'], ['axis2', 'k'], 'dtype', 'out');
type TraceArguments = [offset?: number | TraceOptions, axis1?: number, axis2?: number, options?: TraceOptions];

/**
 * Sum along a diagonal of the plane of two axes: a scalar for a matrix, an array for more dimensions.
 * @throws ShapeError for fewer than two dimensions, AxisError for an axis that does not exist.
 * @example np.trace([[1, 2], [3, 4]]) // 5
 * @see https://numpy.org/doc/stable/reference/generated/numpy.trace.html
 */
export function trace(x: ArrayLike, ...args: TraceArguments): NDArray | Scalar {
  const o = byName<TraceOptions>(['offset', 'axis1', 'axis2'], args, traceOptions, 'np.trace');
  const line = diagonal(toArray(x, 'np.trace'), o.offset ?? 0, o.axis1 ?? 0, o.axis2 ?? 1);
  const { dtype, out } = o;
  const made = sum(line, -1, { ...(dtype && { dtype }), ...(out && { out }) });
  return made.ndim === 0 && out === undefined ? readAt(made, made.offset, 'number') : made;
}
