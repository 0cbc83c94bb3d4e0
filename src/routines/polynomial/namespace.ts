// np.polynomial: the classes by NumPy's names.

export type { Interval, SeriesFitOptions, SeriesOptions } from './classes.ts';
export { Chebyshev, Hermite, HermiteE, Laguerre, Legendre, Polynomial, PolynomialSeries } from './classes.ts';
