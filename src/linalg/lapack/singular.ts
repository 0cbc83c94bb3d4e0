// The embedded gesdd for matrices of at least as many rows as columns: small ones in one call for the stack; of large
// ones the vectors by divide and conquer in float64 whatever the field, brought back by blocks of reflectors. Tall
// matrices are factored by QR first (Chan, "An improved algorithm for computing the SVD", TOMS 8(1), 1982).

import { type Kernel, kernelOf } from '../../kernel/compile.ts';
import { scratch } from '../../memory/allocate.ts';
import type { Segment } from '../../memory/segment.ts';
import type { SvdJob } from '../provider/routines.ts';
import { applyReflectors, type ReflectorsAt, realsFrom, realsTo, rescale, spreadReal } from './back_transform.ts';
import { bidiagonalScratch } from './bidiagonal_reduction.ts';
import { divideBidiagonal } from './divide_bidiagonal.ts';
import { type Field, fields } from './language.ts';
import { byColumns, multiplyInto } from './level3.ts';
import { overStack } from './over_stack.ts';
import { formQ, qr } from './qr.ts';
import {
  addAdjoint,
  addBidiagonal,
  addBidiagonalQr,
  addPreparation,
  addSingular,
  singularScratch,
} from './singular_kernel.ts';

/** Rows up to which one call does everything. */
const SMALL = 110;
/** Rows per column from which QR comes first. */
const TALL = 1.6;

export const isTall = (m: number, n: number): boolean => m > SMALL && m >= TALL * n;

export function svd(job: SvdJob): void {
  const { segment, field, count, info, m, n, a, s, vectors, u, vt } = job;
  const { bytes, width, name } = field;
  const columns = vectors === 'none' ? 0 : vectors === 'thin' ? n : m;
  if (m <= SMALL) {
    const kernel = kernelOf(`svd.${name}`, (module) => addSingular(module, field));
    const operands = [
      [a, m * n * bytes],
      [s, n * width],
      [u, m * columns * bytes],
      [vt, columns === 0 ? 0 : n * n * bytes],
      [info, 4],
    ] as const;
    overStack(segment, kernel, count, 12 * m * n * n, operands, [m, n, columns], singularScratch(m, n, field));
    return;
  }
  for (let i = 0; i < count; i++) {
    const [matrix, values] = [a + i * m * n * bytes, s + i * n * width];
    const factor = scaled(segment, field, m, n, matrix);
    const vectorsAt = { columns, u: u + i * m * columns * bytes, vt: vt + i * n * n * bytes };
    let failed = n;
    if (factor !== 0) {
      failed = (isTall(m, n) ? tall : dense)(segment, field, m, n, matrix, values, vectorsAt);
    }
    rescale(segment, field, n, values, factor);
    segment.i32[info / 4 + i] = failed;
  }
}

/** Brings a matrix into the safe range; the factor, 0 where it is not finite. */
export const scaled = (segment: Segment, field: Field, m: number, n: number, a: number): number =>
  kernelOf(`svd.prepare.${field.name}`, (module) => addPreparation(module, field))
    .at(segment)
    .run(m, n, a);

/** Where vectors go: columns of u (0: none are wanted). */
interface VectorsAt {
  readonly columns: number;
  readonly u: number;
  readonly vt: number;
}

/** A matrix as Q·B·Pᴴ: B's diagonal and superdiagonal at d and e (reals of the field). */
export interface Bidiagonal {
  readonly d: number;
  readonly e: number;
  readonly q: ReflectorsAt;
  readonly p: ReflectorsAt;
}

/** Reduces the m × n matrix at `a`, m ≥ n; its parts are in scratch, but for d, given, and Q's reflectors in a. */
export function bidiagonal(segment: Segment, field: Field, m: number, n: number, a: number, d: number): Bidiagonal {
  const { bytes, width, name } = field;
  const e = scratch.take(segment, n * width);
  const tau = scratch.take(segment, 2 * n * bytes);
  const v = scratch.take(segment, n * n * bytes);
  const mark = scratch.mark();
  try {
    const work = scratch.take(segment, bidiagonalScratch(m, n, field));
    kernelOf(`svd.reduce.${name}`, (module) => addBidiagonal(module, field))
      .at(segment)
      .run(m, n, a, d, e, tau, tau + n * bytes, v, work);
  } finally {
    scratch.release(mark);
  }
  return {
    d,
    e,
    q: { v: byColumns(name, a, m), m, count: n, first: 0, tau },
    p: { v: byColumns(name, v, n), m: n, count: n - 1, first: 1, tau: tau + n * bytes },
  };
}

/** Singular values of B into d, descending, and its vectors, float64 and n × n, into u and v. */
export function bidiagonalVectors(
  segment: Segment,
  field: Field,
  n: number,
  b: Bidiagonal,
  u: number,
  v: number,
): number {
  const mark = scratch.mark();
  try {
    const reals = scratch.take(segment, 16 * n);
    realsTo(segment, field, n, b.d, reals);
    realsTo(segment, field, n - 1, b.e, reals + 8 * n);
    const failed = divideBidiagonal(segment, n, reals, reals + 8 * n, u, v);
    realsFrom(segment, field, n, reals, b.d);
    return failed;
  } finally {
    scratch.release(mark);
  }
}

function dense(segment: Segment, field: Field, m: number, n: number, a: number, s: number, to: VectorsAt): number {
  const { bytes, name } = field;
  const mark = scratch.mark();
  try {
    const b = bidiagonal(segment, field, m, n, a, s);
    if (to.columns === 0) return qrOf(field).at(segment).run(n, s, b.e, 0, 0, 0, 0, 0, 0, 0);
    const left = scratch.take(segment, 16 * n * n);
    const right = left + 8 * n * n;
    const failed = bidiagonalVectors(segment, field, n, b, left, right);
    if (failed > 0) return failed;
    segment.fill(to.u, m * to.columns * bytes, 0);
    for (let j = 0; j < n; j++) spreadReal(segment, field, n, left + 8 * j * n, to.u + j * m * bytes);
    // Ones for the columns beyond.
    segment.f64[left / 8] = 1;
    for (let j = n; j < to.columns; j++) spreadReal(segment, field, 1, left, to.u + (j * m + j) * bytes);
    applyReflectors(segment, field, b.q, byColumns(name, to.u, m), to.columns);
    const p = name === 'float64' ? right : scratch.take(segment, n * n * bytes);
    spreadReal(segment, field, n * n, right, p);
    applyReflectors(segment, field, b.p, byColumns(name, p, n), n);
    adjointInto(segment, field, n, n, p, to.vt);
    return 0;
  } finally {
    scratch.release(mark);
  }
}

/** The conjugate transpose of a dense m × n matrix. */
export const adjointInto = (segment: Segment, field: Field, m: number, n: number, a: number, to: number): number =>
  kernelOf(`svd.adjoint.${field.name}`, (module) => addAdjoint(module, field))
    .at(segment)
    .run(m, n, a, to);

const qrOf = ({ width }: Field): Kernel => {
  const real = width === 4 ? fields.float32 : fields.float64;
  return kernelOf(`bidiagonal.qr.${real.name}`, (module) => addBidiagonalQr(module, real));
};

/** A = Q·R with R's decomposition: what remains of A is Q's reflectors. */
function tall(segment: Segment, field: Field, m: number, n: number, a: number, s: number, to: VectorsAt): number {
  const { bytes, name } = field;
  const mark = scratch.mark();
  try {
    const tau = scratch.take(segment, n * bytes);
    qr({ segment, field, count: 1, m, n, a, tau });
    const r = scratch.take(segment, n * n * bytes);
    upperPart(segment, field, m, n, a, r);
    if (to.columns === 0) return dense(segment, field, n, n, r, s, to);
    const inner = scratch.take(segment, n * n * bytes);
    const failed = dense(segment, field, n, n, r, s, { columns: n, u: inner, vt: to.vt });
    if (failed > 0) return failed;
    const words = (m * n * bytes) / 4;
    if (to.columns > n) {
      segment.i32.copyWithin(to.u / 4, a / 4, a / 4 + words);
      formQ({ segment, field, count: 1, m, columns: to.columns, k: n, a: to.u, tau });
      segment.i32.copyWithin(a / 4, to.u / 4, to.u / 4 + words);
    } else formQ({ segment, field, count: 1, m, columns: n, k: n, a, tau });
    multiplyInto(segment, name, m, n, n, byColumns(name, a, m), byColumns(name, inner, n), byColumns(name, to.u, m));
    return 0;
  } finally {
    scratch.release(mark);
  }
}

/** The upper triangle of the first n rows, zeros below. */
export function upperPart(segment: Segment, { bytes }: Field, m: number, n: number, a: number, to: number): void {
  segment.fill(to, n * n * bytes, 0);
  const words = bytes / 4;
  for (let j = 0; j < n; j++) {
    const column = a / 4 + j * m * words;
    segment.i32.copyWithin(to / 4 + j * n * words, column, column + (j + 1) * words);
  }
}
