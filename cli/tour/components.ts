// The principal components of a covariance matrix: its leading eigenvectors, with signs that two libraries agree on.
import * as np from '../../src/index.ts';

export interface Components {
  /** Falling, float64, one for each component. */
  readonly variances: np.NDArray;
  /** Components as columns; the largest entry of each is positive. */
  readonly vectors: np.NDArray;
  /** Largest of |C v - λ v| over the components, against the largest λ. */
  readonly residual: number;
}

/** The `count` leading components of a covariance matrix. */
export function leadingComponents(covariance: np.NDArray, count: number): Components {
  const { eigenvalues, eigenvectors } = np.linalg.eigh(covariance); // ascending
  const variances = np.flip(eigenvalues).get(`:${count}`);
  const vectors = np.fliplr(eigenvectors).get(':', `:${count}`);
  const off = np.subtract(np.matmul(covariance, vectors), np.multiply(vectors, variances));
  const residual = Number(np.max(np.linalg.norm(off, { axis: 0 }))) / Number(variances.item(0));
  return { variances, vectors: np.multiply(vectors, signs(vectors)), residual };
}

/** 1 or -1 for each column: the sign of its entry of largest magnitude. */
function signs(vectors: np.NDArray): np.NDArray {
  return np.where(np.greater(np.max(vectors, 0), np.negative(np.min(vectors, 0))), 1, -1);
}
