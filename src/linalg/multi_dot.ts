// np.linalg.multi_dot: a product of several matrices in the order that multiplies least.
// Source: Cormen, Leiserson, Rivest, Stein, "Introduction to Algorithms", 15.2 (matrix-chain multiplication).

import { type NDArray, nd } from '../array/ndarray.ts';
import { ArgumentError, LinAlgError } from '../base/errors.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { Options } from '../exec/options.ts';
import { formatShape } from '../shape/strides.ts';
import { dot } from './matmul.ts';

export interface MultiDotOptions {
  readonly out?: ArrayBase;
}
const multiDotOptions = new Options('out');

/** Where to cut a chain: matrix i has lengths[i] rows and lengths[i + 1] columns; cuts[i][j] ends the left part of i … j. */
function chainOf(lengths: readonly number[]): number[][] {
  const n = lengths.length - 1;
  const costs = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const cuts = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (let span = 1; span < n; span++) {
    for (let i = 0; i + span < n; i++) {
      const j = i + span;
      costs[i][j] = Number.POSITIVE_INFINITY;
      for (let k = i; k < j; k++) {
        const cost = costs[i][k] + costs[k + 1][j] + lengths[i] * lengths[k + 1] * lengths[j + 1];
        if (cost >= costs[i][j]) continue;
        costs[i][j] = cost;
        cuts[i][j] = k;
      }
    }
  }
  return cuts;
}

/**
 * Product of two or more matrices in the order that takes the fewest multiplications. The first may be a vector, taken as
 * a row, and so may the last, as a column; the result loses that dimension again: of two vectors at the ends a scalar.
 * @throws ArgumentError for fewer than two operands, LinAlgError for other dimensions, ShapeError for lengths that differ.
 * @example np.linalg.multi_dot([[1, 2], [[1, 0], [0, 2]], [3, 4]]) // 19
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.multi_dot.html
 */
export function multi_dot(arrays: readonly ArrayLike[], options: MultiDotOptions = {}): NDArray | Scalar {
  const where = 'np.linalg.multi_dot';
  multiDotOptions.check(options, where);
  if (!Array.isArray(arrays) || arrays.length < 2) {
    throw new ArgumentError(`${where}: ${arrays.length} operands`, 'pass a list of at least two matrices', { where });
  }
  const last = arrays.length - 1;
  const given = arrays.map((x: ArrayLike, i) => {
    const a = toArray(x, where);
    requireUsable(a, where);
    if (a.ndim === 2 || (a.ndim === 1 && (i === 0 || i === last))) return nd(a);
    throw new LinAlgError(
      `${where}: operand ${i} has shape ${formatShape(a.shape)}`,
      'pass matrices; only the first and the last may be vectors',
      { where, operand: i, shape: a.shape },
    );
  });
  if (given.length === 2) return dot(given[0], given[1], options);
  const lengths = [
    given[0].ndim === 1 ? 1 : given[0].shape[0],
    ...given.slice(1).map((a) => a.shape[0]),
    given[last].ndim === 1 ? 1 : given[last].shape[1],
  ];
  const cuts = chainOf(lengths);
  const product = (i: number, j: number, out?: ArrayBase): NDArray | Scalar => {
    if (i === j) return given[i];
    const k = cuts[i][j];
    return dot(product(i, k), product(k + 1, j), out && { out });
  };
  return product(0, last, options.out);
}
