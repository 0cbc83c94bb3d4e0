// Conversions that users ask for: a copy into another dtype that tells of what was lost. Copies inside the library take
// copy.ts, which tells nobody.

import type { DType } from '../dtype/dtype.ts';
import { castFaults } from '../kernel/faults.ts';
import { keepAlive } from '../memory/allocate.ts';
import { type ArrayBase, newResult } from './array_base.ts';
import { copyInto, identity, isResident } from './copy.ts';
import { tell } from './errstate/locate.ts';
import { currentErrors } from './errstate/state.ts';
import { execute } from './execute.ts';
import { runLong } from './run.ts';
import { layoutCodes, operandCode } from './ufunc.ts';

/**
 * Writes `from`, broadcast and cast, into `to`; they may overlap. `theirs`: `to` is the user's, and stays as it is where
 * a fault throws.
 * @throws FloatingPointError where the error state says so.
 */
export function castInto(from: ArrayBase, to: ArrayBase, theirs: boolean): void {
  const errors = currentErrors();
  if ((castFaults(from.dtype, to.dtype) & errors.wanted) === 0 || to.size === 0) {
    copyInto(from, to);
    return;
  }
  if (!theirs && runsDirectly(from, to) && convert(from, to, errors.wanted) === 0) return;
  const call = { loop: identity(to.dtype), arrays: [from], scalars: [], params: [], mask: undefined, results: [to] };
  const met = execute(call.loop, call.arrays, undefined, call.results, to.shape, [], errors, theirs);
  if (met !== 0) tell({ ...call, shape: to.shape }, 'cast', met);
}

const runsDirectly = (from: ArrayBase, to: ArrayBase): boolean =>
  from.contiguous && to.contiguous && from.size === to.size && isResident(from) && isResident(to);

// From one contiguous array to another that is new; 0 where there was nothing to see.
function convert(from: ArrayBase, to: ArrayBase, wanted: number): number {
  const codes = [from, to].map((a) => operandCode(a.dtype, layoutCodes.contiguous));
  const kernel = identity(to.dtype).kernel(codes, false, wanted, true);
  const at = [from, to].map((a) => a.storage.ptr + a.offset);
  const seen = runLong(kernel, to.size, at, [from.itemsize, to.itemsize], []);
  keepAlive(from.storage);
  return seen;
}

/** A new C-contiguous array of another dtype, telling as `castInto`. */
export function castCopy(a: ArrayBase, dtype: DType): ArrayBase {
  const out = newResult(a.shape, dtype);
  castInto(a, out, false);
  return out;
}
