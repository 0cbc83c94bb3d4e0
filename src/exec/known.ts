// While an estimate is made nothing is computed, but small arrays that are known from outside (edges, counts, quantiles)
// decide on sizes and on what is refused: what depends on them alone is computed all the same.

import { estimating, ifKnown } from '../memory/allocate.ts';
import { ArrayBase } from './array_base.ts';

/** Elements up to which known operands are computed with. */
const FEW = 4096;

/** Whether `compute` should be run for real, by `known`: an estimate is being made, and these operands are known and small. */
export const isKnown = (operands: readonly unknown[]): boolean =>
  estimating() && operands.every((x) => !(x instanceof ArrayBase) || (x.size <= FEW && !isGhost(x)));

/** Was it made while only memory is counted? */
export const isGhost = (a: ArrayBase): boolean => a.storage.segment?.ghost === true;

/** Runs `compute` on the process's heap, whatever is in force. */
export const known = <R>(compute: () => R): R => ifKnown([], compute, compute);
