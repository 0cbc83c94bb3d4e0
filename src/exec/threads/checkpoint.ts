// Where long work can be broken off: every slice and every job of the pool passes here. On the main thread nothing ever
// is; in an executor (exec/executor) the check throws when the caller has aborted.

let check: (() => void) | undefined;

/** Throws when the work under way is no longer wanted. */
export function checkpoint(): void {
  if (check !== undefined) check();
}

/** What every checkpoint of this thread asks from here on. */
export function checkAtSlices(throwIfUnwanted: () => void): void {
  check = throwIfUnwanted;
}
