// Singular values and vectors of real upper bidiagonal matrices by divide and conquer: a row is taken out, both sides
// of it solved, and the row joined in again by a secular equation in squares; merges are merge.ts.
// Sources: Gu, Eisenstat, "A divide-and-conquer algorithm for the bidiagonal SVD", SIAM J. Matrix Anal. Appl. 16(1), 1995;
// LAPACK's bdsdc for tolerances.

import { kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import { fields } from './language.ts';
import {
  ascending,
  deflate,
  greatestOf,
  type Halves,
  kinds,
  mergeValues,
  mergeVectors,
  multiplyBy,
  reorder,
  rotateColumns,
  Secular,
} from './merge.ts';
import { addBidiagonalQr } from './singular_kernel.ts';

const field = fields.float64;
const ROUNDOFF = field.eps / 2;
/** Order of the blocks for QR steps. */
const LEAF = 64;

/**
 * Singular values of the matrix with diagonal `d` and superdiagonal `e` (float64 in the heap) into d, descending, left and
 * right vectors into the n × n matrices at `u` and `v`, in columns. Returns how many values did not converge.
 */
export function divideBidiagonal(segment: Segment, n: number, d: number, e: number, u: number, v: number): number {
  const { f64 } = segment;
  for (const q of [u, v]) segment.fill(q, 8 * n * n, 0);
  const [at, off] = [d / 8, e / 8];
  const greatest = Math.max(greatestOf(f64, at, n), greatestOf(f64, off, n - 1));
  if (greatest === 0) {
    for (const q of [u, v]) for (let i = 0; i < n; i++) f64[q / 8 + i * (n + 1)] = 1;
    return 0;
  }
  multiplyBy(f64, at, n, 1 / greatest);
  multiplyBy(f64, off, n - 1, 1 / greatest);
  const failed = new Problem(segment, n, d, e, u, v).solve(0, n, 0);
  multiplyBy(segment.f64, at, n, greatest);
  if (failed === 0) reorder(segment, ascending(segment.f64.slice(at, at + n)).reverse(), d, [u, v]);
  return failed;
}

class Problem {
  readonly #segment: Segment;
  readonly #n: number;
  readonly #d: number;
  readonly #e: number;
  readonly #u: number;
  readonly #v: number;

  constructor(segment: Segment, n: number, d: number, e: number, u: number, v: number) {
    this.#segment = segment;
    this.#n = n;
    this.#d = d;
    this.#e = e;
    this.#u = u;
    this.#v = v;
  }

  #halves(matrix: number, from: number, rows: number, middle: number): Halves {
    return { ptr: matrix + 8 * from * (this.#n + 1), ld: this.#n, rows, middle };
  }

  /** The n rows from `from` on, of n + extra columns; the values are in no order afterwards. */
  solve(from: number, n: number, extra: 0 | 1): number {
    const segment = this.#segment;
    if (n <= LEAF) {
      const [u, v] = [this.#halves(this.#u, from, n, 0), this.#halves(this.#v, from, n + extra, 0)];
      const { f64 } = segment;
      for (const { ptr, ld, rows } of [u, v]) for (let i = 0; i < rows; i++) f64[ptr / 8 + i * (ld + 1)] = 1;
      const qr = kernelOf('bidiagonal.qr.float64', (module) => addBidiagonalQr(module, field));
      const [d, e] = [this.#d + 8 * from, this.#e + 8 * from];
      return qr.at(segment).run(n, d, e, u.ptr, 8 * u.ld, n, v.ptr, 8 * v.ld, n + extra, extra);
    }
    const above = n >> 1;
    const failed = this.solve(from, above, 1) + this.solve(from + above + 1, n - above - 1, extra);
    return failed > 0 ? failed : this.#merge(from, n, above, extra);
  }

  #merge(from: number, n: number, above: number, extra: 0 | 1): number {
    const segment = this.#segment;
    const u = this.#halves(this.#u, from, n, above + 1);
    const v = this.#halves(this.#v, from, n + extra, above + 1);
    const at = this.#d / 8 + from;
    const { f64 } = segment;
    f64[u.ptr / 8 + above * (u.ld + 1)] = 1;
    // The row: alpha and beta times the vectors' elements beside it.
    const d = f64.slice(at, at + n);
    let [alpha, beta] = [d[above], f64[this.#e / 8 + from + above]];
    d[above] = 0;
    const size = Math.max(Math.abs(alpha), Math.abs(beta), greatestOf(d, 0, n));
    if (size === 0) return 0;
    multiplyBy(d, 0, n, 1 / size);
    alpha /= size;
    beta /= size;
    const tolerance = 8 * ROUNDOFF;
    const z = new Float64Array(n);
    const kind = new Uint8Array(n);
    const column = (j: number): number => v.ptr / 8 + j * v.ld;
    for (let j = 0; j < n; j++) {
      z[j] = j <= above ? alpha * f64[column(j) + above] : beta * f64[column(j) + above + 1];
      kind[j] = j <= above ? kinds.top : kinds.bottom;
    }
    let ofFirst: number = kinds.top;
    if (extra === 1) {
      const other = beta * f64[column(n) + above + 1];
      const length = Math.sqrt(z[above] * z[above] + other * other);
      if (length > tolerance) {
        rotateColumns(f64, v, above, n, z[above] / length, other / length);
        ofFirst = kinds.both;
      }
      z[above] = length;
    }
    if (Math.abs(z[above]) <= tolerance) z[above] = tolerance;
    const order = ascending(d);
    const where = order.indexOf(above);
    order.copyWithin(1, 0, where);
    order[0] = above;
    const deflated = deflate(order, 1, z, kind, tolerance, 1, (i, j, c, s) => {
      if (Math.abs(d[j] - d[i]) > tolerance) return false;
      rotateColumns(f64, u, i, j, c, s);
      rotateColumns(f64, v, i, j, c, s);
      return true;
    });
    const { kept, gone } = deflated;
    const mark = scratch.mark();
    try {
      const poles = Float64Array.from(kept, (j) => d[j]);
      // The first pole is 0; the next is kept apart from it.
      if (poles.length > 1) poles[1] = Math.max(poles[1], tolerance / 2);
      const secular = new Secular(
        segment,
        poles,
        Float64Array.from(kept, (j) => z[j]),
        1,
        true,
      );
      if (secular.failed > 0) return secular.failed;
      mergeVectors(segment, u, secular, deflated, kind, true);
      kind[above] = ofFirst;
      mergeVectors(segment, v, secular, deflated, kind, false);
      mergeValues(segment, at, secular, gone, d);
      multiplyBy(segment.f64, at, n, size);
      return 0;
    } finally {
      scratch.release(mark);
    }
  }
}
