// Whether matrices in the heap hold NaN or infinities, and columns that become NaN. A product with 0 is 0 for finite
// numbers and NaN for all others, so that one sum tells of all of them.

import type { Segment } from '../../memory/segment.ts';
import type { Field } from '../lapack/language.ts';

const viewOf = (segment: Segment, field: Field): Float64Array | Float32Array =>
  field.width === 8 ? segment.f64 : segment.f32;
const partsOf = (field: Field): 1 | 2 => (field.complex ? 2 : 1);

function sumsToZero(view: Float64Array | Float32Array, from: number, to: number): boolean {
  let sum = 0;
  for (let i = from; i < to; i++) sum += view[i] * 0;
  return sum === 0;
}

/** Whether any of `count` elements from an address on is NaN or infinite. */
export function anyNonFinite(segment: Segment, field: Field, address: number, count: number): boolean {
  const from = address / field.width;
  return !sumsToZero(viewOf(segment, field), from, from + count * partsOf(field));
}

/** The same in one triangle of an n × n matrix by columns. */
export function anyNonFiniteTriangle(
  segment: Segment,
  field: Field,
  address: number,
  n: number,
  lower: boolean,
): boolean {
  for (let j = 0; j < n; j++) {
    const column = address + j * n * field.bytes;
    const bad = lower
      ? anyNonFinite(segment, field, column + j * field.bytes, n - j)
      : anyNonFinite(segment, field, column, j + 1);
    if (bad) return true;
  }
  return false;
}

/** Makes `count` elements NaN. */
export function fillNaN(segment: Segment, field: Field, address: number, count: number): void {
  const from = address / field.width;
  viewOf(segment, field).fill(Number.NaN, from, from + count * partsOf(field));
}
