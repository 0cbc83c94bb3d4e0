// What matrix products met on the way, looked at afterwards as for sums (array/reduce_faults.ts): a result that is not
// finite is held against the row and the column that made it, an integer one against the same product in float64.

import { anyUnusual, broughtBy, broughtFaults, overflowed, reportCodes } from '../array/reduce_faults.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { type ArrayBase, reinterpret } from '../exec/array_base.ts';
import { currentErrors } from '../exec/errstate/state.ts';
import { evaluate, loopOf } from '../exec/formula.ts';
import { reduceStates } from '../exec/reduce.ts';
import { faultBits } from '../kernel/faults.ts';
import { asReal } from '../ops/define.ts';
import { isFloating } from '../ops/reduce/define.ts';
import type { Factor } from './product.ts';

const floating = faultBits.over | faultBits.invalid;

/** Bits of the faults that the error state in force makes products of this dtype look for. */
export const lookedFor = (d: DType): number =>
  d.kind === 'b' ? 0 : currentErrors().wanted & (isFloating(d) ? floating : faultBits.integer);

/** Could one of them throw? Then the result must not go to the user's array before it was looked at. */
export const mayThrow = (d: DType): boolean => (lookedFor(d) & currentErrors().raising) !== 0;

// What the elements along one dimension brought, with a new last or last but one dimension to broadcast along.
function broughtAlong(a: ArrayBase, dim: number, stretch: 'last' | 'before' | 'none'): ArrayBase {
  const sums = reduceStates(broughtBy(a.dtype, false), [a], a.shape, [dim]);
  if (stretch === 'none') return sums;
  const at = stretch === 'last' ? sums.ndim : sums.ndim - 1;
  const insert = (list: readonly number[], x: number): number[] => [...list.slice(0, at), x, ...list.slice(at)];
  return reinterpret(sums, sums.offset, insert(sums.shape, 1), insert(sums.strides, 0));
}

/**
 * Tells of the faults of a product. `inFloats` computes it in float64.
 * @throws FloatingPointError where the error state says so.
 */
export function productFaults(op: string, a: Factor, b: Factor, result: ArrayBase, inFloats: () => ArrayBase): void {
  const { dtype, shape } = result;
  if (lookedFor(dtype) === 0 || result.size === 0 || a.array.size === 0) return;
  if (!isFloating(dtype)) {
    reportCodes(op, evaluate(overflowed(dtype), [result, inFloats()], shape), result);
    return;
  }
  if (!anyUnusual(result)) return;
  const left = broughtAlong(a.array, a.columnDim, b.columnDim < 0 || a.rowDim < 0 ? 'none' : 'last');
  const right = broughtAlong(b.array, b.rowDim, b.columnDim < 0 || a.rowDim < 0 ? 'none' : 'before');
  const both = loopOf('brought.either', [dtypes.uint8, dtypes.uint8], dtypes.uint8, ([x, y]) =>
    asReal(x).or(asReal(y)),
  );
  reportCodes(op, evaluate(broughtFaults(dtype), [result, evaluate(both, [left, right], shape)], shape), result);
}
