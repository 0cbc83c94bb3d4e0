// np.linalg.norm, vector_norm and matrix_norm: which sums (norm_sums.ts) each order is made of, its axes, and what is
// done with the sums. Norms by singular values are svd.ts's.

import { power, sqrt } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { max, min, sum } from '../array/reduce_functions.ts';
import { deliver } from '../array/reductions.ts';
import { moveaxis } from '../array/views.ts';
import { ArgumentError, LinAlgError, ShapeError } from '../base/errors.ts';
import { realOf } from '../dtype/category.ts';
import { dtypes } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, toArray } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { Options } from '../exec/options.ts';
import { byName } from '../exec/positional.ts';
import { isWhole, reduceWhole } from '../exec/reduce_whole.ts';
import { splitAxes } from '../shape/reduction.ts';
import { formatShape, normalizeAxes } from '../shape/strides.ts';
import { type NormSum, normReducer, normStates, workingOf } from './norm_sums.ts';
import { singularValues } from './svd.ts';

/** Orders of norms: numbers, ±Infinity, for matrices also 'fro' and 'nuc'. */
export type NormOrder = number | 'fro' | 'f' | 'nuc' | null;

export interface NormOptions {
  /** By default the 2-norm of all elements, whatever the shape. */
  readonly ord?: NormOrder;
  /** One axis for norms of vectors, two for norms of matrices; by default all of an array of one or two dimensions. */
  readonly axis?: number | readonly number[] | null;
  /** Keep the axes with length 1. */
  readonly keepdims?: boolean;
}
const normOptions = new Options(['ord', 'value'], 'axis', 'keepdims');

/** A norm of vectors: the sum, and its p-th root. */
function vectorRow(ord: number | null): { readonly name: NormSum; readonly root?: number } {
  switch (ord) {
    case null:
    case 2:
      return { name: 'squares', root: 2 };
    case 0:
      return { name: 'count' };
    case 1:
      return { name: 'sum' };
    case Number.POSITIVE_INFINITY:
      return { name: 'max' };
    case Number.NEGATIVE_INFINITY:
      return { name: 'min' };
    default:
      return { name: 'powers', root: ord };
  }
}

/** Norms of the vectors that `axes` run through, in the kept shape. */
function vectorNorms(a: ArrayBase, ord: number | null, axes: readonly number[], where: string): ArrayBase {
  const { name, root } = vectorRow(ord);
  if (name === 'min') requireElements(a, axes, where);
  const states = normStates(name, a, axes, root);
  const result = realOf(workingOf(a.dtype));
  const rooted = root === undefined ? states : rootOf(states, root);
  return rooted.dtype === result ? rooted : heapCopy(rooted, result);
}

function rootOf(states: ArrayBase, root: number): ArrayBase {
  const x = nd(states);
  return toArray(root === 2 ? sqrt(x) : power(x, 1 / root), 'np.linalg.norm');
}

function requireElements(a: ArrayBase, axes: readonly number[], where: string): void {
  if (!axes.some((d) => a.shape[d] === 0) || splitAxes(a.shape, axes).keptShape.includes(0)) return;
  throw new ShapeError(
    `${where}: the least magnitude of no elements, in shape ${formatShape(a.shape)}`,
    'check the size first',
    { where, shape: a.shape, axes },
  );
}

/** The greatest of what is not negative: 0 of nothing. */
const greatest = (x: NDArray, axis: number): NDArray | Scalar => max(x, { axis, initial: 0 });
const least = (x: NDArray, axis: number): NDArray | Scalar => min(x, axis);

type MatrixNorm = (a: NDArray, rows: number, columns: number) => ArrayBase;

/** Sums of magnitudes along one axis, and their extreme along the other. */
const ofSums =
  (along: 'rows' | 'columns', extreme: typeof greatest): MatrixNorm =>
  (a, rows, columns) => {
    const [first, second] = along === 'rows' ? [rows, columns] : [columns, rows];
    const sums = nd(vectorNorms(a, 1, [first], 'np.linalg.norm'));
    return array(extreme(sums, second > first ? second - 1 : second));
  };
/** From the singular values. */
const ofValues =
  (joined: (values: NDArray) => NDArray | Scalar): MatrixNorm =>
  (a, rows, columns) =>
    array(joined(singularValues(moveaxis(a, [rows, columns], [-2, -1]), 'np.linalg.norm')));
const array = (x: NDArray | Scalar): ArrayBase => toArray(x, 'np.linalg.norm');
const frobenius: MatrixNorm = (a, rows, columns) => vectorNorms(a, 2, [rows, columns], 'np.linalg.norm');

/** Norms of matrices by order. */
const matrixNorms: ReadonlyMap<NormOrder, MatrixNorm> = new Map<NormOrder, MatrixNorm>([
  [null, frobenius],
  ['fro', frobenius],
  ['f', frobenius],
  ['nuc', ofValues((s) => sum(s, -1))],
  [2, ofValues((s) => greatest(s, -1))],
  [-2, ofValues((s) => least(s, -1))],
  [1, ofSums('rows', greatest)],
  [-1, ofSums('rows', least)],
  [Number.POSITIVE_INFINITY, ofSums('columns', greatest)],
  [Number.NEGATIVE_INFINITY, ofSums('columns', least)],
]);

function noSuchOrder(ord: unknown, what: 'vectors' | 'matrices', where: string): ArgumentError {
  const known = what === 'vectors' ? 'a number or ±Infinity' : "1, -1, 2, -2, ±Infinity, 'fro' or 'nuc'";
  return new ArgumentError(`${where}: ${String(ord)} is no order of norms of ${what}`, `pass ${known}`, { where, ord });
}

function operand(x: ArrayLike, where: string): NDArray {
  const a = toArray(x, where);
  requireUsable(a, where);
  return nd(a);
}

/** The short path: the length of one contiguous array of floats. */
function wholeLength(a: ArrayBase): number | undefined {
  const working = workingOf(a.dtype);
  if (!isWhole(a) || working.half) return undefined;
  const root = Math.sqrt(Number(reduceWhole(normReducer('squares', working), a)));
  return realOf(working) === dtypes.float32 ? Math.fround(root) : root;
}

type NormArguments = [
  ord?: NormOrder | NormOptions,
  axis?: NormOptions['axis'] | NormOptions,
  keepdims?: boolean | NormOptions,
  options?: NormOptions,
];

/**
 * Norms of vectors or matrices; without `ord` and `axis` the length of all elements as one vector. Orders of vectors are
 * numbers p for (Σ|x|ᵖ)^(1/p), 0 for the count of elements that are not 0, ±Infinity for the extreme magnitude; of matrices
 * 'fro', 'nuc' (the sum of singular values), ±1 and ±Infinity (extreme sums of columns, of rows), ±2 (extreme singular
 * values). Nothing is scaled: squares past the range of the dtype overflow, as in NumPy. Integers are computed in float64.
 * @throws ArgumentError for an order that does not exist, LinAlgError for more than two dimensions, AxisError.
 * @example np.linalg.norm([3, 4]) // 5
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.norm.html
 */
export function norm(x: ArrayLike, ...args: NormArguments): NDArray | Scalar {
  const where = 'np.linalg.norm';
  const a = operand(x, where);
  if (args.length === 0) {
    const short = wholeLength(a);
    if (short !== undefined) return short;
  }
  const { ord = null, axis, keepdims } = byName<NormOptions>(['ord', 'axis', 'keepdims'], args, normOptions, where);
  const all = axis === undefined || axis === null;
  const axes = normalizeAxes(axis, a.ndim, where);
  const options = { axis: all ? null : axes, ...(keepdims !== undefined && { keepdims }) };
  const done = (states: ArrayBase): NDArray | Scalar => deliver(states, a.shape, axes, options, 'norm');
  const length = ord === null || ((ord === 'fro' || ord === 'f') && a.ndim === 2) || (ord === 2 && a.ndim === 1);
  if (all && length) return done(vectorNorms(a, 2, axes, where));
  if (axes.length === 1) {
    if (typeof ord === 'string' || Number.isNaN(ord)) throw noSuchOrder(ord, 'vectors', where);
    return done(vectorNorms(a, ord, axes, where));
  }
  if (axes.length === 2) return done(matrixNorm(a, ord, axisOrder(axis, a.ndim), where));
  throw new LinAlgError(
    `${where}: order ${String(ord)} along ${axes.length} axes of shape ${formatShape(a.shape)}`,
    'name one axis for norms of vectors, two for norms of matrices',
    { where, shape: a.shape, axes },
  );
}

/** The two axes in the order given: rows first. */
const axisOrder = (axis: NormOptions['axis'], ndim: number): readonly number[] =>
  Array.isArray(axis) ? axis.map((d: number) => (d < 0 ? d + ndim : d)) : [0, 1];

function matrixNorm(a: NDArray, ord: NormOrder, axes: readonly number[], where: string): ArrayBase {
  const row = matrixNorms.get(ord);
  if (row === undefined) throw noSuchOrder(ord, 'matrices', where);
  return row(a, axes[0], axes[1]);
}

export interface VectorNormOptions {
  /** Axes whose elements are one vector; all by default. */
  readonly axis?: number | readonly number[] | null;
  /** Keep the axes with length 1. */
  readonly keepdims?: boolean;
  /** The order, 2 by default. */
  readonly ord?: number;
}
const vectorNormOptions = new Options('axis', 'keepdims', ['ord', 'value']);

/**
 * Norm of the elements along axes as one vector, in the array API standard's form: of all elements by default, whatever
 * the shape.
 * @throws ArgumentError for an order that is no number, AxisError.
 * @example np.linalg.vector_norm([[1, 2], [2, 4]], { axis: 0, ord: 1 }).tolist() // [3, 6]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.vector_norm.html
 */
export function vector_norm(x: ArrayLike, options: VectorNormOptions = {}): NDArray | Scalar {
  const where = 'np.linalg.vector_norm';
  vectorNormOptions.check(options, where);
  const { ord = 2 } = options;
  if (typeof ord !== 'number' || Number.isNaN(ord)) throw noSuchOrder(ord, 'vectors', where);
  const a = operand(x, where);
  const axes = normalizeAxes(options.axis, a.ndim, where);
  return deliver(vectorNorms(a, ord, axes, where), a.shape, axes, options, 'vector_norm');
}

export interface MatrixNormOptions {
  /** Keep the last two dimensions with length 1. */
  readonly keepdims?: boolean;
  /** The order, 'fro' by default. */
  readonly ord?: NormOrder;
}
const matrixNormOptions = new Options('keepdims', ['ord', 'value']);

/**
 * Norm of matrices […, m, n], the array API standard's form of `norm` with two axes.
 * @throws ArgumentError for an order that does not exist, LinAlgError for fewer than two dimensions.
 * @example np.linalg.matrix_norm([[1, 2], [3, 4]], { ord: 1 }) // 6
 * @see https://numpy.org/doc/stable/reference/generated/numpy.linalg.matrix_norm.html
 */
export function matrix_norm(x: ArrayLike, options: MatrixNormOptions = {}): NDArray | Scalar {
  const where = 'np.linalg.matrix_norm';
  matrixNormOptions.check(options, where);
  const a = operand(x, where);
  if (a.ndim < 2) {
    throw new LinAlgError(`${where}: shape ${formatShape(a.shape)} is no matrix`, 'pass an array of two dimensions', {
      where,
      shape: a.shape,
    });
  }
  const axes = [a.ndim - 2, a.ndim - 1];
  const norms = matrixNorm(a, options.ord === undefined ? 'fro' : options.ord, axes, where);
  const { keepdims } = options;
  const asked = { axis: a.ndim === 2 ? null : axes, ...(keepdims !== undefined && { keepdims }) };
  return deliver(norms, a.shape, axes, asked, 'matrix_norm');
}
