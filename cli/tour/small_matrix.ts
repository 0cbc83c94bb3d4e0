// Factorizations of small symmetric matrices, as plain loops over typed views: a matrix with some tens of rows is no
// work for kernels. For matrices of the size of the data there is matmul.
// Sources: Golub & Van Loan, Matrix Computations, 4th ed., 4.2 (Cholesky) and 8.5 (cyclic Jacobi).
import * as np from '../../src/index.ts';

const values = (a: np.NDArray): Float64Array => Float64Array.from(a.astype('float64').data as Float64Array); // by astype

/**
 * The inverse of the upper triangular R with RᵀR = A, for a symmetric positive definite A.
 * @throws LinAlgError when A is not positive definite.
 */
export function inverseCholesky(a: np.NDArray): np.NDArray {
  const n = a.shape[0];
  const l = values(a); // becomes the lower triangular factor
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = l[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      if (i > j) l[i * n + j] = sum / l[j * n + j];
      else if (sum > 0) l[j * n + j] = Math.sqrt(sum);
      else
        throw new np.LinAlgError(`the matrix is not positive definite at row ${j}`, 'use independent columns', { j });
    }
  }
  const inverse = new Float64Array(n * n); // of L, written transposed: R = Lᵀ
  for (let c = 0; c < n; c++) {
    for (let i = c; i < n; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = c; k < i; k++) sum -= l[i * n + k] * inverse[c * n + k];
      inverse[c * n + i] = sum / l[i * n + i];
    }
  }
  return np.array(inverse).reshape([n, n]);
}

/** Eigenvalues of a symmetric matrix in falling order and the vectors to them as columns, by cyclic Jacobi rotations. */
export function symmetricEigen(a: np.NDArray): { values: np.NDArray; vectors: np.NDArray } {
  const n = a.shape[0];
  const m = values(a);
  const v = values(np.identity(n));
  for (let sweep = 0; sweep < 30 && offDiagonal(m, n) > 1e-30; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(m, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => m[j * n + j] - m[i * n + i]);
  const sorted = Float64Array.from({ length: n * n }, (_, i) => v[Math.floor(i / n) * n + order[i % n]]);
  return {
    values: np.array(Float64Array.from(order, (i) => m[i * n + i])),
    vectors: np.array(sorted).reshape([n, n]),
  };
}

/** Squares off the diagonal against squares on it. */
function offDiagonal(m: Float64Array, n: number): number {
  let [off, on] = [0, 0];
  for (let i = 0; i < n * n; i++) {
    if (i % (n + 1) === 0) on += m[i] * m[i];
    else off += m[i] * m[i];
  }
  return on === 0 ? 0 : off / on;
}

/** One rotation in the plane (p, q) that makes m[p][q] zero; v takes the same rotation of its columns. */
function rotate(m: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = m[p * n + q];
  if (apq === 0) return;
  const theta = (m[q * n + q] - m[p * n + p]) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [x, y] = [m[k * n + p], m[k * n + q]];
    m[k * n + p] = c * x - s * y;
    m[k * n + q] = s * x + c * y;
    const [a, b] = [v[k * n + p], v[k * n + q]];
    v[k * n + p] = c * a - s * b;
    v[k * n + q] = s * a + c * b;
  }
  for (let k = 0; k < n; k++) {
    const [x, y] = [m[p * n + k], m[q * n + k]];
    m[p * n + k] = c * x - s * y;
    m[q * n + k] = s * x + c * y;
  }
}
