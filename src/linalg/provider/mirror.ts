// The lower triangle of a symmetric matrix from its upper one, in squares that fit the cache.

import type { Segment } from '../../memory/segment.ts';

const SIDE = 32;

/** n × n elements at `c`, of parts of `width` bytes, rows `ldc` bytes apart: what lies below the diagonal becomes what lies above. */
export function mirrorUpper(segment: Segment, width: 4 | 8, parts: number, n: number, c: number, ldc: number): void {
  const view = width === 4 ? segment.f32 : segment.f64;
  const [from, row] = [c / width, ldc / width];
  for (let i0 = 0; i0 < n; i0 += SIDE) {
    for (let j0 = 0; j0 <= i0; j0 += SIDE) {
      const last = Math.min(i0 + SIDE, n);
      for (let i = i0; i < last; i++) {
        const end = Math.min(j0 + SIDE, i);
        for (let j = j0; j < end; j++) {
          const to = from + i * row + j * parts;
          const source = from + j * row + i * parts;
          view[to] = view[source];
          if (parts === 2) view[to + 1] = view[source + 1];
        }
      }
    }
  }
}
