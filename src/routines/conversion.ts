// From anything to an array with given properties: astype, copy, require, fromiter, asarray_chkfinite; and the shape of
// what is no array yet.

import { asarray, type CreateOptions } from '../array/creation.ts';
import { isfinite } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { all } from '../array/reduce_functions.ts';
import { asNDArray } from '../array/views.ts';
import { ArgumentError } from '../base/errors.ts';
import { asDType, type DTypeLike } from '../dtype/dtype.ts';
import { isScalar } from '../dtype/scalars.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { type ArrayLike, arrayFrom, operandOf } from '../exec/coerce.ts';
import { isResident } from '../exec/copy.ts';
import { checkInteger, describe, Options } from '../exec/options.ts';
import { normalizeAxes } from '../shape/strides.ts';

const astypeOptions = new Options('copy', ['device', 'value']);
const copyOptions = new Options(['order', 'copyOrder'], ['subok', 'copy']);
const iterOptions = new Options(['count', 'integer']);

/**
 * An array in another dtype: a copy, unless `copy: false` and it has that dtype already.
 * @throws ArgumentError for anything but an array, DTypeError for what names no dtype.
 * @example np.astype(np.array([1.7]), 'int32') // array([1], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.astype.html
 */
export function astype(
  x: NDArray,
  dtype: DTypeLike,
  options: { readonly copy?: boolean; readonly device?: 'cpu' | null } = {},
): NDArray {
  if (!(x instanceof ArrayBase)) {
    throw new ArgumentError(`np.astype of ${describe(x)}`, 'pass an array, made by np.asarray for instance', {});
  }
  astypeOptions.check(options, 'np.astype');
  const { copy = true } = options;
  return nd(x).astype(dtype, { copy });
}

/**
 * A copy of the data as an array, in C or F order or, with 'K' (default), in the order that it has.
 * @example np.copy([1, 2]) // array([1., 2.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.copy.html
 */
export function copy(
  x: ArrayLike,
  options: { readonly order?: 'C' | 'F' | 'K'; readonly subok?: boolean } = {},
): NDArray {
  copyOptions.check(options, 'np.copy');
  return asNDArray(x, 'np.copy').copy({ order: options.order ?? 'K' });
}

/**
 * As asarray, refusing NaN and infinities.
 * @throws ArgumentError where an element is not finite.
 * @example np.asarray_chkfinite([1, 2]) // array([1., 2.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.asarray_chkfinite.html
 */
export function asarray_chkfinite(x: ArrayLike, options: CreateOptions = {}): NDArray {
  const a = nd(asarray(x, options));
  if ((a.dtype.kind === 'f' || a.dtype.kind === 'c') && all(isfinite(a)) !== true) {
    throw new ArgumentError(
      'np.asarray_chkfinite: an element is NaN or infinite',
      'find it with np.isfinite, or replace it with np.nan_to_num',
      { shape: a.shape },
    );
  }
  return a;
}

/**
 * A one-dimensional array of what an iterable gives, `count` elements of it or all.
 * @throws ArgumentError when it ends before `count` elements; PrecisionError for one that does not fit the dtype.
 * @example np.fromiter(new Set([3, 1, 3]), 'int32') // array([3, 1], dtype=int32)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.fromiter.html
 */
export function fromiter(
  iterable: Iterable<unknown>,
  dtype: DTypeLike,
  count: number | { readonly count?: number } = -1,
): NDArray {
  const where = 'np.fromiter';
  if (typeof count === 'object') iterOptions.check(count, where);
  const wanted = typeof count === 'object' ? (count.count ?? -1) : count;
  checkInteger(wanted, 'count', where, -1);
  if (typeof iterable?.[Symbol.iterator] !== 'function') {
    throw new ArgumentError(`${where}: ${describe(iterable)} gives no elements`, 'pass an iterable', {});
  }
  const list: unknown[] = [];
  if (wanted !== 0) {
    for (const x of iterable) {
      if (!isScalar(x)) {
        throw new ArgumentError(
          `${where}: element ${list.length} is ${describe(x)}`,
          'give numbers, bigints or booleans',
          {
            position: list.length,
          },
        );
      }
      list.push(x);
      if (list.length === wanted) break;
    }
  }
  if (list.length < wanted) {
    throw new ArgumentError(`${where}: ${list.length} elements of ${wanted}`, 'ask for no more than there are', {
      count: wanted,
      found: list.length,
    });
  }
  return nd(arrayFrom(list, asDType(dtype), where));
}

/** What `require` may ask for, with the letters and names that NumPy gives them. */
const requirements: Readonly<Record<string, 'C' | 'F' | 'A' | 'W' | 'O' | 'E'>> = {
  C: 'C',
  C_CONTIGUOUS: 'C',
  CONTIGUOUS: 'C',
  F: 'F',
  F_CONTIGUOUS: 'F',
  FORTRAN: 'F',
  A: 'A',
  ALIGNED: 'A',
  W: 'W',
  WRITEABLE: 'W',
  O: 'O',
  OWNDATA: 'O',
  E: 'E',
  ENSUREARRAY: 'E',
};

/**
 * The array with a dtype and properties of its memory, copied only where it lacks one: 'C' or 'F' contiguous, 'A' aligned,
 * 'W' writeable, 'O' its own memory.
 * @throws ArgumentError for other letters, or for C and F together.
 * @example np.require(np.ones([2, 3]).T, null, 'C').flags.c_contiguous // true
 * @see https://numpy.org/doc/stable/reference/generated/numpy.require.html
 */
export function require(x: ArrayLike, dtype?: DTypeLike | null, needs?: string | readonly string[] | null): NDArray {
  const where = 'np.require';
  const wanted = new Set(
    [needs ?? []].flat().flatMap((name) => {
      if (typeof name !== 'string') {
        throw new ArgumentError(`${where}: ${describe(name)} is no requirement`, "use 'C', 'F', 'A', 'W', 'O'", {
          name,
        });
      }
      const known = requirements[name.toUpperCase()];
      if (known !== undefined) return [known];
      const letters = [...name.toUpperCase()].map((letter) => requirements[letter]);
      if (letters.every((l) => l !== undefined)) return letters;
      throw new ArgumentError(`${where}: ${describe(name)} is no requirement`, "use 'C', 'F', 'A', 'W', 'O'", { name });
    }),
  );
  if (wanted.has('C') && wanted.has('F')) {
    throw new ArgumentError(`${where}: an array cannot be asked for in C and F order`, 'choose one', {});
  }
  const order = wanted.has('F') ? 'F' : wanted.has('C') ? 'C' : undefined;
  const a = nd(asarray(x, { ...(dtype && { dtype }), ...(order && { order }) }));
  const { aligned, owndata, writeable } = a.flags;
  const lacking =
    (wanted.has('A') && !aligned) ||
    (wanted.has('W') && !writeable) ||
    (wanted.has('O') && !(owndata && isResident(a)));
  return lacking ? a.copy({ order: order ?? 'K' }) : a;
}

/** Shape of an array or of what would become one. */
const shapeOf = (x: ArrayLike, where: string): readonly number[] => {
  const v = operandOf(x, where);
  return v instanceof ArrayBase ? v.shape : [];
};

/**
 * The shape of an array, or of what would become one.
 * @example np.shape([[1, 2, 3]]) // [1, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.shape.html
 */
export const shape = (x: ArrayLike): number[] => shapeOf(x, 'np.shape').slice();

/**
 * The number of dimensions of an array, or of what would become one.
 * @example np.ndim([[1, 2, 3]]) // 2
 * @see https://numpy.org/doc/stable/reference/generated/numpy.ndim.html
 */
export const ndim = (x: ArrayLike): number => shapeOf(x, 'np.ndim').length;

/**
 * The number of elements, in all or along axes.
 * @throws AxisError for an axis that does not exist.
 * @example np.size([[1, 2, 3]], 1) // 3
 * @see https://numpy.org/doc/stable/reference/generated/numpy.size.html
 */
export function size(x: ArrayLike, axis?: number | readonly number[] | null): number {
  const dims = shapeOf(x, 'np.size');
  return normalizeAxes(axis, dims.length, 'np.size').reduce((n, d) => n * dims[d], 1);
}
