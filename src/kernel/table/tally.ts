// Adds up elements by their number: table[index] += 1 or += weight. The table is in memory; callers see to it that every
// index is inside. Shared by histograms, which compute the number from edges, and by bincount.

import type { ValueType } from '../ir.ts';
import type { Routine, Value, Variable } from '../wasm/assembler.ts';
import type { ModuleCode } from '../wasm/encoder.ts';
import { addVisit, type VisitSpec } from '../wasm/visit.ts';

/** What is added: 1 to a 32-bit counter, or the parts of a float64 or complex128 weight. */
export type Adding = 'count' | 'weight' | 'complex';

/** Parameters of a tally: the table's address, then for counters the bytes of one of their copies (a power of two). */
export const tallyParams = (adding: Adding): ValueType[] => (adding === 'count' ? ['i32', 'i32'] : ['i32']);

/** Copies of a counting table, and elements per pass: an element that meets its predecessor's counter need not wait. */
export const COPIES = 4;

/** Where each turn's table begins. */
export function tallyTables(r: Routine, adding: Adding, [table, copyBytes]: readonly Variable[]): Variable[] {
  const tables = [table];
  if (adding === 'count') while (tables.length < COPIES) tables.push(r.let(tables[tables.length - 1].add(copyBytes)));
  return tables;
}

/** Writes `table[index] += …`; the index must be in range. */
export function writeTally(
  r: Routine,
  adding: Adding,
  index: Value,
  weights: readonly Variable[],
  table: Variable,
): void {
  const shift = adding === 'count' ? 2 : adding === 'weight' ? 3 : 4;
  const at = r.let(table.add(index.shl(shift)));
  if (adding === 'count') r.store('i32', at, r.load('i32', at).add(1));
  weights.forEach((w, part) => {
    r.store('f64', at, r.load('f64', at, part * 8).add(w), part * 8);
  });
}

/** Adds the kernel that tallies given numbers, all of them in the table: run(n, pointers, strides, those of the tally). */
export function addTally(module: ModuleCode, spec: Pick<VisitSpec, 'inputs' | 'values' | 'tableAddress'>): void {
  const adding = spec.values.length === 1 ? 'count' : 'weight';
  addVisit(module, {
    ...spec,
    params: tallyParams(adding),
    unroll: COPIES,
    prepare: (r, params) => tallyTables(r, adding, params),
    step: (r, [index, ...weights], tables, turn) => {
      writeTally(r, adding, index, weights, tables[turn % tables.length]);
    },
  });
}
