// Which reads make up a rectangle of an array that lies in C order: stretches of bytes as long as they may be, together
// with small gaps where that saves reads. Not the reading.

import { contiguousStrides, sizeOf } from '../shape/strides.ts';
import type { Region } from './store.ts';

/** A part of the rectangle, and the bytes of the array from its first element to behind its last. */
export interface Span extends Region {
  readonly at: number;
  readonly nbytes: number;
  /** There are no bytes between its elements. */
  readonly solid: boolean;
}

/** How a rectangle is cut into spans, all of the same form but for shorter ones at the end of the axis that is cut. */
export interface Cutting {
  /** Spans there are. */
  readonly count: number;
  /** Bytes of the longest one, and of all together. */
  readonly longest: number;
  readonly total: number;
  /** None of them has bytes between its elements. */
  readonly solid: boolean;
  each(): Generator<Span>;
}

/**
 * Spans of at most `most` bytes that cover `box` in an array of shape `whole`, in order. Rows with up to `gap` bytes
 * between them go into one.
 */
export function spans(whole: readonly number[], itemsize: number, box: Region, most: number, gap: number): Cutting {
  const strides = contiguousStrides(whole, itemsize);
  // reach[d]: from the first element to behind the last, along axes d and on.
  const reach = [...box.shape, itemsize];
  for (let d = box.shape.length - 1; d >= 0; d--) reach[d] = (box.shape[d] - 1) * strides[d] + reach[d + 1];
  const joins = (d: number): boolean => box.shape[d] === 1 || strides[d] - reach[d + 1] <= gap;
  // Axes from `cut` on are whole in every span, the one before in stretches.
  let cut = box.shape.length;
  while (cut > 0 && joins(cut - 1) && reach[cut - 1] <= most) cut--;
  const along = cut - 1;
  const stretch = along >= 0 && joins(along) ? 1 + Math.max(0, Math.floor((most - reach[cut]) / strides[along])) : 1;
  const bytesOf = (rows: number): number => (along < 0 ? reach[0] : (rows - 1) * strides[along] + reach[cut]);
  const rows = along < 0 ? 1 : box.shape[along];
  const outer = sizeOf(box.shape.slice(0, Math.max(0, along)));
  const full = Math.floor(rows / stretch);
  const rest = rows % stretch;
  const longest = bytesOf(Math.min(rows, stretch));
  const empty = sizeOf(box.shape) === 0;

  function* each(): Generator<Span> {
    if (empty) return;
    const from = box.shape.map(() => 0);
    for (let d = 0; d >= 0; ) {
      const shape = box.shape.map((n, k) => (k >= cut ? n : k < along ? 1 : Math.min(stretch, n - from[k])));
      const start = box.start.map((s, k) => s + from[k]);
      const nbytes = bytesOf(along < 0 ? 1 : shape[along]);
      const at = start.reduce((sum, s, k) => sum + s * strides[k], 0);
      yield { start, shape, at, nbytes, solid: nbytes === sizeOf(shape) * itemsize };
      for (d = along; d >= 0; d--) {
        from[d] += d === along ? stretch : 1;
        if (from[d] < box.shape[d]) break;
        from[d] = 0;
      }
    }
  }
  return {
    count: empty ? 0 : outer * (full + Math.sign(rest)),
    longest: empty ? 0 : longest,
    total: empty ? 0 : outer * (full * bytesOf(stretch) + (rest > 0 ? bytesOf(rest) : 0)),
    solid: empty || longest === sizeOf(box.shape.slice(cut)) * Math.min(rows, stretch) * itemsize,
    each,
  };
}
