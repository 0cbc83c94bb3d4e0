// One merge of divide and conquer, for eigenvalues and for singular values: which poles of the secular equation go
// without it (deflation), its roots, and the new vectors as two products of matrices, because columns that came from one
// half have zeros in the other.
// Sources: Cuppen, Numer. Math. 36, 1981; Rutter, LAPACK working note 69, 1994; LAPACK's laed2 and lasd2 for the
// tolerances and the kinds of columns.

import { kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { byColumns, multiplyInto } from './level3.ts';
import { addSecularRoots, addSecularVectors, addSecularWeights } from './secular.ts';

/** Where a column is not zero, or that it stays as it is. */
export const kinds = { top: 0, both: 1, bottom: 2, deflated: 3 } as const;

/** Vectors of the two halves in one square of columns of float64: rows before `middle` belong to the first half. */
export interface Halves {
  readonly ptr: number;
  /** Elements from column to column. */
  readonly ld: number;
  readonly rows: number;
  readonly middle: number;
}

/** Rotates columns i and j: (x, y) = (c·x + s·y, c·y − s·x). */
export function rotateColumns(q: Float64Array, h: Halves, i: number, j: number, c: number, s: number): void {
  const [x, y] = [h.ptr / 8 + i * h.ld, h.ptr / 8 + j * h.ld];
  for (let k = 0; k < h.rows; k++) {
    const [a, b] = [q[x + k], q[y + k]];
    q[x + k] = c * a + s * b;
    q[y + k] = c * b - s * a;
  }
}

/** Columns that stay in the secular problem, by ascending pole, and the others. */
export interface Deflated {
  readonly kept: Int32Array;
  readonly gone: Int32Array;
}

/**
 * Takes out poles whose z is small, and one of two that are close. `order` has the columns by ascending pole; the first
 * `from` of them stay. `close(i, j, c, s)` rotates two columns so that the first has no z, if that is as good as exact,
 * and says so; kinds and z change in place.
 */
export function deflate(
  order: Int32Array,
  from: number,
  z: Float64Array,
  kind: Uint8Array,
  tolerance: number,
  weight: number,
  close: (i: number, j: number, c: number, s: number) => boolean,
): Deflated {
  const n = order.length;
  const kept = new Int32Array(n);
  const gone = new Int32Array(n);
  let [k, g, pending] = [0, 0, -1];
  for (let f = 0; f < from; f++) kept[k++] = order[f];
  for (let at = from; at < n; at++) {
    const j = order[at];
    if (weight * Math.abs(z[j]) <= tolerance) {
      kind[j] = kinds.deflated;
      gone[g++] = j;
      continue;
    }
    if (pending >= 0) {
      const i = pending;
      const [s0, c0] = [z[i], z[j]];
      const length = Math.sqrt(s0 * s0 + c0 * c0);
      const [c, s] = [c0 / length, -s0 / length];
      if (close(i, j, c, s)) {
        z[j] = length;
        z[i] = 0;
        if (kind[i] !== kind[j]) kind[j] = kinds.both;
        kind[i] = kinds.deflated;
        gone[g++] = i;
      } else kept[k++] = i;
    }
    pending = j;
  }
  if (pending >= 0) kept[k++] = pending;
  return { kept: kept.subarray(0, k), gone: gone.subarray(0, g) };
}

/** The secular problem of k poles in the heap; scratch of the caller's mark. */
export class Secular {
  readonly #segment: Segment;
  readonly k: number;
  readonly #squares: number;
  readonly #d: number;
  readonly #weights: number;
  readonly #differences: number;
  readonly #places: number;
  readonly #work: number;
  /** Roots that were not found. */
  readonly failed: number;
  readonly #roots: number;

  constructor(segment: Segment, d: Float64Array, z: Float64Array, inverse: number, squares: boolean) {
    const k = d.length;
    this.#segment = segment;
    this.k = k;
    this.#squares = squares ? 1 : 0;
    const vectors = scratch.take(segment, 8 * 8 * k + 64);
    const [at, weights] = [vectors, vectors + 16 * k];
    const zs = vectors + 8 * k;
    this.#d = at;
    this.#weights = weights; // room for 2k
    this.#work = vectors + 32 * k;
    this.#roots = vectors + 40 * k;
    this.#places = vectors + 48 * k;
    this.#differences = scratch.take(segment, 8 * k * k);
    segment.f64.set(d, at / 8);
    segment.f64.set(z, zs / 8);
    this.failed =
      k === 1
        ? this.#single(d[0], z[0], inverse)
        : kernelOf('secular.roots', addSecularRoots)
            .at(segment)
            .run(0, k, k, at, zs, this.#squares, inverse, this.#roots, this.#differences);
    kernelOf('secular.weights', addSecularWeights)
      .at(segment)
      .run(k, at, zs, this.#squares, this.#differences, weights);
  }

  #single(d: number, z: number, inverse: number): number {
    const { f64 } = this.#segment;
    const shift = (z * z) / inverse;
    f64[this.#differences / 8] = -shift;
    f64[this.#roots / 8] = this.#squares === 1 ? Math.sqrt(d * d + shift) : d + shift;
    return 0;
  }

  get roots(): Float64Array {
    return this.#segment.f64.subarray(this.#roots / 8, this.#roots / 8 + this.k);
  }

  /** Unit vectors of the roots into the k × k matrix at `to`, element j in row places[j]. */
  vectors(places: Int32Array, left: boolean, to: number): void {
    const segment = this.#segment;
    segment.i32.set(places, this.#places / 4);
    kernelOf('secular.vectors', addSecularVectors)
      .at(segment)
      .run(this.k, this.#d, this.#weights, left ? 1 : 0, this.#differences, this.#places, to, this.#work);
  }
}

/**
 * The new vectors: columns `columns` of the halves times those of the secular problem, into columns 0 to k − 1; columns
 * `gone` follow them unchanged.
 */
export function mergeVectors(
  segment: Segment,
  h: Halves,
  secular: Secular,
  { kept: columns, gone }: Deflated,
  kind: Uint8Array,
  left: boolean,
): void {
  const { k } = secular;
  const { ptr, ld, rows, middle } = h;
  const mark = scratch.mark();
  try {
    // Rows of the secular vectors by kind: top, both, bottom.
    const places = new Int32Array(k);
    const sorted = new Int32Array(k);
    const counts = [0, 0, 0];
    let at = 0;
    for (let kindOf = 0; kindOf < 3; kindOf++) {
      for (let j = 0; j < k; j++) {
        if (kind[columns[j]] !== kindOf) continue;
        places[j] = at;
        sorted[at++] = columns[j];
        counts[kindOf]++;
      }
    }
    const [tops, bottoms] = [counts[0] + counts[1], counts[1] + counts[2]];
    const below = rows - middle;
    const s = scratch.take(segment, 8 * Math.max(1, k * k));
    const upper = scratch.take(segment, 8 * Math.max(1, middle * tops + below * bottoms + rows * gone.length));
    secular.vectors(places, left, s);
    const { f64 } = segment;
    const base = ptr / 8;
    let to = upper / 8;
    const gather = (column: number, first: number, length: number): void => {
      const start = base + column * ld + first;
      f64.copyWithin(to, start, start + length);
      to += length;
    };
    for (let j = 0; j < tops; j++) gather(sorted[j], 0, middle);
    const lower = 8 * to;
    for (let j = counts[0]; j < k; j++) gather(sorted[j], middle, below);
    const rest = to;
    for (const j of gone) gather(j, 0, rows);
    const name = 'float64';
    const secularFrom = (row: number) => byColumns(name, s + 8 * row, k);
    multiplyInto(
      segment,
      name,
      middle,
      k,
      tops,
      byColumns(name, upper, middle),
      secularFrom(0),
      byColumns(name, ptr, ld),
    );
    multiplyInto(
      segment,
      name,
      below,
      k,
      bottoms,
      byColumns(name, lower, below),
      secularFrom(counts[0]),
      byColumns(name, ptr + 8 * middle, ld),
    );
    const view = segment.f64;
    for (let g = 0; g < gone.length; g++) {
      const start = rest + g * rows;
      view.copyWithin(base + (k + g) * ld, start, start + rows);
    }
  } finally {
    scratch.release(mark);
  }
}

/** Writes the values that belong to the merged columns: roots, then those that were deflated. */
export function mergeValues(segment: Segment, at: number, secular: Secular, gone: Int32Array, d: Float64Array): void {
  const { f64 } = segment;
  f64.set(secular.roots, at);
  for (let g = 0; g < gone.length; g++) f64[at + secular.k + g] = d[gone[g]];
}

/** Brings values and the columns of dense n × n matrices into an order. */
export function reorder(segment: Segment, order: Int32Array, values: number, matrices: readonly number[]): void {
  const n = order.length;
  const mark = scratch.mark();
  try {
    const room = scratch.take(segment, 8 * n * n) / 8;
    const { f64 } = segment;
    const given = f64.slice(values / 8, values / 8 + n);
    for (let i = 0; i < n; i++) f64[values / 8 + i] = given[order[i]];
    for (const q of matrices) {
      f64.copyWithin(room, q / 8, q / 8 + n * n);
      for (let i = 0; i < n; i++) f64.copyWithin(q / 8 + i * n, room + order[i] * n, room + (order[i] + 1) * n);
    }
  } finally {
    scratch.release(mark);
  }
}

/** The greatest magnitude among n float64. */
export function greatestOf(f64: Float64Array, at: number, n: number): number {
  let most = 0;
  for (let i = at; i < at + n; i++) most = Math.max(most, Math.abs(f64[i]));
  return most;
}

/** Multiplies n float64. */
export function multiplyBy(f64: Float64Array, at: number, n: number, factor: number): void {
  for (let i = at; i < at + n; i++) f64[i] *= factor;
}

/** Indices that put `d` into ascending order; of equal ones the first stays first. */
export function ascending(d: Float64Array): Int32Array {
  return Int32Array.from({ length: d.length }, (_, i) => i).sort((i, j) => d[i] - d[j] || i - j);
}
