// The leading eigenvectors of a large symmetric matrix by subspace iteration: multiply, make orthonormal (Cholesky QR),
// now and then rotate onto the eigenvectors within the subspace (Rayleigh-Ritz). Source: Golub & Van Loan, 8.2.4; the
// extra columns that speed it up, Halko, Martinsson & Tropp 2011.
import * as np from '../../src/index.ts';
import { inverseCholesky, symmetricEigen } from './small_matrix.ts';

export interface Components {
  /** Falling, float64, one for each component. */
  readonly variances: np.NDArray;
  /** Components as columns; the largest entry of each is positive. */
  readonly vectors: np.NDArray;
  readonly iterations: number;
  /** Largest of |C v - λ v| over the components, against the largest λ. */
  readonly residual: number;
}

const EXTRA = 14;
const EVERY = 5; // iterations between rotations
const MOST = 200;

/** The `count` leading components of a covariance matrix, until the residual is below `tolerance`. */
export function leadingComponents(covariance: np.NDArray, count: number, tolerance: number): Components {
  const n = covariance.shape[0];
  let q = orthonormal(start(n, Math.min(n, count + EXTRA)));
  for (let i = 1; ; i++) {
    q = orthonormal(np.matmul(covariance, q));
    if (i % EVERY !== 0) continue;
    const image = np.matmul(covariance, q);
    const { values, vectors } = symmetricEigen(np.matmul(q.T, image));
    q = np.matmul(q, vectors);
    const variances = values.get(`:${count}`);
    const wanted = q.get(':', `:${count}`);
    const off = np.subtract(np.matmul(covariance, wanted), np.multiply(wanted, variances));
    const lengths = np.sqrt(np.sum(np.square(off), 0));
    const residual = Number(np.max(lengths)) / Number(values.item(0));
    if (residual > tolerance && i < MOST) continue;
    return { variances, vectors: np.multiply(wanted, signs(wanted)), iterations: i, residual };
  }
}

/** Any start will do that is not orthogonal to what is sought; this one is the same on every machine. */
function start(n: number, columns: number): np.NDArray {
  const rows = np.expand_dims(np.arange(1, n + 1), 1);
  return np.sin(np.square(np.add(rows, np.multiply(np.arange(1, columns + 1), Math.SQRT2))));
}

/** The columns made orthonormal; twice, because once leaves an error of the square of the condition. */
function orthonormal(y: np.NDArray): np.NDArray {
  const once = np.matmul(y, inverseCholesky(np.matmul(y.T, y)));
  return np.matmul(once, inverseCholesky(np.matmul(once.T, once)));
}

/** 1 or -1 for each column: the sign of its entry of largest magnitude. */
function signs(vectors: np.NDArray): np.NDArray {
  return np.where(np.greater(np.max(vectors, 0), np.negative(np.min(vectors, 0))), 1, -1);
}
