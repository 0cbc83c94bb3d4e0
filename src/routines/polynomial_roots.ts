// np.roots: the zeros of a polynomial as eigenvalues of its companion matrix, whose characteristic polynomial it is.
// Source: Horn, Johnson, "Matrix Analysis", 3.3.

import { divide, negative } from '../array/functions.generated.ts';
import { eye } from '../array/matrices.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { ShapeError } from '../base/errors.ts';
import { dtypes } from '../dtype/dtype.ts';
import { newArray, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, elements, toArray } from '../exec/coerce.ts';
import { eigvals } from '../linalg/eig.ts';
import { formatShape } from '../shape/strides.ts';

/**
 * The zeros of a polynomial, given by its coefficients from the highest power to the lowest: real where all are, else
 * complex; zeros at 0 come last. None of a constant.
 * @throws ShapeError for coefficients of other than one dimension; LinAlgError for NaN or infinities among them.
 * @example np.roots([1, -3, 2]).tolist() // [2, 1]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.roots.html
 */
export function roots(p: ArrayLike): NDArray {
  const given = toArray(p, 'np.roots');
  requireUsable(given, 'np.roots');
  if (given.ndim > 1) {
    throw new ShapeError(`np.roots: coefficients of shape ${formatShape(given.shape)}`, 'pass one list of them', {
      shape: given.shape,
    });
  }
  const c = nd(given).ravel();
  const set = [...elements(c.not_equal(0))];
  const [first, last] = [set.indexOf(true), set.lastIndexOf(true)];
  if (first < 0) return nd(newArray([0], dtypes.float64));
  const constant = first === last; // times a power of x
  const found = constant ? nd(newArray([0], dtypes.float64)) : eigvals(companion(c.get(`${first}:${last + 1}`)));
  const atZero = c.size - 1 - last;
  if (atZero === 0) return found;
  const all = nd(newArray([found.size + atZero], found.dtype, true));
  all.set(`:${found.size}`, found);
  return all;
}

/** Ones below the diagonal, above them the coefficients over the highest, negated. */
function companion(c: NDArray): NDArray {
  const n = c.size - 1;
  const row = nd(toArray(negative(divide(c.get('1:'), c.get('0:1'))), 'np.roots'));
  const matrix = eye(n, { k: -1 }).astype(row.dtype);
  matrix.set(0, row);
  return matrix;
}
