// Creation from data and from fill values: array, asarray, empty, zeros, ones, full and their _like forms.

import { ArgumentError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../dtype/dtype.ts';
import { checkScalar, isScalar, scalarDType } from '../dtype/scalars.ts';
import { ArrayBase, arranged, newResult, reinterpret, viewOf } from '../exec/array_base.ts';
import { type ArrayLike, arrayFrom, operandOf } from '../exec/coerce.ts';
import { copyInto } from '../exec/copy.ts';
import { describe, Options } from '../exec/options.ts';
import { timed } from '../exec/timed.ts';
import { anyAccounts } from '../memory/account.ts';
import { requireAttached, wrapHost } from '../memory/storage.ts';
import { checkShape, contiguousStrides, type Order } from '../shape/strides.ts';
import type { ShapeOf } from '../shape/types.ts';
import { castCopy } from './convert.ts';
import { type NDArray, nd } from './ndarray.ts';
import type { AskedDType, Chosen, DimsOf, NameOf } from './types.ts';

export interface CreateOptions {
  readonly dtype?: DTypeLike;
  readonly order?: Order;
}
export type ShapeLike = number | readonly number[];
/** Options whose dtype the compiler follows. */
export type CreatingOptions<L> = CreateOptions & { readonly dtype?: L };

const createOptions = new Options('dtype', 'order');
const arrayOptions = new Options('dtype', 'order', 'ndmin');
const asarrayOptions = new Options('dtype', 'order', 'copy');
const likeOptions = new Options('dtype', 'order', 'shape');
const bufferOptions = new Options('dtype', 'count', 'offset');

const shapeOf = (shape: ShapeLike, where: string): number[] =>
  checkShape(typeof shape === 'number' ? [shape] : shape, where);

export function fresh(shape: ShapeLike, options: CreateOptions, zeroed: boolean, where: string): NDArray {
  createOptions.check(options, where);
  const s = shapeOf(shape, where);
  const dtype = options.dtype === undefined ? dtypes.float64 : asDType(options.dtype);
  const a = newResult(s, dtype, zeroed);
  const out = options.order === 'F' ? arranged(a, s, contiguousStrides(s, dtype.itemsize, 'F')) : a;
  return nd(out);
}

/**
 * A new array from nested JavaScript arrays, typed arrays, arrays or scalars: always a copy. Numbers give float64,
 * bigints int64, booleans bool, Complex complex128, whatever their values.
 * @throws ShapeError for ragged nesting, PrecisionError for values that `dtype` cannot hold.
 * @example np.array([[1, 2], [3, 4]]).shape // [2, 2]
 */
export function array<X extends ArrayLike, L extends AskedDType = undefined>(
  x: X,
  options?: CreatingOptions<L> & { readonly ndmin?: undefined },
): NDArray<Chosen<L, NameOf<X>>, DimsOf<X>>;
export function array(x: ArrayLike, options?: CreateOptions & { readonly ndmin?: number }): NDArray;
export function array(x: ArrayLike, options: CreateOptions & { readonly ndmin?: number } = {}): NDArray {
  if (events.timing) return timed('array', array, x, options);
  arrayOptions.check(options, 'array');
  const dtype = options.dtype === undefined ? undefined : asDType(options.dtype);
  const v = Array.isArray(x) ? arrayFrom(x, dtype, 'array') : operandOf(x, 'array');
  const from = v instanceof ArrayBase ? v : arrayFrom(v, dtype, 'array');
  const made = Array.isArray(x) && options.order !== 'F' && (dtype === undefined || dtype === from.dtype);
  let out = made || isScalar(x) ? from : castCopy(from, dtype ?? from.dtype, options.order ?? 'K');
  const missing = (options.ndmin ?? 0) - out.ndim;
  if (missing > 0) {
    const ones = new Array<number>(missing).fill(1);
    const strides = new Array<number>(missing).fill(out.nbytes);
    out = reinterpret(out, out.offset, [...ones, ...out.shape], [...strides, ...out.strides]);
  }
  return nd(out);
}

/**
 * An array of the data, without a copy where it is one already or is a typed array (whose memory is then shared).
 * @example np.asarray(new Float32Array([1, 2])).dtype.name // 'float32'
 */
export function asarray<X extends ArrayLike, L extends AskedDType = undefined>(
  x: X,
  options: CreatingOptions<L> & { readonly copy?: boolean } = {},
): NDArray<Chosen<L, NameOf<X>>, DimsOf<X>> {
  asarrayOptions.check(options, 'asarray');
  const { copy, ...given } = options;
  const rest: CreateOptions = given;
  const held = x instanceof ArrayBase || ArrayBuffer.isView(x);
  if (copy === true || (copy !== false && !held)) return array(x, rest);
  const v = operandOf(x, 'asarray');
  const dtype = options.dtype === undefined ? undefined : asDType(options.dtype);
  const fits =
    held &&
    v instanceof ArrayBase &&
    (dtype === undefined || dtype === v.dtype) &&
    (options.order === undefined || inOrder(v, options.order));
  if (fits) return nd(v);
  if (options.copy === false) {
    const why = held ? 'to change dtype or order' : 'of what is not an array or a typed array';
    throw new ArgumentError(`asarray: a copy is needed ${why}`, 'leave copy out', { copy });
  }
  return array(x, rest);
}

const inOrder = (a: ArrayBase, order: Order): boolean => {
  const wanted = contiguousStrides(a.shape, a.dtype.itemsize, order);
  return a.size === 0 || a.strides.every((s, d) => a.shape[d] === 1 || s === wanted[d]);
};

/** The array with C order, copied only if it has another. */
export const ascontiguousarray = (x: ArrayLike, options: CreateOptions = {}): NDArray =>
  asarray(x, { ...options, order: 'C' });
/** The array with F order, copied only if it has another. */
export const asfortranarray = (x: ArrayLike, options: CreateOptions = {}): NDArray =>
  asarray(x, { ...options, order: 'F' });

/** An array of a shape, in float64 unless the options name a dtype. */
type Filled = <const N extends ShapeLike, L extends AskedDType = undefined>(
  shape: N,
  options?: CreatingOptions<L>,
) => NDArray<Chosen<L, 'float64'>, ShapeOf<N>>;

/** A new array with undefined contents; zeros once there are scopes, whose old contents are nobody else's business. */
export const empty: Filled = (shape, options = {}) => fresh(shape, options, anyAccounts(), 'empty');
/** A new array of zeros. */
export const zeros: Filled = (shape, options = {}) => fresh(shape, options, true, 'zeros');
/** A new array of ones. */
export const ones: Filled = (shape, options = {}) => {
  const out = fresh(shape, options, false, 'ones');
  return filled(out, out.dtype.kind === 'b' ? true : 1, 'ones');
};

/** A new array of one value (or of a broadcast array); the dtype is the value's unless given. */
export function full<const N extends ShapeLike, X extends ArrayLike, L extends AskedDType = undefined>(
  shape: N,
  value: X,
  options: CreatingOptions<L> = {},
): NDArray<Chosen<L, NameOf<X>>, ShapeOf<N>> {
  const v = operandOf(value, 'full');
  createOptions.check(options, 'full');
  const dtype = options.dtype ?? (v instanceof ArrayBase ? v.dtype : scalarDType(v));
  return filled(fresh(shape, { ...options, dtype }, false, 'full'), v, 'full');
}

/** Fills an array with a scalar or a broadcast array. */
export function filled(out: NDArray, value: unknown, where: string): NDArray {
  const v = operandOf(value, where);
  copyInto(v instanceof ArrayBase ? v : arrayFrom(checkScalar(v, out.dtype, where), out.dtype, where), out);
  return out;
}

export interface LikeOptions extends CreateOptions {
  readonly shape?: ShapeLike;
}

function like(x: ArrayLike, options: LikeOptions, where: string): [ShapeLike, { dtype: DType; order?: Order }] {
  likeOptions.check(options, where);
  const a = operandOf(x, where);
  const dtype =
    options.dtype !== undefined ? asDType(options.dtype) : a instanceof ArrayBase ? a.dtype : scalarDType(a);
  const order = options.order ?? (a instanceof ArrayBase && !a.contiguous && inOrder(a, 'F') ? 'F' : 'C');
  return [options.shape ?? (a instanceof ArrayBase ? a.shape : []), { dtype, order }];
}

type LikeAsked<L, N> = LikeOptions & { readonly dtype?: L; readonly shape?: N };
type AskedShape = ShapeLike | undefined;
type LikeOf<X, L, N> = NDArray<Chosen<L, NameOf<X>>, [N] extends [undefined] ? DimsOf<X> : ShapeOf<N>>;

/** An array with the shape and the dtype of another, unless the options name others. */
type Like = <X extends ArrayLike, L extends AskedDType = undefined, const N extends AskedShape = undefined>(
  x: X,
  options?: LikeAsked<L, N>,
) => LikeOf<X, L, N>;

export const empty_like: Like = (x, options = {}) => empty(...like(x, options, 'empty_like')) as NDArray;
export const zeros_like: Like = (x, options = {}) => zeros(...like(x, options, 'zeros_like')) as NDArray;
export const ones_like: Like = (x, options = {}) => ones(...like(x, options, 'ones_like')) as NDArray;
export function full_like<
  X extends ArrayLike,
  L extends AskedDType = undefined,
  const N extends AskedShape = undefined,
>(x: X, value: ArrayLike, options: LikeAsked<L, N> = {}): LikeOf<X, L, N> {
  const [shape, rest] = like(x, options, 'full_like');
  return full(shape, value, rest) as NDArray;
}

const isBuffer = (x: unknown): x is ArrayBufferLike =>
  /Buffer\]$/.test(Object.prototype.toString.call(x)) && typeof (x as ArrayBufferLike).byteLength === 'number';

export interface BufferOptions {
  readonly dtype?: DTypeLike;
  /** Number of elements; all that fit by default. */
  readonly count?: number;
  /** Bytes to skip. */
  readonly offset?: number;
}

/**
 * A 1-d array over the bytes of a buffer, without a copy.
 * @throws ArgumentError when the bytes are no whole number of elements, or fewer than asked for.
 */
export function frombuffer(buffer: ArrayBufferLike | ArrayBufferView, options: BufferOptions = {}): NDArray {
  bufferOptions.check(options, 'frombuffer');
  const dtype = asDType(options.dtype ?? 'float64');
  if (!ArrayBuffer.isView(buffer) && !isBuffer(buffer)) {
    throw new ArgumentError(
      `frombuffer: ${describe(buffer)} has no bytes`,
      'pass an ArrayBuffer, a SharedArrayBuffer, a typed array or a DataView; for lists use array',
      { given: describe(buffer) },
    );
  }
  requireAttached(ArrayBuffer.isView(buffer) ? buffer.buffer : buffer, 'frombuffer');
  const all = ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
  const offset = options.offset ?? 0;
  const room = Math.max(0, all.byteLength - offset);
  const count = options.count ?? room / dtype.itemsize;
  if (!Number.isInteger(count) || offset > all.byteLength || count * dtype.itemsize > room) {
    throw new ArgumentError(
      `frombuffer: ${room} of ${all.byteLength} bytes come after offset ${offset}, which do not hold ${options.count ?? 'a whole number of'} ${dtype.name} elements`,
      `pass a count and an offset that fit (an element has ${dtype.itemsize} bytes)`,
      { bytes: all.byteLength, offset, count },
    );
  }
  const strides = contiguousStrides([count], dtype.itemsize);
  return nd(viewOf(wrapHost(all), offset, [count], strides, dtype));
}
