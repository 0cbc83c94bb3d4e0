// What the browser run asks of the built package in a page, as rows: run, and what it must give. Executed by
// tools/browser.ts in Chromium, with and without cross-origin isolation; not by Vitest.
import type * as Orthant from '../../src/index.ts';

export interface BrowserCase {
  readonly name: string;
  /** Runs in the page; returns plain data. */
  readonly run: (np: typeof Orthant, isolated: boolean) => unknown;
  readonly want: unknown;
}

export const cases: readonly BrowserCase[] = [
  {
    name: 'errors are tagged and keep their facts',
    run: (np) => new np.ShapeError('what', 'fix', { axis: 1n }).toJSON(),
    want: { tag: 'ShapeError', what: 'what', fix: 'fix', facts: { axis: '1' } },
  },
];
