// Pairs (before, after) for every axis, from one value for all, one pair for all, or a pair per axis: the arguments of pad.

import { ArgumentError, ShapeError } from '../base/errors.ts';
import { ArrayBase } from '../exec/array_base.ts';
import { elements, toArray } from '../exec/coerce.ts';
import { describe } from '../exec/options.ts';
import { normalizeAxis } from '../shape/strides.ts';

export type Pair<T> = readonly [before: T, after: T];
/** One value, a pair for all axes, or a list of a value or a pair per axis. */
export type PairsLike<T> = T | readonly T[] | readonly (readonly T[])[];

/**
 * A pair per axis.
 * @throws ShapeError for lists that fit neither a pair nor the axes.
 * @example pairsOf([1, 2], 2, 'pad_width', 'np.pad') // [[1, 2], [1, 2]]
 */
export function pairsOf<T>(x: PairsLike<T>, ndim: number, name: string, where: string): Pair<T>[] {
  const list: readonly unknown[] = Array.isArray(x) ? x : [x];
  const rows: unknown[][] = list.some(Array.isArray) ? list.map((row) => [row].flat()) : [list.slice()];
  const fits = (rows.length === 1 || rows.length === ndim) && rows.every((row) => row.length === 1 || row.length === 2);
  if (!fits) {
    throw new ShapeError(
      `${where}: ${name} is ${describe(x)}, which is no pair for each of ${ndim} axes`,
      'pass one value, one pair [before, after], or a list of a pair per axis',
      { where, ndim },
    );
  }
  return Array.from({ length: ndim }, (_, d) => {
    const row = rows[rows.length === 1 ? 0 : d];
    return [row[0], row[row.length - 1]] as unknown as Pair<T>; // lists hold what the type says
  });
}

/** How much before and after each axis: as above, or by axis { 0: 1, '-1': [2, 3] }. */
export type WidthsLike = PairsLike<number> | ArrayBase | Readonly<Record<number, number | readonly number[]>>;

/**
 * Pairs of integers from 0.
 * @throws ArgumentError for other numbers, AxisError for a key that is no axis.
 */
export function widthsOf(x: WidthsLike, ndim: number, name: string, where: string): Pair<number>[] {
  const plain = typeof x === 'object' && !Array.isArray(x) && !ArrayBuffer.isView(x) && !(x instanceof ArrayBase);
  const pairs = plain ? byAxis(x as Record<number, number>, ndim, name, where) : pairsOf(lists(x), ndim, name, where);
  for (const width of pairs.flat()) {
    if (Number.isSafeInteger(width) && width >= 0) continue;
    throw new ArgumentError(`${where}: ${name} holds ${describe(width)}`, `${name} must be integers from 0`, { where });
  }
  return pairs;
}

function lists(x: WidthsLike): PairsLike<number> {
  if (!(x instanceof ArrayBase) && !ArrayBuffer.isView(x)) return x as PairsLike<number>; // what is left of the type
  const a = toArray(x, 'np.pad');
  const all = Array.from(elements(a), Number);
  if (a.ndim < 2) return all;
  return Array.from({ length: a.shape[0] }, (_, i) => all.slice(i * a.shape[1], (i + 1) * a.shape[1]));
}

function byAxis(x: Record<number, number | number[]>, ndim: number, name: string, where: string): Pair<number>[] {
  const out = new Array<Pair<number>>(ndim).fill([0, 0]);
  for (const [key, width] of Object.entries(x)) {
    out[normalizeAxis(Number(key), ndim, where)] = pairsOf<number>(width, 1, name, where)[0];
  }
  return out;
}
