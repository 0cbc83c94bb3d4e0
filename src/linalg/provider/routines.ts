// What a provider of decompositions offers: one signature per routine, the same for the embedded algorithms and for the
// system's LAPACK. Jobs are stacks of matrices of one shape, each by columns and dense, one after another in the heap
// (../stacks.ts makes them); addresses are bytes, lengths elements. Routines overwrite their operands, take scratch of
// the heap's and write one int32 per matrix to `info`: 0, or what LAPACK's info of that routine would say.
// Source: LAPACK Users' Guide, 3rd edition, https://www.netlib.org/lapack/lug/.

import type { Segment } from '../../memory/segment.ts';
import type { Field } from '../lapack/language.ts';

/** What all jobs have. */
export interface Job {
  readonly segment: Segment;
  readonly field: Field;
  /** Matrices in the stack. */
  readonly count: number;
}
/** One that may fail: address of an int32 per matrix. */
export interface Failing {
  readonly info: number;
}

/** getrf: a (m × n) becomes L and U; pivots (int32, from 1, min(m, n) per matrix). info k > 0: U's k-th diagonal is 0. */
export interface LuJob extends Job, Failing {
  readonly m: number;
  readonly n: number;
  readonly a: number;
  readonly pivots: number;
}
/** gesv: a (n × n) becomes L and U, b (n × columns) the solution. info k > 0: singular, b undefined. */
export interface SolveJob extends Job, Failing {
  readonly n: number;
  readonly columns: number;
  readonly a: number;
  readonly b: number;
}
/** getrf and getri: a (n × n) becomes its inverse. info k > 0: singular. */
export interface InverseJob extends Job, Failing {
  readonly n: number;
  readonly a: number;
}
/** potrf: one triangle of a (n × n) becomes its Cholesky factor; the other is not read or written. info k > 0: the minor of order k is not positive. */
export interface CholeskyJob extends Job, Failing {
  readonly n: number;
  readonly a: number;
  readonly lower: boolean;
}
/** geqrf: a (m × n) becomes R above and the reflectors below the diagonal; tau has min(m, n) elements per matrix. */
export interface QrJob extends Job {
  readonly m: number;
  readonly n: number;
  readonly a: number;
  readonly tau: number;
}
/** orgqr, ungqr: the first `columns` columns of Q (m × columns) from k reflectors in the first k columns of a, in place. */
export interface FormQJob extends Job {
  readonly m: number;
  readonly columns: number;
  readonly k: number;
  readonly a: number;
  readonly tau: number;
}
/** syevd, heevd: eigenvalues ascending into w (n reals per matrix); a becomes the eigenvectors, or is destroyed. info > 0: no convergence. */
export interface EighJob extends Job, Failing {
  readonly n: number;
  readonly a: number;
  readonly w: number;
  readonly lower: boolean;
  readonly vectors: boolean;
}
/** gesdd with m ≥ n: singular values descending into s (n reals per matrix); u is m × m or m × n, vt n × n. a is destroyed. info > 0: no convergence. */
export interface SvdJob extends Job, Failing {
  readonly m: number;
  readonly n: number;
  readonly a: number;
  readonly s: number;
  readonly vectors: 'none' | 'thin' | 'full';
  /** 0 without vectors. */
  readonly u: number;
  readonly vt: number;
}
/** geev: eigenvalues into w (n complex numbers of the field's precision per matrix, whatever the field), right eigenvectors of norm 1 into v (complex, n × n). a is destroyed. info > 0: no convergence. */
export interface EigJob extends Job, Failing {
  readonly n: number;
  readonly a: number;
  readonly w: number;
  readonly vectors: boolean;
  /** 0 without vectors. */
  readonly v: number;
}
/** gelsd: b (max(m, n) × columns) holds the right side above and the solution of least norm afterwards; s (min(m, n) reals), rank (int32). info > 0: no convergence. */
export interface LeastSquaresJob extends Job, Failing {
  readonly m: number;
  readonly n: number;
  readonly columns: number;
  readonly a: number;
  readonly b: number;
  readonly s: number;
  readonly rank: number;
  /** Singular values up to this share of the greatest count as 0. */
  readonly rcond: number;
}

/** The jobs by routine. */
export interface Jobs {
  readonly lu: LuJob;
  readonly solve: SolveJob;
  readonly inverse: InverseJob;
  readonly cholesky: CholeskyJob;
  readonly qr: QrJob;
  readonly formQ: FormQJob;
  readonly eigh: EighJob;
  readonly svd: SvdJob;
  readonly eig: EigJob;
  readonly leastSquares: LeastSquaresJob;
}
export type RoutineName = keyof Jobs;
/** A provider's implementations. */
export type Routines = { readonly [K in RoutineName]: (job: Jobs[K]) => void };
