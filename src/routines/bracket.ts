// Elements of a long row at few positions of its order, without a copy of the row: a sorted sample gives two values around
// the positions wanted, and only what lies between them is collected and partitioned.
// Source: R. Floyd, R. Rivest, "Expected time bounds for selection", CACM 18(3), 1975.

import { nd } from '../array/ndarray.ts';
import { dtypes } from '../dtype/dtype.ts';
import { type ArrayBase, newArray, reinterpret } from '../exec/array_base.ts';
import { readAt } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { evaluate, loopOf } from '../exec/formula.ts';
import { reducerOf } from '../exec/monoid.ts';
import { reduceStates } from '../exec/reduce.ts';
import { partitionRows, sortRows } from '../exec/sort.ts';
import { Expr, type ExprValue } from '../kernel/builder.ts';
import type { Monoid } from '../ops/reduce/define.ts';

/** Rows from this length on. */
export const LONG: number = 2 ** 17;
const SAMPLE = 4096;
/** Sampled values between a wanted position and the bracket's end: five standard deviations of its rank in the middle. */
const MARGIN = 160;

const pair = ([a, b]: readonly ExprValue[]): [Expr, Expr] => {
  if (a instanceof Expr && b instanceof Expr) return [a, b];
  throw new TypeError('a row of complex numbers');
};

const below = (a: ArrayBase): Monoid => ({
  name: 'count.below',
  ins: [a.dtype, a.dtype],
  state: dtypes.int64,
  value: (x) => {
    const [element, bound] = pair(x);
    return element.lt(bound).to('i64');
  },
  combine: (x, y) => pair([x, y])[0].add(pair([x, y])[1]),
  identity: [0n],
  ordered: false,
});

/** What stands at the positions `first` on when a row is in order. */
export interface Bracketed {
  /** Elements in order at the positions asked for, and around them in any. */
  readonly elements: ArrayBase;
  /** The position of the first of them in the row. */
  readonly start: number;
}

/**
 * The elements at positions first … last of the order of a contiguous real row of `numbers` elements that are not NaN;
 * undefined where the sample misled.
 */
export function bracketed(row: ArrayBase, numbers: number, first: number, last: number): Bracketed | undefined {
  const d = row.dtype;
  const step = Math.floor(row.size / SAMPLE);
  const sample = nd(heapCopy(reinterpret(row, row.offset, [SAMPLE], [step * d.itemsize])));
  sortRows(sample, sample);
  const rank = (p: number): number => Math.floor((p / numbers) * (SAMPLE * (numbers / row.size)));
  const from = Math.max(0, rank(first) - MARGIN);
  const to = Math.min(SAMPLE - 1, rank(last) + MARGIN);
  const bound = (k: number): ArrayBase => reinterpret(sample, sample.offset + k * d.itemsize, [], []);
  const [low, high] = [bound(from), bound(to)];
  const counter = reducerOf(`count.below:${d.char}`, () => below(row));
  const counts = reduceStates(counter, [row, low], row.shape, [0]);
  const start = from === 0 ? 0 : Number(readAt(counts, counts.offset));
  // The ends of the sample are no bounds: what is beyond them is wanted, too.
  const within = loopOf(
    `within:${Number(from === 0)}${Number(to === SAMPLE - 1)}`,
    [d, d, d],
    dtypes.bool,
    ([x, a, b]) => {
      const [value, least] = pair([x, a]);
      const notAbove = to === SAMPLE - 1 ? value.eq(value) : value.le(pair([b, b])[0]);
      return from === 0 ? notAbove : value.ge(least).and(notAbove);
    },
  );
  const elements = nd(row).get(nd(evaluate(within, [row, low, high], row.shape)));
  if (start > first || start + elements.size <= last || elements.size * 2 > row.size) return undefined;
  const places = new Set([first - start, last - start]);
  const out = newArray(elements.shape, d);
  partitionRows(elements, out, [...places]);
  return { elements: out, start };
}
