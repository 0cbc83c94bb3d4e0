// Statistics of an array that comes in blocks, each looked at once and none kept. Mean and spread of blocks are joined
// by the formulas of Chan, Golub and LeVeque (1979), which lose no digits to large means; NaN and infinities are
// counted and left out of the rest.
import * as np from '../../src/index.ts';
import { type Bins, Histogram } from './histogram.ts';

/** A number, or the text of one that JSON cannot hold (complex, or an integer beyond 2^53). */
export type Value = number | string | null;

export interface Statistics {
  readonly count: number;
  readonly nan: number;
  /** Infinities of both signs, and the negative ones among them. */
  readonly inf: number;
  readonly neginf: number;
  readonly zeros: number;
  /** Of finite elements; complex ones have none. */
  readonly min?: Value;
  readonly max?: Value;
  readonly mean: Value;
  readonly std: Value;
  /** Of finite elements; of their absolute values where they are complex. */
  readonly histogram?: Bins;
}

/** Bins of the histogram as it is told. */
const BINS = 64;

interface Extreme {
  readonly value: number | bigint;
}

/** Mean as real and imaginary part, and the sum of squared deviations from it. */
interface Moments {
  readonly n: number;
  readonly re: number;
  readonly im: number;
  readonly squares: number;
}

function joined(a: Moments, b: Moments): Moments {
  if (a.n === 0) return b;
  const n = a.n + b.n;
  const [re, im] = [b.re - a.re, b.im - a.im];
  const share = b.n / n;
  return {
    n,
    re: a.re + re * share,
    im: a.im + im * share,
    squares: a.squares + b.squares + (re * re + im * im) * a.n * share,
  };
}

export class Summary {
  readonly #dtype: np.DType;
  readonly #histogram: Histogram;
  #count = 0;
  #nan = 0;
  #inf = 0;
  #neginf = 0;
  #zeros = 0;
  #min: Extreme | undefined;
  #max: Extreme | undefined;
  #moments: Moments = { n: 0, re: 0, im: 0, squares: 0 };

  constructor(dtype: np.DType) {
    this.#dtype = dtype;
    this.#histogram = new Histogram(dtype.kind === 'i' || dtype.kind === 'u');
  }

  /** A block of any shape and layout. */
  add(block: np.NDArray): void {
    if (block.size === 0) return;
    np.scope(() => np.errstate({ all: 'ignore' }, () => this.#fold(block)));
  }

  #fold(block: np.NDArray): void {
    this.#count += block.size;
    this.#zeros += block.size - Number(np.count_nonzero(block));
    const finite = this.#finite(block);
    if (finite.size === 0) return;
    const { kind } = this.#dtype;
    const wide = finite.astype(kind === 'c' ? 'complex128' : 'float64', { copy: false });
    this.#moments = joined(this.#moments, momentsOf(wide));
    if (kind === 'b') return;
    if (kind === 'c') {
      const sizes = np.abs(wide);
      this.#histogram.add(sizes, Number(np.min(sizes)), Number(np.max(sizes)));
      return;
    }
    const [low, high] = [extreme(np.min, finite), extreme(np.max, finite)];
    if (this.#min === undefined || low < this.#min.value) this.#min = { value: low };
    if (this.#max === undefined || high > this.#max.value) this.#max = { value: high };
    this.#histogram.add(wide, Number(low), Number(high));
  }

  /** The finite elements; the block itself where all are, which one sum tells. */
  #finite(block: np.NDArray): np.NDArray {
    const { kind } = this.#dtype;
    if (kind !== 'f' && kind !== 'c') return block;
    const sum = np.sum(block, { dtype: kind === 'c' ? 'complex128' : 'float64' });
    if (sum instanceof np.Complex ? Number.isFinite(sum.re + sum.im) : Number.isFinite(Number(sum))) return block;
    this.#nan += Number(np.count_nonzero(np.isnan(block)));
    this.#inf += Number(np.count_nonzero(np.isinf(block)));
    if (kind === 'f') this.#neginf += Number(np.count_nonzero(np.equal(block, Number.NEGATIVE_INFINITY)));
    return block.get(np.isfinite(block));
  }

  /** What was seen so far; undefined before the first element. */
  result(): Statistics | undefined {
    if (this.#count === 0) return undefined;
    const { n, re, im, squares } = this.#moments;
    const mean = n === 0 ? null : this.#dtype.kind === 'c' ? String(new np.Complex(re, im)) : valueOf(re);
    const histogram = this.#histogram.bins(BINS);
    return {
      count: this.#count,
      nan: this.#nan,
      inf: this.#inf,
      neginf: this.#neginf,
      zeros: this.#zeros,
      ...(this.#min !== undefined && { min: valueOf(this.#min.value) }),
      ...(this.#max !== undefined && { max: valueOf(this.#max.value) }),
      mean,
      std: n === 0 ? null : valueOf(Math.sqrt(squares / n)),
      ...(histogram !== undefined && { histogram }),
    };
  }
}

function momentsOf(x: np.NDArray): Moments {
  const mean = np.mean(x);
  const squares = Number(np.var(x)) * x.size;
  if (mean instanceof np.Complex) return { n: x.size, re: mean.re, im: mean.im, squares };
  return { n: x.size, re: Number(mean), im: 0, squares };
}

/** As a bigint where the dtype has integers that numbers do not hold. */
function extreme(of: typeof np.min, x: np.NDArray): number | bigint {
  const found: unknown = np.ravel(of(x, { keepdims: true })).item({ as: 'bigint' });
  return typeof found === 'bigint' ? found : Number(found);
}

function valueOf(x: number | bigint): Value {
  if (typeof x === 'bigint') return Number.isSafeInteger(Number(x)) ? Number(x) : String(x);
  return Number.isFinite(x) ? x : 'too large for a float64';
}
