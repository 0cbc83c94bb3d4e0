// What one measurement is: a case, and how lists of cases on the same arrays are written.

export interface BenchCase {
  readonly group: string;
  readonly name: string;
  readonly setup: Readonly<Record<string, string | Each>>;
  readonly run: string | Each;
  /** Part of a --quick run. */
  readonly quick?: true;
}

/** JavaScript and Python text where they differ. */
export interface Each {
  readonly js: string;
  readonly py: string;
}

export const data = (dtype: string, shape: readonly number[], low = -10, high = 10): string =>
  `data('${dtype}', [${shape}], ${low}, ${high})`;

/** Cases on given arrays: [name, expression] or [name, JavaScript, Python]. */
export function listed(
  group: string,
  setup: BenchCase['setup'],
  cases: readonly (readonly [string, string] | readonly [string, string, string])[],
): BenchCase[] {
  return cases.map(([name, js, py], i) => ({
    group,
    name,
    setup,
    run: py === undefined ? js : { js, py },
    ...(i === 0 && { quick: true }),
  }));
}
