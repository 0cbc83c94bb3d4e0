// np.linalg: the functions by NumPy's names, each from the file of its own.

import { LinAlgError } from '../base/errors.ts';
import { cholesky } from './cholesky.ts';
import { det, slogdet } from './determinant.ts';
import { eig, eigvals } from './eig.ts';
import { eigh, eigvalsh } from './eigh.ts';
import { inv } from './inverse.ts';
import { matrix_norm, norm, vector_norm } from './norm.ts';
import { qr } from './qr.ts';
import { solve } from './solve.ts';
import { verify } from './verify/verify.ts';

/**
 * Linear algebra: decompositions, equations, norms. Matrices are the last two dimensions, stacks of them go in front.
 * @see https://numpy.org/doc/stable/reference/routines.linalg.html
 */
export const linalg = {
  LinAlgError,
  qr,
  solve,
  inv,
  slogdet,
  det,
  cholesky,
  eigh,
  eigvalsh,
  eig,
  eigvals,
  norm,
  matrix_norm,
  vector_norm,
  verify,
};
