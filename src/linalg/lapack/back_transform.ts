// From vectors of the condensed matrix to those of the given one: the reflectors of a reduction applied in blocks, and
// real vectors spread to elements of the field.

import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { applyBlockLeft, blockReflector } from './block_reflector.ts';
import type { Field } from './language.ts';
import { from, type MatrixAt } from './level3.ts';

/** Reflectors of a block. */
const BLOCK = 32;

/** The reals of a field as the heap shows them. */
export const realView = (segment: Segment, field: Field): Float32Array | Float64Array =>
  field.width === 4 ? segment.f32 : segment.f64;

/** Reflectors in the first `count` columns of a matrix of m rows, that of column j from row j + first on. */
export interface ReflectorsAt {
  readonly v: MatrixAt;
  readonly m: number;
  readonly count: number;
  readonly first: 0 | 1;
  readonly tau: number;
}

/** X = H₁⋯H_k·X, or (H₁⋯H_k)ᴴ·X, of a matrix with m rows, by columns. */
export function applyReflectors(
  segment: Segment,
  field: Field,
  { v, m, count, first, tau }: ReflectorsAt,
  x: MatrixAt,
  columns: number,
  adjointed = false,
): void {
  const blocks = Math.ceil(count / BLOCK);
  for (let b = 0; b < blocks; b++) {
    const k = (adjointed ? b : blocks - 1 - b) * BLOCK;
    const row = k + first;
    const mark = scratch.mark();
    try {
      const size = Math.min(BLOCK, count - k);
      const block = blockReflector(segment, field.name, m - row, size, from(v, row, k), tau + k * field.bytes);
      applyBlockLeft(segment, field.name, block, columns, from(x, row, 0), adjointed);
    } finally {
      scratch.release(mark);
    }
  }
}

/** n float64 into elements of the field; nothing where they are there already. */
export function spreadReal(segment: Segment, field: Field, n: number, source: number, target: number): void {
  if (source === target) return;
  const [reals, view] = [segment.f64, realView(segment, field)];
  const [start, first] = [source / 8, target / field.width];
  if (!field.complex) {
    view.set(reals.subarray(start, start + n), first);
    return;
  }
  for (let i = 0; i < n; i++) {
    view[first + 2 * i] = reals[start + i];
    view[first + 2 * i + 1] = 0;
  }
}

/** n reals of the field into float64, or back. */
export function realsTo(segment: Segment, field: Field, n: number, reals: number, doubles: number): void {
  const at = reals / field.width;
  segment.f64.set(realView(segment, field).subarray(at, at + n), doubles / 8);
}
export function realsFrom(segment: Segment, field: Field, n: number, doubles: number, reals: number): void {
  realView(segment, field).set(segment.f64.subarray(doubles / 8, doubles / 8 + n), reals / field.width);
}

/** Divides n reals of the field by what a matrix was multiplied by; they become NaN where that was 0. */
export function rescale(segment: Segment, field: Field, n: number, reals: number, factor: number): void {
  if (factor === 1) return;
  const view = realView(segment, field);
  const at = reals / field.width;
  for (let i = at; i < at + n; i++) view[i] = factor === 0 ? Number.NaN : view[i] / factor;
}
