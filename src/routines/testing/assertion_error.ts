// What a failed assertion throws. Test runners show its `actual` and `expected` side by side.

import { type Facts, OrthantError } from '../../base/errors.ts';

/** An assertion of np.testing that does not hold. */
export class AssertionError extends OrthantError {
  static override readonly tag = 'AssertionError';
  /** As test runners know assertions. */
  readonly code = 'ERR_ASSERTION';
  /** What was there, and what should have been, as text. */
  readonly actual: string | undefined;
  readonly expected: string | undefined;
  readonly showDiff: boolean;

  constructor(
    what: string,
    fix: string,
    facts: Facts = {},
    texts?: { readonly actual: string; readonly expected: string },
  ) {
    super(what, fix, facts);
    this.actual = texts?.actual;
    this.expected = texts?.expected;
    this.showDiff = texts !== undefined;
  }
}
