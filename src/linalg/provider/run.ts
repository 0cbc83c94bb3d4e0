// Runs a routine of linear algebra on the provider that is for it: the one place where that is decided. Which it is
// follows from settings, routine, field and size alone (choice.ts), so that equal calls have equal bits in one process.

import type { Blas } from '../../native/blas.ts';
import { lapackRoutine } from '../../native/lapack.ts';
import type { FieldName } from '../lapack/language.ts';
import { libraryFor, pays, settleThreads, termsOf } from './choice.ts';
import { embedded } from './embedded.ts';
import { nativeRoutines, runNative } from './native.ts';
import type { Jobs, RoutineName } from './routines.ts';

/** Whether a library has all that a routine needs; BLIS has products only. */
const has = (blas: Blas, routine: RoutineName, field: FieldName): boolean =>
  nativeRoutines[routine].needs.every((name) => lapackRoutine(blas, name, field) !== undefined);

/** Runs one job. */
export function run<K extends RoutineName>(routine: K, job: Jobs[K]): void {
  if (job.count === 0) return;
  const blas = pays(routine, job) ? libraryFor(job.segment) : null;
  if (blas === null || !has(blas, routine, job.field.name)) {
    embedded[routine](job);
    return;
  }
  settleThreads(blas, termsOf(job));
  runNative(blas, routine, job);
}
