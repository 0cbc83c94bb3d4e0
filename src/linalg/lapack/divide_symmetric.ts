// Eigenvectors of real symmetric tridiagonal matrices by divide and conquer: the matrix is torn into two and a term of
// rank one, down to blocks for implicit QL; merges are merge.ts.
// Sources: Cuppen, "A divide and conquer method for the symmetric tridiagonal eigenproblem", Numer. Math. 36, 1981; Gu,
// Eisenstat, SIAM J. Matrix Anal. Appl. 16(1), 1995; LAPACK's stedc for tolerances.

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
import { addQl } from './symmetric_kernel.ts';

const field = fields.float64;
const ROUNDOFF = field.eps / 2;
/** Order of the blocks for QL. */
const LEAF = 64;

/**
 * Eigenvalues of the matrix with diagonal `d` and off-diagonals `e` (float64 in the heap) into d, ascending, eigenvectors
 * into the n × n matrix at `q`. Returns how many values did not converge.
 */
export function divideSymmetric(segment: Segment, n: number, d: number, e: number, q: number): number {
  const { f64 } = segment;
  segment.fill(q, 8 * n * n, 0);
  const [at, off] = [d / 8, e / 8];
  const greatest = Math.max(greatestOf(f64, at, n), greatestOf(f64, off, n - 1));
  if (greatest === 0) {
    for (let i = 0; i < n; i++) f64[q / 8 + i * (n + 1)] = 1;
    return 0;
  }
  multiplyBy(f64, at, n, 1 / greatest);
  multiplyBy(f64, off, n - 1, 1 / greatest);
  const failed = new Problem(segment, n, d, e, q).solve(0, n);
  multiplyBy(segment.f64, at, n, greatest);
  if (failed === 0) reorder(segment, ascending(segment.f64.slice(at, at + n)), d, [q]);
  return failed;
}

class Problem {
  readonly #segment: Segment;
  readonly #n: number;
  readonly #d: number;
  readonly #e: number;
  readonly #q: number;

  constructor(segment: Segment, n: number, d: number, e: number, q: number) {
    this.#segment = segment;
    this.#n = n;
    this.#d = d;
    this.#e = e;
    this.#q = q;
  }

  #halves(from: number, n: number, middle: number): Halves {
    return { ptr: this.#q + 8 * from * (this.#n + 1), ld: this.#n, rows: n, middle };
  }

  /** Rows from `from` on; the values are in no order afterwards. */
  solve(from: number, n: number): number {
    const segment = this.#segment;
    const [d, e] = [this.#d / 8 + from, this.#e / 8 + from];
    if (n <= LEAF) {
      const { ptr, ld } = this.#halves(from, n, 0);
      const { f64 } = segment;
      for (let i = 0; i < n; i++) f64[ptr / 8 + i * (ld + 1)] = 1;
      const ql = kernelOf('ql.float64', (module) => addQl(module, field));
      return ql.at(segment).run(n, 8 * d, 8 * e, ptr, 8 * ld, n);
    }
    const half = n >> 1;
    const joint = segment.f64[e + half - 1];
    segment.f64[d + half - 1] -= Math.abs(joint);
    segment.f64[d + half] -= Math.abs(joint);
    const failed = this.solve(from, half) + this.solve(from + half, n - half);
    return failed > 0 ? failed : this.#merge(from, n, half, joint);
  }

  #merge(from: number, n: number, half: number, joint: number): number {
    const segment = this.#segment;
    const halves = this.#halves(from, n, half);
    const { ptr, ld } = halves;
    const at = this.#d / 8 + from;
    const { f64 } = segment;
    const d = f64.slice(at, at + n);
    const z = new Float64Array(n);
    const kind = new Uint8Array(n);
    let [most, heaviest] = [0, 0];
    for (let j = 0; j < n; j++) {
      const column = ptr / 8 + j * ld;
      // The last row of the first half, the first of the second.
      z[j] = (j < half ? f64[column + half - 1] : Math.sign(joint) * f64[column + half]) * Math.SQRT1_2;
      kind[j] = j < half ? kinds.top : kinds.bottom;
      most = Math.max(most, Math.abs(d[j]));
      heaviest = Math.max(heaviest, Math.abs(z[j]));
    }
    const rho = Math.abs(2 * joint);
    const tolerance = 8 * ROUNDOFF * Math.max(most, heaviest);
    if (rho * heaviest <= tolerance) return 0;
    const deflated = deflate(ascending(d), 0, z, kind, tolerance, rho, (i, j, c, s) => {
      const apart = d[j] - d[i];
      if (Math.abs(apart * c * s) > tolerance) return false;
      rotateColumns(f64, halves, i, j, c, s);
      const [x, y] = [d[i], d[j]];
      d[i] = x * c * c + y * s * s;
      d[j] = x * s * s + y * c * c;
      return true;
    });
    const mark = scratch.mark();
    try {
      const { kept, gone } = deflated;
      const secular = new Secular(
        segment,
        Float64Array.from(kept, (j) => d[j]),
        Float64Array.from(kept, (j) => z[j]),
        1 / rho,
        false,
      );
      if (secular.failed > 0) return secular.failed;
      mergeVectors(segment, halves, secular, deflated, kind, false);
      mergeValues(segment, at, secular, gone, d);
      return 0;
    } finally {
      scratch.release(mark);
    }
  }
}
