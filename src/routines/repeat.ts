// Repetition: repeat (elements), tile (whole arrays), resize (the flattened array, cyclically).

import { type NDArray, nd } from '../array/ndarray.ts';
import { max, min, sum } from '../array/reduce_functions.ts';
import { asNDArray, ravel } from '../array/views.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { dtypes } from '../dtype/dtype.ts';
import { ArrayBase, newArray, reinterpret } from '../exec/array_base.ts';
import { type ArrayLike, arrayFrom } from '../exec/coerce.ts';
import { contiguousIn, copyInto } from '../exec/copy.ts';
import { describe, Options } from '../exec/options.ts';
import { repeatCounted, repeatEach } from '../exec/repeat.ts';
import { checkShape, contiguousStrides, normalizeAxis, sizeOf } from '../shape/strides.ts';
import { raised } from './at_least.ts';
import { integersOf } from './integers.ts';

const repeatOptions = new Options('axis');

/** One count for all, or a vector of counts with their sum. */
function countsOf(repeats: ArrayLike, n: number, where: string): number | { counts: ArrayBase; total: number } {
  const negative = (least: number): ArgumentError =>
    new ArgumentError(`${where}: a count is ${least}`, 'counts are integers from 0', { where, count: least });
  if (repeats instanceof ArrayBase && repeats.size !== 1) {
    if (!'iu'.includes(repeats.dtype.kind)) {
      throw new ArgumentError(`${where}: counts are ${describe(repeats)}`, "convert them with astype('int64')", {
        where,
      });
    }
    if (repeats.ndim !== 1 || repeats.size !== n) throw unfit(repeats.size, n, where);
    if (n === 0) return 0;
    const least = Number(min(repeats));
    if (least < 0) throw negative(least);
    if (Number(max(repeats)) > 2 ** 31 - 1)
      throw new ArgumentError(`${where}: a count is too large`, 'use smaller counts', {});
    return { counts: contiguousIn(repeats, dtypes.int32), total: Number(sum(repeats)) };
  }
  const list = integersOf(repeats, 'repeats', where);
  const least = Math.min(...list);
  if (least < 0) throw negative(least);
  if (list.length === 1) return list[0];
  if (list.length !== n) throw unfit(list.length, n, where);
  return { counts: arrayFrom(list, dtypes.int32, where), total: list.reduce((a, b) => a + b, 0) };
}

const unfit = (counts: number, n: number, where: string): ShapeError =>
  new ShapeError(`${where}: ${counts} counts for an axis of length ${n}`, 'pass one count, or one per element', {
    where,
    counts,
    length: n,
  });

/**
 * Every element along an axis (of the flattened array without one) as often as `repeats` says: one count for all, or a
 * count for each.
 * @throws ShapeError unless there are one or as many counts as elements, ArgumentError for a count that is no integer
 *   from 0.
 * @example np.repeat([1, 2, 3], [2, 0, 1]) // array([1., 1., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.repeat.html
 */
export function repeat(
  x: ArrayLike,
  repeats: ArrayLike,
  axis?: number | null | { readonly axis?: number | null },
): NDArray {
  const where = 'np.repeat';
  if (typeof axis === 'object') repeatOptions.check(axis ?? undefined, where);
  const along = typeof axis === 'object' ? axis?.axis : axis;
  const given = asNDArray(x, where);
  const a = along === undefined || along === null ? ravel(given) : raised(given, 1);
  const d = along === undefined || along === null ? 0 : normalizeAxis(along, a.ndim, where);
  const counts = countsOf(repeats, a.shape[d], where);
  if (typeof counts === 'number') return nd(repeatEach(a, counts, d));
  return nd(repeatCounted(a, counts.counts, counts.total, d));
}

/**
 * The whole array as often as `reps` says, side by side along each axis; a shorter list belongs to the last axes, a
 * longer one adds axes in front.
 * @throws ArgumentError for a number that is no integer from 0.
 * @example np.tile([1, 2], [2, 2]).tolist() // [[1, 2, 1, 2], [1, 2, 1, 2]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.tile.html
 */
export function tile(x: ArrayLike, reps: ArrayLike): NDArray {
  const where = 'np.tile';
  const a = asNDArray(x, where);
  const given = integersOf(reps, 'reps', where);
  if (given.some((r) => r < 0)) {
    throw new ArgumentError(`${where}: reps is [${given.join(', ')}]`, 'use integers from 0', { reps: given });
  }
  const ndim = Math.max(a.ndim, given.length);
  const lead = (list: readonly number[], x: number): number[] => [
    ...new Array<number>(ndim - list.length).fill(x),
    ...list,
  ];
  const times = lead(given, 1);
  const shape = lead(a.shape, 1);
  const out = newArray(
    checkShape(
      shape.map((n, d) => n * times[d]),
      where,
    ),
    a.dtype,
  );
  if (out.size === 0) return nd(out);
  // Both sides as (times, length) per axis; the array stands still along the first of each.
  const strides = lead(a.strides, 0);
  const box: number[] = [];
  const from: number[] = [];
  const to: number[] = [];
  for (let d = 0; d < ndim; d++) {
    if (times[d] > 1) {
      box.push(times[d]);
      from.push(0);
      to.push(out.strides[d] * shape[d]);
    }
    box.push(shape[d]);
    from.push(strides[d]);
    to.push(out.strides[d]);
  }
  copyInto(reinterpret(a, a.offset, box, from), reinterpret(out, 0, box, to));
  return nd(out);
}

/**
 * A new array of any shape from the elements of the flattened array, which start over where they end; zeros of an
 * empty array. To change a shape alone use reshape.
 * @throws ShapeError for a shape that is none.
 * @example np.resize([1, 2, 3], [2, 2]).tolist() // [[1, 2], [3, 1]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.resize.html
 */
export function resize(x: ArrayLike, shape: number | readonly number[]): NDArray {
  const a = ravel(asNDArray(x, 'np.resize'));
  const to = checkShape(shape, 'np.resize');
  const n = sizeOf(to);
  const out = newArray(to, a.dtype, a.size === 0);
  if (a.size === 0 || n === 0) return nd(out);
  const { itemsize } = a.dtype;
  const whole = Math.floor(n / a.size);
  const box = [whole, a.size];
  if (whole > 0) copyInto(a, reinterpret(out, 0, box, contiguousStrides(box, itemsize)));
  const rest = [n - whole * a.size];
  if (rest[0] > 0) {
    copyInto(reinterpret(a, a.offset, rest, a.strides), reinterpret(out, whole * a.nbytes, rest, [itemsize]));
  }
  return nd(out);
}
