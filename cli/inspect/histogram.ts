// A histogram of numbers that come in blocks, in one pass and whatever their range turns out to be: bins are
// [k·w, (k+1)·w) with w a power of two, so when the range outgrows them, pairs of bins become one, exactly. Counts are
// those of the final bins, not estimates; only the width adapts.
import * as np from '../../src/index.ts';

/** Bins at most. */
const MOST = 512;
/** Below this width everything is one bin: quotients of the smallest numbers would overflow. */
const FINEST = -1000;
/** From this size on numbers are counted scaled down: the ends of their range would overflow. */
const LARGE = 2 ** 1000;
const SCALE = 2 ** -64;

/** Bins of equal width, the first from `from` on. */
export interface Bins {
  readonly from: number;
  readonly width: number;
  readonly counts: readonly number[];
}

/** The least exponent with whose width `low` … `high` fits, and indices are exact. */
function exponentFor(low: number, high: number, least: number): number {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  let e = Math.max(least, FINEST, Math.floor(Math.log2(largest)) - 52);
  while (Math.floor(high / 2 ** e) - Math.floor(low / 2 ** e) >= MOST) e++;
  return e;
}

export class Histogram {
  readonly #least: number;
  #exponent: number;
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;
  /** Index of the first bin: it begins at first · 2^exponent. */
  #first = 0;
  #counts = new Float64Array(0);

  /** `integers`: bins are never narrower than 1. */
  constructor(integers: boolean) {
    this.#least = integers ? 0 : FINEST;
    this.#exponent = this.#least;
  }

  /** Finite numbers in float64, with their least and greatest. */
  add(x: np.NDArray, low: number, high: number): void {
    this.#widen(Math.min(low, this.#low), Math.max(high, this.#high));
    const [begin, n] = [this.#first, this.#counts.length];
    const large = Math.max(-this.#low, this.#high) > LARGE;
    const width = 2 ** this.#exponent * (large ? SCALE : 1);
    const values = large ? np.multiply(x, SCALE) : x;
    const [counts] = np.histogram(values, { bins: n, range: [begin * width, (begin + n) * width] });
    for (let i = 0; i < n; i++) this.#counts[i] += Number(counts.data[i]);
  }

  #widen(low: number, high: number): void {
    if (low === this.#low && high === this.#high) return;
    const e = exponentFor(low, high, Math.max(this.#least, this.#exponent));
    const index = (x: number, at = e): number => Math.floor(x / 2 ** at);
    const [first, last] = [index(low), index(high)];
    const counts = new Float64Array(last - first + 1);
    // A bin's index in wider bins is its own, halved as often as the width doubled.
    const times = 2 ** (e - this.#exponent);
    this.#counts.forEach((count, i) => {
      if (count > 0) counts[Math.floor((this.#first + i) / times) - first] += count;
    });
    [this.#exponent, this.#low, this.#high, this.#first, this.#counts] = [e, low, high, first, counts];
  }

  /** At most `most` bins of equal width; undefined while there is nothing. */
  bins(most: number): Bins | undefined {
    if (this.#counts.length === 0) return undefined;
    const per = Math.ceil(this.#counts.length / most);
    const counts = Array.from({ length: Math.ceil(this.#counts.length / per) }, (_, i) =>
      this.#counts.subarray(i * per, (i + 1) * per).reduce((sum, count) => sum + count, 0),
    );
    const width = 2 ** this.#exponent;
    return { from: this.#first * width, width: per * width, counts };
  }
}

const bars = '▁▂▃▄▅▆▇█';

/** One character per bin, as high as its share of the fullest; a blank for none. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(...counts);
  return counts.map((count) => (count === 0 ? ' ' : bars[Math.ceil((count / most) * bars.length) - 1])).join('');
}
