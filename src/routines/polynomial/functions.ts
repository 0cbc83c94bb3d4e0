// The functions of np.polynomial's modules on plain coefficients, made for a basis: what polyadd, chebadd, legadd … share.
// Their names are in modules.ts. Coefficients are along the first axis, the lowest degree first; unlike the classes
// they know no domain.
// @see https://numpy.org/doc/stable/reference/routines.polynomials.html

import { array } from '../../array/creation.ts';
import { add, multiply, subtract } from '../../array/functions.generated.ts';
import { type NDArray, nd } from '../../array/ndarray.ts';
import { sort } from '../../array/sorting.ts';
import { moveaxis } from '../../array/views.ts';
import { ArgumentError, ShapeError } from '../../base/errors.ts';
import { type DType, dtypes } from '../../dtype/dtype.ts';
import { promote } from '../../dtype/promotion.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { newArray } from '../../exec/array_base.ts';
import { type ArrayLike, elements, readAt } from '../../exec/coerce.ts';
import { named } from '../../exec/named.ts';
import { Options } from '../../exec/options.ts';
import { byName } from '../../exec/positional.ts';
import { eigvals } from '../../linalg/eig.ts';
import { formatShape } from '../../shape/strides.ts';
import { type FullFit, fitColumns, fitData } from '../polynomial_fit.ts';
import { type Basis, bases } from './bases.ts';
import { floatArray, floatList, fromSeries, toSeries } from './coefficients.ts';
import { membersAt, valuesAt } from './evaluate.ts';
import * as algebra from './series.ts';

const valOptions = new Options(['tensor', 'flag']);
const derOptions = new Options(['m', 'count'], ['scl', 'number'], ['axis', 'number']);
const intOptions = new Options(
  ['m', 'count'],
  ['k', 'value'],
  ['lbnd', 'number'],
  ['scl', 'number'],
  ['axis', 'number'],
);
const powOptions = new Options(['maxpower', 'count']);
const fitOptions = new Options(['rcond', 'number'], ['full', 'flag'], ['w', 'value']);

export interface ModuleFitOptions {
  /** Singular values up to this share of the greatest count as 0. */
  readonly rcond?: number;
  /** Residuals, rank, singular values and rcond too. */
  readonly full?: boolean;
  /** A weight per point, that its residual is multiplied by. */
  readonly w?: ArrayLike;
}
export interface ModuleDerivativeOptions {
  /** How often; 1 by default. */
  readonly m?: number;
  /** Each result is multiplied by it: the factor of a change of variables. */
  readonly scl?: number;
  readonly axis?: number;
}
export interface ModuleIntegralOptions extends ModuleDerivativeOptions {
  /** The constants, one for each time; 0 where missing. */
  readonly k?: number | readonly number[];
  /** Where the integral has the value of its constant. */
  readonly lbnd?: number;
}

/** Highest power that is taken unless asked for, but for the basis of powers. */
const MAX_POWER = 16;

/** The functions for one basis; `at` names them in errors, by their names without prefix. */
export function functionsOf(basis: Basis, at: (name: string) => string) {
  const unary = (c: ArrayLike, name: string, f: (s: algebra.Series) => algebra.Series): NDArray => {
    const list = floatList(c, at(name));
    return fromSeries(f(algebra.trimmed(toSeries(list))), list.dtype);
  };
  const both = (c1: ArrayLike, c2: ArrayLike, name: string): [algebra.Series, algebra.Series, DType] => {
    const [a, b] = [floatList(c1, at(name)), floatList(c2, at(name))];
    return [algebra.trimmed(toSeries(a)), algebra.trimmed(toSeries(b)), promote(a.dtype, b.dtype)];
  };

  function val(x: ArrayLike, c: ArrayLike, options?: { readonly tensor?: boolean }): NDArray | Scalar {
    valOptions.check(options, at('val'));
    const [points, list] = [floatArray(x, at('val')), floatArray(c, at('val'))];
    const dtype = promote(points.dtype, list.dtype);
    if (list.ndim > 1) return severalAt(basis, list, points, options?.tensor ?? true);
    const out = valuesAt(basis, [...elements(list.ravel())] as Scalar[], points, dtype);
    return typeof x === 'object' ? out : readAt(out, out.offset);
  }
  function valOver(name: string, c: ArrayLike, points: readonly ArrayLike[]): NDArray | Scalar {
    const arrays = points.map((x) => floatArray(x, at(name)));
    const [first] = arrays;
    if (arrays.some((a) => formatShape(a.shape) !== formatShape(first.shape))) {
      throw new ShapeError(`${at(name)}: coordinates of different shapes`, 'pass as many of each', {
        shapes: arrays.map((a) => a.shape),
      });
    }
    let made: ArrayLike = c;
    arrays.forEach((x, i) => {
      made = val(x, made, { tensor: i === 0 });
    });
    return scalarOf(made, points);
  }
  function grid(c: ArrayLike, points: readonly ArrayLike[]): NDArray | Scalar {
    let made: ArrayLike = c;
    for (const x of points) made = val(nd(floatArray(x, at('grid2d'))), made);
    return scalarOf(made, points);
  }
  function vander(x: ArrayLike, deg: number, name = 'vander'): NDArray {
    if (!Number.isSafeInteger(deg) || deg < 0) {
      throw new ArgumentError(`${at(name)}: a degree of ${deg}`, 'pass an integer from 0', { deg });
    }
    const points = floatArray(x, at(name));
    return membersAt(basis, points.ndim === 0 ? points.reshape(1) : points, deg);
  }
  function vanderOver(name: string, points: readonly ArrayLike[], degrees: readonly number[]): NDArray {
    if (degrees.length !== points.length) {
      throw new ArgumentError(
        `${at(name)}: ${degrees.length} degrees`,
        `pass ${points.length}, one per coordinate`,
        {},
      );
    }
    return points
      .map((x, i) => vander(x, degrees[i], name))
      .reduce((left, right) => {
        const product = nd(multiply(left.get('...', null), right.get('...', null, ':')));
        return product.reshape(...product.shape.slice(0, -2), -1);
      });
  }
  function fit(
    x: ArrayLike,
    y: ArrayLike,
    deg: number | readonly number[],
    options: ModuleFitOptions & { readonly full: true },
  ): FullFit;
  function fit(x: ArrayLike, y: ArrayLike, deg: number | readonly number[], options?: ModuleFitOptions): NDArray;
  function fit(
    x: ArrayLike,
    y: ArrayLike,
    deg: number | readonly number[],
    options: ModuleFitOptions = {},
  ): NDArray | FullFit {
    fitOptions.check(options, at('fit'));
    const data = fitData(x, y, options.w, at('fit'));
    const degrees = typeof deg === 'number' ? undefined : [...deg].sort((a, b) => a - b);
    const most = degrees === undefined ? Number(deg) : (degrees.at(-1) ?? -1);
    const members = vander(data.x, most, 'fit');
    const columns = degrees === undefined ? members : members.get(':', degrees);
    const { covariance: _, coefficients, ...rest } = fitColumns(columns, data, options.rcond);
    let all = coefficients;
    if (degrees !== undefined) {
      all = nd(newArray([most + 1, ...coefficients.shape.slice(1)], coefficients.dtype, true));
      all.set([degrees], coefficients);
    }
    return options.full === true ? named({ coefficients: all, ...rest }) : all;
  }

  return {
    add: (c1: ArrayLike, c2: ArrayLike): NDArray => {
      const [a, b, dtype] = both(c1, c2, 'add');
      return fromSeries(algebra.add(a, b), dtype);
    },
    sub: (c1: ArrayLike, c2: ArrayLike): NDArray => {
      const [a, b, dtype] = both(c1, c2, 'sub');
      return fromSeries(algebra.add(a, algebra.negated(b)), dtype);
    },
    mul: (c1: ArrayLike, c2: ArrayLike): NDArray => {
      const [a, b, dtype] = both(c1, c2, 'mul');
      return fromSeries(algebra.trimmed(algebra.multiply(basis, a, b)), dtype);
    },
    mulx: (c: ArrayLike): NDArray => unary(c, 'mulx', (s) => algebra.timesX(basis, s)),
    /** Quotient and remainder. */
    div: (c1: ArrayLike, c2: ArrayLike): [quotient: NDArray, remainder: NDArray] => {
      const [a, b, dtype] = both(c1, c2, 'div');
      if (b.length === 1 && b[0][0] === 0 && b[0][1] === 0) {
        throw new ArgumentError(`${at('div')}: division by the polynomial 0`, 'check the divisor first', {});
      }
      const [quotient, rest] = algebra.divided(basis, a, b);
      return [fromSeries(quotient, dtype), fromSeries(rest, dtype)];
    },
    pow: (c: ArrayLike, pow: number, options?: { readonly maxpower?: number }): NDArray => {
      powOptions.check(options, at('pow'));
      const most = options?.maxpower ?? (basis === bases.power ? 1000 : MAX_POWER);
      if (!Number.isSafeInteger(pow) || pow < 0 || pow > most) {
        throw new ArgumentError(`${at('pow')}: a power of ${pow}`, `pass an integer from 0 to ${most}, or maxpower`, {
          pow,
        });
      }
      return unary(c, 'pow', (s) => algebra.raised(basis, s, pow));
    },
    val,
    val2d: (x: ArrayLike, y: ArrayLike, c: ArrayLike) => valOver('val2d', c, [x, y]),
    val3d: (x: ArrayLike, y: ArrayLike, z: ArrayLike, c: ArrayLike) => valOver('val3d', c, [x, y, z]),
    grid2d: (x: ArrayLike, y: ArrayLike, c: ArrayLike) => grid(c, [x, y]),
    grid3d: (x: ArrayLike, y: ArrayLike, z: ArrayLike, c: ArrayLike) => grid(c, [x, y, z]),
    /** The derivative of order m along an axis, each time multiplied by `scl`. */
    der: (c: ArrayLike, m?: number | ModuleDerivativeOptions, options?: ModuleDerivativeOptions): NDArray => {
      const given = byName<ModuleDerivativeOptions>(['m'], [m, options], derOptions, at('der'));
      const scl = given.scl ?? 1;
      return alongAxis(c, given.axis, given.m ?? 1, at('der'), (s) =>
        algebra.scale(algebra.derived(basis, s), [scl, 0]),
      );
    },
    /** The antiderivative of order m along an axis. */
    int: (c: ArrayLike, order?: number | ModuleIntegralOptions, options?: ModuleIntegralOptions): NDArray => {
      const given = byName<ModuleIntegralOptions>(['m'], [order, options], intOptions, at('int'));
      const { m = 1, k = [], lbnd = 0, scl = 1, axis } = given;
      const constants = typeof k === 'number' ? [k] : k;
      if (constants.length > m) {
        throw new ArgumentError(
          `${at('int')}: ${constants.length} constants for order ${m}`,
          'pass one for each time',
          {},
        );
      }
      return alongAxis(c, axis, m, at('int'), (s, i) => {
        const wanted = constants[i] ?? 0;
        if (s.length === 1 && s[0][0] === 0 && s[0][1] === 0) return algebra.constant(wanted);
        const [[re, im], ...rest] = algebra.scale(algebra.integrated(basis, s), [scl, 0]);
        const [value] = algebra.composed(basis, [[re, im], ...rest], bases.power, lbnd, 0);
        return [[re + wanted - value[0], im - value[1]], ...rest];
      });
    },
    fromroots: (roots: ArrayLike): NDArray => {
      const list = floatList(roots, at('fromroots'));
      return fromSeries(algebra.fromZeros(basis, toSeries(list)), list.dtype);
    },
    vander: (x: ArrayLike, deg: number): NDArray => vander(x, deg),
    vander2d: (x: ArrayLike, y: ArrayLike, deg: readonly number[]): NDArray => vanderOver('vander2d', [x, y], deg),
    vander3d: (x: ArrayLike, y: ArrayLike, z: ArrayLike, deg: readonly number[]): NDArray =>
      vanderOver('vander3d', [x, y, z], deg),
    fit,
    /** Without the highest coefficients whose magnitude is at most `tol`. */
    trim: (c: ArrayLike, tol = 0): NDArray => {
      if (!(tol >= 0)) throw new ArgumentError(`${at('trim')}: a tolerance of ${tol}`, 'pass a number from 0', { tol });
      return unary(c, 'trim', (s) => {
        const [first, ...rest] = algebra.trimmed(s, tol);
        return rest.length === 0 && Math.hypot(...first) <= tol ? algebra.constant(0) : [first, ...rest];
      });
    },
    /** The zeros, ascending; real where all are. */
    roots: (c: ArrayLike): NDArray => {
      const list = floatList(c, at('roots'));
      const s = algebra.trimmed(toSeries(list));
      return s.length < 2 ? nd(newArray([0], list.dtype)) : sort(eigvals(companionOf(basis, s, list.dtype)));
    },
    /** The matrix whose eigenvalues are the zeros, scaled to be symmetric for a member of the basis. */
    companion: (c: ArrayLike): NDArray => {
      const list = floatList(c, at('companion'));
      const s = algebra.trimmed(toSeries(list));
      if (s.length < 2)
        throw new ArgumentError(`${at('companion')}: degree 0`, 'pass a series of degree 1 or more', {});
      return companionOf(basis, s, list.dtype);
    },
    /** The series off + scl·x. */
    line: (off: number, scl: number): NDArray => fromSeries(algebra.line(basis, off, scl), dtypes.float64),
  };
}

/** A number where all coordinates were numbers. */
const scalarOf = (made: ArrayLike, points: readonly ArrayLike[]): NDArray | Scalar => {
  const a = nd(floatArray(made, 'np.polynomial'));
  return a.ndim === 0 && points.every((x) => typeof x !== 'object') ? readAt(a, a.offset) : a;
};

/** Several series at once, by the same recurrence as valuesAt: coefficients [degree, …] at points, all with all if `tensor`. */
function severalAt(basis: Basis, c: NDArray, x: NDArray, tensor: boolean): NDArray {
  const list = tensor ? c.reshape(...c.shape, ...x.shape.map(() => 1)) : c;
  let [first, second]: [NDArray, NDArray] = [array(0), array(0)];
  for (let k = c.shape[0] - 1; k >= 0; k--) {
    const [a, b] = basis.times(k);
    const [next, , beside] = basis.times(k + 1);
    const moved = multiply(nd(x.subtract(b)).multiply(1 / a), first);
    const sum = add(list.get(k), subtract(moved, second.multiply(beside / next)));
    [first, second] = [nd(array(sum)), first];
  }
  return first;
}

/** A function of series applied `times` times along an axis. */
function alongAxis(
  c: ArrayLike,
  axis: number | undefined,
  times: number,
  where: string,
  f: (s: algebra.Series, i: number) => algebra.Series,
): NDArray {
  const a = floatArray(c, where);
  if (a.ndim === 0) return alongAxis(a.reshape(1), axis, times, where, f);
  const moved = moveaxis(a, axis ?? 0, 0);
  const [n, ...rest] = moved.shape;
  const columns = moved.reshape(n, -1);
  const results = Array.from({ length: columns.shape[1] }, (_, j) => {
    let s = toSeries(columns.get(':', j));
    for (let i = 0; i < times; i++) s = f(s, i);
    return s;
  });
  const most = Math.max(1, ...results.map((s) => s.length));
  const padded = results.flatMap((s) => Array.from({ length: most }, (_, i) => s[i] ?? ([0, 0] as const)));
  const made = fromSeries(padded, a.dtype)
    .reshape(results.length, most)
    .T.reshape(most, ...rest);
  return moveaxis(made, 0, axis ?? 0).copy();
}

/** The companion matrix between members of equal norm. */
function companionOf(basis: Basis, s: algebra.Series, dtype: DType): NDArray {
  const rows = algebra.companion(basis, s);
  const scales = [1];
  for (let k = 0; k + 1 < rows.length; k++) {
    const ratio = basis.times(k)[0] / basis.times(k + 1)[2];
    scales.push(scales[k] * (Number.isFinite(ratio) ? Math.sqrt(ratio) : 1));
  }
  const scaled = rows.map((row, i) =>
    row.map(([re, im], j) => [(re * scales[j]) / scales[i], (im * scales[j]) / scales[i]] as const),
  );
  return fromSeries(scaled.flat(), dtype).reshape(rows.length, rows.length);
}
