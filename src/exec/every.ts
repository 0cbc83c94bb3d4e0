// Does a condition on several arrays hold for all elements? Reduced block by block without a temporary, ending with the
// first block where it does not.

import { dtypes } from '../dtype/dtype.ts';
import { Expr } from '../kernel/builder.ts';
import type { Monoid } from '../ops/reduce/define.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { sizeOf } from '../shape/strides.ts';
import { type ArrayBase, reinterpret } from './array_base.ts';
import { readAt } from './coerce.ts';
import { reducerOf } from './monoid.ts';
import { reduceStates } from './reduce.ts';

/** Elements per block: enough for two threads, little against what an early end saves. */
const BLOCK = 2 ** 20;
/** The first block is short: arrays that differ usually do so at once. */
const FIRST = 2 ** 14;

/** A condition as a monoid: `value` gives 1 or 0. */
export function condition(
  name: string,
  ins: Monoid['ins'],
  holds: (x: Parameters<Monoid['value']>[0]) => Expr,
): Monoid {
  return {
    name,
    ins,
    state: dtypes.uint8,
    value: (x) => holds(x).to('u8'),
    combine: (a, b) => {
      if (a instanceof Expr && b instanceof Expr) return a.and(b);
      throw new TypeError('a condition is complex');
    },
    identity: [1],
    ordered: false,
  };
}

/** Does the condition hold for all elements of resident arrays that broadcast to `shape`? */
export function everywhere(
  key: string,
  make: () => Monoid,
  arrays: readonly ArrayBase[],
  shape: readonly number[],
): boolean {
  if (sizeOf(shape) === 0) return true;
  const reducer = reducerOf(key, make);
  const holds = (part: readonly ArrayBase[], box: readonly number[]): boolean => {
    const axes = box.map((_, d) => d);
    const state = reduceStates(reducer, part, box, axes);
    return readAt(state, state.offset) === 1;
  };
  const stretched = arrays.map((a) => reinterpret(a, a.offset, shape, broadcastStrides(a.shape, a.strides, shape)));
  const blocks = (part: readonly ArrayBase[], box: readonly number[], most: number): boolean => {
    const d = box.findIndex((n) => n > 1);
    const size = sizeOf(box);
    if (size <= most || d < 0) return holds(part, box);
    const per = size / box[d];
    let length = Math.max(1, Math.floor(most / per));
    for (let start = 0; start < box[d]; ) {
      const extent = Math.min(length, box[d] - start);
      const inner = box.map((n, k) => (k === d ? extent : n));
      const at = part.map((a) => reinterpret(a, a.offset + start * a.strides[d], inner, a.strides));
      if (!blocks(at, inner, start === 0 ? most : BLOCK)) return false;
      start += extent;
      length = Math.max(1, Math.floor(BLOCK / per));
    }
    return true;
  };
  return blocks(stretched, shape, FIRST);
}
