// Covariance and correlation of variables: deviations from the weighted means, then one matrix product.

import { real } from '../array/complex_parts.ts';
import { conjugate, divide, multiply, sqrt, subtract } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { all, sum } from '../array/reduce_functions.ts';
import { residentArray } from '../array/reductions.ts';
import { clip } from '../array/rounding.ts';
import { diagonal, squeeze, transpose } from '../array/views.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../dtype/dtype.ts';
import { promoteAll } from '../dtype/promotion.ts';
import { type ArrayBase, newArray, reinterpret } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { copyInto } from '../exec/copy.ts';
import { checkInteger, Options } from '../exec/options.ts';
import { timed } from '../exec/timed.ts';
import { matmul } from '../linalg/matmul.ts';
import { formatShape } from '../shape/strides.ts';
import { average } from './average.ts';

export interface CorrcoefOptions {
  /** Further variables, of as many observations. */
  readonly y?: ArrayLike | null;
  /** Rows are variables (true), or columns are. */
  readonly rowvar?: boolean;
  readonly dtype?: DTypeLike;
}

export interface CovOptions extends CorrcoefOptions {
  /** Divide by the number of observations instead of one less. */
  readonly bias?: boolean;
  /** The divisor is the number of observations minus this; overrides bias. */
  readonly ddof?: number | null;
  /** How often each observation counts: integers. */
  readonly fweights?: ArrayLike | null;
  /** How much each observation counts. */
  readonly aweights?: ArrayLike | null;
}

const covOptions = new Options(
  ['y', 'value'],
  ['rowvar', 'keepdims'],
  ['bias', 'keepdims'],
  ['ddof', 'value'],
  ['fweights', 'value'],
  ['aweights', 'value'],
  'dtype',
);
const corrOptions = new Options(['y', 'value'], ['rowvar', 'keepdims'], 'dtype');

// One variable per row.
function variables(x: ArrayBase, rowvar: boolean, where: string): ArrayBase {
  if (x.ndim > 2) throw new ShapeError(`${where}: ${x.ndim} dimensions`, 'pass at most two', { shape: x.shape });
  if (x.ndim === 2) return rowvar ? x : transpose(x);
  return reinterpret(x, x.offset, [1, x.size], [x.nbytes, x.strides[0] ?? x.itemsize]);
}

// The variables of both, in one fresh array of the dtype that is computed in.
function joined(rows: readonly ArrayBase[], d: DType, where: string): NDArray {
  const n = rows[0].shape[1];
  if (rows.some((r) => r.shape[1] !== n)) {
    throw new ShapeError(
      `${where}: ${rows.map((r) => r.shape[1]).join(' and ')} observations`,
      'pass as many of y as of m',
      {
        shapes: rows.map((r) => r.shape),
      },
    );
  }
  const out = newArray([rows.reduce((k, r) => k + r.shape[0], 0), n], d);
  let at = 0;
  for (const r of rows) {
    copyInto(r, reinterpret(out, at * out.strides[0], r.shape, out.strides));
    at += r.shape[0];
  }
  return nd(out);
}

function checkedWeights(
  x: ArrayLike | null | undefined,
  n: number,
  name: string,
  whole: boolean,
  where: string,
): NDArray | undefined {
  if (x === undefined || x === null) return undefined;
  const w = nd(residentArray(x, `${where} ${name}`)).astype('float64');
  if (w.ndim !== 1 || w.size !== n) {
    throw new ShapeError(
      `${where}: ${name} of shape ${formatShape(w.shape)} for ${n} observations`,
      'pass one per observation',
      {
        shape: w.shape,
        observations: n,
      },
    );
  }
  if (!all(w.greater_equal(0)) || (whole && !all(w.equal(w.rint())))) {
    throw new ArgumentError(
      `${where}: ${name} must not be negative${whole ? ' or fractions' : ''}`,
      'check the weights',
      { name },
    );
  }
  return w;
}

function covariances(m: ArrayLike, y: ArrayLike | null | undefined, o: CovOptions, where: string): NDArray {
  const given = [m, ...(y === undefined || y === null ? [] : [y])].map((x) => residentArray(toArray(x, where), where));
  const rowvar = o.rowvar ?? true;
  const natural = promoteAll([
    ...given.map((a) => (a.dtype === dtypes.uint64 ? dtypes.float64 : a.dtype)),
    dtypes.float64,
  ]);
  const d = o.dtype === undefined ? natural : asDType(o.dtype);
  // A single row as y is one variable whatever rowvar says.
  const rows = given.map((x, i) => variables(x, rowvar || (i === 1 && x.shape[0] === 1), where));
  if (rows[0].shape[0] === 0) return nd(newArray([0, 0], d));
  const x = joined(rows, d, where);
  const n = x.shape[1];
  if (o.ddof !== undefined && o.ddof !== null) checkInteger(o.ddof, 'ddof', where);
  const ddof = o.ddof ?? (o.bias === true ? 0 : 1);
  const f = checkedWeights(o.fweights, n, 'fweights', true, where);
  const a = checkedWeights(o.aweights, n, 'aweights', false, where);
  const w = f === undefined ? a : a === undefined ? f : multiply(f, a);
  const total = w === undefined ? n : Number(sum(w));
  const lost = w === undefined || a === undefined || ddof === 0 ? ddof : (ddof * Number(sum(multiply(w, a)))) / total;
  const freedom = Math.max(0, total - lost);
  const mean = average(x, { axis: 1, weights: w, keepdims: true }) as NDArray; // an axis gives an array
  subtract(x, mean, { out: x });
  const conjugated = d.kind === 'c' ? conjugate(x) : x;
  const weighted = w === undefined ? conjugated : multiply(conjugated, w);
  const c = matmul(x, transpose(weighted));
  return divide(c, freedom, { out: c.dtype.kind === 'f' || c.dtype.kind === 'c' ? c : undefined });
}

/**
 * Covariance matrix of variables, one per row (`rowvar: false`: per column), with those of `y` after them; a scalar
 * array for one variable. float64, or complex128, unless `dtype` says otherwise.
 * @throws ShapeError for more than two dimensions or what does not fit, ArgumentError for negative weights.
 * @example np.cov([[0, 1, 2], [2, 1, 0]]) // array([[ 1., -1.], [-1.,  1.]])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.cov.html
 */
export function cov(m: ArrayLike, y?: ArrayLike | null | CovOptions, options?: CovOptions): NDArray {
  if (events.timing) return timed('cov', cov, m, y, options);
  const where = 'np.cov';
  const [second, o] = secondArgument(y, options, covOptions, where);
  return squeeze(covariances(m, second, o, where));
}

/**
 * Correlation coefficients of variables: their covariances divided by their standard deviations, within -1 and 1.
 * @throws ShapeError as {@link cov}.
 * @example np.corrcoef([[0, 1, 2], [2, 1, 0]]) // array([[ 1., -1.], [-1.,  1.]])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.corrcoef.html
 */
export function corrcoef(x: ArrayLike, y?: ArrayLike | null | CorrcoefOptions, options?: CorrcoefOptions): NDArray {
  const where = 'np.corrcoef';
  const [second, o] = secondArgument(y, options, corrOptions, where);
  const c = covariances(x, second, o, where);
  if (c.size === 1) return squeeze(divide(c, c));
  const deviation = sqrt(real(diagonal(c)));
  const r = divide(divide(c, deviation.reshape(-1, 1)), deviation);
  if (r.dtype.kind !== 'c') return clip(r, -1, 1);
  return r;
}

// `f(m, y, options)` or `f(m, options)`.
function secondArgument<O extends CorrcoefOptions>(
  y: ArrayLike | null | O | undefined,
  options: O | undefined,
  known: Options,
  where: string,
): [ArrayLike | null | undefined, O] {
  const plain = typeof y === 'object' && y !== null && Object.getPrototypeOf(y) === Object.prototype;
  const o = (plain ? y : (options ?? {})) as O; // a plain object is the options
  known.check(o, where);
  if (plain && options !== undefined) known.check(null, where);
  return [plain ? o.y : (y as ArrayLike | null | undefined), o];
}
