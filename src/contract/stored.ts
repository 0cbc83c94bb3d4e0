// An array outside of memory held against a clause: its form first, then, where the clause asks for it, its elements
// block by block. What a clause says is in check.ts and values.ts.

import { scope } from '../array/scope.ts';
import type { StoredArray } from '../io/blocks.ts';
import { type Bindings, formalProblems, type ReadClause } from './check.ts';
import { ValueWatch } from './values.ts';

/** Everything that is not as the clause says. */
export async function storedProblems(
  array: StoredArray,
  read: ReadClause,
  bindings: Bindings,
  name: string,
): Promise<string[]> {
  const { shape, dtype, order } = array;
  const flat = shape.filter((n) => n !== 1).length < 2; // either order is the other
  const lies = (wanted: 'C' | 'F'): boolean => flat || wanted === order;
  const formal = formalProblems({ dtype, shape, lies }, read, bindings, name);
  if (formal.length > 0) return formal;
  const watch = new ValueWatch(read.clause, dtype);
  if (watch.idle) return watch.problems();
  for await (const { start, data } of array.blocks()) scope(() => watch.add(data, start));
  return watch.problems();
}
