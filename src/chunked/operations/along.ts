// Functions of whole lines along an axis: sorting, quantiles. A block of the result has all that it needs of the axis in one
// block of the operand, cut as small along the others as that asks for.

import type { NDArray } from '../../array/ndarray.ts';
import { argpartition, argsort, partition, sort } from '../../array/sorting.ts';
import { asDType, type DType, dtypes } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { lazy } from '../../lazy/lazy.ts';
import { median, nanmedian } from '../../routines/median.ts';
import { nanquantile, quantile } from '../../routines/quantile.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';
import { arrayOf, cut, replaced, wholeAlong, withStretch } from './pieces.ts';

interface Along {
  readonly name: AlongName;
  readonly axis: number;
  /** What the function takes besides, as plain data. */
  readonly args: unknown;
}

type Line = (x: NDArray, axis: number, args: never) => NDArray;
/** Places of quantiles and their definition. */
export interface Places {
  readonly q: readonly number[];
  readonly method: string;
}
const kept = (made: NDArray | Scalar): NDArray => made as NDArray; // keepdims gives an array

const lines = {
  sort: (x, axis, o: object) => sort(x, { ...o, axis }),
  argsort: (x, axis, o: object) => argsort(x, { ...o, axis }).astype(dtypes.int64),
  partition: (x, axis, kth: readonly number[]) => partition(x, kth, { axis }),
  argpartition: (x, axis, kth: readonly number[]) => argpartition(x, kth, { axis }).astype(dtypes.int64),
  median: (x, axis) => kept(median(x, { axis, keepdims: true }) as never),
  nanmedian: (x, axis) => kept(nanmedian(x, { axis, keepdims: true }) as never),
  quantile: (x, axis, { q, method }: Places) => placed(quantile(x, q, { axis, method } as never) as never, axis),
  nanquantile: (x, axis, { q, method }: Places) => placed(nanquantile(x, q, { axis, method } as never) as never, axis),
} satisfies Record<string, Line>;
export type AlongName = keyof typeof lines;

// Quantiles come with their places first; they go where the axis was.
const placed = (x: NDArray, axis: number): NDArray => {
  const order = x.shape.map((_, d) => d).slice(1);
  order.splice(axis, 0, 0);
  return x.transpose(order);
};

export const alongRow: OperationRow<Along> = {
  name: 'along an axis',
  eager: true,
  needs: ({ axis }, region, [x]) =>
    region.shape.some((n, d) => n === 0 && d !== axis)
      ? [{ start: x.shape.map(() => 0), shape: replaced(region.shape, axis, x.shape[axis]) }]
      : [withStretch(region, axis, 0, x.shape[axis])],
  apply({ name, axis, args }, [x], region) {
    const made = (lines[name] as Line)(arrayOf(x), axis, args as never); // a row's own arguments
    return [lazy(cut(made, axis, region.start[axis], region.start[axis] + region.shape[axis]))];
  },
  text: ({ name, axis }) => `${name} along axis ${axis}`,
};

/** A function of whole lines, with `length` results per line. */
export function alongNode(
  x: Node,
  name: AlongName,
  axis: number,
  args: unknown,
  dtype: DType = asDType(x.dtype),
  length: number = x.shape[axis],
): OpNode {
  const op = operation(alongRow, { name, axis, args }, [x]);
  const chunks = replaced(wholeAlong(x, axis), axis, Math.max(1, length));
  return resultsOf(op, [{ shape: replaced(x.shape, axis, length), dtype }], chunks)[0];
}
