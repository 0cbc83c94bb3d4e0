// Collects what a sweep finds: failures with a line to paste, known gaps, and gaps that no longer fail.
// SWEEP=text runs only the cases whose id contains it; SWEEP_FULL=1 runs every pair of dtypes, and every case of each.

import { expect } from 'vitest';
import { type Gap, sweepGaps } from '../xfails.ts';
import { seedOf } from './_values.ts';

const only = process.env.SWEEP ?? '';
export const full = process.env.SWEEP_FULL === '1';

/**
 * One in `of` of the cases of one subject, beginning where its id says: so that among all rows and dtypes every case
 * comes up many times. All of them with SWEEP_FULL=1, or when asked for by id.
 */
export function part<T>(cases: readonly T[], of: number, id: string): readonly T[] {
  if (full || only !== '') return cases;
  const first = seedOf(id) % of;
  return cases.filter((_, i) => i % of === first % Math.min(of, cases.length));
}

/** Most failures shown of one row: more say nothing new. */
const SHOWN = Number(process.env.SWEEP_SHOWN ?? 5);

export class Verdict {
  readonly #failures: string[] = [];
  readonly #met = new Map<Gap, { cases: number; failed: number }>();
  cases = 0;

  /** Is this case to be run? */
  wants(id: string): boolean {
    return only === '' || id.includes(only);
  }

  /** Runs one case; `check` returns what is wrong, or undefined. */
  run(id: string, check: () => string | undefined): void {
    if (!this.wants(id)) return;
    this.cases++;
    let wrong: string | undefined;
    try {
      wrong = check();
    } catch (error) {
      wrong = error instanceof Error ? `threw ${error.stack?.split('\n').slice(0, 6).join('\n    ')}` : String(error);
    }
    const gap = sweepGaps.find((g) => g.cases.test(id));
    if (gap !== undefined) {
      const met = this.#met.get(gap) ?? { cases: 0, failed: 0 };
      this.#met.set(gap, { cases: met.cases + 1, failed: met.failed + (wrong === undefined ? 0 : 1) });
      return;
    }
    if (wrong !== undefined) this.#failures.push(`${id}: ${wrong}\n    SWEEP='${id}' npx vitest run test/sweep`);
  }

  /** Fails with what was found. */
  finish(): void {
    for (const [gap, { cases, failed }] of this.#met) {
      if (failed === 0 && only === '') {
        this.#failures.push(`${cases} cases match ${gap.cases} and pass: remove the entry from test/xfails.ts`);
      }
    }
    const shown = this.#failures.slice(0, SHOWN).join('\n');
    const rest = this.#failures.length > SHOWN ? `\n… and ${this.#failures.length - SHOWN} more` : '';
    expect.soft(this.#failures.length, `${this.#failures.length} of ${this.cases} cases fail\n${shown}${rest}`).toBe(0);
  }
}
