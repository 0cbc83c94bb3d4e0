// The embedded provider: who implements each routine, a row each. The algorithms are in ../lapack/.

import { LinAlgError } from '../../base/errors.ts';
import { cholesky } from '../lapack/cholesky.ts';
import type { RoutineName, Routines } from './routines.ts';

const missing = (routine: RoutineName) => (): never => {
  throw new LinAlgError(`${routine} is not there yet`, 'wait for it', { routine });
};

export const embedded: Routines = {
  lu: missing('lu'),
  solve: missing('solve'),
  inverse: missing('inverse'),
  cholesky,
  qr: missing('qr'),
  formQ: missing('formQ'),
  eigh: missing('eigh'),
  svd: missing('svd'),
  eig: missing('eig'),
  leastSquares: missing('leastSquares'),
};
