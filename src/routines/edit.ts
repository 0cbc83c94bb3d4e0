// Copies with some slices of an axis left out or put in: delete, insert, and trim_zeros (a view). Positions are integers,
// slices, lists, integer arrays or masks, as in an index.

import { ones } from '../array/creation.ts';
import { logical_not } from '../array/functions.generated.ts';
import { assign, type Index } from '../array/indexing.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { flatnonzero } from '../array/nonzero.ts';
import { argmax } from '../array/positions.ts';
import { any } from '../array/reduce_functions.ts';
import { compress } from '../array/take.ts';
import { asNDArray, flip, moveaxis, ravel } from '../array/views.ts';
import { ArgumentError, IndexError, ShapeError } from '../base/errors.ts';
import { dtypes } from '../dtype/dtype.ts';
import { ArrayBase, newArray, reinterpret } from '../exec/array_base.ts';
import { type ArrayLike, arrayFrom, elements } from '../exec/coerce.ts';
import { copyInto } from '../exec/copy.ts';
import { positionsGiven } from '../exec/indexing/select.ts';
import { describe } from '../exec/options.ts';
import { estimating } from '../memory/allocate.ts';
import { parseIndex, resolveInteger, resolveSlice, Slice } from '../shape/slicing.ts';
import { normalizeAxes, normalizeAxis } from '../shape/strides.ts';
import { raised } from './at_least.ts';

/** Positions on one axis: an integer, a slice or its text, a list, an integer array or a mask. */
export type AxisIndex = number | bigint | string | Slice | ArrayLike;

interface Target {
  readonly a: NDArray;
  readonly axis: number;
  readonly n: number;
}

function targetOf(x: ArrayLike, axis: number | null | undefined, where: string): Target {
  const given = asNDArray(x, where);
  const a = axis === undefined || axis === null ? ravel(raised(given, 1)) : given;
  const d = axis === undefined || axis === null ? 0 : normalizeAxis(axis, a.ndim, where);
  return { a, axis: d, n: a.shape[d] };
}

type Found =
  | { readonly kind: 'one'; readonly at: number }
  | { readonly kind: 'slice'; readonly start: number; readonly step: number; readonly length: number }
  | { readonly kind: 'mask'; readonly mask: NDArray }
  | { readonly kind: 'list'; readonly positions: ArrayBase };

/** What positions are meant on an axis of length n; integers are checked against `most`, the largest allowed. */
function find(obj: AxisIndex, { axis, n }: Target, most: number, where: string): Found {
  const item = typeof obj === 'string' ? parseIndex(obj) : obj;
  if (typeof item === 'number' || typeof item === 'bigint') {
    const at = Number(item) === n && most === n ? n : resolveInteger(item, n, axis);
    return { kind: 'one', at };
  }
  if (item instanceof Slice) return { kind: 'slice', ...resolveSlice(item, n) };
  if (item === '...') throw new IndexError(`${where}: '...' is no position on one axis`, "use ':' for all", {});
  const bools = item instanceof ArrayBase ? item.dtype === dtypes.bool : Array.isArray(item) && isBools(item);
  if (bools) {
    const mask = asNDArray(item, where);
    if (mask.ndim === 1 && mask.size === n) return { kind: 'mask', mask };
    throw new ShapeError(
      `${where}: a mask of shape (${mask.shape}) for axis ${axis} of length ${n}`,
      'pass one boolean per position of the axis',
      { mask: mask.shape, length: n },
    );
  }
  return { kind: 'list', positions: ravel(positionsGiven(item, where)) };
}

const isBools = (list: readonly unknown[]): boolean => list.length > 0 && list.every((x) => typeof x === 'boolean');

/** A part of an axis, as a view. */
function part(a: ArrayBase, axis: number, start: number, length: number): NDArray {
  const shape = a.shape.slice();
  shape[axis] = length;
  return nd(reinterpret(a, a.offset + start * a.strides[axis], shape, a.strides));
}

const sized = (a: ArrayBase, axis: number, length: number): NDArray =>
  nd(
    newArray(
      a.shape.map((k, d) => (d === axis ? length : k)),
      a.dtype,
    ),
  );

/**
 * A copy without the slices at these positions of an axis; of the flattened array without an axis.
 * @throws IndexError for a position out of bounds, ShapeError for a mask of another length than the axis.
 * @example np.delete([1, 2, 3, 4], [0, -1]) // array([2., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.delete.html
 */
function remove(x: ArrayLike, obj: AxisIndex, axis?: number | null): NDArray {
  const where = 'np.delete';
  const target = targetOf(x, axis, where);
  const { a, axis: d, n } = target;
  const found = find(obj, target, n - 1, where);
  const cut =
    found.kind === 'one' ? { start: found.at, step: 1, length: 1 } : found.kind === 'slice' ? found : undefined;
  if (cut !== undefined && (cut.length <= 1 || Math.abs(cut.step) === 1)) {
    const out = sized(a, d, n - cut.length);
    const first = cut.step < 0 ? cut.start - cut.length + 1 : cut.start;
    const head = cut.length === 0 ? n : first;
    copyInto(part(a, d, 0, head), part(out, d, 0, head));
    if (head < n)
      copyInto(part(a, d, head + cut.length, n - head - cut.length), part(out, d, head, n - head - cut.length));
    return out;
  }
  if (found.kind === 'mask') return compress(logical_not(found.mask) as NDArray, a, d);
  const kept = allTrue(n);
  kept.set(found.kind === 'list' ? found.positions : new Slice(cut?.start, endOf(cut), cut?.step), false);
  return compress(kept, a, d);
}

export { remove as delete };

// The stop of a slice that was resolved: past its last position, and null where that would wrap.
function endOf(cut: { start: number; step: number; length: number } | undefined): number | null {
  if (cut === undefined) return null;
  const end = cut.start + cut.step * cut.length;
  return end < 0 ? null : end;
}

const allTrue = (n: number): NDArray => ones([n], { dtype: 'bool' });

/**
 * A copy with values put in before these positions of an axis; in the flattened array without an axis. Positions count in
 * the array as given. The values broadcast against the slices put in and take the array's dtype.
 * @throws IndexError for a position out of bounds; CastError and PrecisionError for values that do not fit the dtype.
 * @example np.insert([1, 2, 3], 1, 9) // array([1., 9., 2., 3.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.insert.html
 */
export function insert(x: ArrayLike, obj: AxisIndex, values: ArrayLike, axis?: number | null): NDArray {
  const where = 'np.insert';
  const target = targetOf(x, axis, where);
  const { a, axis: d, n } = target;
  const found = find(obj, target, n, where);
  const at = positionsIn(found, target, where);
  if (at.length !== 1) return insertMany(target, at, values, where);
  const scalar = found.kind === 'one';
  const v = valuesFor(a, values, where);
  const full = v.ndim >= a.ndim ? v : leading(v, a.ndim);
  const shaped = scalar ? moveaxis(full, 0, d) : full;
  const count = shaped.shape[d];
  const out = sized(a, d, n + count);
  copyInto(part(a, d, 0, at[0]), part(out, d, 0, at[0]));
  assign(part(out, d, at[0], count), shaped, where);
  copyInto(part(a, d, at[0], n - at[0]), part(out, d, at[0] + count, n - at[0]));
  return out;
}

/** The values in the array's dtype where they are numbers or lists of them; arrays keep theirs. */
function valuesFor(a: NDArray, values: ArrayLike, where: string): NDArray {
  if (values instanceof ArrayBase || ArrayBuffer.isView(values)) return asNDArray(values, where);
  return nd(arrayFrom(values, a.dtype, where));
}

function leading(a: ArrayBase, ndim: number): NDArray {
  const ones = new Array<number>(ndim - a.ndim).fill(1);
  const zeros = new Array<number>(ndim - a.ndim).fill(0);
  return nd(reinterpret(a, a.offset, [...ones, ...a.shape], [...zeros, ...a.strides]));
}

function positionsIn(found: Found, { n, axis }: Target, where: string): number[] {
  if (found.kind === 'one') return [found.at];
  if (found.kind === 'slice') return Array.from({ length: found.length }, (_, i) => found.start + i * found.step);
  const list = found.kind === 'list' ? found.positions : flatnonzero(found.mask);
  const at = Array.from(elements(list), Number);
  for (let i = 0; i < at.length; i++) {
    if (at[i] >= -n && at[i] <= n) at[i] += at[i] < 0 ? n : 0;
    else {
      throw new IndexError(
        `${where}: position ${at[i]} is out of bounds on axis ${axis} of length ${n}`,
        `use positions from ${-n} to ${n}`,
        { position: at[i], length: n },
      );
    }
  }
  return at;
}

// Value k goes before its position, after those that were put in at smaller ones and before it at the same one.
function insertMany({ a, axis, n }: Target, at: readonly number[], values: ArrayLike, where: string): NDArray {
  const order = at.map((_, k) => k).sort((j, k) => at[j] - at[k] || j - k);
  const places = new Array<number>(at.length);
  order.forEach((k, rank) => {
    places[k] = at[k] + rank;
  });
  const out = sized(a, axis, n + at.length);
  const old = allTrue(n + at.length);
  const lead: Index[] = new Array<Index>(axis).fill(':');
  if (places.length > 0) {
    old.set([places], false);
    out.set([...lead, places], valuesFor(a, values, where));
  }
  out.set([...lead, old], a);
  return out;
}

/**
 * A view without the zeros at the ends of each axis, or of the axes given: 'f' trims in front, 'b' behind. In more than
 * one dimension a slice counts as zero when all its elements are.
 * @throws ArgumentError for a `trim` of other letters.
 * @example np.trim_zeros([0, 0, 1, 0, 2, 0]) // array([1., 0., 2.])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.trim_zeros.html
 */
export function trim_zeros(x: ArrayLike, trim = 'fb', axis?: number | readonly number[] | null): NDArray {
  const where = 'np.trim_zeros';
  let a = asNDArray(x, where);
  const sides = String(trim).toLowerCase();
  if (!/^[fb]*$/.test(sides))
    throw new ArgumentError(`${where}: trim is ${describe(trim)}`, "use 'f', 'b' or 'fb'", {});
  const whole = a;
  for (const d of normalizeAxes(axis, a.ndim, where)) {
    const others = whole.shape.map((_, k) => k).filter((k) => k !== d);
    const filled = any(whole, { axis: others, keepdims: false }) as NDArray; // an axis gives an array
    const line = filled.ndim === 1 ? filled : ravel(filled);
    const n = line.size;
    const some = n > 0 && (any(line) === true || estimating());
    const start = !some || !sides.includes('f') ? 0 : Number(argmax(line));
    const stop = !some ? 0 : sides.includes('b') ? n - Number(argmax(flip(line))) : n;
    if (sides !== '') a = part(a, d, start, stop - start);
  }
  return a;
}
