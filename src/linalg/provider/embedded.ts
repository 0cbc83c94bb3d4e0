// The embedded provider: who implements each routine, a row each. The algorithms are in ../lapack/.

import { LinAlgError } from '../../base/errors.ts';
import { cholesky } from '../lapack/cholesky.ts';
import { eig } from '../lapack/eig.ts';
import { inverse, lu, solve } from '../lapack/lu.ts';
import { formQ, qr } from '../lapack/qr.ts';
import { svd } from '../lapack/singular.ts';
import { eigh } from '../lapack/symmetric.ts';
import type { RoutineName, Routines } from './routines.ts';

const missing = (routine: RoutineName) => (): never => {
  throw new LinAlgError(`${routine} is not there yet`, 'wait for it', { routine });
};

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
  leastSquares: missing('leastSquares'),
};
