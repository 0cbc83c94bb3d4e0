// np.linalg.verify: every routine in every field on a few matrices, on the provider in use and on the embedded one, with
// residuals and the difference of both. It throws nothing: what goes wrong is a verdict.

import { primarySegment } from '../../memory/allocate.ts';
import type { Blas } from '../../native/blas.ts';
import { lapackRoutine } from '../../native/lapack.ts';
import { type FieldName, fields } from '../lapack/language.ts';
import { libraryFor, settleThreads, termsOf, withoutLibrary } from '../provider/choice.ts';
import { embedded } from '../provider/embedded.ts';
import { nativeRoutines, runNative } from '../provider/native.ts';
import type { Jobs, RoutineName, Routines } from '../provider/routines.ts';
import { CheckBench } from './bench.ts';
import { kinds, type MatrixKind, matrixOf } from './cases.ts';
import { type CheckRow, checks, type Outcome } from './checks.ts';

/** Residuals up to here pass; those of good libraries stay below 5. */
const LIMIT = 30;
/** Shapes of matrices, and those that are large enough for blocked algorithms, which get kinds of `large` only. */
const squares = [1, 2, 5, 17, 40];
const oblongs = [
  [5, 3],
  [3, 5],
  [40, 12],
  [12, 40],
];
const LARGE = 32;

/** What one routine did in one dtype. */
export interface VerifyRow {
  readonly routine: string;
  readonly dtype: string;
  /** Matrices it was run on. */
  readonly cases: number;
  /** Greatest residual of the provider in use, in units of n·ε·‖A‖; undefined where it failed. */
  readonly residual: number | undefined;
  /** The matrix that had it. */
  readonly worst: string;
  readonly embedded: number | undefined;
  /** Greatest relative difference of both on matrices with one answer, in units of n·ε; undefined with one provider. */
  readonly difference: number | undefined;
  readonly verdict: 'passes' | 'fails';
  /** Why it fails, or what else is to be said. */
  readonly note: string;
}

/** What np.linalg.verify says, as plain data. */
export interface VerifyReport {
  readonly provider: 'native' | 'embedded';
  readonly library: string | undefined;
  /** The greatest residual that passes. */
  readonly limit: number;
  readonly passed: boolean;
  readonly rows: readonly VerifyRow[];
  /** The same as a table to print. */
  readonly text: string;
}

function reportOf(library: string | undefined, rows: readonly VerifyRow[]): VerifyReport {
  const passed = rows.every((row) => row.verdict === 'passes');
  const number = (x: number | undefined): string => (x === undefined ? '-' : x.toPrecision(2)).padStart(9);
  const lines = rows.map((r) => {
    const figures = [r.residual, r.embedded, r.difference].map(number).join(' ');
    return `${r.routine.padEnd(16)} ${r.dtype.padEnd(10)} ${figures}  ${r.verdict}${r.note && `: ${r.note}`}`;
  });
  const heads = ['residual', 'embedded', 'differ'].map((name) => name.padStart(9)).join(' ');
  const text = [
    `linear algebra by ${library ?? 'the embedded provider'}: ${passed ? 'passes' : 'FAILS'}`,
    `${'routine'.padEnd(16)} ${'dtype'.padEnd(10)} ${heads}`,
    ...lines,
  ].join('\n');
  return { provider: library === undefined ? 'embedded' : 'native', library, limit: LIMIT, passed, rows, text };
}

/** All routines of a library, whatever the size of the matrices. */
const nativeOf = (blas: Blas): Routines => {
  const names = Object.keys(nativeRoutines) as RoutineName[]; // the keys of that very object
  const runs = names.map((name) => {
    const run = (job: Jobs[typeof name]): void => {
      settleThreads(blas, termsOf(job));
      runNative(blas, name, job);
    };
    return [name, run];
  });
  return Object.fromEntries(runs) as unknown as Routines; // one entry per routine, each of its own job
};

interface Case {
  readonly kind: MatrixKind;
  readonly m: number;
  readonly n: number;
}

function casesOf(row: CheckRow): Case[] {
  const allowed = ([m, n]: readonly number[]): boolean => row.shapes === 'any' || (row.shapes === 'tall' && m > n);
  const shapes = [...squares.map((n) => [n, n]), ...oblongs.filter(allowed)];
  return shapes.flatMap(([m, n]) =>
    kinds.filter((kind) => kind.large || Math.max(m, n) < LARGE).map((kind) => ({ kind, m, n })),
  );
}

function outcome(row: CheckRow, provider: Routines, dtype: FieldName, { kind, m, n }: Case): Outcome {
  const on = new CheckBench(provider, fields[dtype]);
  try {
    return row.check(on, on.rounded(matrixOf(kind, m, n, on.field.complex)));
  } finally {
    on.done();
  }
}

/** The greatest relative difference of two answers, in units of n·ε. */
function apart(dtype: FieldName, x: Outcome, y: Outcome): number {
  const n = Math.max(x.answer.m, x.answer.n);
  const size = Math.max(x.answer.greatest(), y.answer.greatest());
  return size === 0 ? 0 : x.answer.minus(y.answer).greatest() / (size * n * fields[dtype].eps);
}

function check(row: CheckRow, dtype: FieldName, own: Routines, blas: Blas | null): VerifyRow {
  const cases = casesOf(row);
  const about = { routine: row.name, dtype, cases: cases.length };
  let [residual, other, difference, worst, note] = [0, 0, 0, '', ''];
  let embeddedFails = '';
  for (const one of cases) {
    const name = `${one.kind.name} ${one.m} × ${one.n}`;
    let mine: Outcome;
    try {
      mine = outcome(row, own, dtype, one);
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
      return {
        ...about,
        residual: undefined,
        worst: name,
        embedded: undefined,
        difference: undefined,
        verdict: 'fails',
        note: why,
      };
    }
    if (!(mine.residual <= residual)) [residual, worst] = [mine.residual, name];
    if (one.kind.regular && mine.info !== 0) note = `info is ${mine.info} for ${name}`;
    if (blas === null || embeddedFails !== '') continue;
    try {
      const theirs = withoutLibrary(() => outcome(row, embedded, dtype, one));
      if (!(theirs.residual <= other)) other = theirs.residual;
      if (one.kind.regular) difference = Math.max(difference, apart(dtype, mine, theirs));
    } catch (error) {
      embeddedFails = `embedded: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
    }
  }
  const passes = residual <= LIMIT && note === '' && (embeddedFails !== '' || !(difference > LIMIT * LIMIT));
  if (!(residual <= LIMIT)) note = `the residual is ${residual} for ${worst}`;
  const both = blas !== null && embeddedFails === '';
  return {
    ...about,
    residual,
    worst,
    embedded: both ? other : undefined,
    difference: both ? difference : undefined,
    verdict: passes ? 'passes' : 'fails',
    note: note || embeddedFails,
  };
}

/**
 * Runs every routine of linear algebra in every dtype on a few matrices, on the provider in use and on the embedded one,
 * and reports residuals in units of n·ε·‖A‖ and the difference of both. Takes about a second.
 * @example np.linalg.verify().passed // true
 */
export function verify(): VerifyReport {
  let blas: Blas | null = null;
  try {
    blas = libraryFor(primarySegment());
  } catch (error) {
    const note = error instanceof Error ? error.message : String(error);
    const nothing = { cases: 0, residual: undefined, worst: '', embedded: undefined, difference: undefined } as const;
    return reportOf(undefined, [{ routine: 'provider', dtype: '', ...nothing, verdict: 'fails', note }]);
  }
  const dtypes = Object.keys(fields) as FieldName[]; // the keys of that very object
  const rows = checks.flatMap((row) =>
    dtypes.map((dtype): VerifyRow => {
      const has = blas !== null && nativeRoutines[row.routine].needs.every((n) => lapackRoutine(blas, n, dtype));
      const result = check(row, dtype, has && blas !== null ? nativeOf(blas) : embedded, has ? blas : null);
      if (blas === null || has) return result;
      return { ...result, note: result.note || 'the library lacks it; embedded' };
    }),
  );
  return reportOf(blas?.file, rows);
}
