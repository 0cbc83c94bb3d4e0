// The operations that a plan can name: every row that a file of operations/ exports, but those with functions of users.

import type { OperationRow } from './node.ts';
import * as along from './operations/along.ts';
import * as contract from './operations/contract.ts';
import * as counts from './operations/counts.ts';
import * as create from './operations/create.ts';
import * as elementwise from './operations/elementwise.ts';
import * as join from './operations/join.ts';
import * as mergeSort from './operations/merge_sort.ts';
import * as positions from './operations/positions.ts';
import * as regrid from './operations/regrid.ts';
import * as reshape from './operations/reshape.ts';
import * as rolling from './operations/rolling.ts';
import * as scan from './operations/scan.ts';
import * as summary from './operations/summary.ts';
import * as take from './operations/take.ts';
import * as top from './operations/top.ts';
import * as tree from './operations/tree.ts';
import * as view from './operations/view.ts';

const files = [
  ...[along, contract, counts, create, elementwise, join, mergeSort, positions],
  ...[regrid, reshape, rolling, scan, summary, take, top, tree, view],
] as readonly object[];

const isRow = (x: unknown): x is OperationRow =>
  typeof x === 'object' && x !== null && 'needs' in x && 'apply' in x && 'name' in x;

let known: ReadonlyMap<string, OperationRow> | undefined;

/** The row of a name; undefined for what is not in the table. */
export function rowNamed(name: string): OperationRow | undefined {
  known ??= new Map(
    files
      .flatMap((file) => Object.values(file))
      .filter(isRow)
      .map((row) => [row.name, row]),
  );
  return known.get(name);
}
