// The form of a case of bad input, and its check: the error's class, where it says it happened, what its facts hold, that
// it names a remedy, and that nothing was written.
import { expect, it } from 'vitest';
import { OrthantError } from '../../src/base/errors.ts';

/** A wrong call: [source, class, words the message must hold, facts it must carry]. */
export type Case = readonly [
  call: (...args: never[]) => unknown,
  tag: string,
  says: readonly (string | RegExp)[],
  facts?: Readonly<Record<string, unknown>>,
];

/** The error of a call that must fail with a tagged error. */
export function refusal(call: () => unknown): OrthantError {
  try {
    call();
  } catch (error) {
    if (error instanceof OrthantError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const source = (f: (...args: never[]) => unknown): string =>
  f
    .toString()
    .replace(/^\([^)]*\)\s*=>\s*/, '')
    .replace(/__vi_import_\d+__\./g, 'np.')
    .replace(/\s+/g, ' ');

/** Checks cases; `make` gives each call fresh arguments and afterwards says whether they are as they were. */
export function refused<A extends readonly unknown[]>(
  cases: readonly Case[],
  make: () => { readonly args: A; readonly untouched: () => void },
): void {
  it.each(cases.map((c) => [source(c[0]), c] as const))('%s', (_, [call, tag, says, facts]) => {
    const { args, untouched } = make();
    const error = refusal(() => (call as (...a: unknown[]) => unknown)(...args)); // cases name the arguments they use
    expect(error.tag).toBe(tag);
    expect(error.name).toBe(tag);
    for (const part of says) expect(error.message).toMatch(part);
    expect(error.message).toBe(`${error.what}\n  fix: ${error.fix}`);
    expect(error.fix.length).toBeGreaterThan(10);
    expect(error.facts).toMatchObject(facts ?? {});
    expect(() => JSON.stringify(error)).not.toThrow();
    untouched();
  });
}
