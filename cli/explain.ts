// An error as one line for its user: what went wrong and the remedy, or what the system says of a path. Anything else is
// a mistake of ours and keeps its trace.
import { OrthantError } from '../src/base/errors.ts';

const systemErrors: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'may not be read or written by this user',
  EPERM: 'may not be read or written by this user',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  ELOOP: 'links lead round in a circle',
  ENAMETOOLONG: 'the name is longer than the system allows',
  EIO: 'the device gave an error',
};

/** What the system's error means, or undefined for any other error. */
function meaningOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException; // a system error has both; anything else has neither
  const meaning = code === undefined ? undefined : systemErrors[code];
  if (meaning === undefined) return undefined;
  return path === undefined ? meaning : `${path}: ${meaning}`;
}

/** Whether this is about what the user gave, and not a mistake of ours. */
export const isUsers = (error: unknown): boolean => error instanceof OrthantError || meaningOf(error) !== undefined;

/** What went wrong, without the remedy. */
export const problemOf = (error: unknown): string =>
  error instanceof OrthantError ? error.what : (meaningOf(error) ?? String(error));

/** One line for what a user can mend; the whole trace for what only we can. */
export function explain(error: unknown): string {
  if (error instanceof OrthantError) return `${error.what}; to fix it: ${error.fix}`.replaceAll(/\s*\n\s*/g, ' ');
  const meaning = meaningOf(error);
  if (meaning !== undefined || !(error instanceof Error)) return meaning ?? String(error);
  return `${error.stack ?? error.message}\nThis is a mistake in Orthant: please report it.`;
}
