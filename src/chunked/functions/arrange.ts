// Arrays in chunks put together, cut apart and dealt out anew: concatenate, stack, split, take, roll, pad, tile, repeat.

import { type NDArray, nd } from '../../array/ndarray.ts';
import { flatnonzero } from '../../array/nonzero.ts';
import { ArgumentError, IndexError, ShapeError } from '../../base/errors.ts';
import { dtypes } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { type ArrayLike, toArray } from '../../exec/coerce.ts';
import { positionsGiven } from '../../exec/indexing/select.ts';
import { Options } from '../../exec/options.ts';
import { formatShape, normalizeAxis } from '../../shape/strides.ts';
import { ChunkedArray, type ChunkedLike, nodeOf } from '../array.ts';
import { fullNode } from '../operations/create.ts';
import { joined } from '../operations/join.ts';
import { replaced } from '../operations/pieces.ts';
import { take as taken } from '../operations/take.ts';

/** What functions of several arrays take. */
export type ChunkedList = readonly ChunkedLike[];

const members = (list: ChunkedList, where: string): ChunkedArray[] => {
  if (list.length > 0) return list.map((x) => new ChunkedArray(nodeOf(x, where)));
  throw new ArgumentError(`${where}: nothing to put together`, 'pass a list of arrays', { where });
};

/** Slices that take all of every axis but one. */
const along = (a: ChunkedArray, axis: number, slice: string): ChunkedArray =>
  a.get(...a.shape.map((_, d) => (d === axis ? slice : ':')));

/**
 * Arrays side by side along an axis, in their common dtype; flattened where the axis is null.
 * @throws ShapeError where they differ along another axis, AxisError, ArgumentError for an empty list.
 * @example (await np.chunked.concatenate([np.chunked.zeros([2]), [1]]).compute()).tolist() // [0, 0, 1]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.concatenate.html
 */
export function concatenate(arrays: ChunkedList, axis: number | null = 0): ChunkedArray {
  const where = 'np.chunked.concatenate';
  const given = members(arrays, where);
  const list = axis === null ? given.map((a) => a.ravel()) : given;
  const [first] = list;
  const d = normalizeAxis(axis ?? 0, first.ndim, where);
  for (const a of list) {
    if (a.ndim === first.ndim && a.shape.every((n, i) => i === d || n === first.shape[i])) continue;
    throw new ShapeError(
      `${where}: shapes ${formatShape(first.shape)} and ${formatShape(a.shape)} differ beside axis ${d}`,
      'make them equal along all other axes',
      { first: first.shape, other: a.shape, axis: d },
    );
  }
  return new ChunkedArray(
    joined(
      list.map((a) => a.node),
      d,
    ),
  );
}

/**
 * Arrays of one shape along a new axis.
 * @throws ShapeError where shapes differ, AxisError, ArgumentError for an empty list.
 * @example (await np.chunked.stack([np.chunked.zeros([2]), [1, 2]]).compute()).shape // [2, 2]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.stack.html
 */
export function stack(arrays: ChunkedList, axis = 0): ChunkedArray {
  const where = 'np.chunked.stack';
  const list = members(arrays, where);
  const d = normalizeAxis(axis, list[0].ndim + 1, where);
  const index = (a: ChunkedArray): (string | null)[] => a.shape.map((): string | null => ':').toSpliced(d, 0, null);
  return concatenate(
    list.map((a) => a.get(...index(a))),
    d,
  );
}

const atLeast = (a: ChunkedArray, axes: number): ChunkedArray =>
  a.ndim >= axes ? a : axes === 3 ? atLeast3(a) : a.reshape([...new Array(axes - a.ndim).fill(1), ...a.shape]);
const atLeast3 = (a: ChunkedArray): ChunkedArray => (a.ndim === 2 ? a.get(':', ':', null) : a.reshape([1, a.size, 1]));

/** Arrays under each other. @see https://numpy.org/doc/stable/reference/generated/numpy.vstack.html */
export const vstack = (arrays: ChunkedList): ChunkedArray =>
  concatenate(members(arrays, 'np.chunked.vstack').map((a) => atLeast(a, 2)));
/** Arrays beside each other. @see https://numpy.org/doc/stable/reference/generated/numpy.hstack.html */
export function hstack(arrays: ChunkedList): ChunkedArray {
  const list = members(arrays, 'np.chunked.hstack').map((a) => atLeast(a, 1));
  return concatenate(list, list[0].ndim === 1 ? 0 : 1);
}
/** Arrays behind each other. @see https://numpy.org/doc/stable/reference/generated/numpy.dstack.html */
export const dstack = (arrays: ChunkedList): ChunkedArray =>
  concatenate(
    members(arrays, 'np.chunked.dstack').map((a) => atLeast(a, 3)),
    2,
  );

/**
 * An array cut along an axis: into so many parts as equal as can be, or before each of the positions given.
 * @throws ArgumentError for a number of parts below 1, AxisError.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.array_split.html
 */
export function array_split(x: ChunkedLike, cuts: number | readonly number[], axis = 0): ChunkedArray[] {
  const where = 'np.chunked.array_split';
  const a = new ChunkedArray(nodeOf(x, where));
  const d = normalizeAxis(axis, a.ndim, where);
  const n = a.shape[d];
  if (typeof cuts === 'number' && !(Number.isSafeInteger(cuts) && cuts > 0)) {
    throw new ArgumentError(`${where}: ${cuts} parts`, 'pass a number from 1, or positions', { cuts });
  }
  const more = typeof cuts === 'number' ? n % cuts : 0;
  const ends =
    typeof cuts === 'number'
      ? Array.from({ length: cuts - 1 }, (_, i) => Math.floor(n / cuts) * (i + 1) + Math.min(i + 1, more))
      : cuts;
  return [...ends, n].map((end, i) => along(a, d, `${i === 0 ? 0 : ends[i - 1]}:${end}`));
}

/** The same, refusing a number of parts that does not divide. @throws ShapeError. @see https://numpy.org/doc/stable/reference/generated/numpy.split.html */
export function split(x: ChunkedLike, cuts: number | readonly number[], axis = 0): ChunkedArray[] {
  const a = new ChunkedArray(nodeOf(x, 'np.chunked.split'));
  const n = a.shape[normalizeAxis(axis, a.ndim, 'np.chunked.split')];
  if (typeof cuts === 'number' && n % cuts !== 0) {
    throw new ShapeError(`np.chunked.split: ${n} elements into ${cuts} equal parts`, 'use array_split', { n, cuts });
  }
  return array_split(a, cuts, axis);
}

/**
 * Elements at positions along an axis, given in memory; of the flattened array without an axis. Positions may be negative.
 * @throws IndexError for a position out of bounds, AxisError.
 * @example (await np.chunked.take(np.chunked.arange(5), [3, -1, 3]).compute()).tolist() // [3, 4, 3]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.take.html
 */
export function take(x: ChunkedLike, indices: ArrayLike, axis: number | null = null): ChunkedArray {
  const where = 'np.chunked.take';
  const given = new ChunkedArray(nodeOf(x, where));
  const a = axis === null ? given.ravel() : given;
  const d = normalizeAxis(axis ?? 0, a.ndim, where);
  const at = nd(positionsGiven(indices, where));
  const size = a.shape[d];
  const places = at.size === 0 ? new BigInt64Array() : placesIn(at, size, where);
  const made = new ChunkedArray(taken(a.node, d, places));
  if (at.ndim === 1) return made;
  return made.reshape([...a.shape.slice(0, d), ...at.shape, ...a.shape.slice(d + 1)]);
}

function placesIn(at: NDArray, size: number, where: string): BigInt64Array {
  const places = (at.astype(dtypes.int64).reshape(-1).copy().data as BigInt64Array).slice(); // just cast
  const n = BigInt(size);
  places.forEach((p, i) => {
    if (p >= n || p < -n) {
      throw new IndexError(
        `${where}: position ${p} of an axis of ${size}`,
        `positions go from ${-size} to ${size - 1}`,
        { position: p, size },
      );
    }
    if (p < 0n) places[i] = p + n;
  });
  return places;
}

/**
 * Slices along an axis where a condition in memory (one dimension) is true.
 * @throws ShapeError for a condition of another length, AxisError.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.compress.html
 */
export function compress(condition: ArrayLike, x: ChunkedLike, axis: number | null = null): ChunkedArray {
  const where = 'np.chunked.compress';
  const given = new ChunkedArray(nodeOf(x, where));
  const a = axis === null ? given.ravel() : given;
  const d = normalizeAxis(axis ?? 0, a.ndim, where);
  const mask = toArray(condition, where) as NDArray; // as above
  if (mask.ndim !== 1 || mask.size > a.shape[d]) {
    throw new ShapeError(
      `${where}: a condition of shape ${formatShape(mask.shape)} for ${a.shape[d]} elements`,
      'pass one value per element of the axis',
      {
        condition: mask.shape,
        shape: a.shape,
        axis: d,
      },
    );
  }
  return take(a, flatnonzero(mask), d);
}

/**
 * Elements moved along axes; what goes over the end comes back in front.
 * @throws ShapeError for as many shifts as axes do not have, AxisError.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.roll.html
 */
export function roll(
  x: ChunkedLike,
  shift: number | readonly number[],
  axis: number | readonly number[] | null = null,
): ChunkedArray {
  const where = 'np.chunked.roll';
  const given = new ChunkedArray(nodeOf(x, where));
  if (axis === null) return roll(given.ravel(), shift, 0).reshape(given.shape);
  const list = typeof axis === 'number' ? [axis] : axis;
  const shifts = typeof shift === 'number' ? list.map(() => shift) : shift;
  if (shifts.length !== list.length && list.length !== 1) {
    throw new ShapeError(`${where}: ${shifts.length} shifts for ${list.length} axes`, 'pass one per axis', {
      shift,
      axis,
    });
  }
  let a = given;
  shifts.forEach((s, i) => {
    const d = normalizeAxis(list[i] ?? list[0], a.ndim, where);
    const n = a.shape[d];
    const by = n === 0 ? 0 : ((s % n) + n) % n;
    if (by !== 0) a = concatenate([along(a, d, `${n - by}:`), along(a, d, `:${n - by}`)], d);
  });
  return a;
}

/** An array so many times beside itself, per axis. @see https://numpy.org/doc/stable/reference/generated/numpy.tile.html */
export function tile(x: ChunkedLike, reps: number | readonly number[]): ChunkedArray {
  const a = new ChunkedArray(nodeOf(x, 'np.chunked.tile'));
  const times = typeof reps === 'number' ? [reps] : reps;
  const axes = Math.max(a.ndim, times.length);
  let made = a.reshape([...new Array(axes - a.ndim).fill(1), ...a.shape]);
  times.forEach((n, i) => {
    const d = axes - times.length + i;
    made = n === 0 ? along(made, d, ':0') : n === 1 ? made : concatenate(new Array<ChunkedArray>(n).fill(made), d);
  });
  return made;
}

/**
 * Every element several times: so many times each, or a number per element of the axis; of the flattened array without one.
 * @throws ShapeError for another number of counts, AxisError.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.repeat.html
 */
export function repeat(x: ChunkedLike, repeats: number | readonly number[], axis: number | null = null): ChunkedArray {
  const where = 'np.chunked.repeat';
  const given = new ChunkedArray(nodeOf(x, where));
  const a = axis === null ? given.ravel() : given;
  const d = normalizeAxis(axis ?? 0, a.ndim, where);
  const n = a.shape[d];
  if (typeof repeats !== 'number' && repeats.length !== 1) {
    if (repeats.length !== n) {
      throw new ShapeError(`${where}: ${repeats.length} counts for ${n} elements`, 'pass one per element', {
        repeats: repeats.length,
        n,
      });
    }
    return take(
      a,
      repeats.flatMap((count, i) => new Array<number>(count).fill(i)),
      d,
    );
  }
  const times = typeof repeats === 'number' ? repeats : repeats[0];
  if (!Number.isSafeInteger(times) || times < 0) {
    throw new ArgumentError(`${where}: ${times} times`, 'pass an integer from 0', { repeats });
  }
  const wide = a.get(...a.shape.flatMap((_, i): (string | null)[] => (i === d ? [':', null] : [':'])));
  return wide
    .broadcast_to([...a.shape.slice(0, d + 1), times, ...a.shape.slice(d + 1)])
    .reshape(replaced(a.shape, d, n * times));
}

export type PadMode = 'constant' | 'edge' | 'wrap' | 'reflect' | 'symmetric';
export interface PadOptions {
  /** What 'constant' puts at the ends: 0 if not said. */
  readonly constant_values?: Scalar;
}
const padOptions = new Options(['constant_values', 'value']);

// So many elements before (or after) an axis, in each mode.
const borders: Readonly<
  Record<PadMode, (a: ChunkedArray, d: number, n: number, after: boolean, value: Scalar) => ChunkedArray>
> = {
  constant(a, d, n, _, value) {
    const shape = replaced(a.shape, d, n);
    return new ChunkedArray(
      fullNode(
        shape,
        { value, dtype: a.dtype.name },
        shape.map((m, i) => Math.max(1, Math.min(m, a.chunks[i]))),
      ),
    );
  },
  edge: (a, d, n, after) => along(a, d, after ? '-1:' : ':1').broadcast_to(replaced(a.shape, d, n)),
  wrap: (a, d, n, after) => along(a, d, after ? `:${n}` : `${a.shape[d] - n}:`),
  symmetric: (a, d, n, after) => along(along(a, d, after ? `${a.shape[d] - n}:` : `:${n}`), d, '::-1'),
  reflect: (a, d, n, after) => along(along(a, d, after ? `${a.shape[d] - n - 1}:-1` : `1:${n + 1}`), d, '::-1'),
};

/**
 * More elements at the ends of axes: [before, after] per axis, for all axes, or one number. No more than the array has, where
 * they come from it.
 * @throws ArgumentError for a mode that there is not, or where the array has not enough elements.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.pad.html
 */
export function pad(
  x: ChunkedLike,
  width: number | readonly [number, number] | readonly (readonly [number, number])[],
  mode: PadMode = 'constant',
  options: PadOptions = {},
): ChunkedArray {
  const where = 'np.chunked.pad';
  padOptions.check(options, where);
  if (!Object.hasOwn(borders, mode)) {
    throw new ArgumentError(`${where}: no mode '${mode}'`, `use one of ${Object.keys(borders).join(', ')}`, { mode });
  }
  let a = new ChunkedArray(nodeOf(x, where));
  a.shape.forEach((n, d) => {
    const each = typeof width === 'number' ? [width, width] : typeof width[0] === 'number' ? width : width[d];
    const [before, after] = each as readonly [number, number]; // of the three forms
    const most =
      mode === 'constant' || (mode === 'edge' && n > 0) ? Number.POSITIVE_INFINITY : mode === 'reflect' ? n - 1 : n;
    if (before > most || after > most || before < 0 || after < 0) {
      throw new ArgumentError(
        `${where}: ${Math.max(before, after)} elements beside ${n} in mode '${mode}'`,
        'pad less, or with a constant',
        {
          width,
          shape: a.shape,
          axis: d,
        },
      );
    }
    const side = (m: number, end: boolean): ChunkedArray[] =>
      m === 0 ? [] : [borders[mode](a, d, m, end, options.constant_values ?? 0)];
    const parts = [...side(before, false), a, ...side(after, true)];
    if (parts.length > 1) a = concatenate(parts, d);
  });
  return a;
}
