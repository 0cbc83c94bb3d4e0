// Interleaved measurements and a table, for the benchmarks of this folder: the variants take turns, so that whatever else
// the machine does hits all of them, and the shortest of each counts.

/** Shortest milliseconds of each variant; every one has `seconds` of time in all. */
export function race(variants: readonly (() => unknown)[], seconds: number): number[] {
  for (const run of variants) for (let i = 0; i < 3; i++) run();
  const best = variants.map(() => Number.POSITIVE_INFINITY);
  const end = performance.now() + 1000 * seconds * variants.length;
  for (let round = 0; round < 5 || performance.now() < end; round++) {
    for (let v = 0; v < variants.length; v++) {
      const start = performance.now();
      variants[v]();
      best[v] = Math.min(best[v], performance.now() - start);
    }
  }
  return best;
}

/** The smallest value under which a share of all lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Prints rows under their headings. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const text = rows.map((row) => row.map((x) => (typeof x === 'number' ? x.toPrecision(3) : x)));
  const widths = headings.map((h, i) => Math.max(h.length, ...text.map((row) => row[i].length)));
  for (const row of [headings, ...text]) console.log(row.map((x, i) => x.padEnd(widths[i])).join('  '));
}
