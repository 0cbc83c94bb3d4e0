// `at` of a ufunc: changes elements in place at the positions of an index, unbuffered, so that an element that is named
// twice is changed twice. The array keeps its dtype, as with any `out`.

import { ArgumentError, CastError } from '../../base/errors.ts';
import { inCategory } from '../../dtype/category.ts';
import { canCast } from '../../dtype/promotion.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { ArrayBase, reinterpret, requireUsable } from '../../exec/array_base.ts';
import { type Other, runAt } from '../../exec/at.ts';
import { clashes, decidingDTypes, refuseElements, scalarParams } from '../../exec/call.ts';
import { type ArrayLike, operandOf } from '../../exec/coerce.ts';
import { contiguousIn, copyInto, heapCopy, isResident } from '../../exec/copy.ts';
import { describe } from '../../exec/options.ts';
import type { Ufunc } from '../../exec/ufunc.ts';
import { broadcastStrides } from '../../shape/broadcast.ts';
import { selected } from './positions.ts';

/** `ufunc.at`: a[index] = ufunc(a[index], b), one element after the other. */
export function at(ufunc: Ufunc, a: unknown, index: unknown, b?: ArrayLike): void {
  const where = `np.${ufunc.name}.at`;
  const { nin, nout, row } = ufunc;
  if (nout !== 1 || nin > 2) {
    throw new ArgumentError(`${where}: np.${ufunc.name} has ${nout} results`, 'use a ufunc with one result', { where });
  }
  if (!(a instanceof ArrayBase)) {
    throw new ArgumentError(`${where}: ${describe(a)} cannot be changed in place`, 'pass an array', { where });
  }
  if (nin === 2 && b === undefined) {
    throw new ArgumentError(`${where}: the second operand is missing`, 'write at(a, index, b)', { where });
  }
  if (nin === 1 && b !== undefined) {
    throw new ArgumentError(`${where}: np.${ufunc.name} takes one operand`, 'write at(a, index)', { where });
  }
  requireUsable(a, where);
  const other = b === undefined ? undefined : operandOf(b, where);
  const operands: (ArrayBase | Scalar)[] = other === undefined ? [a] : [a, other];
  const loop = ufunc.loop(decidingDTypes(row.fixed === undefined ? operands : [a]));
  const { ins, outs } = loop.types;
  if (!canCast(outs[0], a.dtype, 'same_kind')) {
    throw new CastError(
      `${where}: cannot write results of ${outs[0].name} into ${a.dtype.name} with casting 'same_kind'`,
      `convert the array first with astype('${outs[0].name}')`,
      { from: outs[0].name, to: a.dtype.name },
    );
  }
  const found = selected(a, index, where);
  const positions = contiguousIn(found);
  const values = other === undefined ? undefined : settled(other, found, ufunc, loop.types.ins[1], a, where);
  if (row.refuses !== undefined && inCategory(ins[row.refuses.operand], row.refuses.on) && other !== undefined) {
    refuseElements(ufunc.name, row.refuses, other, undefined);
  }
  if (positions.size === 0) return;
  const direct = isResident(a) && (a.contiguous || a.ndim === 1);
  const target = direct ? a : heapCopy(a);
  const step = target.ndim === 1 ? target.strides[0] : target.dtype.itemsize;
  runAt(loop, target, step, positions, values);
  if (!direct) copyInto(target, a);
}

// The second operand as one run beside the positions, or as parameters of the kernel.
function settled(
  other: ArrayBase | Scalar,
  positions: ArrayBase,
  ufunc: Ufunc,
  d: Parameters<typeof scalarParams>[1],
  a: ArrayBase,
  where: string,
): Other {
  if (!(other instanceof ArrayBase)) return scalarParams(other, d, where, ufunc.row.truth);
  const strides = broadcastStrides(other.shape, other.strides, positions.shape, where);
  const still = strides.every((s) => s === 0);
  const spread = reinterpret(other, other.offset, positions.shape, strides);
  const safe = isResident(other) && !clashes(other, a);
  if (still && safe) return reinterpret(other, other.offset, [], []);
  const run = safe && spread.contiguous ? spread : heapCopy(spread);
  return reinterpret(run, run.offset, [run.size], [run.dtype.itemsize]);
}
