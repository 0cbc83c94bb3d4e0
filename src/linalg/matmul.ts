// Products of arrays by NumPy's shape rules: matmul, dot, inner, vdot. The work is in product.ts.

import { multiply as elementwise } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import type { AskedDType, Multiplying, ProductResult } from '../array/types.ts';
import { reshape } from '../array/views.ts';
import { ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { asDType, type DType, type DTypeLike } from '../dtype/dtype.ts';
import { type Casting, promote } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { ArrayBase, requireUsable } from '../exec/array_base.ts';
import { type ArrayLike, readAt, toArray } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { broadcastOperands } from '../exec/guard.ts';
import { Options } from '../exec/options.ts';
import { timed } from '../exec/timed.ts';
import { formatShape } from '../shape/strides.ts';
import { type Factor, multiply } from './product.ts';
import { smallProduct } from './small_product.ts';

export interface MatmulOptions {
  /** Where the result goes, of exactly its shape; it may overlap the operands. */
  readonly out?: ArrayBase;
  /** Dtype to compute in; default the common dtype of the operands. */
  readonly dtype?: DTypeLike;
  /** Which casts of operands and to `out` are allowed; default same_kind. */
  readonly casting?: Casting;
}

const none: MatmulOptions = {};
const matmulOptions = new Options('out', 'dtype', 'casting');
const dotOptions = new Options('out');

function operand(x: unknown, op: string): ArrayBase {
  const a = toArray(x, `np.${op}`);
  requireUsable(a, `np.${op}`);
  if (a.ndim > 0) return a;
  throw new ShapeError(
    `np.${op}: an operand has no dimensions (a scalar)`,
    'multiply by a scalar with np.multiply, or give the operand an axis',
    { op },
  );
}

function mismatch(op: string, a: ArrayBase, b: ArrayBase, of: string): ShapeError {
  const [ka, kb] = [a.shape[a.ndim - 1], b.shape[Math.max(0, b.ndim - 2)]];
  const fits = (s: readonly number[], k: number, dim: number): boolean => s.length > 1 && s[s.length + dim] === k;
  const fix = fits(b.shape, ka, -1)
    ? 'transpose the second operand: b.mT'
    : fits(a.shape, kb, -2)
      ? 'transpose the first operand: a.mT'
      : `make ${of} equal`;
  return new ShapeError(
    `np.${op}: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not multiply: ${ka} against ${kb}`,
    fix,
    {
      op,
      shapes: [a.shape, b.shape],
    },
  );
}

const inner2 = 'the last dimension of the first operand and the last but one of the second';

/** Operands of one dimension stand for a row on the left, for a column on the right. */
const onLeft = (a: ArrayBase): Factor => ({
  array: a,
  stackDims: Math.max(0, a.ndim - 2),
  rowDim: a.ndim - 2,
  columnDim: a.ndim - 1,
});
const onRight = (b: ArrayBase): Factor =>
  b.ndim === 1 ? { array: b, stackDims: 0, rowDim: 0, columnDim: -1 } : onLeft(b);

const settled = (a: ArrayBase, b: ArrayBase, options: MatmulOptions): DType =>
  options.dtype === undefined ? promote(a.dtype, b.dtype) : asDType(options.dtype);

/**
 * Matrix product of two arrays; of more than two dimensions, of stacks of matrices in the last two, broadcast against
 * each other. A vector on the left is a row, on the right a column, and its axis is not in the result; two vectors give
 * an array without dimensions. Integers wrap, bool is any(and), an empty sum is 0.
 * @throws ShapeError when the inner dimensions differ, the stacks do not broadcast, an operand is a scalar, or `out` has
 * another shape; CastError for a cast that `casting` forbids.
 * @example np.matmul([[1, 2], [3, 4]], [5, 6]).tolist() // [17, 39]
 */
export function matmul<
  A extends ArrayLike,
  B extends ArrayLike,
  L extends AskedDType = undefined,
  O extends ArrayBase | undefined = undefined,
>(
  a: A,
  b: Multiplying<A, B>,
  options?: MatmulOptions & { readonly dtype?: L; readonly out?: O },
): ProductResult<A, B, L, O>;
export function matmul(a: ArrayLike, b: ArrayLike, options: MatmulOptions = none): NDArray {
  if (events.timing) return timed('matmul', matmul, a, b, options);
  if (options === none && a instanceof ArrayBase && b instanceof ArrayBase) {
    const small = smallProduct(a, b);
    if (small !== undefined) return nd(small);
  }
  matmulOptions.check(options, 'np.matmul');
  const [x, y] = [operand(a, 'matmul'), operand(b, 'matmul')];
  const [left, right] = [onLeft(x), onRight(y)];
  const k = x.shape[left.columnDim];
  if (k !== y.shape[right.rowDim]) throw mismatch('matmul', x, y, inner2);
  const rows = left.rowDim < 0 ? [] : [x.shape[left.rowDim]];
  const columns = right.columnDim < 0 ? [] : [y.shape[right.columnDim]];
  const stack =
    left.stackDims + right.stackDims === 0
      ? []
      : broadcastOperands([x.shape.slice(0, left.stackDims), y.shape.slice(0, right.stackDims)], 'np.matmul', 0);
  const { out, casting = 'same_kind' } = options;
  const dtype = settled(x, y, options);
  const shape = [...stack, ...rows, ...columns];
  const [m, n] = [rows[0] ?? 1, columns[0] ?? 1];
  return nd(multiply({ op: 'matmul', stack, m, n, k, shape, dtype, casting, out }, left, right));
}

/** The matrix of an array's last axis against all others: a view where strides allow. */
const flattened = (a: ArrayBase): ArrayBase => (a.ndim === 2 ? a : reshape(a, [-1, a.shape[a.ndim - 1]]));

function pair(op: 'dot' | 'inner', a: ArrayLike, b: ArrayLike, out: ArrayBase | undefined): NDArray | Scalar {
  const [x, y] = [toArray(a, `np.${op}`), toArray(b, `np.${op}`)];
  if (x.ndim === 0 || y.ndim === 0) return elementwise(nd(x), nd(y), { out, dtype: promote(x.dtype, y.dtype) });
  requireUsable(x, `np.${op}`);
  requireUsable(y, `np.${op}`);
  const axis = op === 'dot' ? Math.max(0, y.ndim - 2) : y.ndim - 1;
  const k = x.shape[x.ndim - 1];
  if (k !== y.shape[axis]) {
    throw mismatch(op, x, y, op === 'dot' ? inner2 : 'the last dimensions');
  }
  const shape = [...x.shape.slice(0, -1), ...y.shape.slice(0, axis), ...y.shape.slice(axis + 1)];
  const dtype = promote(x.dtype, y.dtype);
  const common = { op, stack: [], k, shape, dtype, casting: 'same_kind', out } as const;
  const empty = x.size === 0 || y.size === 0; // reshape cannot infer a length from nothing
  const m = shape.slice(0, x.ndim - 1).reduce((s, d) => s * d, 1);
  const n = shape.slice(x.ndim - 1).reduce((s, d) => s * d, 1);
  let left = onLeft(x);
  let right = onRight(y);
  if (x.ndim > 2) left = onLeft(empty ? x : flattened(x));
  if (y.ndim > 2 || (op === 'inner' && y.ndim === 2)) {
    // The summed axis last, all others one: then rows and columns change places.
    const last = op === 'inner' ? y : nd(y).transpose([...y.shape.keys()].filter((d) => d !== axis).concat(axis));
    const flat = empty ? last : flattened(last);
    right = { array: flat, stackDims: 0, rowDim: flat.ndim - 1, columnDim: flat.ndim - 2 };
  }
  const result = multiply({ ...common, m, n }, left, right);
  return shape.length === 0 && out === undefined ? readAt(result, result.offset) : nd(result);
}

/**
 * Dot product: of two vectors a scalar; otherwise the sum over the last axis of `a` and the last but one of `b`.
 * With a scalar it is the product of every element.
 * @throws ShapeError when these differ; CastError as matmul.
 * @example np.dot([1, 2, 3], [4, 5, 6]) // 32
 */
export function dot(a: ArrayLike, b: ArrayLike, options: { readonly out?: ArrayBase } = {}): NDArray | Scalar {
  dotOptions.check(options, 'np.dot');
  return pair('dot', a, b, options.out);
}

/**
 * Sum over the last axes of both operands; of two vectors a scalar, with a scalar the product of every element. Complex
 * operands are not conjugated.
 * @throws ShapeError when the last axes differ.
 * @example np.inner([[1, 2], [3, 4]], [5, 6]).tolist() // [17, 39]
 */
export function inner(a: ArrayLike, b: ArrayLike): NDArray | Scalar {
  return pair('inner', a, b, undefined);
}

/**
 * Dot product of two arrays flattened in C order, the first conjugated.
 * @throws ShapeError when the sizes differ.
 * @example np.vdot([1, 2], [3, 4]) // 11
 */
export function vdot(a: ArrayLike, b: ArrayLike): Scalar {
  const [x, y] = [toArray(a, 'np.vdot'), toArray(b, 'np.vdot')];
  requireUsable(x, 'np.vdot');
  requireUsable(y, 'np.vdot');
  if (x.size !== y.size) {
    throw new ShapeError(
      `np.vdot: ${x.size} elements in shape ${formatShape(x.shape)} against ${y.size} in ${formatShape(y.shape)}`,
      'pass arrays with equally many elements',
      { op: 'vdot', shapes: [x.shape, y.shape] },
    );
  }
  const flat = (v: ArrayBase): ArrayBase => (v.ndim === 1 ? v : reshape(v.contiguous ? v : heapCopy(v), [v.size]));
  const [left, right] = [onLeft(flat(x)), onRight(flat(y))];
  const dtype = promote(x.dtype, y.dtype);
  const result = multiply(
    { op: 'vdot', stack: [], m: 1, n: 1, k: x.size, shape: [], dtype, casting: 'same_kind', conjugate: true },
    left,
    right,
  );
  return readAt(result, result.offset);
}
