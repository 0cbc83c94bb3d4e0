// Questions about dtypes in calls: what arrays and scalars become together, what casts to what. The tables are in
// dtype/promotion.ts; here they are asked with whatever a user has at hand.

import { ArgumentError, DTypeError } from '../base/errors.ts';
import { roundTo } from '../dtype/cast.ts';
import { category, dtypeOf, realOf } from '../dtype/category.ts';
import { Complex } from '../dtype/complex.ts';
import { asDType, type DType, type DTypeLike, dtypes, isDType } from '../dtype/dtype.ts';
import { integerLimits } from '../dtype/limits.ts';
import { type Casting, canCast, castings, promote, promoteAll } from '../dtype/promotion.ts';
import { isScalar, type Scalar, scalarDType, weakPromote } from '../dtype/scalars.ts';
import { requireList } from '../exec/arguments.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { type ArrayLike, operandOf, readAt, toArray } from '../exec/coerce.ts';
import { describe } from '../exec/options.ts';

/** What `result_type` takes: arrays, dtypes, scalars. */
export type TypedLike = ArrayLike | DTypeLike;

/**
 * Whether a dtype, or that of an array, may be cast to another under a casting rule ('safe').
 * @throws ArgumentError for a scalar, whose fit depends on its value, or a casting rule that does not exist.
 * @example np.can_cast('int32', 'float64') // true
 * @see https://numpy.org/doc/stable/reference/generated/numpy.can_cast.html
 */
export function can_cast(from: DTypeLike | ArrayBase, to: DTypeLike, casting: Casting = 'safe'): boolean {
  if (isScalar(from)) {
    throw new ArgumentError(
      `np.can_cast: ${describe(from)} is a scalar, and whether it fits depends on its value`,
      'pass its dtype or an array',
      { from: describe(from) },
    );
  }
  if (!castings.includes(casting)) {
    throw new ArgumentError(`np.can_cast: casting is ${describe(casting)}`, `use one of ${castings.join(', ')}`, {
      casting: describe(casting),
    });
  }
  return canCast(from instanceof ArrayBase ? from.dtype : asDType(from), asDType(to), casting);
}

/**
 * The dtype that holds both.
 * @throws DTypeError for uint64 with a signed integer, unless config 'promote.uint64_int64' is 'float64'.
 * @example np.promote_types('int16', 'uint16').name // 'int32'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.promote_types.html
 */
export const promote_types = (a: DTypeLike, b: DTypeLike): DType => promote(asDType(a), asDType(b));

/**
 * The dtype that arrays, dtypes and scalars become together. Scalars are weak: beside an array or a dtype they take its
 * dtype; among themselves they have their own.
 * @throws DTypeError as promote_types; ArgumentError without arguments.
 * @example np.result_type('int8', [1.5], 3n).name // 'float64'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.result_type.html
 */
export function result_type(...given: readonly TypedLike[]): DType {
  if (given.length === 0) {
    throw new ArgumentError('np.result_type of nothing', 'pass at least one array, dtype or scalar');
  }
  const strong: DType[] = [];
  const weak: Scalar[] = [];
  for (const x of given) {
    const v = typeof x === 'string' || isDType(x) ? asDType(x) : operandOf(x, 'np.result_type');
    if (isDType(v)) strong.push(v);
    else if (v instanceof ArrayBase) strong.push(v.dtype);
    else weak.push(v);
  }
  if (strong.length === 0) return promoteAll(weak.map(scalarDType));
  return weak.reduce(weakPromote, promoteAll(strong));
}

const widths = (kind: 'i' | 'u' | 'f' | 'c'): DType[] => [1, 2, 4, 8, 16].flatMap((n) => dtypeOf(kind, n) ?? []);

function smallestFor(x: Scalar): DType {
  if (typeof x === 'boolean') return dtypes.bool;
  if (typeof x === 'bigint') {
    const fits = (d: DType): boolean => x >= integerLimits(d).min && x <= integerLimits(d).max;
    return widths(x < 0n ? 'i' : 'u').find(fits) ?? dtypes.float64;
  }
  const parts = x instanceof Complex ? [x.re, x.im] : [x];
  const holds = (d: DType): boolean =>
    parts.every((p) => !Number.isFinite(p) || Number.isFinite(roundTo(p, realOf(d))));
  return widths(x instanceof Complex ? 'c' : 'f').find(holds) ?? dtypes.float64;
}

/**
 * The smallest dtype whose range holds a scalar: floats for numbers, integers for bigints. An array of one dimension or
 * more has its own.
 * @example np.min_scalar_type(300n).name // 'uint16'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.min_scalar_type.html
 */
export function min_scalar_type(x: ArrayLike): DType {
  const v = operandOf(x, 'np.min_scalar_type');
  if (!(v instanceof ArrayBase)) return smallestFor(v);
  if (v.ndim > 0) return v.dtype;
  const exact = v.dtype.kind === 'i' || v.dtype.kind === 'u';
  return smallestFor(readAt(v, v.offset, exact ? 'bigint' : 'auto'));
}

/**
 * The float or complex dtype that arrays are computed in together: integers count as float64.
 * @throws DTypeError for bool arrays.
 * @example np.common_type(np.zeros([2], { dtype: 'float32' }), np.arange(3n)).name // 'float64'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.common_type.html
 */
export function common_type(...arrays: readonly ArrayLike[]): DType {
  let size = 2;
  let kind: 'f' | 'c' = 'f';
  for (const x of arrays) {
    const v = operandOf(x, 'np.common_type');
    const d = v instanceof ArrayBase ? v.dtype : scalarDType(v);
    if (d.kind === 'b') {
      throw new DTypeError('np.common_type: an operand is bool', "convert it with astype('float64')", {
        dtype: d.name,
      });
    }
    if (d.kind === 'c') kind = 'c';
    size = Math.max(size, d.kind === 'f' || d.kind === 'c' ? realOf(d).itemsize : 8);
  }
  return kind === 'f' ? (dtypeOf('f', size) ?? dtypes.float64) : size <= 4 ? dtypes.complex64 : dtypes.complex128;
}

/**
 * The character of the smallest dtype of `typeset` to which all of `chars` (characters or arrays) cast; `fallback` where
 * none of them is in it.
 * @throws DTypeError for a character that no dtype has.
 * @example np.mintypecode(['d', 'F']) // 'D'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.mintypecode.html
 */
export function mintypecode(chars: Iterable<string | ArrayBase>, typeset = 'GDFgdf', fallback = 'd'): string {
  if (typeof chars !== 'string') requireList(chars, 'chars', 'np.mintypecode');
  if (typeof typeset !== 'string') requireList(typeset, 'typeset', 'np.mintypecode');
  const codes = Array.from(chars, (c) => (typeof c === 'string' ? c : toArray(c, 'np.mintypecode').dtype.char)).filter(
    (c) => typeset.includes(c),
  );
  if (codes.length === 0) return fallback;
  const all = promoteAll(codes.map(asDType));
  const held = category('all').find((d) => typeset.includes(d.char) && canCast(all, d, 'safe'));
  return held?.char ?? fallback;
}
