// Products along chosen axes, made of matrix products and sums: vecdot, matvec, vecmat, tensordot, outer, kron.

import { conjugate, multiply } from '../array/functions.generated.ts';
import { reducerFor } from '../array/masked_reducer.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { deliver } from '../array/reductions.ts';
import { broadcast_to, expand_dims, moveaxis, ravel, reshape, transpose } from '../array/views.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { asDType, type DTypeLike } from '../dtype/dtype.ts';
import { promote } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { heapCopy, isResident } from '../exec/copy.ts';
import { broadcastOperands } from '../exec/guard.ts';
import { Options } from '../exec/options.ts';
import { reduceStates } from '../exec/reduce.ts';
import { ComplexExpr, type ExprValue } from '../kernel/builder.ts';
import { asReal } from '../ops/define.ts';
import { altered, isFloating, type Monoid, wideAccumulator } from '../ops/reduce/define.ts';
import { reductions } from '../ops/reduce/rows.ts';
import { formatShape, normalizeAxes, normalizeAxis, sizeOf } from '../shape/strides.ts';
import { type MatmulOptions, matmul } from './matmul.ts';

/** An operand with at least so many axes. */
function operand(x: ArrayLike, least: number, where: string): NDArray {
  const a = toArray(x, where);
  requireUsable(a, where);
  if (a.ndim >= least) return nd(a);
  throw new ShapeError(
    `${where}: an operand of shape ${formatShape(a.shape)} has fewer than ${least} axes`,
    'give it the axes it lacks with np.expand_dims or reshape',
    { shape: a.shape, least },
  );
}

function requireEqual(m: number, n: number, what: string, where: string, shapes: readonly (readonly number[])[]): void {
  if (m === n) return;
  throw new ShapeError(
    `${where}: ${what} have ${m} and ${n} elements (shapes ${shapes.map(formatShape).join(' and ')})`,
    'choose axes of the same length',
    { lengths: [m, n], shapes },
  );
}

export interface VecdotOptions {
  /** The axis of both operands that is summed over; the last by default. */
  readonly axis?: number;
  readonly out?: ArrayBase;
  readonly dtype?: DTypeLike;
}
const vecdotOptions = new Options('axis', 'out', 'dtype');

function product([x, y]: readonly ExprValue[]): ExprValue {
  if (x instanceof ComplexExpr && y instanceof ComplexExpr) return new ComplexExpr(x.re, x.im.neg()).mul(y);
  return asReal(x).mul(asReal(y));
}

/**
 * Dot products of the vectors along an axis, the other axes broadcast; the first operand conjugated. Nothing of the size
 * of the product is made, and sums follow the tree of all reductions. Integers wrap, bool is any(and).
 * @throws ShapeError for axes of different length, scalars, or what does not broadcast.
 * @example np.vecdot([[1, 2], [3, 4]], [10, 1]).tolist() // [12, 34]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.vecdot.html
 */
export function vecdot(a: ArrayLike, b: ArrayLike, options: VecdotOptions = {}): NDArray | Scalar {
  const where = 'np.vecdot';
  vecdotOptions.check(options, where);
  const [x, y] = [operand(a, 1, where), operand(b, 1, where)].map((v) => moveaxis(v, options.axis ?? -1, -1));
  requireEqual(x.shape[x.ndim - 1], y.shape[y.ndim - 1], 'the axes', where, [x.shape, y.shape]);
  const dtype = options.dtype === undefined ? promote(x.dtype, y.dtype) : asDType(options.dtype);
  const working = isFloating(dtype) ? dtype : wideAccumulator(dtype);
  const shape = broadcastOperands([x.shape, y.shape], where, 0); // the product is never made
  const monoid = (): Monoid =>
    altered(reductions.sum.of(working).monoid, { name: 'vecdot', ins: [working, working], value: product });
  const inHeap = (v: NDArray): ArrayBase => broadcast_to(isResident(v) ? v : heapCopy(v), shape);
  const axes = [shape.length - 1];
  const states = reduceStates(
    reducerFor(`vecdot:${working.char}`, monoid(), false),
    [inHeap(x), inHeap(y)],
    shape,
    axes,
  );
  const made = states.dtype === dtype ? states : heapCopy(states, dtype);
  return deliver(
    made,
    shape,
    axes,
    shape.length === 1 ? { out: options.out } : { axis: -1, out: options.out },
    'vecdot',
  );
}

/**
 * Matrix times vector: the last two axes of `a` with the last of `b`, the others broadcast.
 * @throws ShapeError, CastError as matmul.
 * @example np.matvec([[1, 2], [3, 4]], [5, 6]).tolist() // [17, 39]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.matvec.html
 */
export function matvec(a: ArrayLike, b: ArrayLike, options: MatmulOptions = {}): NDArray {
  const column: NDArray = expand_dims(operand(b, 1, 'np.matvec'), -1);
  return flattened(operand(a, 2, 'np.matvec'), column, -1, options);
}

/**
 * Vector times matrix: the last axis of `a`, conjugated, with the last two of `b`, the others broadcast.
 * @throws ShapeError, CastError as matmul.
 * @example np.vecmat([5, 6], [[1, 2], [3, 4]]).tolist() // [23, 34]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.vecmat.html
 */
export function vecmat(a: ArrayLike, b: ArrayLike, options: MatmulOptions = {}): NDArray {
  const vector = operand(a, 1, 'np.vecmat');
  const row: NDArray = expand_dims(
    vector.dtype.kind === 'c' ? nd(toArray(conjugate(vector), 'np.vecmat')) : vector,
    -2,
  );
  return flattened(row, operand(b, 2, 'np.vecmat'), -2, options);
}

/** A matrix product without the axis of length 1 that an operand was given for it. */
function flattened(a: NDArray, b: NDArray, axis: number, { out, ...options }: MatmulOptions): NDArray {
  if (out === undefined) return matmul(a, b, options).squeeze(axis);
  matmul(a, b, { ...options, out: expand_dims(out, axis) });
  return nd(out);
}

export interface TensordotOptions {
  /** How many last axes of `a` meet as many first ones of `b`, or two lists of axes that meet in pairs; 2 by default. */
  readonly axes?: number | readonly [number | readonly number[], number | readonly number[]];
}
const tensordotOptions = new Options(['axes', 'value']);

/** The two lists of axes. */
function meeting(axes: unknown, a: NDArray, b: NDArray): [number[], number[]] {
  const where = 'np.tensordot';
  if (typeof axes === 'number' && Number.isSafeInteger(axes) && axes >= 0) {
    if (axes > Math.min(a.ndim, b.ndim)) {
      throw new ShapeError(
        `${where}: ${axes} axes are to meet, of shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
        `pass at most ${Math.min(a.ndim, b.ndim)}`,
        { axes, shapes: [a.shape, b.shape] },
      );
    }
    return [Array.from({ length: axes }, (_, i) => a.ndim - axes + i), Array.from({ length: axes }, (_, i) => i)];
  }
  if (Array.isArray(axes) && axes.length === 2) {
    const [ofA, ofB] = axes.map((list: number | readonly number[]) => (typeof list === 'number' ? [list] : list));
    const lists: [number[], number[]] = [
      ofA.map((d) => normalizeAxis(d, a.ndim, where)),
      ofB.map((d) => normalizeAxis(d, b.ndim, where)),
    ];
    normalizeAxes(lists[0], a.ndim, where); // none twice
    normalizeAxes(lists[1], b.ndim, where);
    if (lists[0].length === lists[1].length) return lists;
  }
  throw new ArgumentError(
    `${where}: axes say nothing that fits`,
    'pass a number of axes, or two lists of equal length: { axes: [[0, 1], [1, 0]] }',
    { axes },
  );
}

/**
 * Sum over pairs of axes of two arrays, as one matrix product: the result has the other axes of `a`, then those of `b`.
 * @throws ShapeError for axes of different length; ArgumentError, AxisError for axes that do not fit.
 * @example np.tensordot(np.ones([2, 3, 4]), np.ones([3, 4, 5])).shape // [2, 5]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.tensordot.html
 */
export function tensordot(
  a: ArrayLike,
  b: ArrayLike,
  given: TensordotOptions | TensordotOptions['axes'] = {},
): NDArray {
  const where = 'np.tensordot';
  const options = typeof given === 'number' || Array.isArray(given) ? { axes: given } : (given as TensordotOptions);
  tensordotOptions.check(options, where);
  const [x, y] = [operand(a, 0, where), operand(b, 0, where)];
  const [ofX, ofY] = meeting(options.axes ?? 2, x, y);
  ofX.forEach((d, i) => {
    requireEqual(x.shape[d], y.shape[ofY[i]], `axes ${d} and ${ofY[i]}`, where, [x.shape, y.shape]);
  });
  const rest = (v: NDArray, of: readonly number[]): number[] => [...v.shape.keys()].filter((d) => !of.includes(d));
  const [restX, restY] = [rest(x, ofX), rest(y, ofY)];
  const [rows, columns] = [restX.map((d) => x.shape[d]), restY.map((d) => y.shape[d])];
  const k = sizeOf(ofX.map((d) => x.shape[d]));
  const left: NDArray = reshape(transpose(x, [...restX, ...ofX]), [sizeOf(rows), k] as number[]);
  const right: NDArray = reshape(transpose(y, [...ofY, ...restY]), [k, sizeOf(columns)] as number[]);
  return reshape(matmul(left, right), [...rows, ...columns]);
}

export interface OuterOptions {
  readonly out?: ArrayBase;
}
const outerOptions = new Options('out');

/**
 * Every element of `a` times every element of `b`, both flattened: a matrix.
 * @example np.outer([1, 2], [10, 20, 30]).tolist() // [[10, 20, 30], [20, 40, 60]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.outer.html
 */
export function outer(a: ArrayLike, b: ArrayLike, options: OuterOptions = {}): NDArray {
  outerOptions.check(options, 'np.outer');
  const column: NDArray = expand_dims(ravel(operand(a, 0, 'np.outer')), 1);
  const row: NDArray = expand_dims(ravel(operand(b, 0, 'np.outer')), 0);
  return nd(toArray(multiply(column, row, options), 'np.outer'));
}

/**
 * Kronecker product: every element of `a` replaced by that element times `b`. Missing leading axes are added.
 * @example np.kron([1, 10], [1, 2, 3]).tolist() // [1, 2, 3, 10, 20, 30]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.kron.html
 */
export function kron(a: ArrayLike, b: ArrayLike): NDArray {
  const [x, y] = [operand(a, 0, 'np.kron'), operand(b, 0, 'np.kron')];
  const ndim = Math.max(x.ndim, y.ndim);
  const full = (v: NDArray): number[] => [...new Array<number>(ndim - v.ndim).fill(1), ...v.shape];
  const [s, t] = [full(x), full(y)];
  const spread: NDArray = reshape(x, s.flatMap((n) => [n, 1]) as number[]);
  const repeated: NDArray = reshape(y, t.flatMap((n) => [1, n]) as number[]);
  const all = nd(toArray(multiply(spread, repeated), 'np.kron'));
  return reshape(all, s.map((n, d) => n * t[d]) as number[]);
}
