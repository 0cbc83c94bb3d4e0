// Least squares fits of polynomials: weights, columns scaled to one length, np.linalg.lstsq, and what is known of the
// result. np.polyfit is the powers' form of it; which functions are fitted is the caller's business (`fitColumns`).
// Source: Press et al., "Numerical Recipes", 15.4 (general linear least squares).

import { divide, equal, multiply, sqrt } from '../array/functions.generated.ts';
import { vander } from '../array/matrices.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { sum } from '../array/reduce_functions.ts';
import { where as choose } from '../array/select.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { dtypes } from '../dtype/dtype.ts';
import { finfo } from '../dtype/info.ts';
import { requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { type Named, named } from '../exec/named.ts';
import { Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import { inv } from '../linalg/inverse.ts';
import { lstsq } from '../linalg/lstsq.ts';
import { matmul } from '../linalg/matmul.ts';
import { outer } from '../linalg/tensor.ts';
import { formatShape } from '../shape/strides.ts';

const array = (x: unknown): NDArray => nd(toArray(x as ArrayLike, 'np.polyfit')); // results of functions of arrays

/** A list of floats. */
function floats(x: ArrayLike, where: string, most = 1): NDArray {
  const a = toArray(x, where);
  requireUsable(a, where);
  if (a.ndim === 0 || a.ndim > most || a.size === 0) {
    throw new ShapeError(
      `${where}: data of shape ${formatShape(a.shape)}`,
      'pass x as a list of numbers, y as one of that length or as columns',
      { where, shape: a.shape },
    );
  }
  return a.dtype.kind === 'f' || a.dtype.kind === 'c' ? nd(a) : nd(a).astype(dtypes.float64);
}

export interface Fitted {
  /** One coefficient per column of functions; [functions, k] for k columns of y. */
  readonly coefficients: NDArray;
  readonly residuals: NDArray;
  readonly rank: number;
  readonly singular_values: NDArray;
  readonly rcond: number;
  /** Of the weighted, scaled columns: (AᵀA)⁻¹ scaled back. */
  readonly covariance: () => NDArray;
}

/** The data of a fit, checked: x [m], y [m] or [m, k], weights [m]. */
export function fitData(
  x: ArrayLike,
  y: ArrayLike,
  w: ArrayLike | undefined,
  where: string,
): { readonly x: NDArray; readonly y: NDArray; readonly w: NDArray | undefined } {
  const data = { x: floats(x, where), y: floats(y, where, 2), w: w === undefined ? undefined : floats(w, where) };
  for (const other of [data.y, data.w]) {
    if (other === undefined || other.shape[0] === data.x.size) continue;
    throw new ShapeError(
      `${where}: ${data.x.size} points and data of shape ${formatShape(other.shape)}`,
      'pass as many values, and weights, as there are points',
      { where, shapes: [data.x.shape, other.shape] },
    );
  }
  return data;
}

/** Coefficients of functions, given by their values [m, n] at the points of `data`, that make the weighted squares least. */
export function fitColumns(values: NDArray, data: ReturnType<typeof fitData>, rcond: number | undefined): Fitted {
  const [left, right] = data.w === undefined ? [values, data.y] : weighted(values, data.y, data.w);
  const lengths = array(sqrt(array(sum(array(multiply(left, left.conj())).real, 0))));
  const scales = array(choose(equal(lengths, 0), 1, lengths)); // a function that is 0 everywhere
  const scaled = array(divide(left, scales));
  const share = rcond ?? data.x.size * finfo(data.x.dtype).eps;
  const { x, residuals, rank, s } = lstsq(scaled, right, share);
  return {
    coefficients: array(divide(x.T, scales)).T.copy(),
    residuals,
    rank,
    singular_values: s,
    rcond: share,
    covariance: () => array(divide(inv(matmul(scaled.T, scaled)), outer(scales, scales))),
  };
}

function weighted(values: NDArray, y: NDArray, w: NDArray): [NDArray, NDArray] {
  const column = w.reshape([-1, 1]);
  return [array(multiply(values, column)), array(multiply(y, y.ndim === 1 ? w : column))];
}

export interface PolyfitOptions {
  /** Singular values up to this share of the greatest count as 0; default the number of points times the epsilon. */
  readonly rcond?: number;
  /** Residuals, rank, singular values and rcond too. */
  readonly full?: boolean;
  /** A weight per point, that its residual is multiplied by: 1/σ. */
  readonly w?: ArrayLike;
  /** The covariance of the coefficients too: scaled by the residuals, or 'unscaled'. */
  readonly cov?: boolean | 'unscaled';
}
const polyfitOptions = new Options(
  ['deg', 'count'],
  ['rcond', 'number'],
  ['full', 'flag'],
  ['w', 'value'],
  ['cov', 'value'],
);

/** What np.polyfit gives with `full`; also by position. */
export type FullFit = Named<{
  coefficients: NDArray;
  residuals: NDArray;
  rank: number;
  singular_values: NDArray;
  rcond: number;
}>;
/** With `cov`: coefficients and their covariance; also by position. */
export type FitWithCovariance = Named<{ coefficients: NDArray; covariance: NDArray }>;

/**
 * The polynomial of degree `deg` that fits points (x, y) best by least squares: coefficients from the highest power to the
 * lowest, [deg + 1]; one column each where y has columns. A fit that the points do not determine has rank below deg + 1
 * (see `full`), and its coefficients are those of least norm in scaled powers.
 * @throws ShapeError for data that does not fit together, ArgumentError for a degree below 0 or too few points for `cov`.
 * @example np.polyfit([0, 1, 2, 3], [1, 3, 5, 7], 1).round(12).tolist() // [2, 1]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.polyfit.html
 */
export function polyfit(
  x: ArrayLike,
  y: ArrayLike,
  deg: number,
  options: PolyfitOptions & { readonly full: true },
): FullFit;
export function polyfit(
  x: ArrayLike,
  y: ArrayLike,
  deg: number,
  options: PolyfitOptions & { readonly cov: true | 'unscaled' },
): FitWithCovariance;
export function polyfit(x: ArrayLike, y: ArrayLike, deg: number, options?: PolyfitOptions): NDArray;
export function polyfit(
  x: ArrayLike,
  y: ArrayLike,
  deg: number,
  options?: PolyfitOptions,
): NDArray | FullFit | FitWithCovariance {
  const where = 'np.polyfit';
  const o = byName<PolyfitOptions & { deg: number }>(['deg'], [deg, options], polyfitOptions, where);
  const data = fitData(x, y, o.w, where);
  const count = o.deg + 1;
  const { covariance, ...full } = fitColumns(vander(data.x, count), data, o.rcond);
  if (o.full === true) return named(full);
  if (o.cov === undefined || o.cov === false) return full.coefficients;
  return named({ coefficients: full.coefficients, covariance: scaledCovariance(covariance(), full, data, o.cov) });
}

/** The covariance times the mean squared residual, of each column of y. */
function scaledCovariance(
  base: NDArray,
  fit: Pick<Fitted, 'residuals'>,
  data: ReturnType<typeof fitData>,
  cov: true | 'unscaled',
): NDArray {
  const [points, count] = [data.x.size, base.shape[0]];
  const shaped = data.y.ndim === 1 ? base : base.reshape([count, count, 1]);
  if (cov === 'unscaled') return shaped;
  if (points <= count) {
    throw new ArgumentError(
      `np.polyfit: ${points} points leave nothing to scale the covariance of ${count} coefficients by`,
      "pass more points, or cov: 'unscaled'",
      { points, coefficients: count },
    );
  }
  return array(multiply(shaped, divide(fit.residuals, points - count)));
}
