// np.polynomial's classes: a series in a basis with a domain, mapped to a window where the basis is at its best. One class
// does the work for all six; which basis it is stands in a row (bases.ts).
// biome-ignore-all lint/complexity/noThisInStatic: the six classes inherit these functions

import { NDArray, nd } from '../../array/ndarray.ts';
import { linspace } from '../../array/ranges.ts';
import { max, min } from '../../array/reduce_functions.ts';
import { sort } from '../../array/sorting.ts';
import { ArgumentError } from '../../base/errors.ts';
import { type DType, dtypes } from '../../dtype/dtype.ts';
import { promote } from '../../dtype/promotion.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { newArray, requireUsable } from '../../exec/array_base.ts';
import { type ArrayLike, elements, readAt, toArray } from '../../exec/coerce.ts';
import { eigvals } from '../../linalg/eig.ts';
import { fitColumns, fitData } from '../polynomial_fit.ts';
import { type Basis, bases } from './bases.ts';
import { floatList, fromSeries, toSeries } from './coefficients.ts';
import { membersAt, valuesAt } from './evaluate.ts';
import * as algebra from './series.ts';

export type Interval = readonly [number, number];

export interface SeriesOptions {
  /** Where the series is used; mapped to the window. */
  readonly domain?: Interval;
  /** Where the basis is evaluated. */
  readonly window?: Interval;
}
export interface SeriesFitOptions {
  /** The domain; by default the least interval with all points. */
  readonly domain?: Interval;
  readonly window?: Interval;
  /** Singular values up to this share of the greatest count as 0. */
  readonly rcond?: number;
  /** A weight per point, that its residual is multiplied by. */
  readonly w?: ArrayLike;
}
/** One of the classes. */
export interface SeriesClass<S extends PolynomialSeries> {
  readonly basis_row: Basis;
  new (coef: ArrayLike, options?: SeriesOptions): S;
}

/** [off, slope] of the line that maps one interval to another. */
function lineOf([from0, from1]: Interval, [to0, to1]: Interval): [off: number, slope: number] {
  const length = from1 - from0;
  return [(from1 * to0 - from0 * to1) / length, (to1 - to0) / length];
}
const mapped = (x: NDArray, [off, slope]: readonly [number, number]): NDArray => nd(x.multiply(slope).add(off));

/** A series in one of the bases; see its classes. */
export class PolynomialSeries {
  static readonly basis_row: Basis = bases.power;
  /** Coefficients, the lowest degree first. */
  readonly coef: NDArray;
  readonly domain: Interval;
  readonly window: Interval;

  /** @throws ShapeError for coefficients that are no list. */
  constructor(coef: ArrayLike, { domain, window }: SeriesOptions = {}) {
    const list = floatList(coef, 'np.polynomial');
    this.coef = fromSeries(algebra.trimmed(toSeries(list)), list.dtype);
    this.domain = domain ?? this.basis.interval;
    this.window = window ?? this.basis.interval;
  }

  get basis(): Basis {
    return (this.constructor as unknown as { basis_row: Basis }).basis_row; // a static field of its class
  }
  get #series(): algebra.Series {
    return toSeries(this.coef);
  }
  /** A series of the same class, domain and window. */
  #made(s: algebra.Series, dtype: DType = this.coef.dtype): this {
    const made = this.constructor as unknown as SeriesClass<this>; // its own class
    return new made(fromSeries(s, dtype), this);
  }
  #with(other: PolynomialSeries | Scalar, what: string): [algebra.Series, DType] {
    if (!(other instanceof PolynomialSeries)) {
      const list = floatList(toArray(other, 'np.polynomial'), 'np.polynomial');
      return [toSeries(list), list.dtype.kind === 'c' ? promote(this.coef.dtype, dtypes.complex64) : this.coef.dtype];
    }
    const same = (a: Interval, b: Interval): boolean => a[0] === b[0] && a[1] === b[1];
    if (other.basis === this.basis && same(other.domain, this.domain) && same(other.window, this.window)) {
      return [other.#series, promote(this.coef.dtype, other.coef.dtype)];
    }
    throw new ArgumentError(
      `np.polynomial: ${what} of a ${this.basis.name} on ${this.domain} and a ${other.basis.name} on ${other.domain}`,
      'convert one of them first: p.convert(kind, { domain, window })',
      { domains: [this.domain, other.domain], windows: [this.window, other.window] },
    );
  }

  /** Values at points of the domain; of a number a number. */
  at(x: number): Scalar;
  at(x: Exclude<ArrayLike, Scalar>): NDArray;
  at(x: ArrayLike): NDArray | Scalar;
  at(x: ArrayLike): NDArray | Scalar {
    const points = toArray(x, 'np.polynomial');
    requireUsable(points, 'np.polynomial');
    const floats = points.dtype.kind === 'f' || points.dtype.kind === 'c' ? points.dtype : dtypes.float64;
    const dtype = promote(floats, this.coef.dtype);
    const moved = mapped(nd(points).astype(dtype), this.mapparms());
    const out = valuesAt(this.basis, [...elements(this.coef)] as Scalar[], moved, dtype);
    return x instanceof NDArray || points.ndim > 0 ? out : readAt(out, out.offset);
  }
  /** Offset and slope of the line from the domain to the window. */
  mapparms(): [off: number, slope: number] {
    return lineOf(this.domain, this.window);
  }
  degree(): number {
    return this.coef.size - 1;
  }
  copy(): this {
    return this.#made(this.#series);
  }

  add(other: PolynomialSeries | Scalar): this {
    const [s, dtype] = this.#with(other, 'the sum');
    return this.#made(algebra.add(this.#series, s), dtype);
  }
  subtract(other: PolynomialSeries | Scalar): this {
    const [s, dtype] = this.#with(other, 'the difference');
    return this.#made(algebra.add(this.#series, algebra.negated(s)), dtype);
  }
  negative(): this {
    return this.#made(algebra.negated(this.#series));
  }
  multiply(other: PolynomialSeries | Scalar): this {
    const [s, dtype] = this.#with(other, 'the product');
    return this.#made(algebra.multiply(this.basis, this.#series, s), dtype);
  }
  /** Quotient and remainder. @throws ArgumentError for a divisor that is 0. */
  divmod(other: PolynomialSeries | Scalar): [quotient: this, remainder: this] {
    const [s, dtype] = this.#with(other, 'the quotient');
    if (algebra.trimmed(s).every(([re, im]) => re === 0 && im === 0)) {
      throw new ArgumentError('np.polynomial: division by the polynomial 0', 'check the divisor first', {});
    }
    const [quotient, rest] = algebra.divided(this.basis, this.#series, s);
    return [this.#made(quotient, dtype), this.#made(rest, dtype)];
  }
  floor_divide(other: PolynomialSeries | Scalar): this {
    return this.divmod(other)[0];
  }
  remainder(other: PolynomialSeries | Scalar): this {
    return this.divmod(other)[1];
  }
  /** A whole power. @throws ArgumentError for another exponent. */
  power(n: number): this {
    if (!Number.isSafeInteger(n) || n < 0 || n > 1000) {
      throw new ArgumentError(`np.polynomial: a power of ${n}`, 'pass an integer from 0 to 1000', { exponent: n });
    }
    return this.#made(algebra.raised(this.basis, this.#series, n));
  }
  /** The derivative of order m by the variable of the domain. */
  deriv(m = 1): this {
    const [, slope] = this.mapparms();
    let s = this.#series;
    for (let i = 0; i < m; i++) s = algebra.scale(algebra.derived(this.basis, s), [slope, 0]);
    return this.#made(s);
  }
  /** The antiderivative of order m: each time k[i] (0) at `lbnd`, a point of the domain; by default at 0 of the window. */
  integ(m = 1, { k = [], lbnd }: { readonly k?: readonly number[]; readonly lbnd?: number } = {}): this {
    const [off, slope] = this.mapparms();
    const from = lbnd === undefined ? 0 : off + slope * lbnd;
    let s = this.#series;
    for (let i = 0; i < m; i++) {
      s = algebra.scale(algebra.integrated(this.basis, s), [1 / slope, 0]);
      const [value] = algebra.composed(this.basis, s, bases.power, from, 0);
      s = algebra.add(s, [[(k[i] ?? 0) - value[0], -value[1]]]);
    }
    return this.#made(s);
  }
  /** The zeros, ascending; real where all are. */
  roots(): NDArray {
    const s = algebra.trimmed(this.#series);
    if (s.length < 2) return nd(newArray([0], this.coef.dtype));
    const rows = algebra.companion(this.basis, s);
    const n = rows.length;
    const matrix = fromSeries(rows.flat(), this.coef.dtype).reshape([n, n]);
    return sort(mapped(eigvals(matrix), lineOf(this.window, this.domain)));
  }
  /** n points across the domain and the values there. */
  linspace(n = 100, domain: Interval = this.domain): [x: NDArray, y: NDArray] {
    const x = linspace(domain[0], domain[1], n);
    return [x, this.at(x)];
  }
  /** Without the highest coefficients whose magnitude is at most `tolerance`. */
  trim(tolerance = 0): this {
    return this.#made(algebra.trimmed(this.#series, tolerance));
  }
  /** The first `size` coefficients. */
  truncate(size: number): this {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new ArgumentError(`np.polynomial: ${size} coefficients`, 'keep at least one', { size });
    }
    return this.#made(this.#series.slice(0, size));
  }
  /** Up to this degree. */
  cutdeg(degree: number): this {
    return this.truncate(degree + 1);
  }
  /**
   * The same polynomial as a series of another class (its own by default), domain or window.
   * @throws ArgumentError for what is no class of series.
   */
  convert<S extends PolynomialSeries = this>(
    kind: SeriesClass<S> = this.constructor as unknown as SeriesClass<S>, // its own class
    { domain, window }: SeriesOptions = {},
  ): S {
    const to = typeof kind === 'function' ? (kind as Partial<SeriesClass<S>>).basis_row : undefined; // any function may be passed
    if (to === undefined) {
      throw new ArgumentError(
        'np.polynomial: convert to what is no class of series',
        'pass np.polynomial.Chebyshev or another',
        {},
      );
    }
    const where = { domain: domain ?? to.interval, window: window ?? to.interval };
    const [off, slope] = this.mapparms();
    const [back, factor] = lineOf(where.window, where.domain);
    const s = algebra.composed(this.basis, this.#series, to, off + slope * back, slope * factor);
    return new kind(fromSeries(s, this.coef.dtype), where);
  }

  /**
   * The series of degree `deg` that fits points best by least squares, its domain the interval of the points.
   * @throws ShapeError for data that does not fit together.
   * @example np.polynomial.Polynomial.fit([0, 1, 2], [1, 3, 5], 1).at(3).toFixed(9) // '7.000000000'
   */
  static fit<S extends PolynomialSeries>(
    this: SeriesClass<S>,
    x: ArrayLike,
    y: ArrayLike,
    deg: number,
    { domain, window = this.basis_row.interval, rcond, w }: SeriesFitOptions = {},
  ): S {
    const data = fitData(x, y, w, 'np.polynomial');
    const interval = domain ?? intervalOf(data.x);
    const moved = mapped(data.x, lineOf(interval, window));
    const { coefficients } = fitColumns(membersAt(this.basis_row, moved, deg), data, rcond);
    return new this(coefficients, { domain: interval, window });
  }
  /** The series with these zeros in the domain, its highest power with factor 1. */
  static fromroots<S extends PolynomialSeries>(this: SeriesClass<S>, zeros: ArrayLike, options: SeriesOptions = {}): S {
    const { interval } = this.basis_row;
    const { domain = interval, window = interval } = options;
    const [off, slope] = lineOf(domain, window);
    const list = floatList(zeros, 'np.polynomial');
    const moved = toSeries(list).map(([re, im]) => [off + slope * re, slope * im] as const);
    const factor = moved.reduce((f) => f / slope, 1);
    const s = algebra.scale(algebra.fromZeros(this.basis_row, moved), [factor, 0]);
    return new this(fromSeries(s, list.dtype), { domain, window });
  }
  /** The member of the basis of this degree. */
  static basis<S extends PolynomialSeries>(this: SeriesClass<S>, deg: number, options: SeriesOptions = {}): S {
    return new this([...new Array<number>(deg).fill(0), 1], options);
  }
  /** The series x. */
  static identity<S extends PolynomialSeries>(this: SeriesClass<S>, options: SeriesOptions = {}): S {
    const { interval } = this.basis_row;
    const { domain = interval, window = interval } = options;
    return new this(fromSeries(algebra.line(this.basis_row, ...lineOf(window, domain)), dtypes.float64), options);
  }
  /** Another series as one of this class. */
  static cast<S extends PolynomialSeries>(this: SeriesClass<S>, series: PolynomialSeries, options?: SeriesOptions): S {
    return series.convert(this, options);
  }
}

function intervalOf(x: NDArray): Interval {
  const [low, high] = [Number(min(x.real)), Number(max(x.real))];
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** Powers of x. @see https://numpy.org/doc/stable/reference/generated/numpy.polynomial.polynomial.Polynomial.html */
export class Polynomial extends PolynomialSeries {}
/** Chebyshev polynomials of the first kind. */
export class Chebyshev extends PolynomialSeries {
  static override readonly basis_row: Basis = bases.chebyshev;
}
/** Legendre polynomials. */
export class Legendre extends PolynomialSeries {
  static override readonly basis_row: Basis = bases.legendre;
}
/** Hermite polynomials, the physicists'. */
export class Hermite extends PolynomialSeries {
  static override readonly basis_row: Basis = bases.hermite;
}
/** Hermite polynomials, the probabilists'. */
export class HermiteE extends PolynomialSeries {
  static override readonly basis_row: Basis = bases.hermite_e;
}
/** Laguerre polynomials. */
export class Laguerre extends PolynomialSeries {
  static override readonly basis_row: Basis = bases.laguerre;
}
