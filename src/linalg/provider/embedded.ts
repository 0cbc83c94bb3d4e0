// The embedded provider: who implements each routine, a row each. The algorithms are in ../lapack/.

import { cholesky } from '../lapack/cholesky.ts';
import { eig } from '../lapack/eig.ts';
import { leastSquares } from '../lapack/least_squares.ts';
import { inverse, lu, solve } from '../lapack/lu.ts';
import { formQ, qr } from '../lapack/qr.ts';
import { svd } from '../lapack/singular.ts';
import { eigh } from '../lapack/symmetric.ts';
import type { Routines } from './routines.ts';

export const embedded: Routines = {
  lu,
  solve,
  inverse,
  cholesky,
  qr,
  formQ,
  eigh,
  svd,
  eig,
  leastSquares,
};
