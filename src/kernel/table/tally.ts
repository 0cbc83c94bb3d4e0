// Adds up elements by their number: table[index] += 1 or += weight. The table is in memory; callers see to it that every
// index is inside. Shared by histograms, which compute the number from edges, and by bincount.

import { type Expr, param } from '../builder.ts';
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

/** Adds the kernel that tallies given numbers, all of them in the table: run(n, pointers, strides, those of the tally, the least). */
export function addTally(module: ModuleCode, spec: Pick<VisitSpec, 'inputs' | 'values' | 'tableAddress'>): void {
  const adding = spec.values.length === 1 ? 'count' : 'weight';
  addVisit(module, {
    ...spec,
    params: [...tallyParams(adding), 'i64'],
    unroll: COPIES,
    prepare: (r, params) => tallyTables(r, adding, params),
    step: (r, [index, ...weights], tables, turn) => {
      writeTally(r, adding, index, weights, tables[turn % tables.length]);
    },
  });
}

/** Adds the kernel that marks given numbers: run(n, pointers, strides, table, the least) sets a byte of the table to 1 for each. */
export function addMarks(module: ModuleCode, spec: Pick<VisitSpec, 'inputs' | 'values' | 'tableAddress'>): void {
  addVisit(module, {
    ...spec,
    params: ['i32', 'i64'],
    unroll: COPIES,
    step: (r, [index], [table]) => r.store('u8', table.add(index), 1),
  });
}

interface MarkedSpec extends Pick<VisitSpec, 'inputs' | 'tableAddress'> {
  /** The element's 64 bits, as i64. */
  readonly element: Expr;
  /** Whether it is a number that the table may have: of the same sign, where only one side is unsigned. */
  readonly comparable: Expr;
}

/**
 * Adds the kernel that asks a table of marks: run(n, pointers, strides, table, its size, the least integer, invert). Its
 * last operand is the output, a byte per element: the mark where the table has one, else 0, exclusive-or `invert`.
 */
export function addMarked(module: ModuleCode, { inputs, element, comparable, tableAddress }: MarkedSpec): void {
  const distance = element.sub(param(2, 'i64'));
  const near = distance.bits('u64').lt(param(1, 'i32').to('u32').to('u64')).and(comparable);
  addVisit(module, {
    inputs,
    params: ['i32', 'i32', 'i64', 'i32'],
    values: [near.node, near.select(distance, 0).to('i32').node],
    tableAddress,
    step: (r, [inside, place], [table, , , invert], _, pointers) => {
      r.store('u8', pointers[pointers.length - 1], inside.select(r.load('u8', table.add(place)), 0).xor(invert));
    },
  });
}
