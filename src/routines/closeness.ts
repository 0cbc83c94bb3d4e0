// Nearness and equality of arrays: isclose as one kernel; allclose, array_equal and array_equiv as reductions that end
// with the first block that decides.

import { type NDArray, nd } from '../array/ndarray.ts';
import { all } from '../array/reduce_functions.ts';
import { residentArray } from '../array/reductions.ts';
import { ufuncs } from '../array/ufuncs.ts';
import { ShapeError } from '../base/errors.ts';
import { complexOf, realOf } from '../dtype/category.ts';
import { Complex } from '../dtype/complex.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { promoteAll } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { ArrayBase, newArray } from '../exec/array_base.ts';
import { callUfunc, execute, scalarParams } from '../exec/call.ts';
import { type ArrayLike, operandOf, readAt, toArray } from '../exec/coerce.ts';
import { condition, everywhere } from '../exec/every.ts';
import { loopOf } from '../exec/formula.ts';
import { broadcastOperands } from '../exec/guard.ts';
import { Options } from '../exec/options.ts';
import { settled } from '../kernel/element.ts';
import { near, same, sameOrNaN } from '../ops/elementwise/closeness.ts';
import { broadcastShapes } from '../shape/broadcast.ts';
import { sameShape } from '../shape/strides.ts';

export interface ClosenessOptions {
  /** Tolerance relative to the second operand (1e-5). */
  readonly rtol?: ArrayLike;
  /** Absolute tolerance (1e-8). */
  readonly atol?: ArrayLike;
  /** NaN is near NaN. */
  readonly equal_nan?: boolean;
}

const closenessOptions = new Options(['rtol', 'value'], ['atol', 'value'], ['equal_nan', 'keepdims']);
const equalOptions = new Options(['equal_nan', 'keepdims']);

const isFloating = (d: DType): boolean => d.kind === 'f' || d.kind === 'c';

// Integers are compared as float64 unless a float array decides, so that no difference wraps; numbers are weak.
function workingDType([x, y, ...tolerances]: readonly (ArrayBase | Scalar)[]): DType {
  const given = [x, y, ...tolerances].flatMap((v) => (v instanceof ArrayBase ? [v.dtype] : []));
  const safe = given.map((d) => (d === dtypes.uint64 ? dtypes.float64 : d)); // has no common dtype with signed ones
  if (
    !(y instanceof ArrayBase && isFloating(y.dtype)) &&
    !(x instanceof ArrayBase && isFloating(x.dtype) && !(y instanceof ArrayBase))
  )
    safe.push(dtypes.float64);
  const common = promoteAll(safe);
  const complex = [x, y].some((v) => v instanceof Complex);
  return complex ? complexOf(common) : common;
}

interface Settled {
  /** a, b, rtol, atol. */
  readonly operands: readonly (ArrayBase | Scalar)[];
  readonly ins: readonly DType[];
  readonly name: string;
  readonly equalNaN: boolean;
  readonly shape: readonly number[];
}

function settle(a: ArrayLike, b: ArrayLike, o: ClosenessOptions, where: string): Settled {
  closenessOptions.check(o, where);
  const operands = [a, b, o.rtol ?? 1e-5, o.atol ?? 1e-8].map((x) => operandOf(x, where));
  const d = workingDType(operands);
  const shapes = operands.flatMap((v) => (v instanceof ArrayBase ? [v.shape] : []));
  const shape = broadcastOperands(shapes, where, 1);
  const equalNaN = o.equal_nan === true;
  return { operands, ins: [d, d, realOf(d), realOf(d)], name: `near${equalNaN ? '.nan' : ''}`, equalNaN, shape };
}

/**
 * Where |a - b| <= atol + rtol·|b|, element by element; infinities are near themselves alone, NaN is near nothing unless
 * `equal_nan`. All operands broadcast. Two scalars give a boolean.
 * @throws ShapeError for shapes that do not broadcast.
 * @example np.isclose([1, 2], [1.000001, 2.1]) // array([ True, False])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.isclose.html
 */
export function isclose(a: ArrayLike, b: ArrayLike, options: ClosenessOptions = {}): NDArray | boolean {
  const where = 'np.isclose';
  const { operands, ins, name, equalNaN, shape } = settle(a, b, options, where);
  const loop = loopOf(name, ins, dtypes.bool, (x) => near(x, equalNaN, (v) => settled(v, realOf(ins[0]))));
  const params = operands.flatMap((x, i) => (x instanceof ArrayBase ? [] : scalarParams(x, ins[i], where)));
  const out = newArray(shape, dtypes.bool);
  const arrays = operands.map((x) => (x instanceof ArrayBase ? x : undefined));
  execute(loop, arrays, undefined, [out], shape, params);
  return arrays.some((x) => x !== undefined) ? nd(out) : readAt(out, 0) === true;
}

/**
 * Are all elements near each other, as by {@link isclose}? Nothing of the arrays' size is allocated.
 * @throws ShapeError for shapes that do not broadcast.
 * @example np.allclose([1, 2], [1.000001, 2]) // true
 * @see https://numpy.org/doc/stable/reference/generated/numpy.allclose.html
 */
export function allclose(a: ArrayLike, b: ArrayLike, options: ClosenessOptions = {}): boolean {
  const where = 'np.allclose';
  const { operands, ins, name, equalNaN, shape } = settle(a, b, options, where);
  const arrays = operands.map((x, i) => residentArray(x instanceof ArrayBase ? x : toArray(x, where, ins[i]), where));
  const make = () => condition(name, ins, (x) => near(x, equalNaN, (v) => settled(v, realOf(ins[0]))));
  return everywhere(`${name}:${ins[0].char}`, make, arrays, shape);
}

export interface EqualOptions {
  /** NaN equals NaN. */
  readonly equal_nan?: boolean;
}

function allSame(x: ArrayBase, y: ArrayBase, shape: readonly number[], equalNaN: boolean): boolean {
  const clash = [x, y].some((a) => a.dtype === dtypes.uint64) && (x.dtype.kind === 'i' || y.dtype.kind === 'i');
  if (clash) return Boolean(all(callUfunc(ufuncs.equal, [x, y]) as NDArray)); // compared exactly; arrays give one
  const d = promoteAll([x.dtype, y.dtype]);
  const nan = equalNaN && isFloating(d);
  const name = nan ? 'same.or.nan' : 'same'; // 'equal' is the ufunc's own reduction
  const make = () => condition(name, [d, d], ([a, b]) => (nan ? sameOrNaN(a, b) : same(a, b)));
  return everywhere(`${name}:${d.char}`, make, [x, y], shape);
}

/**
 * Have two arrays the same shape and the same elements? With `equal_nan` NaN counts as equal to NaN.
 * @example np.array_equal([1, 2], [1, 2]) // true
 * @see https://numpy.org/doc/stable/reference/generated/numpy.array_equal.html
 */
export function array_equal(a1: ArrayLike, a2: ArrayLike, options: EqualOptions = {}): boolean {
  const where = 'np.array_equal';
  equalOptions.check(options, where);
  const [x, y] = [a1, a2].map((a) => residentArray(a, where));
  return sameShape(x.shape, y.shape) && allSame(x, y, x.shape, options.equal_nan === true);
}

/**
 * Do two arrays broadcast to each other with the same elements?
 * @example np.array_equiv([1, 2], [[1, 2], [1, 2]]) // true
 * @see https://numpy.org/doc/stable/reference/generated/numpy.array_equiv.html
 */
export function array_equiv(a1: ArrayLike, a2: ArrayLike): boolean {
  const where = 'np.array_equiv';
  const [x, y] = [a1, a2].map((a) => residentArray(a, where));
  let shape: readonly number[];
  try {
    shape = broadcastShapes([x.shape, y.shape], where);
  } catch (error) {
    if (error instanceof ShapeError) return false;
    throw error;
  }
  return allSame(x, y, shape, false);
}
