// Collects what a sweep finds: failures with a line to paste, known gaps, and gaps that no longer fail.
// SWEEP=text runs only the cases whose id contains it; SWEEP_FULL=1 runs every pair of dtypes.

import { expect } from 'vitest';
import { type Gap, sweepGaps } from '../xfails.ts';

const only = process.env.SWEEP ?? '';
export const full = process.env.SWEEP_FULL === '1';

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
