// The periodic modes of pad: mirrored and repeated borders. What is filled already grows on both sides by whole periods,
// so that long borders take few copies.

import { logical_or, multiply, subtract } from '../array/functions.generated.ts';
import type { NDArray } from '../array/ndarray.ts';
import { flip } from '../array/views.ts';
import { copyInto } from '../exec/copy.ts';
import { type Side, strip } from './pad_border.ts';

// Grows [lo, hi) to the whole axis: `add` fills a stretch on one side from the filled part, in steps of whole periods.
function grow(
  { region, axis, widths }: Side,
  period: number,
  spare: number,
  add: (lo: number, hi: number, whole: number, length: number, left: boolean) => void,
): void {
  const n = region.shape[axis];
  let lo = widths[0];
  let hi = n - widths[1];
  while (lo > 0 || hi < n) {
    const whole = Math.floor((hi - lo - spare) / period) * period;
    const left = Math.min(whole, lo);
    const right = Math.min(whole, n - hi);
    if (left > 0) add(lo, hi, whole, left, true);
    if (right > 0) add(lo, hi, whole, right, false);
    lo -= left;
    hi += right;
  }
}

/** Mirrors at the outermost element ('reflect'), or at the border beside it (`withEdge`, 'symmetric'). */
export function mirror(s: Side, withEdge: boolean): void {
  const { axis, options, widths, region } = s;
  const odd = options.reflect_type === 'odd';
  const n = region.shape[axis] - widths[0] - widths[1];
  const skip = withEdge ? 0 : 1;
  grow(s, n - skip, skip, (lo, hi, _, length, left) => {
    const to = strip(s, left ? lo - length : hi, length);
    const from = flip(strip(s, left ? lo + skip : hi - skip - length, length), axis);
    if (odd) mirrorPoint(from, strip(s, left ? lo : hi - 1, 1), to);
    else copyInto(from, to);
  });
}

/** 2 · edge − value: the mirror image in the point at the edge. */
function mirrorPoint(from: NDArray, edge: NDArray, to: NDArray): void {
  if (to.dtype.kind === 'b') logical_or(edge, from, { out: to });
  else subtract(multiply(edge, 2), from, { out: to });
}

/** Repeats the array ('wrap'). */
export function repeatPeriod(s: Side): void {
  const n = s.region.shape[s.axis] - s.widths[0] - s.widths[1];
  grow(s, n, 0, (lo, hi, whole, length, left) => {
    const [from, to] = left ? [lo + whole - length, lo - length] : [hi - whole, hi];
    copyInto(strip(s, from, length), strip(s, to, length));
  });
}
