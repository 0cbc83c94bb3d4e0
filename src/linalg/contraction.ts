// One contraction of labelled operands: labels that nobody else needs are summed away first, pairs become matrix products
// (transposition in the strides, shared labels as a stack), the rest is one pass that multiplies and sums over broadcast
// views without intermediates. Which operands meet is contraction_path.ts's, subscripts are shape/einsum.ts's.

import { multiply } from '../array/functions.generated.ts';
import { reducerFor } from '../array/masked_reducer.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { reshape, transpose } from '../array/views.ts';
import type { DType } from '../dtype/dtype.ts';
import { type ArrayBase, reinterpret } from '../exec/array_base.ts';
import { toArray } from '../exec/coerce.ts';
import { heapCopy, isResident } from '../exec/copy.ts';
import type { Reducer } from '../exec/monoid.ts';
import { reduceStates } from '../exec/reduce.ts';
import { ComplexExpr, type ExprValue } from '../kernel/builder.ts';
import { asReal } from '../ops/define.ts';
import { altered, isFloating, wideAccumulator } from '../ops/reduce/define.ts';
import { reductions } from '../ops/reduce/rows.ts';
import { sizeOf } from '../shape/strides.ts';
import { matmul } from './matmul.ts';
import { type Factor, multiply as matrixProduct } from './product.ts';

/** An array and what its dimensions are called; no label twice. */
export interface Labelled {
  readonly array: ArrayBase;
  readonly labels: readonly number[];
}

type Size = (label: number) => number;

/** An operand with every label once: diagonals by strides, dimensions of length 1 that others stretch left out. */
export function labelled(array: ArrayBase, term: readonly number[], size: Size): Labelled {
  const labels = [...new Set(term)].filter((l) => array.shape[term.indexOf(l)] === size(l));
  const strideOf = (label: number): number =>
    term.reduce((sum, l, d) => (l === label ? sum + array.strides[d] : sum), 0);
  return { array: reinterpret(array, array.offset, labels.map(size), labels.map(strideOf)), labels };
}

/** A view with these dimensions, broadcast along labels that the operand does not have. */
export function arrangedAs({ array, labels }: Labelled, wanted: readonly number[], size: Size): ArrayBase {
  const strides = wanted.map((l) => (labels.includes(l) ? array.strides[labels.indexOf(l)] : 0));
  return reinterpret(array, array.offset, wanted.map(size), strides);
}

function product(values: readonly ExprValue[]): ExprValue {
  return values.reduce((x, y) =>
    x instanceof ComplexExpr && y instanceof ComplexExpr ? x.mul(y) : asReal(x).mul(asReal(y)),
  );
}

const reducers = new Map<string, Reducer>();

/** Sums of products of so many numbers of a dtype. */
function reducerOf(count: number, dtype: DType): Reducer {
  const key = `einsum:${count}:${dtype.char}`;
  let found = reducers.get(key);
  if (found === undefined) {
    const change = { name: 'einsum', ins: new Array<DType>(count).fill(dtype), value: product };
    found = reducerFor(key, altered(reductions.sum.of(dtype).monoid, change), false);
    reducers.set(key, found);
  }
  return found;
}

/** The product of all operands summed over what is not kept, in one pass; sums follow the tree of all reductions. */
function multiplyAndSum(operands: readonly Labelled[], kept: readonly number[], size: Size, dtype: DType): ArrayBase {
  const summed = [...new Set(operands.flatMap((o) => o.labels))].filter((l) => !kept.includes(l));
  const order = [...kept, ...summed];
  const shape = order.map(size);
  const working = isFloating(dtype) ? dtype : wideAccumulator(dtype);
  const inHeap = (o: Labelled): ArrayBase =>
    arrangedAs(isResident(o.array) ? o : { ...o, array: heapCopy(o.array) }, order, size);
  const axes = summed.map((_, i) => kept.length + i);
  const states = reduceStates(reducerOf(operands.length, working), operands.map(inHeap), shape, axes);
  return states.dtype === dtype ? states : heapCopy(states, dtype);
}

/** Sums over the labels that are not kept. */
function sumAway(x: Labelled, keep: (label: number) => boolean, size: Size, dtype: DType): Labelled {
  const labels = x.labels.filter(keep);
  return labels.length === x.labels.length ? x : { array: multiplyAndSum([x], labels, size, dtype), labels };
}

/** The product of operands without a sum. */
function broadcastProduct(
  operands: readonly Labelled[],
  wanted: readonly number[],
  size: Size,
  dtype: DType,
): ArrayBase {
  const [first, ...rest] = operands.map((o) => arrangedAs(o, wanted, size));
  return rest.reduce<ArrayBase>((x, y) => toArray(multiply(x as NDArray, y as NDArray, { dtype }), 'np.einsum'), first); // exec/ makes NDArrays
}

/** Dimensions from far apart to near in memory, so that neighbours merge when they become one. */
const outermostFirst = (labels: readonly number[], { array, labels: own }: Labelled): number[] => {
  const stride = (l: number): number => Math.abs(array.strides[own.indexOf(l)]);
  return [...labels].sort((a, b) => stride(b) - stride(a));
};

/** A pair as a stack of matrix products; the result's labels come as they fall. */
function asMatrices(x: Labelled, y: Labelled, wanted: readonly number[], size: Size): Labelled {
  const shared = x.labels.filter((l) => y.labels.includes(l));
  const stack = wanted.filter((l) => shared.includes(l));
  const inner = shared.filter((l) => !stack.includes(l));
  const larger = x.array.size >= y.array.size ? x : y;
  const met = outermostFirst(inner, larger);
  const rows = outermostFirst(
    x.labels.filter((l) => !shared.includes(l)),
    x,
  );
  const columns = outermostFirst(
    y.labels.filter((l) => !shared.includes(l)),
    y,
  );
  const lengths = (labels: readonly number[]): number[] => labels.map(size);
  if (stack.length === 0 && met.length === 1 && rows.length < 2 && columns.length < 2) {
    // Two matrices, or a matrix and a vector, as they are.
    const factor = ({ array, labels }: Labelled, row: number | undefined, column: number | undefined): Factor => ({
      array,
      stackDims: 0,
      rowDim: row === undefined ? -1 : labels.indexOf(row),
      columnDim: column === undefined ? -1 : labels.indexOf(column),
    });
    const [[m = 1], [n = 1], [k]] = [rows, columns, met].map(lengths);
    const labels = [...rows, ...columns];
    const { dtype } = x.array;
    const common = { op: 'einsum', stack: [], m, n, k, shape: lengths(labels), dtype, casting: 'no' } as const;
    return { array: matrixProduct(common, factor(x, rows[0], met[0]), factor(y, met[0], columns[0])), labels };
  }
  const matrix = (o: Labelled, left: readonly number[], right: readonly number[]): NDArray => {
    const order = [...stack, ...left, ...right];
    const turned: NDArray = transpose(
      nd(o.array),
      order.map((l) => o.labels.indexOf(l)),
    );
    return reshape(turned, [...lengths(stack), sizeOf(lengths(left)), sizeOf(lengths(right))] as number[]);
  };
  const made: NDArray = matmul(matrix(x, rows, met), matrix(y, met, columns));
  const labels = [...stack, ...rows, ...columns];
  return { array: reshape(made, lengths(labels)), labels };
}

/** Operands contracted to the wanted labels, in any order; all of `dtype`, nothing empty. */
export function contract(given: readonly Labelled[], wanted: readonly number[], size: Size, dtype: DType): Labelled {
  // What only one operand has need not be multiplied first.
  const operands = given.map((x) =>
    sumAway(x, (l) => wanted.includes(l) || given.some((y) => y !== x && y.labels.includes(l)), size, dtype),
  );
  if (operands.length === 1) return operands[0];
  const has = new Set(operands.flatMap((o) => o.labels));
  if (has.size === wanted.length) return { array: broadcastProduct(operands, wanted, size, dtype), labels: wanted };
  if (operands.length === 2) {
    const [x, y] = operands;
    const alone = (a: Labelled, b: Labelled): boolean => a.labels.some((l) => !b.labels.includes(l));
    // Products of rows with rows, element for element of a stack, are sums along an axis.
    if (alone(x, y) || alone(y, x)) {
      const columnsFirst = wanted.find((l) => !(x.labels.includes(l) && y.labels.includes(l)));
      const turned = columnsFirst !== undefined && !x.labels.includes(columnsFirst);
      return turned ? asMatrices(y, x, wanted, size) : asMatrices(x, y, wanted, size);
    }
  }
  return { array: multiplyAndSum(operands, wanted, size, dtype), labels: wanted };
}
