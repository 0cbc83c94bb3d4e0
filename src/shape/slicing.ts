// The parts of an index: slices, integers, and the strings that mean them, resolved against one axis. What a whole index
// selects is in selection.ts. Slices clip and wrap as Python's do (Python language reference, "sequence types": s[i:j:k]).

import { IndexError } from '../base/errors.ts';

/** A Python slice; null or undefined parts take their defaults. */
export class Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;

  /**
   * @throws IndexError for a fractional part or step 0.
   */
  constructor(start: Bound = null, stop: Bound = null, step: Bound = null) {
    this.start = bound(start, 'start');
    this.stop = bound(stop, 'stop');
    this.step = bound(step, 'step');
    if (this.step === 0)
      throw new IndexError('a slice cannot have step 0', 'use a positive or negative step', { start, stop, step });
  }

  toString(): string {
    const step = this.step === null ? '' : `:${this.step}`;
    return `${this.start ?? ''}:${this.stop ?? ''}${step}`;
  }
}

export type Bound = number | bigint | null | undefined;

/**
 * A slice from its parts, all of them optional (unlike Python's `slice`, one argument is the start).
 * @example slice(1, null, 2) // 1::2
 */
export function slice(start?: Bound, stop?: Bound, step?: Bound): Slice {
  return new Slice(start, stop, step);
}

/** One entry of a basic index: an integer, 'start:stop:step', '...', a Slice, or null for a new axis. */
export type IndexItem = number | bigint | string | null | Slice;

/** A slice on an axis of known length: `length` elements from `start` on, `step` apart. */
export interface SliceRange {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** Whether `x` is an entry of a basic index. Strings count even if they do not parse. */
export function isIndexItem(x: unknown): x is IndexItem {
  const t = typeof x;
  return t === 'number' || t === 'bigint' || t === 'string' || x === null || x instanceof Slice;
}

/**
 * Clips a slice to an axis, as Python's `slice.indices`. For length 0 the start is meaningless.
 * @example resolveSlice(slice(null, null, -1), 3) // { start: 2, step: -1, length: 3 }
 */
export function resolveSlice(s: Slice, size: number): SliceRange {
  const step = s.step ?? 1;
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? size : size - 1;
  const start = s.start === null ? (step > 0 ? low : high) : clip(s.start, size, low, high);
  const stop = s.stop === null ? (step > 0 ? high : low) : clip(s.stop, size, low, high);
  const span = step > 0 ? stop - start : start - stop;
  return { start, step, length: span > 0 ? Math.floor((span - 1) / Math.abs(step)) + 1 : 0 };
}

function clip(x: number, size: number, low: number, high: number): number {
  const i = x < 0 ? x + size : x;
  return i < low ? low : Math.min(i, high);
}

/**
 * An integer index on an axis, counted from 0.
 * @throws IndexError outside [-size, size), or for a fraction.
 */
export function resolveInteger(index: number | bigint, size: number, axis: number): number {
  const i = Number(index);
  if (!Number.isInteger(i)) {
    throw new IndexError(`index ${i} on axis ${axis} is not an integer`, 'use an integer, a slice, or Math.trunc', {
      index,
      axis,
    });
  }
  if (i < -size || i >= size) {
    const range = size === 0 ? 'the axis is empty' : `indices go from ${-size} to ${size - 1}`;
    throw new IndexError(`index ${i} is out of bounds on axis ${axis} of size ${size}`, range, { index, axis, size });
  }
  return i < 0 ? i + size : i + 0;
}

const pattern = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?$/;
const CACHED = 512;
const parsed = new Map<string, Slice | number | '...'>();

/**
 * The meaning of a string in an index: a Slice, '...' for the ellipsis, or a plain integer.
 * @throws IndexError for anything else.
 * @example parseIndex('1::2') // slice(1, null, 2)
 */
export function parseIndex(text: string): Slice | number | '...' {
  let found = parsed.get(text);
  if (found === undefined) {
    found = parse(text);
    if (parsed.size >= CACHED) parsed.clear(); // a bound, not a policy: programs use few distinct slices
    parsed.set(text, found);
  }
  return found;
}

function parse(text: string): Slice | number | '...' {
  const trimmed = text.trim();
  if (trimmed === '...') return '...';
  if (/^-?\d+$/.test(trimmed)) return Number(trimmed);
  const m = pattern.exec(text);
  if (m === null) {
    throw new IndexError(
      `'${text}' is not an index`,
      `write a slice like '1:5', '::-1' or ':', '...' for the remaining axes`,
      {
        index: text,
      },
    );
  }
  const [start, stop, step] = [m[1], m[2], m[3]].map((part) => (part === undefined ? null : Number(part)));
  return new Slice(start, stop, step);
}

function bound(x: Bound, part: string): number | null {
  if (x === null || x === undefined) return null;
  const n = Number(x);
  if (Number.isInteger(n)) return n + 0;
  throw new IndexError(`slice ${part} ${String(x)} is not an integer`, 'use integers or leave the part out', {
    [part]: x,
  });
}
