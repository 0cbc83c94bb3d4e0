// Flat positions and coordinates: ravel_multi_index and unravel_index. Each result is one kernel over the positions.

import { type NDArray, nd } from '../array/ndarray.ts';
import { max, min } from '../array/reduce_functions.ts';
import { type IndexMode, positionsWithin } from '../array/take.ts';
import { ArgumentError, IndexError, ShapeError } from '../base/errors.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { type ArrayLike, readAt } from '../exec/coerce.ts';
import { evaluate, loopOf } from '../exec/formula.ts';
import { positionsGiven } from '../exec/indexing/select.ts';
import { describe, Options } from '../exec/options.ts';
import { Expr, type ExprValue } from '../kernel/builder.ts';
import { broadcastShapes } from '../shape/broadcast.ts';
import { checkShape, contiguousStrides, formatShape, type Order, sizeOf } from '../shape/strides.ts';

const ravelOptions = new Options(['mode', 'value'], 'order');
const unravelOptions = new Options('order');

const real = (x: ExprValue): Expr => {
  if (x instanceof Expr) return x;
  throw new TypeError('positions are real');
};

/** Positions are int32 in what an array can be, int64 beyond. */
const positionDType = (size: number): DType => (size <= 2 ** 31 - 1 ? dtypes.int32 : dtypes.int64);

/** Refuses positions outside 0 … size-1. */
function checkWithin(positions: ArrayBase, size: number, where: string, what: string): void {
  if (positions.size === 0) return;
  const bad = [Number(min(positions)), Number(max(positions))].find((x) => x < 0 || x >= size);
  if (bad === undefined) return;
  throw new IndexError(
    `${where}: position ${bad} is out of bounds for ${what} of size ${size}`,
    size === 0 ? 'check the shape first' : `use positions from 0 to ${size - 1}`,
    { position: bad, size },
  );
}

export interface RavelOptions {
  /** What becomes of coordinates outside the shape, for all axes or each: an error, counted round, or the nearest. */
  readonly mode?: IndexMode | readonly IndexMode[];
  readonly order?: Order;
}

/**
 * Flat positions of coordinates in an array of this shape: one list of coordinates per axis, which broadcast. int32, or
 * int64 where the shape has more positions than an array can have.
 * @throws IndexError for coordinates out of bounds unless `mode` is 'wrap' or 'clip'; ShapeError for a wrong number of lists.
 * @example np.ravel_multi_index([[3, 6], [4, 5]], [7, 6]) // array([22, 41], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.ravel_multi_index.html
 */
export function ravel_multi_index(
  multi_index: readonly number[],
  dims: number | readonly number[],
  options?: RavelOptions,
): number;
export function ravel_multi_index(
  multi_index: readonly ArrayLike[] | ArrayBase,
  dims: number | readonly number[],
  options?: RavelOptions,
): NDArray | number;
export function ravel_multi_index(
  multi_index: readonly ArrayLike[] | ArrayBase,
  dims: number | readonly number[],
  options: RavelOptions = {},
): NDArray | number {
  const where = 'np.ravel_multi_index';
  ravelOptions.check(options, where);
  const shape = checkShape(dims, where);
  const lists = multi_index instanceof ArrayBase ? [...nd(multi_index)] : multi_index;
  if (lists.length !== shape.length) {
    throw new ShapeError(
      `${where}: ${lists.length} lists of coordinates for shape ${formatShape(shape)}`,
      'pass one per axis',
      { lists: lists.length, shape },
    );
  }
  const modes = shape.map((_, d) => (Array.isArray(options.mode) ? options.mode[d] : (options.mode ?? 'raise')));
  const odd = modes.find((m) => m !== 'raise' && m !== 'wrap' && m !== 'clip');
  if (odd !== undefined || (Array.isArray(options.mode) && options.mode.length !== shape.length)) {
    throw new ArgumentError(
      `${where}: mode is ${describe(options.mode)}`,
      "use 'raise', 'wrap' or 'clip', or a list of them",
      {},
    );
  }
  const one = modes.every((m) => m === 'raise') ? flatPosition(lists, shape, options.order ?? 'C') : undefined;
  if (one !== undefined) return one;
  const coordinates = lists.map((x) => positionsGiven(x, where));
  const inside = coordinates.map((x, d) => {
    if (modes[d] === 'raise') checkWithin(x, shape[d], where, `axis ${d}`);
    return positionsWithin(x, shape[d], modes[d], where);
  });
  const size = sizeOf(shape);
  const out = positionDType(size);
  const strides = contiguousStrides(shape, 1, options.order ?? 'C');
  const ins = inside.flatMap(() => [dtypes.int64, dtypes.int64]);
  const loop = loopOf('ravel_multi_index', ins, out, (x) => {
    let sum = real(x[0]).mul(real(x[1]));
    for (let d = 2; d < x.length; d += 2) sum = sum.add(real(x[d]).mul(real(x[d + 1])));
    return out === dtypes.int32 ? sum.to('i32') : sum;
  });
  const to = broadcastShapes(
    inside.map((x) => x.shape),
    where,
  );
  const made = evaluate(
    loop,
    inside.flatMap((x, d) => [x, strides[d]]),
    to,
  );
  return to.length === 0 ? Number(readAt(made, made.offset)) : nd(made);
}

// Coordinates that are numbers within the shape need no kernel.
function flatPosition(at: readonly unknown[], shape: readonly number[], order: Order): number | undefined {
  const strides = contiguousStrides(shape, 1, order);
  let sum = 0;
  for (let d = 0; d < shape.length; d++) {
    const x = at[d];
    if (typeof x !== 'number' || !Number.isInteger(x) || x < 0 || x >= shape[d]) return undefined;
    sum += x * strides[d];
  }
  return shape.length === 0 ? undefined : sum;
}

/**
 * Coordinates of flat positions in an array of this shape: one int32 array per axis (numbers for a number), which make an
 * index.
 * @throws IndexError for positions out of bounds.
 * @example np.unravel_index(22, [7, 6]) // [3, 4]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.unravel_index.html
 */
export function unravel_index(
  indices: number,
  shape: number | readonly number[],
  options?: { readonly order?: Order },
): number[];
export function unravel_index(
  indices: ArrayLike,
  shape: number | readonly number[],
  options?: { readonly order?: Order },
): NDArray[];
export function unravel_index(
  indices: ArrayLike,
  shape: number | readonly number[],
  options: { readonly order?: Order } = {},
): number[] | NDArray[] {
  const where = 'np.unravel_index';
  unravelOptions.check(options, where);
  const dims = checkShape(shape, where);
  const size = sizeOf(dims);
  const strides = contiguousStrides(dims, 1, options.order ?? 'C');
  if (typeof indices === 'number' && Number.isInteger(indices) && indices >= 0 && indices < size) {
    return dims.map((n, d) => Math.floor(indices / strides[d]) % n);
  }
  const positions = positionsGiven(indices, where);
  if (dims.length === 0 && positions.ndim > 0) {
    throw new ShapeError(`${where}: several positions in a 0-d array, which has one`, 'pass 0', {});
  }
  checkWithin(positions, size, where, 'an array');
  const narrow = positionDType(size);
  const loop = loopOf('unravel_index', [narrow, narrow, narrow], narrow, ([i, stride, n]) =>
    real(i).idiv(real(stride)).irem(real(n)),
  );
  const made = dims.map((n, d) => evaluate(loop, [positions, strides[d], n], positions.shape));
  if (typeof indices === 'number' || typeof indices === 'bigint') return made.map((a) => Number(readAt(a, a.offset)));
  return made.map(nd);
}
