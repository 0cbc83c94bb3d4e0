// The embedded gelsd: solutions of least norm of least squares problems by the singular values of A, or of Aᴴ where
// there are more columns than rows. Only the vectors of the bidiagonal matrix are formed; reflectors are applied to the
// right sides, and to the solutions.
// Source: Golub, Reinsch, "Singular value decomposition and least squares solutions", Numer. Math. 14, 1970.

import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import type { LeastSquaresJob } from '../provider/routines.ts';
import { applyReflectors, type ReflectorsAt, realView, rescale, spreadReal } from './back_transform.ts';
import type { Field } from './language.ts';
import { byColumns, type MatrixAt, multiplyInto, transposed } from './level3.ts';
import { qr } from './qr.ts';
import { adjointInto, bidiagonal, bidiagonalVectors, isTall, scaled, upperPart } from './singular.ts';

export function leastSquares(job: LeastSquaresJob): void {
  const { segment, field, count, info, m, n, columns, a, b, s, rank, rcond } = job;
  const { bytes, width } = field;
  const [rows, least] = [Math.max(m, n), Math.min(m, n)];
  for (let i = 0; i < count; i++) {
    const values = s + i * least * width;
    const right = b + i * rows * columns * bytes;
    const matrix = a + i * m * n * bytes;
    const factor = scaled(segment, field, m, n, matrix);
    let failed = least;
    let found = 0;
    if (factor !== 0) {
      const problem: Problem = { segment, field, m, n, columns, a: matrix, b: right, s: values, factor };
      failed = solve(problem, rcond, (r) => {
        found = r;
      });
    }
    rescale(segment, field, least, values, factor);
    segment.i32[rank / 4 + i] = found;
    segment.i32[info / 4 + i] = failed;
  }
}

interface Problem {
  readonly segment: Segment;
  readonly field: Field;
  readonly m: number;
  readonly n: number;
  readonly columns: number;
  readonly a: number;
  readonly b: number;
  readonly s: number;
  /** What the matrix was multiplied by. */
  readonly factor: number;
}

/** One problem: returns how many singular values did not converge. */
function solve(problem: Problem, rcond: number, ranked: (rank: number) => void): number {
  const { segment, field, m, n, columns, a, b, s } = problem;
  const { bytes, name } = field;
  const wide = m < n;
  const [rows, k] = wide ? [n, m] : [m, n];
  const mark = scratch.mark();
  try {
    const adjoint = wide ? scratch.take(segment, m * n * bytes) : a;
    if (wide) adjointInto(segment, field, m, n, a, adjoint);
    // The left reflectors, outermost first, and B.
    const left: ReflectorsAt[] = [];
    let inner = adjoint;
    let height = rows;
    if (isTall(rows, k)) {
      const tau = scratch.take(segment, k * bytes);
      qr({ segment, field, count: 1, m: rows, n: k, a: adjoint, tau });
      left.push({ v: byColumns(name, adjoint, rows), m: rows, count: k, first: 0, tau });
      inner = scratch.take(segment, k * k * bytes);
      upperPart(segment, field, rows, k, adjoint, inner);
      height = k;
    }
    const reduced = bidiagonal(segment, field, height, k, inner, s);
    left.push(reduced.q);
    const vectors = scratch.take(segment, 16 * k * k);
    const failed = bidiagonalVectors(segment, field, k, reduced, vectors, vectors + 8 * k * k);
    if (failed > 0) return failed;
    const of = (which: 0 | 1): MatrixAt => {
      const from = vectors + which * 8 * k * k;
      const to = name === 'float64' ? from : scratch.take(segment, k * k * bytes);
      spreadReal(segment, field, k * k, from, to);
      return byColumns(name, to, k);
    };
    const [u, v] = [of(0), of(1)];
    const x = byColumns(name, b, rows);
    const turned = (reflectors: ReflectorsAt, adjointed: boolean): void =>
      applyReflectors(segment, field, reflectors, x, columns, adjointed);
    const middle = byColumns(name, scratch.take(segment, k * columns * bytes), k);
    if (wide) turned(reduced.p, true);
    else for (const reflectors of left) turned(reflectors, true);
    multiplyInto(segment, name, k, columns, k, transposed(wide ? v : u), x, middle);
    ranked(divideByValues(problem, k, middle.ptr, rcond));
    multiplyInto(segment, name, k, columns, k, wide ? u : v, middle, x);
    if (!wide) turned(reduced.p, false);
    else {
      for (let j = 0; j < columns; j++) segment.fill(b + (j * rows + k) * bytes, (rows - k) * bytes, 0);
      for (const reflectors of left.reverse()) turned(reflectors, false);
    }
    return 0;
  } finally {
    scratch.release(mark);
  }
}

/** Rows of c divided by the singular values, those of negligible ones cleared; returns how many are not. */
function divideByValues({ segment, field, columns, s, factor }: Problem, k: number, c: number, rcond: number): number {
  const view = realView(segment, field);
  const parts = field.complex ? 2 : 1;
  const [values, from] = [s / field.width, c / field.width];
  const least = rcond * view[values];
  let rank = 0;
  while (rank < k && view[values + rank] > least) rank++;
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < k * parts; i++) {
      const row = Math.floor(i / parts);
      const at = from + j * k * parts + i;
      view[at] = row < rank ? (view[at] / view[values + row]) * factor : 0;
    }
  }
  return rank;
}
