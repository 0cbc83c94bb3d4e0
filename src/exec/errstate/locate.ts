// Finds the elements of a call that met a fault: how many, the first, its operands and results. Computes the bits of
// every element anew from the operands, some at a time, so it needs them untouched; only for errors and messages.

import { dtypes } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { type FaultKind, faultBits } from '../../kernel/faults.ts';
import { broadcastStrides } from '../../shape/broadcast.ts';
import { sizeOf } from '../../shape/strides.ts';
import { type ArrayBase, newArray, rawView, reinterpret } from '../array_base.ts';
import { readAt } from '../coerce.ts';
import { execute, overlaps } from '../execute.ts';
import type { Loop } from '../ufunc.ts';
import { type Locate, report, type Where } from './report.ts';
import { currentErrors } from './state.ts';

/** A call as it ran. */
export interface Call {
  readonly loop: Loop;
  /** Arrays, or undefined for scalars. */
  readonly arrays: readonly (ArrayBase | undefined)[];
  /** The scalars where `arrays` has none. */
  readonly scalars: readonly (Scalar | undefined)[];
  readonly params: (number | bigint)[];
  readonly mask: ArrayBase | undefined;
  readonly results: readonly ArrayBase[];
  readonly shape: readonly number[];
}

/** Elements looked at together. */
const AT_ONCE = 2 ** 20;

/** The part of a broadcast operand at positions start … start+rows-1 of the first dimension. */
function rowsOf(a: ArrayBase, shape: readonly number[], start: number, rows: number): ArrayBase {
  const strides = broadcastStrides(a.shape, a.strides, shape);
  return reinterpret(a, a.offset + start * strides[0], [rows, ...shape.slice(1)], strides);
}

/** The element of a broadcast operand at a position, without dimensions. */
function elementOf(a: ArrayBase, shape: readonly number[], index: readonly number[]): ArrayBase {
  const strides = broadcastStrides(a.shape, a.strides, shape);
  const offset = index.reduce((at, i, d) => at + i * strides[d], a.offset);
  return reinterpret(a, offset, [], []);
}

/** The element of an array without dimensions; 64-bit integers as bigint, so that every digit shows. */
export const valueOf = (a: ArrayBase): Scalar =>
  readAt(a, a.offset, a.dtype.lane === 'i64' || a.dtype.lane === 'u64' ? 'bigint' : 'auto');

/** The index of the element at a position in C order. */
export function indexOf(position: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = position;
  for (let d = shape.length - 1; d >= 0; d--) {
    index[d] = rest % shape[d];
    rest = Math.floor(rest / shape[d]);
  }
  return index;
}

/** What looks for the faults of a call; the operands must be as they were. */
function locator(call: Call): Locate {
  const { loop, arrays, params, mask, results, shape } = call;
  const found = new Map<number, { count: number; position: number }>();
  let looked = false;
  const look = (): void => {
    looked = true;
    const { ins } = loop.types;
    const codes = loop.faultCodes(
      arrays.map((a, i) => a?.dtype ?? ins[i]),
      results.map((r) => r.dtype),
    );
    const size = sizeOf(shape);
    const rows = shape.length === 0 ? 1 : Math.max(1, Math.floor(AT_ONCE / (size / shape[0])));
    for (let start = 0; start < (shape[0] ?? 1); start += rows) {
      const here = Math.min(rows, (shape[0] ?? 1) - start);
      const part = (a: ArrayBase | undefined): ArrayBase | undefined =>
        a === undefined || shape.length === 0 ? a : rowsOf(a, shape, start, here);
      const extent = shape.length === 0 ? shape : [here, ...shape.slice(1)];
      const out = newArray(extent, dtypes.uint8, mask !== undefined);
      execute(codes, arrays.map(part), part(mask), [out], extent, params);
      count(rawView(out) as Uint8Array, (start * size) / (shape[0] ?? 1), found); // uint8
      out.storage.dispose();
    }
  };
  return (kind: FaultKind): Where | undefined => {
    if (!looked) look();
    const where = found.get(faultBits[kind]);
    if (where === undefined) return undefined;
    const index = indexOf(where.position, shape);
    const operands = arrays.map((a) => (a === undefined ? undefined : elementOf(a, shape, index)));
    const made = results.map((r) => newArray([], r.dtype));
    execute(loop, operands, undefined, made, [], params);
    return {
      ...where,
      index,
      operands: operands.map((a, i) => (a === undefined ? (call.scalars[i] ?? 0) : valueOf(a))),
      results: made.map(valueOf),
    };
  };
}

/**
 * Tells of the faults that a call met, `met` their bits.
 * @throws FloatingPointError where the error state says so.
 */
export function tell(call: Call, op: string, met: number): void {
  const { arrays, mask, results } = call;
  const raises = (met & currentErrors().raising) !== 0; // then nothing was written yet
  const operands = [...arrays, mask];
  const overwritten = !raises && operands.some((a) => a !== undefined && results.some((r) => overlaps(a, r)));
  report(op, met, overwritten ? () => undefined : locator(call));
}

function count(codes: Uint8Array, before: number, found: Map<number, { count: number; position: number }>): void {
  for (let i = 0; i < codes.length; i++) {
    for (let left = codes[i]; left !== 0; left &= left - 1) {
      const bit = left & -left;
      const known = found.get(bit);
      if (known === undefined) found.set(bit, { count: 1, position: before + i });
      else known.count++;
    }
  }
}
