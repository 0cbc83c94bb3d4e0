// Sums of narrow integers and truth values that were widened to be added: added first in the narrowest lane that holds the
// sum of all of them, and widened once. Exact, hence the same bits.

import { Expr } from './builder.ts';
import { bitsOf, isInt, isSigned, type Node, type ValueType } from './ir.ts';

/** Lane that holds sums, and how many values of a type may be added there. */
const roomFor = (t: ValueType): { lane: ValueType; most: number } | undefined => {
  if (t === 'bool') return { lane: 'u8', most: 255 };
  if (!isInt(t) || bitsOf(t) > 16) return undefined;
  if (bitsOf(t) === 8) return { lane: isSigned(t) ? 'i16' : 'u16', most: 256 };
  return { lane: isSigned(t) ? 'i32' : 'u32', most: 65536 };
};

/** The value before it was widened to a 64-bit integer. */
function narrowed(n: Node): Node | undefined {
  return n.op === 'convert' && bitsOf(n.type) === 64 && isInt(n.type) ? n.args[0] : undefined;
}

/** The sum of 64-bit integers that were narrower before; undefined where they were not, or where that gains nothing. */
export function narrowSum(values: readonly Expr[]): Expr | undefined {
  const [first] = values;
  const from = narrowed(first.node);
  const room = from === undefined ? undefined : roomFor(from.type);
  if (from === undefined || room === undefined || values.length > room.most) return undefined;
  let sum: Expr | undefined;
  for (const v of values) {
    const n = narrowed(v.node);
    if (n === undefined || n.type !== from.type) return undefined;
    const term = new Expr(n).to(room.lane);
    sum = sum === undefined ? term : sum.add(term);
  }
  return sum?.to(first.type);
}
