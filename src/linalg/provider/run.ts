// Runs a routine of linear algebra on the provider that is for it: the one place where that is decided. Which it is
// follows from settings, routine, field and size alone, so that equal calls have equal bits in one process.

import { embedded } from './embedded.ts';
import type { Jobs, RoutineName } from './routines.ts';

/** Runs one job. */
export function run<K extends RoutineName>(routine: K, job: Jobs[K]): void {
  if (job.count === 0) return;
  embedded[routine](job);
}
