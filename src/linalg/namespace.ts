// np.linalg: the functions by NumPy's names, each from the file of its own.

import { LinAlgError } from '../base/errors.ts';
import { cholesky } from './cholesky.ts';

/**
 * Linear algebra: decompositions, equations, norms. Matrices are the last two dimensions, stacks of them go in front.
 * @see https://numpy.org/doc/stable/reference/routines.linalg.html
 */
export const linalg = {
  LinAlgError,
  cholesky,
};
