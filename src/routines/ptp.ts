// Peak to peak: the greatest element less the least. Two passes: their kernels are faster than one for both.

import { subtract } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { type Axis, deliver, reduceOptions, requireSome, usableArray } from '../array/reductions.ts';
import { DTypeError } from '../base/errors.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import { clashes } from '../exec/call.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { reducerOf } from '../exec/monoid.ts';
import { Options } from '../exec/options.ts';
import { reduceStates } from '../exec/reduce.ts';
import { reductions } from '../ops/reduce/rows.ts';
import { splitAxes } from '../shape/reduction.ts';
import { normalizeAxes } from '../shape/strides.ts';

export interface PtpOptions {
  readonly axis?: Axis;
  readonly keepdims?: boolean;
  readonly out?: ArrayBase;
}

const ptpOptions = new Options('axis', 'keepdims', 'out');

/**
 * The greatest element less the least, along axes; NaN where there is one. Integers wrap in their dtype.
 * @throws ShapeError for nothing, DTypeError for bool.
 * @example np.ptp([3, 1, 7]) // 6
 * @see https://numpy.org/doc/stable/reference/generated/numpy.ptp.html
 */
export function ptp(x: ArrayLike, axis?: Axis | PtpOptions, options?: PtpOptions): NDArray | Scalar {
  const where = 'np.ptp';
  const o = reduceOptions(axis, options, ptpOptions, where);
  const given = usableArray(x, where);
  const d = given.dtype;
  if (d.kind === 'b')
    throw new DTypeError(`${where}: bool has no differences`, "use astype('int8')", { dtype: d.name });
  const axes = normalizeAxes(o.axis, given.ndim, where);
  requireSome('ptp', given.shape, axes);
  const a = o.out !== undefined && clashes(given, o.out) ? heapCopy(given) : given;
  const { keptShape } = splitAxes(a.shape, axes);
  if (keptShape.includes(0)) return deliver(newArray(keptShape, d), a.shape, axes, o, 'ptp');
  const [high, low] = (['max', 'min'] as const).map((name) => {
    const reducer = reducerOf(`${name}:${d.char}`, () => reductions[name].of(d).monoid);
    return nd(heapCopy(reduceStates(reducer, [a], a.shape, axes), d)); // float16 is reduced in float32
  });
  const result = subtract(high, low);
  return deliver(result, a.shape, axes, o, 'ptp');
}
