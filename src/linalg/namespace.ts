// np.linalg: the functions by NumPy's names, each from the file of its own.

import { matrix_transpose } from '../array/views.ts';
import { LinAlgError } from '../base/errors.ts';
import { timedAll } from '../exec/timed.ts';
import { cross, diagonal, outer, trace } from './array_api.ts';
import { cholesky } from './cholesky.ts';
import { det, slogdet } from './determinant.ts';
import { eig, eigvals } from './eig.ts';
import { eigh, eigvalsh } from './eigh.ts';
import { inv } from './inverse.ts';
import { lstsq } from './lstsq.ts';
import { matmul } from './matmul.ts';
import { matrix_power } from './matrix_power.ts';
import { multi_dot } from './multi_dot.ts';
import { matrix_norm, norm, vector_norm } from './norm.ts';
import { cond, matrix_rank, pinv } from './pinv.ts';
import { qr } from './qr.ts';
import { solve } from './solve.ts';
import { svd, svdvals } from './svd.ts';
import { tensordot, vecdot } from './tensor.ts';
import { tensorinv, tensorsolve } from './tensor_equations.ts';
import { verify } from './verify/verify.ts';

/**
 * Linear algebra: decompositions, equations, norms. Matrices are the last two dimensions, stacks of them go in front.
 * @see https://numpy.org/doc/stable/reference/routines.linalg.html
 */
export const linalg = Object.freeze({
  LinAlgError,
  verify,
  ...timedAll('linalg.', {
    tensorinv,
    tensorsolve,
    matrix_power,
    // products
    matmul,
    multi_dot,
    vecdot,
    tensordot,
    outer,
    cross,
    // parts
    matrix_transpose,
    diagonal,
    trace,
    // decompositions, equations, norms
    qr,
    solve,
    inv,
    slogdet,
    det,
    cholesky,
    eigh,
    eigvalsh,
    svd,
    svdvals,
    lstsq,
    pinv,
    matrix_rank,
    cond,
    eig,
    eigvals,
    norm,
    matrix_norm,
    vector_norm,
  }),
});
