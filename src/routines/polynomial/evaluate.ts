// Values of series at arrays of points, by Clenshaw's recurrence, and the matrices of values of their members: one fused
// kernel per degree, whatever the basis.

import { type NDArray, nd } from '../../array/ndarray.ts';
import { moveaxis } from '../../array/views.ts';
import type { DType } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { type ArrayBase, newArray } from '../../exec/array_base.ts';
import { scalarParams } from '../../exec/call.ts';
import { contiguousIn } from '../../exec/copy.ts';
import { execute } from '../../exec/execute.ts';
import { loopOf } from '../../exec/formula.ts';
import { difference, product, sum } from '../../ops/bodies.ts';
import type { Basis } from './bases.ts';

/** out = constant + (slope·x + off)·p − before·q; p and q are arrays like x. */
function step(
  [x, p, q]: readonly ArrayBase[],
  numbers: readonly [constant: Scalar, slope: number, off: number, before: number],
  out: ArrayBase,
): void {
  const d = out.dtype;
  const loop = loopOf('series.step', [d, d, d, d, d, d, d], d, ([at, first, second, c, slope, off, before]) =>
    sum(c, difference(product(sum(product(slope, at), off), first), product(before, second))),
  );
  const params = numbers.flatMap((v) => scalarParams(v, d, 'np.polynomial'));
  execute(loop, [x, p, q, undefined, undefined, undefined, undefined], undefined, [out], out.shape, params);
}

/** Σ cₖ·Pₖ(x), in `dtype`. */
export function valuesAt(basis: Basis, coefficients: readonly Scalar[], x: ArrayBase, dtype: DType): NDArray {
  const at = contiguousIn(x, dtype);
  let [first, second, spare] = [0, 0, 0].map(() => newArray(at.shape, dtype, true));
  for (let k = coefficients.length - 1; k >= 0; k--) {
    const [a, b] = basis.times(k);
    const [next, , c] = basis.times(k + 1);
    step([at, first, second], [coefficients[k], 1 / a, -b / a, c / next], spare);
    [first, second, spare] = [spare, first, second];
  }
  return nd(first);
}

/** P₀(x) … P_degree(x) along a new last axis, in x's dtype. */
export function membersAt(basis: Basis, x: ArrayBase, degree: number): NDArray {
  const out = nd(newArray([degree + 1, ...x.shape], x.dtype, true));
  const at = contiguousIn(x, x.dtype);
  const member = (k: number): NDArray => out.get(`${k}:${k + 1}`).reshape(x.shape);
  out.set(0, 1);
  for (let k = 0; k < degree; k++) {
    const [a, b, c] = basis.times(k);
    step([at, member(k), member(Math.max(0, k - 1))], [0, 1 / a, -b / a, k === 0 ? 0 : c / a], member(k + 1));
  }
  return moveaxis(out, 0, -1);
}
