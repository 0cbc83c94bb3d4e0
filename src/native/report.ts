// Which library does linear algebra and what it says of itself, and who else in this process has threads: for reports.
// It never makes the choice: while nothing was large enough to ask for a library, that is what is told.

import { config } from '../base/config.ts';
import { foundBlas, whyNoBlas } from './blas.ts';
import { type Identity, inC, inFortran } from './families.ts';
import { missingRoutines } from './lapack.ts';
import { type LoadedLibrary, otherLibraries } from './libraries.ts';

/** Which BLAS linear algebra goes to. */
export interface BlasReport extends Partial<Identity> {
  /** 'native', 'embedded', or 'not looked for yet' while nothing was large enough to ask. */
  readonly provider: 'native' | 'embedded' | 'not looked for yet';
  /** OpenBLAS, MKL, BLIS, Accelerate, or BLAS for any other. */
  readonly family?: string;
  /** The file of the library. */
  readonly library?: string;
  /** How its symbols are spelled. */
  readonly symbols?: string;
  /** Bits of its integers. */
  readonly integers?: number;
  /** Threads it may use now; it is told our pool's number before it computes. */
  readonly threads?: number;
  /** Routines of LAPACK that it lacks: these are embedded. */
  readonly lacks?: readonly string[];
  readonly why: string;
}

/** The state of the choice, without making it. */
export function blasReport(): BlasReport {
  const setting = config.get('blas');
  const why = `blas is '${setting}' (${config.source('blas')})`;
  if (setting === 'embedded') return { provider: 'embedded', why };
  const found = foundBlas();
  if (found === undefined) return { provider: 'not looked for yet', why };
  if (found === null) return { provider: 'embedded', why: `${why}; ${whyNoBlas()}` };
  return {
    provider: 'native',
    family: found.family,
    library: found.file,
    ...found.identify(),
    symbols: `${inC(found.spelling, 'cblas_*')}, ${inFortran(found.spelling, '*')}`,
    integers: 8 * found.integer,
    threads: found.getThreads?.(),
    lacks: missingRoutines(found),
    why,
  };
}

/** Copies of BLAS and OpenMP in this process that others loaded, and what they will do to threads. */
export function libraryReport(): LoadedLibrary[] {
  const used = foundBlas() ?? undefined;
  return otherLibraries(used?.file, used?.identify().threading);
}
