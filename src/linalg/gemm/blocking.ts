// How GEMM is cut into blocks, and what scratch that takes. KC is part of every result's definition (sums over k are
// split there and nowhere else); MC and NC only decide what stays in which cache, and may change freely.
// Source: Low, Igual, Smith, Quintana-Ortí, "Analytical Modeling Is Enough for High-Performance BLIS", TOMS 43(2), 2016.

import { type ElementRow, itemBytes, tileColumns } from './elements.ts';
import { panelStepA } from './micro_kernel.ts';

/** Steps of k per block, for every element type and thread count. */
export const KC = 256;

const PACKED_A = 256 * 1024; // bytes of A's packed block: half of a usual L2 cache
const PACKED_B = 2 * 2 ** 20; // of B's: a share of L3

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

/** Rows of A packed at once. */
export const blockRows = (e: ElementRow): number => Math.floor(PACKED_A / (KC * panelStepA(e))) * e.rows;

/** Columns of B packed at once. */
export const blockColumns = (e: ElementRow): number =>
  Math.floor(PACKED_B / (KC * tileColumns(e) * itemBytes(e))) * tileColumns(e);

/** Bytes of scratch that a packed GEMM takes, in this order: A's block, B's block, one tile. */
export function gemmScratch(m: number, n: number, k: number, e: ElementRow): { a: number; b: number; total: number } {
  const depth = Math.min(k, KC);
  const columns = tileColumns(e);
  const a = (Math.min(roundUp(m, e.rows), blockRows(e)) / e.rows) * depth * panelStepA(e);
  const b = Math.min(roundUp(n, columns), blockColumns(e)) * depth * itemBytes(e);
  // A starts on a boundary of 64 bytes; so do the others.
  const [sizeA, sizeB] = [roundUp(a, 64), roundUp(b, 64)];
  return { a: sizeA, b: sizeB, total: sizeA + sizeB + e.rows * columns * itemBytes(e) };
}
