// Neutral values of operations whose reductions may run in any order: combined with an element they give the element.

import type { DType } from '../../dtype/dtype.ts';
import { integerLimits } from '../../dtype/limits.ts';

type Neutral = (d: DType) => number | bigint;

/** Of `or`, `xor`, `gcd`. */
export const zero: Neutral = () => 0;
/** Of sums of exponentials. */
export const nothing: Neutral = () => Number.NEGATIVE_INFINITY;
/** Of `and`. */
export const everyBit: Neutral = (d) => (d.kind === 'b' ? 1 : d.kind === 'i' ? -1 : integerLimits(d).max);
/** Of the greater of two values that leaves out NaN. */
export const leastOrNaN: Neutral = (d) => (d.kind === 'b' ? 0 : integral(d) ? integerLimits(d).min : Number.NaN);
/** Of the lesser of two values that leaves out NaN. */
export const greatestOrNaN: Neutral = (d) => (d.kind === 'b' ? 1 : integral(d) ? integerLimits(d).max : Number.NaN);

const integral = (d: DType): boolean => d.kind === 'i' || d.kind === 'u';
