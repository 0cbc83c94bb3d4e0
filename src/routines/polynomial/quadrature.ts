// Gauss quadrature for the orthogonal bases: points are the eigenvalues of the symmetric matrix of the recurrence, one
// step of Newton's method later; weights are total / Σ pₖ(x)² over the orthonormal members, a sum without cancellation.
// Source: Golub, Welsch, "Calculation of Gauss Quadrature Rules", Math. Comp. 23, 1969.

import { array } from '../../array/creation.ts';
import type { NDArray } from '../../array/ndarray.ts';
import { ArgumentError } from '../../base/errors.ts';
import { elements } from '../../exec/coerce.ts';
import { eigvalsh } from '../../linalg/eigh.ts';
import type { Basis } from './bases.ts';

/** [middle, beside] of member k: x·pₖ = beside(k+1)·pₖ₊₁ + middle(k)·pₖ + beside(k)·pₖ₋₁ for orthonormal pₖ. */
const orthonormal = (basis: Basis, k: number): [middle: number, beside: number] => [
  basis.times(k)[1],
  k === 0 ? 0 : Math.sqrt(basis.times(k - 1)[0] * basis.times(k)[2]),
];

/** Points, ascending, and weights of the rule that is exact up to degree 2·count − 1; `total` is the integral of 1. */
export function gauss(basis: Basis, count: number, total: number, where: string): [points: NDArray, weights: NDArray] {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new ArgumentError(`${where}: ${count} points`, 'pass an integer from 1', { count });
  }
  const rows = Array.from({ length: count }, (_, i) =>
    Array.from({ length: count }, (_, j) =>
      i === j ? orthonormal(basis, i)[0] : Math.abs(i - j) === 1 ? orthonormal(basis, Math.max(i, j))[1] : 0,
    ),
  );
  const points: number[] = [];
  const weights: number[] = [];
  for (const found of elements(eigvalsh(array(rows)))) {
    let x = Number(found);
    const first = walk(basis, count, x);
    if (Number.isFinite(first.value / first.slope)) x -= first.value / first.slope;
    points.push(x);
    weights.push(total / walk(basis, count, x).squares);
  }
  return [array(points), array(weights)];
}

/** At x: the orthonormal member of this degree but for a factor, its slope, and the sum of squares of those below. */
function walk(basis: Basis, degree: number, x: number): { value: number; slope: number; squares: number } {
  let [value, before, slope, slopeBefore, squares] = [1, 0, 0, 0, 0];
  for (let k = 0; k < degree; k++) {
    squares += value * value;
    const [middle, beside] = orthonormal(basis, k);
    const next = orthonormal(basis, k + 1)[1];
    const [v, s] = [(x - middle) * value - beside * before, value + (x - middle) * slope - beside * slopeBefore];
    [before, slopeBefore] = [value, slope];
    [value, slope] = [v / next, s / next];
  }
  return { value, slope, squares };
}
