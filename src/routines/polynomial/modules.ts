// np.polynomial's modules: the functions of each basis (functions.ts) under NumPy's names, polyadd, chebadd, legadd …, with
// what only some of them have: conversions to powers, quadrature, weights, Chebyshev's points.

import { array } from '../../array/creation.ts';
import { cos, divide, exp, multiply, negative, sin, sqrt, square, subtract } from '../../array/functions.generated.ts';
import { type NDArray, nd } from '../../array/ndarray.ts';
import { arange, linspace } from '../../array/ranges.ts';
import { prod } from '../../array/reduce_functions.ts';
import { ArgumentError } from '../../base/errors.ts';
import { dtypes } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import type { ArrayLike } from '../../exec/coerce.ts';
import { matmul } from '../../linalg/matmul.ts';
import { type Basis, bases } from './bases.ts';
import { Chebyshev, Hermite, HermiteE, Laguerre, Legendre, Polynomial } from './classes.ts';
import { floatArray, floatList, fromSeries, toSeries } from './coefficients.ts';
import { functionsOf } from './functions.ts';
import { gauss } from './quadrature.ts';
import { composed, line, trimmed } from './series.ts';

/** The same fields, each name behind a prefix. */
type Prefixed<F, P extends string> = { readonly [K in keyof F as `${P}${K & string}`]: F[K] };

/** Coefficients of 0, 1 and x, and the interval of the basis: made anew at each request, since arrays can be written. */
interface Constants {
  readonly zero: NDArray;
  readonly one: NDArray;
  readonly x: NDArray;
  readonly domain: NDArray;
}
const constantsOf = (basis: Basis): { readonly [K in keyof Constants]: () => NDArray } => ({
  zero: () => array([0]),
  one: () => array([1]),
  x: () => fromSeries(line(basis, 0, 1), dtypes.float64),
  domain: () => array([...basis.interval]),
});

type SeriesFunctions = ReturnType<typeof functionsOf>;
type SeriesModule<P extends string> = Prefixed<SeriesFunctions, P> & Prefixed<Constants, P>;

function moduleOf<const P extends string>(basis: Basis, module: string, prefix: P): SeriesModule<P> {
  const made: Record<string, unknown> = {};
  for (const [name, f] of Object.entries(functionsOf(basis, (name) => `np.polynomial.${module}.${prefix}${name}`))) {
    made[prefix + name] = f;
  }
  for (const [name, get] of Object.entries(constantsOf(basis))) {
    Object.defineProperty(made, prefix + name, { get, enumerable: true });
  }
  return made as unknown as SeriesModule<P>; // every name of both was set just now
}

interface OrthogonalFunctions {
  /** Points, ascending, and weights of Gauss quadrature. */
  readonly gauss: (deg: number) => [points: NDArray, weights: NDArray];
  /** The weight that the members are orthogonal under. */
  readonly weight: (x: ArrayLike) => NDArray;
}
type OrthogonalModule<P extends string> = SeriesModule<P> &
  Prefixed<OrthogonalFunctions, P> & {
    /** The same polynomial in powers of x. */
    readonly [K in `${P}2poly`]: (c: ArrayLike) => NDArray;
  } & {
    /** The same polynomial as a series. */
    readonly [K in `poly2${P}`]: (pol: ArrayLike) => NDArray;
  };

function orthogonal<const P extends string>(
  basis: Basis,
  module: string,
  prefix: P,
  total: number,
  weight: (x: NDArray) => unknown,
): OrthogonalModule<P> {
  const at = (name: string): string => `np.polynomial.${module}.${name}`;
  const converted = (c: ArrayLike, name: string, from: Basis, to: Basis): NDArray => {
    const list = floatList(c, at(name));
    return fromSeries(composed(from, trimmed(toSeries(list)), to, 0, 1), list.dtype);
  };
  const own = {
    [`${prefix}gauss`]: (deg: number) => gauss(basis, deg, total, at(`${prefix}gauss`)),
    [`${prefix}weight`]: (x: ArrayLike) => nd(array(weight(floatArray(x, at(`${prefix}weight`))) as ArrayLike)), // of a ufunc
    [`${prefix}2poly`]: (c: ArrayLike) => converted(c, `${prefix}2poly`, basis, bases.power),
    [`poly2${prefix}`]: (c: ArrayLike) => converted(c, `poly2${prefix}`, bases.power, basis),
  };
  return withMembers(moduleOf(basis, module, prefix), own) as unknown as OrthogonalModule<P>; // the names were set just now
}

/** A module with more in it; getters stay getters. */
const withMembers = <M extends object, E extends object>(module: M, more: E): M & E =>
  Object.defineProperties(module, Object.getOwnPropertyDescriptors(more)) as M & E;

function requirePoints(npts: number, least: number, where: string): number {
  if (Number.isSafeInteger(npts) && npts >= least) return npts;
  throw new ArgumentError(`${where}: ${npts} points`, `pass an integer from ${least}`, { npts });
}

/** Zeros of the member of this degree, ascending. */
function chebpts1(npts: number): NDArray {
  const n = requirePoints(npts, 1, 'np.polynomial.chebyshev.chebpts1');
  return nd(array(sin(multiply(arange(-n + 1, n + 1, 2), (0.5 * Math.PI) / n))));
}

/** Extremes of the member of degree npts − 1, ascending. */
function chebpts2(npts: number): NDArray {
  return nd(array(cos(linspace(-Math.PI, 0, requirePoints(npts, 2, 'np.polynomial.chebyshev.chebpts2')))));
}

/** Values at x of the polynomial with these zeros, or of several along the other axes of r: each with each if `tensor`. */
function polyvalfromroots(
  x: ArrayLike,
  r: ArrayLike,
  { tensor = true }: { readonly tensor?: boolean } = {},
): NDArray | Scalar {
  const where = 'np.polynomial.polynomial.polyvalfromroots';
  const [points, roots] = [floatArray(x, where), floatArray(r, where)];
  const list = roots.ndim === 0 ? roots.reshape(1) : roots;
  const beside = tensor || list.ndim === 1 ? list.reshape(...list.shape, ...points.shape.map(() => 1)) : list;
  return prod(array(subtract(points, beside)), 0) as NDArray | Scalar; // of one axis
}

/** The series of degree `deg` that equals `func` at Chebyshev's points, near the best in the largest error. */
function chebinterpolate(func: (x: NDArray) => ArrayLike, deg: number): NDArray {
  const where = 'np.polynomial.chebyshev.chebinterpolate';
  const n = requirePoints(deg + 1, 1, where);
  const x = chebpts1(n);
  const sums = nd(matmul(chebyshevFunctions.chebvander(x, deg).T, floatArray(func(x), where)));
  return nd(array(divide(sums, array([n, ...new Array<number>(deg).fill(n / 2)]))));
}

/** Points, the greatest first, and weights: both are known in closed form. */
function chebgauss(deg: number): [points: NDArray, weights: NDArray] {
  const n = requirePoints(deg, 1, 'np.polynomial.chebyshev.chebgauss');
  const points = cos(multiply(arange(1, 2 * n, 2), Math.PI / (2 * n)));
  return [nd(array(points)), array(new Array<number>(n).fill(Math.PI / n))];
}

const powerFunctions = moduleOf(bases.power, 'polynomial', 'poly');
const chebyshevFunctions = orthogonal(bases.chebyshev, 'chebyshev', 'cheb', Math.PI, (x) =>
  divide(1, multiply(sqrt(x.add(1)), sqrt(subtract(1, x)))),
);

/**
 * Polynomials by their coefficients, the lowest degree first: polyadd, polyval, polyfit, polyroots …
 * @example np.polynomial.polynomial.polyval(2, [1, 0, 3]) // 13
 * @see https://numpy.org/doc/stable/reference/routines.polynomials.polynomial.html
 */
export const polynomial = withMembers(powerFunctions, { Polynomial, polyvalfromroots });
/**
 * Chebyshev series by their coefficients: chebadd, chebval, chebfit, chebgauss …
 * @example np.polynomial.chebyshev.cheb2poly([0, 0, 1]).tolist() // [-1, 0, 2]
 * @see https://numpy.org/doc/stable/reference/routines.polynomials.chebyshev.html
 */
export const chebyshev = withMembers(chebyshevFunctions, { Chebyshev, chebgauss, chebpts1, chebpts2, chebinterpolate });
/**
 * Legendre series by their coefficients: legadd, legval, leggauss …
 * @example np.polynomial.legendre.leggauss(1).map(String).join(' ') // '[0.] [2.]'
 * @see https://numpy.org/doc/stable/reference/routines.polynomials.legendre.html
 */
export const legendre = withMembers(
  orthogonal(bases.legendre, 'legendre', 'leg', 2, (x) => x.multiply(0).add(1)),
  { Legendre },
);
/**
 * Laguerre series by their coefficients: lagadd, lagval, laggauss …
 * @example np.polynomial.laguerre.poly2lag([0, 1]).tolist() // [1, -1]
 * @see https://numpy.org/doc/stable/reference/routines.polynomials.laguerre.html
 */
export const laguerre = withMembers(
  orthogonal(bases.laguerre, 'laguerre', 'lag', 1, (x) => exp(x.negative())),
  { Laguerre },
);
/**
 * Hermite series, the physicists', by their coefficients: hermadd, hermval, hermgauss …
 * @example np.polynomial.hermite.herm2poly([0, 0, 1]).tolist() // [-2, 0, 4]
 * @see https://numpy.org/doc/stable/reference/routines.polynomials.hermite.html
 */
export const hermite = withMembers(
  orthogonal(bases.hermite, 'hermite', 'herm', Math.sqrt(Math.PI), (x) => exp(negative(square(x)))),
  { Hermite },
);
/**
 * Hermite series, the probabilists', by their coefficients: hermeadd, hermeval, hermegauss …
 * @example np.polynomial.hermite_e.herme2poly([0, 0, 1]).tolist() // [-1, 0, 1]
 * @see https://numpy.org/doc/stable/reference/routines.polynomials.hermite_e.html
 */
export const hermite_e = withMembers(
  orthogonal(bases.hermite_e, 'hermite_e', 'herme', Math.sqrt(2 * Math.PI), (x) => exp(multiply(square(x), -0.5))),
  { HermiteE },
);
