// Which provider computes: the system's library, where settings and memory allow it and there is one, from a size on
// that is measured per routine; else the embedded algorithms. Nothing else decides, so that equal calls have equal
// bits in one process. The library's threads follow our pool's.

import { config } from '../../base/config.ts';
import { pool } from '../../exec/threads/pool.ts';
import type { Segment } from '../../memory/segment.ts';
import { type Blas, systemBlas } from '../../native/blas.ts';
import type { Jobs, RoutineName } from './routines.ts';

let aside = false;

/** Calls a function while the library is left aside, whatever the settings say: for comparing with it. */
export function withoutLibrary<R>(fn: () => R): R {
  const before = aside;
  aside = true;
  try {
    return fn();
  } finally {
    aside = before;
  }
}

/** The library, where it may work on this memory: at an address that stays, and with bits that need not be the same everywhere. */
export function libraryFor(segment: Segment): Blas | null {
  if (!(segment.shared || segment.ghost) || config.get('determinism') === 'bitwise') return null;
  return systemBlas();
}

/** Multiplications from which a product goes to the library. */
const LEAST_TERMS = 2 ** 15;

/** Elements of a matrix from which its product with a vector does. */
const LEAST_ELEMENTS = 2 ** 13;

/**
 * Order of a matrix (the lesser of its sides) from which a routine goes to the library: below, the embedded one takes no
 * longer, on one thread each. docs/design/linalg.md has the measurements.
 */
const leastOrder: Readonly<Record<RoutineName, number>> = {
  lu: 36,
  solve: 36,
  inverse: 32,
  cholesky: 36,
  qr: 48,
  formQ: 48,
  eigh: 56,
  svd: 56,
  eig: 128,
  leastSquares: 56,
};
/** The same where eigenvalues or singular values alone are asked for. */
const leastOrderOfValues: Readonly<Partial<Record<RoutineName, number>>> = { eigh: 96 };

/** The lesser side of a job's matrices. */
const orderOf = (job: Jobs[RoutineName]): number => ('m' in job ? Math.min(job.m, 'n' in job ? job.n : job.k) : job.n);

let allSizes = false;

/** Whether matrices of all sizes go to the library, for tests of small ones; what was so before. */
export function useForAllSizes(all: boolean): boolean {
  const before = allSizes;
  allSizes = all;
  return before;
}

/** Whether matrices of this order (the lesser of their sides) pay for the library's calls. */
export function orderPays(routine: RoutineName, order: number, vectors = true): boolean {
  const least = (vectors ? undefined : leastOrderOfValues[routine]) ?? leastOrder[routine];
  return order >= least || (allSizes && order > 0);
}
/** Whether a job does. */
export function pays(routine: RoutineName, job: Jobs[RoutineName]): boolean {
  const valuesOnly = 'vectors' in job && (job.vectors === false || job.vectors === 'none');
  return orderPays(routine, orderOf(job), !valuesOnly);
}
/** Whether a product of so many multiplications is. */
export const productPays = (terms: number): boolean => terms >= LEAST_TERMS || (allSizes && terms > 0);

/** Whether a product of a matrix of so many elements and a vector is. */
export const vectorProductPays = (elements: number): boolean =>
  elements >= LEAST_ELEMENTS || (allSizes && elements > 0);

/**
 * Multiplications of one matrix's routine from which the library may use threads. Below, they cost more than they save,
 * above all OpenMP's, which wait for each other busily.
 */
const THREADED_FROM = 2 ** 17;

/** Tells the library how many threads it may use for so many multiplications: as our pool, under the lease in force. */
export function settleThreads(blas: Blas, terms: number): void {
  const wanted = terms < THREADED_FROM ? 1 : pool().size;
  if (blas.setThreads !== undefined && blas.getThreads?.() !== wanted) blas.setThreads(wanted);
}

/** The multiplications of one matrix of a job, roughly. */
export const termsOf = (job: Jobs[RoutineName]): number => orderOf(job) ** 2 * ('m' in job ? job.m : job.n);
