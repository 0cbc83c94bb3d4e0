// How the loops of a copy are arranged. Short rows cost a call each: rows that fill a register are moved as one wide
// element, and a short innermost loop changes places with the longest one, in stretches that stay in the first cache.
// Nothing is copied here.

import type { Loops } from '../shape/coalesce.ts';

/** Bytes that can be moved as one element. */
const WIDEST = 16;

/**
 * The loops with a contiguous innermost row of 2, 4, 8 or 16 bytes taken as one element of that size, and the size; the
 * same loops where the row has another one.
 */
export function widened(loops: Loops, itemsize: number): { loops: Loops; itemsize: number } {
  const { shape, strides } = loops;
  const last = shape.length - 1;
  const bytes = shape[last] * itemsize;
  if (last === 0 || bytes > WIDEST || (bytes & (bytes - 1)) !== 0 || shape[last] === 1) return { loops, itemsize };
  for (let k = 0; k < strides.length; k++) if (strides[k][last] !== itemsize) return { loops, itemsize };
  return { loops: { shape: shape.slice(0, last), strides: strides.map((s) => s.slice(0, last)) }, itemsize: bytes };
}

/** An innermost loop below this length is short. */
const SHORT = 8;
/** Elements of the new innermost loop. */
const STRETCH = 512;

/** Loops of a part of a copy, and how many bytes after each operand's address they start. */
export interface Part {
  readonly loops: Loops;
  readonly skip: readonly number[];
}

/** Is the innermost loop short, and another one long? */
export function isShort({ shape }: Loops): boolean {
  const last = shape.length - 1;
  if (last === 0 || shape[last] >= SHORT) return false;
  for (let d = 0; d < last; d++) if (shape[d] > 2 * shape[last]) return true;
  return false;
}

/** The longest loop made the innermost, in stretches. */
export function turned({ shape, strides }: Loops): Part[] {
  let long = 0;
  for (let d = 1; d < shape.length; d++) if (shape[d] > shape[long]) long = d;
  const whole = Math.floor(shape[long] / STRETCH);
  const rest = shape[long] % STRETCH;
  const moved = <T>(list: readonly T[], outer: T, inner: T): T[] => [
    ...list.slice(0, long),
    outer,
    ...list.slice(long + 1),
    inner,
  ];
  const part = (count: number, n: number): Loops => ({
    shape: moved(shape, count, n),
    strides: strides.map((s) => moved(s, s[long] * STRETCH, s[long])),
  });
  const parts: Part[] = [];
  if (whole > 0) parts.push({ loops: part(whole, STRETCH), skip: strides.map(() => 0) });
  if (rest > 0) parts.push({ loops: part(1, rest), skip: strides.map((s) => s[long] * STRETCH * whole) });
  return parts;
}
