// NDArray: the array that users hold. Metadata is immutable; methods are thin and call the same functions that the
// namespace exports. Ufunc and reduction methods come from the rows (see methods.ts), not from here.

import { DTypeError, IndexError, ShapeError } from '../base/errors.ts';
import { asDType, type DType, type DTypeLike, type DTypeName } from '../dtype/dtype.ts';
import type { Casting } from '../dtype/promotion.ts';
import { castScalar, checkScalar, type IntegerAs, type Scalar, scalarDType, writeElement } from '../dtype/scalars.ts';
import type { DTypeNameOf } from '../dtype/types.ts';
import {
  ArrayBase,
  rawView,
  registerArrayClass,
  requireKnown,
  requireUsable,
  requireWriteable,
} from '../exec/array_base.ts';
import { elements, readAt } from '../exec/coerce.ts';
import { contiguousIn } from '../exec/copy.ts';
import { describe, Options } from '../exec/options.ts';
import { bytesOf, writeBytes } from '../memory/storage.ts';
import { formatShape } from '../shape/strides.ts';
import type { Dims, Dynamic, Exchanged, Known, Reshaped, Reversed, Selected } from '../shape/types.ts';
import { convert, copyOf } from './convert.ts';
import { array_repr, array_str } from './format/repr.ts';
import { getItem, type Index, setItem } from './indexing.ts';
import type { RawOf, ScalarOf } from './types.ts';
import * as views from './views.ts';

const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** Nested JavaScript arrays, as `tolist` returns. */
export type NestedList = Scalar | NestedList[];

/** An array of whose type nothing is said: what functions return of it fits every declaration here. */
const plain = (a: ArrayBase): NDArray => a as NDArray;

const astypeOptions = new Options('casting', 'copy');
const copyOptions = new Options(['order', 'copyOrder']);
const itemOptions = new Options('as');

/**
 * An n-dimensional array. The compiler may know its dtype `D` and shape `S`; `NDArray` alone is an array of any, and
 * fits wherever one of a known dtype and shape is asked for.
 * @example np.zeros([3, 1]).add(np.zeros([1, 4])).shape // [3, 4]
 */
export class NDArray<D extends DTypeName = Dynamic, S extends Dims = Dynamic> extends ArrayBase {
  declare readonly shape: Known<S, readonly number[]>;
  declare readonly dtype: DType<Known<D, DTypeName>>;
  declare readonly base: NDArray | null;

  get T(): NDArray<D, Reversed<S>> {
    return views.transpose(plain(this));
  }
  /** Transpose of the last two axes. */
  get mT(): NDArray<D, Exchanged<S>> {
    return views.matrix_transpose(plain(this));
  }

  /**
   * The elements as a raw typed view without a copy, for C-contiguous arrays (int64: BigInt64Array; float16: the bits
   * as Uint16Array; complex: two numbers per element). The view keeps the memory alive.
   * @throws ShapeError when the elements do not lie one after another: use `copy().data`.
   */
  get data(): RawOf<D> {
    if (!this.contiguous) {
      throw new ShapeError('data needs a C-contiguous array', 'use a.copy().data', {
        shape: this.shape,
        strides: this.strides,
      });
    }
    requireKnown(this, 'data');
    return rawView(this) as RawOf<D>; // by dtype
  }

  /** One element as a JS scalar: `item()` of a size-1 array, `item(i)` by flat position, `item(i, j, …)` by index. */
  item(...index: number[]): ScalarOf<D>;
  item(...index: [...number[], { as: IntegerAs }]): Scalar;
  item(...index: (number | { as: IntegerAs })[]): Scalar {
    const last = index[index.length - 1];
    if (typeof last === 'object') itemOptions.check(last, 'item');
    const as: IntegerAs = typeof last === 'object' ? last.as : 'number';
    const at = (typeof last === 'object' ? index.slice(0, -1) : index) as number[]; // the options object is gone
    requireUsable(this, 'item');
    requireKnown(this, 'item');
    return readAt(this, offsetOf(this, at, 'item'), as);
  }

  /** Sets one element: the value last, the position before it. */
  itemset(...args: (number | Scalar)[]): void {
    requireWriteable(this, 'itemset');
    if (args.length === 0) throw new IndexError('itemset() without a value', 'pass the position, then the value', {});
    const value = args[args.length - 1];
    const at = offsetOf(this, args.slice(0, -1) as number[], 'itemset'); // positions are numbers
    const checked = castScalar(checkScalar(value, this.dtype, 'itemset'), scalarDType(value), this.dtype);
    const element = new this.dtype.array(this.dtype.parts);
    writeElement(element, 0, this.dtype, checked);
    writeBytes(this.storage, at, new Uint8Array(element.buffer));
  }

  /**
   * Elements selected by slices ('1:5', '::-1', '...'), integers and null (a new axis): a view. With lists or arrays of
   * integers, or masks, among them: a copy.
   */
  get<const I extends readonly Index[]>(...index: I): NDArray<D, Selected<S, I>> {
    return getItem(this, index);
  }

  /** Assigns to the selected elements; the value broadcasts and casts (same kind). */
  set(index: Index | readonly Index[], value: unknown): void {
    setItem(this, Array.isArray(index) ? (index as readonly Index[]) : [index as Index], value); // a list is the whole index
  }

  /** Nested JavaScript arrays of scalars (64-bit integers beyond 2^53 as bigint). */
  tolist(): NestedList {
    requireKnown(this, 'tolist');
    const all = elements(this);
    const level = (d: number): NestedList => {
      if (d === this.ndim) return all.next().value as Scalar; // as many elements as positions
      return Array.from({ length: this.shape[d] }, () => level(d + 1));
    };
    return level(0);
  }

  /** A copy of the bytes in C order. */
  tobytes(): Uint8Array<ArrayBuffer> {
    requireKnown(this, 'tobytes');
    const a = this.contiguous ? this : contiguousIn(this);
    return Uint8Array.from(bytesOf(a.storage, a.offset, this.nbytes));
  }

  /** A copy of the elements as an ordinary typed array in C order. */
  toTypedArray(): RawOf<D> {
    requireKnown(this, 'toTypedArray');
    return rawView(this.contiguous ? this : contiguousIn(this)).slice() as RawOf<D>; // by dtype
  }

  /** The array in another dtype; always a copy unless `copy: false` and the dtype fits. */
  astype<L extends DTypeLike>(
    dtype: L,
    options: { casting?: Casting; copy?: boolean } = {},
  ): NDArray<DTypeNameOf<L>, S> {
    astypeOptions.check(options, 'astype');
    return convert(this, asDType(dtype), options.casting ?? 'unsafe', options.copy ?? true);
  }
  copy(options: { order?: 'C' | 'F' | 'K' } = {}): NDArray<D, S> {
    copyOptions.check(options, 'copy');
    return copyOf(this, options.order ?? 'C');
  }

  reshape<const N extends Dims>(shape: N, options?: views.ReshapeOptions): NDArray<D, Reshaped<N>>;
  reshape<const N extends Dims>(...shape: N): NDArray<D, Reshaped<N>>;
  reshape(...shape: (number | views.ReshapeOptions)[]): NDArray<D>;
  reshape(...shape: (number | readonly number[] | views.ReshapeOptions | undefined)[]): NDArray<D> {
    return views.reshape(plain(this), ...views.shapeArguments(shape));
  }
  ravel(order: 'C' | 'F' = 'C'): NDArray<D, [number]> {
    return views.ravel(plain(this), { order });
  }
  flatten(order: 'C' | 'F' = 'C'): NDArray<D, [number]> {
    return copyOf(views.ravel(plain(this), { order }), 'C');
  }
  transpose(): NDArray<D, Reversed<S>>;
  transpose(...axes: (number | readonly number[])[]): NDArray<D>;
  transpose(...axes: (number | readonly number[])[]): NDArray<D> {
    return views.transpose(plain(this), axes.length === 0 ? undefined : (axes.flat() as number[])); // flat() of numbers
  }
  swapaxes(a: number, b: number): NDArray<D> {
    return views.swapaxes(this, a, b);
  }
  squeeze(axis?: number | readonly number[]): NDArray<D> {
    return views.squeeze(this, axis);
  }

  /** Frees the memory now; later use of this array or of views on it throws DisposedError. */
  dispose(): void {
    this.storage.dispose();
  }
  [DISPOSE](): void {
    this.storage.dispose();
  }

  /** Subarrays along the first axis; scalars of a 1-d array. */
  *[Symbol.iterator](): Generator<NDArray | Scalar> {
    if (this.ndim === 0) throw new IndexError('iteration over a 0-d array', 'read its element with item()', {});
    if (this.ndim === 1) requireKnown(this, 'iteration');
    for (let i = 0; i < this.shape[0]; i++) {
      yield this.ndim === 1 ? readAt(this, this.offset + i * this.strides[0]) : getItem(this, [i]);
    }
  }

  get length(): number {
    if (this.ndim === 0) throw new IndexError('a 0-d array has no length', 'use item() or size', {});
    return this.shape[0];
  }

  override toString(): string {
    requireKnown(this, 'toString');
    return array_str(this);
  }
  toJSON(): unknown {
    return this.tolist();
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    if (this.storage.segment?.ghost === true)
      return `array(<estimated>, shape=(${this.shape}), dtype=${this.dtype.name})`;
    return this.storage.disposed ? 'array(<disposed>)' : array_repr(this);
  }
  /** Arrays do not turn into numbers by themselves: `a + b` of two arrays is a mistake, not a sum. */
  [Symbol.toPrimitive](hint: string): string | number {
    if (hint === 'string') return this.toString();
    if (this.size === 1) {
      const v = this.item();
      if (typeof v === 'number') return v;
    }
    throw new DTypeError(
      `an array of shape ${formatShape(this.shape)} is not a JavaScript number: operators do not work on arrays`,
      'use methods: a.add(b), a.less(b)',
      { shape: this.shape },
    );
  }
}

function offsetOf(a: ArrayBase, index: readonly number[], where: string): number {
  let flat = index;
  if (index.length === 0) {
    if (a.size !== 1) {
      throw new IndexError(
        `${where} without a position needs an array of one element, not ${a.size}`,
        'pass the position',
        {
          size: a.size,
        },
      );
    }
    return a.offset;
  }
  if (index.length === 1 && a.ndim !== 1) {
    let rest = checked(index[0], a.size, 0, where);
    const at = new Array<number>(a.ndim);
    for (let d = a.ndim - 1; d >= 0; d--) {
      at[d] = rest % a.shape[d];
      rest = Math.floor(rest / a.shape[d]);
    }
    flat = at;
  }
  if (flat.length !== a.ndim) {
    throw new IndexError(
      `${where}: ${flat.length} indices for an array of ${a.ndim} dimensions`,
      `pass ${a.ndim} integers`,
      { indices: flat.length, shape: a.shape },
    );
  }
  let offset = a.offset;
  for (let d = 0; d < flat.length; d++) offset += checked(flat[d], a.shape[d], d, where) * a.strides[d];
  return offset;
}

function checked(i: number, size: number, axis: number, where: string): number {
  if (Number.isInteger(i) && i >= -size && i < size) return i < 0 ? i + size : i;
  if (!Number.isInteger(i)) {
    throw new IndexError(`${where}: ${describe(i)} is not a position`, 'pass integers, options last', { axis });
  }
  throw new IndexError(
    `${where}: index ${i} is out of bounds for axis ${axis} with size ${size}`,
    `use an integer from ${-size} to ${size - 1}`,
    { index: i, axis, size },
  );
}

registerArrayClass(NDArray);

/** Results of exec/ are NDArrays, because the class above is registered. */
export const nd = (a: ArrayBase): NDArray => {
  if (a instanceof NDArray) return a;
  throw new TypeError('a result is not an NDArray');
};
