// np.polynomial: the classes and the modules by NumPy's names.

export type { Interval, SeriesFitOptions, SeriesOptions } from './classes.ts';
export { Chebyshev, Hermite, HermiteE, Laguerre, Legendre, Polynomial, PolynomialSeries } from './classes.ts';
export type { ModuleDerivativeOptions, ModuleFitOptions, ModuleIntegralOptions } from './functions.ts';
export { chebyshev, hermite, hermite_e, laguerre, legendre, polynomial } from './modules.ts';
