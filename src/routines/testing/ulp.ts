// Assertions in units in the last place: how many representable numbers lie between two.
// Source: Dawson, "Comparing Floating Point Numbers", 2012 (the bits of floats, taken as integers, are ordered).

import {
  abs,
  greater,
  less_equal,
  logical_not,
  maximum,
  multiply,
  spacing,
  subtract,
} from '../../array/functions.generated.ts';
import { type NDArray, nd } from '../../array/ndarray.ts';
import { any, max } from '../../array/reduce_functions.ts';
import { broadcast_to } from '../../array/views.ts';
import { DTypeError } from '../../base/errors.ts';
import { dtypeOf } from '../../dtype/category.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../../dtype/dtype.ts';
import { promote } from '../../dtype/promotion.ts';
import type { ArrayBase } from '../../exec/array_base.ts';
import { viewOf } from '../../exec/array_base.ts';
import { type ArrayLike, toArray } from '../../exec/coerce.ts';
import { contiguousIn } from '../../exec/copy.ts';
import { evaluate, loopOf } from '../../exec/formula.ts';
import type { Expr } from '../../kernel/builder.ts';
import { asReal } from '../../ops/define.ts';
import { broadcastShapes } from '../../shape/broadcast.ts';
import { AssertionError } from './assertion_error.ts';
import { assertArrays } from './compare.ts';

/** Floats of one dtype with the same shape. */
function floats(x: ArrayLike, y: ArrayLike, dtype: DTypeLike | undefined, name: string): [NDArray, NDArray] {
  const [a, b] = [toArray(x, name), toArray(y, name)];
  const d = dtype === undefined ? promote(a.dtype, b.dtype) : asDType(dtype);
  if (d.kind !== 'f') {
    throw new DTypeError(
      `${name} of ${d.name}: units in the last place are those of floats`,
      'compare integers with assert_array_equal, complex numbers by their parts',
      {
        dtype: d.name,
      },
    );
  }
  const shape = broadcastShapes([a.shape, b.shape], name);
  const at = (v: ArrayBase): NDArray => nd(contiguousIn(broadcast_to(v, shape), d));
  return [at(a), at(b)];
}

/** An integer that orders as the float with these bits does; zeros of both signs are one. */
const ordered = (bits: Expr): Expr =>
  bits.lt(0).select(bits.like(-(2n ** BigInt(8 * widthOf(bits) - 1))).sub(bits), bits);
const widthOf = (x: Expr): number => ({ i16: 2, i32: 4, i64: 8 })[x.type as 'i16'] ?? 8; // the three integer lanes below

/** Numbers between elements, as float64; NaN where one side alone is NaN. */
function distances(x: NDArray, y: NDArray): NDArray {
  const d: DType = dtypeOf('i', x.dtype.itemsize) ?? dtypes.int64;
  const bits = (a: ArrayBase): ArrayBase => viewOf(a.storage, a.offset, a.shape, a.strides, d);
  const loop = loopOf('ulp.distance', [d, d], dtypes.float64, (v) => {
    const [a, b] = v.map((e) => ordered(asReal(e)).to('i64'));
    // Of different signs the difference may not fit.
    const apart = a.to('f64').sub(b.to('f64'));
    return a.xor(b).lt(0).select(apart, a.sub(b).to('f64')).abs();
  });
  return nd(evaluate(loop, [bits(x), bits(y)], x.shape));
}

/**
 * Asserts that no element is more than `maxulp` (1) units in the last place from its counterpart, and returns the
 * distances. NaN agrees with NaN only.
 * @throws AssertionError with the largest distance; DTypeError for other dtypes than floats.
 * @example np.testing.assert_array_max_ulp([1], [1 + 2 ** -52]) // array([1.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_array_max_ulp.html
 */
export function assert_array_max_ulp(a: ArrayLike, b: ArrayLike, maxulp = 1, dtype?: DTypeLike): NDArray {
  const name = 'assert_array_max_ulp';
  const [x, y] = floats(a, b, dtype, name);
  assertArrays(
    x.isnan(),
    y.isnan(),
    { name, relation: 'NaN at the same positions', wrong: (p, q) => p.not_equal(q) },
    {},
  );
  const apart = distances(x, y);
  apart.multiply(logical_not(x.isnan()), { out: apart });
  if (apart.size > 0 && any(greater(apart, maxulp)) === true) {
    throw new AssertionError(
      `${name}: elements differ by up to ${max(apart)} units in the last place, ${maxulp} allowed`,
      'look for the elements in what a lower maxulp returns, or allow more',
      { largest: max(apart), maxulp },
      { actual: String(x), expected: String(y) },
    );
  }
  return apart;
}

/**
 * Asserts that |x − y| is at most `nulp` (1) times the spacing of the larger of the two, element by element.
 * @throws AssertionError with the largest distance in units in the last place; DTypeError for other dtypes than floats.
 * @example np.testing.assert_array_almost_equal_nulp([1], [1 + 2 ** -52])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_array_almost_equal_nulp.html
 */
export function assert_array_almost_equal_nulp(x: ArrayLike, y: ArrayLike, nulp = 1): void {
  const name = 'assert_array_almost_equal_nulp';
  const [a, b] = floats(x, y, undefined, name);
  const allowed = multiply(spacing(maximum(abs(a), abs(b))), nulp);
  if (any(logical_not(less_equal(abs(subtract(a, b)), allowed))) !== true) return;
  throw new AssertionError(
    `${name}: elements differ by up to ${max(distances(a, b))} units in the last place, ${nulp} allowed`,
    'allow more, or look for what changed the values',
    { largest: max(distances(a, b)), nulp },
    { actual: String(a), expected: String(b) },
  );
}
